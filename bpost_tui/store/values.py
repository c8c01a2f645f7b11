"""What the library hands out besides the news's own values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Saved:
    """What one save changed, as the library's numbers, in the order the stories were given."""

    new: tuple[int, ...] = ()
    """Stories that weren't there."""
    updated: tuple[int, ...] = ()
    """Stories that were, and now say something else."""


@dataclass(frozen=True, slots=True)
class Position:
    """How far a story was read, in terms that survive another width or size of type."""

    item: int
    """The index of the element at the top."""
    fraction: float
    """How much of that element lies above, 0 to 1."""
