"""Lists in the order of time: their rows, from either end or from any row on. Functions over an open library, each one statement.

Each statement is one walk along the key of `shelved`, or along the partial index that holds just the shelf's rows with a mark, or
unread.
"""

# ruff: noqa: S608 (statements are put together from our own words; what comes from outside is bound)
from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from typing import Literal

from bpost_tui.model.story import Headline, Shelf
from bpost_tui.store.rows import COLUMNS, bindable, to_headline, to_us
from bpost_tui.store.schema import EVERYTHING

Key = tuple[datetime, int]
"""Where a row stands: when it was published, and its number."""
Side = Literal["", "after", "before"]

OLDEST: Key = (datetime.min.replace(tzinfo=UTC), 0)
"""Before this come the last rows."""


def list_query(shelf: Shelf, *, side: Side = "") -> str:
    """Return the statement of a list's rows, with parameters :slug, :limit and, on a side of a row, :published_us and :id."""
    return f"SELECT {COLUMNS} FROM shelved AS k JOIN stories AS s ON s.id = k.story {_walk(shelf, side)} LIMIT :limit"


def numbers_query(shelf: Shelf, *, side: Side = "") -> str:
    """Return the statement of the stories' numbers alone, with :offset too; what is passed over costs little, in an index."""
    return f"SELECT k.story FROM shelved AS k {_walk(shelf, side)} LIMIT :limit OFFSET :offset"


def reach_query(shelf: Shelf, *, since: bool = False) -> str:
    """Return the statement of how many rows of a list stand from its first, or from :since_us and :since, down to a row."""
    begin = "AND (k.published_us, k.story) <= (:since_us, :since)" if since else ""
    return f"SELECT COUNT(*) FROM shelved AS k WHERE {_on(shelf)} AND (k.published_us, k.story) >= (:published_us, :id) {begin}"


def _walk(shelf: Shelf, side: Side) -> str:
    """Return the conditions and the order of a walk: to the older rows, or on the side before a row to the newer ones."""
    sign, way = (">", "ASC") if side == "before" else ("<", "DESC")
    beyond = f"AND (k.published_us, k.story) {sign} (:published_us, :id)" if side else ""
    return f"WHERE {_on(shelf)} {beyond} ORDER BY k.published_us {way}, k.story {way}"


def _on(shelf: Shelf) -> str:
    """Return the conditions for a row of `shelved`, `k`, to stand on a shelf."""
    chosen = str(EVERYTHING) if shelf.category is None else "(SELECT id FROM shelves WHERE slug = :slug)"
    asked = [("k.later = 1", shelf.later), ("k.starred = 1", shelf.starred), ("k.read = 0", shelf.unread)]
    narrowed = [condition for condition, wanted in asked if wanted]
    narrowing = " AND +".join(["", *narrowed]).replace("+", "", 1)  # the plus: walk the rows of the first, there are fewest
    return f"k.shelf = {chosen}{narrowing}"


def headlines(
    db: sqlite3.Connection, shelf: Shelf, limit: int, after: Key | None = None, before: Key | None = None
) -> tuple[Headline, ...]:
    """Return the newest rows of a shelf, or those next to a place, after or before it; newest first in any case."""
    query, values = list_query(shelf, side=_side(after, before)), _values(shelf, after or before)
    rows = [to_headline(row) for row in db.execute(query, values | {"limit": limit})]
    return tuple(reversed(rows) if before else rows)


def numbers(
    db: sqlite3.Connection, shelf: Shelf, limit: int | None, offset: int, after: Key | None = None, before: Key | None = None
) -> tuple[int, ...]:
    """Return the numbers of a shelf's stories from the `offset`-th on, counted from its first row, or away from a place."""
    query, values = numbers_query(shelf, side=_side(after, before)), _values(shelf, after or before)
    found = db.execute(query, values | {"limit": -1 if limit is None else limit, "offset": offset})
    return tuple(row[0] for row in found)


def reach(db: sqlite3.Connection, shelf: Shelf, row: Headline, since: Headline | None = None) -> int:
    """Return how many rows of a shelf stand from its first, or from a story on, down to another one."""
    values = _values(shelf, (row.published, row.id))
    if since is not None:
        values |= {"since_us": to_us(since.published), "since": since.id}
    return int(db.execute(reach_query(shelf, since=since is not None), values).fetchone()[0])


def _side(after: Key | None, before: Key | None) -> Side:
    return "after" if after else "before" if before else ""


def _values(shelf: Shelf, place: Key | None) -> dict[str, object]:
    values: dict[str, object] = {"slug": bindable(shelf.category or "")}
    return values | {"published_us": to_us(place[0]), "id": place[1]} if place else values
