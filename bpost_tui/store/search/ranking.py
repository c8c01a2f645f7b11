"""Ranking of a query's hits: SQL statements for the index, segment by segment, and their results.

A query has an exact expression and several expanded expressions (query_compiler.py). The first expanded expression adds the nearest
reading of Roman letters, other names of places, and two words written as one. Each further expression adds the next readings. All
hits of an expression come before the additional hits of the next. Within an expression, hits are ordered by bm25
(https://sqlite.org/fts5.html#the_bm25_function); of equal hits, the newer is first. Similar stories (similar_stories.py) are
ordered by date, the oldest first.
"""

# ruff: noqa: S608 (SQL is composed of constants; all values are bound)
from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from bpost_tui.model.search_values import MAX_COUNTED_HITS
from bpost_tui.store.row_mapping import DamagedRowError
from bpost_tui.store.search.query_compiler import CompiledQuery
from bpost_tui.store.search.search_index import INDEX_COLUMNS

# Why only the newest hits are ranked. The obvious query is ORDER BY bm25(search): SQLite then computes the rank of every hit and
# sorts them all for each page. A common word is in most stories, so that costs more with every story saved.
#
# Entries are numbered by time (search_index.py), so the newest RANKED_HITS of an expression are found without sorting. These are
# ranked, and older hits follow by date. With a million stories, the commonest word is found in 33 ms (median). The hits that were
# ranked are remembered in `Ranking`: reading on sorts nothing again, and never reorders earlier pages.
#
# An expanded expression isn't ranked together with the exact one. A hit for the typed word comes before a hit for a guess, whatever
# their ranks. A segment is therefore `expression NOT previous expression`, which also keeps a story from being listed twice.

RANKED_HITS = 2000
"""Maximum number of hits of an expression that are ranked by relevance; older hits follow, ordered by date."""
FIRST_RANKED_HITS = 200
"""Number of hits that are sorted for the first pages. Readers seldom look at more.

Sorting RANKED_HITS at once would take 50 % longer.
"""
_EVERY = -1
"""Value for LIMIT in SQL that means no limit."""

# stems have lower weights than the words themselves
_WEIGHTS = {"headline": 10.0, "tag": 4.0, "traits": 0.0, "text": 1.0, "headline_stems": 5.0, "text_stems": 0.4}
_DEFAULT_WEIGHT = 2.0
_SCORE = f"bm25(search, {', '.join(str(_WEIGHTS.get(column, _DEFAULT_WEIGHT)) for column in INDEX_COLUMNS)})"


# ── statements ──────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class SqlStatement:
    """SQL statement with the values bound to its parameters."""

    sql: str
    values: dict[str, object]


def entries_statement(query: CompiledQuery, expression: str, *, columns: str = "s.entry") -> SqlStatement:
    """Return the statement for all index entries that `expression` finds; it selects `columns`.

    If `expression` is empty, the statement finds all entries that meet the query's conditions.
    """
    conditions, values = list(query.conditions), dict(query.values)
    if expression:
        conditions.insert(0, "f.search MATCH :expression")
        values["expression"] = f"({expression}) NOT ({query.excluded})" if query.excluded else expression
        if not query.needs_stories:  # the index alone is enough
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
    """Segment of the hits, all in one order: the results of one expression, restricted to a range of index entries."""

    expression: str
    by_date: bool = False
    oldest_first: bool = False
    """Whether the oldest hits come first, if `by_date`."""
    oldest_entry: int | None = None
    """Lower limit of the range: the oldest entry that the segment may contain; None if no other segment has older hits."""
    before_entry: int | None = None
    """Upper limit of the range: the segment contains only entries older than this one; None if no other segment has newer hits."""

    @property
    def is_ranked(self) -> bool:
        """Whether the segment's hits are ordered by rank; otherwise, they are ordered by date."""
        return bool(self.expression) and not self.by_date


def segment_statement(query: CompiledQuery, segment: HitSegment, *, columns: str = "s.entry") -> SqlStatement:
    """Return the statement for all entries of a segment of the hits of `query`, unordered; it selects `columns`."""
    statement = entries_statement(query, segment.expression, columns=columns)
    entry = "f.rowid" if segment.expression else "s.entry"
    bounds = {"floor": (">=", segment.oldest_entry), "below": ("<", segment.before_entry)}
    sql, values = statement.sql, dict(statement.values)
    for name, (operator, bound) in bounds.items():
        if bound is not None:
            sql, values = f"{sql} AND {entry} {operator} :{name}", {**values, name: bound}
    return SqlStatement(sql, values)


def page_statement(query: CompiledQuery, segment: HitSegment, limit: int, offset: int) -> SqlStatement:
    """Return the SQL statement for a page of a segment's index entries: `limit` entries after the first `offset`.

    A segment is a part of the query's hits that has one order.
    """
    statement = segment_statement(query, segment, columns=f"s.entry, {_SCORE} AS score" if segment.is_ranked else "s.entry")
    entry, order = "f.rowid" if segment.expression else "s.entry", "ASC" if segment.oldest_first else "DESC"
    order = f"{'score, ' if segment.is_ranked else ''}{entry} {order}"
    values = {**statement.values, "limit": limit, "offset": offset}
    return SqlStatement(f"{statement.sql} ORDER BY {order} LIMIT :limit OFFSET :offset", values)


