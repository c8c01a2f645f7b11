"""Glyphs to coverage: HarfBuzz's rasteriser, one call for everything in one ink."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bpost_tui.typeset.fonts import Face


@dataclass(frozen=True, slots=True)
class Placed:
    """A glyph and where it stands, in pixels from the top left corner of what is drawn."""

    face: Face
    id: int
    x_px: float
    y_px: float
    """Of its baseline, downwards."""
    em_x_px: float
    em_y_px: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A filled rectangle in whole pixels."""

    x_px: int
    y_px: int
    width_px: int
    height_px: int


def rasterise(glyphs: Iterable[Placed], bars: Iterable[Bar], width_px: int, height_px: int) -> bytes:
    """Return the coverage of glyphs and bars, one byte a pixel, row-major from the top; what lies outside is clipped."""
    import uharfbuzz as hb  # 33 ms

    draw = hb.RasterDraw()
    draw.extents = hb.RasterExtents(0, 0, width_px, height_px, width_px)
    for glyph in glyphs:
        unit = glyph.face.per_em * glyph.face.scale
        # HarfBuzz writes rows bottom-up: drawn upside down, they are the rows from the top
        draw.transform = (unit * glyph.em_x_px, 0, 0, -unit * glyph.em_y_px, glyph.x_px, glyph.y_px)
        draw.draw_glyph(glyph.face.font, glyph.id)
    mask = bytearray(draw.render().buffer)
    for bar in bars:
        left, right = max(0, bar.x_px), min(width_px, bar.x_px + bar.width_px)
        for y in range(max(0, bar.y_px), min(height_px, bar.y_px + bar.height_px)):
            mask[y * width_px + left : y * width_px + right] = b"\xff" * max(0, right - left)
    return bytes(mask)
