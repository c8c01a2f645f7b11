"""Daily copies of reader.db: what the reader did can't be fetched again."""

# ruff: noqa: S608 (SQL is composed of constants; all values are bound)
from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bpost_tui.atomic import replace_file
from bpost_tui.paths import make_private
from bpost_tui.store.schema.migrations import READER
from bpost_tui.store.schema.schema_check import SchemaState, schema_state
from bpost_tui.store.sqlite_files import open_file

BACKUP_FOLDER = "backups"
"""The folder of the copies."""
MAX_BACKUPS = 7
_BACKED_UP_TABLES = ("marks", "saved_searches", "passages", "own_lists", "mutes")


class DamagedSourceError(Exception):
    """What should be copied is damaged."""


def back_up(folder: Path, now: datetime) -> bool:
    """Copy reader.db once a day, and return whether today's copy is there; a file in which nothing is marked or kept isn't copied.

    A copy gets its name once it is whole and on the disk; only a sound one replaces the oldest.

    Raises:
        Unsound: reader.db is damaged.
        sqlite3.Error, OSError, StoreError: It can't be made.
    """
    place = folder / BACKUP_FOLDER / _backup_name(now)
    if place.exists():
        return True
    with closing(open_file(folder / READER.name)) as source:
        if not any(source.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() for table in _BACKED_UP_TABLES):
            return False
        make_private(place.parent)
        with replace_file(place) as part, closing(sqlite3.connect(part)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, which needs no other
            if not _is_sound(copy):
                raise DamagedSourceError
    for old in list(_newest_first(folder, now))[MAX_BACKUPS:]:
        old.unlink(missing_ok=True)
    return True


def reader_file_state(folder: Path) -> object:
    """Return a value that changes when reader.db is written: to open it each time takes a millisecond."""
    names = (READER.name, f"{READER.name}-wal")
    found = [path.stat() if (path := folder / name).exists() else None for name in names]
    return [file and (file.st_ino, file.st_size, file.st_mtime_ns) for file in found]


def newest_backup(folder: Path, now: datetime) -> Path | None:
    """Return the newest copy that is sound and of a version known here."""
    return next((path for path in _newest_first(folder, now) if _is_usable_backup(path)), None)


def _newest_first(folder: Path, now: datetime) -> Iterator[Path]:
    """Yield the copies; those dated in the future, made while the clock was wrong, count as the oldest."""
    today = _backup_name(now)
    yield from sorted((folder / BACKUP_FOLDER).glob("reader-*.db"), key=lambda path: (path.name <= today, path.name), reverse=True)


def _backup_name(now: datetime) -> str:
    return f"reader-{now.astimezone(UTC):%Y%m%d}.db"


def _is_usable_backup(path: Path) -> bool:
    try:
        with closing(open_file(path)) as db:
            return schema_state(db, READER) in (SchemaState.CURRENT, SchemaState.OLDER) and _is_sound(db)
    except (sqlite3.Error, UnicodeDecodeError):
        return False


def _is_sound(db: sqlite3.Connection) -> bool:
    return bool(db.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",))
