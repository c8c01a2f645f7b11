"""Kept passages as changes that other machines are told, and theirs. Functions over an open library."""

# ruff: noqa: S608 (statements are put together from our own words; what comes from outside is bound)
from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from bpost_tui.exchange.changes import KEPT, PASSAGE, Change, Fields, Subject
from bpost_tui.exchange.passage_values import from_value, to_value
from bpost_tui.store.news.passage_rows import passages, take
from bpost_tui.store.rows import to_us


def all_keys(db: sqlite3.Connection) -> list[str]:
    """Return the keys of all passages, deleted ones included."""
    query = "SELECT key FROM reader.passages UNION SELECT key FROM reader.deleted_passages"
    return [row[0] for row in db.execute(query)]


def passage_changes(db: sqlite3.Connection, keys: Iterable[str]) -> dict[Subject, Fields]:
    """Return the last change of each of some passages."""
    among = "key IN (SELECT value FROM json_each(?))"
    wanted = (json.dumps(list(keys)),)
    deleted = db.execute(f"SELECT key, deleted_us FROM reader.deleted_passages WHERE {among}", wanted)
    found: dict[Subject, Fields] = {Subject(PASSAGE, key): {KEPT: Change(at_us, None)} for key, at_us in deleted}
    for passage in passages(db, f"WHERE {among}", wanted):
        found[Subject(PASSAGE, passage.key)] = {KEPT: Change(to_us(passage.changed), to_value(passage))}
    return found


def take_change(db: sqlite3.Connection, key: str, change: Change) -> None:
    """Have a passage as another machine changed it, inside a transaction."""
    take(db, key, from_value(change.value, change.at_us) if isinstance(change.value, tuple) else None, change.at_us)
