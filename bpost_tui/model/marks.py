"""Marks of a story, and how far it was read. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

MarkName = Literal["read", "starred", "later"]
"""Name of a mark that the reader sets on stories."""
_MAX_ITEM = 1_000_000
"""Greatest index of an item: more than any story has."""


class ReadingPosition(NamedTuple):
    """Position in a story that the reader reached, independent of the terminal's width and the font's size."""

    item: int
    """Index of the item at the top of the screen."""
    fraction: float
    """Part of that item above the screen, 0 to 1."""

    @classmethod
    def within_bounds(cls, item: int, fraction: float) -> ReadingPosition:
        """Return the position with both numbers, which come from another file, brought within bounds; `fraction` must be finite."""
        return cls(min(max(item, 0), _MAX_ITEM), min(max(fraction, 0.0), 1.0))


class MarkState(NamedTuple):
    """Last change of a mark."""

    on: bool
    """Whether the mark was set; else it was removed."""
    at: datetime
    """Time of the change."""


class StoryMarks(NamedTuple):
    """Reader's marks on a story; None for a mark that never changed."""

    read: MarkState | None = None
    starred: MarkState | None = None
    later: MarkState | None = None
    opened: datetime | None = None
    """Time when the story was last opened."""
    position: ReadingPosition | None = None
    lists: tuple[tuple[str, MarkState], ...] = ()
    """Key of each own list that the story was ever added to, with its last change: added or removed."""
