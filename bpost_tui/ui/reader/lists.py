"""The lists on the screen: asked for, shown, read again when something has changed, gone back to.

The library is read in threads, from coroutines; a newer one of a kind cancels the one before it on the event loop, so that nothing
older comes after it.
"""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial

from bpost_tui.model.story import CategoryCount, SavedStory
from bpost_tui.reading.listing import Listing, Listings
from bpost_tui.reading.retained import newest_first, oldest_first
from bpost_tui.reading.session import ALL_NEWS, HISTORY_SLUG, Session, Source
from bpost_tui.reading.slices import FIRST, Again, Around, Part, Slice
from bpost_tui.typeset.items import Item
from bpost_tui.ui.reader.host import Run
from bpost_tui.ui.reader.panes import Panes
from bpost_tui.ui.reader.story import StoryReader
from bpost_tui.ui.reader.writes import Writes
from bpost_tui.ui.widgets.category_list import CategoryList
from bpost_tui.ui.widgets.post_list import PostList


class ListReader:
    """Shows lists, and the story that follows from each.

    Args:
        tell_age: Says how old the news is; with the last visit, what is new since then.
        left: Called once the reader is about to go to another story or list.
        empty: Returns what stands in an empty list.
        first_story: Returns the story that is shown by itself of a list; None where none is.
        no_story: Called where no story is to be shown.
        listed: Called once another list is on the screen; with None where only its rows or counts have changed.
        remember: Remembers where one is, before a jump.
        leave_search: Called where another list takes a search's place.
    """

    def __init__(
        self,
        session: Session,
        listings: Listings,
        categories: CategoryList,
        posts: PostList,
        panes: Panes,
        story: StoryReader,
        run: Run,
        writes: Writes,
        *,
        tell_age: Callable[[datetime | None], Awaitable[None]],
        left: Callable[[], None],
        empty: Callable[[], tuple[Item, ...]],
        first_story: Callable[[Listing], int | None],
        no_story: Callable[[], None],
        listed: Callable[[Listing | None], None],
        remember: Callable[[], None],
        leave_search: Callable[[], None],
    ) -> None:
        self._session = session
        self._listings = listings
        self._categories = categories
        self._posts = posts
        self._panes = panes
        self._story = story
        self._run = run
        self._writes = writes
        self._tell_age = tell_age
        self._left = left
        self._empty = empty
        self._first_story = first_story
        self._no_story = no_story
        self._listed = listed
        self._remember = remember
        self._leave_search = leave_search
        self._last_visit: datetime | None = None
        self._has_stayed = False
        """Whether one has been in the list, not only passed it in the categories."""
        self._revision = listings.library.revision()

    # ── another list ────────────────────────────────────────────────────────

    def begin(self, read: Callable[[], Listing], show: Callable[[Listing], None], then: Callable[[], None]) -> None:
        """Read a list for the first time, and show it; `then` is called once it is shown."""
        self._run(partial(self._load_first, read, show, then), group="list", exclusive=True)

    async def _load_first(self, read: Callable[[], Listing], show: Callable[[Listing], None], then: Callable[[], None]) -> None:
        log = self._listings.library.reading_log
        self._last_visit, listing = await to_thread(lambda: (log.last_visit(), read()))
        show(listing)
        await self._tell_age(self._last_visit)
        self._writes.start(self._listings.note_visit)  # once more when they leave, unless they are cut off
        then()

    def go_to(
        self, source: Source, open_story: int | None = None, *, say_status: bool = False, again: bool = False, pane: str = "story"
    ) -> None:
        """Show another list, or the same `again`, at a story if one is asked for, with that in a pane.

        What was asked for before no longer comes.
        """
        self._left()
        self._session.asked = source
        if source == self._session.shown and open_story is None and not again:
            self._run(_nothing, group="list", exclusive=True)
        else:
            self._run(partial(self._load, source, open_story, say_status, pane), group="list", exclusive=True)

    async def _load(self, source: Source, open_story: int | None, say_status: bool, pane: str) -> None:
        listing = await to_thread(self._listings.read, source, _part_at(open_story))
        if say_status:
            await self._tell_age(None)
        self.show(listing, open_story, pane)

    def show(self, listing: Listing, open_story: int | None, pane: str = "story") -> None:
        """Show a list as it was read; where a story is asked for, with that, in a pane."""
        self._categories.show(listing.categories)
        self._categories.select(listing.source)
        self._show_rows(listing)
        story_id = open_story if open_story is not None else self._first_story(listing)
        if story_id is not None:
            self._story.open(story_id)
        else:
            self._no_story()
        if open_story is not None:
            self._panes.go(pane)
        self._listed(listing)
        self._count_searches()

    def _show_rows(self, listing: Listing) -> None:
        self._session.show(listing.source)
        self._session.terms = listing.terms
        is_usual = listing.source.is_dated and not listing.is_turned
        self._posts.order = newest_first if is_usual else oldest_first if listing.source.is_dated else None
        self._posts.since = self._last_visit if is_usual else None
        self._posts.papers = self._listings.papers.name_in(listing.source)
        self._posts.show(self._as_marked(listing.slice), hits=listing.hits, notice=self._empty())

    def choose(self, source: Source) -> None:
        """Show what a row of the categories lists; a search ends with that."""
        if self._has_stayed:
            self._remember()
        self._has_stayed = False
        self.go_to(source)

    def open_story(self, story_id: int) -> None:
        """Open a story, wherever it is listed."""
        self._remember()
        at = self._posts.slice.index_of(story_id)
        if at is None:
            self._leave_search()
            self._categories.select(ALL_NEWS)
            self.go_to(ALL_NEWS, story_id)
        else:
            self._posts.cursor = at
            self._panes.go("story")

    # ── the same again, or more of it ───────────────────────────────────────

    def reload(self) -> None:
        """Read what is loaded again: something has been saved or marked."""
        self._run(self._reload, group="reload", exclusive=True)

    async def _reload(self) -> None:
        while not await self._update_with(lambda: Again(self._posts.slice, self._posts.current)):
            pass  # another list, or another part of it, has come to the screen meanwhile

    def load(self, part: Part, then: Callable[[], None] | None = None) -> None:
        """Read a part of the list that is shown; `then` is called where that led to no row."""
        self._run(partial(self._update_with, lambda: part, then), group="more", exclusive=True)

    async def _update_with(self, part: Callable[[], Part], then: Callable[[], None] | None = None) -> bool:
        """Read a part of the list and show it; return False where another is shown by then."""
        generation = self._session.generation
        listing = await to_thread(self._listings.read, self._session.shown, part())
        if generation != self._session.generation:
            return False
        self._update(listing)
        if then is not None and listing.slice.at is None:
            then()
        return True

    def _update(self, listing: Listing) -> None:
        shown, listings = self._session.shown, self._listings
        wanted = listings.leaves_out_read(shown), listings.is_turned(shown), listings.folding.folds(shown)
        if (listing.is_unread_only, listing.is_turned, listing.is_folded) != wanted:
            return  # it was begun before the reader changed that
        due, posts, slice = self._session.due, self._posts, self._as_marked(listing.slice)
        was_empty = not posts.rows
        was_listed = due is not None and posts.slice.index_of(due) is not None
        is_jump = listing.slice.at is not None and bool(listing.rows)
        self._categories.show(listing.categories)
        if is_jump:
            self._session.generation += 1
            posts.jump_to(slice)
        else:
            posts.update(slice, hits=listing.hits)
        current = posts.current
        if is_jump and current is not None and current.id != due:
            self._story.open(current.id)
        elif due is not None:
            self._reread(due, was_listed)
        elif was_empty and (story_id := self._first_story(listing)) is not None:
            self._story.open(story_id)
        if (listing.source.is_dated or listing.source.is_shelf) and not posts.rows:
            self.show_empty()
        self._listed(None)
        self._count_searches()

    def _as_marked(self, read: Slice) -> Slice:
        return read._replace(rows=self._session.pending.applied(read.rows))

    def _reread(self, story_id: int, was_listed: bool) -> None:
        """Read a story again; the cursor's, where one is in the list and what was marked took it out of that."""
        current = self._posts.current
        if self._panes.current == "story" or not was_listed or self._posts.slice.index_of(story_id) is not None:
            self._story.reread(story_id)
        elif current is not None:
            self._story.open(current.id)
        else:
            self._no_story()

    def show_empty(self) -> None:
        """Say why there is nothing in the list."""
        self._posts.show(Slice(), notice=self._empty())

    def _count_searches(self) -> None:
        """Count the saved searches anew, behind: that may take longer than a reader waits for a mark."""
        self._run(self._count, group="counts", exclusive=True)

    async def _count(self) -> None:
        counts = await to_thread(lambda: self._listings.categories() if self._listings.searches.recount() else ())
        if counts:
            self._show_counts(counts)

    def _show_counts(self, counts: Sequence[CategoryCount]) -> None:
        if counts:
            self._categories.show(counts)
            self._listed(None)

    def watch(self) -> None:
        """Notice what another process saved or marked."""
        self._run(self._watch, group="poll", exclusive=True)

    async def _watch(self) -> None:
        revision = await to_thread(self._listings.library.revision)
        if revision != self._revision:
            self.reload()
        self._revision = revision

    # ── what the reader does in it ──────────────────────────────────────────

    def follow_cursor(self) -> None:
        """Show the story under the cursor."""
        row = self._posts.current
        if row is not None and row.id != self._session.due:
            self._left()
            self._story.open(row.id)

    def note_opened(self, saved: SavedStory) -> None:
        """Put a story on top of the history; while that is walked through, it stays as it is."""
        if self._session.shown.slug == HISTORY_SLUG:
            return
        has_history = any(count.category.slug == HISTORY_SLUG for count in self._categories.counts)

        def write() -> Sequence[CategoryCount]:
            self._listings.note_opened(saved.headline.id)
            return () if has_history else self._listings.categories()

        self._writes.start(write, self._show_counts)

    def note_stay(self) -> None:
        """Note that one is in the list, or in a story of it."""
        self._has_stayed = self._has_stayed or self._panes.current != "categories"

    def show_list(self, listing: Listing) -> None:
        """Show a list as it was read, with the categories standing on it."""
        self._categories.show(listing.categories)
        self._categories.select(listing.source)
        self._show_rows(listing)


def _part_at(story_id: int | None) -> Part:
    return FIRST if story_id is None else Around(story_id)


async def _nothing() -> None:
    """Take the place of what was asked for before."""
