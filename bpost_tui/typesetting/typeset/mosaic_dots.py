"""What type in the dots of a mosaic needs: the smallest sizes that read, and the filter that makes dots of finer samples.

Sizes and filter were measured by OCR of lines blurred as the eye blurs them, in cells of 10 × 20 pixels.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

SAMPLES = 2
"""Across a dot and down it."""
MARGIN = 4
"""Samples that the filter needs on each side of what it makes, and a little more."""
_LANE_BITS = 16
_ONES = b"\1\0"  # a lane that is 1
_DOWN_BIAS, _ACROSS_BIAS = 48, 66  # in units of 64, so that no lane becomes negative
_OFFSET = _DOWN_BIAS + _ACROSS_BIAS
_CLAMPED = bytes(max(0, min(255, 2 * value - _OFFSET)) for value in range(256))

_NARROWEST = 0.8
"""How wide letters are at least, where 1 is as wide as drawn."""
_EM_ACROSS = 11
"""How wide an em is at most, in dots, unless it is higher than that."""
_WITHOUT_SHADES = 1.27
"""How much larger type must be where a dot is ink or paper."""


class DotSizes(NamedTuple):
    """Type in one kind of mosaic, in dots."""

    em: float
    """Down, of body type in a font whose letters are as high as Noto's."""
    small: float
    row: float
    """Of rows that should take as few cells as they can."""
    pitch: int
    """Of body type."""


_SIZES = {
    (2, 4): DotSizes(11, 10.5, 10, 12),
    (2, 3): DotSizes(10, 10, 10, 11),
    (2, 2): DotSizes(8.5, 8.5, 8.5, 10),
    (1, 2): DotSizes(12.5, 12, 12, 14),
}
"""By the dots across a cell and down it."""


def dot_sizes(dots_w: int, dots_h: int, *, shaded: bool = True) -> DotSizes:
    """Return the sizes that read in cells of dots_w × dots_h dots."""
    sizes = _SIZES[dots_w, dots_h]
    if shaded:
        return sizes
    em, small, row = (size * _WITHOUT_SHADES for size in (sizes.em, sizes.small, sizes.row))
    return DotSizes(em, small, row, round(sizes.pitch * _WITHOUT_SHADES))


def em_across(em: float, dot_aspect: float) -> float:
    """Return how many dots wide an em is that is `em` dots high, of dots `dot_aspect` times as high as wide."""
    natural = em * dot_aspect
    return max(_NARROWEST * natural, min(natural, max(_EM_ACROSS, em)))


@lru_cache(maxsize=16)
def _repeated(lane: bytes, lanes: int) -> int:
    return int.from_bytes(lane * lanes, "little")


def filter_samples(samples: bytes, width: int, height: int) -> bytes:
    """Return the coverage of dots, one byte each, row-major from the top.

    A dot takes, on each axis, its own two samples and three beyond on both sides by the taps (−1, −5, 5, 33, 33, 5, −5, −1) / 64:
    the projection of blurred type onto blurred dots with the least squared error, close to Lanczos. It is computed in big
    integers with a lane of 16 bits for each sample.

    Args:
        samples: Coverage of 2 × 2 samples a dot, with `MARGIN` more on each side, row-major.
        width: Dots across.
        height: Dots down.
    """
    stride, lines = SAMPLES * width + 2 * MARGIN, SAMPLES * height + 2 * MARGIN
    row = stride * _LANE_BITS // 8
    spread = bytearray(row * lines)
    spread[:: _LANE_BITS // 8] = samples
    down = _weighted(int.from_bytes(spread, "little"), stride, _DOWN_BIAS, stride * lines).to_bytes(row * lines + 8, "little")
    # each sum starts three samples before its dot, and the margin is four
    kept = b"".join(down[at : at + row] for at in range(row, row + SAMPLES * height * row, SAMPLES * row))
    lanes = int.from_bytes(kept, "little") >> 6 & _repeated(b"\xff\x03", stride * height)
    out = (_weighted(lanes, 1, _ACROSS_BIAS, stride * height) >> 7).to_bytes(row * height + 8, "little")
    dot = SAMPLES * _LANE_BITS // 8
    starts = range(dot // SAMPLES, row * height, row)
    return b"".join(out[at : at + width * dot : dot] for at in starts).translate(_CLAMPED)


def _weighted(lanes: int, step: int, bias: int, count: int) -> int:
    """Return in each lane the sum of the eight from it on, `step` lanes apart, times 64 and the bias."""
    near, side, beyond, end = (
        (lanes >> _LANE_BITS * step * left) + (lanes >> _LANE_BITS * step * (7 - left)) for left in (3, 2, 1, 0)
    )
    return 33 * near + 5 * side + bias * 64 * _repeated(_ONES, count) - 5 * beyond - end
