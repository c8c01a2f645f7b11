"""Box of a dialog over the panes, and its size. Lengths are cells."""

from __future__ import annotations

from typing import Any

from textual.containers import Vertical
from textual.geometry import Region
from textual.screen import Screen

from bpost_tui.typesetting.textual.renderer import Renderer
from bpost_tui.typesetting.typeset.items import Para, Run, Size
from bpost_tui.typesetting.typeset.protocols import Typesetter

_BARE_ROWS = 12
"""Least height of a window, in rows of type, for a frame around a box that fills its width."""
_BESIDE_EM, _BESIDE_ROWS = 10, 8
"""Least part of the page to leave beside a box, in em, and above and below it, in rows, so that it can be read."""


class DialogBox(Vertical):
    """Holds a dialog. Panes below it leave out the words that the box would cut."""

    def __init__(self, renderer: Renderer, *, id: str) -> None:
        super().__init__(id=id)
        self._renderer = renderer
        self._hidden = Region()

    def on_mount(self) -> None:
        """Hide the words below the box, until another screen is in front."""
        self._renderer.dialogs.append(self)
        self.app.screen_change_signal.subscribe(self, self._show_again, immediate=True)
        self.screen.screen_layout_refresh_signal.subscribe(self, self._update_hidden, immediate=True)

    def on_unmount(self) -> None:
        """Stop hiding words."""
        self.app.screen_change_signal.unsubscribe(self)
        self.screen.screen_layout_refresh_signal.unsubscribe(self)
        self._renderer.dialogs.remove(self)

    def _update_hidden(self, _: object) -> None:
        """Draw the panes again if the box has moved or changed its size, also with the window."""
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
    """Return the width of a box: `wanted`, or the window's if slivers of the page would be left beside it."""
    return window if window - wanted < _BESIDE_EM * em_cells else wanted


def box_height(wanted: int, window: int, row_cells: int) -> int:
    """Return the height of a box: `wanted`, or the window's height if slivers of the page would be left.

    `row_cells` is the height of a row. A box that would be mostly empty never fills the window: in a mosaic, a row is as high as
    four names in a list.
    """
    leaves_slivers = window - wanted < _BESIDE_ROWS * row_cells
    return window if leaves_slivers and 2 * wanted > window else wanted


def is_bare(width: int, window: tuple[int, int], typesetter: Typesetter) -> bool:
    """Return whether a box of `width` has no frame: it fills the width of a window with few rows of type."""
    row = typesetter.rows((Para((Run("ক"),), Size.ROW),))
    return row > 1 and width == window[0] and window[1] < _BARE_ROWS * row
