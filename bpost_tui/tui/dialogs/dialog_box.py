"""The box of a dialog over the panes, and how large it is. Lengths are cells."""

from __future__ import annotations

from typing import Any

from textual.containers import Vertical
from textual.geometry import Region
from textual.screen import Screen

from bpost_tui.typesetting.textual.renderer import Renderer
from bpost_tui.typesetting.typeset.items import Para, Run, Size
from bpost_tui.typesetting.typeset.protocols import Typesetter

_BARE_ROWS = 12
"""A window of fewer rows of type has none to give for a frame around all of it."""
_BESIDE_EM, _BESIDE_ROWS = 10, 8
"""The least that is left of the page beside a box, and above and below it, so that it can be read."""


class DialogBox(Vertical):
    """Holds a dialog; of lines of type that it would cut, the panes below leave out the words behind it."""

    def __init__(self, renderer: Renderer, *, id: str) -> None:
        super().__init__(id=id)
        self._renderer = renderer
        self._hidden = Region()

    def on_mount(self) -> None:
        """Hide what is below, until another screen is in front."""
        self._renderer.dialogs.append(self)
        self.app.screen_change_signal.subscribe(self, self._show_again, immediate=True)
        self.screen.screen_layout_refresh_signal.subscribe(self, self._update_hidden, immediate=True)

    def on_unmount(self) -> None:
        """Let go of all."""
        self.app.screen_change_signal.unsubscribe(self)
        self.screen.screen_layout_refresh_signal.unsubscribe(self)
        self._renderer.dialogs.remove(self)

    def _update_hidden(self, _: object) -> None:
        """Have the panes know what is hidden, also where the box has only moved with the window."""
        if self.region != self._hidden:
            self._hidden = self.region
            self._draw_panes()

    def _show_again(self, screen: Screen[Any]) -> None:
        """Have the next frame show all that was hidden."""
        self._draw_panes()
        screen.refresh()

    def _draw_panes(self) -> None:
        for screen in self.app.screen_stack:
            for pane in screen.query("RowList, StoryView"):
                pane.refresh()


def box_width(wanted: int, window: int, em_cells: float) -> int:
    """Return how wide a box is: as wide as the window where it would leave slivers of the page."""
    return window if window - wanted < _BESIDE_EM * em_cells else wanted


def box_height(wanted: int, window: int, row_cells: int) -> int:
    """Return how high a box is, of rows of type so high: as high as the window where it would leave slivers of the page.

    It never is where that would be mostly empty: a mosaic's row is as high as four of the names in a list.
    """
    leaves_slivers = window - wanted < _BESIDE_ROWS * row_cells
    return window if leaves_slivers and 2 * wanted > window else wanted


def is_bare(width: int, window: tuple[int, int], typesetter: Typesetter) -> bool:
    """Say whether a box so wide is without a frame: it fills a window of few rows of type, each several cells high."""
    row = typesetter.rows((Para((Run("ক"),), Size.ROW),))
    return row > 1 and width == window[0] and window[1] < _BARE_ROWS * row
