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
    """Order with the best match first. If the query is for stories similar to a given story, the oldest story is first instead."""
    NEWEST = "newest"


AnyOrder = ListOrder | SearchOrder
