"""Going from story to story, and on through a list that is loaded as the reader goes."""

from __future__ import annotations

from textual import on, work
from textual.worker import get_current_worker

from bpost_tui.ui.desk import Listing
from bpost_tui.ui.widgets.posts import Posts

from .shelf import ShelfScreen


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
        found = self._posts.unread(self._posts.cursor, step, count)
        if len(found) < count and step > 0 and self._has_more:
            self._read_on_to_unread(count)
        elif found:
            self._posts.cursor = found[-1]
        else:
            self._say(self._language.text("No more unread stories here"))

    @work(thread=True, group="more", exclusive=True, exit_on_error=False)
    def _read_on_to_unread(self, count: int) -> None:
        """Read the next rows of the list until there are so many unread ones among them, or no more; then go there."""
        worker = get_current_worker()
        listing = self._desk.more(self._shelf, self._query, loaded := self._posts.rows)
        while listing.more and sum(not row.read for row in listing.rows[len(loaded) :]) < count and not worker.is_cancelled:
            listing = self._desk.more(self._shelf, self._query, listing.rows)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._show_unread, listing, count)

    def _show_unread(self, listing: Listing, count: int) -> None:
        if (listing.shelf, listing.query) == (self._shelf, self._query):
            self._update(listing)
            self._go_to_unread(1, count)

    # ── rows that aren't read yet ──────────────────────────────────────────────

    @on(Posts.NearEnd)
    def _near_end(self) -> None:
        if self._has_more:
            self._more()

    @work(thread=True, group="more", exclusive=True, exit_on_error=False)
    def _more(self) -> None:
        """Read the next rows of the list."""
        rows = self._posts.rows
        listing = self._desk.more(self._shelf, self._query, rows)
        if len(listing.rows) > len(rows) and not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._update, listing)

    def go_to_row(self, number: int | None) -> None:
        """Go to a row or line by its number, from 1; None is the last, and in the posts the oldest there is."""
        if self.pane == "posts" and (number is None or number > len(self._posts.rows)):
            self._load_rest(number)
        else:
            super().go_to_row(number)

    @work(thread=True, group="more", exclusive=True, exit_on_error=False)
    def _load_rest(self, number: int | None) -> None:
        """Read the rows of the list down to a number, or all, and go to the last of them."""
        listing = self._desk.listing(self._shelf, self._query, at_least=self._desk.count() if number is None else number)
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._update, listing)
            self.app.call_from_thread(super().go_to_row, number)
