"""How large a box over the panes is. Lengths are cells."""

from __future__ import annotations

_BESIDE_EM, _BESIDE_ROWS = 10, 8
"""The least that is left of the page beside a box, and above and below it, for what stands there to be read."""


def box_width(wanted: int, window: int, em_cells: float) -> int:
    """Return how wide a box is: as wide as the window where it would leave slivers of the page."""
    return window if window - wanted < _BESIDE_EM * em_cells else wanted


def box_height(wanted: int, window: int, row_cells: int) -> int:
    """Return how high a box is, of rows of type so high: as high as the window where it would leave slivers of the page."""
    return window if window - wanted < _BESIDE_ROWS * row_cells else wanted
