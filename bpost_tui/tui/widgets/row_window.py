"""The window on a list: rows get their heights as they come into sight, and the row at the top is whole. Lengths are lines."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple

from textual.geometry import Size
from textual.scroll_view import ScrollView

from bpost_tui.tui.widgets.row_heights import RowHeights

_ROUNDS = 20
"""How often a window is filled again, at most, whose rows turned out to be lower than was thought."""


class ScrollAnchor(NamedTuple):
    """Where a list is: a row, by its number, and the line of the window on which it begins."""

    row: int
    line: int
    is_cut: bool = False
    """Whether the first row in the window is cut, as the mouse leaves it."""


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
        self._is_measuring = False
        self._is_placing = False
        self._wanted: ScrollAnchor | None = None
        self._seen_height = 0
        """The window's height when it was last seen."""
        self._is_due = True
        """Whether the cursor's row was to be shown while the window wasn't."""

    @property
    def end(self) -> int:
        """The line after all that the list shows, what is below its rows included."""
        return self.heights.top(self._rows) + self._below

    @property
    def height(self) -> int:
        """The window's height; 0 while it isn't shown."""
        return self._view.scrollable_content_region.height

    @property
    def whole_rows(self) -> int:
        """How many rows are whole in the window."""
        return self.heights.whole_rows(self._view.scroll_offset.y, self.height)

    @property
    def anchor(self) -> ScrollAnchor | None:
        """Where the list is, by the cursor's row where it is whole, else by the first in the window; None where it has none.

        For as long as nobody moves either, it is the line on which it was to be, though the window has no room there now.
        """
        return self._place_from(self._view.scroll_offset.y)

    def _place_from(self, line: int) -> ScrollAnchor | None:
        if self._wanted is not None or not self._rows or not self._seen_height:
            return self._wanted
        cursor = min(self._cursor(), self._rows - 1)  # which may be one of other rows already
        first, within = self.heights.row_at(line)
        row = cursor if self._is_whole(cursor, line, self._seen_height) else min(first, self._rows - 1)
        return ScrollAnchor(row, self.heights.top(row) - line, is_cut=within != 0)

    def _is_whole(self, row: int, line: int, height: int) -> bool:
        """Say whether a row is whole in a window that begins at a line; one that is too high for it, as far as it can be."""
        return line <= self.heights.top(row) <= line + height - min(self.heights.height(row), height)

    def set_rows(
        self,
        keys: Sequence[Hashable],
        *,
        tallest: int,
        breaks: Sequence[int],
        below: int,
        place: ScrollAnchor | None = None,
        is_reset: bool = False,
    ) -> None:
        """Take other rows, as `RowHeights.set_rows` does, with so many lines below the last.

        The list stays at its place, or goes to another, of a row by its new number.
        No height is known any more where rows are set again: type or width have changed.
        """
        place = place or self.anchor
        self._rows, self._below = len(keys), below
        if is_reset:
            self.heights.forget()
        self.heights.set_rows(keys, tallest=tallest, breaks=breaks)
        self._fit()
        self._wanted = place
        if not self._rows or not self.height:
            self._seen_height = self.height  # until it is seen again, Textual scrolls it
            return
        if place is not None:
            row = min(place.row, self._rows - 1)
            self._scroll_to_anchor(place._replace(row=row))
            is_reached = self.heights.top(row) - self._view.scroll_offset.y == place.line
            if not is_reached and not is_reset and self._seen_height == self.height:
                self._wanted = None  # there is no such place among these rows
        if self._is_due or place is None:
            self._show(self._cursor())
            self._wanted = None
        self._is_due, self._seen_height = False, self.height

    def show(self, row: int) -> None:
        """Scroll as little as needed to have a row whole, and a whole row at the top; after the last, what is below, too."""
        self._wanted = None
        self._is_due = not self.height
        self._show(row)

    def scroll_to(self, line: int) -> None:
        """Have a line at the top of the window, as far as there are lines."""
        was_placing, self._is_placing = self._is_placing, True
        self._view.scroll_to(y=line, animate=False, force=True, immediate=True)
        self._is_placing = was_placing

    def scrolled(self, before: int) -> None:
        """Take the heights of the rows that came into sight by any scrolling; `before` is the line that was at the top.

        Where the window has another height now, it was Textual, which leaves no blank lines: the place stays, until it is taken.
        """
        if not self._is_placing and self.height != self._seen_height:
            self._wanted = self._place_from(before)
            return
        if not self._is_placing:
            self._wanted = None
        self.measure_visible()

    def measure_visible(self) -> None:
        """Take the heights of the rows in the window; near the end of all down to the last, so that it is where it is."""
        if self._is_measuring or not self._rows or not self.height:
            return
        self._is_measuring = True
        for _ in range(_ROUNDS):
            line, heights = self._view.scroll_offset.y, self.heights
            rows = range(
                min(heights.row_at(line)[0], self._rows - 1), min(heights.row_at(line + self.height - 1)[0] + 1, self._rows)
            )
            fixed = min(max(self._cursor(), rows.start), rows.stop - 1)
            offset = heights.top(fixed) - line
            last_page = self.end - self.height
            if last_page <= line + self.height:
                rows = range(max(0, min(heights.row_at(last_page)[0], rows.start)), self._rows)
            if not [row for row in rows if not heights.is_fixed(row) and heights.set_height(row, self._measured(row))]:
                break
            self._fit()
            self.scroll_to(heights.top(fixed) - offset)
            self._view.refresh()
        self._is_measuring = False

    def scroll_bar_range(self) -> tuple[int, float]:
        """Return for how long a scroll bar takes the list, and where the window is on it: by rows, whatever heights are known."""
        if not self._rows or self.end <= self.height:
            return self.height, 0.0
        length = max(self.height + 1, self._rows * self.heights.tallest)
        above, hidden = self._hidden_rows()
        return length, (length - self.height) * min(1.0, above / hidden)

    def line_at(self, position: float) -> int:
        """Return the line at the top of the window where a scroll bar is at a position."""
        length, _ = self.scroll_bar_range()
        share = max(0.0, min(1.0, position / max(1, length - self.height)))
        return self.heights.top(round(share * self._hidden_rows()[1])) if self._rows else 0

    def _hidden_rows(self) -> tuple[float, float]:
        """Return how many rows are above the window, and how many aren't in it; of a row that is cut, its part."""
        line, heights = self._view.scroll_offset.y, self.heights
        above, below = heights.rows_above(line), self._rows - heights.rows_above(line + self.height)
        return above, max(above + below, 0.01)

    def _scroll_to_anchor(self, place: ScrollAnchor) -> None:
        """Go to a place; the cursor's row is whole there, and so is the first in the window, unless the mouse has cut it."""
        row, line, is_cut = place
        for _ in range(_ROUNDS):  # what comes into sight may be lower than was thought
            wanted, end = self.heights.top(row) - line, self._view.virtual_size
            self.scroll_to(wanted)
            self.measure_visible()
            if (self.heights.top(row) - line, self._view.virtual_size) == (wanted, end):
                break
        stays = is_cut and self._is_whole(row, self._view.scroll_offset.y, self.height)
        if row == self._cursor() and line >= 0 and not stays:
            self._show(row)

    def _show(self, row: int) -> None:
        if not self._rows or not self.height:
            return
        self.measure_visible()
        for _ in range(_ROUNDS):
            line = self._view.scroll_offset.y
            wanted = self.heights.line_showing(row, line, self.height, self.end if row == self._rows - 1 else None)
            if wanted == line:
                return
            self.scroll_to(wanted)
            self.measure_visible()

    def _fit(self) -> None:
        """Have as many lines as all takes, with blank ones at the end, so that a whole row can be at the top there, too."""
        past = self.end - self.height
        blank = self.heights.whole_from(past) - past if past > 0 else 0
        self._view.virtual_size = Size(self._view.scrollable_content_region.width, self.end + blank)
