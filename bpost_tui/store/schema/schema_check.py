"""State of a file's schema, by the numbers in its header and a digest of its tables, indexes, triggers and views.

A file may have bpost's numbers but a different schema: because a byte is damaged, or because somebody made such a file. Reading
runs the SQL in a file's views and triggers, so only exactly the schema that bpost makes is accepted.
"""

# ruff: noqa: S608 (SQL is composed of constants; all values are bound)
from __future__ import annotations

import sqlite3
from contextlib import closing
from enum import Enum, auto
from itertools import product

from bpost_tui.digests import blake2b
from bpost_tui.store.schema.migrations import FTS_TABLES, DatabaseFile, create_in_memory, header_value

# FTS5 creates these tables itself, and their SQL differs between its versions; `phonetic_words` was called `sounds` earlier
_SHADOW = frozenset("_".join(pair) for pair in product((*FTS_TABLES, "sounds"), ("data", "idx", "content", "docsize", "config")))


class SchemaState(Enum):
    """State of the schema of a file that SQLite can open."""

    CURRENT = auto()
    OLDER = auto()
    """An earlier version of bpost made the schema, or the file is empty."""
    NEWER = auto()
    FOREIGN = auto()
    ALTERED = auto()
    """The header's numbers are bpost's, but the rest of the header or the schema isn't: the file is damaged or manipulated."""


def schema_state(db: sqlite3.Connection, spec: DatabaseFile, *, schema: str = "main") -> SchemaState:
    """Return the state of an open file's schema, which should be `spec`; `schema` is the database's name on the connection."""
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
    """Whether an open file has the schema `spec` of this version; the numbers in the file's header aren't compared."""
    return _is_current(schema_digest(db), spec)


def schema_digest(db: sqlite3.Connection, within: str = "main") -> str:
    """Return a digest of a database's tables, indexes, triggers and views; takes 0.1 ms.

    `within` is the database's name on the connection.

    Tables that FTS5 or ANALYZE created are left out, because their SQL isn't bpost's.
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
    """Return the digest of the schema `spec` after `steps` steps, as the installed SQLite writes the schema; takes 20 to 40 ms."""
    with closing(create_in_memory(spec, steps)) as db:
        return schema_digest(db)
