"""List queries in threads while papers, order, mutes and folding change: each result is complete and belongs to its query."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bpost_tui.core.lists.list_slice import FIRST, LoadedRows, NextRows, RowRange, RowsAtNumber
from bpost_tui.core.lists.list_source import (
    ALL_NEWS,
    AllNewsSource,
    CategorySource,
    ListSource,
    ReadLaterSource,
    SearchSource,
    filter_of,
)
from bpost_tui.core.lists.listings import Listings, ListResult
from bpost_tui.core.lists.mutes import Mutes
from bpost_tui.core.lists.outlook import ListQuery, Outlook
from bpost_tui.core.lists.paper_list import PaperList
from bpost_tui.i18n import Language
from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.list_order import ListOrder, SearchOrder
from bpost_tui.model.paper import paper_at
from bpost_tui.model.story import Category, Headline, ListFilter, Story
from bpost_tui.store.library import Library
from tests.conftest import NOW
from tools.grouping_quality import rows as news

LANGUAGE = Language("en")
PAPERS = tuple(paper_at(f"https://{name}.example", name) for name in ("daily", "gazette", "times"))
SPORT = Category("sport", "Sport")
WORDS = ("লাল", "নীল", "সবুজ")
SOURCES: tuple[ListSource, ...] = (
    ALL_NEWS,
    CategorySource("sport", PAPERS[1].key),
    AllNewsSource(PAPERS[0].key),
    SearchSource("খবর"),
    ReadLaterSource(),
)
READS = 250


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    accounts = [row for row in news() if row["cluster"] == "debra-lorry"][:3]
    with Library(tmp_path / "library") as library:
        library.set_subscriptions(PAPERS)
        for at, (paper, row) in enumerate(zip(PAPERS, accounts, strict=True)):
            same = Story(f"same{at}", row["title"], published=NOW, blocks=(Paragraph((Span(row["text"]),)),), full=True)
            others = [
                Story(
                    f"{at}-{n}", f"খবর {WORDS[n % 3]} {at} {n}", published=NOW - timedelta(minutes=7 * n + at), categories=(SPORT,)
                )
                for n in range(30)
            ]
            library.for_paper(paper).save([same, *others], now=NOW)
        yield library


def test_fixture_stories_are_grouped_as_the_same_news(library: Library) -> None:
    listed = Listings(library, LANGUAGE, lambda: NOW).read(outlook_of(library).query(ALL_NEWS))
    assert [len(row.others) for row in listed.stories if row.others] == [2]


@pytest.mark.parametrize("seed", range(4))
def test_list_results_in_threads_are_complete_and_match_their_query(library: Library, tmp_path: Path, seed: int) -> None:
    chance, listings = random.Random(seed), Listings(library, LANGUAGE, lambda: NOW)
    outlook, shown = outlook_of(library), dict[ListSource, ListResult]()
    numbers = [row.id for row in library.headlines(ListFilter(), limit=100)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with Library(tmp_path / "library") as other, ThreadPoolExecutor(4) as threads:
            pending: dict[Future[ListResult], tuple[ListQuery, RowRange]] = {}
            for _ in range(READS):
                outlook = changed(outlook, chance)
                change_library(other, numbers, chance)
                source = chance.choice(SOURCES)
                query = outlook.query(source)
                part = part_of(shown.get(source), query, chance)
                pending[threads.submit(listings.read, query, part)] = query, part
                if len(pending) == 4:
                    done = wait(pending, return_when="FIRST_COMPLETED").done
                    for future in done:
                        listing, (query, part) = future.result(), pending.pop(future)
                        check(listing, query, part)
                        shown[query.source], outlook = listing, outlook.with_counts(listing.counts)
            for future, (query, part) in pending.items():
                check(future.result(), query, part)
    finally:
        sys.setswitchinterval(interval)


def outlook_of(library: Library) -> Outlook:
    return Outlook(PaperList.of(LANGUAGE, PAPERS, ()).with_counts(library.papers()), Mutes.load({"words": (WORDS[0],)}, library))


def changed(outlook: Outlook, chance: random.Random) -> Outlook:
    """Return the outlook after a random key that changes how lists are shown."""
    mutes, key = outlook.mutes, chance.choice(PAPERS).key
    return chance.choice(
        (
            outlook,
            outlook._replace(unread_only=not outlook.unread_only),
            outlook.in_order(chance.choice([*ListOrder])),
            outlook.in_order(chance.choice([*SearchOrder])),
            outlook._replace(same_news_once=not outlook.same_news_once),
            outlook._replace(mutes=mutes._replace(are_suspended=not mutes.are_suspended)),
            outlook._replace(papers=outlook.papers.toggle_folded(key)),
        )
    )


def change_library(other: Library, numbers: list[int], chance: random.Random) -> None:
    """Change the library as another process may: subscribe to papers or unsubscribe, mark stories, mute words."""
    what = chance.randrange(8)
    if what == 0:
        other.set_subscriptions(PAPERS[: chance.randint(1, 3)])
    elif what == 1:
        other.set_mark("read", chance.sample(numbers, 20), chance.random() < 0.5, now=NOW)
    elif what == 2:
        other.set_mark("later", chance.sample(numbers, 3), chance.random() < 0.7, now=NOW)
    elif what == 3:
        other.mutes.set_rule("words", WORDS[1], on=chance.random() < 0.5, now=NOW)


def part_of(shown: ListResult | None, query: ListQuery, chance: random.Random) -> RowRange:
    """Return a random range of rows to read. As in `Session.reload_query`, loaded rows are extended only in the same order."""
    if shown is None or not shown.stories or shown.query.order is not query.order:
        return FIRST
    parts: tuple[RowRange, ...] = FIRST, NextRows(shown.slice), LoadedRows(shown.slice), RowsAtNumber(None)
    return chance.choice(parts)


def check(listing: ListResult, query: ListQuery, part: RowRange) -> None:
    """Check that a result is of one query and of one state of the library."""
    assert listing.query == query
    rows, papers, mutes = listing.stories, listing.counts.outlook.papers, listing.counts.outlook.mutes
    keys = [count.paper.key for count in papers.all]
    assert len({row.id for row in rows}) == len(rows)
    if query.order is ListOrder.NEWEST:
        assert all(place(one) > place(other) for one, other in pairwise(rows))
    if query.order is ListOrder.OLDEST:
        assert all(place(one) < place(other) for one, other in pairwise(rows))
    if query.order is SearchOrder.NEWEST and part is FIRST:
        assert all(place(one) > place(other) for one, other in pairwise(rows))
    is_loaded = isinstance(part, NextRows)  # rows loaded before aren't read again
    if query.unread_only and not is_loaded:
        assert not any(row.read for row in rows)
    if not query.groups_same_news and not is_loaded:
        assert not any(row.others for row in rows)
    stories = filter_of(query.source)
    if stories is not None and not stories.is_own and not is_loaded:
        assert {row.paper for row in rows} <= ({stories.paper} if stories.paper else {*keys})
        muted = () if query.outlook.mutes.are_suspended else mutes.rules.get("words", ())
        assert not any(word in row.title for row in rows for word in muted)
    heads = [row for row in listing.categories if isinstance(row.source, AllNewsSource) and row.paper]
    assert [count.paper for count in heads] == (keys if len(keys) > 1 else [])
    assert [count.total for count in heads] == ([count.total for count in papers.all] if heads else [])
    unfolded = {row.paper for row in listing.categories if isinstance(row.source, CategorySource)}
    assert unfolded <= set(query.outlook.papers.unfolded or ()) or len(keys) == 1


def place(row: Headline) -> tuple[float, int]:
    return row.published.timestamp(), row.id
