"""What SQLite's and the file system's errors mean to the reader."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from bpost_tui.errors import StoreError
from bpost_tui.i18n import Reason, about, message

_LINES = {
    sqlite3.SQLITE_FULL: (message("the disk is full"), message("Make room: reading still works, and nothing saved is lost.")),
    sqlite3.SQLITE_IOERR: (
        message("the disk can't be read or written"),
        message("Check the disk and the room on it: nothing saved is lost."),
    ),
    sqlite3.SQLITE_READONLY: (message("the library can't be written"), message("Make the folder writable: reading still works.")),
    sqlite3.SQLITE_PERM: (message("the library may not be opened"), message("Check who owns the folder.")),
    sqlite3.SQLITE_CANTOPEN: (
        message("the library can't be opened"),
        message("Check the folder's rights and the room on the disk."),
    ),
    sqlite3.SQLITE_BUSY: (message("the library is in use"), message("Another bpost is writing: try again in a moment.")),
    sqlite3.SQLITE_LOCKED: (message("the library is in use"), message("Another bpost is writing: try again in a moment.")),
    sqlite3.SQLITE_CORRUPT: (message("the library is damaged"), message("Move its files away and refresh.")),
    sqlite3.SQLITE_NOTADB: (message("the library is damaged"), message("Move its files away and refresh.")),
}


def store_error(error: sqlite3.Error | OSError, folder: Path) -> StoreError:
    """Turn an error into one line and a hint."""
    if isinstance(error, OSError):
        return StoreError(f"{folder}: {error.strerror or error}", hint="Check the folder's rights and the room on the disk.")
    if known := _LINES.get(code(error)):
        line, hint = known
        return StoreError(about(str(folder), Reason(line)), hint=hint)
    return StoreError(about(str(folder), Reason("the library can't be used ({error})", error=error)))


def code(error: sqlite3.Error) -> int:
    """Return SQLite's primary result code, 0 where there is none."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def means_damage(error: sqlite3.Error) -> bool:
    """Whether the file itself is broken."""
    return code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
