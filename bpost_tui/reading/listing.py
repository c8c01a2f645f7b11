"""The lists of the library as the reader sees them. Every method may block on the disk, so the screen calls it from a thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from bpost_tui.errors import NotFound, StoreError
from bpost_tui.i18n import Language
from bpost_tui.model.story import Category, CategoryCount, Headline, ListFilter, Revision, SavedStory
from bpost_tui.reading import own_lists
from bpost_tui.reading.folding import Folding
from bpost_tui.reading.muting import Muting
from bpost_tui.reading.papers import Papers
from bpost_tui.reading.passage_shelf import PassageShelf
from bpost_tui.reading.saved_searches import SavedSearches, is_followed
from bpost_tui.reading.session import ALL_NEWS, HISTORY_SLUG, LATER_SLUG, PASSAGES_SLUG, STARRED_SLUG, Source, filter_of
from bpost_tui.reading.slices import (
    FIRST,
    FIRST_ROWS,
    HIT_ROWS,
    PAGE_ROWS,
    Again,
    Around,
    First,
    More,
    Pager,
    Part,
    Row,
    Slice,
    Unread,
)
from bpost_tui.store.library import Library
from bpost_tui.store.lists import Key
from bpost_tui.store.results import Hit, QueryProblem

if TYPE_CHECKING:
    from bpost_tui.store.marks import Mark
    from bpost_tui.store.search.highlight import SearchTerms
    from bpost_tui.store.search.ranking import Ranking


_MOST_NEW = 10_000
"""New stories that are counted one by one."""


_UNRANKED = "", False, False


class Listing(NamedTuple):
    """A slice of a list, and how many stories every category has."""

    source: Source
    slice: Slice
    categories: tuple[CategoryCount, ...]
    hits: Mapping[int, Hit] = MappingProxyType({})
    """By the story's number, where a query found it; of a longer part of a list, those that were added."""
    total: int = 0
    """How many stories a query finds in all, as far as they were counted (results.SearchResult)."""
    reading: str = ""
    """How the query's Roman words were read."""
    problem: QueryProblem | None = None
    terms: SearchTerms | None = None
    """What the query looked for, to be marked in the stories it found."""
    completed: str = ""
    """The query with its last word whole, where that is half typed."""
    is_unread_only: bool = False
    """Whether read stories are left out."""
    is_turned: bool = False
    """Whether the order is not the usual one: see `Listings.is_turned`."""
    is_folded: bool = False
    """Whether the same news is there once: see `Folding.folds`."""

    @property
    def rows(self) -> tuple[Headline, ...]:
        """The stories of the slice."""
        return self.slice.rows


