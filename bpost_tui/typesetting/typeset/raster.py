"""Glyphs to coverage: HarfBuzz's rasteriser, one call for everything in one ink."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from bpost_tui.typesetting.typeset.fonts import Face
from bpost_tui.typesetting.typeset.mosaic_dots import MARGIN, SAMPLES, filter_samples

_LARGE_PX = 200
"""The em at which a headline is measured."""
_MOST = 0.75
"""How much of a letter's width a headline inks at least."""


@dataclass(frozen=True, slots=True)
class RasterGlyph:
    """A glyph and where it is, in pixels from the top left corner of what is drawn."""

    face: Face
    id: int
    x_px: float
    y_px: float
    """Of its baseline, downwards."""
    em_x_px: float
    em_y_px: float


@dataclass(frozen=True, slots=True)
class RasterBar:
    """A filled rectangle in whole pixels."""

    x_px: int
    y_px: int
    width_px: int
    height_px: int


def rasterise(glyphs: Iterable[RasterGlyph], bars: Iterable[RasterBar], width_px: int, height_px: int) -> bytes:
    """Return the coverage of glyphs and bars, one byte a pixel, row-major from the top; what lies outside is clipped."""
    return _drawn(glyphs, bars, width_px, height_px, 1, 0)


def rasterise_dots(glyphs: Iterable[RasterGlyph], bars: Iterable[RasterBar], width: int, height: int) -> bytes:
    """Return the coverage of glyphs and bars in dots that are too large for type, filtered so that it is read best."""
    return filter_samples(_drawn(glyphs, bars, width, height, SAMPLES, MARGIN), width, height)


def _drawn(
    glyphs: Iterable[RasterGlyph], bars: Iterable[RasterBar], width_px: int, height_px: int, scale: int, margin: int
) -> bytes:
    """Return the coverage at so many times the size, with a margin around it in pixels of that size."""
    import uharfbuzz as hb  # 33 ms

    width, height = scale * width_px + 2 * margin, scale * height_px + 2 * margin
    draw = hb.RasterDraw()
    draw.extents = hb.RasterExtents(-margin, -margin, width, height, width)
    for glyph in glyphs:
        unit = glyph.face.per_em * glyph.face.scale * scale
        # HarfBuzz writes rows bottom-up: drawn upside down, they are the rows from the top
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
    """Return where a length begins and ends in what is drawn."""
    start = scale * start_px + margin
    return min(max(start, 0), end), min(max(start, start + scale * length_px, 0), end)


@lru_cache(maxsize=8)
def headline_thickness(face: Face, letter: str) -> float:
    """Return how many em thick the headline of a face is: of the rows of a letter, those inked over most of its width."""
    width, height, baseline = 2 * _LARGE_PX, 2 * _LARGE_PX, _LARGE_PX
    glyphs, advance = face.shape(letter)
    placed = (RasterGlyph(face, glyph.id, glyph.x * _LARGE_PX, baseline, _LARGE_PX, _LARGE_PX) for glyph in glyphs)
    mask = rasterise(placed, (), width, height)
    rows = [width - mask.count(0, at, at + width) for at in range(0, width * height, width)]
    return sum(row > _MOST * advance * _LARGE_PX for row in rows) / _LARGE_PX
