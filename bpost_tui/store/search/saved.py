"""Queries kept under a name, in reader.db. Functions over an open library."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from bpost_tui.errors import NotFound
from bpost_tui.i18n import Reason
from bpost_tui.store.results import SavedSearch
from bpost_tui.store.stories import bindable, to_us


def save(db: sqlite3.Connection, name: str, query: str, now: datetime) -> None:
    """Keep a query under a name, in place of what was kept under it."""
    row = (bindable(name), bindable(query), to_us(now))
    db.execute("INSERT OR REPLACE INTO reader.searches (name, query, saved_us) VALUES (?, ?, ?)", row)


def saved(db: sqlite3.Connection) -> tuple[SavedSearch, ...]:
    """Return the kept queries, by name."""
    return tuple(SavedSearch(*row) for row in db.execute("SELECT name, query FROM reader.searches ORDER BY name"))


def forget(db: sqlite3.Connection, name: str) -> None:
    """Drop a kept query, or raise NotFound."""
    if not db.execute("DELETE FROM reader.searches WHERE name = ?", (bindable(name),)).rowcount:
        raise NotFound(Reason("no search is kept as {name}", name=repr(name[:80])))
