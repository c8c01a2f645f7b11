"""Story search: from the text of a query to its hits. ranking.py defines their order."""

# ruff: noqa: S608 (SQL is composed of constants; all values are bound)
from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from bpost_tui.errors import NotFoundError
from bpost_tui.model.blocks import plain_text
from bpost_tui.model.search_values import Hit, QueryProblem
from bpost_tui.model.story import ListFilter
from bpost_tui.store import stories
from bpost_tui.store.papers import id_of, paper_condition, search_condition
from bpost_tui.store.row_mapping import DamagedRowError
from bpost_tui.store.search.highlight import Highlighter, SearchTerms
from bpost_tui.store.search.query_compiler import CompiledQuery, compile_query
from bpost_tui.store.search.query_parser import parse_query, similar_term
from bpost_tui.store.search.query_terms import Query
from bpost_tui.store.search.ranking import Ranking, count_entries, entries_statement
from bpost_tui.store.search.search_index import complete_index, is_being_rebuilt
from bpost_tui.typesetting.text.named_tuple import NamedTuple

if TYPE_CHECKING:
    from bpost_tui.store.database_access import DatabaseAccess, Work

T = TypeVar("T")

ALL_STORIES = ListFilter()
_EVERY = 1 << 62


class SearchResult(NamedTuple):
    """Hits of a query, with the number of all hits and the query's interpretation."""

    hits: tuple[Hit, ...]
    has_more: bool
    """Whether the query has more hits after the hits of this result."""
    total: int
    """Number of stories that match, at most MAX_COUNTED_HITS + 1."""
    interpretation: str
    """Interpretation of the query, with Bengali words for Roman letters; "" if the query was taken literally."""
    problem: QueryProblem | None
    terms: SearchTerms
    """Search terms to highlight in a story's text (`highlight.Highlighter`)."""
    ranking: Ranking
    """Ranking of the hits; pass it to `StorySearch.find` to read further hits in the same order."""
    completed: str = ""
    """Query with the likeliest whole word for its half-typed last word; "" if no word is half typed."""


