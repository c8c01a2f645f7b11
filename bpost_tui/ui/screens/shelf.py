"""The library on the screen: shelves and stories.

The library is read in threads, each kind of reading in a group of its own, so that only the newest of a kind counts; what a thread
finds comes back by `call_from_thread`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from textual import on, work
from textual.timer import Timer
from textual.worker import Worker, WorkerState, get_current_worker

from bpost_tui.errors import BPostError
from bpost_tui.news.model import CategoryCount, Headline, Image, SavedStory, Shelf
from bpost_tui.typeset.galley import Item
from bpost_tui.ui import pages
from bpost_tui.ui.desk import HISTORY, HISTORY_SLUG, Desk, Listing
from bpost_tui.ui.press import Press
from bpost_tui.ui.widgets.rows import RowList
from bpost_tui.ui.widgets.story import StoryView
from bpost_tui.ui.widths import Widths

from .bars import BarScreen, Keys

if TYPE_CHECKING:
    from bpost_tui.store.marking import Wanted

_POLL_S = 2.0
_FOOTER_RESTS_S = 0.1


class ShelfScreen(BarScreen):
    """Shows shelves and stories."""

    def __init__(
        self, press: Press, desk: Desk, *, offline: bool, widths: Widths, keys: Keys, unsure: bool, open_story: int | None
    ) -> None:
        super().__init__(press, desk.language, desk.clock, widths=widths, keys=keys, unsure=unsure)
        self._desk = desk
        self._offline = offline
        self._open_story = open_story
        self._shelf = Shelf()
        self._query = ""
        self._has_scrolled = False
        self._has_ended = False
        self._is_noted = False
        self._last_visit: datetime | None = None
        self._wanted: Wanted | None = None
        self._footer_timer: Timer | None = None
        self._saved: SavedStory | None = None
        self._is_shown = False
        self._revision = self._desk.library.revision()

    def on_mount(self) -> None:
        """Show what is saved; the portal is asked once that is on the screen."""
        self.go("posts")
        self._load(Shelf(), self._open_story)
        self.set_interval(_POLL_S, self._watch_library)

    # ── what a subclass adds ────────────────────────────────────────────────

    def first_shown(self) -> None:
        """Do what waits until something is on the screen."""

    def story_opened(self, saved: SavedStory) -> None:
        """Do what a story needs that has just been opened."""

    def story_shown(self, saved: SavedStory) -> None:
        """Do what a story needs that is on the screen, just opened or changed."""

    def figure(self, image: Image) -> Item:
        """Return what stands for a picture, as one item."""
        return pages.label(image, self._language)

    def read_to_end(self, saved: SavedStory) -> None:
        """Do what follows from a story's end being seen."""

    def dressed(self, items: tuple[Item, ...], story_id: int) -> tuple[Item, ...]:
        """Return a story's page with whatever is to be marked on it."""
        return items

    def remember_place(self) -> None:
        """Remember where one is, before a jump, for the way back."""

    def notice(self) -> tuple[Item, ...]:
        """Return what stands in an empty list."""
        return ()

    def tell_trouble(self, error: BPostError) -> None:
        """Tell what went wrong, in one line."""
        self._say(f"{error.message} · {error.hint}" if error.hint else error.message)

    @on(Worker.StateChanged)
    def _worker_ended(self, event: Worker.StateChanged) -> None:
        """A worker's error is told where it is one for the reader, and ends the app where it is a bug."""
        error = event.worker.error if event.state is WorkerState.ERROR else None
        if error is not None:
            self.open_curtain()
        if isinstance(error, BPostError):
            self.tell_trouble(error)
        elif isinstance(error, Exception):
            raise error

    # ── reading from the library ────────────────────────────────────────────

    @work(thread=True, group="listing", exclusive=True, exit_on_error=False)
    def _load(self, shelf: Shelf, open_story: int | None = None) -> None:
        """Read another shelf."""
        worker = get_current_worker()
        if not self._is_shown:
            self._last_visit = self._desk.library.last_visit()
        listing = self._desk.listing(shelf)
        status = self._desk.status(offline=self._offline)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._show, listing, status, open_story)

    def _show(self, listing: Listing, status: str, open_story: int | None) -> None:
        first = not self._is_shown
        self._is_shown = True
        self._shelf = listing.shelf
        self._categories.show(listing.counts)
        self._show_rows(listing)
        self._said = status if first else self._said
        at = self._posts.index_of(open_story) if open_story is not None else None
        if at is not None:
            with self._posts.prevent(RowList.Moved):  # it is read below
                self._posts.cursor = at
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
        self._saved = None
        self._story.show(())
        self.open_curtain()

    def _show_rows(self, listing: Listing) -> None:
        self._wanted = listing.wanted
        self._posts.since = self._last_visit if listing.is_dated else None
        self._posts.show(listing.rows, hits=listing.hits, notice=self.notice())

    @work(thread=True, group="reload", exclusive=True, exit_on_error=False)
    def reload(self) -> None:
        """Read the same shelf again: something has been saved or marked."""
        worker = get_current_worker()
        listing = self._desk.listing(self._shelf, self._query, at_least=len(self._posts.rows) + 1)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._update, listing)

    def _update(self, listing: Listing) -> None:
        if (listing.shelf, listing.query) != (self._shelf, self._query):
            return
        self._categories.show(listing.counts)
        was_empty = not self._posts.rows
        self._posts.update(listing.rows, hits=listing.hits)
        if self._saved is not None:
            self._read(self._saved.headline.id, keep_place=True)
        elif was_empty and (story_id := self.story_to_show(listing.rows)) is not None:
            self._read(story_id)
        self._show_bars()
        self._count_searches()

    @work(thread=True, group="counts", exclusive=True, exit_on_error=False)
    def _count_searches(self) -> None:
        """Count the saved searches anew, behind: that may take longer than a reader waits for a mark."""
        if self._desk.searches.recount() and not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._show_counts, self._desk.shelves())

    def _show_counts(self, counts: Sequence[CategoryCount]) -> None:
        self._categories.show(counts)
        self._show_bars()

    @work(thread=True, group="story", exclusive=True, exit_on_error=False)
    def _read(self, story_id: int, *, keep_place: bool = False) -> None:
        """Read a story's text."""
        worker = get_current_worker()
        saved = self._desk.story(story_id)
        place = self._desk.library.position(story_id)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._show_story, saved, keep_place, place.item if place else 0)

    def _show_story(self, saved: SavedStory, keep_place: bool, place: int) -> None:
        keep_place = keep_place and self._saved is not None and self._saved.headline.id == saved.headline.id
        if not keep_place:
            self._keep_place()
            self._has_ended = self._is_noted = False
        self._saved = saved
        items = self.dressed(self.story_items(saved), saved.headline.id)
        if keep_place:
            self._story.update(items)
        else:
            self._story.show(items, item=place if place < len(items) else 0)
            self.story_opened(saved)
        self.story_shown(saved)
        self.pane_changed()
        self.open_curtain()

    def story_items(self, saved: SavedStory) -> tuple[Item, ...]:
        """Return what is set of a story."""
        at = self._posts.index_of(saved.headline.id)
        following = self._posts.rows[at + 1] if at is not None and at + 1 < len(self._posts.rows) else None
        return pages.story(saved, self._language, following=following, figure=self.figure)

    @work(thread=True, group="visit", exit_on_error=False)
    def _note_visit(self) -> None:
        """Remember that the reader is here; when they leave, that is remembered anew, unless they are cut off."""
        self._desk.note_visit()

    def on_unmount(self) -> None:
        """Remember the place in the story that is left with the reader, and when that was."""
        self._desk.note_visit()
        if self._saved is not None and self._has_scrolled:
            self._desk.library.save_position(self._saved.headline.id, 0 if self._story.at_end else self._story.item, 0.0)

    def _keep_place(self) -> None:
        """Remember where in the story one is, where one has read in it; at its end, that is its beginning."""
        if self._saved is not None and self._has_scrolled:
            self._save_place(self._saved.headline.id, 0 if self._story.at_end else self._story.item)
        self._has_scrolled = False

    @work(thread=True, group="place", exit_on_error=False)
    def _save_place(self, story_id: int, item: int) -> None:
        self._desk.library.save_position(story_id, item, 0.0)

    @work(thread=True, group="poll", exclusive=True, exit_on_error=False)
    def _watch_library(self) -> None:
        """Notice what another process saved or marked."""
        revision = self._desk.library.revision()
        if revision != self._revision:
            self.app.call_from_thread(self.reload)
        self._revision = revision

    # ── what the panes say ──────────────────────────────────────────────────

    @on(RowList.Moved, "#posts")
    def _post_moved(self) -> None:
        row = self._posts.current
        if row is not None and (self._saved is None or row.id != self._saved.headline.id):
            self._read(row.id)

    @on(RowList.Chosen)
    def _row_chosen(self, event: RowList.Chosen) -> None:
        self.go("posts" if event.sender is self._categories else "story")

    @on(StoryView.Scrolled)
    def _scrolled(self) -> None:
        """Let the footer follow once the scrolling rests: a frame a step is enough."""
        if self._footer_timer is not None:
            self._footer_timer.stop()
        self._footer_timer = self.set_timer(_FOOTER_RESTS_S, self._show_footer)
        self._note_reading()

    def pane_changed(self) -> None:
        """Keep the footer true; a story read to its end is read."""
        self._show_footer()
        self._note_reading()

    def _note_reading(self) -> None:
        self._has_scrolled = self._has_scrolled or (self.pane == "story" and self._story.scroll_offset.y > 0)
        saved = self._saved
        if self.pane == "story" and saved and not self._is_noted and self._shelf != HISTORY:
            self._is_noted = True
            self._note_opened(saved.headline.id)
        if self.pane == "story" and saved and self._story.at_end and not self._has_ended:
            self._has_ended = True  # once: the reader may mark it unread again while its end is in sight
            if not saved.headline.read:
                self.read_to_end(saved)

    @work(thread=True, group="history", exit_on_error=False)
    def _note_opened(self, story_id: int) -> None:
        self._desk.note_opened(story_id)
        if all(count.category.slug != HISTORY_SLUG for count in self._categories.counts):
            self.app.call_from_thread(self._show_counts, self._desk.shelves())
