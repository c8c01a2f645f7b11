"""The order of a query's hits: the statements that ask the index for them, part by part, and what they found.

A query has an expression for the index of what was asked, and others of what may also have been meant (compile.py): the nearest
reading of Roman letters, other names of places, two words written as one; then the next reading. All hits of one come before those
of the next. Within each the order is that of bm25 (https://sqlite.org/fts5.html#the_bm25_function), the newer first among equals;
where an expression has more hits than WINDOW, only the newest of them are weighed, and the others follow by date. Stories like one
(alike.py) come by date, the oldest first.
"""

# ruff: noqa: S608 (SQL is composed of constants; all values are bound)
from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from bpost_tui.store.results import MAX_COUNTED_HITS
from bpost_tui.store.row_mapping import DamagedRowError
from bpost_tui.store.search.query_compiler import CompiledQuery
from bpost_tui.store.search.search_index import INDEX_COLUMNS

RANKED_HITS = 2000
"""Hits that are weighed against each other."""
FIRST_RANKED_HITS = 200
"""Hits that are put in their order at first, as many as one usually looks at: to put them all takes half as long again."""
_EVERY = -1
"""The limit of a statement that has none."""

# a stem counts for less than the word itself
_WEIGHTS = {"headline": 10.0, "tag": 4.0, "traits": 0.0, "text": 1.0, "headline_stems": 5.0, "text_stems": 0.4}
_OF_ANOTHER = 2.0
_SCORE = f"bm25(search, {', '.join(str(_WEIGHTS.get(column, _OF_ANOTHER)) for column in INDEX_COLUMNS)})"


# ── statements ──────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class SqlStatement:
    """SQL and what is bound to it."""

    sql: str
    values: dict[str, object]


def entries_statement(query: CompiledQuery, expression: str, *, columns: str = "s.entry") -> SqlStatement:
    """Return the statement of all entries that an expression finds, or that the conditions alone leave where it is empty."""
    conditions, values = list(query.conditions), dict(query.values)
    if expression:
        conditions.insert(0, "f.search MATCH :expression")
        values["expression"] = f"({expression}) NOT ({query.excluded})" if query.excluded else expression
        if not query.needs_stories:  # the index alone knows
            source, columns = "search AS f", columns.replace("s.entry", "f.rowid")
        else:
            source = "search AS f CROSS JOIN stories AS s ON s.entry = f.rowid"
    else:
        conditions.append("s.entry IS NOT NULL")
        source = "stories AS s"
        if query.excluded:
            conditions.append("s.entry NOT IN (SELECT rowid FROM search WHERE search MATCH :excluded)")
            values["excluded"] = query.excluded
    return SqlStatement(f"SELECT {columns} FROM {source} WHERE {' AND '.join(conditions)}", values)


@dataclass(frozen=True, slots=True)
class HitSegment:
    """A part of the list of hits: what an expression finds, from one entry on or below it, in one order."""

    expression: str
    by_date: bool = False
    oldest_first: bool = False
    """Where it is by date."""
    oldest_entry: int | None = None
    """The oldest entry of it, where older hits are in another segment."""
    before_entry: int | None = None
    """The entry that all of it is older than, where newer hits are in another segment."""

    @property
    def is_ranked(self) -> bool:
        """Whether the best come first; else the newest do."""
        return bool(self.expression) and not self.by_date


def segment_statement(query: CompiledQuery, segment: HitSegment, *, columns: str = "s.entry") -> SqlStatement:
    """Return the statement of all entries of a segment, in no order."""
    statement = entries_statement(query, segment.expression, columns=columns)
    entry = "f.rowid" if segment.expression else "s.entry"
    bounds = {"floor": (">=", segment.oldest_entry), "below": ("<", segment.before_entry)}
    sql, values = statement.sql, dict(statement.values)
    for name, (operator, bound) in bounds.items():
        if bound is not None:
            sql, values = f"{sql} AND {entry} {operator} :{name}", {**values, name: bound}
    return SqlStatement(sql, values)


def page_statement(query: CompiledQuery, segment: HitSegment, limit: int, offset: int) -> SqlStatement:
    """Return the statement of a page of a segment's entries."""
    statement = segment_statement(query, segment, columns=f"s.entry, {_SCORE} AS score" if segment.is_ranked else "s.entry")
    entry, order = "f.rowid" if segment.expression else "s.entry", "ASC" if segment.oldest_first else "DESC"
    order = f"{'score, ' if segment.is_ranked else ''}{entry} {order}"
    values = {**statement.values, "limit": limit, "offset": offset}
    return SqlStatement(f"{statement.sql} ORDER BY {order} LIMIT :limit OFFSET :offset", values)


