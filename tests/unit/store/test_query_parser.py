from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given

from bpost_tui.i18n import INDIA
from bpost_tui.limits import MAX_QUERY_CHARS
from bpost_tui.store.search.query_parser import MAX_CLAUSES, parse_query
from bpost_tui.store.search.query_terms import DateTerm, FieldTerm, MarkTerm, QueryClause, Term, WordsTerm
from tests.unit.store.query_texts import QUERIES

NOW = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)


def word(text: str) -> WordsTerm:
    return WordsTerm((text,), text)


def one(term: Term, *, negated: bool = False) -> QueryClause:
    return QueryClause((term,), negated)


def published(when: datetime, *, after: bool) -> QueryClause:
    return one(DateTerm(when, after))


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("", ()),
        ("   ", ()),
        ("জেলা খবর", (one(word("জেলা")), one(word("খবর")))),
        ('"জেলা খবর"', (one(WordsTerm(("জেলা", "খবর"), "জেলা খবর", exact=True)),)),
        ("“জেলা খবর”", (one(WordsTerm(("জেলা", "খবর"), "জেলা খবর", exact=True)),)),
        ("জেলা-খবর", (one(word("জেলা")), one(word("খবর")))),
        ("-জেলা", (one(word("জেলা"), negated=True),)),
        ('-"জেলা খবর"', (one(WordsTerm(("জেলা", "খবর"), "জেলা খবর", exact=True), negated=True),)),
        ("জেলা - খবর", (one(word("জেলা")), one(word("খবর")))),
        ("জেলা or খবর", (QueryClause((word("জেলা"), word("খবর"))),)),
        ("জেলা OR খবর দিন", (QueryClause((word("জেলা"), word("খবর"))), one(word("দিন")))),
        ("a or b or c", (QueryClause((word("a"), word("b"), word("c"))),)),
        ("ফুটবল or কোভিড-১৯", (QueryClause((word("ফুটবল"), WordsTerm(("কোভিড", "19"), "কোভিড ১৯"))),)),
        ("কোভিড-১৯ or ফুটবল দিন", (QueryClause((WordsTerm(("কোভিড", "19"), "কোভিড ১৯"), word("ফুটবল"))), one(word("দিন")))),
        ("a-b or c or d-e", (QueryClause((WordsTerm(("a", "b"), "a b"), word("c"), WordsTerm(("d", "e"), "d e"))),)),
        ("oral", (one(word("oral")),)),
        ("MedinIpur", (one(WordsTerm(("medinipur",), "MedinIpur")),)),
        ("tag:Midnapore", (one(FieldTerm("tag", ("midnapore",))),)),
        ("TAG:Midnapore", (one(FieldTerm("tag", ("midnapore",))),)),
        ("category:kolkata-high-court", (one(FieldTerm("category", ("kolkata", "high", "court"))),)),
        ('author:"News Desk"', (one(FieldTerm("author", ("news", "desk"))),)),
        ("-tag:Midnapore", (one(FieldTerm("tag", ("midnapore",)), negated=True),)),
        ("is:unread", (one(MarkTerm("unread")),)),
        ("is:Starred", (one(MarkTerm("starred")),)),
        ("is:read or is:starred", (QueryClause((MarkTerm("read"), MarkTerm("starred"))),)),
        ("has:image", (one(FieldTerm("traits", ("image",))),)),
        ("after:2025-01-31", (published(datetime(2025, 1, 31, tzinfo=INDIA), after=True),)),
        ("before:২০২৫-০১", (published(datetime(2025, 1, 1, tzinfo=INDIA), after=False),)),
        ("before:2025", (published(datetime(2025, 1, 1, tzinfo=INDIA), after=False),)),
        ("after:7d", (published(NOW - timedelta(days=7), after=True),)),
        ("after:2w", (published(NOW - timedelta(days=14), after=True),)),
        ("before:3m", (published(NOW - timedelta(days=90), after=False),)),
    ],
)
def test_sound_query_has_no_problem(text: str, clauses: tuple[QueryClause, ...]) -> None:
    query = parse_query(text, NOW)
    assert query.clauses == clauses
    assert query.problem is None


@pytest.mark.parametrize(
    ("text", "offset", "what", "clauses"),
    [
        ('জেলা "নতুন খবর', 5, '"নতুন খবর', (one(word("জেলা")), one(WordsTerm(("নতুন", "খবর"), "নতুন খবর", exact=True)))),
        ("জেলা foo:bar", 5, "foo", (one(word("জেলা")), one(word("foo")), one(word("bar")))),
        ("is:nothing জেলা", 0, "is:nothing", (one(word("জেলা")),)),
        ("জেলা after:soon", 5, "after:soon", (one(word("জেলা")),)),
        ("after:2025-02-31", 0, "after:2025-02-31", ()),
        ("before:9999y", 0, "before:9999y", ()),
        ("has:video", 0, "has:video", ()),
        ("জেলা tag:", 5, "tag:", (one(word("জেলা")), one(word("tag")))),
        ('"জেলা\nis:unread', 0, '"জেলা', (one(WordsTerm(("জেলা",), "জেলা", exact=True)), one(MarkTerm("unread")))),
        ("or জেলা", 0, "or", (one(word("জেলা")),)),
        ("()* -", 0, "()* -", ()),
        ("জেলা or", 5, "or", (one(word("জেলা")),)),
        ("জেলা or or খবর", 8, "or", (QueryClause((word("জেলা"), word("খবর"))),)),
        ("জেলা or is:read", 5, "or", (one(word("জেলা")), one(MarkTerm("read")))),
        ("জেলা or -খবর", 5, "or", (one(word("জেলা")), one(word("খবর"), negated=True))),
    ],
)
def test_bad_query_is_reported_with_its_offset_and_the_rest_is_kept(
    text: str, offset: int, what: str, clauses: tuple[QueryClause, ...]
) -> None:
    query = parse_query(text, NOW)
    assert query.problem is not None
    assert (query.problem.offset, query.problem.text) == (offset, what)
    assert query.problem.fallback
    assert query.clauses == clauses


def test_huge_query_is_cut_to_its_beginning() -> None:
    for text in ("জেলা " * 50_000, "x" * 100_000, '"' * 100_000, "or " * 50_000, "-" * 100_000):
        query = parse_query(text, NOW)
        assert query.problem is not None
        assert query.problem.offset <= MAX_QUERY_CHARS
        assert len(query.clauses) <= MAX_CLAUSES


@given(QUERIES)
def test_parse_takes_any_text(text: str) -> None:
    query = parse_query(text, NOW)
    assert query.problem is None or 0 <= query.problem.offset <= len(text)
    assert all(clause.any_of for clause in query.clauses)
