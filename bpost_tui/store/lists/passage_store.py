"""Passages (stretches of stories' texts) that the reader keeps, in reader.db.

A passage stays when its story is edited, deleted or withdrawn.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from bpost_tui.clock import to_us
from bpost_tui.errors import ContentError, NotFoundError
from bpost_tui.mark_changes.merge_rule import next_time_us
from bpost_tui.model.passage import MAX_NOTE_CHARS, Passage, QuoteSelector, clean_passage
from bpost_tui.model.sanitize import clean_line
from bpost_tui.store import stories
from bpost_tui.store.papers import all_papers, assign_keyless_marks
from bpost_tui.store.passage_rows import NEWEST_FIRST, last_change_us, select_passages, write_passage

if TYPE_CHECKING:
    from bpost_tui.store.database_access import DatabaseAccess


class PassageStore:
    """Passages (stretches of stories' texts) that the reader keeps in a library."""

    def __init__(self, database: DatabaseAccess) -> None:
        self._read, self._write = database.read, database.write

    def find_or_build(self, story: int, selector: QuoteSelector, *, now: datetime) -> Passage:
        """Return the kept passage of a story that `selector` quotes, or a new one with `id` 0 if it isn't kept.

        A passage is a stretch of the story's text; `selector` quotes it with the words around it. A new passage is dated `now`, and
        isn't saved.

        Raises:
            NotFoundError: The story isn't in the library, or its text doesn't contain the quotation.
        """
        return self._read(lambda db: _find_or_build(db, story, selector, now))

    def save(self, passage: Passage, *, now: datetime) -> None:
        """Save `passage`: a new one, a changed note, or a passage restored after its deletion."""
        cleaned = passage._replace(note=clean_line(passage.note, MAX_NOTE_CHARS))
        self._write(lambda db: _write(db, passage.key, cleaned, now))

    def delete(self, key: str, *, now: datetime) -> None:
        """Delete a passage, if it exists."""
        self._write(lambda db: _write(db, key, None, now))

    def get(self, key: str) -> Passage | None:
        """Return the passage with this `key`, or None if it isn't kept."""
        return self._read(lambda db: next(select_passages(db, "WHERE key = ?", (key,)), None))

    def all(self) -> tuple[Passage, ...]:
        """Return all passages, the most recently kept first."""
        return self._read(lambda db: tuple(select_passages(db, NEWEST_FIRST)))

    def search(self, text: str, *, now: datetime) -> tuple[Passage, ...]:
        """Return the passages that match the query `text`, the most recently kept first.

        The query is searched for in the passage, in its note and in the headline of its story. `now` is the current time.
        """
        from bpost_tui.store.search.passage_search import PassageQuery  # 10 ms, with the search

        query = PassageQuery.parse(text, now)
        return tuple(passage for passage in self.all() if query.matches(passage))

    def merge(self, imported: Iterable[Passage], *, now: datetime) -> int:
        """Save passages of another library (`imported`) that were changed later there than here; return how many were saved."""
        return self._write(lambda db: sum(_merge(db, passage, now) for passage in imported))


def _find_or_build(db: sqlite3.Connection, story: int, selector: QuoteSelector, now: datetime) -> Passage:
    row = stories.headline(db, story)
    names = {count.paper.key: count.paper.name for count in all_papers(db)}
    of_story = row.guid, row.paper, names.get(row.paper, ""), row.title, row.link, row.published
    try:
        passage = clean_passage(Passage("", selector, *of_story, "", now, now))
    except ContentError as error:
        raise NotFoundError(error.message) from error
    return next(select_passages(db, "WHERE key = ?", (passage.key,)), passage)


def _write(db: sqlite3.Connection, key: str, passage: Passage | None, now: datetime) -> None:
    """Save `passage` under `key` or, if it is None, delete the passage with this key.

    The change is dated `now`, but always later than the passage's last change.
    """
    before_us = last_change_us(db, key)
    if passage is not None or before_us is not None:
        write_passage(db, key, passage, next_time_us(to_us(now), before_us))
        assign_keyless_marks(db)


def _merge(db: sqlite3.Connection, theirs: Passage, now: datetime) -> bool:
    before_us, their_us = last_change_us(db, theirs.key), to_us(theirs.changed_at)
    if before_us is not None and their_us <= before_us:
        return False
    # the other machine's clock may be ahead
    write_passage(db, theirs.key, theirs, next_time_us(min(their_us, to_us(now)), before_us))
    return True