class StorySearch:
    """Search in a library. No query fails, whatever its text (query_parser.py)."""

    def __init__(self, database: DatabaseAccess, only_paper: str | None = None) -> None:
        self._database = database
        self._read = database.read
        self._only_paper = only_paper

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
        """Return a query's hits in a list: the best first, or the newest if `by_date`; similar stories in order of time.

        Args:
            text: Query.
            limit: Maximum number of hits.
            offset: Number of hits to skip.
            now: Current time, for ages such as `after:7d`.
            by_date: Whether the newest come first.
            within: List to search.
            ranking: Ranking of an earlier result of this query, so that further hits need no new ranking; None for a new ranking.
            is_partial: Whether the last word may be half typed.
        """
        query = _parse(text, now, is_partial).within(within)

        def find(db: sqlite3.Connection) -> SearchResult:
            order = ranking or Ranking(self._compile(db, query, within), by_date=by_date)
            story_ids = order.story_ids(db, limit + 1, offset)
            terms, interpretation, completion = order.query.terms, order.query.interpretation, order.query.completion
            highlighter = Highlighter(terms)
            hits = tuple(_hit(db, story_id, highlighter) for story_id in story_ids[:limit])
            completed = text.removesuffix(completion[0]) + completion[1] if completion else ""
            return SearchResult(
                hits, len(story_ids) > limit, order.total(db), interpretation, query.problem, terms, order, completed
            )

        return self._search(find)

    def story_ids(self, text: str, *, now: datetime, within: ListFilter = ALL_STORIES, is_partial: bool = False) -> tuple[int, ...]:
        """Return the ids of the stories in the list `within` that match the query `text`, the newest first.

        `now` is the current time, for ages such as `after:7d`. `is_partial` is whether the last word may be half typed.
        """
        query = _parse(text, now, is_partial).within(within)
        return self._search(lambda db: tuple(Ranking(self._compile(db, query, within), by_date=True).story_ids(db, _EVERY)))

    def matching(self, text: str, stories: Sequence[int], *, now: datetime, within: ListFilter = ALL_STORIES) -> frozenset[int]:
        """Return the `stories` (story ids) that are in the list `within` and match a query."""
        query = parse_query(text, now).within(within)
        return self._search(lambda db: matching_stories(db, self._compile(db, query, within), stories))

    def count(self, text: str, *, now: datetime, within: ListFilter = ALL_STORIES) -> int:
        """Return the number of stories in the list `within` that match a query.

        Stories that aren't indexed yet don't count. Completing the index first would take too long here, because saved searches are
        counted after each page that a refresh saves.
        """
        query = parse_query(text, now).within(within)

        def count(db: sqlite3.Connection) -> int:
            compiled = self._compile(db, query, within)
            return count_entries(db, entries_statement(compiled, compiled.any_match))

        return self._read(count)

    def counts_too_few(self) -> bool:
        """Whether `count` may return too few stories, because the index is being rebuilt, as after an update of bpost."""
        return self._read(is_being_rebuilt)

    def similar_query(self, story: int) -> str:
        """Return the query that finds the story with the id `story` and similar stories, or "" if the story has no words.

        Raises NotFoundError if the library lacks the story.
        """
        return self._read(lambda db: _similar_query(db, story))

    def terms(self, text: str, *, now: datetime) -> SearchTerms:
        """Return the terms to highlight in a query's hits (`highlight.Highlighter`).

        They are the query's words, as interpreted in this library.
        """
        return self._read(lambda db: compile_query(db, parse_query(text, now)).terms)

    def _search(self, work: Work[T]) -> T:
        """Complete the index, then run `work`, which reads it, and return the result."""
        complete_index(self._database)
        return self._read(work)

    def _compile(self, db: sqlite3.Connection, query: Query, within: ListFilter) -> CompiledQuery:
        """Compile a query for the list `within`.

        The query is restricted to the papers of `within`. If `within` names no paper, the query is restricted to the subscribed
        papers and to marked stories of other papers (`papers.search_condition`). A list that the reader made doesn't restrict the
        papers, because it may contain stories of any paper.
        """
        compiled = compile_query(db, query)
        if within.papers:
            group = tuple(number for key in within.papers if (number := id_of(db, key)) is not None)
            compiled.add_condition(paper_condition(group))
            return compiled
        if within.own_list is not None and (within.paper or self._only_paper) is None:
            return compiled
        if (condition := search_condition(db, within.paper or self._only_paper)) is not None:
            compiled.add_condition(condition)
        return compiled


def _parse(text: str, now: datetime, is_partial: bool) -> Query:
    query = parse_query(text, now)
    return query.with_partial_word(text) if is_partial else query


def _similar_query(db: sqlite3.Connection, story_id: int) -> str:
    from bpost_tui.store.search.similar_stories import rarest_stems  # 2 ms, and few searches are like:

    story = stories.as_sent_story(db, story_id)
    found = rarest_stems(db, story)
    return similar_term(stories.headline(db, story_id).published, found).text if found else ""


def _hit(db: sqlite3.Connection, story_id: int, highlighter: Highlighter) -> Hit:
    try:
        saved = stories.story_or_headline(db, story_id)
    except NotFoundError as error:
        raise DamagedRowError(f"story {story_id} is in an index alone") from error
    row = saved.headline
    in_title, in_text = highlighter.ranges(row.title), highlighter.snippet(plain_text(saved.blocks) or row.excerpt)
    if not in_title and not in_text[1]:  # found by the author's name, a category or a tag
        in_names = highlighter.snippet(" · ".join(filter(None, (row.author, *(each.name for each in row.categories), *saved.tags))))
        in_text = in_names if in_names[1] else in_text
    return Hit(row, in_title, *in_text)


def matching_stories(db: sqlite3.Connection, query: CompiledQuery, stories: Sequence[int]) -> frozenset[int]:
    """Return the `stories` (story ids) that match a query."""
    statement = entries_statement(query, query.any_match)
    sql = f"SELECT id FROM stories WHERE id IN (SELECT value FROM json_each(:ids)) AND entry IN ({statement.sql})"
    return frozenset(row[0] for row in db.execute(sql, {**statement.values, "ids": json.dumps(list(stories))}))
