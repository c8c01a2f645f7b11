"""Rescue of a damaged file: copies the rows that can still be read into a new file.

A damaged file is as untrusted as an answer from the internet, so its rows are sanitized again. The damaged file is never changed.
If its header or schema is damaged, a copy of the file is repaired first. This is possible because the right header and schema are
known.
"""

# ruff: noqa: S608 (SQL is composed of constants; all values are bound)
from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from bpost_tui.store.repair.row_sanitizer import COLUMN_RULES, EARLIER_COLUMNS, EARLIER_TABLES, Row, clean_row
from bpost_tui.store.schema.migrations import (
    FIRST_PAPER,
    STORIES,
    UPDATE_UNREAD_COUNTS,
    DatabaseFile,
    create_in_memory,
    header_value,
)
from bpost_tui.store.schema.schema_check import has_current_schema
from bpost_tui.store.sqlite_files import open_file, remove_files

_REPAIRED_SUFFIX = ".repaired"
_UNREADABLE = (sqlite3.DatabaseError, UnicodeDecodeError)
_MAX_STEPS = 4_000_000_000
"""Maximum number of steps of SQLite's virtual machine for reading a table. SQLite takes minutes for this number of steps.

Without a maximum, reading a manipulated file might never end.
"""
_STEPS_AT_ONCE = 1_000_000


def rescue(damaged: Path, fresh: Path, spec: DatabaseFile, *, is_newer: bool = False) -> int:
    """Copy the rows that can still be read from the file `damaged` into the new file `fresh`; return the number of rows.

    Each table is read from both ends. `spec` is the schema that both files should have. `is_newer` means that a later version of
    bpost wrote the file, so that the schema is unknown.
    """
    with _open_repaired(damaged, None if is_newer else spec) as old, closing(open_file(fresh)) as new:
        new.execute("BEGIN IMMEDIATE")
        rows = copy_rows(old, new, spec)
        if spec.name == STORIES.name:
            new.execute("UPDATE stories SET full = 0 WHERE full = 1 AND id NOT IN (SELECT story FROM texts)")
            # a damaged copy of the date would list the story twice
            published = "(SELECT published_us FROM stories WHERE id = story)"
            new.execute(f"UPDATE OR IGNORE list_entries SET published_us = {published} WHERE published_us <> {published}")
            new.execute(f"DELETE FROM list_entries WHERE published_us <> {published}")
            # read marks are in reader.db, and are copied from there after the new file is opened
            new.execute("INSERT OR IGNORE INTO unread SELECT list, published_us, story FROM list_entries")
            new.execute(UPDATE_UNREAD_COUNTS)
        new.execute("COMMIT")
    return rows


# ── rows ────────────────────────────────────────────────────────────────────


def copy_rows(old: sqlite3.Connection, new: sqlite3.Connection, spec: DatabaseFile) -> int:
    """Copy the readable rows that can be sanitized from the database `old` to `new`, and return their number.

    Only columns that both files have are copied. `spec` is the schema of `new`.
    """
    return sum(_copy(old, new, spec.name, table) for table in COLUMN_RULES[spec.name])


def _copy(old: sqlite3.Connection, new: sqlite3.Connection, file: str, table: str) -> int:
    (old_table, of_old), (new_table, of_new) = _stored_names(old, file, table), _stored_names(new, file, table)
    known = [column for column in COLUMN_RULES[file][table] if column in of_old and column in of_new]
    if not known:
        return 0
    columns, holes = ", ".join(of_new[column] for column in known), ", ".join("?" * len(known))
    # a new file has its first paper already, without a name
    insert = f"INSERT OR {'REPLACE' if table == 'papers' else 'IGNORE'} INTO {new_table} ({columns}) VALUES ({holes})"
    copied = 0
    for values in _readable_rows(old, old_table, ", ".join(of_old[column] for column in known)):
        with suppress(TypeError, ValueError, AttributeError, OverflowError):  # a value has a wrong type
            row = clean_row(file, table, dict(zip(known, values, strict=True)))
            if row is not None:
                copied += _insert(new, insert, row)
    return copied


def _insert(new: sqlite3.Connection, insert: str, row: Row) -> int:
    """Insert a row into the database `new` by the statement `insert`, and return the number of inserted rows, 0 or 1.

    If the paper of a story was lost, the story is assigned to the first paper.
    """
    for values in (row, {**row, "paper": FIRST_PAPER}) if row.get("paper") else (row,):
        with suppress(sqlite3.IntegrityError):  # a row that it refers to was lost, or a type is wrong
            return new.execute(insert, tuple(values.values())).rowcount
    return 0


def _stored_names(db: sqlite3.Connection, file: str, table: str) -> tuple[str, Mapping[str, str]]:
    """Return the name of `table` in an open file, and a mapping from its columns' present names to their names in that file.

    `file` is the name of the library's file, such as reader.db, and `table` the table's present name. The names differ if the file
    is older than the schema step that renamed them.
    """
    if columns := _columns(db, table):
        earlier: Mapping[str, str] = {}
    else:
        table, earlier = EARLIER_TABLES[file].get(table, table), EARLIER_COLUMNS.get(table, {})
        columns = _columns(db, table)
    present = {before: now for now, before in earlier.items()}
    return table, {present.get(column, column): column for column in columns}


def _columns(db: sqlite3.Connection, table: str) -> set[str]:
    """Return the names of a table's columns, or an empty set if the file has no table of this name. A view isn't a table."""
    query = "SELECT name FROM pragma_table_info(?) WHERE EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?)"
    try:
        return {row[0] for row in db.execute(query, (table, table))}
    except _UNREADABLE:
        return set()


