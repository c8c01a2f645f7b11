"""Marks of a story, and the position that the reader reached in it. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from bpost_tui.typesetting.text.named_tuple import NamedTuple

MarkName = Literal["read", "starred", "later"]
"""Name of a mark that the reader can set on a story."""
_MAX_ITEM = 1_000_000
"""Maximum index of an item (paragraph, heading, picture …) of a story: more than any story has."""


class ReadingPosition(NamedTuple):
    """Position that the reader reached in a story. It doesn't depend on the terminal's width or the font's size."""

    item: int
    """Index of the item (paragraph, heading, picture …) at the top of the screen."""
    fraction: float
    """Share of that item's height that is above the screen, 0 to 1."""

    @classmethod
    def within_bounds(cls, item: int, fraction: float) -> ReadingPosition:
        """Return a position from numbers in a file, each replaced by the nearest valid number; `fraction` must be finite."""
        return cls(min(max(item, 0), _MAX_ITEM), min(max(fraction, 0.0), 1.0))


class MarkState(NamedTuple):
    """Last change of a mark: set or removed, and when."""

    on: bool
    """Whether the last change set the mark (True) or removed it (False)."""
    at: datetime
    """Time of the change."""


class StoryMarks(NamedTuple):
    """Marks of the reader on a story. A mark that never changed is None."""

    read: MarkState | None = None
    starred: MarkState | None = None
    later: MarkState | None = None
    opened: datetime | None = None
    """Time when the story was last opened; None if never."""
    position: ReadingPosition | None = None
    lists: tuple[tuple[str, MarkState], ...] = ()
    """Key of each of the reader's own lists that the story was ever added to, with the last change: added to the list or removed
    from it.
    """
