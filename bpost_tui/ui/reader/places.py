"""The way back: where the reader was before each jump."""

from __future__ import annotations

from collections import deque
from typing import Final, NamedTuple

from textual import work

from bpost_tui.model.story import SavedStory, Shelf
from bpost_tui.reading.listing import ALL_SLUG, Listing, query_of
from bpost_tui.ui.reader.finding import FindScreen
from bpost_tui.ui.widgets.row_list import RowList

_DEPTH: Final = 200
"""Places remembered; nobody goes further back by pressing a key."""


class Place(NamedTuple):
    """Where a reader is: in which list, at which story, how far in it."""

    slug: str
    """The category that the pane of categories stands on."""
    shelf: Shelf
    query: str
    row: int
    story: int
    within: tuple[int, float]
    """The item at the top of the window, and how much of it is above."""
    pane: str


class PlaceScreen(FindScreen):
    """Shelves and stories with a way back."""

    _places: deque[Place]
    _is_returning = False
    _slug = ALL_SLUG
    """Of what the list shows; the cursor of the categories may be on its way to another."""
    _has_stayed = False
    """Whether one has been in the list, not only passed it in the categories."""

    def on_mount(self) -> None:
        """Begin where one is."""
        self._places = deque(maxlen=_DEPTH)

    def remember_place(self) -> None:
        """Remember where one is, before a jump, for the way back."""
        if self._saved is None or self._is_returning:
            return
        story, row = self._saved.headline.id, self._posts.cursor
        place = Place(self._slug, self._shelf, self._query, row, story, self._story.place, self._here)
        if not self._places or self._places[-1] != place:
            self._places.append(place)

    @property
    def _here(self) -> str:
        return next(pane for pane in ("story", "categories", "posts") if self.has_class(f"at-{pane}") or pane == "posts")

    # ── what is a jump ──────────────────────────────────────────────────────

    def shelf_chosen(self, slug: str) -> None:
        """Show what a row of the categories stands for."""
        if self._has_stayed:
            self.remember_place()
        self._slug, self._has_stayed = slug, False
        super().shelf_chosen(slug)

    def pane_changed(self) -> None:
        """Note that one is in the list, or in a story of it."""
        super().pane_changed()
        self._has_stayed = self._has_stayed or self.pane != "categories"

    def action_find(self, query: str) -> None:
        """Show what a query finds."""
        self.remember_place()
        super().action_find(query)

    def action_story(self, story_id: int) -> None:
        """Open a story, wherever it stands."""
        self.remember_place()
        super().action_story(story_id)
        self._slug = self._categories.slug

    def _query_typed(self, typed: str) -> None:
        if not self._query and typed.strip():
            self.remember_place()
        super()._query_typed(typed)

    def leave_story(self) -> None:
        """Remember a story that was being read when the next one is shown."""
        if self.pane == "story" and self._saved and not (self._places and self._places[-1].story == self._saved.headline.id):
            self.remember_place()
        super().leave_story()

    # ── back ────────────────────────────────────────────────────────────────

    def action_retrace(self) -> None:
        """Go back to where one was before, as far as is remembered."""
        if self._places:
            self._return_to(self._places.pop())
        else:
            self._say(self._language.text("There is no place before this one"))

    @work(thread=True, group="listing", exclusive=True, exit_on_error=False)
    def _return_to(self, place: Place) -> None:
        listing = self._listings.around(place.shelf, place.query, place.story, at_least=place.row + 1)
        saved = self._listings.story(place.story)
        self.app.call_from_thread(self._show_place, place, listing, saved)

    def _show_place(self, place: Place, listing: Listing, saved: SavedStory) -> None:
        self._is_returning = True
        self._shelf, self._query, self._slug = place.shelf, place.query, place.slug
        self._categories.show(listing.counts)
        slugs = [count.category.slug for count in self._categories.counts]
        self._categories.set_reactive(RowList.cursor, slugs.index(place.slug) if place.slug in slugs else 0)
        self._categories.refresh()
        self._show_rows(listing)
        with self._posts.prevent(RowList.Moved):
            at = self._posts.index_of(place.story) if listing.slice.at is None else listing.slice.at
            self._posts.cursor = place.row if at is None else at
        self._show_story(saved, keep_place=False, place=0)
        self._story.restore(place.within)
        if place.query and place.query != query_of(place.slug):
            self._ask_query(place.query, focus=False)
        else:
            self.stop_asking()
        self.go(place.pane)
        self._is_returning = False
        self._show_bars()
