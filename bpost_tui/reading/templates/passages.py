"""Kept passages: underlined in their story, each note below its paragraph."""

from __future__ import annotations

from collections.abc import Sequence

from bpost_tui.i18n import Language
from bpost_tui.model.kept_passages import KeptPassage
from bpost_tui.model.passages import Kind
from bpost_tui.reading.story.placed_passages import Placed
from bpost_tui.reading.templates.found import Found, restyled
from bpost_tui.typeset.items import Item, Para, Run, Size

_NOTE_LINES = 6
"""What is cut short is no part of the text: it isn't found in, nor read aloud."""
_QUOTED_LINES = 3
_NOTE_INDENT_EM = 1.4


def with_passages(items: Sequence[Item], placed: Sequence[Placed], current: str | None, language: Language) -> tuple[Item, ...]:
    """Return a story's page with its passages; `current` is the key of the one that one is at, its first word reversed."""
    page: list[Item] = []
    for at, item in enumerate(items):
        here = [(each, stretch) for each in placed for stretch in each.stretches if stretch.item == at]
        for each, stretch in here:
            if isinstance(item, Para):
                item = item._replace(runs=restyled(item.runs, stretch, _underlined))
                if each.passage.key == current and stretch == each.stretches[0]:
                    item = item._replace(runs=restyled(item.runs, _first_word(item, stretch), _reversed))
        page.append(item)
        for each in placed:
            if each.item == at:
                page += _told(each, language, is_current=each.passage.key == current)
    return tuple(page)


def note_line(passage: KeptPassage, language: Language) -> str:
    """Return the note of a passage, said to be one; empty where it has none."""
    return language.text("Note: {note}", note=passage.note) if passage.note else ""


def _told(placed: Placed, language: Language, *, is_current: bool) -> list[Item]:
    """Return what stands below a passage: that the portal changed it, and the note."""
    quoted, text = placed.passage.selector.exact, language.text
    told: list[Item] = []
    if placed.kind is Kind.CHANGED:
        told.append(_below(text("The portal has changed this passage. Saved: “{quoted}”", quoted=quoted), _QUOTED_LINES))
    elif placed.kind is Kind.GONE:
        told.append(_below(text("No longer in the story: “{quoted}”", quoted=quoted), _QUOTED_LINES, is_reversed=is_current))
    if note := note_line(placed.passage, language):
        told.append(_below(note, _NOTE_LINES))
    return told


def _below(line: str, lines: int, *, is_reversed: bool = False) -> Para:
    run = Run(line, "meta", is_reversed=is_reversed)
    return Para((run,), Size.SMALL, indent=_NOTE_INDENT_EM, bar="mark", max_lines=lines, before=0.4)


def _first_word(item: Para, stretch: Found) -> Found:
    text = "".join(run.text for run in item.runs)
    return stretch._replace(end=stretch.start + len(text[stretch.start : stretch.end].split()[0]))


def _underlined(run: Run) -> Run:
    return run._replace(underline=True)


def _reversed(run: Run) -> Run:
    return run._replace(is_reversed=True)
