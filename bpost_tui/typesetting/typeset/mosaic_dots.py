"""Sizes of type in mosaic dots (parts of a cell used as large pixels), and the filter that computes dots from finer samples.

Sizes are the smallest legible ones. Sizes and filter were measured by OCR of lines blurred as the eye blurs them, in cells of
10 × 20 pixels.
"""

from __future__ import annotations

from functools import lru_cache

from bpost_tui.typesetting.text.named_tuple import NamedTuple

SAMPLES = 2
"""Number of samples for each dot in each direction: 2 across and 2 down."""
MARGIN = 4
"""Number of samples added at each edge of a drawing. The filter reads three of them; four is a whole number of dots."""
_LANE_BITS = 16
_ONES = b"\1\0"  # lane with the value 1
_DOWN_BIAS, _ACROSS_BIAS = 48, 66  # in units of 64, so that no lane becomes negative
_OFFSET = _DOWN_BIAS + _ACROSS_BIAS
_CLAMPED = bytes(max(0, min(255, 2 * value - _OFFSET)) for value in range(256))

_NARROWEST = 0.8
"""Minimum width of narrowed letters, as a share of their natural width."""
_EM_ACROSS = 11
"""Width in dots above which an em (the font size) is narrowed. If the em is more dots high than this, its height is the limit."""
_WITHOUT_SHADES = 1.27
"""Enlargement factor of type if the terminal can't show partly inked dots, so that each dot is fully inked or blank."""


class DotSizes(NamedTuple):
    """Sizes of type in dots (parts of a cell used as large pixels), for one number of dots a cell."""

    em: float
    """Height of an em (the font size) of body type, for a font with letters as high as the Noto fonts' letters."""
    small: float
    row: float
    """Height of an em (the font size) in list rows, which should be as few cells high as possible."""
    pitch: int
    """Distance from one line of body type to the next."""


_SIZES = {
    (2, 4): DotSizes(11, 10.5, 10, 12),
    (2, 3): DotSizes(10, 10, 10, 11),
    (2, 2): DotSizes(8.5, 8.5, 8.5, 10),
    (1, 2): DotSizes(12.5, 12, 12, 14),
}
"""Sizes of type by (number of dots across a cell, number of dots down)."""


def dot_sizes(dots_w: int, dots_h: int, *, shaded: bool = True) -> DotSizes:
    """Return the smallest legible sizes of type in cells of dots_w × dots_h dots. `shaded` is whether dots can be partly inked."""
    sizes = _SIZES[dots_w, dots_h]
    if shaded:
        return sizes
    em, small, row = (size * _WITHOUT_SHADES for size in (sizes.em, sizes.small, sizes.row))
    return DotSizes(em, small, row, round(sizes.pitch * _WITHOUT_SHADES))


def em_across(em: float, dot_aspect: float) -> float:
    """Return the width in dots of an em (the font size) that is `em` dots high, for dots `dot_aspect` times as high as wide.

    An em wider than 11 dots, and wider than high, is narrowed, but to no less than four fifths of its width.
    """
    natural = em * dot_aspect
    return max(_NARROWEST * natural, min(natural, max(_EM_ACROSS, em)))


@lru_cache(maxsize=16)
def _repeated(lane: bytes, lanes: int) -> int:
    return int.from_bytes(lane * lanes, "little")


def filter_samples(samples: bytes, width: int, height: int) -> bytes:
    """Return the coverage of each dot by type, computed from finer samples: one byte a dot, row by row from the top.

    On each axis, a dot is the weighted sum of eight samples: its own two and three on either side. The weights (−1, −5, 5, 33, 33,
    5, −5, −1) / 64 make dots, blurred by the eye, look like blurred type with the least squared error; they are close to Lanczos.
    Sums are computed in big integers with 16 bits for each sample.

    Args:
        samples: Coverage, one byte a sample, row by row: 2 × 2 samples a dot, and `MARGIN` more samples on each side.
        width: Number of dots across.
        height: Number of dots down.
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
    """Return the filtered values of samples, 64 times too large, each in a lane (`_LANE_BITS` bits) of a big integer.

    `lanes` has a sample in each lane. A value is the weighted sum of eight samples, which begin at the value's lane and are `step`
    lanes apart, plus `bias`. `count` is the number of lanes.
    """
    near, side, beyond, end = (
        (lanes >> _LANE_BITS * step * left) + (lanes >> _LANE_BITS * step * (7 - left)) for left in (3, 2, 1, 0)
    )
    return 33 * near + 5 * side + bias * 64 * _repeated(_ONES, count) - 5 * beyond - end
