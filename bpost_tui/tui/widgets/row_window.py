"""Window on a list with rows of different heights. The row at the top is whole. Lengths are lines.

The obvious way is Textual's: scroll by lines, and keep the line at the top. It fails here for three reasons. Rows get their heights
only when they come into sight (`row_heights`): when rows above turn out lower, everything below moves under the reader's eyes. Rows
come and go above the cursor with every refresh. And a window that becomes lower for a moment, as for a notice, would leave the list
at another place afterwards.

So the window remembers an anchor: a row, and the line of the window where the row begins. The anchor's row is the cursor's row if
that is whole, else the first row in the window. Whenever heights or rows change, the list is scrolled so that the anchor's row is
on its line again, until the reader scrolls or moves the cursor, or until a change of rows makes the list too short for that line. A
change of type alone doesn't discard the anchor: if larger type moves the row off its line, smaller type brings it back.

Measuring can bring more rows into sight; it is repeated until nothing changes, 20 times at most. Near the end, all rows down to the
last are measured. Otherwise the line number of the list's end would depend on how the reader scrolled there. After a move by key,
the first row in the window is whole; only the mouse may cut it. We don't typeset all rows to get a true number of lines; the scroll
bar counts rows instead.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from textual.geometry import Size
from textual.scroll_view import ScrollView

from bpost_tui.tui.widgets.row_heights import RowHeights
from bpost_tui.typesetting.text.named_tuple import NamedTuple

_ROUNDS = 20
"""Maximum number of times that rows are measured to fill the window: rows that are lower than assumed leave room for more rows."""


class ScrollAnchor(NamedTuple):
    """Scroll position of a list: the index of a row, and the line of the window that the row begins on."""

    row: int
    line: int
    is_cut: bool = False
    """Whether the first row in the window is partly hidden, as after scrolling by mouse."""


class RowWindow:
    """Scrolls a list by rows instead of lines.

    Args:
        view: List to scroll.
        cursor: Returns the index of the cursor's row, which keeps its line when heights become known. If that row is out of sight,
            the nearest visible row keeps its line.
        measured: Typesets a row, and returns its height.
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
        """Height of the window when the list was last measured."""
        self._is_due = True
        """Whether to scroll to the cursor's row as soon as the window has a size."""

    @property
    def end(self) -> int:
        """Number of the first line after the whole content of the list, which includes the text after the last row."""
        return self.heights.top(self._rows) + self._below

    @property
    def height(self) -> int:
        """Height of the window in lines; 0 while the list is hidden."""
        return self._view.scrollable_content_region.height

    @property
    def whole_rows(self) -> int:
        """Number of rows that are wholly visible in the window."""
        return self.heights.whole_rows(self._view.scroll_offset.y, self.height)

    @property
    def anchor(self) -> ScrollAnchor | None:
        """Row that keeps its line of the window when rows are added or removed, with this line; None if no row was measured yet.

        The row is the cursor's row if all of it is visible, else the first row in the window. But if a caller has requested a row
        on a certain line, this row and line are used until the reader scrolls or moves the cursor, even if the window is too small
        to show the row there.
        """
        return self._place_from(self._view.scroll_offset.y)

    def _place_from(self, line: int) -> ScrollAnchor | None:
        if self._wanted is not None or not self._rows or not self._seen_height:
            return self._wanted
        cursor = min(self._cursor(), self._rows - 1)  # the cursor may belong to the new rows already
        first, within = self.heights.row_at(line)
        row = cursor if self._is_whole(cursor, line, self._seen_height) else min(first, self._rows - 1)
        return ScrollAnchor(row, self.heights.top(row) - line, is_cut=within != 0)

    def _is_whole(self, row: int, line: int, height: int) -> bool:
        """Return whether a window of `height` lines, with `line` at its top, shows all of `row`.

        A row that is higher than the window counts if it begins at the window's top.
        """
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
        """Replace the rows. Rows whose key was in the list before keep their known heights, unless `tallest` has changed.

        Args:
            keys: Cache key of each row's height (equal keys mean equal heights); None for a row that is always `tallest` high.
            tallest: Height in lines assumed for a row whose height isn't known.
            breaks: Indices of rows with an additional line above them, in ascending order.
            below: Number of lines of the text after the last row.
            place: Row to scroll to (an index in the new rows), and the line of the window for it; None to stay at the same place.
            is_reset: Whether to forget all known heights, because the type or the width has changed.
        """
        place = place or self.anchor
        self._rows, self._below = len(keys), below
        if is_reset:
            self.heights.forget()
        has_changed = self.heights.set_rows(keys, tallest=tallest, breaks=breaks)
        self._fit()
        self._wanted = place
        if not self._rows or not self.height:
            self._seen_height = self.height  # Textual scrolls a list while it is hidden
            return
        if place is not None:
            is_reached = self._scroll_to_anchor(place._replace(row=min(place.row, self._rows - 1)))
            if has_changed and not is_reached and not is_reset and self._seen_height == self.height:
                self._wanted = None  # these rows have no such place
        if self._is_due or place is None:
            self._show(self._cursor())
            self._wanted = None
        self._is_due, self._seen_height = False, self.height

    def show(self, row: int) -> None:
        """Scroll as little as needed to show all of `row`, with a whole row at the top.

        For the last row, show also the text after it.
        """
        self._wanted = None
        self._is_due = not self.height
        self._show(row)

    def scroll_to(self, line: int) -> None:
        """Scroll so that `line` is at the top of the window, or as near to the top as the length of the list permits."""
        was_placing, self._is_placing = self._is_placing, True
        self._view.scroll_to(y=line, animate=False, force=True, immediate=True)
        self._is_placing = was_placing

    def scrolled(self, before: int) -> None:
        """Measure the rows that came into view by scrolling; `before` is the line that was at the top until then.

        If the window's height has changed since the last measuring, not the reader but Textual has scrolled, to avoid blank lines.
        The rows aren't measured then, and the next `set_rows` scrolls back.
        """
        if not self._is_placing and self.height != self._seen_height:
            self._wanted = self._place_from(before)
            return
        if not self._is_placing:
            self._wanted = None
        self.measure_visible()

    def measure_visible(self) -> None:
        """Measure the rows in the window. Near the end of the list, measure all rows down to the last, so that the end is exact."""
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
        """Return the length of the scroll bar's track, and the window's position on the track, both in lines.

        All rows count as having the maximum height. With measured heights, both numbers would change whenever a row is measured.
        """
        if not self._rows or self.end <= self.height:
            return self.height, 0.0
        length = max(self.height + 1, self._rows * self.heights.tallest)
        above, hidden = self._hidden_rows()
        return length, (length - self.height) * min(1.0, above / hidden)

    def line_at(self, position: float) -> int:
        """Return the line to put at the window's top if the scroll bar is dragged to `position` on its track; 0 without rows."""
        length, _ = self.scroll_bar_range()
        share = max(0.0, min(1.0, position / max(1, length - self.height)))
        return self.heights.top(round(share * self._hidden_rows()[1])) if self._rows else 0

    def _hidden_rows(self) -> tuple[float, float]:
        """Return the number of rows above the window, and the number of all rows outside it.

        A partly hidden row counts as a fraction.
        """
        line, heights = self._view.scroll_offset.y, self.heights
        above, below = heights.rows_above(line), self._rows - heights.rows_above(line + self.height)
        return above, max(above + below, 0.01)

    def _scroll_to_anchor(self, place: ScrollAnchor) -> bool:
        """Scroll so that the row `place.row` begins at the line `place.line` of the window.

        If that row is the cursor's row, scroll on until it and the first row in the window are wholly visible, unless the mouse had
        left the first row partly hidden. Return whether the list was long enough to scroll the row to its line.
        """
        row, line, is_cut = place
        for _ in range(_ROUNDS):  # rows that come into sight may be lower than assumed
            wanted, end = self.heights.top(row) - line, self._view.virtual_size
            self.scroll_to(wanted)
            self.measure_visible()
            if (self.heights.top(row) - line, self._view.virtual_size) == (wanted, end):
                break
        is_reached = self.heights.top(row) - self._view.scroll_offset.y == line
        stays = is_cut and self._is_whole(row, self._view.scroll_offset.y, self.height)
        if row == self._cursor() and line >= 0 and not stays:
            self._show(row)
        return is_reached

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
        """Set the number of lines that Textual scrolls over.

        Blank lines are added after the end, so that the row at the top is whole even when the list is scrolled to its end.
        """
        past = self.end - self.height
        blank = self.heights.whole_from(past) - past if past > 0 else 0
        self._view.virtual_size = Size(self._view.scrollable_content_region.width, self.end + blank)
