"""Going from story to story, and on through a list that is loaded as the reader goes."""

from __future__ import annotations

from functools import partial

from textual import on, work
from textual.worker import get_current_worker

from bpost_tui.ui.reader.shelf import ShelfScreen
from bpost_tui.ui.widgets.post_list import PostList


class WalkScreen(ShelfScreen):
    """Shelves that are walked through by what is unread."""

    def action_space(self) -> None:
        """Page through the story; at its end, the next unread one."""
        if self.pane != "story":
            self.action_forward()
        elif self._story.at_end:
            self._go_to_unread(1, self.take_count() or 1)
        else:
            self.action_page_down()

    def action_next_unread(self) -> None:
        """Go to the next unread story."""
        self._go_to_unread(1, self.take_count() or 1)

    def action_previous_unread(self) -> None:
        """Go to the previous unread story."""
        self._go_to_unread(-1, self.take_count() or 1)

    def _go_to_unread(self, step: int, count: int) -> None:
        """Go so many unread stories on in a direction, as far as there are."""
        posts = self._posts
        missing = count - len(posts.unread(posts.cursor, step, count))
        if missing and posts.is_dated and (posts.slice.below if step > 0 else posts.slice.above):
            self._turn_to_unread(step, missing, count)
        elif missing and step > 0 and posts.slice.below:
            self._read_on_to_unread(count)
        else:
            self._go_as_far(step, count)

    def _go_as_far(self, step: int, count: int) -> None:
        """Go so many unread stories on among those that are loaded, or to the last of them."""
        found = self._posts.unread(self._posts.cursor, step, count)
        if found:
            self._posts.cursor = found[-1]
        else:
            self._say(self._language.text("No more unread stories here"))

    @work(thread=True, group="more", exclusive=True, exit_on_error=False)
    def _turn_to_unread(self, step: int, missing: int, count: int) -> None:
        """Show the part of the list around the unread story that is so many beyond what is loaded, where there is any."""
        worker, turns, held = get_current_worker(), self._turns, self._posts.slice
        segments = self._listings.segments
        listing = self._listings.part(self._shelf, lambda shelf: segments.around_unread(shelf, held, step * missing))
        if worker.is_cancelled:
            return
        if listing.slice.at is None:
            self.app.call_from_thread(self._go_as_far, step, count)
        else:
            self.app.call_from_thread(self._take, listing, turns)

    @work(thread=True, group="more", exclusive=True, exit_on_error=False)
    def _read_on_to_unread(self, count: int) -> None:
        """Read the next rows of what was found until there are so many unread ones among them, or no more; then go there."""
        worker, turns, loaded = get_current_worker(), self._turns, len(self._posts.rows)
        listing = self._listings.more(self._shelf, self._query, self._posts.slice)
        while listing.slice.below and sum(not row.read for row in listing.rows[loaded:]) < count and not worker.is_cancelled:
            listing = self._listings.more(self._shelf, self._query, listing.slice)
        if not worker.is_cancelled and self.app.call_from_thread(self._take, listing, turns):
            self.app.call_from_thread(self._go_as_far, 1, count)

    # ── rows that aren't read yet ──────────────────────────────────────────────

    @on(PostList.NearEnd)
    def _near_end(self) -> None:
        step = next((step for step in (1, -1) if self._posts.is_near_end(step)), 0)
        if step:
            self._more(step)

    @work(thread=True, group="more", exclusive=True, exit_on_error=False)
    def _more(self, step: int) -> None:
        """Read the next rows of the list, below or above."""
        worker, turns = get_current_worker(), self._turns
        listing = self._listings.more(self._shelf, self._query, self._posts.slice, step)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._take, listing, turns)

    def go_to_row(self, number: int | None) -> None:
        """Go to a row or line by its number, from 1; None is the last, and in the posts the oldest there is."""
        held, posts = self._posts.slice, self._posts
        is_held = not held.below if number is None else not held.above and (number <= len(held.rows) or not held.below)
        if self.pane != "posts" or is_held:
            super().go_to_row(number)
        elif posts.is_dated:
            self._turn_to_row(number)
        else:
            self._load_rest(number)

    @work(thread=True, group="more", exclusive=True, exit_on_error=False)
    def _turn_to_row(self, number: int | None) -> None:
        """Show the part of the list around a row, or its end."""
        worker, turns, segments = get_current_worker(), self._turns, self._listings.segments
        read = segments.last if number is None else partial(segments.around_number, number=number)
        listing = self._listings.part(self._shelf, read)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._take, listing, turns)

    @work(thread=True, group="more", exclusive=True, exit_on_error=False)
    def _load_rest(self, number: int | None) -> None:
        """Read the rows of what was found down to a number, or all, and go to the last of them."""
        worker, turns = get_current_worker(), self._turns
        listing = self._listings.listing(self._shelf, self._query, at_least=self._listings.count() if number is None else number)
        if not worker.is_cancelled and self.app.call_from_thread(self._take, listing, turns):
            self.app.call_from_thread(super().go_to_row, number)
