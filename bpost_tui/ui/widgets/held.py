"""The stories that a list holds: shown, exchanged and let go of while cursor and screen stay where they are."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import islice

from textual.message import Message

from bpost_tui.model.story import Headline
from bpost_tui.reading.retained import with_retained
from bpost_tui.reading.slices import MOST_ROWS, Slice
from bpost_tui.store.results import Hit
from bpost_tui.typeset.items import Item
from bpost_tui.ui.renderer import Renderer
from bpost_tui.ui.widgets.row_list import RowList

_AGES_HOLD = timedelta(minutes=1)
_NEAR_END = 20
"""Rows before an end of the segment that, once in sight, have more asked for."""


class HeldRows(RowList):
    """A segment of a list of stories; how a story looks is a subclass's."""

    class NearEnd(Message):
        """An end of what is held of the list came near."""

    def __init__(self, renderer: Renderer, clock: Callable[[], datetime], *, id: str) -> None:
        super().__init__(renderer, id=id)
        self._clock = clock
        self.slice = Slice()
        self._hits: Mapping[int, Hit] = {}
        self._notice: tuple[Item, ...] = ()
        self._set_at: datetime | None = None
        """When all that is in sight was last set."""
        self.is_dated = False
        """Whether the rows are in the order of time."""
        self.retained: set[int] = set()
        """Stories, by number, that stay in the list while it is shown, though what was marked takes them out of it."""

    def rows_changed(self) -> None:
        """Do what follows from other rows being held."""

    @property
    def rows(self) -> tuple[Headline, ...]:
        """The stories, the newest or the best first."""
        return self.slice.rows

    @property
    def current(self) -> Headline | None:
        """The story under the cursor."""
        return self.rows[self.cursor] if self.rows else None

    def row_count(self) -> int:
        """Return how many stories are held."""
        return len(self.rows)

    def index_of(self, story_id: int) -> int | None:
        """Return where a story stands in the list."""
        return next((at for at, row in enumerate(self.rows) if row.id == story_id), None)

    def unread(self, start: int, step: int, count: int = 1) -> list[int]:
        """Return the unread rows nearest to `start`, itself left out, in the direction of `step` (1 or -1): so many, or all."""
        reach = range(start + 1, len(self.rows)) if step > 0 else range(start - 1, -1, -1)
        return list(islice((at for at in reach if not self.rows[at].read), count))

    # ── other rows ──────────────────────────────────────────────────────────

    def show(self, slice: Slice, *, hits: Mapping[int, Hit] | None = None, notice: tuple[Item, ...] = ()) -> None:
        """Show another list, from its top or at the row gone to; `hits` say what a query found in the stories, by their numbers."""
        self.retained.clear()
        self._notice = notice
        self._take(slice, hits or {}, slice.at or 0)
        self.reset()
        self._scroll(self._top(self.cursor) - self._middle)

    def update(self, slice: Slice, *, hits: Mapping[int, Hit] | None = None) -> None:
        """Show the same list with other stories: the cursor stays on its story, and that on its line of the screen."""
        hits = self._hits if hits is None else {**{at: hit for at, hit in self._hits.items() if at in self.retained}, **hits}
        slice = self._bounded(slice._replace(rows=self._with_staying(slice.rows), at=None))
        if self._is_shown(slice, hits):
            return
        current, before, top = self.current, self.cursor, self._in_sight.start
        in_sight = self.rows[top : top + 1]
        self._take(slice, hits, self._place_of(current, slice.rows))
        self.measure()
        moved = self.cursor - before
        if in_sight and current is not None and self.index_of(current.id) is None:  # then what is read stays where it is
            there = self.index_of(in_sight[0].id)
            moved = moved if there is None else there - top
        if moved:
            self._scroll(self.scroll_offset.y + moved * self._row_height)

    def turn_to(self, slice: Slice) -> None:
        """Show another part of the same list at the row gone to: on the line where it stands already, or in the middle."""
        target, current = slice.rows[slice.at or 0], self.current
        stays = current is not None and current.id == target.id
        line = self._top(self.cursor) - self.scroll_offset.y if stays else self._middle
        newest, oldest = _newest_first(slice.rows[0]), _newest_first(slice.rows[-1])
        inside = [row for row in self.rows if newest < _newest_first(row) < oldest]
        rows = with_retained(slice.rows, inside, key=_number, stays=self._stays, order=_newest_first)
        self._take(slice._replace(rows=rows), {}, rows.index(target))
        self.measure()
        self._scroll(self._top(self.cursor) - line)
        self.post_message(self.Moved(self, self.cursor))

    def _take(self, slice: Slice, hits: Mapping[int, Hit], cursor: int) -> None:
        self.slice, self._hits = slice._replace(at=None), hits
        self.set_reactive(HeldRows.cursor, self.validate_cursor(cursor))
        self.rows_changed()

    def _scroll(self, line: int) -> None:
        self.scroll_to(y=line, animate=False, force=True, immediate=True)

    @property
    def _middle(self) -> int:
        """The line of the window at which a row stands in its middle."""
        return max(0, (self.scrollable_content_region.height - self._row_height) // 2)

    def _stays(self, row: Headline) -> bool:
        return row.id in self.retained

    def _with_staying(self, rows: tuple[Headline, ...]) -> tuple[Headline, ...]:
        """Return rows with those that stay: at their time, where the rows are in its order, else where they stood."""
        order = _newest_first if self.is_dated else None
        return with_retained(rows, self.rows, key=_number, stays=self._stays, order=order)

    def _place_of(self, row: Headline | None, rows: tuple[Headline, ...]) -> int:
        """Return where a row stands among others, or would stand; where the cursor stood, if they have no order."""
        found = next((at for at, other in enumerate(rows) if row and other.id == row.id), None)
        if found is None and row is not None and self.is_dated:
            return bisect_left(rows, _newest_first(row), key=_newest_first)
        return self.cursor if found is None else found

    def _bounded(self, slice: Slice) -> Slice:
        """Let go of the rows farthest from what is in sight, where there are too many."""
        spare = len(slice.rows) - MOST_ROWS
        if spare <= 0 or not self.is_dated:
            return slice
        top = self._in_sight.start
        middle = self._place_of(next(iter(self.rows[top : top + 1]), None), slice.rows)
        first = max(0, min(middle - MOST_ROWS // 2, spare))
        rows = slice.rows[first : first + MOST_ROWS]
        return Slice(rows, slice.above or first > 0, slice.below or first < spare)

    def _is_shown(self, slice: Slice, hits: Mapping[int, Hit]) -> bool:
        """Whether these stories are shown already, with the ages they have."""
        is_young = self._set_at is not None and self._clock() - self._set_at < _AGES_HOLD
        return is_young and slice == self.slice and hits == self._hits

    def empty_items(self) -> tuple[Item, ...]:
        """Return why there is nothing."""
        return self._notice

    # ── the ends ────────────────────────────────────────────────────────────

    @property
    def _in_sight(self) -> range:
        """The rows in the window; the cursor's, where the list is hidden."""
        if not self.display:
            return range(self.cursor, self.cursor + 1)
        top = self.scroll_offset.y
        return range(self._at(top)[0], self._at(top + self.scrollable_content_region.height)[0] + 1)

    def is_near_end(self, step: int) -> bool:
        """Whether the list goes on below what is held of it, or above where the step is negative, and that is nearly in sight."""
        if step > 0:
            return self.slice.below and self._in_sight.stop > len(self.rows) - _NEAR_END
        return self.slice.above and self._in_sight.start < _NEAR_END

    def watch_cursor(self, old: int, new: int) -> None:
        """Ask for more rows in time, where the list is hidden, too."""
        super().watch_cursor(old, new)
        self._look_for_ends()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Ask for more rows in time, whether the cursor comes near an end or the mouse."""
        super().watch_scroll_y(old_value, new_value)
        self._look_for_ends()

    def measure(self) -> None:
        """Take the height of all rows, and see what of them is set by now."""
        self._set_at = self._clock()
        super().measure()
        self._look_for_ends()

    def _look_for_ends(self) -> None:
        if self.is_near_end(1) or self.is_near_end(-1):
            self.post_message(self.NearEnd())


def _number(row: Headline) -> int:
    return row.id


def _newest_first(row: Headline) -> tuple[float, int]:
    return -row.published.timestamp(), -row.id
