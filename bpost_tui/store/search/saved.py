"""Queries that the reader saved under a name, in reader.db."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from bpost_tui.errors import NotFound
from bpost_tui.i18n import Reason
from bpost_tui.store.results import SavedSearch
from bpost_tui.store.rows import bindable, to_us

if TYPE_CHECKING:
    import sqlite3

    from bpost_tui.store.connection import Database


class SavedSearches:
    """The saved queries of a library."""

    def __init__(self, database: Database) -> None:
        self._read, self._write = database.read, database.write

    def all(self) -> tuple[SavedSearch, ...]:
        """Return the saved queries, by name."""
        query = "SELECT name, query FROM reader.searches ORDER BY name"
        return self._read(lambda db: tuple(SavedSearch(*row) for row in db.execute(query)))

    def save(self, name: str, query: str, *, now: datetime) -> None:
        """Save a query under a name, in place of what was saved under it."""
        row = (bindable(name), bindable(query), to_us(now))
        self._write(lambda db: db.execute("INSERT OR REPLACE INTO reader.searches (name, query, saved_us) VALUES (?, ?, ?)", row))

    def forget(self, name: str) -> None:
        """Delete a saved query, or raise NotFound."""

        def delete(db: sqlite3.Connection) -> None:
            if not db.execute("DELETE FROM reader.searches WHERE name = ?", (bindable(name),)).rowcount:
                raise NotFound(Reason("no search is saved as {name}", name=repr(name[:80])))

        self._write(delete)
