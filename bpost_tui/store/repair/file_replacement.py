"""Replacing a file of the library that can't be used: the defect, the new file, the name that the old one gets.

`opening.make_file_usable` calls these steps in their order.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing, suppress
from datetime import UTC, datetime
from enum import Enum
from itertools import chain, count
from pathlib import Path

from bpost_tui.i18n import Reason, message
from bpost_tui.store.schema.migrations import DatabaseFile
from bpost_tui.store.schema.schema_check import SchemaState
from bpost_tui.store.sqlite_files import file_parts, open_file

NEW_FILE_SUFFIX = ".new"
"""Suffix of the name of a new file until it replaces the old one."""


class FileDefect(Enum):
    """Reason why a file can't be used. The value is part of the name that the file is renamed to."""

    DAMAGED = "damaged"
    FOREIGN = "foreign"
    NEWER = "newer"
    MISSING = "missing"
    """The file is gone, and a new file or a backup can replace it."""


DEFECTS = {
    SchemaState.NEWER: FileDefect.NEWER,
    SchemaState.FOREIGN: FileDefect.FOREIGN,
    SchemaState.ALTERED: FileDefect.DAMAGED,
}
"""State of a file's schema → its defect; the other states are usable."""
_NOTICES = {
    FileDefect.DAMAGED: message("{name} was damaged; it was renamed to {aside}, and {n} rows were rescued"),
    FileDefect.FOREIGN: message("{name} wasn't made by bpost; it was renamed to {aside}, and {n} rows were rescued"),
    FileDefect.NEWER: message("{name} was made by a newer bpost; it was renamed to {aside}, and {n} rows were rescued"),
    FileDefect.MISSING: message("{name} was missing; {n} rows were rescued from a copy"),
}
"""Defect → notice for the reader."""


def replacement_notice(defect: FileDefect, path: Path, rows: int, set_aside: Path | None = None) -> str:
    """Return the notice that `path` was replaced and `rows` rows were rescued; `set_aside` is the old file's new path."""
    if set_aside is None:
        return Reason(_NOTICES[defect], name=path.name, n=rows)
    return Reason(_NOTICES[defect], name=path.name, aside=set_aside.name, n=rows)


def rescue_rows(fresh: Path, sources: Iterable[Path], spec: DatabaseFile, *, is_newer: bool = False) -> int:
    """Copy what can be read of `sources` into the new file `fresh`, and return the number of rows.

    Rows of an earlier source win, so name the newest source first. `is_newer`: the first source is of a later version of bpost.
    """
    from bpost_tui.store.repair.rescue import rescue  # 10 ms, with the sanitizer

    return sum(rescue(source, fresh, spec, is_newer=is_newer and number == 0) for number, source in enumerate(sources))


def count_rows(path: Path, spec: DatabaseFile) -> int:
    """Return the number of rows in the tables that a rescue copies."""
    from bpost_tui.store.repair.row_sanitizer import COLUMN_RULES  # 10 ms, and seldom needed

    with closing(open_file(path)) as db:
        return sum(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in COLUMN_RULES[spec.name])  # noqa: S608


def set_aside_path(path: Path, defect: FileDefect, now: datetime) -> Path:
    """Return a free path for an unusable file: its name, the defect, and the time in UTC."""
    stem = f"{path.name}.{defect.value}-{now.astimezone(UTC):%Y%m%dT%H%M%S}"
    names = chain([stem], (f"{stem}-{number}" for number in count(2)))
    return next(place for place in map(path.with_name, names) if not place.exists())


def move_database(path: Path, to: Path) -> None:
    """Rename a database with its -wal and -shm files, as far as they exist."""
    for part, place in zip(file_parts(path), file_parts(to), strict=True):
        with suppress(FileNotFoundError):
            part.rename(place)