def _readable_rows(old: sqlite3.Connection, table: str, columns: str) -> Iterator[tuple[object, ...]]:
    """Yield the rows of a table: from its start to the first unreadable page, then from its end back to the last such page.

    `old` is the damaged database, and `columns` are the names of the columns to read, as SQL. If all pages are readable, each row
    is yielded once.
    """
    for order in ("", "ORDER BY rowid DESC"):  # a table without rowid can only be read from its beginning
        rounds = iter(range(_MAX_STEPS // _STEPS_AT_ONCE))
        old.set_progress_handler(lambda rounds=rounds: next(rounds, None) is None, _STEPS_AT_ONCE)  # type: ignore[misc]
        try:
            yield from old.execute(f"SELECT {columns} FROM {table} {order}")
            return
        except _UNREADABLE:
            continue
        finally:
            old.set_progress_handler(None, 0)  # else it would interrupt reading the next table's columns


# ── repairing a copy ──────────────────────────────────────────────────────────


@contextmanager
def _open_repaired(damaged: Path, spec: DatabaseFile | None) -> Iterator[sqlite3.Connection]:
    """Yield a connection to a damaged file or, if its header or schema is damaged, to a repaired copy.

    `spec` is the schema that the file should have. If it is None (unknown), or if no repaired copy can be made, the connection is
    to the damaged file itself.
    """
    copy = damaged.with_name(damaged.name + _REPAIRED_SUFFIX)
    remove_files(copy)
    if spec is not None and not _has_its_schema(damaged, spec):
        try:
            _copy_file(damaged, copy)
            _repair_header(copy)
            _repair_schema(copy, spec)
        except (OSError, *_UNREADABLE):  # no space for a copy, or repair is impossible
            remove_files(copy)
    try:
        with closing(open_file(copy if copy.exists() else damaged)) as db:
            db.execute("PRAGMA writable_schema = ON")  # else one broken row of the schema hides all tables
            yield db
    finally:
        remove_files(copy)


def _has_its_schema(path: Path, spec: DatabaseFile) -> bool:
    try:
        with closing(open_file(path)) as db:
            return has_current_schema(db, spec)
    except _UNREADABLE:
        return False


def _copy_file(path: Path, copy: Path) -> None:
    """Copy a database file and its -wal file.

    The descriptor of the database file stays open until the process ends, because closing it would release locks (`sqlite_files`).
    """
    for suffix in ("-wal", ""):
        with suppress(FileNotFoundError):
            descriptor = os.open(path.with_name(path.name + suffix), os.O_RDONLY | os.O_CLOEXEC)
            with open(descriptor, "rb", closefd=suffix == "-wal") as source:
                target = copy.with_name(copy.name + suffix)
                with target.open("wb") as file:
                    target.chmod(0o600)
                    shutil.copyfileobj(source, file)


_PAGE_BYTES = (4096).to_bytes(2)
_BEGINNING = b"SQLite format 3\0" + _PAGE_BYTES + bytes((2, 2, 0, 64, 32, 32))
_CONSTANT = ((0, _BEGINNING), (44, (4).to_bytes(4)), (52, bytes(4)), (56, (1).to_bytes(4)))


def _repair_header(copy: Path) -> None:
    """Write into the file `copy` the header fields whose values are the same in all files of bpost.

    Source: https://sqlite.org/fileformat.html#the_database_header.
    """
    with copy.open("r+b") as file:
        for at, value in _CONSTANT:
            file.seek(at)
            file.write(value)


_SCHEMA_ROWS = "SELECT rowid, type, name, tbl_name, sql FROM sqlite_master"


def _schema_rows(spec: DatabaseFile, version: int) -> dict[str, tuple[object, ...]]:
    """Map names of tables, indexes, triggers and views in version `version` of the schema `spec` to rows in `sqlite_master`.

    The rows have no row ids.
    """
    with closing(create_in_memory(spec, version)) as made:
        return {row[2]: row[1:] for row in made.execute(_SCHEMA_ROWS)}


def _repair_schema(copy: Path, spec: DatabaseFile) -> None:
    """Overwrite the rows in the schema table (`sqlite_master`) of the file `copy` by bpost's own rows with the same names.

    If exactly one row of the file and one row of bpost are left without a match, the file's row is overwritten too, since its name
    is damaged. bpost's rows are from the present schema (the last step of `spec`) or, if more names match, from the schema of the
    version in the file's header. Such an older schema is necessary if a later step renamed tables.
    """
    with closing(open_file(copy)) as db:
        db.execute("PRAGMA writable_schema = ON")
        found = {row[2]: row for row in db.execute(_SCHEMA_ROWS)}
        version = header_value(db, "main", "user_version")
        versions = (spec.version, version) if 0 < version < spec.version else (spec.version,)
        ours = max((_schema_rows(spec, each) for each in versions), key=lambda rows: len(rows.keys() & found.keys()))
        unnamed, lost = [row for name, row in found.items() if name not in ours], [name for name in ours if name not in found]
        pairs = [(row[0], ours[name]) for name, row in found.items() if name in ours]
        if len(unnamed) == len(lost) == 1:
            pairs.append((unnamed[0][0], ours[lost[0]]))
        for rowid, row in pairs:
            db.execute("UPDATE sqlite_master SET type = ?, name = ?, tbl_name = ?, sql = ? WHERE rowid = ?", (*row, rowid))
