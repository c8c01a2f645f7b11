"""Files that can't be used, and what saves their rows: errors told apart, daily copies of the marks, damaged files replaced.

A file that is damaged, foreign or too new is set aside under another name; what can be read of it is copied into a new one.
"""

# ruff: noqa: S608 (statements are put together from our own words; what comes from outside is bound)
from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from enum import Enum
from itertools import chain, count
from pathlib import Path

from bpost_tui.atomic import draft
from bpost_tui.errors import StoreError
from bpost_tui.i18n import Reason, about, message
from bpost_tui.paths import make_private
from bpost_tui.store.files import make, open_one, set_journal
from bpost_tui.store.schema import READER, STORIES, Spec, State, migrate, state

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
    sqlite3.SQLITE_BUSY: (message("the library is in use"), message("Another bpost is saving: try again in a moment.")),
    sqlite3.SQLITE_LOCKED: (message("the library is in use"), message("Another bpost is saving: try again in a moment.")),
    sqlite3.SQLITE_CORRUPT: (message("the library is damaged"), message("Move its files away, then refresh.")),
    sqlite3.SQLITE_NOTADB: (message("the library is damaged"), message("Move its files away, then refresh.")),
}
"""SQLite's primary result code (https://sqlite.org/rescode.html) → what happened, and what to do."""


def store_error(error: sqlite3.Error | OSError, folder: Path) -> StoreError:
    """Return the error of the library that says what SQLite's or the file system's means, with a hint what to do."""
    if isinstance(error, OSError):
        return StoreError(
            f"{folder}: {error.strerror or error}",
            hint="Check that the folder exists, that you may write to it, and that the disk has space.",
        )
    if known := _ERRORS.get(_result_code(error)):
        line, hint = known
        return StoreError(about(str(folder), Reason(line)), hint=hint)
    return StoreError(about(str(folder), Reason("the library can't be used ({error})", error=error)))


def means_damage(error: sqlite3.Error) -> bool:
    """Whether an error says that the file itself is broken."""
    return _result_code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _result_code(error: sqlite3.Error) -> int:
    """Return SQLite's primary result code, 0 where there is none."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


# ── files that are replaced ─────────────────────────────────────────────────


class Verdict(Enum):
    """Why a file can't be used; the value becomes part of the name it is set aside under."""

    DAMAGED = "damaged"
    FOREIGN = "foreign"
    NEWER = "newer"


_LINES = {
    Verdict.DAMAGED: message("{name} was damaged; it was renamed to {aside}, and {n} rows were rescued"),
    Verdict.FOREIGN: message("{name} wasn't made by bpost; it was renamed to {aside}, and {n} rows were rescued"),
    Verdict.NEWER: message("{name} was made by a newer bpost; it was renamed to {aside}, and {n} rows were rescued"),
}


def prepare(path: Path, spec: Spec, now: datetime, *, wal: bool = True, doubted: bool = False) -> str:
    """Make one file usable: make, migrate or replace it. The caller holds the folder's lock.

    Args:
        path: The file.
        spec: What it should be.
        now: Becomes part of the name of a file that is set aside, and tells which backups are from the future.
        wal: Whether a new file is written through a -wal file (see files.py).
        doubted: Whether to read the whole file in search of damage.

    Returns:
        A line for the reader where the file was replaced, else an empty one.

    Raises:
        sqlite3.Error, OSError: The file can't be made or opened.
    """
    backup = newest_backup(path.parent, now) if spec is READER else None
    unreadable = path.is_dir() or (backup and path.is_file() and not path.stat().st_size)  # emptied by a power cut
    verdict = Verdict.DAMAGED if unreadable else _bring_up(path, spec, wal=wal, doubted=doubted)
    if verdict is None:
        return ""
    # the old file keeps its name until the new one holds what could be read of it: dying on the way loses nothing
    fresh = path.with_name(f"{path.name}.new")
    for part in _parts(fresh):
        part.unlink(missing_ok=True)
    _bring_up(fresh, spec, wal=wal)
    rows = rescue(path, fresh, spec) if verdict is not Verdict.FOREIGN and path.is_file() else 0
    rows += rescue(backup, fresh, spec) if backup else 0  # what was rescued is newer, and stays
    aside = _free_name(path, verdict, now)
    _rename(path, aside)
    _rename(fresh, path)
    return Reason(_LINES[verdict], name=path.name, aside=aside.name, n=rows)


def _bring_up(path: Path, spec: Spec, *, wal: bool, doubted: bool = False) -> Verdict | None:
    """Make and migrate a file; return why it can't be used, if it can't."""
    make(path)
    try:
        with closing(open_one(path)) as db:
            found = state(db, spec)
            if found is State.NEWER:
                return Verdict.NEWER
            if found is State.FOREIGN:
                return Verdict.FOREIGN
            if found is State.OLDER:
                set_journal(db, wal=wal)
                migrate(db, spec)
            if doubted and db.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
                return Verdict.DAMAGED
    except sqlite3.DatabaseError as error:
        if means_damage(error):
            return Verdict.DAMAGED
        raise
    return None


