"""The sizes of type, in pixels for one cell's height and in dots for a mosaic."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bpost_tui.typeset.fonts import Fonts
from bpost_tui.typeset.items import Size
from bpost_tui.typeset.protocols import HEAVY

BODY_PITCH, TIGHT_PITCH = 1.5, 1.35
SMALLEST_PX = 12.0
_MASTHEAD_ROWS = 2
_NAMEPLATE = "দ্য বেঙ্গল পোস্ট"  # all that the masthead holds, so that no room is kept for taller words
_LATIN_DESCENT = 0.23
_DOTS = {Size.MASTHEAD: 16, Size.HEADLINE: 16, Size.SUBHEAD: 14, Size.BODY: 14, Size.LIST: 14, Size.SMALL: 13, Size.ROW: 13}
_SOFT_PX = 0.4  # of a softened edge may be lost
_SMALLEST_DOTS = 13  # a 1-bit picture of Bengali can't be read below

Reach = tuple[float, float]
"""How far ink reaches above and below the baseline, in em."""


@dataclass(frozen=True, slots=True)
class Type:
    """What a size of type is in pixels or dots."""

    em_x_px: float
    em_y_px: float
    pitch_px: int
    baseline_px: int
    """From the top of the line."""
    height_px: int
    """Of the line and the deepest signs below it, which may stand in the next line's white."""
    bold: bool

    @property
    def stroke_px(self) -> int:
        """Return the thickness of a thin line beside this type."""
        return max(1, round(self.em_y_px / 16))

    @property
    def strike_px(self) -> int:
        """Return how far above the baseline a line through the letters begins: in the middle of a Bengali letter's body."""
        return round(self.em_y_px * 0.27)

    @property
    def underline_px(self) -> int:
        """Return how far below the baseline an underline begins."""
        return max(2, round(self.em_y_px * 0.14))


def pixel_types(fonts: Fonts, cell_h: int, zoom_px: int, body_pitch: float) -> Mapping[Size, Type]:
    """Return the sizes for a cell of `cell_h` pixels; masthead and row are bound to the grid, whatever the zoom."""
    body = max(SMALLEST_PX, 0.95 * cell_h + zoom_px)
    name = fonts.bold[0].ink(_NAMEPLATE)
    loose = {Size.SUBHEAD: body, Size.BODY: body}
    tight = {Size.HEADLINE: 1.6 * body, Size.LIST: 0.80 * cell_h + zoom_px, Size.SMALL: 0.66 * cell_h + zoom_px}
    return {
        Size.MASTHEAD: _fitting(fonts, Size.MASTHEAD, _MASTHEAD_ROWS * cell_h, (name.above, max(name.below, _LATIN_DESCENT))),
        Size.ROW: _fitting(fonts, Size.ROW, cell_h, (fonts.ink_above, fonts.ink_below)),
        **{size: _type(fonts, size, em, SMALLEST_PX, body_pitch, cell_h) for size, em in loose.items()},
        **{size: _type(fonts, size, em, SMALLEST_PX, TIGHT_PITCH, cell_h) for size, em in tight.items()},
    }


def dot_types(fonts: Fonts, dots_h: int, dot_aspect: float, zoom_dots: int) -> Mapping[Size, Type]:
    """Return the sizes for mosaic cells `dots_h` dots high, of dots `dot_aspect` times as high as wide.

    Letters are made narrower by the root of that: more words to a line, and still as many dots to a stem as is needed.
    """
    types = {size: _type(fonts, size, dots + zoom_dots, _SMALLEST_DOTS, TIGHT_PITCH, dots_h) for size, dots in _DOTS.items()}
    return {size: replace(kind, em_x_px=kind.em_x_px * math.sqrt(dot_aspect)) for size, kind in types.items()}


def _fitting(fonts: Fonts, size: Size, height_px: int, reach: Reach) -> Type:
    """Return the largest type whose tallest stacks fit a height."""
    kinds = [_type(fonts, size, em, 1.0, 1.0, height_px, reach) for em in range(1, 2 * height_px)]
    return next((kind for kind in reversed(kinds) if kind.height_px == height_px), kinds[0])


def _type(fonts: Fonts, size: Size, em: float, least_em: float, pitch: float, least_pitch: int, reach: Reach | None = None) -> Type:
    """Return a type whose letters' horizontal stroke begins on a pixel's edge, its tallest stacks below the line's top."""
    headline_px = max(round(em * fonts.headline), math.ceil((least_em - 0.25) * fonts.headline))
    em = headline_px / fonts.headline
    above, below = (math.ceil(em * ink - _SOFT_PX) for ink in reach or (fonts.ink_above, fonts.ink_below))
    pitch_px = max(round(em * pitch), least_pitch)
    baseline_px = above + max(0, pitch_px - above - below) // 2
    return Type(em, em, pitch_px, baseline_px, max(pitch_px, baseline_px + below), size in HEAVY)
