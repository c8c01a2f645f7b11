"""Which stories of a list are marked read at once. May block on the disk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from enum import Enum

from bpost_tui.core.lists.list_source import is_dated
from bpost_tui.core.lists.listings import Listings
from bpost_tui.core.lists.outlook import ListQuery
from bpost_tui.model.list_order import ListOrder
from bpost_tui.model.story import Headline
from bpost_tui.store.lists.list_query import SortKey, row_key


class MarkReadRange(Enum):
    """How far it goes; the values are what it is called."""

    LIST = "This list"
    ABOVE = "Above the cursor"
    BELOW = "Below the cursor"
    DAY = "Older than a day"
    WEEK = "Older than a week"


_AGES = {MarkReadRange.DAY: timedelta(days=1), MarkReadRange.WEEK: timedelta(weeks=1)}


def unread_in_range(
    listings: Listings, question: ListQuery, reach: MarkReadRange, rows: Sequence[Headline], cursor: int
) -> tuple[int, ...]:
    """Return the numbers of the unread stories of a list that a reach names, and of those that are read with them.

    The cursor's own is neither above nor below it.

    Args:
        listings: What reads the list.
        question: The list, and how it is looked at.
        reach: How far it goes.
        rows: What is loaded of the list.
        cursor: Which of the rows the cursor is on.
    """
    found = _unread_rows(listings, question, reach, rows, cursor)
    return listings.library.story_groups.with_unread_members(found) if question.outlook.marks_all_accounts_read else found


def _unread_rows(
    listings: Listings, question: ListQuery, reach: MarkReadRange, rows: Sequence[Headline], cursor: int
) -> tuple[int, ...]:
    if reach is MarkReadRange.LIST:
        return listings.unread(question)
    if reach in _AGES:
        by_age = question._replace(outlook=question.outlook.in_order(ListOrder.NEWEST))
        return listings.unread(by_age, after=SortKey(listings.clock() - _AGES[reach]))
    if not rows:
        return ()
    place = row_key(rows[cursor])
    if is_dated(question.source):
        return listings.unread(question, before=place) if reach is MarkReadRange.ABOVE else listings.unread(question, after=place)
    above = {row.id for row in rows[:cursor]}  # these lists are loaded from their first row on
    if reach is MarkReadRange.ABOVE:
        return tuple(row.id for row in rows[:cursor] if not row.read)
    return tuple(number for number in listings.unread(question) if number not in above and number != rows[cursor].id)
