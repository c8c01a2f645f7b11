"""Part of a library for one paper, used by fetching. Its methods never change another paper's stories."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from bpost_tui.model.library_results import SaveResult
from bpost_tui.model.paper import Paper
from bpost_tui.model.story import Category, CategoryCount, SavedStory, Story
from bpost_tui.store import papers, stories
from bpost_tui.store.fetch_log import FetchLog

if TYPE_CHECKING:
    import sqlite3

    from bpost_tui.store.database import Database
    from bpost_tui.store.maintenance import Maintenance

T = TypeVar("T")


class PaperLibrary:
    """Part of a library for one paper; if no paper is given, for the library's first paper.

    All methods, also of `fetch_log` and `maintenance`, raise StoreError if the files can't be used.
    """

    def __init__(self, database: Database, paper: Paper | None, most_bytes: int | None) -> None:
        self._database = database
        self.paper = paper
        """The paper, or None for the library's first paper."""
        self._most_bytes = most_bytes
        self.fetch_log = FetchLog(database, paper)

    @cached_property
    def maintenance(self) -> Maintenance:
        """Maintenance of the whole library."""
        from bpost_tui.store.maintenance import Maintenance  # 1 ms

        return Maintenance(self._database)

    def in_one_transaction(self, writes: Callable[[], T]) -> T:
        """Run `writes` in one transaction, which covers the writes to all papers, and return the result."""
        return self._database.write_together(writes)

    def save(
        self,
        stories: Sequence[Story],
        *,
        now: datetime,
        indexes_now: bool = True,
        groups_now: bool = True,
        part: slice = slice(None),
    ) -> SaveResult:
        """Save stories as the paper sent them, in one transaction, and return which stories are new and which changed.

        `model.story_identity` recognises stories that are saved already. `model.story_merge.merge_resent` chooses between two
        versions of a story. A date in the future is ignored, and a story without a date gets the time of its first save.

        Args:
            stories: All stories that the paper sent, newest first.
            now: Time of the save.
            indexes_now: Whether the stories are indexed for search at once. A refresh passes False, and indexes all stories after
                it has reported them (`Library.index_next`).
            groups_now: Whether the new stories are grouped at once. A caller that saves several papers passes False, and groups
                all stories once after the last paper (`GroupBuilder.update_groups`).
            part: Part of `stories` to save. A large feed is saved in parts, the last part first, so that other writers can write
                between two parts. All stories are passed with each part, because they show which guids and links are ambiguous.
        """
        from bpost_tui import log
        from bpost_tui.store import story_saver  # 10 ms, with the index

        since, limits = monotonic(), (self._database.folder, self._most_bytes)

        def save(db: sqlite3.Connection) -> SaveResult:
            paper = papers.ensure_paper_or_first(db, self.paper)
            return story_saver.save_stories(
                db, stories, now, paper=paper, limits=limits, part=part, indexes_now=indexes_now, finds_shifted=True
            )

        saved = self._database.write(save)
        if groups_now and (saved.new or saved.updated):
            from bpost_tui.store.grouping.group_builder import GroupBuilder  # 15 ms, with the IDF of common words

            GroupBuilder(self._database).update_groups()
        log.log_event("save", since=since, new=len(saved.new), updated=len(saved.updated))
        return saved

    def save_categories(self, categories: Sequence[Category], *, complete: bool) -> None:
        """Save categories of the paper's own list, which overrides categories named by stories.

        If the list is `complete`, delete other categories that have no stories.
        """
        from bpost_tui.store import story_saver  # 10 ms, with the index

        def save(db: sqlite3.Connection) -> None:
            story_saver.save_categories(db, categories, complete, paper=papers.ensure_paper_or_first(db, self.paper))

        self._database.write(save)

    def categories(self) -> tuple[CategoryCount, ...]:
        """Return the paper's categories."""
        return self._database.read(lambda db: stories.categories(db, self._key))

    def story(self, story: int) -> SavedStory:
        """Return the story with the id `story`, with its text; raises NotFoundError if the library lacks the story."""
        return self._database.read(lambda db: stories.saved_story(db, story))

    def find(self, reference: str) -> int:
        """Return the id of the paper's story that `reference` names by its id, guid or link (in any variant).

        Raises NotFoundError if the library lacks such a story of this paper.
        """
        return self._database.read(lambda db: stories.find(db, reference, self._key))

    @property
    def _key(self) -> str | None:
        return None if self.paper is None else self.paper.key
