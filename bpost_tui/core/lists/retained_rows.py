"""What stays where it is: rows that no longer belong in a list until the reader leaves it, and the place of a row. Pure."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Hashable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from bpost_tui.core.lists.list_orders import RowOrder
from bpost_tui.core.lists.list_slice import MOST_ROWS, ListSlice
from bpost_tui.model.story import ListRow

T = TypeVar("T")


def with_retained(
    rows: Sequence[T],
    before: Sequence[T],
    *,
    key: Callable[[T], Hashable],
    stays: Callable[[T], bool],
    order: Callable[[T], Any] | None = None,
) -> tuple[T, ...]:
    """Return rows, and of those there were `before` the ones that stay, each in front of the row it stood in front of.

    Args:
        rows: What belongs there now.
        before: What is shown.
        key: What is the same in a row before and after.
        stays: Whether a row that no longer belongs there stays.
        order: What the rows are ordered by, the least first, if by anything: then what stays keeps its place in it.
    """
    listed = {key(row) for row in rows}
    if order is not None:
        placed = list(rows)
        for row in before:
            if key(row) not in listed and stays(row):
                insort(placed, row, key=order)
        return tuple(placed)
    in_front: dict[Hashable, list[T]] = {}
    waiting: list[T] = []
    for row in before:
        if key(row) in listed:
            in_front[key(row)], waiting = waiting, []
        elif stays(row):
            waiting.append(row)
    return (*(each for row in rows for each in (*in_front.get(key(row), ()), row)), *waiting)


def position_of(row: ListRow | None, rows: Sequence[ListRow], *, order: RowOrder | None, otherwise: int) -> int:
    """Return which of some rows stands for a story, or where it would be in their order; `otherwise` where neither is known."""
    found = next((at for at, other in enumerate(rows) if row is not None and other.stands_for(row.key)), None)
    if found is None and row is not None and order is not None:
        return bisect_left(rows, order(row), key=order)
    return otherwise if found is None else found


def limit_rows(loaded: ListSlice, middle: int) -> ListSlice:
    """Return a slice without the rows farthest from one of them, where there are too many."""
    spare = len(loaded.rows) - MOST_ROWS
    if spare <= 0:
        return loaded
    first = max(0, min(middle - MOST_ROWS // 2, spare))
    rows = loaded.rows[first : first + MOST_ROWS]
    return loaded._replace(
        rows=rows, more_before=loaded.more_before or first > 0, more_after=loaded.more_after or first < spare, at=None
    )


def first_old_row(loaded: ListSlice, since: datetime | None) -> int | None:
    """Return the first row that was there at the last visit, where what is above it wasn't."""
    rows = loaded.stories
    at = next((at for at, row in enumerate(rows) if since is not None and row.first_seen <= since), 0)
    # amid the list, older stories that were loaded since may be below others that were there
    is_first = at and since and (not loaded.more_before or rows[at - 1].published > since)
    return at if is_first else None
