"""Encoder for inline pictures of iTerm2 and mintty: PNGs in OSC 1337 (https://iterm2.com/documentation-images.html)."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from functools import partial

from bpost_tui.typesetting.terminal.encoders.encoder import CellSpan, Picture, SlicingEncoder, rendition
from bpost_tui.typesetting.terminal.encoders.png import IndexedPng, indexed_png, photo_png
from bpost_tui.typesetting.typeset.surface import Colour

_SHADES, _FEW_SHADES = 15, 5


class InlineEncoder(SlicingEncoder):
    """Encoder that sends opaque PNGs, scaled to the cells of a span.

    A picture doesn't move the cursor, so a picture in the last row never scrolls the screen.
    """

    def _inked(self, span: CellSpan) -> bytes:
        inked = super()._inked(span)
        is_cut = span.column + span.cells < span.surface.cols and not span.is_continued
        # Konsole clears one cell more than the picture has, perhaps another widget's
        return inked[:-1] + b"\0" if is_cut else inked

    def _under_picture(self) -> str:
        return rendition()  # in the last row, Konsole shows a picture only through cells without a background

    def _shades(self, inks: int) -> int:
        return min(_FEW_SHADES if self.uses_few_shades else _SHADES, 255 // inks)

    def _picture(self, cells: int, height: int, width: int, indices: bytes, colours: int, last_row: bool) -> Picture:
        if not colours:
            sequence = _inline(cells, photo_png(width, height, indices))
            return lambda _: sequence
        return partial(_coloured, cells, indexed_png(width, height, indices, colours))


def _coloured(cells: int, pixels: IndexedPng, colours: Sequence[Colour]) -> str:
    return _inline(cells, pixels.png(colours))


def _inline(cells: int, data: bytes) -> str:
    keys = f"inline=1;size={len(data)};width={cells};height=1;preserveAspectRatio=0;doNotMoveCursor=1"
    return f"\x1b]1337;File={keys}:{base64.standard_b64encode(data).decode('ascii')}\x07"
