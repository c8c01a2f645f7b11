"""The shelves of stories.db for the reader's own lists, made of what reader.db says (schema/reader.sql).

Functions over an open library; those that write run inside a transaction.
"""

# ruff: noqa: S608 (statements are put together from our own words; what comes from outside is bound)
from __future__ import annotations

import sqlite3

from bpost_tui.model.sanitize import MAX_NAME_CHARS, clean_line
from bpost_tui.store.row_mapping import PAPER
from bpost_tui.store.schema.migrations import OWN, OWN_PAPER, OWN_PLACE

_SHELVES = f"SELECT slug, name FROM shelves WHERE id <= {OWN}"
_LISTS = "SELECT key, name FROM reader.lists WHERE is_there"
_SHELVED = f"SELECT shelf, published_us, story FROM shelved WHERE shelf <= {OWN}"
_LISTED = f"""SELECT c.id, s.published_us, s.id FROM reader.listed AS k
    JOIN shelves AS c ON (c.paper, c.slug) = ({OWN_PAPER}, k.list) JOIN papers AS p ON p.key = k.paper
    JOIN stories AS s ON (s.guid, s.paper) = (k.guid, p.id) WHERE k.is_in"""
_PLACE = f"""INSERT INTO shelved SELECT k.shelf, k.published_us, k.story, {OWN_PLACE}, s.read, s.starred, s.later
    FROM stories AS s JOIN"""


def copy(db: sqlite3.Connection) -> None:
    """Have the shelves as the lists are."""
    lists, shelves = dict(db.execute(_LISTS)), dict(db.execute(_SHELVES))
    for key in shelves.keys() - lists.keys():
        number = shelf_of(db, key)
        db.execute("DELETE FROM shelved WHERE shelf = ?", (number,))
        db.execute("DELETE FROM shelves WHERE id = ?", (number,))
    for key in sorted(lists.keys() - shelves.keys()):
        query = f"INSERT INTO shelves (id, slug, name, paper) SELECT min({OWN}, min(id) - 1), ?, ?, {OWN_PAPER} FROM shelves"
        db.execute(query, (key, lists[key]))
    renamed = [(lists[key], key) for key in lists.keys() & shelves.keys() if lists[key] != shelves[key]]
    db.executemany(f"UPDATE shelves SET name = ? WHERE (paper, slug) = ({OWN_PAPER}, ?)", renamed)
    db.execute(f"DELETE FROM shelved WHERE shelf <= {OWN} AND (shelf, published_us, story) NOT IN ({_LISTED})")
    missing = f"SELECT * FROM ({_LISTED}) EXCEPT {_SHELVED}"
    db.execute(f"WITH k (shelf, published_us, story) AS ({missing}) {_PLACE} k ON k.story = s.id")


def list_saved(db: sqlite3.Connection, story: int) -> None:
    """Put a story that was just saved on the lists that it was put in before."""
    db.execute(f"WITH k (shelf, published_us, story) AS ({_LISTED} AND s.id = ?) {_PLACE} k ON k.story = s.id", (story,))


def shelf_of(db: sqlite3.Connection, key: str) -> int | None:
    """Return the shelf of a list, None where it isn't there."""
    row = db.execute(f"SELECT id FROM shelves WHERE (paper, slug) = ({OWN_PAPER}, ?)", (key,)).fetchone()
    return int(row[0]) if row else None


def count_outdated(db: sqlite3.Connection) -> int:
    """Return how many stories, or lists, the shelves have that the lists haven't, and the other way round."""
    pairs = ((_LISTS, _SHELVES), (_SHELVES, _LISTS), (_LISTED, _SHELVED), (_SHELVED, _LISTED))
    counted = (f"SELECT count(*) FROM (SELECT * FROM ({one}) EXCEPT {other})" for one, other in pairs)
    return sum(int(db.execute(query).fetchone()[0]) for query in counted)


def take_back(db: sqlite3.Connection, now_us: int) -> None:
    """Take lists, and stories in them, that only the shelves have back into reader.db; what was taken away there stays so."""
    for key, name in db.execute(_SHELVES).fetchall():
        if key and key == clean_line(key, MAX_NAME_CHARS):
            cleaned = clean_line(name, MAX_NAME_CHARS) or key
            db.execute(  # the copy's name is newer than that of a backup
                "INSERT INTO reader.lists VALUES (?, ?, ?, 1, ?) ON CONFLICT (key) "
                "DO UPDATE SET name = excluded.name, named_us = max(excluded.named_us, named_us + 1) WHERE name <> excluded.name",
                (key, cleaned, now_us, now_us),
            )
    among = f"FROM shelved AS k JOIN shelves AS c ON c.id = k.shelf JOIN stories AS s ON s.id = k.story WHERE k.shelf <= {OWN}"
    db.execute(f"INSERT OR IGNORE INTO reader.marks (guid, paper, link_key) SELECT s.guid, {PAPER}, s.link_key {among}")
    known = "c.slug IN (SELECT key FROM reader.lists)"
    db.execute(f"INSERT OR IGNORE INTO reader.listed SELECT c.slug, s.guid, {PAPER}, ?, 1 {among} AND {known}", (now_us,))
