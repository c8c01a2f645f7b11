"""Daily backups of reader.db, because marks can't be fetched again."""

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
"""Name of the folder of backups, in the library's folder."""
MAX_BACKUPS = 7
"""Maximum number of backups; older backups are deleted."""
_TABLES_OF_TIMES = {"reader_events"}
"""Tables of reader.db whose rows are no reason for a backup: bpost writes them at each visit."""


class DamagedSourceError(Exception):
    """Error that is raised if reader.db is damaged and therefore can't be backed up."""


def back_up(folder: Path, now: datetime) -> bool:
    """Back up reader.db unless today's backup exists; return whether today's backup exists now.

    A file without data of the reader isn't backed up. The backup gets its name only when it is complete, checked and on the disk.
    Then all backups but the newest `MAX_BACKUPS` are deleted.

    Raises:
        DamagedSourceError: reader.db is damaged.
        sqlite3.Error, OSError, StoreError: The backup can't be made.
    """
    place = folder / BACKUP_FOLDER / _backup_name(now)
    if place.exists():
        return True
    from bpost_tui.store.repair.row_sanitizer import COLUMN_RULES  # 5 ms, once a day

    tables = COLUMN_RULES[READER.name].keys() - _TABLES_OF_TIMES
    with closing(open_file(folder / READER.name)) as source:
        if not any(source.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() for table in tables):
            return False
        make_private(place.parent)
        with replace_file(place) as part, closing(sqlite3.connect(part)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # a single file without -wal and -shm
            if not _is_sound(copy):
                raise DamagedSourceError
    for old in list(_newest_first(folder, now))[MAX_BACKUPS:]:
        old.unlink(missing_ok=True)
    return True


def reader_file_state(folder: Path) -> object:
    """Return a value that changes when reader.db is written: inode, size and time of its files.

    The file isn't opened, because opening it takes 1 ms.
    """
    names = (READER.name, f"{READER.name}-wal")
    found = [path.stat() if (path := folder / name).exists() else None for name in names]
    return [file and (file.st_ino, file.st_size, file.st_mtime_ns) for file in found]


def newest_backup(folder: Path, now: datetime) -> Path | None:
    """Return the newest backup without damage and of a known version; None if there is no such backup."""
    return next((path for path in _newest_first(folder, now) if _is_usable_backup(path)), None)


def _newest_first(folder: Path, now: datetime) -> Iterator[Path]:
    """Yield the backups, the newest first.

    Backups dated in the future were made while the clock was wrong, so they count as the oldest.
    """
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
