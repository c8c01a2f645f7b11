"""The desk: the library as the screens see it. No Textual; every method may block on the disk, so call it from a thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bpost_tui.i18n import Language
from bpost_tui.news.model import Category, CategoryCount, Headline, SavedStory, Shelf
from bpost_tui.store.library import Library
from bpost_tui.store.values import Hit, QueryProblem

PAGE_ROWS = 200
"""Headlines read at a time."""

ALL_SLUG = ""
STARRED_SLUG = "\u2605"
"""Not a slug WordPress can make."""

Mark = Literal["read", "starred"]


@dataclass(frozen=True, slots=True)
class Listing:
    """A shelf's stories, or a query's, as far as they are loaded, and how full every shelf is."""

    shelf: Shelf
    query: str
    rows: tuple[Headline, ...]
    counts: tuple[CategoryCount, ...]
    hits: Mapping[int, Hit] = field(default_factory=dict)
    """By the story's number, where a query found it."""
    more: bool = False
    """Whether a query finds more than these."""
    reading: str = ""
    """How the query's Roman words were read."""
    problem: QueryProblem | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """Reads and marks, for the screens."""

    library: Library
    language: Language
    clock: Callable[[], datetime]

    def listing(self, shelf: Shelf, query: str = "", *, at_least: int = PAGE_ROWS) -> Listing:
        """Read a shelf from its newest story on, or what a query finds, the best first; and the counts of all shelves."""
        limit = max(PAGE_ROWS, at_least)
        if not query:
            return Listing(shelf, "", self.library.headlines(shelf, limit=limit), self.shelves())
        found = self.library.search(query, limit=limit, now=self.clock())
        hits = {hit.headline.id: hit for hit in found.hits}
        rows = tuple(hit.headline for hit in found.hits)
        return Listing(shelf, query, rows, self.shelves(), hits, found.more, found.reading, found.problem)

    def more(self, shelf: Shelf, query: str, rows: Sequence[Headline]) -> Listing:
        """Read on after the rows that are loaded."""
        if query:
            return self.listing(shelf, query, at_least=len(rows) + PAGE_ROWS)
        next_rows = self.library.headlines(shelf, limit=PAGE_ROWS, after=(rows[-1].published, rows[-1].id)) if rows else ()
        return Listing(shelf, "", (*rows, *next_rows), self.shelves())

    def shelves(self) -> tuple[CategoryCount, ...]:
        """Return all news, the categories that hold something, and the starred, in the order of the pane."""
        text = self.language.text
        everything = CategoryCount(
            Category(ALL_SLUG, text("All news")), self.library.count(Shelf()), self.library.count(Shelf(unread=True))
        )
        starred = self.library.count(Shelf(starred=True))
        held = tuple(count for count in self.library.categories() if count.total)
        last = (CategoryCount(Category(STARRED_SLUG, text("Starred")), starred, starred),) if starred else ()
        return (everything, *held, *last)

    def story(self, story_id: int) -> SavedStory:
        """Read a story with its text."""
        return self.library.story(story_id)

    def count(self) -> int:
        """Return how many stories are saved."""
        return self.library.count(Shelf())

    def mark(self, mark: Mark, ids: Sequence[int], on: bool) -> tuple[int, ...]:
        """Set or take a mark of stories, and return those that it changed."""
        save = self.library.mark_read if mark == "read" else self.library.mark_starred
        return save(ids, on, now=self.clock())

    def status(self, *, offline: bool) -> str:
        """Say how old what is shown is."""
        last = self.library.last_refresh()
        if last is None:
            return self.language.text("Nothing fetched yet")
        age = self.language.age(last, self.clock())
        if offline:
            return self.language.text("Offline: showing what was saved {age}", age=age)
        return self.language.text("Fetched {age}", age=age)


def shelf_of(slug: str) -> Shelf:
    """Return the shelf a row of the category pane stands for."""
    if slug == ALL_SLUG:
        return Shelf()
    if slug == STARRED_SLUG:
        return Shelf(starred=True)
    return Shelf(category=slug)
