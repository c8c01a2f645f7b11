"""Similar stories: words of the query, stories found; text of a story never acts as query syntax."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bpost_tui.i18n import INDIA
from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.story import ListFilter, Story
from bpost_tui.store.library import Library
from bpost_tui.store.search.query_parser import parse_query, similar_term
from bpost_tui.store.search.query_terms import QueryClause, SimilarTerm
from bpost_tui.store.search.similar_stories import MAX_WORDS, MIN_SHARE, SHARE_DOUBLING_DAYS, min_share

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DATA = Path(__file__).parents[2] / "data" / "same_news"
MakeStory = Callable[..., Story]

BREACH = "ঘাটালের মনসুকা বাঁধে ফাটল, কংসাবতী ব্যারাজ থেকে জল ছাড়ায় আতঙ্ক"
PLUGGED = "মনসুকার বাঁধের ফাটল বোজানো হল, কংসাবতী ব্যারাজে জল কমায় স্বস্তি ঘাটালে"
OTHER = "খড়্গপুরে আন্তঃজেলা ক্যারাটে প্রতিযোগিতার ফাইনাল রবিবার"


def written(make_story: MakeStory, number: int, title: str, published: datetime) -> Story:
    return make_story(number, title=title, tags=(), published=published, blocks=(Paragraph((Span(f"{title}।"),)),))


@pytest.fixture
def timeline(library: Library, make_story: MakeStory) -> tuple[int, ...]:
    """Return four stories: the breach, another topic, the repair two days after the breach, and the same text 4 years earlier."""
    day = NOW - timedelta(days=3)
    stories = [
        written(make_story, 1, BREACH, day),
        written(make_story, 2, OTHER, day + timedelta(days=1)),
        written(make_story, 3, PLUGGED, day + timedelta(days=2)),
        written(make_story, 4, PLUGGED, day - timedelta(days=4 * 365)),
    ]
    return library.save(stories, now=NOW).new


def found(library: Library, query: str) -> list[int]:
    return [hit.headline.id for hit in library.search.find(query, limit=50, now=NOW).hits]


def test_similar_term_survives_a_round_trip() -> None:
    term = similar_term(datetime(2026, 11, 23, 20, tzinfo=UTC), ["কংসাবতী", "ব্যারাজ"])
    assert term.text == 'like:"2026-11-24 কংসাবতী ব্যারাজ"'  # the day in India
    assert parse_query(term.text, NOW).clauses == (QueryClause((term,)),)
    assert term.day == datetime(2026, 11, 24, 12, tzinfo=INDIA)


@pytest.mark.parametrize("value", ["", "2026-11-24", "কংসাবতী ব্যারাজ", "2026-13-01 কংসাবতী", "0000-01-01 জল"])
def test_similar_term_without_day_or_words_is_reported(value: str) -> None:
    query = parse_query(f'like:"{value}" জেলা', NOW)
    assert query.problem is not None
    assert not query.is_timeline


def test_similar_stories_need_more_shared_words_when_further_away() -> None:
    assert min_share(0) == MIN_SHARE
    assert min_share(SHARE_DOUBLING_DAYS) == 2 * MIN_SHARE
    assert min_share(10_000) == 1.0


def test_similar_stories_are_listed_oldest_first_with_the_story(library: Library, timeline: tuple[int, ...]) -> None:
    breach, _, plugged, long_ago = timeline
    query = library.search.similar_query(breach)
    assert found(library, query) == [breach, plugged]
    assert found(library, library.search.similar_query(plugged)) == [long_ago, breach, plugged]  # the same words, years apart
    turned = library.search.find(query, limit=5, now=NOW, by_date=True)
    assert [hit.headline.id for hit in turned.hits] == [plugged, breach]
    assert library.search.story_ids(query, now=NOW) == (plugged, breach)


def test_similar_query_has_rare_words_first_in_any_form(library: Library, timeline: tuple[int, ...]) -> None:
    query = parse_query(library.search.similar_query(timeline[0]), NOW)
    (term,) = query.clauses[0].any_of
    assert isinstance(term, SimilarTerm)
    assert len(term.words) <= MAX_WORDS
    assert {"মনসুকা", "কংসাবতী"} <= set(term.words)
    assert "থেকে" not in term.words[:6]


def test_similar_query_counts_a_new_follow_up(library: Library, timeline: tuple[int, ...], make_story: MakeStory) -> None:
    query = library.search.similar_query(timeline[0])
    library.set_mark("read", timeline, True, now=NOW)
    unread = ListFilter(unread=True)
    assert library.search.count(query, now=NOW, within=unread) == 0
    new = library.save([written(make_story, 9, PLUGGED, NOW), written(make_story, 10, OTHER, NOW)], now=NOW).new
    assert library.search.count(query, now=NOW, within=unread) == 1
    assert library.search.matching(query, new, now=NOW) == {new[0]}


def test_similar_query_works_after_its_story_was_pruned(library: Library, timeline: tuple[int, ...]) -> None:
    query = library.search.similar_query(timeline[0])
    library.maintenance.prune(NOW - timedelta(days=2))
    assert found(library, query) == [timeline[2]]


def test_similar_query_never_reads_a_story_as_query_syntax(library: Library, make_story: MakeStory) -> None:
    hostile = 'x" OR is:unread -জেলা tag:"a" NEAR(কংসাবতী) * like:"2020-01-01 ব্যারাজ" মনসুকা'
    (number,) = library.save([written(make_story, 5, hostile, NOW)], now=NOW).new
    query = parse_query(library.search.similar_query(number), NOW)
    assert query.problem is None
    assert [type(term) for clause in query.clauses for term in clause.any_of] == [SimilarTerm]
    assert found(library, library.search.similar_query(number)) == [number]


def test_story_without_words_has_no_similar_query(library: Library, make_story: MakeStory) -> None:
    (number,) = library.save([make_story(6, title="…", excerpt="", blocks=(), tags=())], now=NOW).new
    assert library.search.similar_query(number) == ""


def test_similar_terms_can_be_combined_negated_and_filtered(library: Library, timeline: tuple[int, ...]) -> None:
    query = library.search.similar_query(timeline[0])
    assert found(library, f"{query} স্বস্তি") == [timeline[2]]
    assert timeline[1] in found(library, f"-{query}")
    assert timeline[0] not in found(library, f"-{query}")
    assert found(library, f"{query} after:2026-11-23") == [timeline[2]]


@pytest.mark.parametrize(("are_unseen", "least_found"), [(False, 0.9), (True, 0.65)])
def test_similar_query_finds_accounts_of_the_same_news(library: Library, are_unseen: bool, least_found: float) -> None:
    """For labelled accounts, find most of the same event, and next to none of another cluster."""
    paths = [path for path in sorted(DATA.glob("*.jsonl")) if (path.stem == "unseen") == are_unseen]
    accounts = [json.loads(line) for path in paths for line in path.read_text().splitlines()]
    stories = [
        Story(
            guid=f"https://example.org/?p={at}",
            link=f"https://example.org/{at}/",
            title=each["title"],
            published=datetime.fromisoformat(each["at"]),
            blocks=(Paragraph((Span(each["text"]),)),),
        )
        for at, each in enumerate(accounts)
    ]
    numbers = library.save(stories, now=NOW).new
    same = found_same = astray = 0
    for number, each in list(zip(numbers, accounts, strict=True))[::4]:
        like = set(library.search.story_ids(library.search.similar_query(number), now=NOW))
        assert number in like
        for other, account in zip(numbers, accounts, strict=True):
            if account["cluster"] != each["cluster"]:
                astray += other in like
            elif account["event"] == each["event"] and other != number:
                same, found_same = same + 1, found_same + (other in like)
    assert found_same / same > least_found
    assert astray / len(accounts[::4]) < 0.2
