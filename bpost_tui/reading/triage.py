"""Which stories of a list are marked read at once. May block on the disk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from enum import Enum

from bpost_tui.model.story import Headline
from bpost_tui.reading.listing import Listings
from bpost_tui.reading.session import Source


class Reach(Enum):
    """How far it goes; the values are what it is called."""

    LIST = "This list"
    ABOVE = "Above the cursor"
    BELOW = "Below the cursor"
    DAY = "Older than a day"
    WEEK = "Older than a week"


_AGES = {Reach.DAY: timedelta(days=1), Reach.WEEK: timedelta(weeks=1)}


def unread_within(listings: Listings, source: Source, reach: Reach, rows: Sequence[Headline], cursor: int) -> tuple[int, ...]:
    """Return the numbers of the unread stories of a list that a reach names, and of those that are read with them.

    The cursor's own is neither above nor below it.

    Args:
        listings: What reads the list.
        source: The list.
        reach: How far it goes.
        rows: What is loaded of the list.
        cursor: On which of the rows the cursor stands.
    """
    return listings.folding.unread_with(_unread_rows(listings, source, reach, rows, cursor))


def _unread_rows(listings: Listings, source: Source, reach: Reach, rows: Sequence[Headline], cursor: int) -> tuple[int, ...]:
    if reach is Reach.LIST:
        return listings.unread(source)
    if reach in _AGES:
        return listings.unread(source, after=(listings.clock() - _AGES[reach], 0))
    if not rows:
        return ()
    place = rows[cursor].published, rows[cursor].id
    if source.is_dated:
        is_newer = (reach is Reach.ABOVE) is not listings.is_turned(source)
        return listings.unread(source, before=place) if is_newer else listings.unread(source, after=place)
    above = {row.id for row in rows[:cursor]}  # these lists are loaded from their first row on
    if reach is Reach.ABOVE:
        return tuple(row.id for row in rows[:cursor] if not row.read)
    return tuple(number for number in listings.unread(source) if number not in above and number != rows[cursor].id)
