"""What the layout needs to know of a medium, and what it produces: pieces of text with their positions.

Everything is in one unit, the medium's own: pixels, dots or cells.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from bpost_tui.typeset.items import Run, Size

HEAVY = frozenset({Size.MASTHEAD, Size.HEADLINE, Size.SUBHEAD})
"""Sizes that are bold by themselves."""

TOLERANCE = 1e-6
"""The rounding error that sums of widths may have."""


class Metric(Protocol):
    """How wide and how far apart things are in one medium."""

    def advance(self, text: str, size: Size, bold: bool) -> float:
        """Return the width of a text that stands on one line."""
        ...

    def bearing(self, text: str, size: Size, bold: bool) -> float:
        """Return how far the ink of a text begins after its start; negative where it hangs over."""
        ...

    def across(self, ems: float, size: Size) -> float:
        """Return the width of so many em of white."""
        ...

    def down(self, ems: float, size: Size) -> float:
        """Return the height of so many em of white."""
        ...

    def pitch(self, size: Size) -> float:
        """Return the height of a line."""
        ...

    def row(self) -> float:
        """Return the height of a row of cells."""
        ...

    def plate(self, width_px: int, height_px: int, measure: float) -> tuple[int, int]:
        """Return the columns and rows of cells in which a picture is shown; no rows where none can be."""
        ...

    def rule(self) -> float:
        """Return the height that a rule takes."""
        ...


class Piece(NamedTuple):
    """A word, or the part of a word in one style, at its place in a line."""

    x: float
    width: float
    run: Run
    """The text and its style."""
