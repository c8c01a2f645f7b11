"""Inline pictures of iTerm2 and mintty: a PNG in an OSC 1337 (https://iterm2.com/documentation-images.html)."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from functools import partial

from bpost_tui.terminal.encoders.encoder import Run, rendition
from bpost_tui.terminal.encoders.png import Packed, packed, photo_png
from bpost_tui.terminal.encoders.slicing import Picture, SlicingEncoder
from bpost_tui.typeset.surface import Colour

_SHADES = 15


class InlineEncoder(SlicingEncoder):
    """Opaque PNGs, fitted to the run's cells; the cursor doesn't move, so the last row never scrolls."""

    def _inked(self, run: Run) -> bytes:
        inked = super()._inked(run)
        cut = run.column + run.count < run.surface.cols
        # where something else begins at the cut, Konsole would clear its first cell
        return inked[:-1] + b"\0" if cut else inked

    def _ground(self, run: Run) -> str:
        return rendition()  # Konsole lets a picture in the last row be seen through cells without a background only

    def _shades(self, inks: int) -> int:
        return min(_SHADES, 255 // inks)

    def _picture(self, cells: int, height: int, width: int, indices: bytes, colours: int, last_row: bool) -> Picture:
        if not colours:
            written = _inline(cells, photo_png(width, height, indices))
            return lambda _: written
        return partial(_coloured, cells, packed(width, height, indices, colours))


def _coloured(cells: int, pixels: Packed, colours: Sequence[Colour]) -> str:
    return _inline(cells, pixels.png(colours))


def _inline(cells: int, data: bytes) -> str:
    keys = f"inline=1;size={len(data)};width={cells};height=1;preserveAspectRatio=0;doNotMoveCursor=1"
    return f"\x1b]1337;File={keys}:{base64.standard_b64encode(data).decode('ascii')}\x07"
