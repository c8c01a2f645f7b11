"""Verb `card`: writes a story's headline, or a passage of its text, as a picture.

The picture is typeset even if the terminal can't show pictures.
"""

from __future__ import annotations

from bpost_tui.cli.export.export import write_data
from bpost_tui.cli.shared.command_context import CommandContext, papers
from bpost_tui.console import Console
from bpost_tui.errors import NotFoundError, UsageError
from bpost_tui.i18n import Reason, did_you_mean, message
from bpost_tui.model.blocks import plain_text
from bpost_tui.model.story import SavedStory


def card_(context: CommandContext, console: Console) -> int:
    """Write the card of a story (a picture of its headline, or of a passage from its text) as a PNG; return the exit status, 0.

    Raises UsageError if the output is a terminal, or if there is no theme of the given name. Raises NotFoundError if the story
    isn't in the library, or the passage isn't in the story's text.
    """
    output = context.options.output
    if output is None and console.cells is not None:
        raise UsageError(message("A picture can't be written to a terminal"), hint=message("Name a file: -o FILE."))
    with context.library(console) as library:
        saved = library.story(library.find(context.options.story))
        name = papers(context, library).name(saved.headline.paper)
    passage = _passage(saved, context.options.passage or "")
    from bpost_tui.core.sharing.card_picture import card_png
    from bpost_tui.core.themes import AUTO, Themes

    themes, chosen = Themes(context.folders.config / "themes"), context.options.theme or AUTO
    for problem in themes.problems:
        console.write_note(context.language.reason(problem))
    if chosen not in themes:
        raise UsageError(Reason("no theme “{name}”", name=chosen), hint=did_you_mean(chosen, themes) or ", ".join(themes))
    write_data(
        card_png(saved, context.language, paper=name, theme=themes[chosen], fonts=context.settings.font, passage=passage),
        output,
        console,
    )
    return 0


def _passage(saved: SavedStory, wanted: str) -> str:
    """Return the text `wanted` as one line.

    Raises NotFoundError if the story's text doesn't contain `wanted`, because a card may only quote the paper.
    """
    passage = " ".join(wanted.split())
    if passage not in " ".join(plain_text(saved.blocks).split()):
        raise NotFoundError(
            message("This passage isn't in the story's text"), hint=message("Copy it from the output of `bpost show`.")
        )
    return passage
