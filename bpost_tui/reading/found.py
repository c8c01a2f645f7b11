"""What is found in a story, marked on its page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from bpost_tui.type.typeset.items import Item, Para, Run, Runs

Finder = Callable[[str], Iterable[tuple[int, int]]]
"""A text → the (start, end) of what is found in it, in order, none overlapping."""


class Found(NamedTuple):
    """A stretch of a page that is found."""

    item: int
    start: int
    """In the item's text, in characters."""
    end: int


def find(items: Sequence[Item], finder: Finder) -> tuple[Found, ...]:
    """Return what is found on a page, from its top; lines that are cut short (what to read next) don't count."""
    paras = [(at, item) for at, item in enumerate(items) if isinstance(item, Para) and not item.max_lines]
    texts = [(at, "".join(run.text for run in para.runs)) for at, para in paras]
    return tuple(Found(at, start, end) for at, text in texts for start, end in finder(text))


def with_found(items: Sequence[Item], found: Sequence[Found], current: Found | None) -> tuple[Item, ...]:
    """Return a page with everything found in the ink of marks and underlined, and the current one reversed."""
    page = list(items)
    for at in {mark.item for mark in found}:
        item = page[at]
        if isinstance(item, Para):
            page[at] = item._replace(runs=_marked(item.runs, [mark for mark in found if mark.item == at], current))
    return tuple(page)


def _marked(runs: Runs, marks: Sequence[Found], current: Found | None) -> Runs:
    parts: list[Run] = []
    start = 0
    for run in runs:
        end, done = start + len(run.text), start
        for mark in marks:
            low, high = max(mark.start, done), min(mark.end, end)
            if low < high:
                parts.append(run._replace(text=run.text[done - start : low - start]))
                text = run.text[low - start : high - start]
                here = mark == current
                parts.append(run._replace(text=text, ink="mark", underline=not here, is_reversed=here))
                done = high
        parts.append(run._replace(text=run.text[done - start :]))
        start = end
    return tuple(part for part in parts if part.text)


def restyled(runs: Runs, stretch: Found, style: Callable[[Run], Run]) -> Runs:
    """Return an item's runs with a stretch of it in another style."""
    parts: list[Run] = []
    start = 0
    for run in runs:
        low, high = (min(max(at - start, 0), len(run.text)) for at in (stretch.start, stretch.end))
        inside = style(run._replace(text=run.text[low:high]))
        parts += [run._replace(text=run.text[:low]), inside, run._replace(text=run.text[high:])]
        start += len(run.text)
    return tuple(part for part in parts if part.text)
