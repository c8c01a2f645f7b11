"""Saved searches of the reader, in reader.db: queries with a name."""

# ruff: noqa: S608 (SQL is composed of constants; all values are bound)

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from bpost_tui.clock import to_us
from bpost_tui.errors import NotFoundError
from bpost_tui.i18n import Reason
from bpost_tui.mark_changes.merge_rule import next_time_us
from bpost_tui.model.search_values import SavedSearch
from bpost_tui.store.row_mapping import sqlite_text

if TYPE_CHECKING:
    import sqlite3

    from bpost_tui.store.database_access import DatabaseAccess


class SavedSearchStore:
    """Saved searches of a library."""

    def __init__(self, database: DatabaseAccess) -> None:
        self._read, self._write = database.read, database.write

    def all(self) -> tuple[SavedSearch, ...]:
        """Return the saved searches, sorted by name."""
        query = "SELECT name, query FROM reader.saved_searches ORDER BY name"
        return self._read(lambda db: tuple(SavedSearch(*row) for row in db.execute(query)))

    def save(self, name: str, query: str, *, now: datetime) -> None:
        """Save a query under `name`; an earlier query of that name is replaced."""
        self._write(lambda db: _change(db, sqlite_text(name), sqlite_text(query), now))

    def delete(self, name: str, *, now: datetime) -> None:
        """Delete a saved search. Raises NotFoundError if there is none with this name."""

        def delete(db: sqlite3.Connection) -> None:
            if not db.execute("SELECT 1 FROM reader.saved_searches WHERE name = ?", (sqlite_text(name),)).fetchone():
                raise NotFoundError(Reason("no search is saved as {name}", name=repr(name[:80])))
            _change(db, sqlite_text(name), None, now)

        self._write(delete)


def write_search(db: sqlite3.Connection, name: str, query: str | None, at_us: int) -> None:
    """Save a search, or delete it if `query` is None; `at_us` is the time of the change in microseconds since 1970.

    The deletion is recorded for the reader's other machines.
    """
    for table in ("saved_searches", "deleted_searches"):
        db.execute(f"DELETE FROM reader.{table} WHERE name = ?", (name,))
    if query is None:
        db.execute("INSERT INTO reader.deleted_searches (name, deleted_us) VALUES (?, ?)", (name, at_us))
    else:
        db.execute("INSERT INTO reader.saved_searches (name, query, saved_us) VALUES (?, ?, ?)", (name, query, at_us))


def _change(db: sqlite3.Connection, name: str, query: str | None, now: datetime) -> None:
    """Save `query` under `name`, or delete the saved search if `query` is None.

    The change is dated `now`, but always later than the search's last change.
    """
    (before_us,) = db.execute(
        "SELECT max(at_us) FROM (SELECT saved_us AS at_us FROM reader.saved_searches WHERE name = :name "
        "UNION ALL SELECT deleted_us FROM reader.deleted_searches WHERE name = :name)",
        {"name": name},
    ).fetchone()
    write_search(db, name, query, next_time_us(to_us(now), before_us))
