"""Verbs `show` and `open`: print a story, or open it in the browser."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator

from bpost_tui.bengali.bengali_script import BENGALI
from bpost_tui.cli.shared.command_context import CommandContext, papers
from bpost_tui.console import Console
from bpost_tui.core.end_notice import end_notice
from bpost_tui.core.json_api import story_to_json, to_json_text
from bpost_tui.core.wording import portal_status, shown_title
from bpost_tui.errors import NotFoundError
from bpost_tui.i18n import Language, Reason, message, prefix_reason
from bpost_tui.model.blocks import plain_text
from bpost_tui.model.media_kind import media_kind
from bpost_tui.model.story import SavedStory
from bpost_tui.model.story_links import StoryLink, display_host, links_of
from bpost_tui.model.truncation import is_truncated
from bpost_tui.typesetting.text.graphemes import cell_width, clusters
from bpost_tui.typesetting.text.unspaced_scripts import break_opportunities
from bpost_tui.typesetting.typeset.linebreak import boxes
from bpost_tui.urls import clean_link


def show_(context: CommandContext, console: Console) -> int:
    """Print the story that the arguments name; return the exit status, 0.

    Raises NotFoundError if the library lacks the story.
    """
    with context.library(console) as library:
        saved = library.story(library.find(context.options.story))
        paper_list = papers(context, library)
    name = paper_list.name(saved.headline.paper)
    if context.options.json:
        console.write_result(to_json_text(story_to_json(saved, paper_list.all_names())))
        return 0
    lines = None
    if console.cells and not context.plain:
        from bpost_tui.cli.shared.typeset_output import story_in_type

        lines = story_in_type(context, saved, name, console.cells)
    if lines is not None:
        for line in lines:
            console.picture(line)
    elif context.plain:
        console.write_result(f"{saved.headline.title}\n\n{_text(saved)}")
    else:
        cells = min(context.settings.text_width, console.cells or context.settings.text_width)
        console.write_result(_page(saved, paper_list.name_unless_only(saved.headline.paper), context.language, cells))
    if context.options.links and (links := links_of(saved.blocks)):
        console.write_result("\n" + "\n".join(_footnote(number, link) for number, link in enumerate(links, 1)))
    if not saved.text_end and is_truncated(saved):
        console.write_note(context.language.text("Only the beginning is saved; `bpost refresh --full` fetches the rest."))
    elif notice := end_notice(saved, context.language):
        console.write_note(notice)
    return 0


def open_(context: CommandContext, console: Console) -> int:
    """Open the story that the arguments name in the browser; return the exit status, 0.

    Raises NotFoundError if the story, its address or a browser is missing, or if the browser fails.
    """
    from bpost_tui.browser import browser_command, program_command  # not needed by `show`

    with context.library(console) as library:
        row = library.headline(library.find(context.options.story))
    link = clean_link(row.link or "")
    if link is None:
        raise NotFoundError(message("This story has no address"))
    program = context.settings.open.get(media_kind(link))
    command = program_command(program, link) if program else browser_command(link, os.environ)
    hint = message("Set BROWSER to the command of a browser.")
    if command is None:
        raise NotFoundError(Reason("no browser found to open {link}", link=link), hint=hint)
    try:
        # a browser in the terminal needs stdin and stdout; xdg-open lists on stderr all programs that it hasn't found
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError) as error:
        reason = prefix_reason(command[0], Reason("couldn't open {link}", link=link))
        raise NotFoundError(reason, hint="" if program else hint) from error
    return 0


def _page(saved: SavedStory, paper: str, language: Language, cells: int) -> str:
    row = saved.headline
    minutes = language.reading_minutes(plain_text(saved.blocks))
    places = ", ".join(category.name for category in row.categories)
    date = f"{language.date(row.published)}, {language.clock(row.published)}"
    dateline = " · ".join(part for part in (paper, places, *row.credits, date, *portal_status(row, language), minutes) if part)
    head = [*wrapped(shown_title(row.title, language), cells), *wrapped(dateline, cells)]
    body = [line for paragraph in _text(saved).split("\n") for line in wrapped(paragraph, cells)]
    return "\n".join([*head, "", *body, *(["", row.link] if row.link else [])])


def _footnote(number: int, link: StoryLink) -> str:
    """Return a link as a line: its number, its words, its address. If the host's name isn't ASCII, its readable form follows."""
    letters = display_host(link.address).partition(" ")[2]
    return " ".join(part for part in (f"{number}.", link.text, f"<{link.address}>", letters) if part)


def _text(saved: SavedStory) -> str:
    return plain_text(saved.blocks) or saved.headline.excerpt


def wrapped(text: str, cells: int) -> list[str]:
    """Return a text in lines of at most `cells`, never cut inside a grapheme cluster; an empty text is one empty line.

    Terminals differ in the width of some characters; the greatest width is assumed.
    """
    lines: list[str] = []
    line, used, gap = "", 0, ""
    for word, spaces, hard in _words(text, cells):
        width = cell_width(word)
        if line and used + cell_width(gap) + width > cells:
            lines.append(line)
            line, used, gap = "", 0, ""
        line, used = line + gap + word, used + cell_width(gap) + width
        gap = spaces
        if hard:
            lines.append(line)
            line, used, gap = "", 0, ""
    return [*lines, line] if line or not lines else lines


def _words(text: str, cells: int) -> Iterator[tuple[str, str, bool]]:
    """Split a text at its possible line breaks, and yield (piece, spaces after it, whether the line must end there).

    A piece wider than a line of `cells` is divided.
    """
    for box in boxes(text, BENGALI.language_rules):
        part, used, at = "", 0, 0
        word = text[box.start : box.end]
        ends = break_opportunities(word).offsets
        for cluster in clusters(word):
            width = cell_width(cluster)
            if part and (used + width > cells or at in ends):
                yield part, "", False
                part, used = "", 0
            part, used, at = part + cluster, used + width, at + len(cluster)
        yield part, text[box.end : box.next].replace("\n", ""), box.hard
