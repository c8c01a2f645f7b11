"""What stays where it stands although it no longer belongs there, until the reader leaves: no list jumps under the hand."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

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
        order: What the rows are ordered by, the least first, if by anything: then what stays stands in its place in that.
    """
    held = {key(row) for row in rows}
    if order is not None:
        placed = list(rows)
        for row in before:
            if key(row) not in held and stays(row):
                insort(placed, row, key=order)
        return tuple(placed)
    in_front: dict[Hashable, list[T]] = {}
    waiting: list[T] = []
    for row in before:
        if key(row) in held:
            in_front[key(row)], waiting = waiting, []
        elif stays(row):
            waiting.append(row)
    return (*(each for row in rows for each in (*in_front.get(key(row), ()), row)), *waiting)
