"""Errors of SQLite: whether they mean damage or a problem of disk or memory, and the message for the reader."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from contextlib import suppress
from pathlib import Path

from bpost_tui.errors import StoreError, write_error
from bpost_tui.i18n import Reason, message, prefix_reason

_ERRORS = {
    sqlite3.SQLITE_FULL: (message("the disk is full"), message("Free some space. Reading still works, and nothing saved is lost.")),
    sqlite3.SQLITE_IOERR: (
        message("the disk can't be read or written to"),
        message("Check the disk and its free space. Nothing saved is lost."),
    ),
    sqlite3.SQLITE_READONLY: (
        message("the library can't be written to"),
        message("Make the folder writable. Reading still works."),
    ),
    sqlite3.SQLITE_PERM: (message("no permission to open the library"), message("Check who owns the folder, and its permissions.")),
    sqlite3.SQLITE_CANTOPEN: (
        message("the library can't be opened"),
        message("Check that the folder exists, that you may write to it, and that the disk has space."),
    ),
    sqlite3.SQLITE_NOMEM: (
        message("there isn't enough memory to use the library"),
        message("Close other programs, then try again. Nothing saved is lost."),
    ),
    sqlite3.SQLITE_BUSY: (message("the library is in use"), message("Another bpost is saving: try again in a moment.")),
    sqlite3.SQLITE_LOCKED: (message("the library is in use"), message("Another bpost is saving: try again in a moment.")),
    sqlite3.SQLITE_CORRUPT: (message("the library is damaged"), message("Move its files away, then refresh.")),
    sqlite3.SQLITE_NOTADB: (message("the library is damaged"), message("Move its files away, then refresh.")),
}
"""Maps SQLite's primary result codes (https://sqlite.org/rescode.html) to a message and a hint for the reader."""

DatabaseFailure = sqlite3.Error | UnicodeDecodeError | MemoryError
"""Type of the errors that the use of a database file may raise.

Python raises UnicodeDecodeError if it can't decode a name in SQLite's message, and MemoryError for SQLITE_NOMEM.
"""
DATABASE_ERRORS = (sqlite3.Error, UnicodeDecodeError, MemoryError)
"""Classes of errors that a database raises, as a tuple for `except`. `DatabaseFailure` is the same list as a type."""


def store_error(error: DatabaseFailure | OSError, folder: Path) -> StoreError:
    """Convert an error of SQLite or the file system to a StoreError with a hint for the reader; the library is in `folder`."""
    code = _result_code(error)
    is_refused = isinstance(error, OSError) or code == sqlite3.SQLITE_CANTOPEN
    if is_refused and os.access(folder, os.R_OK | os.X_OK) and not os.access(folder, os.W_OK):
        code = sqlite3.SQLITE_READONLY  # SQLite can't make the files of its log there, but reading works
    elif (is_refused or code == sqlite3.SQLITE_IOERR) and _is_disk_full(error, folder):
        code = sqlite3.SQLITE_FULL
    elif isinstance(error, OSError):
        return write_error(folder, error)
    if known := _ERRORS.get(code):
        line, hint = known
        return StoreError(prefix_reason(str(folder), Reason(line)), hint=hint)
    return StoreError(prefix_reason(str(folder), Reason("the library can't be used ({error})", error=error)))


_LEAST_FREE_BYTES = 64 << 10
"""Free space that SQLite needs to begin: the index of the -wal file takes 32 kB. Without it, SQLite's error isn't SQLITE_FULL."""


def _is_disk_full(error: DatabaseFailure | OSError, folder: Path) -> bool:
    """Whether `error`, raised by an access to `folder`, comes from a full disk or a used-up quota."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    with suppress(OSError):
        return shutil.disk_usage(folder).free < _LEAST_FREE_BYTES
    return False


_DAMAGE = frozenset((sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB))
"""Result codes of SQLite that mean a damaged file."""


def is_interrupt(error: DatabaseFailure) -> bool:
    """Whether the error means that a signal interrupted the statement."""
    return getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_INTERRUPT


def is_damage(error: Exception) -> bool:
    """Whether an error means that the file itself is damaged."""
    return _result_code(error) in _DAMAGE


def is_environment_error(error: Exception) -> bool:
    """Whether an error comes from the machine, not from the file's content: no memory, or a full or unreadable disk."""
    return _result_code(error) in _ERRORS.keys() - _DAMAGE


def _result_code(error: Exception) -> int:
    """Return SQLite's primary result code, or 0 if the error has none."""
    if isinstance(error, UnicodeDecodeError):
        return sqlite3.SQLITE_CORRUPT
    if isinstance(error, MemoryError):
        return sqlite3.SQLITE_NOMEM
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
