"""The library on the screen: shelves and stories.

The library is read in threads, each kind of reading in a group of its own, so that only the newest of a kind counts; what a thread
finds comes back by `call_from_thread`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from textual import on, work
from textual.worker import get_current_worker

from bpost_tui.model.story import CategoryCount, Headline, SavedStory, Shelf
from bpost_tui.reading.listing import HISTORY, HISTORY_SLUG, Listing, Listings
from bpost_tui.typeset.items import Item
from bpost_tui.ui.reader.setup import Setup
from bpost_tui.ui.reader.story import StoryScreen
from bpost_tui.ui.renderer import Renderer
from bpost_tui.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from bpost_tui.store.search.highlight import SearchTerms

_POLL_S = 2.0


class ShelfScreen(StoryScreen):
    """Shows shelves and stories."""

    def __init__(self, renderer: Renderer, listings: Listings, setup: Setup, *, offline: bool) -> None:
        super().__init__(renderer, listings, setup)
        self._offline = offline
        self._shelf = Shelf()
        self._query = ""
        self._last_visit: datetime | None = None
        self._wanted: SearchTerms | None = None
        self._turns = 0
        """How often another list, or another part of it, was shown: what was read before that no longer fits."""
        self._is_shown = False
        self._revision = self._listings.library.revision()

    def on_mount(self) -> None:
        """Show what is saved; the portal is asked once that is on the screen."""
        self.go("posts")
        self._load(Shelf(), self._setup.open_story)
        self.set_interval(_POLL_S, self._watch_library)

    # ── what a subclass adds ────────────────────────────────────────────────

    def first_shown(self) -> None:
        """Do what waits until something is on the screen."""

    def remember_place(self) -> None:
        """Remember where one is, before a jump, for the way back."""

    def notice(self) -> tuple[Item, ...]:
        """Return what stands in an empty list."""
        return ()

    # ── reading from the library ────────────────────────────────────────────

    @work(thread=True, group="listing", exclusive=True, exit_on_error=False)
    def _load(self, shelf: Shelf, open_story: int | None = None) -> None:
        """Read another shelf."""
        worker = get_current_worker()
        listing, status = self._listed(shelf, open_story)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._show, listing, status, open_story)

    def _listed(self, shelf: Shelf, open_story: int | None) -> tuple[Listing, str]:
        """Read a shelf, and how old what is shown is."""
        if not self._is_shown:
            self._last_visit = self._listings.library.last_visit()
        listing = self._listings.listing(shelf) if open_story is None else self._listings.around(shelf, "", open_story)
        return listing, self._listings.status(offline=self._offline)

    def _show(self, listing: Listing, status: str, open_story: int | None) -> None:
        first = not self._is_shown
        self._is_shown = True
        self._shelf = listing.shelf
        self._categories.show(listing.counts)
        self._show_rows(listing)
        self._said = status if first else self._said
        story_id = open_story if open_story is not None else self.story_to_show(listing.rows)
        if story_id is None:
            self.show_no_story()
        else:
            self._read(story_id)
        if open_story is not None:
            self.go("story")
        self._show_bars()
        self._count_searches()
        if first:
            self._note_visit()
            self.call_after_refresh(self.first_shown)

    def story_to_show(self, rows: Sequence[Headline]) -> int | None:
        """Return the story of a list that is shown by itself."""
        return rows[0].id if rows else None

    def show_no_story(self) -> None:
        """Leave the story's place empty."""
        self._saved = self._due = None
        self._story.show(())
        self.open_curtain()

    def _show_rows(self, listing: Listing) -> None:
        self._wanted = listing.wanted
        self._turns += 1
        self._posts.is_dated = listing.is_dated
        self._posts.since = self._last_visit if listing.is_dated else None
        self._posts.show(listing.slice, hits=listing.hits, notice=self.notice())

    @work(thread=True, group="reload", exclusive=True, exit_on_error=False)
    def reload(self) -> None:
        """Read the rows that are loaded again: something has been saved or marked."""
        worker, turns, posts = get_current_worker(), self._turns, self._posts
        listing = self._listings.again(self._shelf, self._query, posts.slice, posts.current)
        if not worker.is_cancelled and not self.app.call_from_thread(self._take, listing, turns):
            self.app.call_from_thread(self.reload)

    def _take(self, listing: Listing, turns: int) -> bool:
        """Show what was read for the part of the list that is shown; False where that is another by now."""
        if turns == self._turns:
            self._update(listing)
        return turns == self._turns

    def _update(self, listing: Listing) -> None:
        if (listing.shelf, listing.query) != (self._shelf, self._query):
            return
        self._categories.show(listing.counts)
        was_empty = not self._posts.rows
        was_listed = self._due is not None and self._posts.index_of(self._due) is not None
        if is_turned := listing.slice.at is not None and bool(listing.rows):
            self._turns += 1
            self._posts.turn_to(listing.slice)
        else:
            self._posts.update(listing.slice, hits=listing.hits)
        current = self._posts.current
        if is_turned and current is not None and current.id != self._due:
            self._read(current.id)
        elif self._due is not None:
            self._read_on(self._due, was_listed)
        elif was_empty and (story_id := self.story_to_show(listing.rows)) is not None:
            self._read(story_id)
        self._show_bars()
        self._count_searches()

    def _read_on(self, story_id: int, was_listed: bool) -> None:
        """Read a story again; the cursor's, where one is in the list and what was marked took it out of that."""
        current = self._posts.current
        if self.pane == "story" or not was_listed or self._posts.index_of(story_id) is not None:
            self._read(story_id, keep_place=True)
        elif current is not None:
            self._read(current.id)
        else:
            self.show_no_story()

    @work(thread=True, group="counts", exclusive=True, exit_on_error=False)
    def _count_searches(self) -> None:
        """Count the saved searches anew, behind: that may take longer than a reader waits for a mark."""
        if self._listings.searches.recount() and not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._show_counts, self._listings.shelves())

    def _show_counts(self, counts: Sequence[CategoryCount]) -> None:
        self._categories.show(counts)
        self._show_bars()

    @work(thread=True, group="visit", exit_on_error=False)
    def _note_visit(self) -> None:
        """Remember that the reader is here; when they leave, that is remembered anew, unless they are cut off."""
        self._listings.note_visit()

    def on_unmount(self) -> None:
        """Remember when the reader was here."""
        self._listings.note_visit()

    @work(thread=True, group="poll", exclusive=True, exit_on_error=False)
    def _watch_library(self) -> None:
        """Notice what another process saved or marked."""
        revision = self._listings.library.revision()
        if revision != self._revision:
            self.app.call_from_thread(self.reload)
        self._revision = revision

    def action_category(self, at: int) -> None:
        """Go to a category by its number, from 0, or say that there is none."""
        if at >= self._categories.row_count():
            self._say(self._language.text("There is no category {n}", n=at + 1))
        super().action_category(at)

    # ── what the panes say ──────────────────────────────────────────────────

    @on(RowList.Moved, "#posts")
    def _post_moved(self) -> None:
        row = self._posts.current
        if row is not None and row.id != self._due:
            self._read(row.id)

    @on(RowList.Chosen)
    def _row_chosen(self, event: RowList.Chosen) -> None:
        self.go("posts" if event.sender is self._categories else "story")

    def story_entered(self, saved: SavedStory) -> None:
        """Put a story on top of the history; while that is walked through, it stays as it is."""
        if self._shelf != HISTORY:
            self._note_opened(saved.headline.id)

    @work(thread=True, group="history", exit_on_error=False)
    def _note_opened(self, story_id: int) -> None:
        self._listings.note_opened(story_id)
        if all(count.category.slug != HISTORY_SLUG for count in self._categories.counts):
            self.app.call_from_thread(self._show_counts, self._listings.shelves())
