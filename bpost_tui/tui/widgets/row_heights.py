"""Heights of a list's rows, and the number of each row's first line. Pure. Lengths are lines.

The obvious way gives all rows the same height. In a mosaic (block characters), a row in Bengali is several lines higher than one in
Latin letters, and rows differ in excerpts, search hits and marks. Equal heights would leave empty space below most rows. With equal
heights, a window of 110 by 32 cells showed seven entries of the palette; with different heights, it shows 31. Typesetting all rows
first would cost the time of a full list at every change of width or type.

So a row counts as high as the tallest possible row until it is typeset, which happens when it comes into sight. A known height is
kept under a key of everything that decides it, so that rows that move, or look alike, aren't typeset again. Heights therefore
change while the reader scrolls; `row_window` then keeps the visible rows in place. The scroll bar counts rows, because the number
of lines changes with the heights.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Sequence
from itertools import accumulate


class RowHeights:
    """Heights of the rows of a list, and the first line of each row. Known heights are stored by the rows' cache keys.

    >>> heights = RowHeights()
    >>> heights.set_rows(("a", "b", "c"), tallest=4)
    True
    >>> heights.set_height(1, 3)
    True
    >>> [heights.top(row) for row in range(4)]
    [0, 4, 7, 11]
    >>> heights.row_at(5)
    (1, 1)
    """

    def __init__(self) -> None:
        self._keys: Sequence[Hashable] = ()
        self._breaks: Sequence[int] = ()
        self.tallest = 1
        """Height in lines assumed for every row whose height isn't known yet."""
        self._known: dict[Hashable, int] = {}
        self._tops: list[int] | None = None

    def set_rows(self, keys: Sequence[Hashable], *, tallest: int, breaks: Sequence[int] = ()) -> bool:
        """Replace the rows, and return whether the sequence of their keys has changed.

        Rows whose key was in the list before keep their known heights, unless `tallest` has changed.

        Args:
            keys: Cache key of each row's height (equal keys mean equal heights); None for a row that is always `tallest` high.
            tallest: Height in lines assumed for a row whose height isn't known.
            breaks: Indices of rows with an additional line above them, in ascending order.
        """
        if tallest != self.tallest:
            self._known.clear()
        has_changed = keys != self._keys
        stay = set(keys)
        self._known = {key: height for key, height in self._known.items() if key in stay}
        self._keys, self._breaks, self.tallest, self._tops = keys, breaks, tallest, None
        return has_changed

    def forget(self) -> None:
        """Forget all known heights, because the type or the width has changed."""
        self._known.clear()
        self._tops = None

    def is_fixed(self, row: int) -> bool:
        """Return whether the row always has the maximum height."""
        return self._keys[row] is None

    def set_height(self, row: int, height: int) -> bool:
        """Store the measured height of `row`; return whether it differs from the height used until now."""
        is_other = height != self.height(row)
        self._known[self._keys[row]] = height
        if is_other:
            self._tops = None
        return is_other

    def height(self, row: int) -> int:
        """Return the height of `row` in lines; the maximum height if the index is beyond the last row."""
        return self._known.get(self._keys[row], self.tallest) if 0 <= row < len(self._keys) else self.tallest

    def top(self, row: int) -> int:
        """Return the number of the first line of the row with the index `row`.

        If `row` is the number of rows, return the number of the line after the last row.
        """
        return self._all_tops()[row]

    def row_at(self, line: int) -> tuple[int, int | None]:
        """Return the index of the row that contains `line`, and the index of the line within that row.

        If `line` is the additional line above a row, return the row's index and None. If `line` is below all rows, return the
        number of rows, and the number of lines between the end of the last row and `line`.
        """
        tops = self._all_tops()
        row = bisect_right(tops, line) - 1
        if row + 1 < len(tops) and row + 1 in self._breaks and line == tops[row + 1] - 1:
            return row + 1, None
        return max(0, row), line - tops[max(0, row)]

    def rows_above(self, line: int) -> float:
        """Return the number of rows that end above `line`, plus the part (0 to 1) above `line` of the row that contains `line`."""
        row, within = self.row_at(line)
        return float(row) if within is None or row >= len(self._keys) else row + min(1.0, within / self.height(row))

    def whole_from(self, line: int) -> int:
        """Return the first line of the next row that begins at or below `line`; if there is none, return `line` itself."""
        tops = self._all_tops()
        at = bisect_left(tops, line)
        return tops[at] if at < len(tops) - 1 else line

    def line_showing(self, row: int, line: int, window: int, end: int | None = None) -> int:
        """Return the line to put at the top of a window, so that the window shows all of `row` and begins with a whole row.

        Args:
            row: Index of the row to show. If the row is higher than the window, only its first lines are shown.
            line: Line at the top now. The result is as near to this line as possible.
            window: Height of the window in lines.
            end: Line after the last line that must be visible; None for the line after `row`.
        """
        top = self.top(row)
        end = top + self.height(row) if end is None else end
        if end > line + window:
            line = self.whole_from(end - window)
        elif self.row_at(line)[1] != 0 and self.whole_from(line) <= top:
            line = self.whole_from(line)
        return max(0, min(line, top))

    def whole_rows(self, line: int, window: int) -> int:
        """Return the number of rows that are wholly visible in a window of `window` lines whose top is at `line`."""
        tops = self._all_tops()
        return max(0, bisect_right(tops, line + window) - 1 - bisect_left(tops, line))

    def _all_tops(self) -> list[int]:
        if self._tops is None:
            tops = [0, *accumulate(map(self.height, range(len(self._keys))))]
            for before in self._breaks:
                tops[before:] = [top + 1 for top in tops[before:]]
            self._tops = tops
        return self._tops
