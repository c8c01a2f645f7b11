"""The sizes of type, in pixels for one cell's height and in dots for a mosaic."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from .fonts import Fonts
from .galley import Size

BODY_PITCH, TIGHT_PITCH = 1.5, 1.35
SMALLEST_PX = 12.0
_MASTHEAD_ROWS = 2
_BOLD = frozenset({Size.MASTHEAD, Size.HEADLINE, Size.SUBHEAD})
_DOTS = {Size.MASTHEAD: 16, Size.HEADLINE: 16, Size.SUBHEAD: 14, Size.BODY: 14, Size.LIST: 14, Size.SMALL: 13}
_SMALLEST_DOTS = 13  # a 1-bit picture of Bengali can't be read below


@dataclass(frozen=True, slots=True)
class Type:
    """What a size of type is in pixels or dots."""

    em_x_px: float
    em_y_px: float
    pitch_px: int
    baseline_px: int
    """From the top of the line."""
    bold: bool

    @property
    def stroke_px(self) -> int:
        """Return the thickness of a thin line beside this type."""
        return max(1, round(self.em_y_px / 16))

    @property
    def underline_px(self) -> int:
        """Return how far below the baseline an underline begins."""
        return max(2, round(self.em_y_px * 0.14))


def pixel_types(fonts: Fonts, cell_h: int, zoom_px: int, body_pitch: float) -> Mapping[Size, Type]:
    """Return the sizes for a cell of `cell_h` pixels; the masthead fills two rows whatever the zoom."""
    body = 0.95 * cell_h + zoom_px
    ems = {
        Size.HEADLINE: 1.6 * body,
        Size.SUBHEAD: body,
        Size.BODY: body,
        Size.LIST: 0.80 * cell_h + zoom_px,
        Size.SMALL: max(SMALLEST_PX, 0.66 * cell_h + zoom_px),
    }
    loose = {Size.BODY, Size.SUBHEAD}
    types = {
        size: _type(fonts, size, max(em, SMALLEST_PX), body_pitch if size in loose else TIGHT_PITCH, cell_h)
        for size, em in ems.items()
    }
    ink = fonts.ink_above + fonts.ink_below
    masthead = _type(fonts, Size.MASTHEAD, _MASTHEAD_ROWS * cell_h / max(ink + 0.08, 1.4), 1.0, _MASTHEAD_ROWS * cell_h)
    return {Size.MASTHEAD: masthead, **types}


def dot_types(fonts: Fonts, dots_h: int, dot_aspect: float, zoom_dots: int) -> Mapping[Size, Type]:
    """Return the sizes for mosaic cells `dots_h` dots high, of dots `dot_aspect` times as high as wide."""
    return {
        size: _type(fonts, size, max(_SMALLEST_DOTS, dots + zoom_dots), TIGHT_PITCH, dots_h, dot_aspect)
        for size, dots in _DOTS.items()
    }


def _type(fonts: Fonts, size: Size, em: float, pitch: float, least_pitch: int, aspect: float = 1.0) -> Type:
    """Return a type whose letters' horizontal stroke begins on a pixel's edge, and whose tallest stacks stay in their line."""
    em = max(1, round(em * fonts.headline)) / fonts.headline
    above, below = math.ceil(em * fonts.ink_above), math.ceil(em * fonts.ink_below)
    pitch_px = max(round(em * pitch), above + below, least_pitch)
    return Type(em * aspect, em, pitch_px, above + (pitch_px - above - below) // 2, size in _BOLD)
