"""The library of all papers: every story ever fetched, and what the reader did with it. All other layers go through this class."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

from bpost_tui.clock import utc_now
from bpost_tui.errors import StoreError
from bpost_tui.model.library_results import SaveResult
from bpost_tui.model.list_position import SortKey
from bpost_tui.model.marks import MarkName
from bpost_tui.model.paper import Paper, PaperCount
from bpost_tui.model.story import Category, CategoryCount, Headline, ListFilter, Revision, SavedStory, Story
from bpost_tui.store import papers, stories
from bpost_tui.store.database import Database
from bpost_tui.store.fetch_log import FetchLog
from bpost_tui.store.grouping.story_groups import StoryGroups
from bpost_tui.store.lists import list_query, mark_store
from bpost_tui.store.lists.mute_store import MuteStore
from bpost_tui.store.lists.reading_log import ReadingLog
from bpost_tui.store.paper_library import PaperLibrary
from bpost_tui.store.search.saved_search_store import SavedSearchStore

if TYPE_CHECKING:
    from bpost_tui.model.paper_health import PaperHealth
    from bpost_tui.store.change_store import ChangeStore
    from bpost_tui.store.greader_items import GreaderItemStore
    from bpost_tui.store.grouping.group_builder import GroupBuilder
    from bpost_tui.store.import_export import ImportExport
    from bpost_tui.store.lists.own_list_store import OwnListStore
    from bpost_tui.store.lists.passage_store import PassageStore
    from bpost_tui.store.maintenance import Maintenance
    from bpost_tui.store.search.story_search import StorySearch

T = TypeVar("T")


class Library:
    """The library in a folder; for any number of threads and processes at once.

    Lists, searches and the history are about the papers on the stand; with `alone`, about that paper, whichever those are.

    Its methods are about stories, lists and marks; the rest is done by its parts. Parts that are costly to import are imported when
    they are first asked for. Every method, of a part's too, raises StoreError where the files can't be used. Where they can't be
    written, reading still works.
    """

    def __init__(
        self,
        folder: Path,
        *,
        read_only: bool = False,
        clock: Callable[[], datetime] = utc_now,
        most_bytes: int | None = None,
        alone: Paper | None = None,
    ) -> None:
        self.folder = folder
        self._most_bytes = most_bytes
        self._key = None if alone is None else alone.key
        self._database = Database(folder, read_only=read_only, clock=clock)
        self._read, self._write = self._database.read, self._database.write
        self.reading_log = ReadingLog(self._database, self._key)
        """Positions in stories, history, visits."""
        self.first_paper = PaperLibrary(self._database, alone, most_bytes)
        """What fetching works with for the first paper, or the only one."""
        self.saved_searches = SavedSearchStore(self._database)
        self.mutes = MuteStore(self._database, self._key)
        """What the reader doesn't want to see."""
        self.story_groups = StoryGroups(self._database)
        """Which stories tell the same news."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files."""
        self._database.close()

    @property
    def notices(self) -> tuple[str, ...]:
        """A line for each thing about the files that the reader should know."""
        return tuple(self._database.notices)

    def read_together(self, reads: Callable[[], T]) -> T:
        """Do several reads and return what they return: all see the library in one state, and are done sooner."""
        return self._database.read_together(reads)

    def revision(self) -> tuple[int, int]:
        """Return a value that changes whenever any process has committed anything; costs microseconds."""
        return self._database.revision()

    # ── parts ───────────────────────────────────────────────────────────────

    @cached_property
    def search(self) -> StorySearch:
        """Finding stories by what they say."""
        from bpost_tui.store.search.story_search import StorySearch  # 10 ms

        return StorySearch(self._database, self._key)

    @cached_property
    def group_builder(self) -> GroupBuilder:
        """Why stories are the same news, and taking them apart."""
        from bpost_tui.store.grouping.group_builder import GroupBuilder  # 15 ms, with the words that tell

        return GroupBuilder(self._database)

    @cached_property
    def import_export(self) -> ImportExport:
        """Exporting whole stories, and merging another library's."""
        from bpost_tui.store.import_export import ImportExport  # 10 ms, with the index

        return ImportExport(self._database, self._most_bytes, self.first_paper.paper)

    @cached_property
    def maintenance(self) -> Maintenance:
        """What is in the library, whether it is sound, and deleting what is old."""
        from bpost_tui.store.maintenance import Maintenance  # 1 ms

        return Maintenance(self._database)

    @cached_property
    def passages(self) -> PassageStore:
        """Passages of stories that the reader keeps."""
        from bpost_tui.store.lists.passage_store import PassageStore  # only where one is kept

        return PassageStore(self._database)

    @cached_property
    def changes(self) -> ChangeStore:
        """Telling the reader's other machines what was marked here, and taking over what was marked there."""
        from bpost_tui.store.change_store import ChangeStore  # 5 ms

        return ChangeStore(self._database)

    @cached_property
    def greader_items(self) -> GreaderItemStore:
        """The items of the reader's service, and what it and this library agreed on."""
        from bpost_tui.store.greader_items import GreaderItemStore  # 5 ms, where a service is set

        return GreaderItemStore(self._database)

    @cached_property
    def own_lists(self) -> OwnListStore:
        """Lists of the reader's own."""
        from bpost_tui.store.lists.own_list_store import OwnListStore  # 1 ms

        return OwnListStore(self._database)

    # ── papers ──────────────────────────────────────────────────────────────

    def papers(self) -> tuple[PaperCount, ...]:
        """Return the papers that lists are about: those on the stand, in its order, or the one that is read alone."""
        if self._key is None:
            return self._read(papers.subscribed_papers)
        return tuple(count for count in self._read(papers.all_papers) if count.paper.key == self._key)

    def feed_titles(self) -> Mapping[str, str]:
        """Return what papers call themselves, by their keys, as far as their feeds have said."""
        return self._read(papers.feed_titles)

    def paper_health(self) -> Mapping[str, PaperHealth]:
        """Return how often each paper on the stand prints, and since when it fails, by its key."""
        from bpost_tui.store.paper_status import paper_health  # where it is asked

        return self._read(paper_health)

    def last_refresh(self) -> datetime | None:
        """Return when any paper of the lists last answered a refresh; None if no paper ever has."""
        times = self.read_together(lambda: [self.for_paper(count.paper).fetch_log.last_refresh() for count in self.papers()])
        return max(filter(None, times), default=None)

    def set_subscriptions(self, wanted: Sequence[Paper]) -> None:
        """Have exactly these papers on the stand, in this order; stories of others stay saved.

        Where nothing can be written, the stand stays as it was.
        """
        if not self._read(lambda db: papers.is_subscribed_to(db, wanted)):
            with suppress(StoreError):
                self._write(lambda db: _set_subscriptions(db, wanted))

    def add_papers(self, wanted: Iterable[Paper]) -> None:
        """Have papers in the library, off the stand if they are new: many at once, since one alone looks through all others."""
        self._write(lambda db: papers.ensure_papers(db, wanted))

    def for_paper(self, paper: Paper) -> PaperLibrary:
        """Return what fetching a paper works with."""
        return PaperLibrary(self._database, paper, self._most_bytes)

    @property
    def fetch_log(self) -> FetchLog:
        """What fetching the first paper has to know the next time."""
        return self.first_paper.fetch_log

    def save(self, stories: Sequence[Story], *, now: datetime) -> SaveResult:
        """Save stories of the first paper (`PaperLibrary.save`)."""
        return self.first_paper.save(stories, now=now)

    def save_categories(self, categories: Sequence[Category], *, complete: bool) -> None:
        """Save categories of the first paper (`PaperLibrary.save_categories`)."""
        self.first_paper.save_categories(categories, complete=complete)

    # ── lists ───────────────────────────────────────────────────────────────

    def headlines(
        self, list_filter: ListFilter, *, limit: int, after: SortKey | None = None, before: SortKey | None = None
    ) -> tuple[Headline, ...]:
        """Return a list's first rows, or those next to a row, after or before it (see `SortKey`); in the list's order."""
        return self._read(lambda db: list_query.headlines(db, self._scoped(list_filter), limit, after, before))

    def story_ids(
        self,
        list_filter: ListFilter,
        *,
        limit: int | None = None,
        offset: int = 0,
        after: SortKey | None = None,
        before: SortKey | None = None,
    ) -> tuple[int, ...]:
        """Return the numbers of a list's stories from the `offset`-th on, counted from its first row, or away from a row."""
        return self._read(lambda db: list_query.story_ids(db, self._scoped(list_filter), limit, offset, after, before))

    def count_between(self, list_filter: ListFilter, row: Headline, *, since: Headline | None = None) -> int:
        """Count a list's rows from `since` (or the first) through `row`."""
        return self._read(lambda db: list_query.count_between(db, self._scoped(list_filter), since, row))

    def count(self, list_filter: ListFilter) -> int:
        """Return how many stories are in a list."""
        return self._read(lambda db: list_query.count(db, self._scoped(list_filter)))

    def unread_count(self) -> int:
        """Return how many stories are unread."""
        return self.count(ListFilter(unread=True))

    def categories(self) -> tuple[CategoryCount, ...]:
        """Return the categories, paper by paper, those with most saved stories first."""
        return self._read(lambda db: stories.categories(db, self._key))

    def _scoped(self, list_filter: ListFilter) -> ListFilter:
        return list_filter if self._key is None or list_filter.paper is not None else list_filter._replace(paper=self._key)

    # ── stories ─────────────────────────────────────────────────────────────

    def headline(self, story: int) -> Headline:
        """Return a story's headline, or raise NotFoundError."""
        return self._read(lambda db: stories.headline(db, story))

    def story(self, story: int) -> SavedStory:
        """Return a story with its text, or raise NotFoundError."""
        return self._read(lambda db: stories.saved_story(db, story))

    def revisions(self, story: int) -> tuple[Revision, ...]:
        """Return what a story said before it was edited on the portal, the latest first."""
        return self._read(lambda db: stories.revisions(db, story))

    def find(self, reference: str) -> int:
        """Return the number of the story with this number, guid or link (in any of its variants), or raise NotFoundError."""
        return self._read(lambda db: stories.find(db, reference, self._key))

    def find_all(self, references: Iterable[str]) -> Mapping[str, int]:
        """Return the numbers of those stories that are here, by the reference to each (see `find`)."""
        return self._read(lambda db: stories.find_all(db, references, self._key))

    # ── marks ───────────────────────────────────────────────────────────────

    def set_mark(self, mark: MarkName, stories: Iterable[int], on: bool, *, now: datetime) -> tuple[int, ...]:
        """Set a mark of stories or take it away, and return those that this changed."""
        return self._write(lambda db: mark_store.set_mark(db, mark, stories, on, now))


def _set_subscriptions(db: sqlite3.Connection, wanted: Sequence[Paper]) -> None:
    if papers.set_subscriptions(db, wanted):
        from bpost_tui.store.grouping import group_builder  # 15 ms, with the index's words

        group_builder.rebuild_all_groups(db)
