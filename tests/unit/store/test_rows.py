from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest

from bpost_tui.news.model import Shelf, Story
from bpost_tui.store import rows
from bpost_tui.store.files import Mode, connect
from bpost_tui.store.library import Library

SHELVES = [Shelf(*fields) for fields in product((None, "health"), (False, True), (False, True))]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("shelf", SHELVES, ids=str)
def test_list_query_walks_one_index_without_sorting(library: Library, tmp_path: Path, shelf: Shelf, after: bool) -> None:
    with closing(connect(tmp_path / "library", Mode.WRITE)) as db:
        query = "EXPLAIN QUERY PLAN " + rows.list_query(shelf, after=after)
        plan = [row[3] for row in db.execute(query, {"slug": "health", "limit": 60, "published_us": 0, "id": 0})]
    assert not [step for step in plan if step.startswith("SCAN") and not step.startswith("SCAN (")]
    assert not [step for step in plan if "TEMP B-TREE" in step]
    walked = next(step for step in plan if step.startswith("SEARCH k"))
    assert ("shelved_starred" if shelf.starred else "shelved_unread" if shelf.unread else "PRIMARY KEY") in walked
    assert ("published_us,story)<(?,?)" in walked.replace(" ", "")) == after


@pytest.mark.parametrize("shelf", SHELVES, ids=str)
def test_reach_query_counts_along_the_index_of_the_list(library: Library, tmp_path: Path, shelf: Shelf) -> None:
    with closing(connect(tmp_path / "library", Mode.WRITE)) as db:
        query = "EXPLAIN QUERY PLAN " + rows.reach_query(shelf)
        plan = [row[3] for row in db.execute(query, {"slug": "health", "published_us": 0, "id": 0})]
    walked = next(step for step in plan if step.startswith("SEARCH k"))
    assert ("shelved_starred" if shelf.starred else "shelved_unread" if shelf.unread else "PRIMARY KEY") in walked
    assert "published_us,story)>(?,?)" in walked.replace(" ", "")


def test_reach_counts_what_is_as_new_or_newer(library: Library, make_story: Callable[..., Story]) -> None:
    saved = library.save([make_story(number) for number in range(6)], now=datetime(2026, 11, 24, tzinfo=UTC)).new
    library.mark_read(saved[:2], True, now=datetime(2026, 11, 24, tzinfo=UTC))
    fifth = library.headline(saved[4])
    shelves = [Shelf(), Shelf(unread=True), Shelf(category="health"), Shelf(category="health", unread=True), Shelf(category="none")]
    assert [library.reach(shelf, fifth) for shelf in shelves] == [5, 3, 2, 1, 0]


def test_times_come_back_to_the_microsecond() -> None:
    for time_us in (-1, 0, 1, 1_795_500_000_123_456):
        assert rows.to_us(rows.from_us(time_us)) == time_us
