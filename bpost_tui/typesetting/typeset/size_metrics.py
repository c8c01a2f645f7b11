"""Metrics (em, line height, baseline …) of each size of type: in pixels for one cell height, and in dots for a mosaic.

An em is the font size, and a mosaic is text drawn in block characters.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bpost_tui.typesetting.typeset.fonts import COLUMN_EM, Fonts, InkExtents, max_extents
from bpost_tui.typesetting.typeset.items import HEAVY, Size
from bpost_tui.typesetting.typeset.mosaic_dots import DotSizes, em_across
from bpost_tui.typesetting.typeset.raster import headline_thickness

_TIGHT_PITCH = 1.35
SMALLEST_PX = 12.0
_LEAD = 1.12
"""Size of a story's first paragraph, as a multiple of the size of body type."""
_MASTHEAD_ROWS = 2
_LATIN_DESCENT = 0.23
_TWO_ROWS_PX = 4  # from this enlargement on, names take two rows
_HEAD = 1.1  # size of headings drawn as dots, as a multiple of body type: large enough for bold letters
_DOTS_HEADS = frozenset({Size.HEADLINE, Size.SUBHEAD})
_HEADLINE_ABOVE_EDGE = 0.1  # of a dot, between its edge and a mosaic's headline stroke: a row of dots holds the stroke whole
SOFT_PX = 0.4
"""Height in pixels that may be cut off a letter's antialiased upper or lower edge, because readers don't notice it."""


@dataclass(frozen=True, slots=True)
class SizeMetrics:
    """Metrics of one size of type, in pixels or, for a mosaic, in dots."""

    em_x_px: float
    em_y_px: float
    pitch_px: int
    baseline_px: int
    """Distance from the top of the line to the pixel edge nearest to the baseline."""
    height_px: int
    """Height of the line including the deepest signs below the baseline, which may reach into the next line."""
    bold: bool
    drop_px: float = 0.0
    """Distance from the pixel edge at `baseline_px` down to the exact baseline; a fraction of a pixel."""
    can_be_bold: bool = True
    in_columns: bool = False
    """Whether the type is monospaced: each text takes whole columns, and a column is a whole number of pixels."""

    def is_bold(self, *, run_bold: bool) -> bool:
        """Whether text in this size is typeset in bold, if its run of text is bold (`run_bold`) or not."""
        return self.can_be_bold and (self.bold or run_bold)

    @property
    def stroke_px(self) -> int:
        """Thickness in pixels (in a mosaic, dots) of a thin line (underline, bar) that suits this size of type."""
        return max(1, round(self.em_y_px / 16))

    @property
    def strike_px(self) -> int:
        """Distance in pixels (in a mosaic, dots) from the baseline up to the top of a strike-through line, amid the letters."""
        return round(self.em_y_px * 0.27)

    @property
    def underline_px(self) -> int:
        """Distance in pixels (in a mosaic, dots) from the baseline down to the top of an underline."""
        return max(2, round(self.em_y_px * 0.14))


def pixel_sizes(fonts: Fonts, cell_h: int, zoom_px: int, body_pitch: float) -> Mapping[Size, SizeMetrics]:
    """Return the metrics of each size of type for cells `cell_h` pixels high.

    `body_pitch` is the line height of body type, as a multiple of its font size. The zoom (`zoom_px` added to body type) changes
    all sizes except masthead, row and bar, which always fill whole rows of cells.
    """
    body = max(SMALLEST_PX, 0.95 * cell_h + zoom_px)
    name = max_extents(fonts.bold[:1], fonts.script.names)
    name = replace(name, below=max(_LATIN_DESCENT, name.below))
    loose = {Size.SUBHEAD: body, Size.LEAD: _LEAD * body, Size.BODY: body}
    tight = {
        Size.HEADLINE: 1.6 * body,
        Size.LOW_HEADLINE: 1.2 * body,
        Size.LIST: 0.80 * cell_h + zoom_px,
        Size.SMALL: 0.66 * cell_h + zoom_px,
    }
    row = _fitting(fonts, Size.ROW, cell_h, fonts.tallest)
    types = {
        Size.MASTHEAD: _fitting(fonts, Size.MASTHEAD, _MASTHEAD_ROWS * cell_h, name),
        **dict.fromkeys((Size.ROW, Size.BAR), row),
        Size.NAME: _name_type(fonts, row, cell_h, zoom_px),
        **{size: _size_metrics(fonts, size, em, SMALLEST_PX, body_pitch, cell_h) for size, em in loose.items()},
        **{size: _size_metrics(fonts, size, em, SMALLEST_PX, _TIGHT_PITCH, cell_h) for size, em in tight.items()},
    }
    return types | {Size.CODE: _in_columns(types[Size.SMALL])}


