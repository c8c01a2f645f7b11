"""Searching: from a query to its hits.

A query has up to two expressions for the index (compile.py): what was asked, and what may also have been meant (Roman letters read
as Bengali, other names of places, two words written as one). All hits of the first come before those of the second. Within each the
order is that of bm25 (https://sqlite.org/fts5.html#the_bm25_function), the newer first among equals; where an expression has more
hits than WINDOW, only the newest of them are weighed, and the others follow by date.
"""

# ruff: noqa: S608 (statements are put together from our own words; what comes from outside is bound)
from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bpost_tui.errors import NotFound
from bpost_tui.model.blocks import plain_text
from bpost_tui.model.story import ListFilter
from bpost_tui.store import stories
from bpost_tui.store.results import COUNTED_MOST, Hit, SearchResult
from bpost_tui.store.rows import DamagedRow
from bpost_tui.store.search.compile import CompiledQuery, compile_query
from bpost_tui.store.search.highlight import Marker, SearchTerms
from bpost_tui.store.search.query import Query, parse

if TYPE_CHECKING:
    from bpost_tui.store.connection import Database

ALL = ListFilter()
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

    def find(
        self, text: str, *, limit: int, offset: int = 0, now: datetime, by_date: bool = False, within: ListFilter = ALL
    ) -> SearchResult:
        """Return the hits of a query in a list from the `offset`-th on, the best first, or the newest."""
        return self._read(lambda db: _find(db, parse(text, now).within(within), limit, offset, by_date=by_date))

    def numbers(self, text: str, *, now: datetime, within: ListFilter = ALL) -> tuple[int, ...]:
        """Return the numbers of all stories of a list that a query finds, newest first."""
        query = parse(text, now).within(within)
        return self._read(lambda db: tuple(_numbers(db, compile_query(db, query), _EVERY, 0, by_date=True)))

    def among(self, text: str, stories: Sequence[int], *, now: datetime, within: ListFilter = ALL) -> frozenset[int]:
        """Return those of some stories that are in a list and found by a query."""
        query = parse(text, now).within(within)
        return self._read(lambda db: found_among(db, compile_query(db, query), stories))

    def count(self, text: str, *, now: datetime, within: ListFilter = ALL) -> int:
        """Return how many stories of a list a query finds."""
        query = parse(text, now).within(within)
        return self._read(lambda db: _count(db, compile_query(db, query)))

    def terms(self, text: str, *, now: datetime) -> SearchTerms:
        """Return what the words of a query stand for in this library, to be highlighted in a text (highlight.Marker)."""
        return self._read(lambda db: compile_query(db, parse(text, now)).terms)


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


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the list of hits: what an expression finds, from one entry on or below it, in one order."""

    expression: str
    by_date: bool = False
    floor: int | None = None
    """The oldest entry of it, where older hits are in another segment."""
    below: int | None = None
    """The entry that all of it is older than, where newer hits are in another segment."""


def segment_statement(query: CompiledQuery, segment: Segment, *, columns: str = "s.entry") -> Statement:
    """Return the statement of all entries of a segment, in no order."""
    statement = entries_statement(query, segment.expression, columns=columns)
    entry = "f.rowid" if segment.expression else "s.entry"
    bounds = {"floor": (">=", segment.floor), "below": ("<", segment.below)}
    sql, values = statement.sql, dict(statement.values)
    for name, (operator, bound) in bounds.items():
        if bound is not None:
            sql, values = f"{sql} AND {entry} {operator} :{name}", {**values, name: bound}
    return Statement(sql, values)


def page_statement(query: CompiledQuery, segment: Segment, limit: int, offset: int) -> Statement:
    """Return the statement of a page of a segment's entries."""
    weighed = bool(segment.expression) and not segment.by_date
    statement = segment_statement(query, segment, columns=f"s.entry, {_SCORE} AS score" if weighed else "s.entry")
    order = f"{'score, ' if weighed else ''}{'f.rowid' if segment.expression else 's.entry'} DESC"
    values = {**statement.values, "limit": limit, "offset": offset}
    return Statement(f"{statement.sql} ORDER BY {order} LIMIT :limit OFFSET :offset", values)


