"""How opaque an ink must be sent to a terminal that blends in linear light, so that type is as heavy there as anywhere.

Every other way mixes ink and paper as their bytes stand, as browsers do, and fonts are drawn for that; mixed in linear light, dark
type on light paper comes out thin, and light type on dark paper fat.
"""

from __future__ import annotations

from functools import lru_cache

from bpost_tui.terminal.sgr import mix
from bpost_tui.typeset.surface import Colour

BLENDING_LINEARLY = frozenset({"kitty"})
"""Terminals that do, by the names of `identify`: kitty since 0.28, its first with placeholders."""
_WEIGHTS = (0.2126, 0.7152, 0.0722)
_LEAST_CONTRAST = 0.01
"""Of luminance; below it there is nothing to put right."""


@lru_cache(maxsize=256)
def opacities(paper: Colour, ink: Colour, shades: int) -> bytes:
    """Return how opaque each shade of an ink must be, a byte each, to be an even mix after it was blended in linear light."""
    below, span = luminance(paper), luminance(ink) - luminance(paper)
    shares = [(level + 1) / shades for level in range(shades)]
    if abs(span) >= _LEAST_CONTRAST:
        shares = [(luminance(mix(paper, ink, share)) - below) / span for share in shares]
    return bytes(max(1, min(255, round(255 * share))) for share in shares)


def luminance(colour: Colour) -> float:
    """Return the relative luminance of an sRGB colour, 0 to 1 (WCAG 2.2)."""
    return sum(weight * _linear(part / 255) for weight, part in zip(_WEIGHTS, colour, strict=True))


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
