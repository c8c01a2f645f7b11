"""Looking after a library: what is in it, whether it is sound, and taking out what is old. Functions over an open library."""

# ruff: noqa: S608 (statements are put together from our own words; what comes from outside is bound)
from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime

from bpost_tui.store import marks, stories
from bpost_tui.store.files import ATTACHED
from bpost_tui.store.results import Stats
from bpost_tui.store.schema import EVERYTHING
from bpost_tui.store.search import index
from bpost_tui.store.stories import from_us, to_us

PRUNED_AT_A_TIME = 100
"""Stories taken out in one transaction: other processes write in between."""
_MERGED_PAGES = 2000
_FTS = ("search", "sounds")
_GOES = "published_us < ? AND starred = 0 AND later = 0"


def stats(db: sqlite3.Connection) -> Stats:
    """Return what is in the library; the sizes of its files are left at nothing."""
    query = """SELECT count(*), coalesce(sum(full), 0), count(*) - coalesce(sum(read), 0), coalesce(sum(starred), 0),
        coalesce(sum(later), 0), coalesce(sum(withdrawn_us IS NOT NULL), 0), min(published_us), max(published_us) FROM stories"""
    stories, full, unread, starred, later, withdrawn, *ends = db.execute(query).fetchone()
    oldest, newest = (None if end is None else from_us(end) for end in ends)
    others = ("FROM revisions", "FROM reader.marks", f"FROM shelves WHERE id <> {EVERYTHING} AND total > 0")
    revisions, marked, categories = (int(db.execute(f"SELECT count(*) {table}").fetchone()[0]) for table in others)
    return Stats(stories, full, unread, starred, later, withdrawn, oldest, newest, revisions, marked, categories)


# ── verify ──────────────────────────────────────────────────────────────────


def problems(db: sqlite3.Connection) -> tuple[str, ...]:
    """Return one line for each thing that isn't as it should be; reads both files through."""
    found: list[str] = []
    for check in (_unsound_pages, _broken_references, _unsound_index, _wrong_counts, _wrong_copies):
        try:
            found += check(db)
        except sqlite3.DatabaseError as error:
            found.append(f"{error}")
    return tuple(dict.fromkeys(found))


def _unsound_pages(db: sqlite3.Connection) -> Iterator[str]:
    for name, spec in ATTACHED:
        for (line,) in db.execute(f"PRAGMA {name}.quick_check(5)"):
            if line != "ok":
                yield f"{spec.name}: {line.splitlines()[-1]}"


def _broken_references(db: sqlite3.Connection) -> Iterator[str]:
    broken = db.execute("PRAGMA main.foreign_key_check").fetchall()
    if broken:
        yield f"stories.db: {len(broken)} rows refer to what isn't there"


def _unsound_index(db: sqlite3.Connection) -> Iterator[str]:
    if not index.is_sound(db):
        yield "stories.db: the search index is damaged"
    (missing,) = db.execute("SELECT count(*) FROM stories WHERE entry IS NULL").fetchone()
    (entries,) = db.execute("SELECT count(*) FROM search_docsize").fetchone()
    (entered,) = db.execute("SELECT count(*) FROM stories WHERE entry IS NOT NULL").fetchone()
    if missing or entries != entered:
        yield f"stories.db: the search index has {entries} entries for {entered + missing} stories"


def _wrong_counts(db: sqlite3.Connection) -> Iterator[str]:
    query = """SELECT count(*) FROM shelves WHERE
        (total, unread) <> (SELECT count(*), count(*) - coalesce(sum(read), 0) FROM shelved WHERE shelf = shelves.id)"""
    if wrong := db.execute(query).fetchone()[0]:
        yield f"stories.db: {wrong} categories are miscounted"
    query = """SELECT count(*) FROM stories AS s LEFT JOIN shelved AS k ON k.shelf = ? AND k.published_us = s.published_us AND
        k.story = s.id WHERE (k.read, k.starred, k.later) IS NOT (s.read, s.starred, s.later)"""
    if wrong := db.execute(query, (EVERYTHING,)).fetchone()[0]:
        yield f"stories.db: {wrong} stories are listed wrongly"


def _wrong_copies(db: sqlite3.Connection) -> Iterator[str]:
    if marks.aligned(db) and (wrong := marks.count_outdated(db)):
        yield f"stories.db: the marks of {wrong} stories are not those of reader.db"


# ── compact and prune ───────────────────────────────────────────────────────


def compact(db: sqlite3.Connection) -> None:
    """Give back the room of what was deleted; outside a transaction. Needs as much room again while it lasts."""
    for table in _FTS:
        # in steps, between which others may write (https://sqlite.org/fts5.html#the_merge_command)
        db.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('merge', {-_MERGED_PAGES})")
        before = -2
        while db.total_changes - before >= 2:
            before = db.total_changes
            db.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('merge', {_MERGED_PAGES})")
    for name, _ in ATTACHED:
        db.execute(f"VACUUM {name}")
        db.execute(f"PRAGMA {name}.wal_checkpoint(TRUNCATE)")


def prunable(db: sqlite3.Connection, before: datetime) -> int:
    """Return how many stories `prune` would take out."""
    return int(db.execute(f"SELECT count(*) FROM stories WHERE {_GOES}", (to_us(before),)).fetchone()[0])


def prune(db: sqlite3.Connection, before: datetime) -> int:
    """Take out some of the stories published before a moment, the oldest first, and return how many.

    Those with a star, or kept to be read later, never go. Marks stay in reader.db: a story that comes back is read as it was.
    """
    marks.align(db)
    query = f"SELECT id FROM stories WHERE {_GOES} ORDER BY published_us LIMIT {PRUNED_AT_A_TIME}"
    numbers = [row[0] for row in db.execute(query, (to_us(before),))]
    for number in numbers:
        index.remove(db, number, stories.stored(db, number))
        db.execute("DELETE FROM stories WHERE id = ?", (number,))
    if numbers:  # a feed that was read so far back would have to be read again
        db.execute("DELETE FROM walks WHERE oldest_us < ?", (to_us(before),))
    return len(numbers)
