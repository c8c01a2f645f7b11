"""The way back: where the reader was before each jump."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from bpost_tui.reading.lists.source import Source

_DEPTH: Final = 200
"""Locations remembered; nobody goes further back by pressing a key."""


class Location(NamedTuple):
    """Where a reader is: in which list, at which story, how far down in it."""

    source: Source
    row: int
    story: int
    position: tuple[int, float]
    """The item at the top of the window, and how much of it is above: 0 to 1."""
    pane: str


class BackStack:
    """Locations, the last one on top."""

    def __init__(self) -> None:
        self._locations: deque[Location] = deque(maxlen=_DEPTH)

    @property
    def top(self) -> Location | None:
        """The last location; None where there is none."""
        return self._locations[-1] if self._locations else None

    def __len__(self) -> int:
        return len(self._locations)

    def push(self, location: Location) -> None:
        """Remember a location, unless it is the last one already."""
        if location != self.top:
            self._locations.append(location)

    def pop(self) -> Location | None:
        """Return the last location and forget it; None where there is none."""
        return self._locations.pop() if self._locations else None
