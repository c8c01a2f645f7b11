"""The library: every story ever fetched, and the reader's marks. Everything else goes through this class."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Self, TypeVar

from bpost_tui.model.story import Category, CategoryCount, Headline, Revision, SavedStory, Shelf, Story, Validators
from bpost_tui.store import lists, marks, stories
from bpost_tui.store.connection import Database, utc_now
from bpost_tui.store.fetch_log import FetchLog
from bpost_tui.store.lists import Key
from bpost_tui.store.reading_log import ReadingLog
from bpost_tui.store.results import (
    BackfillCursor,
    Contact,
    ExportedStory,
    ImportedStory,
    Merged,
    Opened,
    Position,
    Saved,
    SavedSearch,
    SearchResult,
    Stats,
)
from bpost_tui.store.search.saved import SavedSearches

if TYPE_CHECKING:
    from bpost_tui.store.search.execute import Search
    from bpost_tui.store.search.highlight import SearchTerms

T = TypeVar("T")


class Library:
    """The library in a folder; for any number of threads and processes at once.

    Every method raises StoreError where the files can't be used. Where they can't be written, reading still works.
    """

    def __init__(self, folder: Path, *, read_only: bool = False, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = Database(folder, read_only=read_only, clock=clock)
        self._read, self._write = self._database.read, self._database.write
        self.folder = folder

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files."""
        self._database.close()

    @property
    def notices(self) -> tuple[str, ...]:
        """One line for each thing about the files that the reader should know."""
        return tuple(self._database.notices)

    def together(self, reads: Callable[[], T]) -> T:
        """Do several reads and return what they return: all see the library in one state, and are done sooner."""
        return self._database.together(reads)

    # ── stories ─────────────────────────────────────────────────────────────

    def save(self, stories: Sequence[Story], *, now: datetime) -> Saved:
        """Save stories as the portal sent them, newest first, in one transaction.

        A story is known by its guid, or by its link where its guid has changed. What is empty never erases what is known, a summary
        never a whole text; dates in the future count as none, and a story without a date gets that of its first save.
        """
        from bpost_tui import log
        from bpost_tui.store import saving  # 10 ms, with the index

        since = monotonic()
        saved = self._write(lambda db: saving.save(db, stories, now))
        log.event("save", since=since, new=len(saved.new), updated=len(saved.updated))
        return saved

    def headlines(
        self, list_filter: Shelf, *, limit: int, after: Key | None = None, before: Key | None = None
    ) -> tuple[Headline, ...]:
        """Return a list's first rows, or those next to a row, after or before it (see `lists.Key`); always newest first."""
        return self._read(lambda db: lists.headlines(db, list_filter, limit, after, before))

    def numbers(
        self, list_filter: Shelf, *, limit: int | None = None, offset: int = 0, after: Key | None = None, before: Key | None = None
    ) -> tuple[int, ...]:
        """Return the numbers of a list's stories from the `offset`-th on, counted from its first row, or away from a row."""
        return self._read(lambda db: lists.numbers(db, list_filter, limit, offset, after, before))

    def reach(self, list_filter: Shelf, row: Headline, *, since: Headline | None = None) -> int:
        """Count a list's rows from `since` (or the first) through `row`."""
        return self._read(lambda db: lists.count_between(db, list_filter, since, row))

    def headline(self, story: int) -> Headline:
        """Return one story's row, or raise NotFound."""
        return self._read(lambda db: stories.headline(db, story))

    def story(self, story: int) -> SavedStory:
        """Return one story with its text, or raise NotFound."""
        return self._read(lambda db: stories.saved_story(db, story))

    def find(self, wanted: str) -> int:
        """Return the number of the story with this number, guid or link (in any of its variants), or raise NotFound."""
        return self._read(lambda db: stories.find(db, wanted))

    def find_all(self, wanted: Iterable[str]) -> Mapping[str, int]:
        """Return the numbers of those stories that are here, by what each was asked for as (see `find`)."""
        return self._read(lambda db: stories.find_all(db, wanted))

    def count(self, list_filter: Shelf) -> int:
        """Return how many stories are in a list."""
        return self._read(lambda db: stories.count(db, list_filter))

    def unread_count(self) -> int:
        """Return how many stories are unread."""
        return self.count(Shelf(unread=True))

    def is_empty(self) -> bool:
        """Whether nothing was ever saved."""
        return self.count(Shelf()) == 0

    def revisions(self, story: int) -> tuple[Revision, ...]:
        """Return what a story said before it was edited on the portal, the latest first."""
        return self._read(lambda db: stories.revisions(db, story))

    # ── whole stories, out and in ───────────────────────────────────────────

    def kept(self, stories: Sequence[int]) -> tuple[ExportedStory, ...]:
        """Return whole stories in the order asked for, without those that have gone meanwhile."""
        from bpost_tui.store.transfer import Transfer

        return Transfer(self._database).export(stories)

    def merge(self, arrivals: Sequence[ImportedStory], *, now: datetime) -> Merged:
        """Merge stories that another library kept, and their marks, in one transaction; nothing is overwritten that is newer."""
        from bpost_tui.store.transfer import Transfer

        return Transfer(self._database).merge(arrivals, now=now)

    # ── searching ───────────────────────────────────────────────────────────

    def search(self, text: str, *, limit: int, offset: int = 0, now: datetime, by_date: bool = False) -> SearchResult:
        """Return what a query (see query.py) finds, the best first, or the newest; never fails, whatever the text."""
        return self._search().find(text, limit=limit, offset=offset, now=now, by_date=by_date)

    def wanted(self, text: str, *, now: datetime) -> SearchTerms:
        """Return what the words of a query stand for in this library, to be marked in a text (`marking.Marker`)."""
        return self._search().terms(text, now=now)

    def count_search(self, text: str, *, now: datetime) -> int:
        """Return how many stories a query finds; add `is:unread` for how many of them are unread."""
        return self._search().count(text, now=now)

    def found(self, text: str, *, now: datetime) -> tuple[int, ...]:
        """Return all stories that a query finds, newest first."""
        return self._search().numbers(text, now=now)

    def _search(self) -> Search:
        from bpost_tui.store.search.execute import Search  # 10 ms

        return Search(self._database)

    def save_search(self, name: str, query: str, *, now: datetime) -> None:
        """Keep a query under a name, in place of what was kept under it."""
        SavedSearches(self._database).save(name, query, now=now)

    def searches(self) -> tuple[SavedSearch, ...]:
        """Return the kept queries, by name."""
        return SavedSearches(self._database).all()

    def forget_search(self, name: str) -> None:
        """Drop a kept query, or raise NotFound."""
        SavedSearches(self._database).forget(name)

    # ── categories ──────────────────────────────────────────────────────────

    def save_categories(self, categories: Sequence[Category], *, complete: bool) -> None:
        """Save categories; `complete` if they are the portal's own list, which stories' categories then don't change."""
        from bpost_tui.store import saving

        self._write(lambda db: saving.save_categories(db, categories, complete))

    def categories(self) -> tuple[CategoryCount, ...]:
        """Return the categories, those with most saved stories first."""
        return self._read(stories.categories)

    # ── the reader's marks ──────────────────────────────────────────────────

    def mark_read(self, stories: Iterable[int], read: bool, *, now: datetime) -> tuple[int, ...]:
        """Mark stories read or unread, and return those that weren't."""
        return self._write(lambda db: marks.mark(db, "read", stories, read, now))

    def mark_starred(self, stories: Iterable[int], on: bool, *, now: datetime) -> tuple[int, ...]:
        """Star stories or take their stars, and return those this changed."""
        return self._write(lambda db: marks.mark(db, "starred", stories, on, now))

    def mark_later(self, stories: Iterable[int], on: bool, *, now: datetime) -> tuple[int, ...]:
        """Keep stories to be read later or no longer, and return those this changed."""
        return self._write(lambda db: marks.mark(db, "later", stories, on, now))

    def muted(self, queries: Sequence[str], stories: Sequence[int], *, now: datetime) -> frozenset[int]:
        """Return those of some stories that queries find (see `muting.mute_queries`)."""
        from bpost_tui.store.search.mute import Muted

        return Muted(self._database).among(queries, stories, now=now)

    def muted_unread(self, queries: Sequence[str], *, now: datetime) -> Mapping[str, int]:
        """Return how many unread stories of each shelf, by its slug, queries find; all news has no slug."""
        from bpost_tui.store.search.mute import Muted

        return Muted(self._database).unread(queries, now=now)

    def note_opened(self, story: int, *, now: datetime) -> None:
        """Note that a story was opened, which puts it on top of the history, or raise NotFound."""
        ReadingLog(self._database).note_opened(story, now=now)

    def history(self, *, limit: int, offset: int = 0) -> tuple[Opened, ...]:
        """Return the stories that were opened, from the `offset`-th on, the last one first."""
        return ReadingLog(self._database).history(limit=limit, offset=offset)

    def last_visit(self) -> datetime | None:
        """Return when the reader was last here; a Headline's `first_seen` after that is new to them."""
        return ReadingLog(self._database).last_visit()

    def note_visit(self, now: datetime) -> None:
        """Note that the reader is here."""
        ReadingLog(self._database).note_visit(now)

    def position(self, story: int) -> Position | None:
        """Return how far a story was read, None where it wasn't begun."""
        return ReadingLog(self._database).position(story)

    def save_position(self, story: int, item: int, fraction: float) -> None:
        """Keep how far a story was read (see Position), or raise NotFound."""
        ReadingLog(self._database).save_position(story, item, fraction)

    # ── upkeep ──────────────────────────────────────────────────────────────

    def stats(self) -> Stats:
        """Return what is in the library."""
        from bpost_tui.store.maintenance import Maintenance

        return Maintenance(self._database).stats()

    def verify(self) -> tuple[str, ...]:
        """Return one line for each thing that isn't as it should be, none where all is; takes seconds where there is much."""
        from bpost_tui.store.maintenance import Maintenance

        return Maintenance(self._database).verify()

    def compact(self) -> None:
        """Give back the room of what was deleted."""
        from bpost_tui.store.maintenance import Maintenance

        Maintenance(self._database).compact()

    def prunable(self, before: datetime) -> int:
        """Return how many stories `prune` would take out."""
        from bpost_tui.store.maintenance import Maintenance

        return Maintenance(self._database).prunable(before)

    def prune(self, before: datetime) -> int:
        """Take out what was published before a moment, neither starred nor kept to be read later, and return how many."""
        from bpost_tui.store.maintenance import Maintenance

        return Maintenance(self._database).prune(before)

    # ── fetching ────────────────────────────────────────────────────────────

    def validators(self, address: str) -> Validators | None:
        """Return what makes the next request of an address conditional."""
        return FetchLog(self._database).validators(address)

    def seen_items(self, address: str) -> str:
        """Return the digests of the items that a feed had the last time, and that are saved; empty where none were kept."""
        return FetchLog(self._database).seen_items(address)

    def remember(self, address: str, validators: Validators, *, items: str = "", now: datetime) -> None:
        """Keep an address's validators, and the digests of its items; only once its stories are saved."""
        FetchLog(self._database).save_validators(address, validators, items=items, now=now)

    def forget(self, address: str) -> None:
        """Drop an address's validators, so that it is fetched whole."""
        FetchLog(self._database).forget_validators(address)

    def noted(self, what: str) -> datetime | None:
        """Return when something was last noted."""
        return FetchLog(self._database).time_of(what)

    def note(self, what: str, now: datetime) -> None:
        """Note that something was done."""
        FetchLog(self._database).note_time(what, now)

    # ── reading back ────────────────────────────────────────────────────────

    def backfill_cursor(self, feed: str) -> BackfillCursor | None:
        """Return how far back a feed was read, by its category's slug, or "" for the front page's."""
        return FetchLog(self._database).backfill_cursor(feed)

    def save_backfill_cursor(self, feed: str, cursor: BackfillCursor) -> None:
        """Save how far back a feed was read; call it only once its stories are saved."""
        FetchLog(self._database).save_backfill_cursor(feed, cursor)

    def outdated(self, stories: Sequence[Story]) -> tuple[Story, ...]:
        """Return those of some stories, as they were sent, of which an older version is saved."""
        return FetchLog(self._database).outdated(stories)

    def not_among(self, stories: Sequence[Story], *, after: datetime, before: datetime) -> tuple[Story, ...]:
        """Return the saved stories from between two moments, both exclusive, that aren't among those the portal has."""
        return FetchLog(self._database).not_among(stories, after=after, before=before)

    def withdraw(self, guids: Iterable[str], *, now: datetime) -> None:
        """Note that stories are no longer on the portal; they stay saved, and the note goes if they are sent again."""
        FetchLog(self._database).withdraw(guids, now=now)

    def last_refresh(self) -> datetime | None:
        """Return when the portal was last asked, and answered."""
        return self.noted("refresh")

    def note_refresh(self, now: datetime) -> None:
        """Note that the portal was asked, and answered."""
        self.note("refresh", now)

    def note_contacts(self, requests: Mapping[str, int], now: datetime) -> None:
        """Add to how often hosts were asked."""
        if requests:
            FetchLog(self._database).note_contacts(requests, now)

    def contacts(self) -> tuple[Contact, ...]:
        """Return the hosts that were ever asked, the last one first."""
        return FetchLog(self._database).contacts()

    def marked_pictures(self) -> frozenset[str]:
        """Return the addresses of the pictures of stories that are starred or kept to be read later."""
        return self._read(stories.marked_pictures)

    def revision(self) -> tuple[int, int]:
        """Return a value that changes whenever any process has committed anything; costs microseconds."""
        return self._database.revision()
