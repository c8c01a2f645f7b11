"""Dots of grey to a cell of a mosaic: which of them are set, and how dark the set ones and the others are.

Coverage comes in `LEVELS` steps, 0 for none: a small number, so that most cells are found in a cache.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

Levels = tuple[int, ...]
"""Those of one cell's dots."""
LEVELS = 16
"""Fewer read worse (12 by a hundredth of all words, 8 by two, 4 by thirteen); more don't read better."""
FULL = LEVELS - 1
QUANTISED = bytes(round(value * FULL / 255) for value in range(256))
"""The table that turns a byte of coverage into its level."""
_MAX_PAPER_LEVEL = 1
"""The level up to which the others become paper: a tenth of the ink is seen as dirt, not as form."""
_MIN_SET_LEVEL = 6
"""The level from which a dot is set where there are no shades; below half, because thin strokes would break."""
_MAX_CELLS = 8192  # remembered, those of five screens: 2 MB


class DotFit(NamedTuple):
    """A cell in two shades."""

    pattern: int
    """Bit n is the nth of its dots."""
    set_level: int
    """How much of the ink the set dots have."""
    rest_level: int
    """How much the others have."""


BLANK = DotFit(0, 0, 0)


@lru_cache(maxsize=_MAX_CELLS)
def two_shades(levels: Levels) -> DotFit:
    """Return the two shades with the least squared error: of a cell's dots in order of their levels, the best split (2-means)."""
    darkest = max(levels)
    if darkest <= _MAX_PAPER_LEVEL:
        return BLANK
    if min(levels) == darkest:
        return DotFit((1 << len(levels)) - 1, darkest, 0)
    total, count = sum(levels), len(levels)
    above = bits = set_sum = split = pattern = 0
    best = -1.0
    for taken, dot in enumerate(sorted(range(count), key=levels.__getitem__, reverse=True)[:-1], 1):
        above += levels[dot]
        bits |= 1 << dot
        score = above * above / taken + (total - above) ** 2 / (count - taken)
        if score > best:
            best, split, set_sum, pattern = score, taken, above, bits
    rest = round((total - set_sum) / (count - split))
    return DotFit(pattern, round(set_sum / split), rest if rest > _MAX_PAPER_LEVEL else 0)


@lru_cache(maxsize=_MAX_CELLS)
def one_shade(levels: Levels) -> DotFit:
    """Return the set dots and their shade with the least squared error where all others are paper."""
    if max(levels) <= _MAX_PAPER_LEVEL:
        return BLANK
    above = bits = set_sum = split = pattern = 0
    best = -1.0
    for taken, dot in enumerate(sorted(range(len(levels)), key=levels.__getitem__, reverse=True), 1):
        above += levels[dot]
        bits |= 1 << dot
        if (score := above * above / taken) > best:
            best, split, set_sum, pattern = score, taken, above, bits
    return DotFit(pattern, round(set_sum / split), 0)


@lru_cache(maxsize=_MAX_CELLS)
def ink_or_paper(levels: Levels) -> DotFit:
    """Return the dots that are ink where there are no shades at all."""
    pattern = sum(1 << dot for dot, level in enumerate(levels) if level >= _MIN_SET_LEVEL)
    return DotFit(pattern, FULL, 0) if pattern else BLANK
