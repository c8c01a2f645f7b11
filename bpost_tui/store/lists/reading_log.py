"""Reading log in reader.db: reading positions in stories, the history of opened stories, and the times of visits."""

# ruff: noqa: S608 (SQL is composed of constants; all values are bound)
from __future__ import annotations

import sqlite3
from datetime import datetime
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from bpost_tui.clock import from_us, to_us
from bpost_tui.model.library_results import HistoryEntry, ReadVersion
from bpost_tui.model.marks import ReadingPosition
from bpost_tui.model.story import Revision
from bpost_tui.store.lists import read_versions
from bpost_tui.store.papers import paper_condition, papers_in_scope, search_condition
from bpost_tui.store.row_mapping import HEADLINE_COLUMNS, PAPER_KEY, to_headline
from bpost_tui.store.stories import not_found

if TYPE_CHECKING:
    from bpost_tui.store.database_access import DatabaseAccess

_VISIT = "visit"
CHECKED, CRASHED = "checked", "crashed"
"""Names of events: the files were checked; a crash was noticed, because the files hadn't been closed."""
WARNED_OF_LOCATION = "danger"
"""Name of the event that is recorded when the reader is warned that the library's folder is in an unsafe location."""


class ReadingLog:
    """Reading positions, history and visits in a library."""

    def __init__(self, database: DatabaseAccess, only_paper: str | None = None) -> None:
        self._read, self._write = database.read, database.write
        self._only_paper = only_paper

    def position(self, story: int) -> ReadingPosition | None:
        """Return how far the story with the id `story` was read; None if reading it hasn't begun."""
        query = f"""SELECT m.item, m.fraction FROM stories AS s JOIN reader.marks AS m ON (m.guid, m.paper) = (s.guid, {PAPER_KEY})
            WHERE s.id = ?"""
        row = self._read(lambda db: db.execute(query, (story,)).fetchone())
        return ReadingPosition(*row) if row and row[0] is not None else None

    def save_position(self, story: int, item: int, fraction: float, *, now: datetime) -> None:
        """Save how far a story was read: the item at the top of the screen, and how much of it is above the screen.

        `item` is the index of a paragraph, heading, picture …; `fraction` is the share of its height, from 0 to 1. Raises
        NotFoundError if the library lacks the story.
        """
        query = f"""INSERT INTO reader.marks (guid, paper, link_key, item, fraction, position_us)
            SELECT guid, {PAPER_KEY}, link_key, ?, ?, ? FROM stories AS s WHERE id = ?
            ON CONFLICT (guid, paper) DO UPDATE SET item = excluded.item, fraction = excluded.fraction,
            position_us = max(excluded.position_us, coalesce(position_us, opened_us, 0) + 1)"""
        self._write(lambda db: _write_story_row(db, query, story, item, fraction, to_us(now)))

    def record_opened(self, story: int, *, now: datetime) -> None:
        """Record that a story was opened, which makes it the first of the history.

        The reader has then seen its present version. Raises NotFoundError if the library lacks the story.
        """
        query = f"""INSERT INTO reader.marks (guid, paper, link_key, opened_us)
            SELECT guid, {PAPER_KEY}, link_key, ? FROM stories AS s WHERE id = ?
            ON CONFLICT (guid, paper) DO UPDATE SET opened_us = excluded.opened_us"""

        def record(db: sqlite3.Connection) -> None:
            _write_story_row(db, query, story, to_us(now))
            _note_seen(db, story, now)

        self._write(record)

    def see_changes(self, story: int, *, now: datetime) -> ReadVersion | None:
        """Record that the reader has seen a story's changes, and return the deleted record of the changes, for `restore_changes`.

        Return None if no change that matters was recorded.
        """
        return self._write(lambda db: _note_seen(db, story, now))

    def restore_changes(self, seen: ReadVersion) -> None:
        """Restore the record of a story's changes that `see_changes` returned, as if the reader hadn't seen them."""
        self._write(lambda db: read_versions.restore(db, seen))

    def version_read(self, story: int) -> Revision | None:
        """Return the version of a story that the reader read; None if no change since then matters, or the reader has seen it."""
        return self._read(lambda db: read_versions.version_read(db, story))

    def history(self, *, limit: int) -> tuple[HistoryEntry, ...]:
        """Return the opened stories, at most `limit`, the most recently opened first."""

        def read(db: sqlite3.Connection) -> list[tuple[Any, ...]]:
            query = f"""SELECT {HEADLINE_COLUMNS}, m.opened_us FROM reader.marks AS m CROSS JOIN stories AS s
                ON s.guid = m.guid AND {PAPER_KEY} = m.paper
                WHERE m.opened_us IS NOT NULL AND {search_condition(db, self._only_paper) or "TRUE"}
                ORDER BY m.opened_us DESC, s.id DESC LIMIT ?"""
            return db.execute(query, (limit,)).fetchall()

        return tuple(HistoryEntry(to_headline(row), from_us(row[-1])) for row in self._read(read))

    def last_visit(self) -> datetime | None:
        """Return the time of the reader's last visit; None before the first.

        Stories with a later `first_seen` are new to the reader.
        """
        return self._read(lambda db: reader_event_time(db, _VISIT))

    def record_visit(self, now: datetime) -> None:
        """Record that the reader visits the library now."""
        self._write(lambda db: set_reader_event(db, _VISIT, now))

    def count_new_since(self, visit: datetime, *, limit: int) -> int:
        """Return the number of stories first seen after `visit`, at most `limit`."""

        def count(db: sqlite3.Connection) -> int:
            numbers = papers_in_scope(db, self._only_paper)
            among = "TRUE" if numbers is None else paper_condition(numbers)
            seen = db.execute(f"SELECT first_seen_us FROM stories AS s WHERE {among} ORDER BY id DESC LIMIT ?", (limit,))
            return sum(1 for _ in takewhile(lambda row: row[0] > to_us(visit), seen))

        return self._read(count)


def reader_event_time(db: sqlite3.Connection, event: str) -> datetime | None:
    """Return the time of an event that `set_reader_event` recorded, or None if it recorded none."""
    row = db.execute("SELECT at_us FROM reader.reader_events WHERE event = ?", (event,)).fetchone()
    return from_us(row[0]) if row else None


def set_reader_event(db: sqlite3.Connection, event: str, now: datetime) -> None:
    """Record the time of an event, such as a visit, a warning shown only once, or a check of the files."""
    db.execute("INSERT OR REPLACE INTO reader.reader_events (event, at_us) VALUES (?, ?)", (event, to_us(now)))


def _note_seen(db: sqlite3.Connection, story: int, now: datetime) -> ReadVersion | None:
    from bpost_tui.store.lists.mark_store import renew_read_mark  # 2 ms

    renew_read_mark(db, story, now)
    return read_versions.note_seen(db, story)


def _write_story_row(db: sqlite3.Connection, query: str, story: int, *values: object) -> None:
    """Run `query`, which writes a story's row in the table `marks`, with the parameters `values` and then `story`.

    Raises:
        NotFoundError: The library doesn't have the story.
    """
    if not db.execute(query, (*values, story)).rowcount:
        raise not_found(story)
