"""Matches in the text of a story, such as found words, and their highlights on the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.typesetting.typeset.items import Item, Para, Run, Runs

Finder = Callable[[str], Iterable[tuple[int, int]]]
"""Function that takes a text and returns the character offsets (start, end) of each match, in order, without overlaps."""


class PageMatch(NamedTuple):
    """Part of the text of a page's item (paragraph, heading …): a search match, or words that the reader saved."""

    item: int
    start: int
    """Index of the match's first character in the item's text."""
    end: int


def find_matches(items: Sequence[Item], finder: Finder) -> tuple[PageMatch, ...]:
    """Return the matches that `finder` finds in the `items` (paragraphs, headings …) of a page, from the top.

    Items whose text is cut short, such as the next story's headline, are skipped.
    """
    paras = [(at, item) for at, item in enumerate(items) if isinstance(item, Para) and not item.max_lines]
    texts = [(at, "".join(run.text for run in para.runs)) for at, para in paras]
    return tuple(PageMatch(at, start, end) for at, text in texts for start, end in finder(text))


def highlight_matches(items: Sequence[Item], found: Sequence[PageMatch], current: PageMatch | None) -> tuple[Item, ...]:
    """Return the `items` (paragraphs, headings …) of a page with the matches `found` in the highlight colour.

    The match `current` is in reverse video, and all others are underlined. `current` is None if the reader has gone to no match.
    """

    def inked(run: Run, match: PageMatch) -> Run:
        return run._replace(ink="mark", underline=match != current, is_reversed=match == current)

    page = list(items)
    for at in {match.item for match in found}:
        item = page[at]
        if isinstance(item, Para):
            page[at] = item._replace(runs=restyle_runs(item.runs, [match for match in found if match.item == at], inked))
    return tuple(page)


def restyle_runs(runs: Runs, matches: Sequence[PageMatch], style: Callable[[Run, PageMatch], Run]) -> Runs:
    """Return `runs` (pieces of text in one style) with the parts that `matches` cover restyled.

    `style` takes such a part and its match, and returns the part in its new style. The matches are sorted by position. If two
    overlap, the first one applies.
    """
    parts: list[Run] = []
    start = 0
    for run in runs:
        end, done = start + len(run.text), start
        for match in matches:
            low, high = max(match.start, done), min(match.end, end)
            if low < high:
                parts.append(run._replace(text=run.text[done - start : low - start]))
                parts.append(style(run._replace(text=run.text[low - start : high - start]), match))
                done = high
        parts.append(run._replace(text=run.text[done - start :]))
        start = end
    return tuple(part for part in parts if part.text)