def mosaic_sizes(fonts: Fonts, dots: DotSizes, dots_h: int, dot_aspect: float, zoom_dots: int) -> Mapping[Size, SizeMetrics]:
    """Return the metrics for block characters (a mosaic) in cells `dots_h` dots high; dots are `dot_aspect` times as high as wide.

    `zoom_dots` is added to the size of type. In any font, letters are as high as in the face used to measure the sizes. Only
    headings are bold, because bold letters of body size are illegible.
    """
    face, script = fonts.regular[0], fonts.script
    scale = script.base_em / fonts.base_em * next((by for name, by in script.enlarged.items() if face.name.startswith(name)), 1.0)
    ink = max_extents((face, fonts.bold[0]), script.usual)
    ems = {size: _HEAD * dots.em if size in _DOTS_HEADS else dots.em for size in Size}
    ems |= dict.fromkeys((Size.SMALL, Size.CODE), dots.small)
    ems |= dict.fromkeys((Size.ROW, Size.BAR, Size.NAME, Size.MASTHEAD), dots.row)
    headline_em = headline_thickness(face, script.stroke)

    def dot_type(size: Size) -> SizeMetrics:
        em = scale * max(dots.row, ems[size] + zoom_dots)
        lower_edge = em * (fonts.base_em - headline_em)
        drop = (lower_edge - _HEADLINE_ABOVE_EDGE + 0.5) % 1 - 0.5
        above, below = math.ceil(em * ink.above - drop - SOFT_PX), math.ceil(em * ink.below + drop - SOFT_PX)
        pitch = max(round(em * dots.pitch / dots.em), dots_h)
        baseline = above + max(0, pitch - above - below) // 2
        is_head = size in _DOTS_HEADS
        em_x = em_across(em, dot_aspect)
        return SizeMetrics(em_x, em, pitch, baseline, max(pitch, baseline + below), is_head, drop, can_be_bold=is_head)

    types = {size: dot_type(size) for size in Size}
    return types | {Size.CODE: _in_columns(types[Size.CODE])}


def _in_columns(type_: SizeMetrics) -> SizeMetrics:
    return replace(type_, em_x_px=max(1, round(type_.em_x_px * COLUMN_EM)) / COLUMN_EM, in_columns=True)


def _fitting(fonts: Fonts, size: Size, height_px: int, ink: InkExtents) -> SizeMetrics:
    """Return the metrics of the largest type of the purpose `size` whose tallest letters fit into `height_px` pixels.

    `ink` has the heights and depths of these letters. If nothing fits, the type is 1 px large.
    """
    kinds = [_size_metrics(fonts, size, em, 1.0, 1.0, height_px, ink) for em in range(1, 2 * height_px)]
    return next((kind for kind in reversed(kinds) if kind.height_px == height_px), kinds[0])


def _name_type(fonts: Fonts, row: SizeMetrics, cell_h: int, zoom_px: int) -> SizeMetrics:
    """Return the metrics of type for category names, in cells `cell_h` pixels high.

    By default they equal `row`, the metrics of list rows. A negative zoom (`zoom_px` pixels added) makes them smaller, and with a
    large zoom a name is two rows of cells high.
    """
    if zoom_px < 0:
        return _size_metrics(fonts, Size.NAME, min(row.em_y_px, max(SMALLEST_PX, row.em_y_px + zoom_px)), 1.0, 1.0, cell_h)
    if zoom_px < _TWO_ROWS_PX:
        return row
    largest = _fitting(fonts, Size.NAME, 2 * cell_h, fonts.tallest)
    return _size_metrics(fonts, Size.NAME, min(largest.em_y_px, row.em_y_px + zoom_px), 1.0, 1.0, 2 * cell_h)


def _size_metrics(
    fonts: Fonts, size: Size, em: float, min_em: float, pitch: float, min_pitch_px: int, ink: InkExtents | None = None
) -> SizeMetrics:
    """Return the metrics of `size` for a font size of about `em` pixels, or about `min_em` if `em` is smaller.

    The font size is chosen so that the headline stroke (bar along the top of Bengali letters) ends at a pixel's edge. The line is
    `pitch` times the font size high, and at least `min_pitch_px` pixels. The letters with the heights and depths in `ink` (by
    default, the tallest letters) fit into the line.
    """
    base_px = max(round(em * fonts.base_em), math.ceil((min_em - 0.25) * fonts.base_em))
    em = base_px / fonts.base_em
    ink = ink or fonts.tallest
    above, below = (math.ceil(em * reach - SOFT_PX) for reach in (ink.above, ink.below))
    pitch_px = max(round(em * pitch), min_pitch_px)
    baseline_px = above + max(0, pitch_px - above - below) // 2
    return SizeMetrics(em, em, pitch_px, baseline_px, max(pitch_px, baseline_px + below), size in HEAVY)
