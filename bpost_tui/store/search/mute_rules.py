"""Mute rules converted to search queries, and search for the stories that the rules match."""

# ruff: noqa: S608 (SQL is composed of constants; all values are bound)
from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence

from bpost_tui.store.papers import paper_condition, papers_in_scope
from bpost_tui.store.row_mapping import IS_UNREAD
from bpost_tui.store.schema.migrations import GROUPED_LIST
from bpost_tui.store.search.query_compiler import compile_query
from bpost_tui.store.search.query_parser import field_term, words_term
from bpost_tui.store.search.query_terms import Query, QueryClause, Term
from bpost_tui.store.search.ranking import entries_statement
from bpost_tui.store.search.story_search import matching_stories

_COLUMNS: Mapping[str, str] = {"tags": "tag", "categories": "category", "authors": "author"}
"""Maps each kind of rule in the config to the story's field that the rule is about."""
_MAX_TERMS = 100
"""Maximum number of terms in a query; a longer query would be slow."""


def mute_queries(rules: Mapping[str, Sequence[str]]) -> tuple[Query, ...]:
    """Return the queries that together match every story to be muted, or () if there are no rules.

    {"words": ["ফুটবল", "লাল কার্ড"], "tags": ["IPL"]} gives one query with one clause: ফুটবল, "লাল কার্ড" or tag:ipl. Rules have no
    syntax: `-ভোট` means ভোট, and `কোভিড-১৯` means its words in this order.
    """
    terms = list(_terms(rules))
    return tuple(
        Query((QueryClause(some),)) for at in range(0, len(terms), _MAX_TERMS) if (some := tuple(terms[at : at + _MAX_TERMS]))
    )


def _terms(rules: Mapping[str, Sequence[str]]) -> Iterator[Term]:
    for text in rules.get("words", ()):
        if term := words_term(text):
            yield term
    for kind, column in _COLUMNS.items():
        for text in rules.get(kind, ()):
            if field := field_term(column, text):
                yield field


def find_muted(db: sqlite3.Connection, queries: Sequence[Query], stories: Sequence[int]) -> frozenset[int]:
    """Return the `stories` (story ids) that match at least one of the queries."""
    return frozenset(story_id for query in queries for story_id in matching_stories(db, compile_query(db, query), stories))


def count_unread(
    db: sqlite3.Connection, queries: Sequence[Query], only_paper: str | None, *, same_news_once: bool
) -> Mapping[tuple[str, str], int]:
    """Return the number of unread stories that match the queries, by (paper, slug) of each category that has such stories.

    The slug "" means a whole paper, and ("", "") all papers. Unless `only_paper` is None, only stories of the paper with this key
    count. If `same_news_once`, several stories about the same news count as one in the number of ("", "").
    """
    stories: set[int] = set()
    numbers = papers_in_scope(db, only_paper)
    of_papers = "TRUE" if numbers is None else paper_condition(numbers)
    for compiled in (compile_query(db, query) for query in queries):
        statement = entries_statement(compiled, compiled.any_match)
        sql = f"SELECT s.id FROM stories AS s WHERE s.entry IN ({statement.sql}) AND {of_papers} AND {IS_UNREAD}"
        stories.update(row[0] for row in db.execute(sql, statement.values))
    query = """SELECT o.key, coalesce(c.slug, ''), COUNT(*) FROM json_each(:ids) AS j
        JOIN list_entries AS p ON p.story = j.value JOIN lists AS c ON c.id = p.list JOIN papers AS o ON o.id = c.paper
        GROUP BY p.list"""
    ids = {"ids": json.dumps(sorted(stories))}
    counts = {(paper, slug): int(count) for paper, slug, count in db.execute(query, ids)}
    listed = f"SELECT COUNT(*) FROM json_each(:ids) AS j JOIN list_entries AS p ON p.story = j.value AND p.list = {GROUPED_LIST}"
    return {**counts, ("", ""): int(db.execute(listed, ids).fetchone()[0]) if same_news_once else len(stories)}
