"""Searching: a line to type in, and a list that changes with every letter."""

from __future__ import annotations

from textual import work
from textual.worker import get_current_worker

from bpost_tui.model.story import Shelf
from bpost_tui.reading.listing import Listing, query_of, shelf_of
from bpost_tui.reading.wording import problem_line
from bpost_tui.ui.reader.asking import AskScreen, Question
from bpost_tui.ui.widgets.row_list import RowList

_PROBLEM_LINES = 3
"""What a query has wrong is told whole."""


class SearchScreen(AskScreen):
    """Shelves, and what a query finds in all of them."""

    def action_search(self) -> None:
        """Open the line, on what is being searched."""
        self.go("posts")
        self._ask_query(self._query)

    def action_find(self, query: str) -> None:
        """Show what a query finds, as if it had been typed."""
        self._ask_query(query, focus=False)
        self.go("posts")
        self._search(query)

    def _ask_query(self, query: str, *, focus: bool = True) -> None:
        invitation = self._language.text("Search: words, “phrases”, tag:, category:, after:7d, is:unread …")
        self.ask(Question(invitation, self._query_typed, self._query_entered, self._leave_search), query, focus=focus)

    def action_story(self, story_id: int) -> None:
        """Open a story, wherever it stands."""
        at = self._posts.index_of(story_id)
        if at is None:
            self.stop_asking()
            self._query = ""
            self._categories.set_reactive(RowList.cursor, 0)
            self._load(Shelf(), story_id)
        else:
            self._posts.cursor = at
            self.go("story")

    def action_back(self) -> None:
        """Leave the search, where one is open; else go one pane to the left."""
        if self.pane == "posts" and self._query and self._query != query_of(self._categories.slug) and not self._asked.has_focus:
            self._leave_search()
        else:
            super().action_back()

    def _leave_search(self) -> None:
        """Go back to the shelf or the saved search that the categories stand on."""
        self.stop_asking()
        self.go("posts")
        if self._query != query_of(self._categories.slug):
            self._query = query_of(self._categories.slug)
            if self._query:
                self._search(self._query)
            else:
                self._say("")  # what was found says nothing any more
                self._load(self._shelf)

    def _query_typed(self, typed: str) -> None:
        query = typed.strip()
        if query != self._query:
            self._search(query)

    def _query_entered(self, typed: str) -> None:
        if typed.strip():
            self.go("posts")
        else:
            self._leave_search()

    @work(thread=True, group="listing", exclusive=True, exit_on_error=False)
    def _search(self, query: str) -> None:
        """Find what fits the query as it stands; an older one's answer no longer counts."""
        worker = get_current_worker()
        listing = self._listings.listing(self._shelf, query)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._show_found, listing)

    def _show_found(self, listing: Listing) -> None:
        self._query = listing.query
        self._show_rows(listing)
        if listing.rows:
            self._read(listing.rows[0].id)
        self._say(self._found(listing), lines=_PROBLEM_LINES if listing.problem else 1)

    def _found(self, listing: Listing) -> str:
        """Say how much was found, how the query was read, and what of it couldn't be followed."""
        text = self._language.text
        if not listing.query:
            return self._listings.status(offline=self._offline)
        count = len(listing.rows)
        parts = [text("more than {n} found", n=count) if listing.slice.below else text("{n} found", n=count), listing.reading]
        if listing.problem is not None:
            parts.append(problem_line(listing.problem, self._language))
        return " · ".join(part for part in parts if part)

    def shelf_chosen(self, slug: str) -> None:
        """Show what a row of the categories stands for; a search ends with that."""
        self.stop_asking()
        self._query = query_of(slug)
        if self._query:
            self._search(self._query)
        else:
            self._shelf = shelf_of(slug)
            self._load(self._shelf)
