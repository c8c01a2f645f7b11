"""How large a box over the panes is. Lengths are cells."""

from __future__ import annotations

from bpost_tui.typeset.items import Para, Run, Size
from bpost_tui.typeset.protocols import Typesetter

_BARE_ROWS = 12
"""A window of fewer rows of type has none to give for a frame around all of it."""
_BESIDE_EM, _BESIDE_ROWS = 10, 8
"""The least that is left of the page beside a box, and above and below it, for what stands there to be read."""


def box_width(wanted: int, window: int, em_cells: float) -> int:
    """Return how wide a box is: as wide as the window where it would leave slivers of the page."""
    return window if window - wanted < _BESIDE_EM * em_cells else wanted


def box_height(wanted: int, window: int, row_cells: int) -> int:
    """Return how high a box is, of rows of type so high: as high as the window where it would leave slivers of the page."""
    return window if window - wanted < _BESIDE_ROWS * row_cells else wanted


def is_bare(width: int, window: tuple[int, int], typesetter: Typesetter) -> bool:
    """Say whether a box so wide is without a frame: it fills a window of few rows of type, each several cells high."""
    row = typesetter.rows((Para((Run("ক"),), Size.ROW),))
    return row > 1 and width == window[0] and window[1] < _BARE_ROWS * row
