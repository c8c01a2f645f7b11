"""What fetching works with: a library's part for one paper. What it saves changes nothing of another paper's."""

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
    """A library's part for one paper; without a paper, for the first one.

    Every method, of a part's too, raises StoreError where the files can't be used.
    """

    def __init__(self, database: Database, paper: Paper | None, most_bytes: int | None) -> None:
        self._database = database
        self.paper = paper
        """None for the first one."""
        self._most_bytes = most_bytes
        self.fetch_log = FetchLog(database, paper)
        """What fetching this paper has to know the next time."""

    @cached_property
    def maintenance(self) -> Maintenance:
        """Looking after the whole library."""
        from bpost_tui.store.maintenance import Maintenance  # 1 ms

        return Maintenance(self._database)

    def in_one_transaction(self, writes: Callable[[], T]) -> T:
        """Return what some work returns; all that it writes, into other papers' parts too, is written in one transaction."""
        return self._database.write_together(writes)

    def save(self, stories: Sequence[Story], *, now: datetime, groups_now: bool = True) -> SaveResult:
        """Save stories as the paper sent them, newest first, in one transaction.

        How a story is recognised is said in model/story_identity.py, which version of it holds in model/story_merge.py
        (`update`). Dates in the future count as none, and a story without a date gets that of its first save. `settles`: look for
        the same news of other papers at once; who saves several papers does it once, after the last (`SameNews.settle`).
        """
        from bpost_tui import log
        from bpost_tui.store import story_saver  # 10 ms, with the index

        since, room = monotonic(), (self._database.folder, self._most_bytes)
        saved = self._database.write(
            lambda db: story_saver.save_stories(
                db, stories, now, paper=papers.ensure_paper_or_first(db, self.paper), limits=room, groups_now=groups_now
            )
        )
        log.log_event("save", since=since, new=len(saved.new), updated=len(saved.updated))
        return saved

    def save_categories(self, categories: Sequence[Category], *, complete: bool) -> None:
        """Save categories; `complete` if they are the paper's own list, which stories' categories then don't change."""
        from bpost_tui.store import story_saver  # 10 ms, with the index

        def save(db: sqlite3.Connection) -> None:
            story_saver.save_categories(db, categories, complete, paper=papers.ensure_paper_or_first(db, self.paper))

        self._database.write(save)

    def categories(self) -> tuple[CategoryCount, ...]:
        """Return the paper's categories, those with most saved stories first."""
        return self._database.read(lambda db: stories.categories(db, self._key))

    def story(self, story: int) -> SavedStory:
        """Return a story with its text, or raise NotFoundError."""
        return self._database.read(lambda db: stories.saved_story(db, story))

    def find(self, reference: str) -> int:
        """Return the id of the paper's story with this number, guid or link (in any variant); raises NotFoundError."""
        return self._database.read(lambda db: stories.find(db, reference, self._key))

    @property
    def _key(self) -> str | None:
        return None if self.paper is None else self.paper.key