class Listings:
    """Reads lists and stories, and marks them."""

    def __init__(
        self,
        library: Library,
        language: Language,
        clock: Callable[[], datetime],
        mute: Mapping[str, Sequence[str]] = MappingProxyType({}),
        unread_only: bool = False,
        *,
        papers: Papers | None = None,
        same_news_once: bool = True,
        same_news_read_all: bool = True,
    ) -> None:
        self.library = library
        self.language = language
        self.clock = clock
        self.unread_only = unread_only
        """Whether the reader wants to see unread stories only; in which lists, `leaves_out_read` says."""
        self.searches = SavedSearches(library, clock)
        self.shelf = PassageShelf(library, language, clock)
        self.muting = Muting(library, mute)
        self._pager = Pager(library, self.muting)
        self.oldest_first = False
        """Whether lists by date begin with their oldest story."""
        self.by_date = False
        """Whether what a search finds comes by date, the newest first, and not the best first."""
        self.searches_as_typed = False
        """Whether a search is read letter by letter: then its last word may be half typed."""
        self._ranked: tuple[tuple[str, bool, bool], Ranking | None] = (_UNRANKED, None)
        """The last query, whether it was by date, whether its last word may be half typed, and the order of its hits."""
        self.papers = papers or Papers(language, ())
        """The papers, as they were when `categories` last read them."""
        self.folding = Folding(library, self.papers, is_on=same_news_once, reads_all=same_news_read_all)

    def read_papers(self) -> None:
        """Read the papers' names, which their first feeds bring, and how many stories they have."""
        self.papers.take(self.library.papers())

    # ── lists ───────────────────────────────────────────────────────────────

    def read(self, source: Source, part: Part = FIRST) -> Listing:
        """Read a part of a list: by time without what is left out of it, of a search or the history from the first row on."""
        if source.slug and source.paper:
            self.papers.unfold(source.paper)
        return self.library.together(lambda: self._read(source, part))

    def _read(self, source: Source, part: Part) -> Listing:
        self.muting.take()
        if source.is_shelf:
            return self._shelf(source, part)
        if source.query:
            return self._search(source, part)
        if source.slug == HISTORY_SLUG:
            return self._history(source, part)
        return self._dated(source, part)

    def _dated(self, source: Source, part: Part) -> Listing:
        unread_only = self.leaves_out_read(source)
        wanted = self.folding.list_filter(source)._replace(unread=unread_only)
        if isinstance(part, Around):
            part = part._replace(story=self.folding.leader(source, part.story))
        read = self._pager.read_turned if self.oldest_first else self._pager.read
        return Listing(
            source,
            read(wanted, part),
            self.categories(),
            is_unread_only=unread_only,
            is_turned=self.oldest_first,
            is_folded=wanted.folded,
        )

    def _search(self, source: Source, part: Part) -> Listing:
        """Read hits: those behind what is loaded, or from the first on."""
        rows = list(part.loaded.rows) if isinstance(part, More | Unread) else []
        known, hits, offset = {row.id for row in rows}, dict[int, Hit](), len(rows)
        order = source.query, self.by_date, self._may_be_begun(source)
        last, ranking = self._ranked if rows else (_UNRANKED, None)
        ranking = ranking if last == order else None
        limit = HIT_ROWS if isinstance(part, First | More | Unread) else self._rows_wanted(part)
        while True:
            found = self.library.search.find(
                source.query,
                limit=limit,
                offset=offset,
                now=self.clock(),
                by_date=order[1],
                ranking=ranking,
                is_begun=order[2],
            )
            ranking = found.ranking
            added = [hit for hit in found.hits if hit.headline.id not in known]  # one that came meanwhile has moved the others
            hits |= {hit.headline.id: hit for hit in added}
            rows += [hit.headline for hit in added]
            offset += len(found.hits)
            if not found.more or (_has_unread(part, rows) and _has_story(part, rows, source.query)):
                break
        self._ranked = order, ranking
        loaded = Slice(tuple(rows), more_after=found.more)
        if isinstance(part, Around):
            loaded = loaded._replace(at=loaded.index_of(part.story))
        told = found.total, found.reading, found.problem, None if is_followed(source.query) else found.terms
        return Listing(source, loaded, self.categories(), hits, *told, completed=found.completed, is_turned=order[1])

    def _may_be_begun(self, source: Source) -> bool:
        return self.searches_as_typed and bool(source.typed)

    def _history(self, source: Source, part: Part) -> Listing:
        limit = max(FIRST_ROWS, self._rows_wanted(part))
        rows = tuple(opened.headline for opened in self.library.reading_log.history(limit=limit))
        while len(rows) >= limit and not _has_unread(part, rows):
            limit += PAGE_ROWS
            rows = tuple(opened.headline for opened in self.library.reading_log.history(limit=limit))
        return Listing(source, Slice(rows, more_after=len(rows) >= limit), self.categories())

    def _shelf(self, source: Source, part: Part) -> Listing:
        found = self.shelf.read(source.typed, limit := max(FIRST_ROWS, self._rows_wanted(part)))
        return Listing(source, Slice(found.rows, more_after=found.total > limit), self.categories(), found.hits, found.total)

    def _rows_wanted(self, part: Part) -> int:
        """Return how many rows from the first on hold a part of a list that can be read in no other way."""
        match part:
            case First(rows) | Around(_, rows):
                return rows
            case More(loaded) | Unread(loaded):
                return len(loaded.rows) + PAGE_ROWS
            case Again(loaded):
                return len(loaded.rows) + 1
            case Row(number):
                return self.count() if number is None else number

    def headlines(self, list_filter: ListFilter, limit: int) -> tuple[Headline, ...]:
        """Read the newest of some stories, without what is muted."""
        return self.library.together(lambda: self._pager.read(list_filter, First(limit))).rows[:limit]

    def unread(self, source: Source, *, after: Key | None = None, before: Key | None = None) -> tuple[int, ...]:
        """Return the numbers of all unread stories of a list, or of those older (`after`) or newer (`before`) than a place."""
        if source.is_dated:
            wanted = self.folding.list_filter(source)._replace(unread=True)
            return self.library.together(lambda: self._pager.numbers(wanted, after, before))
        if source.query and not source.is_shelf:
            unread = ListFilter(unread=True)
            found = self.library.search.numbers(source.query, now=self.clock(), within=unread, is_begun=self._may_be_begun(source))
        else:
            found = tuple(row.id for row in self.read(source, Row(None)).rows if not row.read)
        if after is None and before is None:
            return found
        there = frozenset(self.library.numbers(ListFilter(unread=True), after=after, before=before))
        return tuple(number for number in found if number in there)

    def is_turned(self, source: Source) -> bool:
        """Whether a list has another order than the usual: the oldest first, or what a search finds, the newest first."""
        return self.by_date if source.query else self.oldest_first and source.is_dated

    def leaves_out_read(self, source: Source) -> bool:
        """Whether read stories are left out of a list; the reader's own lists, and what a query finds, stay whole."""
        return self.unread_only and source.is_dated and not source.list_filter.is_own

    # ── the category pane ───────────────────────────────────────────────────

    def categories(self) -> tuple[CategoryCount, ...]:
        """Return all news, the categories that hold something, the reader's own lists and searches, in the order of the pane."""
        self.read_papers()
        self.muting.take()
        everything = self.folding.list_filter(ALL_NEWS)
        total, unread = (self.library.count(everything._replace(unread=unread)) for unread in (False, True))
        filled = tuple(count for count in self.library.categories() if count.total)
        rows = tuple(self.papers.rows(total, unread, filled))
        return (*self.muting.counted(rows, folded=everything.folded), *self._own_lists(), *self.searches.counts())

    def _own_lists(self) -> Iterator[CategoryCount]:
        text = self.language.text
        for slug, name in ((LATER_SLUG, text("Read later")), (STARRED_SLUG, text("Starred"))):
            if total := self.library.count(filter_of(slug)):
                yield CategoryCount(Category(slug, name), total, total)
        if total := self.shelf.count():
            yield CategoryCount(Category(PASSAGES_SLUG, text("Passages")), total, total)
        yield from own_lists.rows(self.library)
        if self.library.reading_log.history(limit=1):
            yield CategoryCount(Category(HISTORY_SLUG, text("Recently read")), 0, 0)

    # ── stories ─────────────────────────────────────────────────────────────

    def story(self, story_id: int) -> SavedStory:
        """Read a story with its text; that of a passage's row, too."""
        return self.library.story(story_id) if story_id >= 0 else self.shelf.story(story_id)

    def story_and_item(self, story_id: int) -> tuple[SavedStory, int]:
        """Read a story, and the item of its page at which it was left; one that was read begins at its top again."""
        saved, position = self.story(story_id), self.library.reading_log.position(story_id)
        return saved, position.item if position and not saved.headline.read else 0

    def revisions(self, story_id: int) -> tuple[Revision, ...]:
        """Read what a story said before it was edited on the portal."""
        return tuple(each for number in self.shelf.numbers([story_id]) for each in self.library.revisions(number))

    def find(self, link: str) -> int | None:
        """Return the number of the story that a link leads to; None where it isn't saved."""
        try:
            return self.library.find(link)
        except NotFound:
            return None

    def query_like(self, story_id: int) -> str:
        """Return the query that finds stories like one; empty where nothing in it tells enough."""
        return self.library.search.like(story_id)

    def terms(self, text: str) -> SearchTerms:
        """Return what the words of a query stand for, to be found in a text."""
        return self.library.search.terms(text, now=self.clock())

    def count(self) -> int:
        """Return how many stories are saved."""
        return self.library.count(ListFilter())

    # ── what the reader leaves behind ───────────────────────────────────────

    def mark(self, mark: Mark, ids: Sequence[int], on: bool) -> tuple[int, ...]:
        """Set or take away a mark of stories, and return those that it changed."""
        return self.library.mark(mark, self.shelf.numbers(ids), on, now=self.clock())

    def save_position(self, story_id: int, item: int) -> None:
        """Remember the item of its page at which a story is left."""
        for number in self.shelf.numbers([story_id]):
            self.library.reading_log.save_position(number, item, 0.0, now=self.clock())

    def note_opened(self, story_id: int) -> None:
        """Put a story on top of the history."""
        for number in self.shelf.numbers([story_id]):
            self.library.reading_log.note_opened(number, now=self.clock())

    def note_visit(self) -> None:
        """Remember that the reader is here; where nothing can be written, only the rule above what is new is lost."""
        with suppress(StoreError):
            self.library.reading_log.note_visit(self.clock())

    def new_since(self, visit: datetime) -> int:
        """Return how many stories were saved since a visit."""
        return self.library.reading_log.new_since(visit, limit=_MOST_NEW)

    def status(self, *, offline: bool, failed: bool = False) -> str:
        """Return how old what is shown is; in other words where nothing is fetched, or where a refresh has just failed."""
        last = max(filter(None, (self.library.of(count.paper).fetch_log.last_refresh() for count in self.papers.all)), default=None)
        if last is None:
            return self.language.text("Nothing fetched yet")
        age = self.language.age(last, self.clock())
        if failed:
            return self.language.text("showing news fetched {age}", age=age)
        if offline:
            return self.language.text("Offline: showing news fetched {age}", age=age)
        return self.language.text("Fetched {age}", age=age)


def _has_unread(part: Part, rows: Sequence[Headline]) -> bool:
    """Whether rows hold as many unread stories behind those that are loaded as are wanted."""
    return not isinstance(part, Unread) or sum(not row.read for row in rows[len(part.loaded.rows) :]) >= part.step


def _has_story(part: Part, rows: Sequence[Headline], query: str) -> bool:
    """Whether rows reach to the story that is wanted, where the list is sure to have it: a timeline has the one it is about."""
    return not (isinstance(part, Around) and is_followed(query)) or any(row.id == part.story for row in rows)
