"""The window on a list: rows get their heights as they come into sight, and a whole row stands at the top. Lengths are lines."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from textual.geometry import Size
from textual.scroll_view import ScrollView

from bpost_tui.ui.widgets.row_heights import RowHeights

_ROUNDS = 20
"""How often a window is filled again, at most, whose rows turned out to be lower than was thought."""


class RowWindow:
    """Scrolls a list by its rows.

    Args:
        view: The list.
        cursor: Returns the row that stays where it is when heights become known, or the nearest to it in sight.
        measured: Sets a row and returns its height.
    """

    def __init__(self, view: ScrollView, cursor: Callable[[], int], measured: Callable[[int], int]) -> None:
        self.heights = RowHeights()
        self._view = view
        self._cursor = cursor
        self._measured = measured
        self._rows = 0
        self._below = 0
        self._is_settling = False

    @property
    def end(self) -> int:
        """The line after all that the list shows, what stands below its rows included."""
        return self.heights.top(self._rows) + self._below

    @property
    def height(self) -> int:
        """The window's height; 0 while it isn't shown."""
        return self._view.scrollable_content_region.height

    @property
    def whole_rows(self) -> int:
        """How many rows are whole in the window."""
        return self.heights.whole_rows(self._view.scroll_offset.y, self.height)

    def take(self, keys: Sequence[Hashable], *, tallest: int, breaks: Sequence[int], below: int) -> None:
        """Take other rows, as `RowHeights.take` does, with so many lines below the last."""
        self._rows, self._below = len(keys), below
        self.heights.take(keys, tallest=tallest, breaks=breaks)
        self._fit()
        self.settle()

    def show(self, row: int) -> None:
        """Scroll as little as needed to have a row whole, and a whole row at the top; after the last, what is below, too."""
        if not self._rows or not self.height:
            return
        self.settle()
        for _ in range(_ROUNDS):  # what comes into sight may be lower than was thought
            line = self._view.scroll_offset.y
            wanted = self.heights.line_showing(row, line, self.height, self.end if row == self._rows - 1 else None)
            if wanted == line:
                return
            self.scroll_to(wanted)
            self.settle()

    def scroll_to(self, line: int) -> None:
        """Have a line at the top of the window, as far as there are lines."""
        self._view.scroll_to(y=line, animate=False, force=True, immediate=True)

    def settle(self) -> None:
        """Take the heights of the rows in the window."""
        if self._is_settling or not self._rows or not self.height:
            return
        self._is_settling = True
        for _ in range(_ROUNDS):
            line, heights = self._view.scroll_offset.y, self.heights
            rows = range(min(heights.at(line)[0], self._rows - 1), min(heights.at(line + self.height - 1)[0] + 1, self._rows))
            unknown = [row for row in rows if not heights.is_known(row)]
            if not unknown:
                break
            fixed = min(max(self._cursor(), rows.start), rows.stop - 1)
            stands = heights.top(fixed) - line
            for row in unknown:
                heights.learn(row, self._measured(row))
            self._fit()
            self.scroll_to(heights.top(fixed) - stands)
            self._view.refresh()
        self._is_settling = False

    def _fit(self) -> None:
        """Have as many lines as all takes, with blank ones at the end, so that a whole row can be at the top there, too."""
        past = self.end - self.height
        blank = self.heights.whole_from(past) - past if past > 0 else 0
        self._view.virtual_size = Size(self._view.scrollable_content_region.width, self.end + blank)
