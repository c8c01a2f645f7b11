"""The orders of lists as the reader sees them: in words, and where a row is. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from bpost_tui.i18n import message
from bpost_tui.model.list_order import AnyOrder, ListOrder, SearchOrder
from bpost_tui.model.story import ListRow, story_of

RowOrder = Callable[[ListRow], tuple[float, int]]
"""By what stories are ordered, the least first."""


class OrderWords(NamedTuple):
    """What is said of an order; message ids."""

    chosen: str
    """Once it was chosen."""
    note: str
    """In the footer, where it isn't the usual one."""


def order_words(order: AnyOrder, *, of_story: bool) -> OrderWords:
    """Return what is said of an order; `of_story`, where the list has stories like one."""
    match order:
        case ListOrder.NEWEST:
            return OrderWords(message("The newest first"), message("newest first"))
        case ListOrder.OLDEST:
            return OrderWords(message("The oldest first"), message("oldest first"))
        case SearchOrder.BEST:
            return OrderWords(message("The oldest first") if of_story else message("The best first"), "")
        case SearchOrder.NEWEST:
            return OrderWords(message("The newest first"), message("newest first") if of_story else message("by date"))


def row_key(order: AnyOrder | None) -> RowOrder | None:
    """Return by what the rows of a list are ordered; None where a row doesn't say that."""
    match order:
        case ListOrder.NEWEST:
            return newest_first
        case ListOrder.OLDEST:
            return oldest_first
        case SearchOrder() | None:
            return None


def newest_first(row: ListRow) -> tuple[float, int]:
    """Return what stories are ordered by, the newest first."""
    story = story_of(row)
    return -story.published.timestamp(), -story.id


def oldest_first(row: ListRow) -> tuple[float, int]:
    """Return what stories are ordered by, the oldest first."""
    story = story_of(row)
    return story.published.timestamp(), story.id


def next_order(order: AnyOrder) -> AnyOrder:
    """Return the order that comes after another, after the last one the first."""
    orders: list[AnyOrder] = [*type(order)]
    return orders[(orders.index(order) + 1) % len(orders)]