def _parts(path: Path) -> list[Path]:
    """Return a database's files, the log first: SQLite would replay a log that is left beside another database."""
    return [path.with_name(path.name + suffix) for suffix in ("-wal", "-shm", "")]


def _free_name(path: Path, verdict: Verdict, now: datetime) -> Path:
    stem = f"{path.name}.{verdict.value}-{now.astimezone(UTC):%Y%m%dT%H%M%S}"
    names = chain([stem], (f"{stem}-{number}" for number in count(2)))
    return next(place for place in map(path.with_name, names) if not place.exists())


def _rename(path: Path, to: Path) -> None:
    for part, place in zip(_parts(path), _parts(to), strict=True):
        with suppress(FileNotFoundError):
            part.rename(place)


def rescue(damaged: Path, fresh: Path, spec: Spec) -> int:
    """Copy the rows that can still be read, from both ends of each table, and return how many."""
    with closing(open_one(damaged)) as old, closing(open_one(fresh)) as new:
        new.execute("BEGIN IMMEDIATE")
        rows = sum(_copy(old, new, table, columns) for table, columns in spec.rescued.items())
        if spec is STORIES:
            new.execute("UPDATE stories SET full = 0 WHERE full = 1 AND id NOT IN (SELECT story FROM texts)")
            published = "(SELECT published_us FROM stories WHERE id = story)"  # a damaged copy of it would list the story twice
            new.execute(f"UPDATE OR IGNORE shelved SET published_us = {published} WHERE published_us <> {published}")
            new.execute(f"DELETE FROM shelved WHERE published_us <> {published}")
        elif spec is READER:
            new.execute("UPDATE marks_stamp SET stamp = hex(randomblob(16))")
        new.execute("COMMIT")
    return rows


def _copy(old: sqlite3.Connection, new: sqlite3.Connection, table: str, columns: str) -> int:
    known = _common_columns(old, table, columns)
    if not known:
        return 0
    columns, holes = ", ".join(known), ", ".join("?" * len(known))
    insert = f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({holes})"
    copied = 0
    for row in _readable_rows(old, table, columns):
        with suppress(sqlite3.IntegrityError):  # what it refers to was lost
            copied += new.execute(insert, row).rowcount
    return copied


def _common_columns(old: sqlite3.Connection, table: str, columns: str) -> list[str]:
    """Return those of the columns that a file of another version has too."""
    try:
        names = {row[0] for row in old.execute("SELECT name FROM pragma_table_info(?)", (table,))}
    except sqlite3.DatabaseError:
        return []
    return [column for column in columns.split(", ") if column in names]


def _readable_rows(old: sqlite3.Connection, table: str, columns: str) -> Iterator[tuple[object, ...]]:
    """Yield a table's rows up to its first unreadable page, then, from its other end, up to its last."""
    for order in ("", "ORDER BY rowid DESC"):  # a table without rowid can be read from its beginning only
        try:
            yield from old.execute(f"SELECT {columns} FROM {table} {order}")
            return
        except sqlite3.DatabaseError:
            continue


# ── daily copies of the marks ───────────────────────────────────────────────

BACKUPS = "backups"
"""The folder of the copies."""
MOST_BACKUPS = 7


class Unsound(Exception):
    """What should be copied is damaged."""


def back_up(folder: Path, now: datetime) -> bool:
    """Copy reader.db once a day, and return whether today's copy is there; a file without marks or searches isn't copied.

    A copy gets its name once it is whole and on the disk; only a sound one replaces the oldest.

    Raises:
        Unsound: reader.db is damaged.
        sqlite3.Error, OSError, StoreError: It can't be made.
    """
    place = folder / BACKUPS / _backup_name(now)
    if place.exists():
        return True
    with closing(open_one(folder / READER.name)) as source:
        if not any(source.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() for table in ("marks", "searches")):
            return False
        make_private(place.parent)
        with draft(place) as part, closing(sqlite3.connect(part)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, which needs no other
            if copy.execute("PRAGMA quick_check").fetchone() != ("ok",):
                raise Unsound
    for old in list(_newest_first(folder, now))[MOST_BACKUPS:]:
        old.unlink(missing_ok=True)
    return True


def newest_backup(folder: Path, now: datetime) -> Path | None:
    """Return the newest copy that is sound and of a version known here."""
    return next((path for path in _newest_first(folder, now) if _is_good(path)), None)


def _newest_first(folder: Path, now: datetime) -> Iterator[Path]:
    """Yield the copies; those dated in the future, made while the clock was wrong, count as the oldest."""
    today = _backup_name(now)
    yield from sorted((folder / BACKUPS).glob("reader-*.db"), key=lambda path: (path.name <= today, path.name), reverse=True)


def _backup_name(now: datetime) -> str:
    return f"reader-{now.astimezone(UTC):%Y%m%d}.db"


def _is_good(path: Path) -> bool:
    try:
        with closing(open_one(path)) as db:
            known = state(db, READER) in (State.CURRENT, State.OLDER)
            return known and bool(db.execute("PRAGMA quick_check").fetchone() == ("ok",))
    except sqlite3.Error:
        return False
