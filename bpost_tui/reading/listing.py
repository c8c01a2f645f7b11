"""The desk: the library as the screens see it. No Textual; every method may block on the disk, so call it from a thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

from bpost_tui.errors import NotFound, StoreError
from bpost_tui.i18n import Language
from bpost_tui.model.story import Category, CategoryCount, Headline, Revision, SavedStory, Shelf
from bpost_tui.reading.muting import Muting
from bpost_tui.reading.saved_searches import SEARCH_MARK, SavedSearches
from bpost_tui.reading.slices import FIRST_ROWS, PAGE_ROWS, Pager, Slice
from bpost_tui.store.library import Library
from bpost_tui.store.results import Hit, QueryProblem

if TYPE_CHECKING:
    from bpost_tui.store.search.highlight import SearchTerms

ALL_SLUG = ""
LATER_SLUG, STARRED_SLUG, HISTORY_SLUG = "\u25f7", "\u2605", "\u21ba"
"""Not slugs WordPress can make."""
HISTORY = Shelf(category=HISTORY_SLUG)
"""What was opened, the last one first: no shelf of the library's, but it stands with them."""

Mark = Literal["read", "starred", "later"]


class Listing(NamedTuple):
    """A segment of a shelf's stories, or a query's from the best on, and how full every shelf is."""

    shelf: Shelf
    query: str
    slice: Slice
    counts: tuple[CategoryCount, ...]
    hits: Mapping[int, Hit] = MappingProxyType({})
    """By the story's number, where a query found it."""
    reading: str = ""
    """How the query's Roman words were read."""
    problem: QueryProblem | None = None
    wanted: SearchTerms | None = None
    """What the query looked for, to be marked in the stories it found."""
    is_unread_only: bool = False
    """Whether read stories are left out."""

    @property
    def rows(self) -> tuple[Headline, ...]:
        """The stories of the segment."""
        return self.slice.rows

    @property
    def is_dated(self) -> bool:
        """Whether the newest come first."""
        return is_dated(self.shelf, self.query)


