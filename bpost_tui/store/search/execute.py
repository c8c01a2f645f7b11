"""Searching: from a query to its hits.

A query has up to two expressions for the index (compile.py): what was asked, and what may also have been meant (Roman letters read
as Bengali, other names of places, two words written as one). All hits of the first come before those of the second. Within each the
order is that of bm25 (https://sqlite.org/fts5.html#the_bm25_function), the newer first among equals; where an expression has more
hits than WINDOW, only the newest of them are weighed.
"""

# ruff: noqa: S608 (statements are put together from our own words; what comes from outside is bound)
from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bpost_tui.model.blocks import plain_text
from bpost_tui.store import stories
from bpost_tui.store.results import Hit, SearchResult
from bpost_tui.store.search.compile import CompiledQuery, compile_query
from bpost_tui.store.search.highlight import Marker, SearchTerms
from bpost_tui.store.search.query import parse

if TYPE_CHECKING:
    from bpost_tui.store.connection import Database

_EVERY = 1 << 62
WINDOW = 2000
"""Hits that are weighed against each other."""

# in the order of index.COLUMNS; a stem counts for less than the word itself
_WEIGHTS = (10.0, 4.0, 2.0, 2.0, 0.0, 1.0, 5.0, 0.4)
_SCORE = f"bm25(search, {', '.join(map(str, _WEIGHTS))})"


class Search:
    """Searching in a library; no query fails, whatever its text (see query.py)."""

    def __init__(self, database: Database) -> None:
        self._read = database.read

    def find(self, text: str, *, limit: int, offset: int = 0, now: datetime, by_date: bool = False) -> SearchResult:
        """Return the hits of a query from the `offset`-th on, the best first, or the newest."""
        return self._read(lambda db: _find(db, text, limit, offset, now, by_date=by_date))

    def numbers(self, text: str, *, now: datetime) -> tuple[int, ...]:
        """Return the numbers of all stories that a query finds, newest first."""
        return self._read(lambda db: tuple(_numbers(db, _compiled(db, text, now), _EVERY, 0, by_date=True)))

    def count(self, text: str, *, now: datetime) -> int:
        """Return how many stories a query finds; add `is:unread` for how many of them are unread."""
        return self._read(lambda db: _count(db, text, now))

    def terms(self, text: str, *, now: datetime) -> SearchTerms:
        """Return what the words of a query stand for in this library, to be highlighted in a text (highlight.Marker)."""
        return self._read(lambda db: _compiled(db, text, now).terms)


# ── statements ──────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL and what is bound to it."""

    sql: str
    values: dict[str, object]


def entries_statement(query: CompiledQuery, expression: str, *, columns: str = "s.entry") -> Statement:
    """Return the statement of all entries that an expression finds, or that the conditions alone leave where it is empty."""
    conditions, values = list(query.conditions), dict(query.values)
    if expression:
        conditions.insert(0, "f.search MATCH :expression")
        values["expression"] = f"({expression}) NOT ({query.excluded})" if query.excluded else expression
        if not query.of_stories:  # the index alone knows
            source, columns = "search AS f", columns.replace("s.entry", "f.rowid")
        else:
            source = "search AS f CROSS JOIN stories AS s ON s.entry = f.rowid"
    else:
        conditions.append("s.entry IS NOT NULL")
        source = "stories AS s"
        if query.excluded:
            conditions.append("s.entry NOT IN (SELECT rowid FROM search WHERE search MATCH :excluded)")
            values["excluded"] = query.excluded
    return Statement(f"SELECT {columns} FROM {source} WHERE {' AND '.join(conditions)}", values)


def page_statement(
    query: CompiledQuery, expression: str, limit: int, offset: int, *, floor: int | None, by_date: bool
) -> Statement:
    """Return the statement of a page of the entries that an expression finds, without those below the entry `floor`."""
    weighed = bool(expression) and not by_date
    statement = entries_statement(query, expression, columns=f"s.entry, {_SCORE} AS score" if weighed else "s.entry")
    sql, values = statement.sql, {**statement.values, "limit": limit, "offset": offset}
    entry = "f.rowid" if expression else "s.entry"
    if floor is not None:
        sql, values = f"{sql} AND {entry} >= :floor", {**values, "floor": floor}
    return Statement(f"{sql} ORDER BY {'score, ' if weighed else ''}{entry} DESC LIMIT :limit OFFSET :offset", values)


# ── running them ────────────────────────────────────────────────────────────


def _compiled(db: sqlite3.Connection, text: str, now: datetime) -> CompiledQuery:
    return compile_query(db, parse(text, now))


def _find(db: sqlite3.Connection, text: str, limit: int, offset: int, now: datetime, *, by_date: bool) -> SearchResult:
    parsed = parse(text, now)
    query = compile_query(db, parsed)
    numbers = _numbers(db, query, limit + 1, offset, by_date)
    marker = Marker(query.terms)
    hits = tuple(_hit(db, number, marker) for number in numbers[:limit])
    return SearchResult(hits, len(numbers) > limit, query.reading, parsed.problem, query.terms)


def _hit(db: sqlite3.Connection, number: int, marker: Marker) -> Hit:
    saved = stories.readable_story(db, number)
    snippet, marks = marker.snippet(plain_text(saved.blocks) or saved.headline.excerpt)
    return Hit(saved.headline, marker.marks(saved.headline.title), snippet, marks)


def _count(db: sqlite3.Connection, text: str, now: datetime) -> int:
    query = _compiled(db, text, now)
    return _count_entries(db, entries_statement(query, query.any_hit))


def _count_entries(db: sqlite3.Connection, statement: Statement) -> int:
    return int(db.execute(f"SELECT COUNT(*) FROM ({statement.sql})", statement.values).fetchone()[0])


def _numbers(db: sqlite3.Connection, query: CompiledQuery, limit: int, offset: int, by_date: bool) -> list[int]:
    """Return the numbers of the stories on a page: the exact hits, then those that only the expanded expression finds.

    The two are one list: where 30 hits are exact and 50 more expanded, the page of 20 from the 20th on has the exact hits 20 to 29
    and the expanded 0 to 9. A page that begins behind the exact hits counts them, for where it begins among the expanded.
    """
    tiers = [query.exact, query.expanded] if query.expanded else [query.exact]
    if by_date:
        tiers = [query.any_hit]
    entries: list[int] = []
    for place, tier in enumerate(tiers):
        missing = limit - len(entries)
        if missing <= 0:
            break
        expression = f"({tier}) NOT ({tiers[0]})" if place else tier
        floor = None if by_date or offset + missing > WINDOW else _floor(db, query, expression)
        statement = page_statement(query, expression, missing, offset, floor=floor, by_date=by_date)
        found = [row[0] for row in db.execute(statement.sql, statement.values)]
        entries += found
        if found:
            offset = 0
        elif place + 1 < len(tiers) and offset:
            offset = max(0, offset - _count_entries(db, entries_statement(query, expression)))
    return [db.execute("SELECT id FROM stories WHERE entry = ?", (entry,)).fetchone()[0] for entry in entries]


def _floor(db: sqlite3.Connection, query: CompiledQuery, expression: str) -> int | None:
    """Return the oldest entry that is weighed, None where all are."""
    statement = page_statement(query, expression, 1, WINDOW - 1, floor=None, by_date=True)
    row = db.execute(statement.sql, statement.values).fetchone()
    return row[0] if row else None
