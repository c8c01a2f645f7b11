"""Stamp of the marks: a random value in stories.db and in reader.db, equal in both if the copy of the marks is current.

Functions over an open library. Before a call that writes, the caller must have begun a transaction.
"""

from __future__ import annotations

import sqlite3

LACKING_MARKS = "lacking marks"
"""Stamp of a reader.db that replaces another file, until marks are restored from stories.db (`mark_store.restore_marks`).

If the process is killed before it has restored the marks, this stamp is still in the file, so the next opening restores them.
"""


def marks_stamp(db: sqlite3.Connection) -> str:
    """Return the stamp in reader.db, which changes with each change of a mark."""
    return str(db.execute("SELECT stamp FROM reader.marks_stamp").fetchone()[0])


def is_copy_current(db: sqlite3.Connection) -> bool:
    """Whether the copy of the marks in stories.db is up to date."""
    return bool(db.execute("SELECT (SELECT stamp FROM main.marks_stamp) IS (SELECT stamp FROM reader.marks_stamp)").fetchone()[0])


def lacks_marks(db: sqlite3.Connection) -> bool:
    """Whether reader.db replaces another file, and so lacks marks that stories.db may still have."""
    return marks_stamp(db) == LACKING_MARKS


def renew_stamps(db: sqlite3.Connection) -> None:
    """Write a new stamp into both stories.db and reader.db. Equal stamps show that the marks in both files are equal.

    Call it after the marks have changed and are equal again.
    """
    stamp = db.execute("SELECT hex(randomblob(16))").fetchone()
    db.execute("UPDATE main.marks_stamp SET stamp = ?", stamp)
    db.execute("UPDATE reader.marks_stamp SET stamp = ?", stamp)
