"""Orders of lists. Pure."""

from __future__ import annotations

from enum import Enum


class ListOrder(Enum):
    """Order of a list by date; the first is the default."""

    NEWEST = "newest"
    OLDEST = "oldest"


class SearchOrder(Enum):
    """Order of search results; the first is the default."""

    BEST = "best"
    """Best match first; in a list of stories similar to another, the oldest first."""
    NEWEST = "newest"


AnyOrder = ListOrder | SearchOrder
