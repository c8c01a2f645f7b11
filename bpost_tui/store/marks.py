"""The reader's marks: stored in reader.db, and copied to stories.db, where lists are filtered.

reader.db holds the truth, by guid; stories.db has a copy of read, starred and later. Both have a stamp that every change of the
marks renews; where the stamps differ (a crash between the two files' commits, a file put in from elsewhere) the copy is made anew.
Functions over an open library; those that write run inside a transaction.
"""

# ruff: noqa: S608 (statements are put together from our own words; what comes from outside is bound)
from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from bpost_tui.store.rows import to_us

Mark = Literal["read", "starred", "later"]

_TRUE = "EXISTS (SELECT 1 FROM reader.marks AS m WHERE m.guid = stories.guid AND m.{mark}_us IS NOT NULL)"
_COPIED = {mark: _TRUE.format(mark=mark) for mark in ("read", "starred", "later")}
_OUTDATED = " OR ".join(f"{mark} <> {truth}" for mark, truth in _COPIED.items())
_COPIES = ", ".join(f"{mark} = {truth}" for mark, truth in _COPIED.items())


def aligned(db: sqlite3.Connection) -> bool:
    """Whether the copy is up to date with the marks."""
    return bool(db.execute("SELECT (SELECT stamp FROM main.marks_stamp) IS (SELECT stamp FROM reader.marks_stamp)").fetchone()[0])


def align(db: sqlite3.Connection) -> None:
    """Make the copy anew where it isn't up to date."""
    if aligned(db):
        return
    db.execute(f"UPDATE stories SET {_COPIES} WHERE {_OUTDATED}")
    renew_stamp(db)


def take_back(db: sqlite3.Connection, now: datetime) -> int:
    """Take marks that only the copy has back into reader.db, and return how many: a damaged file has lost them.

    A mark that reader.db knows to have been taken away stays so.
    """
    taken = 0
    for which in _COPIED:
        taken += db.execute(
            f"INSERT INTO reader.marks (guid, link_key, {which}_us) SELECT guid, link_key, ? FROM stories WHERE {which} "
            f"AND NOT EXISTS (SELECT 1 FROM reader.marks AS m WHERE m.guid = stories.guid "
            f"AND (m.{which}_us IS NOT NULL OR m.un{which}_us IS NOT NULL)) "
            f"ON CONFLICT (guid) DO UPDATE SET {which}_us = excluded.{which}_us",
            (to_us(now),),
        ).rowcount
    db.execute(f"UPDATE stories SET {_COPIES} WHERE {_OUTDATED}")
    renew_stamp(db)
    return taken


def count_outdated(db: sqlite3.Connection) -> int:
    """Return of how many stories the copy differs from the marks."""
    return int(db.execute(f"SELECT count(*) FROM stories WHERE {_OUTDATED}").fetchone()[0])


def copy(db: sqlite3.Connection, stories: Iterable[int]) -> None:
    """Copy the marks of some stories."""
    db.execute(f"UPDATE stories SET {_COPIES} WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(stories)),))


def mark(db: sqlite3.Connection, which: Mark, stories: Iterable[int], on: bool, now: datetime) -> tuple[int, ...]:
    """Set a mark or take it away, and return the numbers of the stories that this changed."""
    align(db)
    given = json.dumps(list(stories))
    query = f"SELECT id FROM stories WHERE id IN (SELECT value FROM json_each(?)) AND {which} <> ?"
    changed = tuple(row[0] for row in db.execute(query, (given, on)))
    if not changed:
        return ()
    ids = json.dumps(changed)
    db.execute(
        f"INSERT INTO reader.marks (guid, link_key, {which}_us, un{which}_us) SELECT guid, link_key, ?, ? FROM stories "
        f"WHERE id IN (SELECT value FROM json_each(?)) ON CONFLICT (guid) "
        f"DO UPDATE SET {which}_us = excluded.{which}_us, un{which}_us = excluded.un{which}_us",
        (to_us(now) if on else None, None if on else to_us(now), ids),
    )
    db.execute(f"UPDATE stories SET {which} = ? WHERE id IN (SELECT value FROM json_each(?))", (on, ids))
    renew_stamp(db)
    return changed


def marks_of(db: sqlite3.Connection, guid: str, key: str | None) -> dict[str, object]:
    """Return the marks of a story about to be saved, which reader.db may have from before it was deleted.

    Marks made under another guid that no story has now are taken over by the link.
    """
    db.execute(
        "UPDATE OR IGNORE reader.marks SET guid = ? WHERE link_key = ? AND guid NOT IN (SELECT guid FROM stories)", (guid, key)
    )
    row = db.execute("SELECT read_us, starred_us, later_us FROM reader.marks WHERE guid = ?", (guid,)).fetchone()
    read_us, starred_us, later_us = row or (None, None, None)
    return {"read": read_us is not None, "starred": starred_us is not None, "later": later_us is not None}


def renew_stamp(db: sqlite3.Connection) -> None:
    """Stamp both files anew: their marks have changed, and agree."""
    stamp = db.execute("SELECT hex(randomblob(16))").fetchone()
    db.execute("UPDATE main.marks_stamp SET stamp = ?", stamp)
    db.execute("UPDATE reader.marks_stamp SET stamp = ?", stamp)
