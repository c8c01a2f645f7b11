"""List controller: reads lists in threads, shows them, and reads them again when the library has changed.

The obvious way reads a list in a thread and shows the result. Two keys then race: a thread can't be stopped, and the list requested
first may arrive last. And if the reader changes the order, the papers or the mutes while a list is being read, the result doesn't
fit the change.

So every read is a worker of a group ("list", "reload", "more", "counts"). A newer worker of the group cancels the older one on the
event loop, and the result of its thread is dropped. All that a read needs is one immutable value (`ListQuery`), made on the event
loop. It is returned with the result (`ListResult`), so a result can't be taken for the answer to another query.
`Session.generation` is the number of lists shown so far: if another list was shown during a reload, the reload starts again. If
a paper was folded or unfolded during a read, the entries of the category pane are read again. Marks that are still being saved are
applied to every result. We take no lock, and cache no list: marks and other processes would make it outdated.
"""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable, Coroutine
from datetime import datetime
from functools import partial
from typing import Any

from bpost_tui.core import templates
from bpost_tui.core.lists.list_orders import row_order
from bpost_tui.core.lists.list_slice import FIRST, ListSlice, LoadedRows, RowRange, RowsAround
from bpost_tui.core.lists.list_source import (
    ALL_NEWS,
    AllNewsSource,
    HistorySource,
    ListSource,
    OwnListSource,
    base_source,
    is_dated,
    is_passage_list,
    query_of,
)
from bpost_tui.core.lists.listings import ListResult
from bpost_tui.core.lists.outlook import PaneCounts
from bpost_tui.core.wording import error_line
from bpost_tui.errors import BPostError
from bpost_tui.model.story import RowKey, SavedStory, StoryKey
from bpost_tui.tui.event import Event
from bpost_tui.tui.lists.news_age import NewsAge
from bpost_tui.tui.shared.screen_context import ScreenContext
from bpost_tui.tui.story.story_controller import StoryController
from bpost_tui.typesetting.typeset.items import Item


