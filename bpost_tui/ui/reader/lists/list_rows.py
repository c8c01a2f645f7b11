"""Going through a list: to a row by its number, to the next unread story, on to rows that aren't loaded yet."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from bpost_tui.reading.lists.slices import More, Row, Unread
from bpost_tui.ui.reader.lists.list_reader import ListReader
from bpost_tui.ui.reader.shared.desk import Desk


class ListRows:
    """Moves the cursor of the posts, and has read what it comes to."""

    def __init__(self, desk: Desk, lists: ListReader) -> None:
        self._desk = desk
        self._lists = lists

    def go_to_row(self, number: int | None) -> None:
        """Go to a row or line by its number, from 1; None is the last, and in the posts the oldest there is."""
        loaded = self._desk.posts.slice
        is_end_loaded = not loaded.more_after
        is_loaded = is_end_loaded if number is None else not loaded.more_before and (number <= len(loaded.rows) or is_end_loaded)
        if self._desk.panes.current != "posts" or is_loaded:
            self._desk.panes.go_to_row(number)
        else:
            self._lists.load(Row(number), partial(self._desk.panes.go_to_row, number))

    def go_to_unread(self, step: int, *, none: Callable[[], None] = lambda: None) -> None:
        """Go so many unread stories on, or back where the step is negative, as far as there are; with none, call `none`."""
        posts, loaded = self._desk.posts, self._desk.posts.slice
        count = abs(step)
        missing = count - len(posts.slice.unread(posts.cursor, step, count))
        is_more = loaded.more_after if step > 0 else loaded.more_before
        if missing and is_more:
            self._lists.load(Unread(loaded, missing if step > 0 else -missing), partial(self._go_as_far, step, none))
        else:
            self._go_as_far(step, none)

    def _go_as_far(self, step: int, none: Callable[[], None]) -> None:
        """Go so many unread stories on among those that are loaded, or to the last of them."""
        found = self._desk.posts.slice.unread(self._desk.posts.cursor, step, abs(step))
        if found:
            self._desk.posts.cursor = found[-1]
        else:
            self._desk.say(self._desk.text("No more unread stories here"))
            none()

    def go_to_story(self, step: int) -> None:
        """Go so many stories on, or back where the step is negative."""
        self._desk.posts.cursor += step

    def space(self) -> None:
        """Page through the story; at its end, go to the next unread one."""
        if self._desk.panes.current != "story":
            self._desk.panes.forward()
        elif self._desk.view.at_end:
            self.go_to_unread(1)
        else:
            self._desk.panes.page(1)

    def load_near_end(self) -> None:
        """Read on where an end of what is loaded is nearly in sight."""
        step = next((step for step in (1, -1) if self._desk.posts.is_near_end(step)), 0)
        if step:
            self._lists.load(More(self._desk.posts.slice, step))
