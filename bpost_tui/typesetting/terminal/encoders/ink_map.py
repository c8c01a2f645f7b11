"""What a surface's masks hold: which cells have ink, and all inks as one palette index a pixel.

Lines of pixels are handled as big integers, since a loop over pixels would be too slow.
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
    """Return one byte for each cell of a row: 1 where there is any ink, or a picture, else 0."""
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
    """Remembers which cells have ink, so that nothing has to be drawn again to find out."""

    def __init__(self) -> None:
        self._rows: WeakKeyDictionary[Surface, tuple[bytes, ...]] = WeakKeyDictionary()

    def rows(self, surface: Surface) -> tuple[bytes, ...]:
        """Return for each row what `inked_cells` does."""
        rows = self._rows.get(surface)
        if rows is None:
            rows = self._rows[surface] = tuple(inked_cells(surface, row) for row in range(surface.rows))
        return rows


@lru_cache(maxsize=64)
def _shade_table(shades: int, base: int) -> bytes:
    """Return the table that turns coverage into an index: 0 for none, else base … base + shades - 1 for the least to the most."""
    return bytes(0 if (level := round(value * shades / 255)) == 0 else base + level - 1 for value in range(256))


def palette_indices(masks: Sequence[bytes], width: int, shades: int) -> bytes:
    """Return one palette index a pixel: 0 is paper, 1 … shades are the first ink's, and so on; later inks cover earlier ones.

    All masks have the same length, a multiple of the width. There may be no more than 255 // shades of them.
    With two inks in 15 shades, full ink of the second has index 30.
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
    """Return the pixels of `over` where they aren't 0, else those of `under`."""
    clear = int.from_bytes(over.translate(_CLEAR), "little")
    return (int.from_bytes(under, "little") & clear | int.from_bytes(over, "little")).to_bytes(len(over), "little")
