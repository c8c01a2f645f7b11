"""Orders of lists. Pure."""

from __future__ import annotations

from enum import Enum


class ListOrder(Enum):
    """Order of a list by date; the first member is the default."""

    NEWEST = "newest"
    OLDEST = "oldest"


class SearchOrder(Enum):
    """Order of search results; the first member is the default."""

    BEST = "best"
    """Best match first. A list of stories similar to a given story has the oldest story first."""
    NEWEST = "newest"


AnyOrder = ListOrder | SearchOrder