# ── running them ────────────────────────────────────────────────────────────


def _find(db: sqlite3.Connection, parsed: Query, limit: int, offset: int, *, by_date: bool) -> SearchResult:
    query = compile_query(db, parsed)
    numbers = _numbers(db, query, limit + 1, offset, by_date)
    marker = Marker(query.terms)
    hits = tuple(_hit(db, number, marker) for number in numbers[:limit])
    total = _count_entries(db, entries_statement(query, query.any_hit), most=COUNTED_MOST + 1)
    return SearchResult(hits, len(numbers) > limit, total, query.reading, parsed.problem, query.terms)


def _hit(db: sqlite3.Connection, number: int, marker: Marker) -> Hit:
    try:
        saved = stories.readable_story(db, number)
    except NotFound as error:
        raise DamagedRow(f"story {number} is in an index alone") from error
    snippet, marks = marker.snippet(plain_text(saved.blocks) or saved.headline.excerpt)
    return Hit(saved.headline, marker.marks(saved.headline.title), snippet, marks)


def found_among(db: sqlite3.Connection, query: CompiledQuery, stories: Sequence[int]) -> frozenset[int]:
    """Return those of some stories, by their numbers, that a query finds."""
    statement = entries_statement(query, query.any_hit)
    sql = f"SELECT id FROM stories WHERE id IN (SELECT value FROM json_each(:ids)) AND entry IN ({statement.sql})"
    return frozenset(row[0] for row in db.execute(sql, {**statement.values, "ids": json.dumps(list(stories))}))


def _count(db: sqlite3.Connection, query: CompiledQuery) -> int:
    return _count_entries(db, entries_statement(query, query.any_hit))


def _count_entries(db: sqlite3.Connection, statement: Statement, most: int = _EVERY) -> int:
    sql = f"SELECT COUNT(*) FROM ({statement.sql} LIMIT {most})"
    return int(db.execute(sql, statement.values).fetchone()[0])


def _numbers(db: sqlite3.Connection, query: CompiledQuery, limit: int, offset: int, by_date: bool) -> list[int]:
    """Return the numbers of the stories on a page of the segments, which are one list.

    Where 30 hits are exact and 50 more expanded, the page of 20 from the 20th on has the exact hits 20 to 29 and the expanded
    0 to 9. Where a page begins behind a segment, the segment is counted, to know where the page begins in the next.
    """
    entries: list[int] = []
    passed: Segment | None = None
    for segment in _segments(db, query, by_date=by_date):
        if passed is not None:
            offset = max(0, offset - _count_entries(db, segment_statement(query, passed)))
        statement = page_statement(query, segment, limit - len(entries), offset)
        found = [row[0] for row in db.execute(statement.sql, statement.values)]
        entries += found
        if len(entries) >= limit:
            break
        offset = 0 if found else offset
        passed = segment if offset else None
    return [_story_of(db, entry) for entry in entries]


def _story_of(db: sqlite3.Connection, entry: int) -> int:
    row = db.execute("SELECT id FROM stories WHERE entry = ?", (entry,)).fetchone()
    if row is None:
        raise DamagedRow(f"entry {entry} has no story")
    return int(row[0])


def _segments(db: sqlite3.Connection, query: CompiledQuery, *, by_date: bool) -> Iterator[Segment]:
    """Yield the segments of the hits in order: the exact hits, then those that only the expanded expression finds.

    Of each, the newest WINDOW are weighed; older ones follow by date: reading on changes nothing of what came before.
    """
    if by_date:
        yield Segment(query.any_hit, by_date=True)
        return
    for expression in (query.exact, f"({query.expanded}) NOT ({query.exact})") if query.expanded else (query.exact,):
        floor = _floor(db, query, expression) if expression else None
        yield Segment(expression, floor=floor)
        if floor is not None:
            yield Segment(expression, by_date=True, below=floor)


def _floor(db: sqlite3.Connection, query: CompiledQuery, expression: str) -> int | None:
    """Return the oldest entry that is weighed, None where all are."""
    statement = page_statement(query, Segment(expression, by_date=True), 1, WINDOW - 1)
    row = db.execute(statement.sql, statement.values).fetchone()
    return row[0] if row else None
