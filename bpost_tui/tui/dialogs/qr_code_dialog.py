"""QR code shown over the panes, black on white in every theme.

It is drawn in pixels if the terminal can show them, else in half blocks.
"""

from __future__ import annotations

from math import ceil
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.geometry import Size as Cells
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget

from bpost_tui.core.sharing.qr_code import Modules, as_half_blocks, as_photo, module_px
from bpost_tui.tui.dialogs.choice_list import bindings
from bpost_tui.typesetting.textual.renderer import Renderer
from bpost_tui.typesetting.typeset.surface import Surface

_LEAST_CELL_PX = 8
"""Minimum height of a cell, in pixels, for drawing the QR code in the terminal's pixels.

If cells are lower, the render mode (way of drawing text) has dots larger than pixels: parts of characters, or whole characters.
"""
_BLACK_ON_WHITE = Style(color="#000000", bgcolor="#ffffff")


class QrCode(Widget):
    """Shows a QR code, in pixels as large as the window allows. `modules` are the black and white squares of the code."""

    def __init__(self, renderer: Renderer, modules: Modules) -> None:
        super().__init__(id="qr_code")
        self._renderer = renderer
        self._modules = modules
        self._halves = as_half_blocks(modules)
        self._surface: Surface | None = None

    def fit(self, window: Cells) -> bool:
        """Choose the size of the code for `window`; return whether the window is large enough for the code."""
        cells, self._surface = self._fitted(window), None
        if cells is None:
            return False
        self.styles.width, self.styles.height = cells.width, cells.height
        self.refresh(layout=True)
        return True

    def _fitted(self, room: Cells) -> Cells | None:
        if self._has_pixels:
            cell_w, cell_h = self._renderer.typesetter.cell_w, self._renderer.typesetter.cell_h
            side_px = len(self._modules) * module_px(self._modules, room.width * cell_w, room.height * cell_h)
            return Cells(ceil(side_px / cell_w), ceil(side_px / cell_h)) if side_px else None
        needed = Cells(len(self._modules), len(self._halves))
        return needed if needed.width <= room.width and needed.height <= room.height else None

    @property
    def _has_pixels(self) -> bool:
        return self._renderer.photo_colours is not None and self._renderer.typesetter.cell_h >= _LEAST_CELL_PX

    def render_line(self, y: int) -> Strip:
        """Return row `y` of the code as a strip of cells."""
        if not self._has_pixels:
            return Strip([Segment(self._halves[y], _BLACK_ON_WHITE)] if y < len(self._halves) else [])
        self._surface = self._surface or self._drawn()
        return Strip([Segment(self._renderer.surfaces.tokens(self._surface, y), _BLACK_ON_WHITE)], self._surface.cols)

    def _drawn(self) -> Surface:
        cols, rows = self.size
        cell_w, cell_h = self._renderer.typesetter.cell_w, self._renderer.typesetter.cell_h
        width_px, height_px = cols * cell_w, rows * cell_h
        side_px = module_px(self._modules, width_px, height_px)
        photo = as_photo(self._modules, side_px, width_px, height_px, has_palette=bool(self._renderer.photo_colours))
        return Surface(cols, rows, cell_w, cell_h, ((),) * rows, photo=photo)


class QrScreen(ModalScreen[None]):
    """Shows a QR code until the reader closes it, for example by Escape. The dialog closes at once if the window is too small."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,space", "dismiss", show=False),
        *bindings(leave="dismiss", share="dismiss", quit="app.quit"),
    ]

    def __init__(self, renderer: Renderer, modules: Modules) -> None:
        super().__init__()
        self._code = QrCode(renderer, modules)

    def fits(self, window: Cells) -> bool:
        """Return whether the code fits `window`."""
        return self._code.fit(window)

    def compose(self) -> ComposeResult:
        """Lay out the code, without a frame or words."""
        with Vertical(id="qr_box"):
            yield self._code

    def on_resize(self) -> None:
        """Fit the code to the new size of the window, or close the dialog if the window is too small."""
        self.reset_type()

    def reset_type(self) -> None:
        """Draw the code again, because the window, the size of letters or the way of drawing them has changed.

        If the code no longer fits the window, close the dialog.
        """
        if self.is_current and not self._code.fit(self.app.size):
            self.dismiss()
