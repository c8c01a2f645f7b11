"""Selects the stories to mark as read when the reader marks many at once. May block on the disk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from enum import Enum

from bpost_tui.core.lists.list_source import is_dated
from bpost_tui.core.lists.listings import Listings
from bpost_tui.core.lists.outlook import ListQuery
from bpost_tui.i18n import Language
from bpost_tui.model.list_order import ListOrder
from bpost_tui.model.list_position import SortKey, row_key
from bpost_tui.model.story import Headline
from bpost_tui.typesetting.text.named_tuple import NamedTuple


class MarkReadRange(Enum):
    """Range of stories to mark as read, such as all above the cursor.

    Each value is the range's name in English, which is also its key in the message catalogue.
    """

    LIST = "This list"
    ABOVE = "Above the cursor"
    BELOW = "Below the cursor"
    DAY = "Older than a day"
    WEEK = "Older than a week"


class StoriesInRange(NamedTuple):
    """Ids of the unread stories to mark as read if the reader chooses a range, such as all above the cursor."""

    listed: tuple[int, ...] = ()
    """Ids of the unread stories in the range."""
    repeats: tuple[int, ...] = ()
    """Ids of unread stories outside the range that are also marked, because they add nothing to the news in `listed`."""

    @property
    def all(self) -> tuple[int, ...]:
        """Ids of all stories to mark."""
        return self.listed + self.repeats

    def counted(self, language: Language) -> str:
        """Return the number of stories to mark, as text for a menu: "7", or "7 + 2 with the same news".

        The second number is of stories outside the range that repeat news in it (`repeats`).
        """
        listed, repeats = language.number(len(self.listed)), language.number(len(self.repeats))
        return language.text("{n} + {more} with the same news", n=listed, more=repeats) if self.repeats else listed


_AGES = {MarkReadRange.DAY: timedelta(days=1), MarkReadRange.WEEK: timedelta(weeks=1)}


def unread_in_range(
    listings: Listings, query: ListQuery, read_range: MarkReadRange, rows: Sequence[Headline], cursor: int
) -> StoriesInRange:
    """Return the unread stories in a range of a list.

    If the reader's settings ask for it, the result also has unread stories outside the range that add nothing to a story in it. The
    row at the cursor belongs neither to the range above the cursor nor to the range below.

    Args:
        listings: Listings of the library.
        query: Query of the list.
        read_range: Range of stories, such as all above the cursor.
        rows: Loaded rows of the list.
        cursor: Index of the cursor's row.
    """
    found = _unread_rows(listings, query, read_range, rows, cursor)
    if not query.outlook.marks_all_accounts_read:
        return StoriesInRange(found)
    return StoriesInRange(found, listings.library.story_groups.with_unread_repeats(found)[len(found) :])


def _unread_rows(
    listings: Listings, query: ListQuery, read_range: MarkReadRange, rows: Sequence[Headline], cursor: int
) -> tuple[int, ...]:
    if read_range is MarkReadRange.LIST:
        return listings.unread(query)
    if read_range in _AGES:
        by_age = query._replace(outlook=query.outlook.in_order(ListOrder.NEWEST))
        return listings.unread(by_age, after=SortKey(listings.clock() - _AGES[read_range]))
    if not rows:
        return ()
    place = row_key(rows[cursor])
    if is_dated(query.source):
        return listings.unread(query, before=place) if read_range is MarkReadRange.ABOVE else listings.unread(query, after=place)
    above = {row.id for row in rows[:cursor]}  # these lists are loaded from their first row on
    if read_range is MarkReadRange.ABOVE:
        return tuple(row.id for row in rows[:cursor] if not row.read)
    return tuple(story_id for story_id in listings.unread(query) if story_id not in above and story_id != rows[cursor].id)
