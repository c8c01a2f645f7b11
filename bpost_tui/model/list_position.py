"""Positions in a list of stories, for reading the list in parts: the next or the previous stories. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import assert_never

from bpost_tui.model.list_order import ListOrder
from bpost_tui.model.story import Headline
from bpost_tui.typesetting.text.named_tuple import NamedTuple


class SortKey(NamedTuple):
    """Position of a story in a list, as publication time and story id. It is the same in every order of the list."""

    published: datetime
    id: int = 0
    """Id of the story."""


_ENDS: Mapping[bool, SortKey] = {True: SortKey(datetime.min.replace(tzinfo=UTC)), False: SortKey(datetime.max.replace(tzinfo=UTC))}
"""Maps the direction of a list (True for newest first, False for oldest first) to a position after every row of the list."""


def is_descending(order: ListOrder) -> bool:
    """Whether an order is descending: the newest story first.

    Of two stories of the same time, the story with the greater id is then first.
    """
    match order:
        case ListOrder.NEWEST:
            return True
        case ListOrder.OLDEST:
            return False
        case _:
            assert_never(order)


def row_key(row: Headline) -> SortKey:
    """Return the position (time and id) of a headline in a list that is sorted by date."""
    return SortKey(row.published, row.id)


def key_before(row: Headline, order: ListOrder) -> SortKey:
    """Return the position directly before `row` in a list with this order. A list read after this position begins with `row`."""
    return SortKey(row.published, row.id + (1 if is_descending(order) else -1))


def end_key(order: ListOrder) -> SortKey:
    """Return a position after the last row of any list with this order, for reading the list's last rows: those before it."""
    return _ENDS[is_descending(order)]