def count_entries(db: sqlite3.Connection, statement: SqlStatement, most: int = _EVERY) -> int:
    """Return how many entries a statement finds, at most so many."""
    sql = f"SELECT COUNT(*) FROM ({statement.sql} LIMIT {most})"
    return int(db.execute(sql, statement.values).fetchone()[0])


# ── the order ───────────────────────────────────────────────────────────────


class Ranking:
    """The order of a query's hits. What was weighed is remembered, so that reading on sorts nothing again.

    It holds no connection: each method takes an open library, which may have changed in between.
    """

    def __init__(self, query: CompiledQuery, *, by_date: bool = False) -> None:
        self.query = query
        self._by_date = by_date
        self._floors: dict[str, int | None] = {}
        self._weighed: dict[HitSegment, tuple[int, ...]] = {}
        self._counts: dict[HitSegment, int] = {}
        self._total: int | None = None

    def total(self, db: sqlite3.Connection) -> int:
        """Return how many hits there are, at most one more than COUNTED_MOST."""
        if self._total is None:
            self._total = count_entries(db, entries_statement(self.query, self.query.any_match), MAX_COUNTED_HITS + 1)
        return self._total

    def story_ids(self, db: sqlite3.Connection, limit: int, offset: int = 0) -> list[int]:
        """Return the numbers of the stories on a page of the hits; all is sorted again where one of these is no longer there.

        Raises:
            DamagedRowError: The index has an entry that no story has.
        """
        numbers = [_story_of(db, entry) for entry in self._entries(db, limit, offset)]
        if None in numbers:
            self._floors, self._weighed, self._counts, self._total = {}, {}, {}, None
            numbers = [_story_of(db, entry) for entry in self._entries(db, limit, offset)]
        found = [number for number in numbers if number is not None]
        if len(found) < len(numbers):
            raise DamagedRowError("an entry of the search index has no story")
        return found

    def _entries(self, db: sqlite3.Connection, limit: int, offset: int) -> list[int]:
        """Return the entries on a page of the segments, which are one list.

        Where 30 hits are exact and 50 more expanded, the page of 20 from the 20th on has the exact hits 20 to 29 and the expanded
        0 to 9. Where a page begins behind a segment, the segment is counted, to know where the page begins in the next.
        """
        entries: list[int] = []
        for segment in self._segments(db):
            if entries or offset == 0:
                entries += self._page(db, segment, limit - len(entries), 0)
            elif found := self._page(db, segment, limit, offset):
                entries += found
            else:
                offset -= self._length(db, segment)
            if len(entries) >= limit:
                break
        return entries

    def _page(self, db: sqlite3.Connection, segment: HitSegment, limit: int, offset: int) -> tuple[int, ...]:
        if not segment.is_ranked:
            return _run(db, page_statement(self.query, segment, limit, offset))
        best, end = self._weighed.get(segment, ()), offset + limit
        if len(best) < end and segment not in self._counts:
            most = FIRST_RANKED_HITS if end <= FIRST_RANKED_HITS else RANKED_HITS
            best = self._weighed[segment] = _run(db, page_statement(self.query, segment, most, 0))
            if len(best) < most or most == RANKED_HITS:
                self._counts[segment] = len(best)
        return best[offset:end]

    def _length(self, db: sqlite3.Connection, segment: HitSegment) -> int:
        if segment not in self._counts:
            self._counts[segment] = count_entries(db, segment_statement(self.query, segment))
        return self._counts[segment]

    def _segments(self, db: sqlite3.Connection) -> Iterator[HitSegment]:
        """Yield the segments of the hits in order: the exact hits, then those that each step finds and none before it.

        Of each, the newest WINDOW are weighed; older ones follow by date: reading on changes nothing of what came before.
        """
        query = self.query
        if self._by_date or query.is_timeline:
            yield HitSegment(query.any_match, by_date=True, oldest_first=not self._by_date)
            return
        steps = (query.exact, *query.expanded)
        for expression in (query.exact, *(f"({step}) NOT ({before})" for before, step in pairwise(steps))):
            floor = self._floor(db, expression) if expression else None
            yield HitSegment(expression, oldest_entry=floor)
            if floor is not None:
                yield HitSegment(expression, by_date=True, before_entry=floor)

    def _floor(self, db: sqlite3.Connection, expression: str) -> int | None:
        """Return the oldest entry that is weighed, None where all are."""
        if expression not in self._floors:
            last = _run(db, page_statement(self.query, HitSegment(expression, by_date=True), 1, RANKED_HITS - 1))
            self._floors[expression] = last[0] if last else None
        return self._floors[expression]


def _run(db: sqlite3.Connection, statement: SqlStatement) -> tuple[int, ...]:
    return tuple(row[0] for row in db.execute(statement.sql, statement.values))


def _story_of(db: sqlite3.Connection, entry: int) -> int | None:
    row = db.execute("SELECT id FROM stories WHERE entry = ?", (entry,)).fetchone()
    return int(row[0]) if row else None
