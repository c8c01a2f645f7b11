"""What SQLite's and the file system's errors mean to the reader."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from ..errors import StoreError

_LINES = {
    sqlite3.SQLITE_FULL: ("the disk is full", "Make room: reading still works, and nothing saved is lost."),
    sqlite3.SQLITE_IOERR: ("the disk can't be read or written", "Check the disk and the room on it: nothing saved is lost."),
    sqlite3.SQLITE_READONLY: ("the library can't be written", "Make the folder writable: reading still works."),
    sqlite3.SQLITE_PERM: ("the library may not be opened", "Check who owns the folder."),
    sqlite3.SQLITE_CANTOPEN: ("the library can't be opened", "Check the folder's rights and the room on the disk."),
    sqlite3.SQLITE_BUSY: ("the library is in use", "Another bpost is writing: try again in a moment."),
    sqlite3.SQLITE_LOCKED: ("the library is in use", "Another bpost is writing: try again in a moment."),
    sqlite3.SQLITE_CORRUPT: ("the library is damaged", "Move its files away and refresh."),
    sqlite3.SQLITE_NOTADB: ("the library is damaged", "Move its files away and refresh."),
}


def store_error(error: sqlite3.Error | OSError, folder: Path) -> StoreError:
    """Turn an error into one line and a hint."""
    if isinstance(error, OSError):
        return StoreError(f"{folder}: {error.strerror or error}", hint="Check the folder's rights and the room on the disk.")
    line, hint = _LINES.get(code(error), (f"the library can't be used ({error})", ""))
    return StoreError(f"{folder}: {line}", hint=hint)


def code(error: sqlite3.Error) -> int:
    """Return SQLite's primary result code, 0 where there is none."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def means_damage(error: sqlite3.Error) -> bool:
    """Whether the file itself is broken."""
    return code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