def count_entries(db: sqlite3.Connection, statement: SqlStatement, most: int = _EVERY) -> int:
    """Return the number of entries that a statement finds; counting stops at `most` (-1 for no limit)."""
    sql = f"SELECT COUNT(*) FROM ({statement.sql} LIMIT {most})"
    return int(db.execute(sql, statement.values).fetchone()[0])


# ── the order ───────────────────────────────────────────────────────────────


class Ranking:
    """Ranking of a query's hits. It remembers ranked hits, so that the next page of hits needs no sorting.

    It keeps no connection: each method gets an open library. The remembered hits stay even if the library has changed since the
    last call, so that pages don't shift. But if one of the hits was deleted, all hits are ranked again.
    """

    def __init__(self, query: CompiledQuery, *, by_date: bool = False) -> None:
        self.query = query
        self._by_date = by_date
        self._oldest_ranked: dict[str, int | None] = {}
        self._ranked: dict[HitSegment, tuple[int, ...]] = {}
        self._counts: dict[HitSegment, int] = {}
        self._total: int | None = None

    def total(self, db: sqlite3.Connection) -> int:
        """Return the number of hits, at most MAX_COUNTED_HITS + 1."""
        if self._total is None:
            self._total = self._count(db)
        return self._total

    def _count(self, db: sqlite3.Connection) -> int:
        total = 0
        # a common word alone may have as many hits as are counted, and its other meanings are dozens of words
        for expression in dict.fromkeys((self.query.exact, self.query.any_match)):
            total = count_entries(db, entries_statement(self.query, expression), MAX_COUNTED_HITS + 1)
            if total > MAX_COUNTED_HITS:
                break
        return total

    def story_ids(self, db: sqlite3.Connection, limit: int, offset: int = 0) -> list[int]:
        """Return the story ids of `limit` hits after the first `offset`.

        If a remembered hit was deleted, all hits are ranked again.

        Raises:
            DamagedRowError: The index has an entry without a story.
        """
        story_ids = [_story_of(db, entry) for entry in self._entries(db, limit, offset)]
        if None in story_ids:
            self._oldest_ranked, self._ranked, self._counts, self._total = {}, {}, {}, None
            story_ids = [_story_of(db, entry) for entry in self._entries(db, limit, offset)]
        found = [story_id for story_id in story_ids if story_id is not None]
        if len(found) < len(story_ids):
            raise DamagedRowError("an entry of the search index has no story")
        return found

    def _entries(self, db: sqlite3.Connection, limit: int, offset: int) -> list[int]:
        """Return the ids in the index of at most `limit` hits from `offset` on, in the order of all segments (exact hits first).

        With 30 exact hits and 50 more expanded hits, the page of 20 from offset 20 contains the exact hits 20 to 29 and the
        expanded hits 0 to 9. If a page begins after a segment, the segment's entries are counted to find the offset in the next
        segment.
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
        best, end = self._ranked.get(segment, ()), offset + limit
        if len(best) < end and segment not in self._counts:
            most = FIRST_RANKED_HITS if end <= FIRST_RANKED_HITS else RANKED_HITS
            best = self._ranked[segment] = _run(db, page_statement(self.query, segment, most, 0))
            if len(best) < most or most == RANKED_HITS:
                self._counts[segment] = len(best)
        return best[offset:end]

    def _length(self, db: sqlite3.Connection, segment: HitSegment) -> int:
        if segment not in self._counts:
            self._counts[segment] = count_entries(db, segment_statement(self.query, segment))
        return self._counts[segment]

    def _segments(self, db: sqlite3.Connection) -> Iterator[HitSegment]:
        """Yield the segments in order: the exact hits, then for each expanded expression the additional hits.

        Of each expression's hits, the newest RANKED_HITS are ranked, and older hits follow by date. So a page of hits never changes
        when further pages are read.
        """
        query = self.query
        if self._by_date or query.is_timeline:
            yield HitSegment(query.any_match, by_date=True, oldest_first=not self._by_date)
            return
        steps = (query.exact, *query.expanded)
        for expression in (query.exact, *(f"({step}) NOT ({before})" for before, step in pairwise(steps))):
            oldest = self._oldest_ranked_entry(db, expression) if expression else None
            yield HitSegment(expression, oldest_entry=oldest)
            if oldest is not None:
                yield HitSegment(expression, by_date=True, before_entry=oldest)

    def _oldest_ranked_entry(self, db: sqlite3.Connection, expression: str) -> int | None:
        """Return the oldest index entry that is ranked; None if all are, because `expression` finds fewer than RANKED_HITS."""
        if expression not in self._oldest_ranked:
            last = _run(db, page_statement(self.query, HitSegment(expression, by_date=True), 1, RANKED_HITS - 1))
            self._oldest_ranked[expression] = last[0] if last else None
        return self._oldest_ranked[expression]


def _run(db: sqlite3.Connection, statement: SqlStatement) -> tuple[int, ...]:
    return tuple(row[0] for row in db.execute(statement.sql, statement.values))


def _story_of(db: sqlite3.Connection, entry: int) -> int | None:
    row = db.execute("SELECT id FROM stories WHERE entry = ?", (entry,)).fetchone()
    return int(row[0]) if row else None
