"""Rasteriser: HarfBuzz draws glyphs as coverage (the covered part of each pixel), in one call for all glyphs in one colour."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from bpost_tui.typesetting.typeset.fonts import Face
from bpost_tui.typesetting.typeset.mosaic_dots import MARGIN, SAMPLES, filter_samples

_LARGE_PX = 200
"""Font size in pixels for measuring the headline stroke (the line along the top of Bengali letters)."""
_MIN_INKED_SHARE = 0.75
"""Share of a letter's width that must be inked in a row of pixels for the row to be a part of the headline stroke."""


@dataclass(frozen=True, slots=True)
class RasterGlyph:
    """Glyph and its position in pixels from the top left corner of the drawing, with y downwards."""

    face: Face
    id: int
    x_px: float
    y_px: float
    """Distance of the baseline from the top of the surface."""
    em_x_px: float
    em_y_px: float


@dataclass(frozen=True, slots=True)
class RasterBar:
    """Filled rectangle in whole pixels."""

    x_px: int
    y_px: int
    width_px: int
    height_px: int


def rasterise(glyphs: Iterable[RasterGlyph], bars: Iterable[RasterBar], width_px: int, height_px: int) -> bytes:
    """Return the coverage of each pixel by glyphs and bars: one byte a pixel, row by row.

    Parts of glyphs and bars outside of width_px × height_px pixels are cut off.
    """
    return _drawn(glyphs, bars, width_px, height_px, 1, 0)


def rasterise_dots(glyphs: Iterable[RasterGlyph], bars: Iterable[RasterBar], width: int, height: int, *, parts: int = 1) -> bytes:
    """Return the coverage of width × height dots of block characters by glyphs and bars: one byte a dot, row by row.

    It is computed from finer samples by a filter that keeps small letters legible. If `parts` is above 1, each dot is divided into
    `parts` × `parts`, and the result has a byte for each part.
    """
    return filter_samples(_drawn(glyphs, bars, width, height, parts * SAMPLES, MARGIN), parts * width, parts * height)


def _drawn(
    glyphs: Iterable[RasterGlyph], bars: Iterable[RasterBar], width_px: int, height_px: int, scale: int, margin: int
) -> bytes:
    """Return the coverage of pixels by glyphs and bars, drawn at `scale` times their size, with a margin at each edge.

    `width_px` and `height_px` are the size before scaling, and `margin` is the width of the margin in scaled pixels.
    """
    import uharfbuzz as hb  # 33 ms

    width, height = scale * width_px + 2 * margin, scale * height_px + 2 * margin
    draw = hb.RasterDraw()
    draw.extents = hb.RasterExtents(-margin, -margin, width, height, width)
    for glyph in glyphs:
        unit = glyph.face.per_em * glyph.face.scale * scale
        # HarfBuzz writes rows bottom-up, so glyphs are drawn upside down
        draw.transform = (unit * glyph.em_x_px, 0, 0, -unit * glyph.em_y_px, scale * glyph.x_px, scale * glyph.y_px)
        draw.draw_glyph(glyph.face.font, glyph.id)
    mask = bytearray(draw.render().buffer)
    for bar in bars:
        left, right = _clipped(bar.x_px, bar.width_px, width, scale, margin)
        top, bottom = _clipped(bar.y_px, bar.height_px, height, scale, margin)
        for at in range(top * width, bottom * width, width):
            mask[at + left : at + right] = b"\xff" * (right - left)
    return bytes(mask)


def _clipped(start_px: int, length_px: int, end: int, scale: int, margin: int) -> tuple[int, int]:
    """Scale a stretch of pixels, move it by `margin`, and return its start and end, limited to 0 to `end`.

    `start_px` and `length_px` are in pixels before scaling; `margin`, `end` and the result are in scaled pixels.
    """
    start = scale * start_px + margin
    return min(max(start, 0), end), min(max(start, start + scale * length_px, 0), end)


@lru_cache(maxsize=8)
def headline_thickness(face: Face, letter: str) -> float:
    """Return the thickness, in em (the font size), of the headline stroke (bar along the top) of a Bengali letter in `face`.

    It is the height of the pixel rows that have ink over most of the letter's width.
    """
    width, height, baseline = 2 * _LARGE_PX, 2 * _LARGE_PX, _LARGE_PX
    glyphs, advance = face.shape(letter)
    placed = (RasterGlyph(face, glyph.id, glyph.x * _LARGE_PX, baseline, _LARGE_PX, _LARGE_PX) for glyph in glyphs)
    mask = rasterise(placed, (), width, height)
    rows = [width - mask.count(0, at, at + width) for at in range(0, width * height, width)]
    return sum(row > _MIN_INKED_SHARE * advance * _LARGE_PX for row in rows) / _LARGE_PX
