"""Sort orders of a list of stories: texts that name an order for the reader, and sort keys of rows. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from bpost_tui.i18n import message
from bpost_tui.model.list_order import AnyOrder, ListOrder, SearchOrder
from bpost_tui.model.story import ListRow, story_of
from bpost_tui.typesetting.text.named_tuple import NamedTuple

RowOrder = Callable[[ListRow], tuple[float, int]]
"""Function that returns the sort key of a row. Rows are sorted by ascending keys."""


class OrderWords(NamedTuple):
    """Texts about a sort order of a list, in English. Each is also its key in the message catalogue."""

    chosen: str
    """Message to show after the reader chose the order."""
    note: str
    """Name of the order in the footer and in the settings. Empty for the order that has the best match first."""


def order_words(order: AnyOrder, *, of_story: bool) -> OrderWords:
    """Return the names of a sort order in the interface. `of_story` is whether the list shows stories similar to a given one."""
    match order:
        case ListOrder.NEWEST:
            return OrderWords(message("The newest first"), message("newest first"))
        case ListOrder.OLDEST:
            return OrderWords(message("The oldest first"), message("oldest first"))
        case SearchOrder.BEST:
            return OrderWords(message("The oldest first") if of_story else message("Best match first"), "")
        case SearchOrder.NEWEST:
            return OrderWords(message("The newest first"), message("newest first") if of_story else message("by date"))
        case _:
            assert_never(order)


def row_order(order: AnyOrder | None) -> RowOrder | None:
    """Return the function that gives each row its sort key in `order`, the order of a list.

    Return None if a row's place can't be computed from the row alone: for an order of search hits, and for None (a fixed order).
    """
    match order:
        case ListOrder.NEWEST:
            return newest_first
        case ListOrder.OLDEST:
            return oldest_first
        case SearchOrder() | None:
            return None
        case _:
            assert_never(order)


def newest_first(row: ListRow) -> tuple[float, int]:
    """Return a row's sort key, made of the time and the id of its story: rows sorted by it have the newest story first."""
    story = story_of(row)
    return -story.published.timestamp(), -story.id


def oldest_first(row: ListRow) -> tuple[float, int]:
    """Return a row's sort key, made of the time and the id of its story: rows sorted by it have the oldest story first."""
    story = story_of(row)
    return story.published.timestamp(), story.id


def next_order(order: AnyOrder) -> AnyOrder:
    """Return the order after `order`, for a key that goes through all orders. After the last order comes the first."""
    orders: list[AnyOrder] = [*type(order)]
    return orders[(orders.index(order) + 1) % len(orders)]
