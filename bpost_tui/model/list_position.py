"""Positions of rows in a list, for reading the next rows. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple, assert_never

from bpost_tui.model.list_order import ListOrder
from bpost_tui.model.story import Headline


class SortKey(NamedTuple):
    """Position of a row in a list, independent of the list's order; `row_key` returns it."""

    published: datetime
    id: int = 0
    """Number of the story."""


_ENDS: Mapping[bool, SortKey] = {True: SortKey(datetime.min.replace(tzinfo=UTC)), False: SortKey(datetime.max.replace(tzinfo=UTC))}
"""Whether the list is read from the greatest key → position after all its rows."""


def is_descending(order: ListOrder) -> bool:
    """Whether an order reads a list's key (date and story number) from the greatest to the least."""
    match order:
        case ListOrder.NEWEST:
            return True
        case ListOrder.OLDEST:
            return False
        case _:
            assert_never(order)


def row_key(row: Headline) -> SortKey:
    """Return the position of a row."""
    return SortKey(row.published, row.id)


def key_before(row: Headline, order: ListOrder) -> SortKey:
    """Return the position directly before `row`: with `after=` this position, `row` is the first result."""
    return SortKey(row.published, row.id + (1 if is_descending(order) else -1))


def end_key(order: ListOrder) -> SortKey:
    """Return a position after all rows of a list: with `before=` this position, the last rows are the result."""
    return _ENDS[is_descending(order)]
