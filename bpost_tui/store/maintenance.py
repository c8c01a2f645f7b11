"""Maintenance of a library: statistics, checks, repair, compaction, and deleting old stories."""

# ruff: noqa: S608 (SQL is composed of constants; all values are bound)
from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from bpost_tui.clock import optional_time, to_us
from bpost_tui.model.library_results import LibraryStats
from bpost_tui.store import stories
from bpost_tui.store.lists import mark_store
from bpost_tui.store.lists.reading_log import CHECKED, set_reader_event
from bpost_tui.store.repair import integrity_checks
from bpost_tui.store.schema.migrations import FTS_TABLES, OWN_LIST_PLACE, STORIES, header_value
from bpost_tui.store.sqlite_files import DATABASES, file_sizes, transaction
from bpost_tui.store.writer_queue import BATCH_S, execute_in_turn, within

if TYPE_CHECKING:
    from bpost_tui.store.database import Database

PRUNE_BATCH = 100
"""Maximum number of stories deleted in one transaction. Between two transactions, other processes can write."""
_MERGED_PAGES = 2000
_PRUNABLE = f"""published_us < ? AND starred = 0 AND later = 0
    AND NOT EXISTS (SELECT 1 FROM list_entries AS k WHERE (k.story, k.place) = (stories.id, {OWN_LIST_PLACE}))"""


