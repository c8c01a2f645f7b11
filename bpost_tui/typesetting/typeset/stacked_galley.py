"""Galleys of drawn dots combined with galleys of the terminal's own characters, one below the other or side by side."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.typesetting.typeset.items import Palette
from bpost_tui.typesetting.typeset.protocols import Band, Galley, LinkPlace, SideText


class StackedPart(NamedTuple):
    """Galley (column of typeset lines) in a stack, with the numbers of its first row and of its first item in the whole stack."""

    first_row: int
    first_item: int
    galley: Galley


class StackedGalley:
    """Galleys (columns of typeset lines) one below the other, shown as one galley.

    Each part extends down to the first row of the next part.
    """

    def __init__(self, cols: int, parts: Sequence[StackedPart]) -> None:
        self.cols = cols
        self._parts = parts
        self._first_rows = [part.first_row for part in parts]
        self._first_items = [part.first_item for part in parts]
        self.rows = parts[-1].first_row + parts[-1].galley.rows

    def band(self, row: int, palette: Palette, window: range | None = None) -> Band:
        """Return the band (rows drawn together) that holds a row, with row numbers counted from the top of the whole stack.

        `window` has the rows in sight: lines that its first or last row would cut are left out. With None, no line is left out.

        Raises:
            IndexError: The galley has no such row.
        """
        part = self._at(row)
        inside = None if window is None else _moved(window, -part.first_row)
        band = part.galley.band(row - part.first_row, palette, inside)
        beside = band.side_text and band.side_text._replace(row=band.side_text.row + part.first_row)
        return band._replace(first_row=band.first_row + part.first_row, side_text=beside)

    def uncut_rows(self, window: range) -> range:
        """Return the rows of a window that hold no part of a line cut by the window's first or last row."""
        if not window:
            return window
        first, last = (
            _moved(part.galley.uncut_rows(_moved(window, -part.first_row)), part.first_row)
            for part in (self._at(window.start), self._at(window.stop - 1))
        )
        return range(first.start, last.stop)

    def item_at(self, row: int) -> int:
        """Return the index of the item (paragraph, picture…) at a row."""
        part = self._at(row)
        return part.first_item + part.galley.item_at(row - part.first_row)

    def row_of(self, item: int) -> int:
        """Return the first row of the item (paragraph, picture …) with this index."""
        part = self._parts[max(0, bisect_right(self._first_items, item) - 1)]
        return part.first_row + part.galley.row_of(item - part.first_item)

    def text(self, row: int) -> str:
        """Return the source text of the lines whose baselines are in this row of cells."""
        part = self._at(row)
        return part.galley.text(row - part.first_row)

    def reversed_row(self) -> int | None:
        """Return the row of the first line with reversed text (a coloured block with letters cut out); None if no line has any."""
        rows = ((part.first_row, part.galley.reversed_row()) for part in self._parts)
        return next((first + row for first, row in rows if row is not None), None)

    def request_pictures(self, first_row: int, end_row: int) -> None:
        """Request the pictures in rows first_row to end_row - 1 at their shown size."""
        for part in self._between(first_row, end_row):
            part.galley.request_pictures(first_row - part.first_row, end_row - part.first_row)

    def links(self, first_row: int, end_row: int) -> tuple[LinkPlace, ...]:
        """Return the place where each link starts in rows first_row to end_row - 1, in reading order."""
        parts = self._between(first_row, end_row)
        found = ((part.first_row, part.galley.links(first_row - part.first_row, end_row - part.first_row)) for part in parts)
        return tuple(place._replace(row=first + place.row) for first, places in found for place in places)

    def link_at(self, row: int, column: int) -> str | None:
        """Return the address of the link in a cell; None if the cell has no link, or only a link that isn't drawn like a link."""
        part = self._at(row)
        return part.galley.link_at(row - part.first_row, column)

    def _at(self, row: int) -> StackedPart:
        return self._parts[max(0, bisect_right(self._first_rows, row) - 1)]

    def _between(self, first_row: int, end_row: int) -> Iterator[StackedPart]:
        return (part for part in self._parts if part.first_row < end_row and part.first_row + part.galley.rows > first_row)


def _moved(rows: range, by: int) -> range:
    return range(rows.start + by, rows.stop + by)


class PairGalley:
    """Galley (typeset column) of one line: text drawn as dots at the left, and text in the terminal's characters at the right."""

    def __init__(self, cols: int, left: Galley, right: Galley) -> None:
        self.cols = cols
        self.rows = left.rows
        self._left = left
        self._right = right
        self._row = next((row for row in range(left.rows) if left.text(row)), 0)
        self._right_row = min(self._row, left.rows // 2)  # at the letters' middle; the baseline's row is at their feet

    def band(self, row: int, palette: Palette, window: range | None = None) -> Band:
        """Return the band (rows drawn together) that holds a row.

        `window` has the rows in sight. If its first or last row cuts the line, the band has neither the left nor the right text,
        since half a line of dots can't be read. With None, no text is left out.
        """
        band = self._left.band(row, palette, window)
        if window is not None and self._right_row not in self._left.uncut_rows(window):
            return band
        return band._replace(
            side_text=SideText(self._right_row, self.cols - self._right.cols, self._right.band(0, palette).surface)
        )

    def uncut_rows(self, window: range) -> range:
        """Return the rows of a window that hold no part of a line cut by the window's first or last row."""
        return self._left.uncut_rows(window)

    def item_at(self, row: int) -> int:
        """Return 0, because the galley has only one item: its line."""
        return 0

    def row_of(self, item: int) -> int:
        """Return 0, because the only item, the line, starts at the top."""
        return 0

    def text(self, row: int) -> str:
        """Return both texts, left then right, for the row with the line's baseline, and "" for any other row."""
        return "\t".join(filter(None, (self._left.text(row), self._right.text(0)))) if row == self._row else ""

    def reversed_row(self) -> int | None:
        """Return the line's row if the line has reversed text; otherwise None."""
        return self._left.reversed_row()

    def request_pictures(self, first_row: int, end_row: int) -> None:
        """Do nothing, because this galley has no pictures."""

    def links(self, first_row: int, end_row: int) -> tuple[LinkPlace, ...]:
        """Return the place where each link of the left text starts; empty if the line isn't in rows first_row to end_row - 1."""
        return self._left.links(first_row, end_row)

    def link_at(self, row: int, column: int) -> str | None:
        """Return the address of the link at `row` and `column` of the left text; None if no text there is drawn as a link."""
        return self._left.link_at(row, column)
