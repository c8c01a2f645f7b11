"""Listings: reads the lists and stories of a library for a reader. Every method may block on the disk; the screen uses threads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from bpost_tui.core.lists.list_slice import (
    FIRST,
    FIRST_ROWS,
    HIT_ROWS,
    PAGE_ROWS,
    FirstRows,
    ListSlice,
    LoadedRows,
    NextRows,
    RowRange,
    RowsAround,
    RowsAtNumber,
    RowsAtUnread,
    SliceReader,
)
from bpost_tui.core.lists.list_source import (
    ALL_NEWS,
    ChangedSource,
    HistorySource,
    ListSource,
    OwnListSource,
    PaneRow,
    PassagesSource,
    ReadLaterSource,
    StarredSource,
    is_passage_list,
    query_of,
    search_query,
)
from bpost_tui.core.lists.mutes import Mutes
from bpost_tui.core.lists.outlook import ListQuery, Outlook, PaneCounts
from bpost_tui.core.lists.saved_search_list import SavedSearchList, is_like_query
from bpost_tui.errors import NotFoundError, StoreError
from bpost_tui.i18n import Language, Reason
from bpost_tui.model.list_order import SearchOrder
from bpost_tui.model.list_position import SortKey
from bpost_tui.model.search_values import Hit, QueryProblem
from bpost_tui.model.story import Headline, ListFilter, Revision, RowKey, SavedStory, StoryKey
from bpost_tui.store.library import Library
from bpost_tui.typesetting.text.named_tuple import NamedTuple

if TYPE_CHECKING:
    from bpost_tui.core.lists.passage_list import PassageList
    from bpost_tui.model.library_results import ReadVersion
    from bpost_tui.model.marks import MarkName
    from bpost_tui.store.search.highlight import SearchTerms


_MOST_NEW = 10_000
"""Maximum number of stories that are counted as new since the reader's last visit."""


class ListResult(NamedTuple):
    """Result of reading a list: the loaded rows, and the counts of the category pane."""

    query: ListQuery
    slice: ListSlice
    counts: PaneCounts
    hits: Mapping[RowKey, Hit] = MappingProxyType({})
    """Hits of a search, by the keys of their rows. If rows were added to a loaded list, only the hits of the added rows."""
    total: int = 0
    """Number of hits of a search, counted up to 1,001: bpost shows any higher number as "more than 1,000"."""
    reading: str = ""
    """Query as the search understood it, for example with Bengali words for words in Roman letters."""
    problem: QueryProblem | None = None
    terms: SearchTerms | None = None
    """Terms of the query, highlighted in the stories that it found; None without a query."""
    completed: str = ""
    """Query with its last word completed; empty if the last word was complete."""

    @property
    def source(self) -> ListSource:
        """Source of the list, such as a category or a search."""
        return self.query.source

    @property
    def categories(self) -> tuple[PaneRow, ...]:
        """Entries of the category pane."""
        return self.counts.rows

    @property
    def stories(self) -> tuple[Headline, ...]:
        """Stories of the loaded rows."""
        return self.slice.stories


