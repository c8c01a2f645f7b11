"""Movements in a list: to a row by number, to the next unread story, and to rows that aren't loaded yet."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from bpost_tui.core.lists.list_slice import NextRows, RowsAtNumber, RowsAtUnread
from bpost_tui.core.lists.list_source import ListSource
from bpost_tui.tui.lists.list_controller import ListController
from bpost_tui.tui.shared.screen_context import ScreenContext


class ListNavigation:
    """Moves the cursor in the list of stories, and loads the rows that a movement needs."""

    def __init__(self, context: ScreenContext, lists: ListController) -> None:
        self._context = context
        self._lists = lists
        self._last_dead_end: tuple[ListSource, int, int] | None = None
        """List, row index and direction (True for down) of the last search for an unread story that found none.

        If the key is pressed again in the same row, the search continues from the list's other end.
        """

    def go_to_row(self, number: int | None) -> None:
        """Go to row `number` of the current pane, from 1, or to the last row if None.

        In the list of stories, the row is loaded first if it isn't loaded yet.
        """
        loaded = self._context.posts.slice
        is_end_loaded = not loaded.more_after
        is_loaded = is_end_loaded if number is None else not loaded.more_before and (number <= len(loaded.rows) or is_end_loaded)
        if self._context.panes.current != "posts" or is_loaded:
            self._context.panes.go_to_row(number)
        else:
            self._lists.load(RowsAtNumber(number), partial(self._context.panes.go_to_row, number))

    def go_to_unread(self, step: int, *, none: Callable[[], None] = lambda: None) -> None:
        """Go down `step` unread stories, or up if `step` is negative.

        If there are fewer, go to the last of them. If there are none, show a message and call `none`. Exception: a second call at
        the same row continues from the other end of the list, if it has unread stories there.
        """
        posts, loaded = self._context.posts, self._context.posts.slice
        count = abs(step)
        missing = count - len(posts.slice.unread(posts.cursor, step, count))
        is_more = loaded.more_after if step > 0 else loaded.more_before
        if missing and is_more:
            self._lists.load(
                RowsAtUnread(loaded, missing if step > 0 else -missing), partial(self._go_to_loaded_unread, step, none)
            )
        else:
            self._go_to_loaded_unread(step, none)

    def _go_to_loaded_unread(self, step: int, none: Callable[[], None]) -> None:
        """Go down `step` unread stories among the loaded rows, or up if negative. If there are fewer, go to the last of them.

        If there are none, show a message and call `none`. Exception: a second call at the same row continues from the other end of
        the list, if it has unread stories there.
        """
        posts = self._context.posts
        found = posts.slice.unread(posts.cursor, step, abs(step))
        if found:
            posts.cursor = found[-1]
            return
        here = self._context.session.requested, posts.cursor, step > 0
        unread_elsewhere, is_again, self._last_dead_end = self._unread_in_other_direction(step), self._last_dead_end == here, here
        if unread_elsewhere and is_again:
            self._wrap_around(1 if step > 0 else -1)
            return
        self._context.show_answer(self._no_more_unread(step, unread_elsewhere))
        none()

    def _no_more_unread(self, step: int, unread_elsewhere: int) -> str:
        if not unread_elsewhere:
            return self._context.text("No more unread stories here")
        text, shown = self._context.text, self._context.keys.key_label
        if step > 0:
            return text("Nothing unread below; {n} above · {key} again to go there", n=unread_elsewhere, key=shown("next_unread"))
        return text("Nothing unread above; {n} below · {key} again to go there", n=unread_elsewhere, key=shown("previous_unread"))

    def _unread_in_other_direction(self, step: int) -> int:
        """Return the number of the list's unread stories above the cursor if `step` is positive, else below it.

        All unread stories of the list may be counted, because this method is called only if the direction of `step` has none.
        """
        posts, source = self._context.posts, self._context.session.requested
        loaded = len(posts.slice.unread(posts.cursor, -step, len(posts.slice.rows)))
        is_more = posts.slice.more_before if step > 0 else posts.slice.more_after
        counted = next((row.unread for row in self._context.categories.rows if row.source == source), 0) if is_more else 0
        return max(loaded, counted)

    def _wrap_around(self, step: int) -> None:
        """Go to the first unread story, searching from the list's top if `step` is positive, else from its bottom."""
        loaded = self._context.posts.slice
        if loaded.more_before if step > 0 else loaded.more_after:
            self._lists.load(RowsAtNumber(1 if step > 0 else None), partial(self._from_end, step), always=True)
        else:
            self._from_end(step)

    def _from_end(self, step: int) -> None:
        posts = self._context.posts
        posts.cursor = 0 if step > 0 else len(posts.slice.rows) - 1
        if posts.slice.unread(posts.cursor - step, step) != [posts.cursor]:
            self.go_to_unread(step)

    def go_to_story(self, step: int) -> None:
        """Go down `step` stories, or up if `step` is negative."""
        self._context.posts.cursor += step

    def space(self) -> None:
        """Scroll the story by a page; at its end, go to the next unread story. In another pane, go one pane to the right."""
        if self._context.panes.current != "story":
            self._context.panes.forward()
        elif self._context.view.at_end:
            self.go_to_unread(1)
        else:
            self._context.panes.page(1)

    def load_near_end(self) -> None:
        """Load more rows if the first or the last loaded row is about to come into view."""
        step = next((step for step in (1, -1) if self._context.posts.is_near_end(step)), 0)
        if step:
            self._lists.load(NextRows(self._context.posts.slice, step))
