"""Functions that find the inked cells of a surface (drawing), and convert its pixels into palette indices.

A surface has a mask for each ink (colour of type): a byte for each pixel, the coverage of the pixel by this ink.

The obvious way, a loop over pixels, is too slow in Python: a page of 1000 × 640 pixels has 640,000 of them in each ink. So
lines of pixels are handled as big integers, with a byte for each pixel: `|` and `&` work on a whole line at once. `bytes.translate`
converts coverage to indices. The lines of pixels in a row of cells are combined by `|`: a cell has ink if its bytes in the result
aren't all 0. If inks overlap, the pixels that the upper ink doesn't cover show the ink below (`_over`). Blank lines are skipped,
since most lines are blank.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, reduce
from operator import or_
from weakref import WeakKeyDictionary

from bpost_tui.typesetting.typeset.surface import Surface

_ANY = bytes(1) + b"\1" * 255
_CLEAR = b"\xff" + bytes(255)


def inked_cells(surface: Surface, row: int) -> bytes:
    """Return one byte for each cell in a row of a surface (drawing): 1 if type or a picture is drawn in the cell, else 0."""
    if surface.photo is not None:
        return b"\1" * surface.cols
    width, high, wide = surface.width_px, surface.cell_h, surface.cell_w
    start = row * high * width
    blank = bytes(width)
    pieces = (layer.mask[at : at + width] for layer in surface.layers for at in range(start, start + high * width, width))
    lines = (int.from_bytes(line, "little") for line in pieces if line != blank)
    columns = reduce(or_, lines, 0).to_bytes(width, "little").translate(_ANY)
    return bytes(b"\1" in columns[at : at + wide] for at in range(0, width, wide))


class InkMap:
    """Cache of the cells that aren't blank, for each surface (drawing of text or of a picture)."""

    def __init__(self) -> None:
        self._rows: WeakKeyDictionary[Surface, tuple[bytes, ...]] = WeakKeyDictionary()

    def rows(self, surface: Surface) -> tuple[bytes, ...]:
        """Return a byte string for each row of a surface (drawing). A byte is 1 if anything is drawn in its cell, else 0."""
        rows = self._rows.get(surface)
        if rows is None:
            rows = self._rows[surface] = tuple(inked_cells(surface, row) for row in range(surface.rows))
        return rows


@lru_cache(maxsize=64)
def _shade_table(shades: int, base: int) -> bytes:
    """Return a translation table from a byte of coverage to a palette index.

    No coverage becomes 0. More coverage becomes a higher index, from `base` to `base` + `shades` - 1.
    """
    return bytes(0 if (level := round(value * shades / 255)) == 0 else base + level - 1 for value in range(256))


def palette_indices(masks: Sequence[bytes], width: int, shades: int) -> bytes:
    """Return one palette index per pixel: 0 for background, 1 to `shades` for the first ink (colour of type), and so on.

    Later inks cover earlier inks. All masks have the same length, a multiple of the width. There may be no more than 255 // shades
    masks. With two inks in 15 shades, full ink of the second ink has index 30.
    """
    if not masks:
        return b""
    blank = bytes(width)
    indices = bytearray(masks[0].translate(_shade_table(shades, 1)))
    for number, mask in enumerate(masks[1:], 1):
        table = _shade_table(shades, 1 + number * shades)
        for at in range(0, len(mask), width):
            line = mask[at : at + width]
            if line != blank:
                over, under = line.translate(table), indices[at : at + width]
                indices[at : at + width] = over if under == blank else _over(bytes(under), over)
    return bytes(indices)


def _over(under: bytes, over: bytes) -> bytes:
    """Return the pixels of `over`; for each pixel of `over` that is 0, return the pixel of `under`."""
    clear = int.from_bytes(over.translate(_CLEAR), "little")
    return (int.from_bytes(under, "little") & clear | int.from_bytes(over, "little")).to_bytes(len(over), "little")
