"""Banded galley: a column of typeset lines, drawn in bands of rows as they come into sight; a picture is a band of its own.

The obvious way is to draw a story as one surface (picture of whole cells). That is half a megabyte, drawn and sent before the first
row is seen, and most of it is below the window. kitty also can number only 297 rows of an image. Another way is a surface for each
row of cells. But a line of type reaches into several rows, and would be drawn and sent for each of them. So `BAND_ROWS` rows are
drawn at once. With 8 rows, a scroll step sends at most 12 kB in kitty; with 32 it sent 58 kB and took 15 ms, and a third was off
the screen. Bands begin at fixed rows of the text between two pictures, so that scrolling needs the same bands again. `_MAX_BANDS`
are cached.

Lines of type aren't whole rows of cells high, so the upper or lower edge of a window may cut a line, and half letters look broken.
The rows at such an edge that hold parts of cut lines (`WindowEdge`) get a band of their own without these lines. Such a band serves
only one position of the window, so only the last few are cached. Rules (thin lines) and pictures may be cut anywhere. In plain
cells no line is cut, and `ink_rows` is None. A dialog may cut lines, as a window on a desktop does: if these were left out, there
would be holes beside and above the dialog.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Callable, Sequence

from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.typesetting.typeset.items import Palette, Run
from bpost_tui.typesetting.typeset.layout_engine import LayoutLine, PicturePlace
from bpost_tui.typesetting.typeset.protocols import Band, LinkPlace
from bpost_tui.typesetting.typeset.surface import Surface

BAND_ROWS = 8
"""Number of rows of cells that are drawn as one picture. With 8, a scroll step sends 12 kB to kitty; with 32, 58 kB in 15 ms."""
_MAX_BANDS = 64
_MAX_WINDOWS = 4
_SOFT_ROWS = 0.01
"""Height, in rows of cells, of the part of a line of type that a window's edge may cut off unnoticed.

It is a fifth of a pixel if rows are 20 pixels high. A part of two thirds of a pixel would be seen as a dotted line.
"""

DrawLines = Callable[[Sequence[LayoutLine], int, int, Palette], Surface]
"""Function that draws lines of type on a surface, called with (lines, first row, number of rows, palette)."""
DrawPicture = Callable[[PicturePlace, int, int, Palette], Surface]
"""Function that draws part of a picture on a surface, called with (picture, first row, number of rows, palette)."""
InkRows = Callable[[LayoutLine], tuple[float, float]]
"""Function that returns the top and bottom of a line's letters, in rows of cells from the top of the typeset column. The two
are equal for a rule (thin line) or a picture, because these may be cut anywhere.
"""


class WindowEdge(NamedTuple):
    """Upper or lower edge of a window that cuts lines of type, and the rows of the window that hold parts of these lines."""

    end: int
    """Row of cells just below the edge: for the upper edge, the window's first row; for the lower edge, the row after the last."""
    rows: range
    """Rows in the window that show parts of the cut lines. A row with lines cut by both edges belongs to the lower edge only."""
    bound: int
    """Limit of the rows without parts of cut lines: the first row below them (upper edge), or their first row (lower edge)."""
    lines: tuple[LayoutLine, ...]


