"""Which stories the reader doesn't want to see: rules, as queries of the query language, and what these find."""

# ruff: noqa: S608 (statements are put together from our own words; what comes from outside is bound)
from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bpost_tui.store.search.compile import compile_query
from bpost_tui.store.search.execute import Statement, entries_statement
from bpost_tui.store.search.query import MOST_CHARACTERS, parse

if TYPE_CHECKING:
    from bpost_tui.store.connection import Database

_FIELDS = {"words": "", "tags": "tag:", "categories": "category:", "authors": "author:"}
"""What the config calls it → what the query language does."""


def mute_queries(rules: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return queries that find, together, every story that any rule is about; none where there are no rules.

    {"words": ["ফুটবল", "লাল কার্ড"], "tags": ["IPL"]} → ('ফুটবল or "লাল কার্ড" or tag:IPL',)
    """
    terms = [f"{prefix}{_quoted(text)}" for kind, prefix in _FIELDS.items() for text in rules.get(kind, ()) if text.strip()]
    return tuple(_alternatives(terms))


class Muted:
    """What the queries of `mute_queries` find in a library."""

    def __init__(self, database: Database) -> None:
        self._read = database.read

    def among(self, queries: Sequence[str], stories: Sequence[int], *, now: datetime) -> frozenset[int]:
        """Return those of some stories that the queries find."""
        return self._read(lambda db: _among(db, queries, stories, now))

    def unread(self, queries: Sequence[str], *, now: datetime) -> Mapping[str, int]:
        """Return how many unread stories the queries find, by the slug of each category that has any, and by "" of all news."""
        return self._read(lambda db: _unread(db, queries, now))


def _among(db: sqlite3.Connection, queries: Sequence[str], stories: Sequence[int], now: datetime) -> frozenset[int]:
    ids = json.dumps(list(stories))
    muted: set[int] = set()
    for statement in _statements(db, queries, now):
        sql = f"SELECT id FROM stories WHERE id IN (SELECT value FROM json_each(:ids)) AND entry IN ({statement.sql})"
        muted.update(row[0] for row in db.execute(sql, {**statement.values, "ids": ids}))
    return frozenset(muted)


def _unread(db: sqlite3.Connection, queries: Sequence[str], now: datetime) -> Mapping[str, int]:
    stories: set[int] = set()
    for statement in _statements(db, queries, now):
        sql = f"SELECT id FROM stories WHERE read = 0 AND entry IN ({statement.sql})"
        stories.update(row[0] for row in db.execute(sql, statement.values))
    query = """SELECT c.slug, COUNT(*) FROM json_each(:ids) AS j
        JOIN shelved AS p ON p.story = j.value JOIN shelves AS c ON c.id = p.shelf
        WHERE c.slug IS NOT NULL GROUP BY p.shelf"""
    counts = {slug: int(count) for slug, count in db.execute(query, {"ids": json.dumps(sorted(stories))})}
    return {**counts, "": len(stories)}


def _statements(db: sqlite3.Connection, queries: Sequence[str], now: datetime) -> Iterator[Statement]:
    for text in queries:
        query = compile_query(db, parse(text, now))
        yield entries_statement(query, query.any_hit)


def _quoted(text: str) -> str:
    """Return words as one term: a phrase where there are several, one word in any of its forms."""
    words = text.replace('"', " ").split()
    return f'"{" ".join(words)}"' if len(words) != 1 else words[0]


def _alternatives(terms: Sequence[str]) -> Iterator[str]:
    """Yield the terms joined by `or`, in queries that are short enough to be taken whole."""
    query = ""
    for term in terms:
        longer = f"{query} or {term}" if query else term
        if len(longer) > MOST_CHARACTERS:
            yield query
            longer = term
        query = longer
    if query:
        yield query
