"""Box of a dialog, shown over the panes, and the calculation of its size. Lengths are cells."""

from __future__ import annotations

from typing import Any

from textual.containers import Vertical
from textual.geometry import Region
from textual.screen import Screen

from bpost_tui.typesetting.textual.renderer import Renderer
from bpost_tui.typesetting.typeset.items import Para, Run, Size
from bpost_tui.typesetting.typeset.protocols import Typesetter

_BARE_ROWS = 12
"""Minimum height of the window, in lines of text, for a frame around a box that is as wide as the window."""
_BESIDE_EM, _BESIDE_ROWS = 10, 8
"""Minimum width (in em) and height (in rows of text) of the space around a box, so that the page can still be read there."""


class DialogBox(Vertical):
    """Container of a dialog. Panes below it don't draw words that the box would cut through."""

    def __init__(self, renderer: Renderer, *, id: str) -> None:
        super().__init__(id=id)
        self._renderer = renderer
        self._hidden = Region()

    def on_mount(self) -> None:
        """Hide words of the panes that the box would cut through, until another screen is in front."""
        self._renderer.dialogs.append(self)
        self.app.screen_change_signal.subscribe(self, self._show_again, immediate=True)
        self.screen.screen_layout_refresh_signal.subscribe(self, self._update_hidden, immediate=True)

    def on_unmount(self) -> None:
        """Show the words again that the box would have cut through."""
        self.app.screen_change_signal.unsubscribe(self)
        self.screen.screen_layout_refresh_signal.unsubscribe(self)
        self._renderer.dialogs.remove(self)

    def _update_hidden(self, _: object) -> None:
        """Draw the panes again if the box has moved or changed its size, for example after a change of the window's size."""
        if self.region != self._hidden:
            self._hidden = self.region
            self._draw_panes()

    def _show_again(self, screen: Screen[Any]) -> None:
        """Show all hidden words in the next frame."""
        self._draw_panes()
        screen.refresh()

    def _draw_panes(self) -> None:
        for screen in self.app.screen_stack:
            for pane in screen.query("RowList, StoryView"):
                pane.refresh()


def box_width(wanted: int, window: int, em_cells: float) -> int:
    """Return the width of a box: `wanted`, or the window's width if the space beside the box would be too narrow to read."""
    return window if window - wanted < _BESIDE_EM * em_cells else wanted


def box_height(wanted: int, window: int, row_cells: int) -> int:
    """Return the height of a box: `wanted`, or the height of the window if too little of the page could be read above and below.

    `row_cells` is the height of a row. A box that takes at most half of the window never fills it, because it would be mostly
    empty.
    """
    leaves_slivers = window - wanted < _BESIDE_ROWS * row_cells
    return window if leaves_slivers and 2 * wanted > window else wanted


def is_bare(width: int, window: tuple[int, int], typesetter: Typesetter) -> bool:
    """Return whether a box has no frame, because it is as wide as the window and the window has few lines of text."""
    row = typesetter.rows((Para((Run("ক"),), Size.ROW),))
    return row > 1 and width == window[0] and window[1] < _BARE_ROWS * row
