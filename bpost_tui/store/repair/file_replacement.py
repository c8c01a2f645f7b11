"""Repair of a library file (`make_file_usable`): a defective file is renamed, and a new one gets the rows that can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from datetime import UTC, datetime
from enum import Enum
from itertools import chain, count
from pathlib import Path
from sqlite3 import Connection

from bpost_tui.i18n import Reason, message
from bpost_tui.store.lists.marks_stamp import LACKING_MARKS
from bpost_tui.store.repair.backups import newest_backup
from bpost_tui.store.schema.migrations import READER, DatabaseFile, create_in_memory, header_value, migrate
from bpost_tui.store.schema.schema_check import SchemaState, schema_state
from bpost_tui.store.sqlite_errors import DATABASE_ERRORS, is_damage
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

Check = Callable[[Connection, DatabaseFile], bool]
"""Function that checks a whole file, and returns whether the file has no problem."""

NEW_FILE_SUFFIX = ".new"
"""Suffix of a new file's name until the new file replaces the old file. A file with this suffix is complete."""
UNFINISHED_SUFFIX = ".unfinished"
"""Suffix that is added to a new file's name while the file is being filled with rows."""


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
"""Maps each state of a schema that makes a file unusable to the file's defect. Files in other states can be used."""
_NOTICES = {
    FileDefect.DAMAGED: message("{name} was damaged; it was renamed to {aside}, and {n} rows were rescued"),
    FileDefect.FOREIGN: message("{name} wasn't made by bpost; it was renamed to {aside}, and {n} rows were rescued"),
    FileDefect.NEWER: message("{name} was made by a newer bpost; it was renamed to {aside}, and {n} rows were rescued"),
    FileDefect.MISSING: message("{name} was missing; {n} rows were rescued from a copy"),
}
"""Maps each defect to its notice for the reader."""


def make_file_usable(path: Path, spec: DatabaseFile, now: datetime, *, wal: bool = True, check: Check | None = None) -> str:
    """Make one file usable: open, create, migrate or replace it. The caller holds the folder's lock.

    Args:
        path: The file.
        spec: Schema that it should have.
        now: Current time, for the name of a file that is renamed. Backups dated later than `now` count as the oldest.
        wal: Whether a new file is written through a -wal file.
        check: Additional check that the file has to pass; None unless damage is searched for.

    Returns:
        A notice for the reader if the file was replaced, else an empty string. There is no notice if a file is new and empty.

    Raises:
        sqlite3.Error, OSError: The file can't be created or opened.
    """
    backup = newest_backup(path.parent, now) if spec is READER else None
    fresh = path.with_name(path.name + NEW_FILE_SUFFIX)
    is_emptied = spec is READER and path.is_file() and not path.stat().st_size  # by a power cut
    is_unreadable = is_emptied or is_not_regular_file(path)
    known = FileDefect.MISSING if is_missing(path) else FileDefect.DAMAGED if is_unreadable else None
    defect = known or _find_defect(path, spec, wal=wal, check=check)
    if defect is None:
        return ""
    if defect is FileDefect.MISSING and not is_missing(fresh) and _find_defect(fresh, spec, wal=wal) is None:
        rows = count_rows(fresh, spec)  # a crash came between the two renames below: the new file is complete
    else:
        # the old file keeps its name until the new file has its rows: a crash on the way loses nothing
        readable = [path] if defect is not FileDefect.FOREIGN and path.is_file() else []
        rows = _build_new_file(fresh, spec, readable, backup, wal=wal, is_newer=defect is FileDefect.NEWER)
    set_aside = set_aside_path(path, defect, now)
    move_database(path, set_aside)  # a missing file may have left logs, which SQLite would replay into the new file
    move_database(fresh, path)
    return replacement_notice(defect, path, rows, set_aside) if rows or defect is not FileDefect.MISSING else ""


def _find_defect(path: Path, spec: DatabaseFile, *, wal: bool, check: Check | None = None) -> FileDefect | None:
    """Create or migrate a file if necessary. Return the defect that makes the file unusable, or None if it can be used.

    `spec` is the schema that the file should have. `wal` is whether a new file is written through a -wal file, and `check` an
    additional check that the file has to pass.
    """
    create_file(path)
    if has_invalid_format_version(path):
        return FileDefect.DAMAGED
    try:
        with closing(open_file(path)) as db:
            state = schema_state(db, spec)
            if defect := DEFECTS.get(state):
                return defect
            if state is SchemaState.OLDER:
                if not header_value(db, "main", "user_version"):
                    # a new file: written as a whole, instead of in a transaction for each step, a library is made 30 ms faster
                    with closing(create_in_memory(spec)) as made:
                        made.backup(db)
                set_journal_mode(db, wal=wal)
                migrate(db, spec)
            if check is not None and not check(db, spec):
                return FileDefect.DAMAGED
    except DATABASE_ERRORS as error:
        if is_damage(error):
            return FileDefect.DAMAGED
        raise
    return None


def _build_new_file(
    fresh: Path, spec: DatabaseFile, damaged: list[Path], backup: Path | None, *, wal: bool, is_newer: bool = False
) -> int:
    """Make the new file `fresh` of the readable rows of a damaged file, then of `backup` if it isn't None; return their number.

    The new file gets its name only when it has all rows. So a file with a part of the rows (after a kill, or on a full disk) is
    never used.

    The damaged file is newer than the backup. If both have a row, the damaged file's row is therefore copied. `spec` is the schema
    of the new file, `wal` whether it is written through a -wal file. `is_newer` means that a later version of bpost wrote the
    damaged file.
    """
    unfinished = fresh.with_name(fresh.name + UNFINISHED_SUFFIX)
    remove_files(unfinished)
    _find_defect(unfinished, spec, wal=wal)
    sources = [*damaged, *([backup] if backup else [])]
    rows = rescue_rows(unfinished, sources, spec, is_newer=is_newer) if sources else 0
    with closing(open_file(unfinished)) as db:
        if spec is READER:
            db.execute("UPDATE marks_stamp SET stamp = ?", (LACKING_MARKS,))
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # a kill while the file is renamed could separate it from its log
    remove_files(fresh)
    move_database(unfinished, fresh)
    return rows


# ── steps ───────────────────────────────────────────────────────────────────


def replacement_notice(defect: FileDefect, path: Path, rows: int, set_aside: Path) -> str:
    """Return the notice for the reader that the file `path` was replaced because of `defect`, and `rows` rows were rescued.

    `set_aside` is the old file's new path.
    """
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
    return next(place for place in map(path.with_name, names) if not any(part.exists() for part in file_parts(place)))


def move_database(path: Path, to: Path) -> None:
    """Rename the database at `path`, and its other files (-wal, -shm, -journal) if they exist, to the path `to`.

    If the process is killed in between, logs without a database are left. `make_file_usable` renames these logs later.
    """
    for part, place in zip(file_parts(path), file_parts(to), strict=True):
        with suppress(FileNotFoundError):
            part.rename(place)