class Listings:
    """Reads lists and stories of a library, and marks stories.

    Keeps no state between calls: everything that decides how a list is read is in the list's query.
    """

    def __init__(self, library: Library, language: Language, clock: Callable[[], datetime]) -> None:
        self.library = library
        self.language = language
        self.clock = clock
        self.saved_searches = SavedSearchList(library, clock)

    @cached_property
    def passage_list(self) -> PassageList:
        """List of the passages (parts of stories) that the reader saved."""
        from bpost_tui.core.lists.passage_list import PassageList  # only if passages are used

        return PassageList(self.library, self.language, self.clock)

    # ── lists ───────────────────────────────────────────────────────────────

    def read(self, list_query: ListQuery, part: RowRange = FIRST) -> ListResult:
        """Read the rows that `part` requests from the list that `list_query` describes.

        Lists sorted by date can be read from any row on; search hits and the history only from the first row on.
        """
        searches = list_query.list_filter is None or bool(list_query.outlook.mutes.queries)
        return self.library.read_together(lambda: self._read(list_query, part), searches=searches)

    def _read(self, list_query: ListQuery, part: RowRange) -> ListResult:
        if (stories := list_query.list_filter) is not None:
            return self._read_by_date(list_query, stories, part)
        if is_passage_list(list_query.source):
            return self._read_passages(list_query, part)
        if isinstance(list_query.source, HistorySource):
            return self._read_history(list_query, part)
        return self._search(list_query, part)

    def _read_by_date(self, list_query: ListQuery, stories: ListFilter, part: RowRange) -> ListResult:
        counts = self._counts(list_query.outlook)
        if isinstance(part, RowsAround) and isinstance(part.key, int) and list_query.groups_same_news:
            part = part._replace(key=StoryKey(self.library.story_groups.representative(part.key)))
        return ListResult(list_query, SliceReader(self.library, counts.outlook.mutes).read(stories, part), counts)

    def _search(self, list_query: ListQuery, part: RowRange) -> ListResult:
        """Read search hits: if `part` requests the next rows, the hits after the loaded ones, else the hits from the first on."""
        query = query_of(list_query.source)
        loaded = part.loaded if isinstance(part, NextRows | RowsAtUnread) else ListSlice()
        rows, ranking = list(loaded.stories), loaded.ranking
        known, hits, offset = {row.id for row in rows}, dict[RowKey, Hit](), len(rows)
        limit = HIT_ROWS if isinstance(part, FirstRows | NextRows | RowsAtUnread) else self._rows_wanted(part)
        while True:
            found = self.library.search.find(
                query,
                limit=limit,
                offset=offset,
                now=self.clock(),
                by_date=list_query.order is SearchOrder.NEWEST,
                ranking=ranking,
                is_partial=list_query.matches_prefix,
            )
            ranking = found.ranking
            added = [hit for hit in found.hits if hit.headline.id not in known]  # a story that arrived meanwhile shifts the others
            hits |= {hit.headline.key: hit for hit in added}
            rows += [hit.headline for hit in added]
            offset += len(found.hits)
            if not found.has_more or (_has_unread(part, rows) and _has_story(part, rows, query)):
                break
        loaded = ListSlice(tuple(rows), more_after=found.has_more, ranking=ranking)
        if isinstance(part, RowsAround):
            loaded = loaded._replace(at=loaded.index_of(part.key))
        summary = found.total, found.interpretation, found.problem, None if is_like_query(query) else found.terms
        return ListResult(list_query, loaded, self._counts(list_query.outlook), hits, *summary, completed=found.completed)

    def _read_history(self, list_query: ListQuery, part: RowRange) -> ListResult:
        limit = max(FIRST_ROWS, self._rows_wanted(part))
        rows = tuple(opened.headline for opened in self.library.reading_log.history(limit=limit))
        while len(rows) >= limit and not _has_unread(part, rows):
            limit += PAGE_ROWS
            rows = tuple(opened.headline for opened in self.library.reading_log.history(limit=limit))
        return ListResult(list_query, ListSlice(rows, more_after=len(rows) >= limit), self._counts(list_query.outlook))

    def _read_passages(self, list_query: ListQuery, part: RowRange) -> ListResult:
        found = self.passage_list.read(search_query(list_query.source), limit := max(FIRST_ROWS, self._rows_wanted(part)))
        loaded = ListSlice(found.rows, more_after=found.total > limit)
        return ListResult(list_query, loaded, self._counts(list_query.outlook), found.hits, found.total)

    def _rows_wanted(self, part: RowRange) -> int:
        """Return the number of rows to read for the request `part` of a list that can only be read from its first row on."""
        match part:
            case FirstRows(rows) | RowsAround(_, rows):
                return rows
            case NextRows(loaded) | RowsAtUnread(loaded):
                return len(loaded.rows) + PAGE_ROWS
            case LoadedRows(loaded):
                return len(loaded.rows) + 1
            case RowsAtNumber(number):
                return self.count() if number is None else number

    def headlines(self, mutes: Mutes, list_filter: ListFilter, limit: int) -> tuple[Headline, ...]:
        """Read up to `limit` of the newest stories that `list_filter` selects, without the stories that `mutes` match."""
        reader = SliceReader(self.library, mutes)
        read = self.library.read_together(lambda: reader.read(list_filter, FirstRows(limit)), searches=bool(mutes.queries))
        return read.stories[:limit]

    def unread(self, list_query: ListQuery, *, after: SortKey | None = None, before: SortKey | None = None) -> tuple[int, ...]:
        """Return the ids of the unread stories in the list that `list_query` describes.

        If `after` isn't None, only stories after this sort key are included; if `before` isn't None, only stories before it.
        """
        source, stories = list_query.source, list_query.list_filter
        if stories is not None:
            mutes, wanted = list_query.outlook.mutes, stories._replace(unread=True)
            return self.library.read_together(
                lambda: SliceReader(self.library, mutes.reloaded(self.library)).ids(wanted, after, before),
                searches=bool(mutes.queries),
            )
        if query_of(source) and not is_passage_list(source):
            unread = ListFilter(unread=True)
            found = self.library.search.story_ids(
                query_of(source), now=self.clock(), within=unread, is_partial=list_query.matches_prefix
            )
        else:
            found = tuple(row.id for row in self.read(list_query, RowsAtNumber(None)).slice.stories if not row.read)
        if after is None and before is None:
            return found
        in_range = frozenset(self.library.story_ids(ListFilter(unread=True), after=after, before=before))
        return tuple(story_id for story_id in found if story_id in in_range)

    # ── the category pane ───────────────────────────────────────────────────

    def categories(self, outlook: Outlook) -> PaneCounts:
        """Return the category pane's entries (papers, categories with stories, own lists, searches) in order, with their counts.

        `outlook` has the papers to list, the order of the categories, the mutes, and the last counts of the saved searches.
        """
        return self.library.read_together(lambda: self._counts(outlook), searches=bool(outlook.mutes.queries))

    def recount_searches(self, outlook: Outlook) -> PaneCounts | None:
        """Count the unread stories that saved searches find. `outlook` has the searches' last counts.

        Return new counts of all entries in the category pane, or None if no search's count has changed.
        """
        searches = self.saved_searches.recount(outlook.searches)
        is_same = searches._replace(revision=None) == outlook.searches._replace(revision=None)
        return None if is_same else self.categories(outlook._replace(searches=searches))

    def _counts(self, outlook: Outlook) -> PaneCounts:
        outlook = outlook._replace(papers=outlook.papers.with_counts(self.library.papers(), self.library.unsubscribed_papers()))
        # all news counts stories, as the papers' counts do, unless reading a row leaves other papers' stories unread
        counts_rows = outlook.query(ALL_NEWS).groups_same_news and not outlook.marks_all_accounts_read
        mutes = outlook.mutes.reloaded(self.library).counted(self.library, folded=counts_rows)
        wanted = ListFilter(groups_same_news=counts_rows)
        total, unread = (self.library.count(wanted._replace(unread=unread)) for unread in (False, True))
        filled = [count for count in self.library.categories() if count.total]
        if outlook.unread_first:
            filled.sort(key=lambda count: -count.unread)
        papers = mutes.subtract_muted_counts(tuple(outlook.papers.rows(total, unread, filled)), outlook.papers)
        rows = (*papers, *self._own_rows(), *self.saved_searches.rows(outlook.searches))
        return PaneCounts(rows, outlook._replace(mutes=mutes))

    def _own_rows(self) -> Iterator[PaneRow]:
        text, library = self.language.text, self.library
        if total := library.count(ListFilter(later=True)):
            yield PaneRow(ReadLaterSource(), text("Read later"), total, total)
        if total := library.count(ListFilter(starred=True)):
            yield PaneRow(StarredSource(), text("Starred"), total, total)
        if total := library.count_passages():
            yield PaneRow(PassagesSource(), text("Passages"), total, total)
        for key, name in library.own_lists.all():  # empty lists as well; each counts all its stories, as stars do
            total = library.count(ListFilter(own_list=key))
            yield PaneRow(OwnListSource(key), name, total, total)
        if total := library.count(ListFilter(changed=True)):
            yield PaneRow(ChangedSource(), text("Changed since read"), total, total)
        if library.reading_log.history(limit=1):
            yield PaneRow(HistorySource(), text("Recently opened"), 0, 0)

    # ── stories ─────────────────────────────────────────────────────────────

    def story(self, key: RowKey) -> SavedStory:
        """Read the story that the row with `key` shows, with its text. The key is a story's, or a passage's.

        Raises NotFoundError if the library no longer has the story or the passage.
        """
        return self.library.story(key) if isinstance(key, int) else self.passage_list.story(key)

    def story_and_item(self, key: RowKey) -> tuple[SavedStory, int]:
        """Read the story of a row, and the index of the page's item (paragraph, picture …) to resume reading at.

        The index is 0 if the story was read to its end.
        """
        saved = self.story(key)
        others = self.library.story_groups.members(saved.headline.id)
        if len(others) > 1:
            rows = tuple(self.library.headline(story_id) for story_id in others if story_id != saved.headline.id)
            saved = saved._replace(same_news=rows)
        if saved.headline.changed is not None:
            saved = saved._replace(version_read=self.library.reading_log.version_read(saved.headline.id))
        position = self.library.reading_log.position(saved.headline.id)
        return saved, position.item if position else 0

    def revisions(self, story_id: int) -> tuple[Revision, ...]:
        """Read the earlier versions of a story that was edited on the portal, the latest first."""
        return self.library.revisions(story_id)

    def find(self, link: str) -> int | None:
        """Return the id of the story at the URL `link`; None if the library has no such story."""
        try:
            return self.library.find(link)
        except NotFoundError:
            return None

    def query_like(self, story_id: int) -> str:
        """Return the query that finds stories similar to a given one; empty if all its words are too common.

        Raises NotFoundError if the library no longer has the story.
        """
        return self.library.search.similar_query(story_id)

    def terms(self, text: str) -> SearchTerms:
        """Return the terms of the query `text`, so that they can be highlighted in a text."""
        return self.library.search.terms(text, now=self.clock())

    def count(self) -> int:
        """Return the number of stories in the library."""
        return self.library.count(ListFilter())

    # ── marks and the reading log ───────────────────────────────────────────

    def mark(self, mark: MarkName, ids: Sequence[int], on: bool) -> tuple[int, ...]:
        """Set a mark of stories, or remove it if `on` is False. Return the ids of the stories whose mark has changed."""
        return self.library.set_mark(mark, ids, on, now=self.clock())

    def check_any_saved(self, ids: Sequence[int]) -> None:
        """Raise NotFoundError if none of the stories with these `ids` is in the library any longer."""
        if not self.library.find_all(map(str, ids)):
            raise NotFoundError(Reason("the story is no longer saved"))

    def save_position(self, story_id: int, item: int) -> None:
        """Save the index of the item (paragraph, picture …) that the reader has reached in a story.

        Do nothing if `story_id` is 0, as for a passage whose story is deleted.
        """
        if story_id:
            self.library.reading_log.save_position(story_id, item, 0.0, now=self.clock())

    def note_opened(self, story_id: int) -> None:
        """Record that the reader has opened a story, which makes it the first in the history.

        Do nothing if `story_id` is 0, as for a passage whose story is deleted. Raises NotFoundError if the library lacks the story.
        """
        if story_id:
            self.library.reading_log.record_opened(story_id, now=self.clock())

    def see_changes(self, story_id: int) -> ReadVersion | None:
        """Record that the reader has seen the changes of a story.

        Return the version that the reader had read before, to be passed to `restore_changes`; None if there were no changes to see.
        """
        return self.library.reading_log.see_changes(story_id, now=self.clock())

    def restore_changes(self, seen: ReadVersion) -> None:
        """Undo `see_changes`, which returned `seen`: the story counts again as changed since the reader read it."""
        self.library.reading_log.restore_changes(seen)

    def note_visit(self) -> None:
        """Save the present time as the time of the reader's last visit, the last time that bpost was open.

        At the next visit, a line separates stories that came later from older ones. If saving fails, there is no such line.
        """
        with suppress(StoreError):
            self.library.reading_log.record_visit(self.clock())

    def new_since(self, visit: datetime) -> int:
        """Return the number of stories added to the library since the time `visit`, at most `_MOST_NEW`."""
        return self.library.reading_log.count_new_since(visit, limit=_MOST_NEW)

    def age_message(self, *, offline: bool, failed: bool = False) -> str:
        """Return a message with the time since the last refresh.

        It also says if bpost is offline (`offline`), if the last try failed (`failed`), or that nothing was ever fetched.
        """
        last = self.library.last_refresh()
        if last is None:
            return self.language.text("Nothing fetched yet")
        age = self.language.age(last, self.clock())
        if failed:
            return self.language.text("showing news fetched {age}", age=age)
        if offline:
            return self.language.text("Offline: showing news fetched {age}", age=age)
        return self.language.text("Fetched {age}", age=age)


def _has_unread(part: RowRange, rows: Sequence[Headline]) -> bool:
    """Return whether `rows` has the unread story that `part` requests; True if `part` doesn't request an unread story."""
    return not isinstance(part, RowsAtUnread) or sum(not row.read for row in rows[len(part.loaded.rows) :]) >= part.step


def _has_story(part: RowRange, rows: Sequence[Headline], query: str) -> bool:
    """Return whether the hits `rows` of a search for similar stories include the story that `part` requests rows around.

    For any other `query` or request, return True.
    """
    return not (isinstance(part, RowsAround) and is_like_query(query)) or any(row.key == part.key for row in rows)
