"""One line whose left is set in dots, and whose right is in the terminal's own cells."""

from __future__ import annotations

from bpost_tui.type.typeset.items import Palette
from bpost_tui.type.typeset.protocols import Band, Beside, Cover, Galley, LinkPlace


class PairGalley:
    """A line in dots, in whose row a text in cells is set flush right."""

    def __init__(self, cols: int, left: Galley, right: Galley) -> None:
        self.cols = cols
        self.rows = left.rows
        self._left = left
        self._right = right
        self._row = next((row for row in range(left.rows) if left.text(row)), 0)
        self._right_row = min(self._row, left.rows // 2)  # beside the letters' middle; the baseline's row is that of their feet

    def band(self, row: int, palette: Palette, window: range | None = None, cover: Cover | None = None) -> Band:
        """Return the band that holds a row; where the line is left out, so is what is right of it."""
        band = self._left.band(row, palette, window, cover)
        if window is not None and self._right_row not in self._left.uncut_rows(window):
            return band
        return band._replace(beside=Beside(self._right_row, self.cols - self._right.cols, self._right.band(0, palette).surface))

    def uncut_rows(self, window: range) -> range:
        """Return the rows between what the ends of a window cut."""
        return self._left.uncut_rows(window)

    def item_at(self, row: int) -> int:
        """Return the index of the only item."""
        return 0

    def row_of(self, item: int) -> int:
        """Return the first row of the only item."""
        return 0

    def text(self, row: int) -> str:
        """Return the source text of the line in its row."""
        return "\t".join(filter(None, (self._left.text(row), self._right.text(0)))) if row == self._row else ""

    def reversed_row(self) -> int | None:
        """Return the line's row if it has a reversed run."""
        return self._left.reversed_row()

    def request_pictures(self, first_row: int, end_row: int) -> None:
        """Ask for nothing: a line has no pictures."""

    def links(self, first_row: int, end_row: int) -> tuple[LinkPlace, ...]:
        """Return where links begin in the line, if it stands in these rows."""
        return self._left.links(first_row, end_row)

    def link_at(self, row: int, column: int) -> str | None:
        """Return the address of the link in a cell, if there is one."""
        return self._left.link_at(row, column)
