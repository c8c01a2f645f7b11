"""How a session begins: at the story that was named, where the reader was the last time, or at the top of all news."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from bpost_tui.core.lists.list_slice import FIRST, RowsAround
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
from bpost_tui.model.story import Headline, RowKey
from bpost_tui.tui.lists.list_controller import ListController
from bpost_tui.tui.shared.screen_context import ScreenContext
from bpost_tui.tui.story.story_controller import StoryController


class SessionStart:
    """Opens the first list, and keeps where the reader is when they leave.

    Args:
        show_query: Has the search's line show what was searched for.
    """

    def __init__(
        self, context: ScreenContext, lists: ListController, story: StoryController, show_query: Callable[[str], None]
    ) -> None:
        self._context = context
        self._lists = lists
        self._story = story
        self._show_query = show_query
        self._last_place = LastPlace(context.preferences.folder, str(context.listings.library.folder.absolute()))
        self._open_story: RowKey | None = context.start_options.open_story
        self._is_first_run = context.session.is_tour_due
        self._pane = "story"
        self._is_restored = False

    def show_first_list(self, then: Callable[[], None]) -> None:
        """Show the first list; `then` is called once it is shown."""
        self._lists.begin(partial(self._read, self._context.outlook), self._show, then)

    def save_place(self) -> Callable[[], None]:
        """Return what keeps the place where the reader is now; it blocks on the disk."""
        saved, session = self._context.session.story, self._context.session
        if saved is None or not session.generation:
            return lambda: None
        pane, is_first = self._context.panes.shown, self._context.posts.cursor == 0 and not self._context.posts.more_before
        place = SavedPlace(session.shown, saved.headline.id, saved.headline.guid, pane, is_first and pane != "story")
        return lambda: self._last_place.save(place)

    # ── reading the first list ──────────────────────────────────────────────

    def _read(self, outlook: Outlook) -> ListResult:
        """Read the first list; blocks on the disk."""
        listings, all_news = self._context.listings, outlook.query(ALL_NEWS)
        if self._open_story is not None:
            return listings.read(all_news, RowsAround(self._open_story))
        place = None if self._is_first_run else self._last_place.read()
        return (None if place is None else self._read_saved_place(place, outlook.query(place.source))) or listings.read(
            all_news, FIRST
        )

    def _read_saved_place(self, place: SavedPlace, question: ListQuery) -> ListResult | None:
        """Read the list of a place, around its story, or from the top where one was there; None where one of them is gone."""
        headline = None if place.is_top else self._headline(place)
        if headline is None and not place.is_top:
            return None
        is_left_out = headline is not None and headline.read and question.unread_only
        from_top = place.is_top or (is_left_out and place.pane != "story")
        listing = self._context.listings.read(question, FIRST if from_top else RowsAround(place.story))
        at = 0 if from_top else listing.slice.row_of(place.story)
        is_there = listing.slice.rows and (at is not None or place.pane == "story")
        listed = next((row.source for row in listing.categories if _is_row_of(row.source, place.source)), None)
        if not is_there or listed is None:
            return None
        listing = listing._replace(query=question._replace(source=rebase(place.source, listed)))
        is_row = at is not None and (place.pane != "story" or is_passage_list(place.source))
        self._open_story = listing.slice.rows[at].key if is_row and at is not None else place.story
        self._pane, self._is_restored = place.pane, True
        return listing if at is None else listing._replace(slice=listing.slice._replace(at=at))

    def _headline(self, place: SavedPlace) -> Headline | None:
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
            self._show_query(query)


def _is_row_of(row: PaneSource, source: ListSource) -> bool:
    """Whether a row of the category pane is that of a place; where one of an earlier version names no paper, any paper's."""
    base = base_source(source)
    if isinstance(base, CategorySource) and isinstance(row, CategorySource) and not base.paper:
        return row.slug == base.slug
    return row == base
