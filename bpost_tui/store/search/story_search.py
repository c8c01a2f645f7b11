"""Searching: from a query to its hits, whose order is said in ranking.py."""

# ruff: noqa: S608 (SQL is composed of constants; all values are bound)
from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from bpost_tui.errors import NotFoundError
from bpost_tui.model.blocks import plain_text
from bpost_tui.model.story import ListFilter
from bpost_tui.store import stories
from bpost_tui.store.papers import id_of, paper_condition, papers_in_scope
from bpost_tui.store.results import Hit, QueryProblem
from bpost_tui.store.row_mapping import DamagedRowError
from bpost_tui.store.search.highlight import Highlighter, SearchTerms
from bpost_tui.store.search.query_compiler import CompiledQuery, compile_query
from bpost_tui.store.search.query_parser import parse_query, similar_term
from bpost_tui.store.search.query_terms import Query
from bpost_tui.store.search.ranking import Ranking, count_entries, entries_statement

if TYPE_CHECKING:
    from bpost_tui.store.database_access import DatabaseAccess

ALL_STORIES = ListFilter()
_EVERY = 1 << 62


class SearchResult(NamedTuple):
    """What a query found."""

    hits: tuple[Hit, ...]
    has_more: bool
    """Whether the query has hits after these."""
    total: int
    """How many stories the query finds; one more than COUNTED_MOST where there are more than that."""
    interpretation: str
    """The query as it was read, Roman letters as Bengali words; empty where it was taken as it is."""
    problem: QueryProblem | None
    terms: SearchTerms
    """What was searched, to be highlighted in a story's text (highlight.Marker)."""
    ranking: Ranking
    """The order of the hits, to read on in (execute.Search.find)."""
    completed: str = ""
    """The query with its last word whole, where that is half typed."""


class StorySearch:
    """Searching in a library; no query fails, whatever its text (see query.py)."""

    def __init__(self, database: DatabaseAccess, alone: str | None = None) -> None:
        self._read = database.read
        self._alone = alone

    def find(
        self,
        text: str,
        *,
        limit: int,
        offset: int = 0,
        now: datetime,
        by_date: bool = False,
        within: ListFilter = ALL_STORIES,
        ranking: Ranking | None = None,
        is_partial: bool = False,
    ) -> SearchResult:
        """Return the hits of a query in a list from the `offset`-th on, the best first, or the newest; of a timeline, the oldest.

        Args:
            text: The query.
            limit: How many.
            offset: How many are skipped.
            now: What ages are counted from.
            by_date: Whether the newest come first.
            within: The list.
            ranking: That of an earlier result of the same query, to read on in it.
            is_partial: Whether its last word may be half typed.
        """
        query = _parsed(text, now, is_partial).within(within)

        def find(db: sqlite3.Connection) -> SearchResult:
            order = ranking or Ranking(self._compiled(db, query, within), by_date=by_date)
            numbers = order.story_ids(db, limit + 1, offset)
            terms, reading, begun = order.query.terms, order.query.interpretation, order.query.completion
            marker = Highlighter(terms)
            hits = tuple(_hit(db, number, marker) for number in numbers[:limit])
            completed = text.removesuffix(begun[0]) + begun[1] if begun else ""
            return SearchResult(hits, len(numbers) > limit, order.total(db), reading, query.problem, terms, order, completed)

        return self._read(find)

    def story_ids(self, text: str, *, now: datetime, within: ListFilter = ALL_STORIES, is_begun: bool = False) -> tuple[int, ...]:
        """Return the numbers of all stories of a list that a query finds, newest first; see `find`."""
        query = _parsed(text, now, is_begun).within(within)
        return self._read(lambda db: tuple(Ranking(self._compiled(db, query, within), by_date=True).story_ids(db, _EVERY)))

    def matching(self, text: str, stories: Sequence[int], *, now: datetime, within: ListFilter = ALL_STORIES) -> frozenset[int]:
        """Return those of some stories that are in a list and found by a query."""
        query = parse_query(text, now).within(within)
        return self._read(lambda db: matching_stories(db, self._compiled(db, query, within), stories))

    def count(self, text: str, *, now: datetime, within: ListFilter = ALL_STORIES) -> int:
        """Return how many stories of a list a query finds."""
        query = parse_query(text, now).within(within)

        def count(db: sqlite3.Connection) -> int:
            compiled = self._compiled(db, query, within)
            return count_entries(db, entries_statement(compiled, compiled.any_match))

        return self._read(count)

    def similar_query(self, story: int) -> str:
        """Return the query that finds stories like one, itself among them; empty where it has no words. Raises NotFoundError."""
        return self._read(lambda db: _similar_query(db, story))

    def terms(self, text: str, *, now: datetime) -> SearchTerms:
        """Return what the words of a query stand for in this library, to be highlighted in a text (highlight.Marker)."""
        return self._read(lambda db: compile_query(db, parse_query(text, now)).terms)

    def _compiled(self, db: sqlite3.Connection, query: Query, within: ListFilter) -> CompiledQuery:
        """Return a query narrowed to a paper, or to those on the stand, where the library has stories of others.

        What the reader has put into a list is found there, whichever papers are on the stand.
        """
        compiled = compile_query(db, query)
        if within.papers:
            group = tuple(number for key in within.papers if (number := id_of(db, key)) is not None)
            compiled.add_condition(paper_condition(group))
            return compiled
        if within.own_list is not None and (within.paper or self._alone) is None:
            return compiled
        if (numbers := papers_in_scope(db, within.paper or self._alone)) is not None:
            compiled.add_condition(paper_condition(numbers))
        return compiled


def _parsed(text: str, now: datetime, is_begun: bool) -> Query:
    query = parse_query(text, now)
    return query.with_partial_word(text) if is_begun else query


def _similar_query(db: sqlite3.Connection, number: int) -> str:
    from bpost_tui.store.search.similar_stories import rarest_stems  # 12 ms, with the words that tell

    story = stories.as_sent_story(db, number)
    found = rarest_stems(db, story)
    return similar_term(stories.headline(db, number).published, found).text if found else ""


def _hit(db: sqlite3.Connection, number: int, marker: Highlighter) -> Hit:
    try:
        saved = stories.story_or_headline(db, number)
    except NotFoundError as error:
        raise DamagedRowError(f"story {number} is in an index alone") from error
    snippet, marks = marker.snippet(plain_text(saved.blocks) or saved.headline.excerpt)
    return Hit(saved.headline, marker.ranges(saved.headline.title), snippet, marks)


def matching_stories(db: sqlite3.Connection, query: CompiledQuery, stories: Sequence[int]) -> frozenset[int]:
    """Return those of some stories, by their numbers, that a query finds."""
    statement = entries_statement(query, query.any_match)
    sql = f"SELECT id FROM stories WHERE id IN (SELECT value FROM json_each(:ids)) AND entry IN ({statement.sql})"
    return frozenset(row[0] for row in db.execute(sql, {**statement.values, "ids": json.dumps(list(stories))}))
