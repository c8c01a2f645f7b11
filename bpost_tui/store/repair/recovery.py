"""Files that can't be used: errors distinguished, damaged files replaced.

A file that is damaged, foreign or too new is set aside under another name; what can be read of it is copied into a new one
(rescue.py). A file that is missing is made of what is left of it: a new one that was to replace it, or a copy.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from enum import Enum
from itertools import chain, count
from pathlib import Path

from bpost_tui.errors import StoreError
from bpost_tui.i18n import Reason, message, prefix_reason
from bpost_tui.store.repair.backups import newest_backup
from bpost_tui.store.schema.migrations import READER, DatabaseFile, migrate
from bpost_tui.store.schema.schema_check import SchemaState, schema_state
from bpost_tui.store.sqlite_files import (
    create_file,
    file_parts,
    has_invalid_format_version,
    is_missing,
    is_not_regular_file,
    open_file,
    remove_files,
    set_journal_mode,
)

# ── errors ──────────────────────────────────────────────────────────────────

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
"""SQLite's primary result code (https://sqlite.org/rescode.html) → what happened, and what to do."""


DatabaseFailure = sqlite3.Error | UnicodeDecodeError | MemoryError
"""What using a file may raise: Python can't always decode the names in SQLite's messages, and has its own error for no memory."""
DATABASE_ERRORS = (sqlite3.Error, UnicodeDecodeError, MemoryError)


def store_error(error: DatabaseFailure | OSError, folder: Path) -> StoreError:
    """Return the error of the library that says what SQLite's or the file system's means, with a hint what to do."""
    if isinstance(error, OSError):
        return StoreError(
            f"{folder}: {error.strerror or error}",
            hint="Check that the folder exists, that you may write to it, and that the disk has space.",
        )
    if known := _ERRORS.get(_result_code(error)):
        line, hint = known
        return StoreError(prefix_reason(str(folder), Reason(line)), hint=hint)
    return StoreError(prefix_reason(str(folder), Reason("the library can't be used ({error})", error=error)))


_DAMAGE = frozenset((sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB))


def is_interrupt(error: DatabaseFailure) -> bool:
    """Whether what failed was interrupted by a signal."""
    return getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_INTERRUPT


def is_damage(error: Exception) -> bool:
    """Whether an error says that the file itself is broken."""
    return _result_code(error) in _DAMAGE


def is_environment_error(error: Exception) -> bool:
    """Whether an error says nothing about what is in the file: no memory, no room, a disk that can't be read just now."""
    return _result_code(error) in _ERRORS.keys() - _DAMAGE


def _result_code(error: Exception) -> int:
    """Return SQLite's primary result code, 0 where there is none."""
    if isinstance(error, UnicodeDecodeError):
        return sqlite3.SQLITE_CORRUPT
    if isinstance(error, MemoryError):
        return sqlite3.SQLITE_NOMEM
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


# ── files that are replaced ─────────────────────────────────────────────────


class FileDefect(Enum):
    """Why a file can't be used; the value becomes part of the name it is set aside under."""

    DAMAGED = "damaged"
    FOREIGN = "foreign"
    NEWER = "newer"
    MISSING = "missing"
    """It is gone, and there is something to make it of."""


_NOTICES = {
    FileDefect.DAMAGED: message("{name} was damaged; it was renamed to {aside}, and {n} rows were rescued"),
    FileDefect.FOREIGN: message("{name} wasn't made by bpost; it was renamed to {aside}, and {n} rows were rescued"),
    FileDefect.NEWER: message("{name} was made by a newer bpost; it was renamed to {aside}, and {n} rows were rescued"),
    FileDefect.MISSING: message("{name} was missing; {n} rows were rescued from a copy"),
}

Check = Callable[[sqlite3.Connection, DatabaseFile], bool]
"""Reads a whole file, and says whether all in it is as it should be."""


