"""Size of a dialog's box, which is shown over the panes. Lengths are cells."""

from __future__ import annotations

from bpost_tui.typesetting.typeset.items import Para, Run, Size
from bpost_tui.typesetting.typeset.protocols import Typesetter

_BARE_ROWS = 12
"""Minimum height of the window, in lines of text in block characters (a mosaic), for a frame around a box as wide as the window."""
_BESIDE_EM, _BESIDE_ROWS = 10, 8
"""Minimum free width (in em, the font size) and height (in rows of text) around a box for reading the page behind it."""


def box_width(wanted: int, window: int, em_cells: float) -> int:
    """Return the width of a box: `wanted`, or the window's width if the free space beside the box would be too narrow to read.

    `window` is the window's width, and `em_cells` the number of cells per em (the font size).
    """
    return window if window - wanted < _BESIDE_EM * em_cells else wanted


def box_height(wanted: int, window: int, row_cells: int) -> int:
    """Return the height of a box: `wanted`, or the window's height if the free space above and below would be too low to read.

    `window` is the window's height, and `row_cells` the height of a line of text. A box that needs at most half of the window keeps
    its height, because a box as high as the window would be mostly empty.
    """
    leaves_slivers = window - wanted < _BESIDE_ROWS * row_cells
    return window if leaves_slivers and 2 * wanted > window else wanted


def is_bare(width: int, window: tuple[int, int], typesetter: Typesetter) -> bool:
    """Return whether a box `width` wide has no frame, to save room for its text.

    That is so if text is drawn in block characters (a mosaic), the box is as wide as the window, and the window has few lines of
    text. `window` is the window's width and height. `typesetter` measures the height of a line of text.
    """
    row = typesetter.rows((Para((Run("ক"),), Size.ROW),))
    return row > 1 and width == window[0] and window[1] < _BARE_ROWS * row
