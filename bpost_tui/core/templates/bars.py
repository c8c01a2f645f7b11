"""The bars above and below the panes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bpost_tui.core.lists.list_source import PaneRow
from bpost_tui.core.templates.list_rows import unread_of
from bpost_tui.i18n import Language
from bpost_tui.typesetting.typeset.items import Item, Pair, Para, Run, Size


def title(name: str, *, large: bool) -> tuple[Item, ...]:
    """The paper's name; where there is height for it, two rows high."""
    runs = (Run(name, "headline", bold=True),)
    return (Para(runs, Size.MASTHEAD if large else Size.BAR, max_lines=1),)


def days(language: Language, now: datetime, *, bangla: bool) -> tuple[str, ...]:
    """Return ways to name the day, the longest first: by both calendars where the reader wants both, by one, not at all."""
    day = language.long_date(now)
    both = (f"{day} · {language.bangla_date(language.day(now))}",) if bangla else ()
    return (*both, day, "")


def status(day: str, sentence: str, *, rows: int, most: int, news: bool) -> tuple[Para, ...]:
    """The day, and what is true just now: on two rows, on one, or alone, on `most`, where there is no width for the day."""
    state = Run(sentence, "accent" if news else "meta")
    if not day:
        return (Para((state,), Size.BAR, align="end", max_lines=most),)
    if rows > 1:
        lines: tuple[tuple[Run, ...], ...] = ((Run(day, "meta"),), (state,))
    else:
        lines = ((Run(day, "meta"), Run("   "), state),)
    return tuple(Para(line, Size.BAR, align="end", max_lines=1) for line in lines)


def category_bar(rows: Sequence[PaneRow], language: Language, current: int) -> tuple[Item, ...]:
    """The categories in one line, the current one first in weight."""
    runs: list[Run] = []
    for index, row in enumerate(rows):
        unread = f" {found}" if (found := unread_of(row, language)) else ""
        here = index == current
        runs += [Run(row.name, "accent" if here else "text", bold=here, underline=here), Run(unread + "   ", "meta")]
    return (Pair(tuple(runs), (), Size.BAR),)


def banner(sentence: str, specimen: str, remedy: str = "") -> tuple[Para, ...]:
    """A sentence, never in the way; above it a line of Bengali, drawn as the news is, where the sentence asks about that.

    Below it, perhaps, what would make type better.
    """
    line = (Para((Run(specimen, "headline"),), Size.ROW, max_lines=2),) if specimen else ()
    below = (Para((Run(remedy, "meta"),), Size.BAR, max_lines=2),) if remedy else ()
    return (*line, Para((Run(sentence, "headline", bold=True),), Size.BAR if specimen else Size.ROW, max_lines=1), *below)


def footer(keys: Sequence[tuple[str, str]], right: str) -> tuple[Pair, ...]:
    """The last line: keys with what they do, and how far one is."""
    runs = [run for key, label in keys for run in (Run(key, "accent"), Run(f" {label}  ", "meta"))]
    return (Pair(tuple(runs), (Run(right, "meta"),), Size.BAR),)


def answer(sentence: str) -> tuple[Para, ...]:
    """What a key has done, in the footer's place."""
    return (Para((Run(sentence, "meta"),), Size.BAR, max_lines=1),)
