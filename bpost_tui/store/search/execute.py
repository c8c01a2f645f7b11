"""Searching: from a query to its hits. Functions over an open library.

A query becomes one or two expressions for the index: what was asked, and what may also have been meant (Roman letters read as
Bengali, other names of places, two words written as one). All hits of the first come before those of the second. Within each the
order is bm25's (https://sqlite.org/fts5.html#the_bm25_function), the newer first among equals; where an expression has more hits
than WINDOW, only the newest of them are weighed.
"""

# ruff: noqa: S608 (statements are put together from our own words; what comes from outside is bound)
from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from bpost_tui.model.blocks_json import plain_text
from bpost_tui.store import stories
from bpost_tui.store.results import Hit, SearchResult
from bpost_tui.store.search.compile import Meaning, meaning
from bpost_tui.store.search.highlight import Marker, SearchTerms
from bpost_tui.store.search.query import parse

_EVERY = 1 << 62
WINDOW = 2000
"""Hits that are weighed against each other."""

# in the order of index.COLUMNS; a stem counts for less than the word itself
_WEIGHTS = (10.0, 4.0, 2.0, 2.0, 0.0, 1.0, 5.0, 0.4)
_SCORE = f"bm25(search, {', '.join(map(str, _WEIGHTS))})"


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL and what is bound to it."""

    sql: str
    values: dict[str, object]


def search(db: sqlite3.Connection, text: str, limit: int, offset: int, now: datetime, *, by_date: bool) -> SearchResult:
    """Return the hits of a query from the `offset`-th on."""
    query = parse(text, now)
    meant = meaning(db, query)
    numbers = _numbers(db, meant, limit + 1, offset, by_date)
    marker = Marker(meant.wanted)
    hits = tuple(_hit(db, number, marker) for number in numbers[:limit])
    return SearchResult(hits, len(numbers) > limit, meant.reading, query.problem, meant.wanted)


def wanted(db: sqlite3.Connection, text: str, now: datetime) -> SearchTerms:
    """Return what the words of a query stand for, to be marked in a text."""
    return meaning(db, parse(text, now)).wanted


def numbers(db: sqlite3.Connection, text: str, now: datetime) -> tuple[int, ...]:
    """Return all stories that a query finds, newest first."""
    return tuple(_numbers(db, meaning(db, parse(text, now)), _EVERY, 0, by_date=True))


def count(db: sqlite3.Connection, text: str, now: datetime) -> int:
    """Return how many stories a query finds."""
    meant = meaning(db, parse(text, now))
    widest = f"({meant.tiers[0]}) OR ({meant.tiers[1]})" if len(meant.tiers) > 1 else "".join(meant.tiers)
    statement = found(meant, widest)
    return int(db.execute(f"SELECT COUNT(*) FROM ({statement.sql})", statement.values).fetchone()[0])


def found(meant: Meaning, expression: str, *, columns: str = "s.entry") -> Statement:
    """Return the statement of all entries that an expression finds, or that the conditions alone leave where it is empty."""
    conditions, values = list(meant.conditions), dict(meant.values)
    if expression:
        conditions.insert(0, "f.search MATCH :expression")
        values["expression"] = f"({expression}) NOT ({meant.excluded})" if meant.excluded else expression
        if not meant.of_stories:  # the index alone knows
            source, columns = "search AS f", columns.replace("s.entry", "f.rowid")
        else:
            source = "search AS f CROSS JOIN stories AS s ON s.entry = f.rowid"
    else:
        conditions.append("s.entry IS NOT NULL")
        source = "stories AS s"
        if meant.excluded:
            conditions.append("s.entry NOT IN (SELECT rowid FROM search WHERE search MATCH :excluded)")
            values["excluded"] = meant.excluded
    return Statement(f"SELECT {columns} FROM {source} WHERE {' AND '.join(conditions)}", values)


def page(meant: Meaning, expression: str, limit: int, offset: int, *, floor: int | None, by_date: bool) -> Statement:
    """Return the statement of a page of the entries that an expression finds, from an entry on where there is a floor."""
    weighed = bool(expression) and not by_date
    statement = found(meant, expression, columns=f"s.entry, {_SCORE} AS score" if weighed else "s.entry")
    sql, values = statement.sql, {**statement.values, "limit": limit, "offset": offset}
    entry = "f.rowid" if expression else "s.entry"
    if floor is not None:
        sql, values = f"{sql} AND {entry} >= :floor", {**values, "floor": floor}
    return Statement(f"{sql} ORDER BY {'score, ' if weighed else ''}{entry} DESC LIMIT :limit OFFSET :offset", values)


def _numbers(db: sqlite3.Connection, meant: Meaning, limit: int, offset: int, by_date: bool) -> list[int]:
    """Return the numbers of the stories on a page, the hits of the first expression before those of the next."""
    tiers = meant.tiers or ("",)
    if by_date and len(tiers) > 1:
        tiers = (f"({tiers[0]}) OR ({tiers[1]})",)
    entries: list[int] = []
    for place, tier in enumerate(tiers):
        wanted = limit - len(entries)
        if wanted <= 0:
            break
        expression = f"({tier}) NOT ({tiers[0]})" if place else tier
        floor = None if by_date or offset + wanted > WINDOW else _floor(db, meant, expression)
        statement = page(meant, expression, wanted, offset, floor=floor, by_date=by_date)
        got = [row[0] for row in db.execute(statement.sql, statement.values)]
        entries += got
        if not got and place + 1 < len(tiers) and offset:
            whole = found(meant, expression)
            offset = max(0, offset - int(db.execute(f"SELECT COUNT(*) FROM ({whole.sql})", whole.values).fetchone()[0]))
        elif got:
            offset = 0
    return [db.execute("SELECT id FROM stories WHERE entry = ?", (entry,)).fetchone()[0] for entry in entries]


def _floor(db: sqlite3.Connection, meant: Meaning, expression: str) -> int | None:
    """Return the oldest entry that is weighed, None where all are."""
    statement = page(meant, expression, 1, WINDOW - 1, floor=None, by_date=True)
    row = db.execute(statement.sql, statement.values).fetchone()
    return row[0] if row else None


def _hit(db: sqlite3.Connection, number: int, marker: Marker) -> Hit:
    saved = stories.readable_story(db, number)
    stretch, marks = marker.snippet(plain_text(saved.blocks) or saved.headline.excerpt)
    return Hit(saved.headline, marker.marks(saved.headline.title), stretch, marks)
