"""The orders of lists. Pure."""

from __future__ import annotations

from enum import Enum


class ListOrder(Enum):
    """An order of a list by date; the first is the usual one."""

    NEWEST = "newest"
    OLDEST = "oldest"


class SearchOrder(Enum):
    """An order of what a search finds; the first is the usual one."""

    BEST = "best"
    """The best first; of stories like one, the oldest first."""
    NEWEST = "newest"


AnyOrder = ListOrder | SearchOrder
