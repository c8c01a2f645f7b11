"""Lines of type that a window's edge would cut: they are shown whole or not at all."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import NamedTuple

from bpost_tui.typeset.layout import Line

_NEAR_ROWS = 6
"""How far from a line's baseline its ink may reach, in rows; the largest type of a mosaic takes five."""
_SOFT_CELLS = 0.03
"""What of a line may be cut unnoticed: less than a pixel."""

Reach = Callable[[Line], tuple[float, float]]
"""Says from where to where a line has ink, in rows of its galley; the same twice where it may be cut."""


class Edge(NamedTuple):
    """The rows at one end of a window that hold parts of lines which don't stand in it whole."""

    end: int
    """The row of the window's end."""
    rows: range
    lines: tuple[Line, ...]


def edges_of(lines: Sequence[Line], line_rows: Sequence[int], reach: Reach, window: range, rows: int) -> tuple[Edge, ...]:
    """Return the edges of a window on a galley.

    Args:
        lines: All lines of the galley, from its top.
        line_rows: The row of each one's baseline.
        reach: How far a line's ink reaches.
        window: The rows in sight.
        rows: How high the galley is.
    """
    edges = []
    for end in (window.start, window.stop):
        if not 0 < end < rows:
            continue
        near = lines[bisect_left(line_rows, end - _NEAR_ROWS) : bisect_right(line_rows, end + _NEAR_ROWS)]
        cut = [(line, *reach(line)) for line in near]
        cut = [(line, top, bottom) for line, top, bottom in cut if top < end - _SOFT_CELLS and bottom > end + _SOFT_CELLS]
        if not cut:
            continue
        if end == window.start:
            touched = range(end, min(window.stop, math.ceil(max(bottom for _, _, bottom in cut))))
        else:
            touched = range(max(window.start, math.floor(min(top for _, top, _ in cut))), end)
        edges.append(Edge(end, touched, tuple(line for line, _, _ in cut)))
    if len(edges) == 2 and edges[0].rows.stop > edges[1].rows.start:  # a low window: both ends cut what is in the same rows
        upper, lower = edges
        lines_of_both = tuple({id(line): line for line in upper.lines + lower.lines}.values())
        return (
            Edge(upper.end, range(upper.end, lower.rows.start), lines_of_both),
            Edge(lower.end, lower.rows, lines_of_both),
        )
    return tuple(edges)