def ensure_usable(path: Path, spec: DatabaseFile, now: datetime, *, wal: bool = True, check: Check | None = None) -> str:
    """Make one file usable: make, migrate or replace it. The caller holds the folder's lock.

    Args:
        path: The file.
        spec: What it should be.
        now: Becomes part of the name of a file that is set aside, and tells which backups are from the future.
        wal: Whether a new file is written through a -wal file (see opening.py).
        check: What the file has to pass besides being opened, where damage is looked for.

    Returns:
        A line for the reader where the file was replaced, else an empty one.

    Raises:
        sqlite3.Error, OSError: The file can't be made or opened.
    """
    backup = newest_backup(path.parent, now) if spec is READER else None
    fresh = path.with_name(f"{path.name}.new")
    if is_missing(path) and (backup or not is_missing(fresh)):
        return _replace_missing(path, fresh, backup, spec, wal=wal)
    unreadable = is_not_regular_file(path) or (backup and path.is_file() and not path.stat().st_size)  # emptied by a power cut
    verdict = FileDefect.DAMAGED if unreadable else _defect_of(path, spec, wal=wal, check=check)
    if verdict is None:
        return ""
    # the old file keeps its name until the new one holds what could be read of it: dying on the way loses nothing
    damaged = [path] if verdict is not FileDefect.FOREIGN and path.is_file() else []
    rows = _rebuild(fresh, spec, damaged, backup, wal=wal, is_newer=verdict is FileDefect.NEWER)
    aside = _free_name(path, verdict, now)
    _rename(path, aside)
    _rename(fresh, path)
    return Reason(_NOTICES[verdict], name=path.name, aside=aside.name, n=rows)


def _replace_missing(path: Path, fresh: Path, backup: Path | None, spec: DatabaseFile, *, wal: bool) -> str:
    """Make a file that is gone of the new one that was to take its place, and of a copy."""
    if not is_missing(fresh) and _defect_of(fresh, spec, wal=wal) is None:  # it was whole before the old one went
        from bpost_tui.store.repair.row_sanitizer import COLUMN_RULES  # 10 ms, and seldom needed

        _rename(fresh, path)
        with closing(open_file(path)) as db:
            rows = sum(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in COLUMN_RULES[spec.name])  # noqa: S608
        return Reason(_NOTICES[FileDefect.MISSING], name=path.name, n=rows)
    rows = _rebuild(fresh, spec, [], backup, wal=wal)
    _rename(fresh, path)
    return Reason(_NOTICES[FileDefect.MISSING], name=path.name, n=rows) if backup else ""


def _rebuild(
    fresh: Path, spec: DatabaseFile, damaged: list[Path], backup: Path | None, *, wal: bool, is_newer: bool = False
) -> int:
    """Make a file of what can be read of a damaged one, then of a copy; return how many rows that is."""
    from bpost_tui.store.repair.rescue import rescue  # 10 ms, with the gate

    remove_files(fresh)
    _defect_of(fresh, spec, wal=wal)
    # what is rescued first is newer, and stays
    rows = sum(rescue(source, fresh, spec, is_newer=is_newer) for source in damaged)
    return rows + (rescue(backup, fresh, spec) if backup else 0)


def _defect_of(path: Path, spec: DatabaseFile, *, wal: bool, check: Check | None = None) -> FileDefect | None:
    """Make and migrate a file; return why it can't be used, if it can't."""
    create_file(path)
    if has_invalid_format_version(path):
        return FileDefect.DAMAGED
    verdicts = {
        SchemaState.NEWER: FileDefect.NEWER,
        SchemaState.FOREIGN: FileDefect.FOREIGN,
        SchemaState.ALTERED: FileDefect.DAMAGED,
    }
    try:
        with closing(open_file(path)) as db:
            found = schema_state(db, spec)
            if verdict := verdicts.get(found):
                return verdict
            if found is SchemaState.OLDER:
                set_journal_mode(db, wal=wal)
                migrate(db, spec)
            if check is not None and not check(db, spec):
                return FileDefect.DAMAGED
    except DATABASE_ERRORS as error:
        if is_damage(error):
            return FileDefect.DAMAGED
        raise
    return None


def _free_name(path: Path, verdict: FileDefect, now: datetime) -> Path:
    stem = f"{path.name}.{verdict.value}-{now.astimezone(UTC):%Y%m%dT%H%M%S}"
    names = chain([stem], (f"{stem}-{number}" for number in count(2)))
    return next(place for place in map(path.with_name, names) if not place.exists())


def _rename(path: Path, to: Path) -> None:
    for part, place in zip(file_parts(path), file_parts(to), strict=True):
        with suppress(FileNotFoundError):
            part.rename(place)