class ListController:
    """Reads and shows lists, and opens the story under the cursor.

    Args:
        age: Shows the age of the news.
    """

    def __init__(self, context: ScreenContext, story: StoryController, age: NewsAge) -> None:
        self._context = context
        self._story = story
        self._age = age
        self.emptied: Event[()] = Event()
        """Announces that no story is shown, because the list is empty or the tour (introduction to bpost) is shown instead."""
        self.listed: Event[ListResult | None] = Event()
        """Announces the list that was just shown; None if the list on the screen stays and only its rows or counts have changed."""
        self._last_visit: datetime | None = None
        self._was_list_entered = False
        """Whether the reader has gone into the list on the screen or its story, instead of only moving over the list's row in the
        category pane.
        """
        self._revision = context.library.revision()

    # ── another list ────────────────────────────────────────────────────────

    def begin(self, read: Callable[[], ListResult], show: Callable[[ListResult], None], then: Callable[[], None]) -> None:
        """Read the session's first list with `read`, show it with `show`, then call `then`."""
        self._context.run_worker(partial(self._load_first, read, show, then), group="list", exclusive=True)

    async def _load_first(
        self, read: Callable[[], ListResult], show: Callable[[ListResult], None], then: Callable[[], None]
    ) -> None:
        log = self._context.library.reading_log
        self._last_visit, listing = await to_thread(lambda: (log.last_visit(), read()))
        show(listing)
        await self._context.paint_list_first()
        await self._age.show_age(self._last_visit)
        self._context.writes.submit(self._context.listings.note_visit)  # again at the end; the process may be killed before
        then()

    def load_list(
        self,
        source: ListSource,
        at: RowKey | None = None,
        *,
        shows_age: bool = False,
        again: bool = False,
        pane: str = "story",
    ) -> None:
        """Show the list of `source`. If row `at` isn't None, go to it and to `pane`, and show its story.

        With `again`, the list is read even if it is shown already. With `shows_age`, the age of the news is shown afterwards. The
        result of an earlier request is dropped.
        """
        self._context.status.clear_answer()
        if source == self._context.session.shown and at is None and not again:
            self._context.session.requested = source
            self._context.cancel("list")
        else:
            self.request(source, partial(self._load, source, at, shows_age, pane))

    def request(self, source: ListSource, load: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Request the list of `source`: in the background, run `load`, a coroutine function that reads and shows the list.

        The next request cancels `load`. If `load` raises an error, the list on the screen counts as the requested list again.
        """
        self._context.session.requested = source
        self._context.run_worker(partial(self._run_request, load), group="list", exclusive=True)

    async def _run_request(self, load: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            await load()
        except BPostError:  # after a newer request, `load` is cancelled instead
            self._context.session.withdraw_request()
            self._context.categories.select(self._context.session.shown)
            raise

    async def _load(self, source: ListSource, open_story: RowKey | None, shows_age: bool, pane: str) -> None:
        query = self._context.outlook.query(source)
        listing = await to_thread(self._context.listings.read, query, FIRST if open_story is None else RowsAround(open_story))
        if shows_age:
            await self._age.show_age(None)
        self.show(listing, open_story, pane)

    def show(self, listing: ListResult, open_story: RowKey | None, pane: str = "story") -> None:
        """Show `listing`, a list that was read, with the story of row `open_story`, or with its first story if None.

        If `open_story` is given, give the pane named `pane` the focus.
        """
        self.show_list(listing, open_story)
        key = open_story if open_story is not None else self._first_story(listing)
        if key is not None:
            self._story.open(key)
        else:
            self._show_no_story()
        if open_story is not None:
            self._context.panes.go(pane)
        self.listed(listing)
        self._count_after(listing)

    def show_list(self, listing: ListResult, target: RowKey | None) -> None:
        """Show `listing`, a list that was read, with the cursor on the row around which it was read, or else on the first row.

        Also select the list's row in the category pane. The row `target`, if given, stays in the list while the list is shown, even
        if it is read and read stories are hidden.
        """
        session, query = self._context.session, listing.query
        session.show(query)
        self._show_counts(listing.counts)
        self._context.categories.select(listing.source)
        session.terms = listing.terms
        self._context.posts.order = row_order(query.order)
        self._context.posts.since = self._last_visit if is_dated(query.source) and query.has_default_order else None
        self._context.posts.papers = self._context.papers.names_for_list(listing.source)
        self._context.posts.show(self._apply_pending_marks(listing.slice), hits=listing.hits, empty=self._empty())
        at = None if target is None else self._context.posts.row_of(target)
        if at is not None and self._context.hides_read:  # a read story would leave the list at the next reload
            self._context.posts.retain((self._context.posts.rows[at].key,))

    def choose(self, source: ListSource) -> None:
        """Show the list of `source`, one of the rows of the category pane.

        If the reader has been in the list on the screen or in its story, remember their position, so that a key can lead back.
        """
        if self._was_list_entered:
            self._context.push_location()
        self._was_list_entered = False
        self.load_list(source)

    def open_story(self, story_id: int) -> None:
        """Open a story in this list if the list has it, otherwise in all news."""
        self._context.push_location()
        key = StoryKey(story_id)
        at = self._context.posts.index_of(key)
        if at is None:
            self._context.prompt.close()
            self._context.categories.select(ALL_NEWS)
            self.load_list(ALL_NEWS, key)
        else:
            self._context.posts.cursor = at
            self._context.panes.go("story")

    # ── the same list again, or more of it ──────────────────────────────────

    def reload(self) -> None:
        """Read the loaded rows of the list again, because a story was saved or marked."""
        self._context.run_worker(self._reload, group="reload", exclusive=True)

    async def _reload(self) -> None:
        while not await self._update_with(lambda: LoadedRows(self._context.posts.slice, self._context.posts.current)):
            pass  # another list, or another part of the list, was shown in the meantime

    def load(self, part: RowRange, then: Callable[[], None] | None = None, *, always: bool = False) -> None:
        """Read the rows in the range `part`, and show them; the cursor moves if `part` names a row to go to.

        Call `then` if the cursor wasn't moved to a row; with `always`, call `then` in any case.
        """
        self._context.run_worker(partial(self._update_with, lambda: part, then, always=always), group="more", exclusive=True)

    async def _update_with(
        self, part: Callable[[], RowRange], then: Callable[[], None] | None = None, *, always: bool = False
    ) -> bool:
        """Read the rows in the range that `part` returns, and show them; return False if another list was shown meanwhile.

        Call `then` if the cursor wasn't moved to a row; with `always`, call `then` in any case.
        """
        generation = self._context.session.generation
        listing = await to_thread(self._context.listings.read, self._context.session.reload_query, part())
        if generation != self._context.session.generation:
            return False
        self._update(listing)
        if then is not None and (always or listing.slice.at is None):
            then()
        return True

    def _update(self, listing: ListResult) -> None:
        if not self._context.session.query.is_same_list(listing.query):
            return  # the reader has changed the query since
        self._show_counts(listing.counts)
        base = base_source(listing.source)
        if isinstance(base, OwnListSource) and all(row.source != base for row in listing.categories):
            # another process has deleted the list
            self.load_list(ALL_NEWS, self._context.session.requested_story, pane=self._context.panes.current)
            return
        self._context.posts.papers = self._context.papers.names_for_list(listing.source)
        requested_key, posts, slice = (
            self._context.session.requested_story,
            self._context.posts,
            self._apply_pending_marks(listing.slice),
        )
        was_empty = not posts.rows
        was_listed = requested_key is not None and posts.slice.index_of(requested_key) is not None
        is_jump = listing.slice.at is not None and bool(listing.slice.rows)
        if is_jump:
            self._context.session.generation += 1
            posts.jump_to(slice)
        else:
            posts.update(slice, hits=listing.hits)
        current = posts.current
        if is_jump and current is not None and current.key != requested_key:
            self._story.open(current.key)
        elif requested_key is not None:
            self._reread(requested_key, was_listed)
        elif was_empty and (key := self._first_story(listing)) is not None:
            self._story.open(key)
        if (is_dated(listing.source) or is_passage_list(listing.source)) and not posts.rows:
            self.show_empty()
        self.listed(None)
        self._count_after(listing)
        if not self._context.session.query.is_same_list(listing.query):
            self.reload()  # another process has added a paper, or changed grouping

    def _apply_pending_marks(self, read: ListSlice) -> ListSlice:
        return read._replace(rows=self._context.pending_marks.apply_to_rows(read.rows))

    def _reread(self, key: RowKey, was_listed: bool) -> None:
        """Show the story of row `key` again, because it has changed.

        If the list had the story (`was_listed`), but a mark has removed it from the list, show the story that is now under the
        cursor.
        """
        if self._context.panes.current == "story" or not was_listed or self._context.posts.index_of(key) is not None:
            self._story.open(key, again=True)
        else:
            self.open_current()

    def open_current(self) -> None:
        """Show the story under the cursor; show none if the list is empty."""
        current = self._context.posts.current
        if current is not None:
            self._story.open(current.key)
        else:
            self._show_no_story()

    def _first_story(self, listing: ListResult) -> RowKey | None:
        """Return the key of the first row of `listing`, to show its story; None if the list is empty or the tour is due.

        The tour is an introduction to bpost. At the reader's first start, it is shown instead of a story.
        """
        is_toured = self._context.session.is_tour_due and not query_of(listing.source)
        return None if is_toured or not listing.slice.rows else listing.slice.rows[0].key

    def _show_no_story(self) -> None:
        self._story.show_none()
        self._context.screen.allow_paint()
        self.emptied()

    def show_empty(self) -> None:
        """Show an empty list, with the reason that it is empty."""
        self._context.posts.show(ListSlice(), empty=self._empty())

    def _empty(self) -> tuple[Item, ...]:
        """Return the text shown in an empty list: the reason that it is empty, and the keys that help."""
        context, source, error = self._context, self._context.session.shown, self._context.session.refresh_error
        total = next((row.total for row in context.categories.rows if row.source == base_source(source)), 0)
        return templates.empty_list(
            context.language,
            context.keys.key_label,
            is_search=bool(query_of(source)),
            is_all_news=isinstance(base_source(source), AllNewsSource),
            hides_read=bool(total) and context.hides_read,
            error=error_line(error, context.language) if error is not None else "",
            offline=context.fetcher.offline,
        )

    def _count_after(self, listing: ListResult) -> None:
        """Count the results of saved searches again, in the background because counting is slow, and show the numbers.

        If the reader has changed the entries of the category pane since `listing` was read, as by folding a paper, also read the
        entries again.
        """
        is_current = self._context.session.outlook.has_same_entries(listing.counts.outlook)
        self._context.run_worker(self._count if is_current else self._recount, group="counts", exclusive=True)

    async def _count(self) -> None:
        counts = await to_thread(self._context.listings.recount_searches, self._context.outlook)
        if counts is not None:
            self._show_counts(counts)
            self.listed(None)

    def recount(self) -> None:
        """Read the entries of the category pane again, and show them; then count the results of saved searches again."""
        self._context.run_worker(self._recount, group="counts", exclusive=True)

    async def _recount(self) -> None:
        self._show_counts(await to_thread(self._context.listings.categories, self._context.outlook))
        self.listed(None)
        await self._count()

    def _show_counts(self, counts: PaneCounts) -> None:
        self._context.session.update_counts(counts)
        self._context.categories.show(counts.rows)

    def watch(self) -> None:
        """Reload the list on the screen if another process has changed the library; else update the stories' ages and the date."""
        self._context.run_worker(self._watch, group="poll", exclusive=True)

    async def _watch(self) -> None:
        revision = await to_thread(self._context.library.revision)
        if revision != self._revision:
            self.reload()
        elif self._context.posts.update_ages():
            self._context.status.show()
        self._revision = revision

    # ── moving in the list ──────────────────────────────────────────────────

    def follow_cursor(self) -> None:
        """Show the story under the cursor."""
        row = self._context.posts.current
        if row is not None and row.key != self._context.session.requested_story:
            self._context.status.clear_answer()
            self._story.open(row.key)

    def note_opened(self, saved: SavedStory) -> None:
        """Put the story `saved` at the top of the reading history (list of opened stories), unless that list is on the screen."""
        if isinstance(self._context.session.shown, HistorySource):
            return
        has_history = any(isinstance(row.source, HistorySource) for row in self._context.categories.rows)
        self._context.writes.submit(
            partial(self._context.listings.note_opened, saved.headline.id), lambda _: None if has_history else self.recount()
        )

    def note_visit(self) -> None:
        """Remember that the reader has been in the list or in its story, so that a key can later lead back to the list.

        Do nothing while the category pane is current.
        """
        self._was_list_entered = self._was_list_entered or self._context.panes.current != "categories"
