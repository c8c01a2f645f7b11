"""Highlights of saved passages on a story's page (underlined text, notes), and the quotation of selected words. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bpost_tui.core.page_matches import PageMatch, restyle_runs
from bpost_tui.core.story.selection import PageWords
from bpost_tui.core.wording import note_line
from bpost_tui.i18n import Language
from bpost_tui.model.blocks import Blocks
from bpost_tui.model.passage import MAX_QUOTED_CHARS, Passage, QuoteSelector
from bpost_tui.model.passage_anchoring import AnchorState, PassageText, quotable_text
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.typesetting.typeset.items import Item, Para, Run, Size

_WORD = re.compile(r"\S+")


class PassageHighlight(NamedTuple):
    """Saved passage with its place on the story's page."""

    passage: Passage
    kind: AnchorState
    item: int
    """Index of the page's item (paragraph, heading …) that the note is shown below.

    It is the item with the passage's end, or the last item of the text if the passage is gone.
    """
    matches: tuple[PageMatch, ...] = ()
    """Parts of the passage, one for each item that it extends over; empty if the passage is gone from the text.

    Their item indices are those of the page without notes.
    """


def place_passages(passages: Sequence[Passage], items: Sequence[Item], blocks: Blocks) -> tuple[PassageHighlight, ...]:
    """Return the places of a story's passages on its page, from the top. Passages that are gone from the text come last.

    `items` are the paragraphs, headings and other items of the page, `blocks` the story's text.
    """
    text, words = quotable_text(blocks), PageWords(items, blocks)
    quoted, spans = PassageText(text), _word_spans(text)
    found: list[PassageHighlight] = []
    for passage in passages:
        kind, start, end = quoted.find(passage.selector)
        inside = [number for number, (begins, ends) in enumerate(spans) if begins < end and ends > start]
        if kind is AnchorState.GONE or not inside or inside[-1] >= len(words.words):
            found.append(PassageHighlight(passage, AnchorState.GONE, words.words[-1].item if words.words else len(items) - 1))
        else:
            stretches = words.spans(inside[0], inside[-1])
            found.append(PassageHighlight(passage, kind, stretches[-1].item, stretches))
    last = PageMatch(len(items), 0, 0)
    return tuple(sorted(found, key=lambda each: each.matches[0] if each.matches else last))


def quotation(blocks: Blocks, first: int, last: int) -> QuoteSelector | None:
    """Return the selector (quotation with its context) for the words from `first` to `last` of a story's text `blocks`.

    The two are word numbers, counted from 0 at the beginning of the text. Return None if the text has no words with these numbers.
    """
    text = quotable_text(blocks)
    spans = _word_spans(text)
    if not first <= last < len(spans):
        return None
    return PassageText(text).quote(spans[first][0], spans[last][1])


def is_too_long(selector: QuoteSelector) -> bool:
    """Return whether the quotation in `selector` is too long to be saved as a passage."""
    return len(selector.exact) > MAX_QUOTED_CHARS


def _word_spans(text: str) -> list[tuple[int, int]]:
    """Return the character offsets (start, end) of each word.

    A word's index doesn't depend on how many spaces are between words.
    """
    return [word.span() for word in _WORD.finditer(text)]


_NOTE_LINES = 6
"""Maximum number of lines of a note on the page.

An item with a maximum number of lines is neither searched nor read aloud, as suits a note.
"""
_QUOTED_LINES = 3
_NOTE_INDENT_EM = 1.4


def with_passages(
    items: Sequence[Item], placed: Sequence[PassageHighlight], current: str | None, language: Language
) -> tuple[Item, ...]:
    """Return a story's page with its passages underlined, and with their notes below them.

    Args:
        items: Items of the page.
        placed: Passages with their places on the page.
        current: Key of the current passage, whose first word is highlighted as a found word is; None if there is none.
        language: Language of the interface.
    """
    page: list[Item] = []
    for at, item in enumerate(items):
        here = [(each, stretch) for each in placed for stretch in each.matches if stretch.item == at]
        for each, stretch in here:
            if isinstance(item, Para):
                item = item._replace(runs=restyle_runs(item.runs, [stretch], lambda run, _: run._replace(underline=True)))
                if each.passage.key == current and stretch == each.matches[0]:
                    first = _first_word(item, stretch)
                    item = item._replace(runs=restyle_runs(item.runs, [first], _current))
        page.append(item)
        for each in placed:
            if each.item == at:
                page += _note_items(each, language, is_current=each.passage.key == current)
    return tuple(page)


def _current(run: Run, _: PageMatch) -> Run:
    return run._replace(ink="mark", is_reversed=True)


def _note_items(placed: PassageHighlight, language: Language, *, is_current: bool) -> list[Item]:
    """Return the paragraphs to show below a passage: a line if the portal has changed or removed the text, and the note.

    If `is_current` (the passage is the current one), a line about removed text is in reverse video, since no text can be
    highlighted.
    """
    quoted, text = placed.passage.selector.exact, language.text
    lines: list[Item] = []
    if placed.kind is AnchorState.CHANGED:
        lines.append(_below(text("The portal has changed this passage. Saved: “{quoted}”", quoted=quoted), _QUOTED_LINES))
    elif placed.kind is AnchorState.GONE:
        lines.append(_below(text("No longer in the story: “{quoted}”", quoted=quoted), _QUOTED_LINES, is_reversed=is_current))
    if note := note_line(placed.passage.note, language):
        lines.append(_below(note, _NOTE_LINES))
    return lines


def _below(line: str, lines: int, *, is_reversed: bool = False) -> Para:
    run = Run(line, "meta", is_reversed=is_reversed)
    return Para((run,), Size.SMALL, indent=_NOTE_INDENT_EM, bar="mark", max_lines=lines, before=0.4)


def _first_word(item: Para, stretch: PageMatch) -> PageMatch:
    text = "".join(run.text for run in item.runs)
    return stretch._replace(end=stretch.start + len(text[stretch.start : stretch.end].split()[0]))
