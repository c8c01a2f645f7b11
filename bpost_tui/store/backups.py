"""Daily copies of reader.db, seven of them: what the reader made can't be fetched again."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bpost_tui.paths import make_private
from bpost_tui.store.files import open_one
from bpost_tui.store.schema import READER, State, state

FOLDER = "backups"
KEPT = 7


class Unsound(Exception):
    """What should be copied is damaged."""


def back_up(folder: Path, now: datetime) -> bool:
    """Copy reader.db once a day, and return whether today's copy is there; a file without marks or searches isn't copied.

    A copy takes its name once it is whole and on the disk; only a sound one takes the place of the oldest.

    Raises:
        Unsound: reader.db is damaged.
        sqlite3.Error, OSError, StoreError: It can't be made.
    """
    place = folder / FOLDER / _name(now)
    if place.exists():
        return True
    with closing(open_one(folder / READER.name)) as source:
        if not any(source.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() for table in ("marks", "searches")):  # noqa: S608
            return False
        make_private(place.parent)
        part = place.with_name(f".{place.name}.{os.getpid()}.new")
        try:
            os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
            with closing(sqlite3.connect(part)) as copy:
                source.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")  # one file, which needs no other
                if copy.execute("PRAGMA quick_check").fetchone() != ("ok",):
                    raise Unsound
            _sync(part)
            part.replace(place)
        finally:
            part.unlink(missing_ok=True)
    for old in list(_newest_first(folder, now))[KEPT:]:
        old.unlink(missing_ok=True)
    return True


def newest_good(folder: Path, now: datetime) -> Path | None:
    """Return the newest copy that is sound and of a version known here."""
    return next((path for path in _newest_first(folder, now) if _is_good(path)), None)


def _newest_first(folder: Path, now: datetime) -> Iterator[Path]:
    """Yield the copies; those dated in the future, made while the clock was wrong, count as the oldest."""
    today = _name(now)
    yield from sorted((folder / FOLDER).glob("reader-*.db"), key=lambda path: (path.name <= today, path.name), reverse=True)


def _name(now: datetime) -> str:
    return f"reader-{now.astimezone(UTC):%Y%m%d}.db"


def _is_good(path: Path) -> bool:
    try:
        with closing(open_one(path)) as db:
            known = state(db, READER) in (State.CURRENT, State.OLDER)
            return known and bool(db.execute("PRAGMA quick_check").fetchone() == ("ok",))
    except sqlite3.Error:
        return False


def _sync(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