class BandedGalley:
    """Galley (column of typeset lines) that is drawn in bands of several rows, as they come into sight, and caches the bands."""

    def __init__(
        self,
        cols: int,
        rows: int,
        *,
        lines: Sequence[LayoutLine],
        line_rows: Sequence[int],
        item_rows: Sequence[int],
        draw_lines: DrawLines,
        cell_w: int = 1,
        ink_rows: InkRows | None = None,
        reach_rows: int = 1,
        pictures: Sequence[tuple[int, PicturePlace]] = (),
        draw_picture: DrawPicture | None = None,
    ) -> None:
        """Make a galley (column of text) of typeset lines, and of the functions that draw lines and pictures.

        Args:
            cols: Width of the galley in cells.
            rows: Height of the galley in cells.
            lines: Lines, from the top.
            line_rows: Row of each line's baseline.
            item_rows: First row of each item (paragraph, picture …).
            draw_lines: Function that draws rows of lines.
            cell_w: Width of a cell, in the unit of the lines' widths (pixels, dots or cells).
            ink_rows: Function that returns a line's top and bottom; None if lines are whole rows, which no window cuts.
            reach_rows: Number of rows that a line's letters may reach above or below its baseline.
            pictures: (first row, picture with its size in cells) of each picture.
            draw_picture: Function that draws rows of a picture; None if pictures stay blank.
        """
        self.cols = cols
        self.rows = rows
        self._cell_w = cell_w
        self._lines = lines
        self._line_rows = line_rows
        self._item_rows = item_rows
        self._draw_lines = draw_lines
        self._pictures = pictures
        self._draw_picture = draw_picture
        self._ink_rows = ink_rows
        self._reach_rows = reach_rows
        self._ink_rows_by_id: dict[int, tuple[float, float]] = {}
        self._edges: dict[range, tuple[WindowEdge, ...]] = {}
        self._bands: OrderedDict[object, Band] = OrderedDict()

    def band(self, row: int, palette: Palette, window: range | None = None) -> Band:
        """Return the band (rows drawn together) that holds a row, in the palette's colours.

        `window` has the rows in sight: lines that its first or last row would cut are left out. With None, no line is left out.

        Raises:
            IndexError: The galley has no such row.
        """
        if not 0 <= row < self.rows:
            raise IndexError(f"a galley of {self.rows} rows has no row {row}")
        start, end, picture = self._stretch(row)
        edge = next((edge for edge in self._edges_in(window) if row in edge.rows), None) if picture is None else None
        if edge is not None:
            return self._edge_band(edge, start, end, palette)
        first = row - (row - start) % BAND_ROWS
        key = first, tuple(sorted(palette.items()))
        band = self._bands.get(key)
        if band is None or (picture is not None and band.surface.photo is None):  # the picture may have arrived
            new = self._band(first, min(BAND_ROWS, end - first), palette, (start, picture) if picture is not None else None)
            if band is None or new.surface.photo is not None:
                band = new
        return self._cached_band(key, band)

    def uncut_rows(self, window: range) -> range:
        """Return the rows of a window that hold no part of a line cut by the window's first or last row."""
        bounds = {edge.end: edge.bound for edge in self._edges_in(window)}
        return range(bounds.get(window.start, window.start), bounds.get(window.stop, window.stop))

    def request_pictures(self, first_row: int, end_row: int) -> None:
        """Request the pictures in rows first_row to end_row - 1 at their shown size, so that they are ready when needed."""
        for row, picture in self._pictures:
            if self._draw_picture is not None and row < end_row and row + picture.rows > first_row:
                self._draw_picture(picture, 0, 1, {})

    def item_at(self, row: int) -> int:
        """Return the index of the item (paragraph, picture…) at a row. White space above an item belongs to the item before."""
        return max(0, bisect_right(self._item_rows, row) - 1)

    def row_of(self, item: int) -> int:
        """Return the first row of the item (paragraph, picture …) with this index."""
        return self._item_rows[item]

    def text(self, row: int) -> str:
        """Return the source text of the lines whose baselines are in this row of cells."""
        return "\n".join(line.source.strip("\n") for line in self._lines_in(row, row + 1) if not line.is_hairline)

    def reversed_row(self) -> int | None:
        """Return the row of the first line with reversed text (a coloured block with letters cut out); None if no line has any."""
        rows = zip(self._line_rows, self._lines, strict=True)
        return next((row for row, line in rows if any(piece.run.is_reversed for piece in line.pieces)), None)

    def links(self, first_row: int, end_row: int) -> tuple[LinkPlace, ...]:
        """Return the place where each link starts, in reading order, for lines with baselines in rows first_row to end_row - 1."""
        found, last = list[LinkPlace](), None
        for at in range(bisect_left(self._line_rows, first_row), bisect_left(self._line_rows, end_row)):
            line = self._lines[at]
            for piece in line.pieces:
                link = piece.run.link
                if link and link != last:
                    top, bottom = self._ink_rows(line) if self._ink_rows else (self._line_rows[at],) * 2
                    found.append(LinkPlace(link, int((top + bottom) / 2), max(0, int(piece.x // self._cell_w))))
                last = link
        return tuple(found)

    def link_at(self, row: int, column: int) -> str | None:
        """Return the address of the link in a cell; None if the cell has no link, or only a link that isn't drawn like a link.

        If no text with its baseline in `row` is in the cell, the lines of the next row are searched, because their letters reach
        into the cell.
        """
        at = column * self._cell_w
        for line_row in (row,) if self._ink_rows is None else (row, row + 1):
            pieces = (piece for line in self._lines_in(line_row, line_row + 1) for piece in line.pieces)
            runs = [piece.run for piece in pieces if piece.x - self._cell_w < at < piece.x + piece.width]
            if runs:
                return next((run.link for run in runs if run.link and _looks_like_link(run)), None)
        return None

    def _lines_in(self, first_row: int, end_row: int) -> Sequence[LayoutLine]:
        """Return the lines whose baselines are in rows first_row to end_row - 1."""
        return self._lines[bisect_left(self._line_rows, first_row) : bisect_left(self._line_rows, end_row)]

    def _stretch(self, row: int) -> tuple[int, int, PicturePlace | None]:
        """Return (start row, end row, picture) of the picture at a row.

        If the row has no picture, return (start row, end row, None) of the lines of type between the nearest pictures.
        """
        start = 0
        for top, picture in self._pictures:
            if row < top:
                return start, top, None
            start = top + picture.rows
            if row < start:
                return top, start, picture
        return start, self.rows, None

    def _band(self, first: int, rows: int, palette: Palette, placed: tuple[int, PicturePlace] | None) -> Band:
        if placed is None or self._draw_picture is None:
            return Band(first, self._draw_lines(self._lines_near(first, first + rows), first, rows, palette))
        top, picture = placed
        return Band(first, self._draw_picture(picture, first - top, rows, palette), (self.cols - picture.cols) // 2)

    def _lines_near(self, first: int, end: int) -> Sequence[LayoutLine]:
        """Return the lines whose letters may reach into the rows from `first` to `end` - 1."""
        row = bisect_left(self._line_rows, first - self._reach_rows)
        return self._lines[row : bisect_right(self._line_rows, end + self._reach_rows)]

    def _edge_band(self, edge: WindowEdge, start: int, end: int, palette: Palette) -> Band:
        """Return one band for the rows of `edge` that are within `start` to `end` - 1, without the lines that the edge cuts."""
        first, stop = max(start, edge.rows.start), min(end, edge.rows.stop)
        key = first, stop, tuple(line.top for line in edge.lines), tuple(sorted(palette.items()))
        band = self._bands.get(key)
        if band is None:
            lines = [line for line in self._lines_near(first, stop) if all(line is not cut for cut in edge.lines)]
            band = Band(first, self._draw_lines(lines, first, stop - first, palette))
        return self._cached_band(key, band)

    def _cached_band(self, key: object, band: Band) -> Band:
        self._bands[key] = band
        self._bands.move_to_end(key)
        if len(self._bands) > _MAX_BANDS:
            self._bands.popitem(last=False)
        return band

    def _edges_in(self, window: range | None) -> tuple[WindowEdge, ...]:
        if window is None or self._ink_rows is None:
            return ()
        if window not in self._edges:
            if len(self._edges) >= _MAX_WINDOWS:
                self._edges.clear()
            self._edges[window] = window_edges(self._lines_near, self._cached_ink_rows, window, self.rows)
        return self._edges[window]

    def _cached_ink_rows(self, line: LayoutLine) -> tuple[float, float]:
        if id(line) not in self._ink_rows_by_id and self._ink_rows is not None:
            self._ink_rows_by_id[id(line)] = self._ink_rows(line)
        return self._ink_rows_by_id[id(line)]


def _looks_like_link(run: Run) -> bool:
    """Whether a run that has a link is drawn like a link.

    The place name in a dateline has a link, but isn't drawn like a link, because a key opens it, not a click.
    """
    return run.underline or run.ink == "link"


def window_edges(
    lines_near: Callable[[int, int], Sequence[LayoutLine]], ink_rows: InkRows, window: range, rows: int
) -> tuple[WindowEdge, ...]:
    """Return the edges of a window that cut lines of a galley (column of typeset lines): none, one, or both (top and bottom).

    If the window begins at row 10 and a line's letters reach from row 9.4 to 10.7, the upper edge cuts the line, and the line's
    part in the window is in row 10.

    Args:
        lines_near: Function that returns the lines that may reach into some rows, called with (first row, row after the last).
        ink_rows: Function that returns a line's top and bottom in rows of cells.
        window: Rows in sight.
        rows: Height of the galley in rows of cells.
    """
    edges = []
    for end in (window.start, window.stop):
        if not 0 < end < rows:
            continue
        cut = [(line, *ink_rows(line)) for line in lines_near(end, end)]
        cut = [(line, top, bottom) for line, top, bottom in cut if top < end - _SOFT_ROWS and bottom > end + _SOFT_ROWS]
        if not cut:
            continue
        if end == window.start:
            bound = math.ceil(max(bottom for _, _, bottom in cut))
            touched = range(end, min(window.stop, bound))
        else:
            bound = math.floor(min(top for _, top, _ in cut))
            touched = range(max(window.start, bound), end)
        edges.append(WindowEdge(end, touched, bound, tuple(line for line, _, _ in cut)))
    if len(edges) == 2 and edges[0].rows.stop > edges[1].rows.start:  # a low window: both ends cut lines in the same rows
        upper, lower = edges
        lines_of_both = tuple({id(line): line for line in upper.lines + lower.lines}.values())
        return (
            upper._replace(rows=range(upper.end, lower.rows.start), lines=lines_of_both),
            lower._replace(lines=lines_of_both),
        )
    return tuple(edges)
