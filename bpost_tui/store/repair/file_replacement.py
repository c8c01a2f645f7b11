"""Replacement of a library file that can't be used: finding the defect, filling a new file, renaming the old file.

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
"""Suffix of a new file's name until the new file replaces the old file."""


class FileDefect(Enum):
    """Reason why a file can't be used. The value is part of the name that the file is renamed to."""

    DAMAGED = "damaged"
    FOREIGN = "foreign"
    NEWER = "newer"
    MISSING = "missing"
    """The file is missing, and a new file or a backup can replace it."""


DEFECTS = {
    SchemaState.NEWER: FileDefect.NEWER,
    SchemaState.FOREIGN: FileDefect.FOREIGN,
    SchemaState.ALTERED: FileDefect.DAMAGED,
}
"""Maps the state of a file's schema to the defect; a file in any other state is usable."""
_NOTICES = {
    FileDefect.DAMAGED: message("{name} was damaged; it was renamed to {aside}, and {n} rows were rescued"),
    FileDefect.FOREIGN: message("{name} wasn't made by bpost; it was renamed to {aside}, and {n} rows were rescued"),
    FileDefect.NEWER: message("{name} was made by a newer bpost; it was renamed to {aside}, and {n} rows were rescued"),
    FileDefect.MISSING: message("{name} was missing; {n} rows were rescued from a copy"),
}
"""Maps each defect to its notice for the reader."""


def replacement_notice(defect: FileDefect, path: Path, rows: int, set_aside: Path | None = None) -> str:
    """Return the notice for the reader that the file `path` was replaced because of `defect`, and `rows` rows were rescued.

    `set_aside` is the old file's new path; None if the old file is missing.
    """
    if set_aside is None:
        return Reason(_NOTICES[defect], name=path.name, n=rows)
    return Reason(_NOTICES[defect], name=path.name, aside=set_aside.name, n=rows)


def rescue_rows(fresh: Path, sources: Iterable[Path], spec: DatabaseFile, *, is_newer: bool = False) -> int:
    """Copy the readable rows of the files `sources` into the new file `fresh`, and return the number of rows.

    If several files have a row, the first of these files wins, so name the newest file first. `spec` is the schema that the files
    should have. `is_newer` means that the first file was written by a later version of bpost.
    """
    from bpost_tui.store.repair.rescue import rescue  # 10 ms, with the sanitizer

    return sum(rescue(source, fresh, spec, is_newer=is_newer and number == 0) for number, source in enumerate(sources))


def count_rows(path: Path, spec: DatabaseFile) -> int:
    """Return the number of rows of the file at `path`, in the tables that are copied when a damaged file is rescued.

    `spec` is the schema that the file should have.
    """
    from bpost_tui.store.repair.row_sanitizer import COLUMN_RULES  # 10 ms, and seldom needed

    with closing(open_file(path)) as db:
        return sum(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in COLUMN_RULES[spec.name])  # noqa: S608


def set_aside_path(path: Path, defect: FileDefect, now: datetime) -> Path:
    """Return an unused path for an unusable file, made of the file's name, the defect, and the time in UTC."""
    stem = f"{path.name}.{defect.value}-{now.astimezone(UTC):%Y%m%dT%H%M%S}"
    names = chain([stem], (f"{stem}-{number}" for number in count(2)))
    return next(place for place in map(path.with_name, names) if not place.exists())


def move_database(path: Path, to: Path) -> None:
    """Rename a database file to `to`, with its -wal and -shm files if they exist."""
    for part, place in zip(file_parts(path), file_parts(to), strict=True):
        with suppress(FileNotFoundError):
            part.rename(place)
