"""Looking at a surface's masks: which cells have ink, and inks as one index a pixel. Lines of pixels are big integers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_

from bpost_tui.typeset.surface import Surface

_ANY = bytes(1) + b"\1" * 255


def inked_cells(surface: Surface, row: int) -> bytes:
    """Return one byte a cell of a row: 1 where there is any ink, else 0."""
    width, high, wide = surface.width_px, surface.cell_h, surface.cell_w
    start = row * high * width
    lines = (
        int.from_bytes(layer.mask[at : at + width], "little")
        for layer in surface.layers
        for at in range(start, start + high * width, width)
    )
    columns = reduce(or_, lines, 0).to_bytes(width, "little").translate(_ANY)
    return bytes(b"\1" in columns[at : at + wide] for at in range(0, width, wide))


def shade_table(shades: int, base: int) -> bytes:
    """Return the table that turns coverage into an index: 0 for none, else base … base + shades - 1 for the least to the most."""
    return bytes(0 if (level := round(value * shades / 255)) == 0 else base + level - 1 for value in range(256))


def painted(masks: Sequence[bytes], shades: int) -> bytes:
    """Return one index a pixel: 0 is paper, 1 … shades the first ink's, and so on; later inks cover earlier ones.

    All masks have the same length. There may be no more than 255 // shades of them.
    """
    indices = masks[0].translate(shade_table(shades, 1)) if masks else b""
    for number, mask in enumerate(masks[1:], 1):
        over = mask.translate(shade_table(shades, 1 + number * shades))
        clear = over.translate(b"\xff" + bytes(255))
        kept = int.from_bytes(indices, "little") & int.from_bytes(clear, "little") | int.from_bytes(over, "little")
        indices = kept.to_bytes(len(over), "little")
    return indices