class Maintenance:
    """Maintenance of a library, for `bpost library` and the weekly check."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def stats(self) -> LibraryStats:
        """Return statistics of the library."""
        return self._database.read(_stats)._replace(sizes=file_sizes(self._database.folder))

    def marked_pictures(self) -> frozenset[str]:
        """Return the addresses of all pictures of stories that are starred, in Read later, or in a list that the reader made."""
        return self._database.read(stories.marked_pictures)

    def verify(self) -> tuple[str, ...]:
        """Return a line for each problem in stories.db and reader.db.

        A copy of both is read completely, and all stories of the copy are grouped again, which takes minutes for a large library.
        """
        return self._database.inspect(integrity_checks.find_problems)

    def repair(self) -> None:
        """Repair stories.db and reader.db.

        A damaged file is renamed, and a new file gets the rows that can be read from the damaged file and from backups. All stories
        are then grouped again, because groups by the rules of an earlier version also count as problems.
        """
        from bpost_tui.store.grouping.group_builder import GroupBuilder  # 10 ms: every refresh imports this module, few repair

        self._database.repair()
        GroupBuilder(self._database).regroup_all()

    def check_if_due(self, now: datetime) -> None:
        """If the last check was a week ago or before a crash, check the files and repair damaged ones; add notices of repairs.

        Other processes can write meanwhile. The search index isn't checked, because its check would stop other processes from
        writing.
        """
        if not self._database.read(lambda db: integrity_checks.is_due(db, now)):
            return
        if not self._database.read(integrity_checks.are_sound):
            self._database.repair()
        self._database.write(lambda db: set_reader_event(db, CHECKED, now))

    def compact(self, on_progress: Callable[[str, int, int], object]) -> None:
        """Shrink the files by the space of deleted rows.

        Compacting needs as much free disk space as the files take. `on_progress` gets the name of the file that is being compacted,
        the approximate number of bytes done, and the number of all bytes.
        """
        self._database.autocommit(lambda db: _compact(db, on_progress))

    def count_prunable(self, before: datetime) -> int:
        """Return the number of stories that `prune` would delete for `before`."""
        query = f"SELECT count(*) FROM stories WHERE {_PRUNABLE}"
        return int(self._database.read(lambda db: db.execute(query, (to_us(before),)).fetchone()[0]))

    def prune(self, before: datetime, on_progress: Callable[[int], object] | None = None) -> int:
        """Delete stories published before `before` that the reader hasn't starred or put into a list; return the number deleted.

        Stories in Read later also stay. Marks of deleted stories stay in reader.db, so a story that is fetched again gets its marks
        back. `on_progress`, unless it is None, gets the number of stories deleted up to now. If the work is interrupted, these
        stories stay deleted.
        """
        deleted = 0
        while some := self._database.write(lambda db: _prune(db, before)):
            deleted += some
            if on_progress is not None:
                on_progress(deleted)
        if deleted:
            from bpost_tui.store.grouping.group_builder import GroupBuilder  # 10 ms: every refresh imports this module, few prune

            GroupBuilder(self._database).update_groups()
        return deleted


def _stats(db: sqlite3.Connection) -> LibraryStats:
    query = """SELECT count(*), coalesce(sum(full), 0), (SELECT count(*) FROM unread WHERE list IN (SELECT id FROM papers)),
        coalesce(sum(starred), 0),
        coalesce(sum(later), 0), coalesce(sum(withdrawn_us IS NOT NULL), 0), min(published_us), max(published_us) FROM stories"""
    stories, full, unread, starred, later, withdrawn, *ends = db.execute(query).fetchone()
    oldest, newest = map(optional_time, ends)
    others = (
        "FROM revisions",
        "FROM reader.marks",
        "FROM lists WHERE slug IS NOT NULL AND total > 0 AND paper >= 0",
        "FROM story_groups WHERE story = representative",
    )
    revisions, marked, categories, groups = (int(db.execute(f"SELECT count(*) {table}").fetchone()[0]) for table in others)
    return LibraryStats(stories, full, unread, starred, later, withdrawn, oldest, newest, revisions, marked, categories, groups)


# ── compact and prune ───────────────────────────────────────────────────────


def _compact(db: sqlite3.Connection, on_progress: Callable[[str, int, int], object]) -> None:
    page_bytes = {name: header_value(db, name, "page_size") for name, _ in DATABASES}
    bytes_of = {name: header_value(db, name, "page_count") * page_bytes[name] for name, _ in DATABASES}
    # merging the indexes, whose length isn't known, is shown as a third of the work on stories.db
    all_bytes, third, done = sum(bytes_of.values()), bytes_of["main"] // 3, 0
    on_progress(STORIES.name, done, all_bytes)
    for table in FTS_TABLES:
        # in steps, so that other processes can write between them (https://sqlite.org/fts5.html#the_merge_command)
        with transaction(db):
            db.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('merge', {-_MERGED_PAGES})")
        before = -2
        while db.total_changes - before >= 2:
            before = db.total_changes
            with transaction(db):  # takes its turn
                db.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('merge', {_MERGED_PAGES})")
            done = min(done + _MERGED_PAGES * page_bytes["main"], third)
            on_progress(STORIES.name, done, all_bytes)
    done = 0
    for name, spec in DATABASES:
        on_progress(spec.name, max(done, third), all_bytes)
        execute_in_turn(db, f"VACUUM {name}")
        db.execute(f"PRAGMA {name}.wal_checkpoint(TRUNCATE)")
        done += bytes_of[name]


def _prune(db: sqlite3.Connection, before: datetime) -> int:
    """Delete the oldest stories published before `before`, at most `PRUNE_BATCH`, and return the number deleted."""
    mark_store.update_copy(db)
    query = f"SELECT id FROM stories WHERE {_PRUNABLE} ORDER BY published_us LIMIT {PRUNE_BATCH}"
    story_ids = [row[0] for row in db.execute(query, (to_us(before),))]
    deleted = delete_stories(db, within(BATCH_S, story_ids))
    if story_ids:  # the range of this cursor is no longer saved without a gap
        db.execute("DELETE FROM backfills WHERE oldest_us < ?", (to_us(before),))
    return deleted


def delete_stories(db: sqlite3.Connection, story_ids: Iterable[int]) -> int:
    """Delete the stories `story_ids` with all their data in stories.db, and return the number deleted. Marks stay in reader.db."""
    from bpost_tui.store.grouping import group_builder  # 10 ms: every refresh imports this module, few prune
    from bpost_tui.store.search import search_index

    deleted, entries = 0, list[search_index.Entry]()
    for story_id in story_ids:
        if entry := search_index.saved_entry(db, story_id, stories.as_sent_story(db, story_id)):
            entries.append(entry)
        group_builder.remove_story(db, story_id)
        db.execute("DELETE FROM stories WHERE id = ?", (story_id,))
        deleted += 1
    search_index.remove_entries(db, entries)
    return deleted