@dataclass(slots=True)
class Listings:
    """Reads and marks, for the screens."""

    library: Library
    language: Language
    clock: Callable[[], datetime]
    mute: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The reader's rules, as in the config."""
    unread_only: bool = False
    """Whether the reader wants to see unread stories only; in which lists, `leaves_out_read` says."""
    searches: SavedSearches = field(init=False)
    muting: Muting = field(init=False)
    segments: Pager = field(init=False)

    def __post_init__(self) -> None:
        """Put the saved searches and what is muted beside the library."""
        self.searches = SavedSearches(self.library, self.clock)
        self.muting = Muting(self.library, self.clock)
        self.segments = Pager(self.library, self.muting)
        if self.mute:
            from bpost_tui.store.search.mute import mute_queries  # 10 ms, with the search

            self.muting.queries = mute_queries(self.mute)

    # ── lists ───────────────────────────────────────────────────────────────

    def listing(self, shelf: Shelf, query: str = "", *, at_least: int = FIRST_ROWS) -> Listing:
        """Read a shelf from its newest story on, or what a query finds, the best first; and the counts of all shelves.

        Args:
            shelf: What is listed, unless there is a query.
            query: What is searched for, everywhere.
            at_least: How many rows, where there are so many.
        """
        if query:
            return self.library.together(lambda: self._found(shelf, query, max(PAGE_ROWS, at_least)))
        if shelf == HISTORY:
            return self.library.together(lambda: self._history(max(FIRST_ROWS, at_least)))
        return self.part(shelf, lambda narrowed: self.segments.first(narrowed, at_least))

    def part(self, shelf: Shelf, read: Callable[[Shelf], Slice]) -> Listing:
        """Read a part of a list in the order of time, in a way of `segments`, without what is left out of it; and the counts."""

        def listing() -> Listing:
            unread_only = self.leaves_out_read(shelf)
            slice = read(shelf._replace(unread=True) if unread_only else shelf)
            return Listing(shelf, "", slice, self.shelves(), is_unread_only=unread_only)

        return self.library.together(listing)

    def around(self, shelf: Shelf, query: str, story: int, *, at_least: int = FIRST_ROWS) -> Listing:
        """Read a shelf where a story stands, or would stand, in the order of time; what has another is read from its first row."""
        if not is_dated(shelf, query):
            return self.listing(shelf, query, at_least=at_least)
        return self.part(shelf, lambda narrowed: self.segments.around(narrowed, self.library.headline(story)))

    def more(self, shelf: Shelf, query: str, held: Slice, step: int = 1) -> Listing:
        """Read on below the rows that are held, or with a negative step above them."""
        if not is_dated(shelf, query):
            return self.listing(shelf, query, at_least=len(held.rows) + PAGE_ROWS)
        return self.part(shelf, lambda narrowed: self.segments.longer(narrowed, held, step))

    def again(self, shelf: Shelf, query: str, held: Slice, current: Headline | None) -> Listing:
        """Read the rows that are held again: something has been saved or marked."""
        if not is_dated(shelf, query):
            return self.listing(shelf, query, at_least=len(held.rows) + 1)
        return self.part(shelf, lambda narrowed: self.segments.again(narrowed, held, current))

    def _found(self, shelf: Shelf, query: str, limit: int) -> Listing:
        found = self.library.search(query, limit=limit, now=self.clock())
        hits = {hit.headline.id: hit for hit in found.hits}
        slice = Slice(tuple(hit.headline for hit in found.hits), below=found.more)
        return Listing(shelf, query, slice, self.shelves(), hits, found.reading, found.problem, found.wanted)

    def _history(self, limit: int) -> Listing:
        rows = tuple(opened.headline for opened in self.library.history(limit=limit))
        return Listing(HISTORY, "", Slice(rows, below=len(rows) >= limit), self.shelves())

    def unread(self, shelf: Shelf, query: str) -> tuple[int, ...]:
        """Return the numbers of all unread stories of a list."""
        if is_dated(shelf, query):
            return self.library.together(lambda: self.segments.numbers(shelf._replace(unread=True)))
        rows = self.listing(shelf, query, at_least=self.count()).rows
        return tuple(row.id for row in rows if not row.read)

    def leaves_out_read(self, shelf: Shelf, query: str = "") -> bool:
        """Whether read stories are left out of a list; the reader's own shelves, and what a query finds, stay whole."""
        return self.unread_only and not (query or shelf.starred or shelf.later or shelf == HISTORY)

    def shelves(self) -> tuple[CategoryCount, ...]:
        """Return all news, the categories that hold something, the reader's own shelves and searches, in the order of the pane."""
        text = self.language.text
        everything = CategoryCount(
            Category(ALL_SLUG, text("All news")), self.library.count(Shelf()), self.library.count(Shelf(unread=True))
        )
        held = tuple(count for count in self.library.categories() if count.total)
        return (*self.muting.counted((everything, *held)), *self._own_shelves(), *self.searches.counts())

    def _own_shelves(self) -> Iterator[CategoryCount]:
        text = self.language.text
        for slug, name in ((LATER_SLUG, text("Read later")), (STARRED_SLUG, text("Starred"))):
            if total := self.library.count(shelf_of(slug)):
                yield CategoryCount(Category(slug, name), total, total)
        if self.library.history(limit=1):
            yield CategoryCount(Category(HISTORY_SLUG, text("Recently read")), 0, 0)

    def wanted(self, text: str) -> SearchTerms:
        """Return what the words of a query stand for, to be found in a text."""
        return self.library.wanted(text, now=self.clock())

    def story(self, story_id: int) -> SavedStory:
        """Read a story with its text."""
        return self.library.story(story_id)

    def noted(self, ids: Sequence[int], wanted: Sequence[str]) -> tuple[Headline, ...]:
        """Return those that are in a wanted category, or found by a saved search (`search:` and its name); none that is muted."""
        queries = {f"search:{search.name}": search.query for search in self.library.searches()}
        found: dict[int, Headline] = {}
        for name in wanted:
            if name.startswith("search:"):
                hits = (
                    self.library.search(queries[name], limit=PAGE_ROWS, now=self.clock(), by_date=True).hits
                    if name in queries
                    else ()
                )
                rows = tuple(hit.headline for hit in hits)
            else:
                rows = self.library.headlines(Shelf(category=name), limit=PAGE_ROWS)
            found |= {row.id: row for row in rows if row.id in ids and not row.read}
        muted = self.library.muted(self.muting.queries, list(found), now=self.clock()) if found and self.muting.queries else ()
        return tuple(row for row in found.values() if row.id not in muted)

    def find(self, link: str) -> int | None:
        """Return the number of the story that a link leads to, where it is saved."""
        try:
            return self.library.find(link)
        except NotFound:
            return None

    def revisions(self, story_id: int) -> tuple[Revision, ...]:
        """Read what a story said before it was edited on the portal."""
        return self.library.revisions(story_id)

    def count(self) -> int:
        """Return how many stories are saved."""
        return self.library.count(Shelf())

    def mark(self, mark: Mark, ids: Sequence[int], on: bool) -> tuple[int, ...]:
        """Set or take a mark of stories, and return those that it changed."""
        library = self.library
        save = {"read": library.mark_read, "starred": library.mark_starred, "later": library.mark_later}[mark]
        return save(ids, on, now=self.clock())

    def note_opened(self, story_id: int) -> None:
        """Put a story on top of the history."""
        self.library.note_opened(story_id, now=self.clock())

    def note_visit(self) -> None:
        """Remember that the reader is here; where nothing can be written, only the rule above what is new is lost."""
        with suppress(StoreError):
            self.library.note_visit(self.clock())

    def status(self, *, offline: bool) -> str:
        """Say how old what is shown is."""
        last = self.library.last_refresh()
        if last is None:
            return self.language.text("Nothing fetched yet")
        age = self.language.age(last, self.clock())
        if offline:
            return self.language.text("Offline: showing what was saved {age}", age=age)
        return self.language.text("Fetched {age}", age=age)


def is_dated(shelf: Shelf, query: str) -> bool:
    """Whether the newest come first in a list."""
    return not query and shelf != HISTORY


def shelf_of(slug: str) -> Shelf:
    """Return the shelf a row of the category pane stands for."""
    own = {ALL_SLUG: Shelf(), LATER_SLUG: Shelf(later=True), STARRED_SLUG: Shelf(starred=True), HISTORY_SLUG: HISTORY}
    return own.get(slug, Shelf(category=slug))


def query_of(slug: str) -> str:
    """Return the query a row of the category pane stands for; empty where it is a shelf."""
    return slug[len(SEARCH_MARK) :] if slug.startswith(SEARCH_MARK) else ""


def is_own(slug: str) -> bool:
    """Whether a row of the category pane is the reader's own: no category of the portal's, nor all news."""
    return slug.startswith((LATER_SLUG, STARRED_SLUG, HISTORY_SLUG, SEARCH_MARK))
