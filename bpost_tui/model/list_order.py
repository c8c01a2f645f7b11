"""Sort orders of a list of stories and of search results. Pure."""

from __future__ import annotations

from enum import Enum


class ListOrder(Enum):
    """Sort order of a list of stories by date; the first member is the default."""

    NEWEST = "newest"
    OLDEST = "oldest"


class SearchOrder(Enum):
    """Sort order of search results; the first member is the default."""

    BEST = "best"
    """Best match first. A list of stories similar to a given story has the oldest story first."""
    NEWEST = "newest"


AnyOrder = ListOrder | SearchOrder
