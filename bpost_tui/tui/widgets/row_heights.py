"""Where the rows of a list begin: a row's height is known once it was set; until then it is taken for the tallest. Pure; lines."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Sequence
from itertools import accumulate


class RowHeights:
    """The heights of rows, known by what they show, and the lines at which they begin.

    >>> heights = RowHeights()
    >>> heights.set_rows(("a", "b", "c"), tallest=4)
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
        """The height of a row that nothing is known of."""
        self._known: dict[Hashable, int] = {}
        self._tops: list[int] | None = None

    def set_rows(self, keys: Sequence[Hashable], *, tallest: int, breaks: Sequence[int] = ()) -> None:
        """Take other rows; what was learnt of those that stay holds, unless rows may be of another height now.

        Args:
            keys: What the height of each row goes by; None where it is the tallest.
            tallest: The height of a row that nothing is known of.
            breaks: Rows with one more line above them, in order.
        """
        if tallest != self.tallest:
            self._known.clear()
        stay = set(keys)
        self._known = {key: height for key, height in self._known.items() if key in stay}
        self._keys, self._breaks, self.tallest, self._tops = keys, breaks, tallest, None

    def forget(self) -> None:
        """Take no height for known any more: type or width have changed."""
        self._known.clear()
        self._tops = None

    def is_fixed(self, row: int) -> bool:
        """Whether a row is as high as the tallest, whatever it shows."""
        return self._keys[row] is None

    def set_height(self, row: int, height: int) -> bool:
        """Take note of a row's height; return whether it is another than was thought."""
        is_other = height != self.height(row)
        self._known[self._keys[row]] = height
        if is_other:
            self._tops = None
        return is_other

    def height(self, row: int) -> int:
        """Return a row's height; the tallest where there is no such row."""
        return self._known.get(self._keys[row], self.tallest) if 0 <= row < len(self._keys) else self.tallest

    def top(self, row: int) -> int:
        """Return the line at which a row begins; of the row after the last, where all end."""
        return self._all_tops()[row]

    def row_at(self, line: int) -> tuple[int, int | None]:
        """Return the row that a line belongs to, and which of its lines that is: None for the line of a break before it.

        Below the last row, that is the number of rows, and the line from there on.
        """
        tops = self._all_tops()
        row = bisect_right(tops, line) - 1
        if row + 1 < len(tops) and row + 1 in self._breaks and line == tops[row + 1] - 1:
            return row + 1, None
        return max(0, row), line - tops[max(0, row)]

    def rows_above(self, line: int) -> float:
        """Return how many rows end above a line, and what part of the next one does."""
        row, within = self.row_at(line)
        return float(row) if within is None or row >= len(self._keys) else row + min(1.0, within / self.height(row))

    def whole_from(self, line: int) -> int:
        """Return the first line, from a line on, at which a row begins; the line itself where none does any more."""
        tops = self._all_tops()
        at = bisect_left(tops, line)
        return tops[at] if at < len(tops) - 1 else line

    def line_showing(self, row: int, line: int, window: int, end: int | None = None) -> int:
        """Return the line to have at the top of a window so that a row is whole in it, and a whole row at the top.

        Args:
            row: The row; where the window is too small for it, its first lines are shown.
            line: What is at the top now; changed as little as needed.
            window: The window's height.
            end: The line that the window may not end before, where that isn't the end of the row.
        """
        top = self.top(row)
        end = top + self.height(row) if end is None else end
        if end > line + window:
            line = self.whole_from(end - window)
        elif self.row_at(line)[1] != 0 and self.whole_from(line) <= top:
            line = self.whole_from(line)
        return max(0, min(line, top))

    def whole_rows(self, line: int, window: int) -> int:
        """Return how many rows are whole in a window that begins at a line."""
        tops = self._all_tops()
        return max(0, bisect_right(tops, line + window) - 1 - bisect_left(tops, line))

    def _all_tops(self) -> list[int]:
        if self._tops is None:
            tops = [0, *accumulate(map(self.height, range(len(self._keys))))]
            for before in self._breaks:
                tops[before:] = [top + 1 for top in tops[before:]]
            self._tops = tops
        return self._tops
