"""Diagnosis of a story (`doctor STORY`): the source of its text, and its numbers of words, links and pictures.

If they are lower than on the paper's own page, parts of the story were lost when it was fetched.
"""

from __future__ import annotations

from bpost_tui.cli.shared.command_context import CommandContext
from bpost_tui.console import Console
from bpost_tui.core.json_api import format_time, to_json_text
from bpost_tui.i18n import Language, message
from bpost_tui.model.blocks import Embed, ListBlock, Table, plain_text
from bpost_tui.model.blocks_json import Json
from bpost_tui.model.story import SavedStory, images
from bpost_tui.model.story_links import links_of
from bpost_tui.model.truncation import is_truncated

_SOURCES = {
    "feed": message("the feed"),
    "page": message("its page"),
    "wp-json": message("the portal's wp-json"),
    "": message("unknown: saved by an earlier version"),
}
_NAMES = (
    *(message("Words"), message("Links"), message("Pictures"), message("Entries of lists"), message("Tables")),
    message("Attached"),
)
"""Names of the numbers that `_counts` returns, in the same order."""
_WHOLE, _PART, _UNKNOWN = message("whole"), message("only the beginning"), message("the feed's text; the page may have more")


def print_story_report(context: CommandContext, console: Console) -> int:
    """Print the diagnosis of the story that the arguments name: the text's source, and numbers of words, links, pictures and so on.

    Return the exit status, 0.
    """
    with context.library(console) as library:
        saved = library.story(library.find(context.options.story))
    if context.options.json:
        console.write_result(to_json_text(_as_json(saved)))
    else:
        console.write_result("\n".join(f"{name:10}{value}" for name, value in _lines(saved, context.language).items()))
    return 0


def _as_json(saved: SavedStory) -> Json:
    row = saved.headline
    modified = format_time(row.modified) if row.modified else None
    about: Json = {"id": row.id, "guid": row.guid, "link": row.link, "paper": row.paper, "modified": modified}
    return {**about, "source": saved.source, "full": row.full, "beginning": is_truncated(saved), **_counts(saved)}


def _lines(saved: SavedStory, language: Language) -> dict[str, str]:
    row, text = saved.headline, language.text
    how_much = _WHOLE if row.full else _PART if is_truncated(saved) else _UNKNOWN
    named = zip(_NAMES, _counts(saved).values(), strict=True)
    counts = " · ".join(f"{text(name)} {language.number(count)}" for name, count in named if count)
    return {
        text("Story"): f"{row.id} · {row.title}",
        text("Address"): row.link or "",
        "guid": row.guid,
        text("Text from"): text(_SOURCES.get(saved.source, saved.source)),
        text("Saved"): text(how_much),
        text("Contains"): counts or text("This story has no text."),
    }


def _counts(saved: SavedStory) -> dict[str, int]:
    return {
        "words": len(plain_text(saved.blocks).split()),
        "links": len(links_of(saved.blocks)),
        "pictures": len(images(saved)),
        "list_items": sum(len(block.items) for block in saved.blocks if isinstance(block, ListBlock)),
        "tables": sum(isinstance(block, Table) for block in saved.blocks),
        "embeds": sum(isinstance(block, Embed) for block in saved.blocks),
    }
