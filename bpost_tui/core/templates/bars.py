"""Templates of the bars above and below the panes, such as the masthead and the footer."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import accumulate, chain
from urllib.parse import urlsplit

from bpost_tui.config.settings import Settings
from bpost_tui.core.lists.list_source import PaneRow
from bpost_tui.core.templates.list_rows import unread_of
from bpost_tui.i18n import Language
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.typesetting.typeset.items import Item, Pair, Para, Run, Runs, Size

_PAIR_GAP_CELLS = 3
"""Minimum number of empty cells between the two texts of a `Pair`, one at the left and one at the right of a line."""


def title(name: str, *, large: bool) -> tuple[Item, ...]:
    """Return the paper's name for the masthead, two terminal rows high if `large`."""
    runs = (Run(name, "headline", bold=True),)
    return (Para(runs, Size.MASTHEAD if large else Size.BAR, max_lines=1),)


def bangla_calendar(settings: Settings, language: Language) -> str:
    """Return the Bangla calendar that the settings choose: "west-bengal", "bangladesh", or "off".

    If they choose "auto", it is Bangladesh's if the first paper's host ends in .bd or this machine is in Bangladesh, else West
    Bengal's.
    """
    if settings.bangla_date != "auto":
        return settings.bangla_date
    host = urlsplit(settings.papers[0].address).hostname or ""
    return "bangladesh" if host.endswith(".bd") or language.in_bangladesh else "west-bengal"


def days(language: Language, now: datetime, *, calendar: str) -> tuple[str, ...]:
    """Return texts for the present day, from the longest to an empty one, so that the bar can use the longest that fits.

    Unless `calendar` is "off", the longest text also has the date of that Bangla calendar.
    """
    day = language.long_date(now)
    if calendar == "off":
        return (day, "")
    return (f"{day} · {language.bangla_date(language.day(now), of_bangladesh=calendar == 'bangladesh')}", day, "")


def status(day: str, sentence: str, *, rows: int, most: int, news: bool) -> tuple[Para, ...]:
    """Return the lines with the day and a status sentence, for the bar at the top.

    Args:
        day: Text for the day; empty to show only the sentence.
        sentence: Status sentence.
        rows: Number of terminal rows of the bar. With more than one, day and sentence have a row each.
        most: Maximum number of lines of the sentence, if it has the bar to itself.
        news: Whether the sentence is in the accent colour, because it is about new stories.
    """
    state = Run(sentence, "accent" if news else "meta")
    if not day:
        return (Para((state,), Size.BAR, align="end", max_lines=most),)
    if rows > 1:
        lines: tuple[tuple[Run, ...], ...] = ((Run(day, "meta"),), (state,))
    else:
        lines = ((Run(day, "meta"), Run("   "), state),)
    return tuple(Para(line, Size.BAR, align="end", max_lines=1) for line in lines)


class CategoryBar(NamedTuple):
    """Line of categories, and the categories that clicks in it choose."""

    items: tuple[Item, ...]
    """Items in the line, from left to right."""
    targets: tuple[tuple[float, int | None], ...]
    """Pairs in ascending order: column in cells, and index of the category that a click from there on chooses (None: none)."""

    def category_at(self, column: int) -> int | None:
        """Return the index of the category that a click on `column`, in cells, chooses; None for empty cells."""
        before = bisect_right([start for start, _ in self.targets], column)
        return self.targets[before - 1][1] if before else None


def category_bar(
    rows: Sequence[PaneRow], language: Language, current: int, advance: Callable[[Runs, Size], float], room_cells: int
) -> CategoryBar:
    """Return a line with as many categories around the current one as fit, and the number of categories left out on each side.

    The name of the current category is bold and underlined. A click on the number at one side chooses the nearest category
    left out on this side.

    Args:
        rows: Entries of the category pane.
        language: Language of the interface.
        current: Index of the entry whose list is shown.
        advance: Function that returns the width of text in cells.
        room_cells: Width of the line in cells.
    """
    entries = [_bar_entry(row, language, is_current=index == current) for index, row in enumerate(rows)]
    stop = Run("|")  # blanks at the end of a text have no width
    ends = list(accumulate((advance((*runs, stop), Size.BAR) - advance((stop,), Size.BAR) for runs in entries), initial=0.0))
    room = room_cells
    if ends[-1] > room_cells:
        room -= math.ceil(2 * advance((Run(f"‹ {language.number(len(rows))}   "),), Size.BAR)) + _PAIR_GAP_CELLS
    first = next((at for at in range(current) if ends[current + 1] - ends[at] <= room), current)
    end = min(max(first + 1, bisect_right(ends, ends[first] + room) - 1), len(rows))
    before = (Run(f"‹ {language.number(first)}   ", "meta"),) if first else ()
    after = (Run(f"{language.number(len(rows) - end)} ›", "meta"),) if end < len(rows) else ()
    shift = advance((*before, stop), Size.BAR) - advance((stop,), Size.BAR) - ends[first]
    targets: list[tuple[float, int | None]] = [(0.0, first - 1)] if first else []
    targets += [(ends[at] + shift, at) for at in range(first, end)]
    targets.append((ends[end] + shift, None))
    if after:
        targets.append((room_cells - advance(after, Size.BAR), end))
    return CategoryBar((Pair((*before, *chain.from_iterable(entries[first:end])), after, Size.BAR),), tuple(targets))


def _bar_entry(row: PaneRow, language: Language, *, is_current: bool) -> Runs:
    unread = f" {found}" if (found := unread_of(row, language)) else ""
    name = Run(row.name, "headline" if is_current else "text", bold=is_current, underline=is_current)
    return name, Run(unread + "   ", "meta")


def banner(sentence: str, specimen: str, remedy: str = "") -> tuple[Para, ...]:
    """Return the lines of a banner that asks the reader whether letters are drawn well.

    Args:
        sentence: The question.
        specimen: Line of Bengali above the question, drawn in the same way as the news; empty for none.
        remedy: Line below the question, with advice on how to get letters that are drawn better; empty for none.
    """
    line = (Para((Run(specimen, "headline"),), Size.ROW, max_lines=2),) if specimen else ()
    below = (Para((Run(remedy, "meta"),), Size.BAR, max_lines=2),) if remedy else ()
    return (*line, Para((Run(sentence, "headline", bold=True),), Size.BAR if specimen else Size.ROW, max_lines=1), *below)


def footer(keys: Sequence[tuple[str, str]], right: str) -> tuple[Pair, ...]:
    """Return the footer: at the left the pairs in `keys` (label of a key, label of its action), at the right the text `right`."""
    runs = [run for key, label in keys for run in (Run(key, "headline"), Run(f" {label}  ", "meta"))]
    return (Pair(tuple(runs), (Run(right, "meta"),), Size.BAR),)


def answer(sentence: str) -> tuple[Para, ...]:
    """Return the line with `sentence`, the message about the last pressed key, which is shown instead of the footer."""
    return (Para((Run(sentence, "meta"),), Size.BAR, max_lines=1),)
