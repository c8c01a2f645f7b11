"""Lists of a group of papers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from bpost_tui.model.list_order import ListOrder
from bpost_tui.model.paper import Paper, paper_at
from bpost_tui.model.story import ListFilter, Story
from bpost_tui.store.library import Library

MakeStory = Callable[..., Story]
PAPERS = tuple(paper_at(f"https://p{number}.example") for number in range(4))


@pytest.fixture
def filled(library: Library, make_story: MakeStory, now: datetime) -> Library:
    library.set_subscriptions(PAPERS)
    for at, paper in enumerate(PAPERS):
        stories = [make_story(10 * at + number) for number in range(3)]
        (first, *_) = library.for_paper(paper).save(stories, now=now).new
        library.set_mark("read", [first], True, now=now)
    return library


def keys(*papers: Paper) -> tuple[str, ...]:
    return tuple(paper.key for paper in papers)


@pytest.mark.parametrize("order", ListOrder)
@pytest.mark.parametrize("unread", [False, True])
def test_group_lists_its_papers_stories_in_order(filled: Library, order: ListOrder, unread: bool) -> None:
    group = keys(PAPERS[1], PAPERS[3])
    every = ListFilter(unread=unread, order=order)
    wanted = [row for row in filled.headlines(every, limit=50) if row.paper in group]
    found = every._replace(papers=group)
    assert list(filled.headlines(found, limit=50)) == wanted
    assert filled.count(found) == len(wanted) == (4 if unread else 6)
    assert list(filled.story_ids(found)) == [row.id for row in wanted]


def test_search_in_a_group_covers_only_its_papers(filled: Library, now: datetime) -> None:
    group = ListFilter(papers=keys(PAPERS[0], Paper("nowhere.example", "")))
    every = filled.search.story_ids("", now=now, within=group)
    assert {filled.headline(number).paper for number in every} <= {PAPERS[0].key}
    assert filled.count(group) == 3
