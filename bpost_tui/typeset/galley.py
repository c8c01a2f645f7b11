"""The galley that both typesetters return: lines cut into bands where they are looked at; a picture is a band of its own."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import NamedTuple

from bpost_tui.typeset.items import Band, Palette
from bpost_tui.typeset.layout import Line, Plate
from bpost_tui.typeset.surface import Surface

BAND_ROWS = 8
"""What one scroll step may have to draw and send: 12 kB in kitty; 32 rows were 58 kB and 15 ms, a third of them off the screen."""
_REMEMBERED_BANDS = 64
_REMEMBERED_WINDOWS = 4

Cut = Callable[[Sequence[Line], int, int, Palette], Surface]
"""Makes the surface of some rows with these lines: (lines, first row, number of rows, palette)."""
CutPlate = Callable[[Plate, int, int, Palette], Surface]
"""Makes the surface of some rows of a picture: (picture, the first of its rows, number of rows, palette)."""


class BandedGalley:
    """Set type, as many cells high as it needs."""

    def __init__(
        self,
        cols: int,
        rows: int,
        *,
        lines: Sequence[Line],
        line_rows: Sequence[int],
        item_rows: Sequence[int],
        cut: Cut,
        cell_w: int = 1,
        reach: Reach | None = None,
        plates: Sequence[tuple[int, Plate]] = (),
        cut_plate: CutPlate | None = None,
    ) -> None:
        self.cols = cols
        self.rows = rows
        self._cell_w = cell_w
        self._lines = lines
        self._line_rows = line_rows
        self._item_rows = item_rows
        self._cut = cut
        self._plates = plates
        self._cut_plate = cut_plate
        self._reach = reach
        self._reaches: dict[int, tuple[float, float]] = {}
        self._edges: dict[range, tuple[Edge, ...]] = {}
        self._bands: OrderedDict[object, Band] = OrderedDict()

    def band(self, row: int, palette: Palette, window: range | None = None) -> Band:
        """Return the band that holds a row, drawn in these inks; the same object again while it is remembered.

        Of the lines that the ends of a window cut, nothing is drawn.

        Raises:
            IndexError: The galley has no such row.
        """
        if not 0 <= row < self.rows:
            raise IndexError(f"a galley of {self.rows} rows has no row {row}")
        start, end, plate = self._stretch(row)
        edge = next((edge for edge in self._edges_in(window) if row in edge.rows), None) if plate is None else None
        if edge is not None:
            return self._edge_band(edge, start, end, palette)
        first = row - (row - start) % BAND_ROWS
        key = first, tuple(sorted(palette.items()))
        band = self._bands.get(key)
        if band is None or (plate is not None and band.surface.photo is None):  # the picture may be there by now
            new = self._band(first, min(BAND_ROWS, end - first), palette, (start, plate) if plate is not None else None)
            if band is None or new.surface.photo is not None:
                band = new
        return self._remembered(key, band)

    def whole(self, window: range) -> range:
        """Return the rows of a window between the lines that its ends cut."""
        start, end = window.start, window.stop
        for edge in self._edges_in(window):
            if edge.end == window.start:
                start = edge.rows.stop
            else:
                end = edge.rows.start
        return range(start, end)

    def _remembered(self, key: object, band: Band) -> Band:
        self._bands[key] = band
        self._bands.move_to_end(key)
        if len(self._bands) > _REMEMBERED_BANDS:
            self._bands.popitem(last=False)
        return band

    def _edges_in(self, window: range | None) -> tuple[Edge, ...]:
        if window is None or self._reach is None:
            return ()
        if window not in self._edges:
            if len(self._edges) >= _REMEMBERED_WINDOWS:
                self._edges.clear()
            self._edges[window] = edges_of(self._lines, self._line_rows, self._reached, window, self.rows)
        return self._edges[window]

    def _reached(self, line: Line) -> tuple[float, float]:
        if id(line) not in self._reaches and self._reach is not None:
            self._reaches[id(line)] = self._reach(line)
        return self._reaches[id(line)]

    def _edge_band(self, edge: Edge, start: int, end: int, palette: Palette) -> Band:
        """Return the band of the rows at an edge that lie in a stretch of type."""
        first, stop = max(start, edge.rows.start), min(end, edge.rows.stop)
        key = first, stop, tuple(line.top for line in edge.lines), tuple(sorted(palette.items()))
        band = self._bands.get(key)
        if band is None:
            lines = [line for line in self._lines if all(line is not cut for cut in edge.lines)]
            band = Band(first, self._cut(lines, first, stop - first, palette))
        return self._remembered(key, band)

    def _stretch(self, row: int) -> tuple[int, int, Plate | None]:
        """Return the rows, from and to, of the picture that a row belongs to, or of the type between two pictures."""
        start = 0
        for top, plate in self._plates:
            if row < top:
                return start, top, None
            start = top + plate.rows
            if row < start:
                return top, start, plate
        return start, self.rows, None

    def _band(self, first: int, rows: int, palette: Palette, placed: tuple[int, Plate] | None) -> Band:
        if placed is None or self._cut_plate is None:
            return Band(first, self._cut(self._lines, first, rows, palette))
        top, plate = placed
        return Band(first, self._cut_plate(plate, first - top, rows, palette), (self.cols - plate.cols) // 2)

    def develop(self, first_row: int, end_row: int) -> None:
        """Ask for the pictures in these rows, in the size in which they stand, that they may be there before they are seen."""
        for row, plate in self._plates:
            if self._cut_plate is not None and row < end_row and row + plate.rows > first_row:
                self._cut_plate(plate, 0, 1, {})

    def item_at(self, row: int) -> int:
        """Return which of the items stands at a row; the white above an item is the item's before it."""
        return max(0, bisect_right(self._item_rows, row) - 1)

    def row_of(self, item: int) -> int:
        """Return the first row of an item."""
        return self._item_rows[item]

    def text(self, row: int) -> str:
        """Return the source text of the lines whose baselines fall in a row."""
        first, end = bisect_left(self._line_rows, row), bisect_right(self._line_rows, row)
        return "\n".join(line.source.strip("\n") for line in self._lines[first:end])

    def reversed_row(self) -> int | None:
        """Return the row of the first line that has something reversed, None where none has."""
        rows = zip(self._line_rows, self._lines, strict=True)
        return next((row for row, line in rows if any(piece.run.is_reversed for piece in line.pieces)), None)

    def links(self, first_row: int, end_row: int) -> tuple[str, ...]:
        """Return the addresses of the links in the lines whose baselines fall in these rows, each once, in reading order."""
        lines = self._lines[bisect_left(self._line_rows, first_row) : bisect_left(self._line_rows, end_row)]
        return tuple(dict.fromkeys(piece.run.link for line in lines for piece in line.pieces if piece.run.link))

    def link_at(self, row: int, column: int) -> str | None:
        """Return the address of the link that stands in a cell, if one does; a line reaches into the row above its baseline's."""
        at = column * self._cell_w
        for near in (row, row + 1):
            first, end = bisect_left(self._line_rows, near), bisect_right(self._line_rows, near)
            for piece in (piece for line in self._lines[first:end] for piece in line.pieces):
                if piece.run.link and piece.x - self._cell_w < at < piece.x + piece.width:
                    return piece.run.link
        return None


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
