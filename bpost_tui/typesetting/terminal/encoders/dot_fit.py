"""Division of the dots of a cell, drawn as a block character, into two groups of one shade each: a cell has only two colours.

A dot's coverage by ink is one of a few levels, from 0 (no ink) to `FULL`, so that most cells are found in a cache.

A cell shows one character in one foreground and one background colour, so its dots share two shades. The obvious way is a
threshold: dots with more than half coverage are drawn as ink, the others as paper (background). Such text is hard to read, because
all dots of a thin stroke may be below half, and the stroke breaks. So the dots are divided into two groups, each drawn in its mean
shade. To find the best division, the dots are sorted by level, and each way to split this order in two is tried (2-means in one
dimension). The split with the least squared error is used. Levels up to `_MAX_PAPER_LEVEL` count as paper, since so little ink
looks like dirt.

If the terminal's background is unknown, one group is bare paper (`one_shade`); also in braille, whose dots don't fill a cell. A
terminal without colours does get a threshold (`ink_or_paper`), below half so that strokes don't break.
"""

from __future__ import annotations

from functools import lru_cache

from bpost_tui.typesetting.text.named_tuple import NamedTuple

Levels = tuple[int, ...]
"""Coverage of each dot in a cell by ink, from 0 (none) to `FULL` (all), row by row from the top left."""
LEVELS = 16
"""Number of levels of a dot's coverage by ink, including 0. With 12, 8 and 4 levels, a further 1 %, 2 % and 13 % of all words are
misread; more than 16 levels bring no gain.
"""
FULL = LEVELS - 1
QUANTISED = bytes(round(value * FULL / 255) for value in range(256))
"""Translation table from a byte of coverage (0 to 255) to a level (0 to `FULL`)."""
_MAX_PAPER_LEVEL = 1
"""Maximum level (coverage by ink) of a dot drawn as background: so little ink looks like dirt, not like part of a letter."""
_MIN_SET_LEVEL = 6
"""Minimum level (coverage by ink) of a dot drawn as ink if there are no shades. It is below half, so that thin strokes don't
break.
"""
_MAX_CELLS = 8192  # cached: the cells of five screens, 2 MB


class DotFit(NamedTuple):
    """Dots of a cell divided into two groups, each drawn in one shade."""

    pattern: int
    """Bits of the dots drawn in the foreground (the set dots); bit n is the dot with index n."""
    set_level: int
    """Shade of the dots drawn in the foreground, as a level of coverage by ink from 0 (none) to `FULL`."""
    rest_level: int
    """Shade of the remaining dots, as a level of coverage by ink; 0 is the bare background."""


BLANK = DotFit(0, 0, 0)
PART_PATTERNS = (0x0033, 0x00CC, 0x3300, 0xCC00, 0x00FF, 0x3333, 0xCC33, 0xF000, 0x1111, 0xFFF0, 0x7777)
"""Shapes of 4 × 4 dots that a block character can fill: quadrants, pairs of quadrants, and parts with a straight edge.

A shape is a number with a bit for each dot: the lowest for the dot at the top left, then from left to right, row by row.
"""


@lru_cache(maxsize=_MAX_CELLS)
def two_shades(levels: Levels) -> DotFit:
    """Return the best division of a cell's dots into two shades: the division with the least squared error.

    `levels` has the coverage of each dot by ink. The dots are sorted by level, and divided into a darker and a lighter group
    (2-means). If all levels are equal, there is only one group. Dots that are nearly without ink are left blank.
    """
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
def two_blocks(levels: Levels) -> DotFit:
    """Return the division of 4 × 4 dots into two shades that a block character can show with the least squared error.

    One shade fills a quadrant, two quadrants, the quarter of the cell at the bottom or at the left, or all but the quarter at the
    top or at the right. The other shade fills the rest. `levels` has the coverage of each dot by ink.
    """
    if max(levels) <= _MAX_PAPER_LEVEL:
        return BLANK
    # The obvious way is to add up the levels of each pattern's dots in a loop. Even with the dots of each pattern computed before,
    # that takes 2.4 times as long for a cell. So the sums are written out, and the sums of quadrants are used for halves.
    a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p = levels  # noqa: E741
    upper_left, upper_right, lower_left, lower_right = a + b + e + f, c + d + g + h, i + j + m + n, k + l + o + p
    total = upper_left + upper_right + lower_left + lower_right
    sums = (
        upper_left,
        upper_right,
        lower_left,
        lower_right,
        upper_left + upper_right,
        upper_left + lower_left,
        upper_left + lower_right,
        m + n + o + p,
        a + e + i + m,
        total - a - b - c - d,
        total - d - h - l - p,
    )
    _, part_sum, part, count = max(
        (inked * inked / size + (total - inked) ** 2 / (16 - size), inked, pattern, size)
        for inked, pattern, size in zip(sums, PART_PATTERNS, map(int.bit_count, PART_PATTERNS), strict=True)
    )
    part_level, rest_level = (
        level if level > _MAX_PAPER_LEVEL else 0 for level in (round(part_sum / count), round((total - part_sum) / (16 - count)))
    )
    if part_level != rest_level:
        return DotFit(part, part_level, rest_level)
    return DotFit(0xFFFF, part_level, 0) if part_level else BLANK


def quadrant_levels(levels: Levels) -> Levels:
    """Reduce a cell of 4 × 4 dots to 2 × 2 dots. The level (coverage with ink) of each new dot is the mean of four dots' levels."""
    return tuple(round(sum(levels[at + by] for by in (0, 1, 4, 5)) / 4) for at in (0, 2, 8, 10))


@lru_cache(maxsize=_MAX_CELLS)
def one_shade(levels: Levels) -> DotFit:
    """Return the best division of a cell's dots into one shade and bare background: the division with the least squared error.

    `levels` has the coverage of each dot by ink.
    """
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
    """Return the division of a cell's dots into fully coloured and blank dots, for terminals without shades.

    `levels` has the coverage of each dot by ink; dots of the level `_MIN_SET_LEVEL` or more are coloured.
    """
    pattern = sum(1 << dot for dot, level in enumerate(levels) if level >= _MIN_SET_LEVEL)
    return DotFit(pattern, FULL, 0) if pattern else BLANK
