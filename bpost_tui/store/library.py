"""Library of all papers: every story ever fetched, with the reader's marks. Other layers use the store only through it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

from bpost_tui.clock import utc_now
from bpost_tui.errors import StoreError
from bpost_tui.model.library_results import SaveResult
from bpost_tui.model.list_position import SortKey
from bpost_tui.model.marks import MarkName
from bpost_tui.model.paper import Paper, PaperCount
from bpost_tui.model.story import CategoryCount, Headline, ListFilter, Revision, SavedStory, Story
from bpost_tui.store import papers, stories
from bpost_tui.store.database import Database
from bpost_tui.store.grouping.story_groups import StoryGroups
from bpost_tui.store.lists import list_query, read_versions
from bpost_tui.store.lists.marks_stamp import marks_stamp
from bpost_tui.store.lists.mute_store import MuteStore
from bpost_tui.store.lists.reading_log import ReadingLog
from bpost_tui.store.schema.migrations import is_indexed
from bpost_tui.store.search.saved_search_store import SavedSearchStore

if TYPE_CHECKING:
    from bpost_tui.model.paper_health import PaperHealth, TextCount
    from bpost_tui.store.change_store import ChangeStore
    from bpost_tui.store.fetch_log import FetchLog
    from bpost_tui.store.greader_items import GreaderItemStore
    from bpost_tui.store.grouping.group_builder import GroupBuilder
    from bpost_tui.store.import_export import ImportExport
    from bpost_tui.store.lists.own_list_store import OwnListStore
    from bpost_tui.store.lists.passage_store import PassageStore
    from bpost_tui.store.maintenance import Maintenance
    from bpost_tui.store.paper_library import PaperLibrary
    from bpost_tui.store.search.story_search import StorySearch

T = TypeVar("T")
_COMPARING_S = 2.0
"""Maximum time in seconds that a start spends on comparing stories of newly subscribed papers; the next refresh does the rest."""


class Library:
    """Library in a folder, for any number of threads and processes at once.

    Lists, searches and the history cover the subscribed papers, or only the paper `alone` if it is given.

    Its own methods handle stories, lists and marks. Its attributes are objects that do the rest (parts of the library). Parts that
    are slow to import are imported at their first use. Every method, also of a part, raises StoreError if the files can't be used.
    If they can only be read, reading still works.
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
        self._alone = alone
        self._key = None if alone is None else alone.key
        self._database = Database(folder, read_only=read_only, clock=clock)
        self._read, self._write = self._database.read, self._database.write
        self.reading_log = ReadingLog(self._database, self._key)
        """Reading positions in stories, history of opened stories, and times of the reader's visits."""
        self.saved_searches = SavedSearchStore(self._database)
        self.mutes = MuteStore(self._database, self._key)
        """Rules for stories that the reader doesn't want to see."""
        self.story_groups = StoryGroups(self._database)
        """Groups of stories about the same event."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the files."""
        self._database.close()

    @property
    def notices(self) -> tuple[str, ...]:
        """Messages for the reader about the library's files, such as that a file was repaired."""
        return tuple(self._database.notices)

    def read_together(self, reads: Callable[[], T], *, searches: bool = False) -> T:
        """Run `reads` and return the result. All reads see the library as of one moment; they share a connection, to save time.

        `searches` is whether they need the search index, which is completed first.
        """
        if searches:
            from bpost_tui.store.search.search_index import complete_index  # 10 ms, with the search

            complete_index(self._database)
        return self._database.read_together(reads)

    def revision(self) -> tuple[int, int]:
        """Return two numbers that change whenever any process commits; takes microseconds."""
        return self._database.revision()

    # ── parts ───────────────────────────────────────────────────────────────

    @cached_property
    def first_paper(self) -> PaperLibrary:
        """Part of the library used by fetching: for the only paper that it was opened for, or else for the reader's first paper."""
        from bpost_tui.store.paper_library import PaperLibrary  # 2 ms, with the fetch log

        return PaperLibrary(self._database, self._alone, self._most_bytes)

    @cached_property
    def search(self) -> StorySearch:
        """Full-text search."""
        from bpost_tui.store.search.story_search import StorySearch  # 10 ms

        return StorySearch(self._database, self._key)

    @cached_property
    def group_builder(self) -> GroupBuilder:
        """Builder of groups of stories about the same event, which also explains groups and separates stories."""
        from bpost_tui.store.grouping.group_builder import GroupBuilder  # 15 ms, with the IDF of common words

        return GroupBuilder(self._database)

    @cached_property
    def import_export(self) -> ImportExport:
        """Export of whole stories, and import of another library's export."""
        from bpost_tui.store.import_export import ImportExport  # 10 ms, with the index

        return ImportExport(self._database, self._most_bytes, self.first_paper.paper)

    @cached_property
    def maintenance(self) -> Maintenance:
        """Statistics, checks and repair of the library, and deleting old stories."""
        from bpost_tui.store.maintenance import Maintenance  # 1 ms

        return Maintenance(self._database)

    @cached_property
    def passages(self) -> PassageStore:
        """Passages that the reader has saved from stories."""
        from bpost_tui.store.lists.passage_store import PassageStore  # only if passages are used

        return PassageStore(self._database)

    @cached_property
    def changes(self) -> ChangeStore:
        """Changes of marks to send to the reader's other machines, and to merge from them."""
        from bpost_tui.store.change_store import ChangeStore  # 5 ms

        return ChangeStore(self._database)

    @cached_property
    def greader_items(self) -> GreaderItemStore:
        """Items (entries for stories) on the reader's server of feeds, with their marks at the last sync."""
        from bpost_tui.store.greader_items import GreaderItemStore  # 5 ms, only if a service is configured

        return GreaderItemStore(self._database)

    @cached_property
    def own_lists(self) -> OwnListStore:
        """Lists that the reader makes."""
        from bpost_tui.store.lists.own_list_store import OwnListStore  # 1 ms

        return OwnListStore(self._database)

    # ── papers ──────────────────────────────────────────────────────────────

    def papers(self) -> tuple[PaperCount, ...]:
        """Return the papers that lists cover: the subscribed papers, in the reader's order.

        If the library was opened for one paper, only this paper is returned.
        """
        if self._key is None:
            return self._read(papers.subscribed_papers)
        return tuple(count for count in self._read(papers.all_papers) if count.paper.key == self._key)

    def unsubscribed_papers(self) -> tuple[PaperCount, ...]:
        """Return the papers that have stories, but that the reader isn't subscribed to.

        Empty if the library was opened for one paper.
        """
        return self._read(papers.unsubscribed_papers) if self._key is None else ()

    def feed_titles(self) -> Mapping[str, str]:
        """Return the titles of papers' feeds, by the papers' keys; papers without a title are left out."""
        return self._read(papers.feed_titles)

    def paper_health(self) -> Mapping[str, PaperHealth]:
        """Return the health of each subscribed paper, by the paper's key: how often it publishes, and whether fetching it fails."""
        from bpost_tui.store.paper_status import paper_health  # only if it is used

        return self._read(paper_health)

    def text_counts(self, now: datetime) -> Mapping[str, TextCount]:
        """Map keys of subscribed papers to two numbers: of the paper's recent stories, and of its recent stories with whole text.

        Papers without recent stories are left out.
        """
        from bpost_tui.store.paper_status import text_counts  # only if it is used

        return self._read(partial(text_counts, now=now))

    def last_refresh(self) -> datetime | None:
        """Return the time when any of the papers that lists cover last answered a refresh, or None if no paper ever has."""
        times = self.read_together(lambda: [self.for_paper(count.paper).fetch_log.last_refresh() for count in self.papers()])
        return max(filter(None, times), default=None)

    def set_subscriptions(self, wanted: Sequence[Paper]) -> None:
        """Subscribe to exactly the papers `wanted`, in this order; stories of other papers stay saved.

        If nothing can be written, the subscriptions stay as they were.
        """
        if not self._read(lambda db: papers.is_subscribed_to(db, wanted)):
            with suppress(StoreError):
                if self._write(lambda db: _set_subscriptions(db, wanted)):
                    self.group_builder.update_groups(_COMPARING_S)

    def move_paper(self, old: Paper, new: Paper, *, now: datetime) -> None:
        """Give the paper `old` the key and address of `new`; its stories, marks, lists and groups stay.

        If the library has stories of `new` already, they are joined with the stories of `old`. The config isn't changed.
        """
        from bpost_tui.store.paper_move import move_paper  # 15 ms, rarely used

        move_paper(self._database, old, new, now)
        self.group_builder.update_groups()

    def moved_addresses(self) -> Mapping[str, str]:
        """Map the earlier addresses of papers that have moved to the papers' present keys."""
        from bpost_tui.store.moved_papers import moved_addresses  # only to sync with a server of feeds

        return self._read(moved_addresses)

    def add_papers(self, wanted: Iterable[Paper]) -> None:
        """Add the papers `wanted` to the library without subscribing to them.

        Pass many at once, because each call reads all known papers.
        """
        self._write(lambda db: papers.ensure_papers(db, wanted))

    def for_paper(self, paper: Paper) -> PaperLibrary:
        """Return the part of the library for one paper, used by fetching."""
        from bpost_tui.store.paper_library import PaperLibrary  # 2 ms, with the fetch log

        return PaperLibrary(self._database, paper, self._most_bytes)

    @property
    def fetch_log(self) -> FetchLog:
        """Fetch log of the first paper: times and failures of its refreshes, and how far its feeds have been read."""
        return self.first_paper.fetch_log

    def save(self, stories: Sequence[Story], *, now: datetime) -> SaveResult:
        """Save stories of the library's first paper at the time `now`, and return which stories are new and which changed."""
        return self.first_paper.save(stories, now=now)

    def index_next(self) -> bool:
        """Index the newest stories that a refresh has saved, in one short transaction. Return False if all stories are indexed.

        The fingerprints of these stories (words to compare, for groups of the same news) are saved in the same step, since they
        also need the story split into words.
        """
        if self._read(is_indexed):
            return False
        from bpost_tui.store.grouping.fingerprint_store import save_if_queued  # 5 ms
        from bpost_tui.store.search.search_index import index_batch  # 10 ms

        return self._write(lambda db: index_batch(db, partial(save_if_queued, db))) > 0

    def count_unindexed(self) -> int:
        """Return the number of stories that aren't in the search index yet."""
        return int(self._read(lambda db: db.execute("SELECT count(*) FROM stories WHERE entry IS NULL").fetchone()[0]))

    # ── lists ───────────────────────────────────────────────────────────────

    def headlines(
        self, list_filter: ListFilter, *, limit: int, after: SortKey | None = None, before: SortKey | None = None
    ) -> tuple[Headline, ...]:
        """Return at most `limit` headlines of the list that `list_filter` selects, in the list's order.

        They are the headlines directly after the position (time and story id) `after`, or directly before the position `before`. If
        both are None, they are the list's first headlines.
        """
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
        """Return the ids of at most `limit` stories (all for None) of the list that `list_filter` selects.

        They are the stories after the position (time and story id) `after`, or before the position `before`, the nearest first. If
        both are None, they are the list's first stories. The nearest `offset` stories are skipped.
        """
        return self._read(lambda db: list_query.story_ids(db, self._scoped(list_filter), limit, offset, after, before))

    def count_between(self, list_filter: ListFilter, row: Headline, *, since: Headline | None = None) -> int:
        """Return the number of stories from `since` through `row` in the list that `list_filter` selects, both included.

        If `since` is None, counting begins at the list's first story.
        """
        return self._read(lambda db: list_query.count_between(db, self._scoped(list_filter), since, row))

    def count(self, list_filter: ListFilter) -> int:
        """Return the number of stories in the list that `list_filter` selects."""
        return self._read(lambda db: list_query.count(db, self._scoped(list_filter)))

    def count_passages(self) -> int:
        """Return the number of passages that the reader has saved."""
        return int(self._read(lambda db: db.execute("SELECT count(*) FROM reader.passages").fetchone()[0]))

    def unread_count(self) -> int:
        """Return the number of unread stories."""
        return self.count(ListFilter(unread=True))

    def categories(self) -> tuple[CategoryCount, ...]:
        """Return the categories of all subscribed papers, in the papers' order; the categories of a paper are sorted by name."""
        return self._read(lambda db: stories.categories(db, self._key))

    def _scoped(self, list_filter: ListFilter) -> ListFilter:
        return list_filter if self._key is None or list_filter.paper is not None else list_filter._replace(paper=self._key)

    # ── stories ─────────────────────────────────────────────────────────────

    def headline(self, story: int) -> Headline:
        """Return the headline of the story with the id `story`; raises NotFoundError if the library lacks the story."""
        return self._read(lambda db: stories.headline(db, story))

    def story(self, story: int) -> SavedStory:
        """Return the story with the id `story`, with its text; raises NotFoundError if the library lacks the story."""
        return self._read(lambda db: stories.saved_story(db, story))

    def set_tracking(self, on: bool) -> None:
        """Track changes of read stories if `on`, else stop tracking them. If nothing can be written, it stays as it was."""
        if self._read(read_versions.is_tracking) is not on:
            with suppress(StoreError):
                self._write(lambda db: read_versions.set_tracking(db, on))

    def revisions(self, story: int) -> tuple[Revision, ...]:
        """Return the earlier versions of a story that was edited on the portal, the latest first."""
        return self._read(lambda db: stories.revisions(db, story))

    def find(self, reference: str) -> int:
        """Return the id of the story that `reference` names by its id, guid or link (in any variant).

        Raises NotFoundError if the library has no such story.
        """
        return self._read(lambda db: stories.find(db, reference, self._key))

    def find_all(self, references: Iterable[str]) -> Mapping[str, int]:
        """Map references (ids, guids or links) to story ids; references to stories that the library lacks are left out."""
        return self._read(lambda db: stories.find_all(db, references, self._key))

    # ── marks ───────────────────────────────────────────────────────────────

    def marks_stamp(self) -> str:
        """Return the stamp of the marks: a text that changes with each change of a mark."""
        return self._read(marks_stamp)

    def set_mark(self, mark: MarkName, stories: Iterable[int], on: bool, *, now: datetime) -> tuple[int, ...]:
        """Set a mark of `stories` (ids) if `on`, or else remove it, and return the ids of the stories that changed."""
        from bpost_tui.store.lists.mark_store import set_mark  # 2 ms

        return self._write(lambda db: set_mark(db, mark, stories, on, now))


def _set_subscriptions(db: sqlite3.Connection, wanted: Sequence[Paper]) -> bool:
    """Subscribe to exactly the papers `wanted`, and return whether groups of the same news have changed."""
    if has_changed := papers.set_subscriptions(db, wanted):
        from bpost_tui.store.grouping import group_builder  # 15 ms

        group_builder.rebuild_all_groups(db)
    return has_changed
