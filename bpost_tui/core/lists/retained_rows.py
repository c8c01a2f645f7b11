"""Retained rows: rows that no longer belong to a list, but stay on the screen until the reader leaves the list. Pure.

For example, the reader opens a story in a list of unread stories, which marks the story as read. The obvious list, as the library
has it now, would drop the row under the cursor. The next row would move up, and going down would skip a story. Marking the row as
read on the screen doesn't help for long, because the next refresh reads the list again, without this row.

So after each read, the rows that were shown, and that left the list by the reader's action, are merged into the result
(`with_retained`). In a list sorted by date, such a row goes to its place by the sort key. In a list without a known order (search
hits, a history) only the neighbour is known, so a row stays in front of the row that it preceded. Counts of a list's stories don't
include retained rows, and `limit_rows` drops them like any other row.
"""

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
    """Return `rows` with the rows of `before` that stay, each at its place by `order`.

    If `order` is None, each row that stays is in front of the row that it preceded.

    Args:
        rows: Rows that the list has now.
        before: Rows shown on the screen before.
        key: Function that returns the key of a row; equal keys mean the same row.
        stays: Function that returns whether a row stays although it no longer belongs to the list.
        order: Function that returns the sort key of a row, which decides the row's place; None if the list has no such order.
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
    """Return the index in `rows` of the row that shows the story of `row`, or another story about the same news.

    If there is none, return the index that `row` would have in the `order`. If `row` or `order` is None, return `otherwise`.
    """
    found = next((at for at, other in enumerate(rows) if row is not None and other.represents(row.key)), None)
    if found is None and row is not None and order is not None:
        return bisect_left(rows, order(row), key=order)
    return otherwise if found is None else found


def limit_rows(loaded: ListSlice, middle: int) -> ListSlice:
    """Return `loaded` with at most `MOST_ROWS` rows: the rows nearest to the row at index `middle`."""
    spare = len(loaded.rows) - MOST_ROWS
    if spare <= 0:
        return loaded
    first = max(0, min(middle - MOST_ROWS // 2, spare))
    rows = loaded.rows[first : first + MOST_ROWS]
    return loaded._replace(
        rows=rows, more_before=loaded.more_before or first > 0, more_after=loaded.more_after or first < spare, at=None
    )


def first_old_row(loaded: ListSlice, since: datetime | None) -> int | None:
    """Return the index of the first story below the new stories, so that a line can separate the two.

    A story is new if it was saved after `since`, the time of the last visit. The result is None if the list has no new story at its
    top, if all loaded stories are new, or if `since` is None.
    """
    rows = loaded.stories
    at = next((at for at, row in enumerate(rows) if since is not None and row.first_seen <= since), 0)
    # If earlier rows aren't loaded, the row before must have been published after the visit: it may be an old story saved late.
    is_first = at and since and (not loaded.more_before or rows[at - 1].published > since)
    return at if is_first else None
