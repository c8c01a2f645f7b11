"""What a file turns out to be that SQLite can open: by the numbers in its header, and by a digest of its schema.

A file may carry our numbers and yet hold another schema: because a byte of it is damaged, or because somebody made it so. SQL that
lies in a file (views, triggers) runs when we read it, so only the very schema that we make is taken.
"""

# ruff: noqa: S608 (SQL is composed of constants; all values are bound)
from __future__ import annotations

import sqlite3
from contextlib import closing
from enum import Enum, auto
from itertools import product

from bpost_tui.store.schema.migrations import DatabaseFile, create_in_memory, header_value

try:
    from _blake2 import blake2b  # the same, without OpenSSL's 9 ms
except ImportError:
    from hashlib import blake2b

# FTS5 makes these tables itself, and each version of it may word them otherwise
_SHADOW = frozenset(
    "_".join(pair) for pair in product(("search", "sounds", "phonetic_words"), ("data", "idx", "content", "docsize", "config"))
)


class SchemaState(Enum):
    """What a file turns out to be that can be opened."""

    CURRENT = auto()
    OLDER = auto()
    """Also a file with nothing in it yet."""
    NEWER = auto()
    FOREIGN = auto()
    ALTERED = auto()
    """Ours, but its header or its schema isn't as we make it."""


def schema_state(db: sqlite3.Connection, spec: DatabaseFile, *, schema: str = "main") -> SchemaState:
    """Return what an open file is."""
    owner, version = header_value(db, schema, "application_id"), header_value(db, schema, "user_version")
    found = schema_digest(db, schema)
    if owner != spec.application_id:
        if owner == version == 0 and not db.execute(f"SELECT 1 FROM {schema}.sqlite_master").fetchone():
            return SchemaState.OLDER
        return SchemaState.ALTERED if _is_current(found, spec) else SchemaState.FOREIGN
    if version == spec.version:
        return SchemaState.CURRENT if _is_current(found, spec) else SchemaState.ALTERED
    if version > spec.version:
        return SchemaState.NEWER
    return SchemaState.OLDER if found == _digest_after(spec, version) else SchemaState.ALTERED


def has_current_schema(db: sqlite3.Connection, spec: DatabaseFile) -> bool:
    """Whether an open file has the schema of this version, whatever its header says."""
    return _is_current(schema_digest(db), spec)


def schema_digest(db: sqlite3.Connection, within: str = "main") -> str:
    """Return a digest of a file's tables, indices, triggers and views, 0.1 ms.

    The tables of FTS5 and of SQLite's statistics are left out: they have no SQL of ours.
    """
    rows = db.execute(f"SELECT type, name, tbl_name, sql FROM {within}.sqlite_master ORDER BY type, name, rowid").fetchall()
    lines = [
        "\0".join(" ".join(str(field).split()) for field in row)
        for row in rows
        if not (row[0] == "table" and (row[1] in _SHADOW or row[1] in ("sqlite_stat1", "sqlite_stat4")))
    ]
    return blake2b("\n".join(lines).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _is_current(found: str, spec: DatabaseFile) -> bool:
    return found == spec.digest or found == _digest_after(spec, spec.version)


def _digest_after(spec: DatabaseFile, steps: int) -> str:
    """Return the digest after so many steps, taken here, 10 ms: another SQLite may word the same schema otherwise."""
    with closing(create_in_memory(spec, steps)) as db:
        return schema_digest(db)
