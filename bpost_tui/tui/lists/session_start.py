"""Start of a session: shows a story named on the command line, the list and story of the last session, or the top of all news."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from bpost_tui.core.lists.list_slice import FIRST, ListSlice, RowsAround
from bpost_tui.core.lists.list_source import (
    ALL_NEWS,
    CategorySource,
    ListSource,
    PaneSource,
    base_source,
    is_passage_list,
    rebase,
    search_query,
)
from bpost_tui.core.lists.listings import ListResult
from bpost_tui.core.lists.outlook import ListQuery, Outlook
from bpost_tui.core.state.last_place import LastPlace, SavedPlace
from bpost_tui.errors import NotFoundError
from bpost_tui.model.story import Headline, RowKey, StoryKey
from bpost_tui.tui.event import Event
from bpost_tui.tui.lists.list_controller import ListController
from bpost_tui.tui.shared.screen_context import ScreenContext
from bpost_tui.tui.story.story_controller import StoryController


class SessionStart:
    """Shows the first list, and saves the list, story and pane on the screen when the session ends."""

    def __init__(self, context: ScreenContext, lists: ListController, story: StoryController) -> None:
        self._context = context
        self._lists = lists
        self._story = story
        self.restored_query: Event[str] = Event()
        """Announces the query of the first list, if that list is a search."""
        self._last_place = LastPlace(context.preferences.folder, str(context.library.folder.absolute()))
        story_id = context.start_options.open_story
        self._open_story: RowKey | None = None if story_id is None else StoryKey(story_id)
        self._is_first_run = context.session.is_tour_due
        self._pane = "story"
        self._is_restored = False

    def show_first_list(self, then: Callable[[], None]) -> None:
        """Read the first list in a thread, show it, then call `then`."""
        self._lists.begin(partial(self._read, self._context.outlook), self._show, then)

    def save_place(self) -> Callable[[], None]:
        """Return a function that saves the reader's place (list, story and pane) as it is at this call. The function blocks.

        If no story is shown, the function does nothing.
        """
        saved, session = self._context.session.story, self._context.session
        if saved is None or not session.generation:
            return lambda: None
        pane, is_first = self._context.panes.shown, self._context.posts.cursor == 0 and not self._context.posts.more_before
        is_top = (is_first and pane != "story") or not saved.headline.id  # a passage without its story can't be found again
        place = SavedPlace(session.shown, saved.headline.id, saved.headline.guid, pane, is_top)
        return lambda: self._last_place.save(place)

    # ── reading the first list ──────────────────────────────────────────────

    def _read(self, outlook: Outlook) -> ListResult:
        """Read the first list: around the command line's story, around the last session's story, or all news from the top.

        `outlook` has the filters, orders and papers of the session. The method reads from the disk, so it must run in a thread.
        """
        if self._open_story is not None:
            return self._context.listings.read(outlook.query(ALL_NEWS), RowsAround(self._open_story))
        place = None if self._is_first_run else self._last_place.read()
        restored = None if place is None else self._read_place(place, outlook.query(place.source))
        return restored or self._context.listings.read(outlook.query(ALL_NEWS), FIRST)

    def _read_place(self, place: SavedPlace, query: ListQuery) -> ListResult | None:
        """Read the list `query` around the story of `place`, the list, story and pane at the end of the last session.

        The list is read from its top if the cursor was there, or if the list hides the story because it is read. But if the story
        was open in its pane, it is opened again, although the list hides it. Return None if the list is empty, or if the list or
        the story no longer exists.
        """
        headline = None if place.is_top else self._headline(place)
        if headline is None and not place.is_top:
            return None
        is_hidden = headline is not None and headline.read and query.unread_only
        from_top = place.is_top or (is_hidden and place.pane != "story")
        listing = self._context.listings.read(query, FIRST if from_top else RowsAround(StoryKey(place.story)))
        at = 0 if from_top else listing.slice.row_of(StoryKey(place.story))
        listed = next((row.source for row in listing.categories if _is_row_of(row.source, place.source)), None)
        if listed is None or not listing.slice.rows or (at is None and place.pane != "story"):
            return None
        self._restore(place, listing.slice, at)
        slice = listing.slice if at is None else listing.slice._replace(at=at)
        return listing._replace(query=query._replace(source=rebase(place.source, listed)), slice=slice)

    def _restore(self, place: SavedPlace, slice: ListSlice, at: int | None) -> None:
        """Remember the pane and the story of `place`, the end of the last session, to show them when the list is shown.

        `slice` is the loaded part of the list, and `at` the index of the story's row in it; None if it doesn't have the story. In a
        list of passages (saved words), the row's key is remembered, because it names the passage to scroll to.
        """
        is_row = at is not None and (place.pane != "story" or is_passage_list(place.source))
        self._open_story = slice.rows[at].key if is_row and at is not None else StoryKey(place.story)
        self._pane, self._is_restored = place.pane, True

    def _headline(self, place: SavedPlace) -> Headline | None:
        """Return the headline of the story of `place`; None if its id now belongs to no story, or to another story."""
        try:
            headline = self._context.library.headline(place.story)
        except NotFoundError:
            return None
        return headline if headline.guid == place.guid else None

    def _show(self, listing: ListResult) -> None:
        self._context.session.requested = listing.source
        self._story.is_reopened = self._is_restored
        self._lists.show(listing, self._open_story, self._pane)
        if query := search_query(listing.source):
            self.restored_query(query)


def _is_row_of(row: PaneSource, source: ListSource) -> bool:
    """Whether `row` of the category pane is the row of `source`, the list that was on the screen when the last session ended.

    If an earlier version of bpost saved a category as `source`, it didn't save the paper, so the category of any paper matches.
    """
    base = base_source(source)
    if isinstance(base, CategorySource) and isinstance(row, CategorySource) and not base.paper:
        return row.slug == base.slug
    return row == base
