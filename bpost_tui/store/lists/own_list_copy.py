"""Copy in stories.db of the reader's own lists; reader.db has the originals (schema/reader.sql).

Functions over an open library. Before a call that writes, the caller must have begun a transaction.
"""

# ruff: noqa: S608 (SQL is composed of constants; all values are bound)
from __future__ import annotations

import sqlite3

from bpost_tui.model.sanitize import MAX_NAME_CHARS, clean_line
from bpost_tui.store.row_mapping import PAPER_KEY
from bpost_tui.store.schema.migrations import MAX_OWN_LIST_ID, OWN_LIST_PLACE, OWN_LISTS_PAPER

_COPIED_LISTS = f"SELECT slug, name FROM lists WHERE id <= {MAX_OWN_LIST_ID}"
_OWN_LISTS = "SELECT key, name FROM reader.own_lists WHERE is_present"
_COPIED_ENTRIES = f"SELECT list, published_us, story FROM list_entries WHERE list <= {MAX_OWN_LIST_ID}"
_OWN_LIST_ENTRIES = f"""SELECT c.id, s.published_us, s.id FROM reader.own_list_entries AS k
    JOIN lists AS c ON (c.paper, c.slug) = ({OWN_LISTS_PAPER}, k.list) JOIN papers AS p ON p.key = k.paper
    JOIN stories AS s ON (s.guid, s.paper) = (k.guid, p.id) WHERE k.is_in"""
_INSERT_ENTRIES = f"""INSERT INTO list_entries SELECT k.list, k.published_us, k.story, {OWN_LIST_PLACE}, s.read, s.starred, s.later
    FROM stories AS s JOIN"""


def update_copy(db: sqlite3.Connection) -> None:
    """Make the copy in stories.db equal to the lists in reader.db."""
    lists, copies = dict(db.execute(_OWN_LISTS)), dict(db.execute(_COPIED_LISTS))
    for key in copies.keys() - lists.keys():
        number = list_id(db, key)
        db.execute("DELETE FROM list_entries WHERE list = ?", (number,))
        db.execute("DELETE FROM lists WHERE id = ?", (number,))
    for key in sorted(lists.keys() - copies.keys()):
        values = f"SELECT min({MAX_OWN_LIST_ID}, min(id) - 1), ?, ?, {OWN_LISTS_PAPER} FROM lists"
        db.execute(f"INSERT INTO lists (id, slug, name, paper) {values}", (key, lists[key]))
    renamed = [(lists[key], key) for key in lists.keys() & copies.keys() if lists[key] != copies[key]]
    db.executemany(f"UPDATE lists SET name = ? WHERE (paper, slug) = ({OWN_LISTS_PAPER}, ?)", renamed)
    db.execute(
        f"DELETE FROM list_entries WHERE list <= {MAX_OWN_LIST_ID} AND (list, published_us, story) NOT IN ({_OWN_LIST_ENTRIES})"
    )
    missing = f"SELECT * FROM ({_OWN_LIST_ENTRIES}) EXCEPT {_COPIED_ENTRIES}"
    db.execute(f"WITH k (list, published_us, story) AS ({missing}) {_INSERT_ENTRIES} k ON k.story = s.id")


def copy_entries_of(db: sqlite3.Connection, story: int) -> None:
    """Copy the list entries of a newly saved story, because it may have been in lists before it was deleted."""
    db.execute(
        f"WITH k (list, published_us, story) AS ({_OWN_LIST_ENTRIES} AND s.id = ?) {_INSERT_ENTRIES} k ON k.story = s.id", (story,)
    )


def list_id(db: sqlite3.Connection, key: str) -> int | None:
    """Return the id that the list with this key has in stories.db, or None if the list doesn't exist."""
    row = db.execute(f"SELECT id FROM lists WHERE (paper, slug) = ({OWN_LISTS_PAPER}, ?)", (key,)).fetchone()
    return int(row[0]) if row else None


def count_outdated(db: sqlite3.Connection) -> int:
    """Return the number of lists and list entries that are in only one of the two files, reader.db and stories.db."""
    pairs = (
        (_OWN_LISTS, _COPIED_LISTS),
        (_COPIED_LISTS, _OWN_LISTS),
        (_OWN_LIST_ENTRIES, _COPIED_ENTRIES),
        (_COPIED_ENTRIES, _OWN_LIST_ENTRIES),
    )
    counted = (f"SELECT count(*) FROM (SELECT * FROM ({one}) EXCEPT {other})" for one, other in pairs)
    return sum(int(db.execute(query).fetchone()[0]) for query in counted)


def restore_lists(db: sqlite3.Connection, now_us: int) -> None:
    """Restore to reader.db the lists and list entries that only stories.db has, dated `now_us` (microseconds since 1970).

    Lists that both files have get their names from stories.db. A list or entry that reader.db records as removed stays removed.
    """
    for key, name in db.execute(_COPIED_LISTS).fetchall():
        if key and key == clean_line(key, MAX_NAME_CHARS):
            cleaned = clean_line(name, MAX_NAME_CHARS) or key
            db.execute(  # the copy's name is newer than a backup's
                "INSERT INTO reader.own_lists VALUES (?, ?, ?, 1, ?) ON CONFLICT (key) "
                "DO UPDATE SET name = excluded.name, named_us = max(excluded.named_us, named_us + 1) WHERE name <> excluded.name",
                (key, cleaned, now_us, now_us),
            )
    joined = "FROM list_entries AS k JOIN lists AS c ON c.id = k.list JOIN stories AS s ON s.id = k.story"
    among = f"{joined} WHERE k.list <= {MAX_OWN_LIST_ID}"
    db.execute(f"INSERT OR IGNORE INTO reader.marks (guid, paper, link_key) SELECT s.guid, {PAPER_KEY}, s.link_key {among}")
    known = "c.slug IN (SELECT key FROM reader.own_lists)"
    db.execute(
        f"INSERT OR IGNORE INTO reader.own_list_entries SELECT c.slug, s.guid, {PAPER_KEY}, ?, 1 {among} AND {known}", (now_us,)
    )
