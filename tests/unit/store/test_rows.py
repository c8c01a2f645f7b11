from __future__ import annotations

from contextlib import closing
from itertools import product
from pathlib import Path

import pytest

from bpost_tui.news.model import Shelf
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


def test_times_come_back_to_the_microsecond() -> None:
    for time_us in (-1, 0, 1, 1_795_500_000_123_456):
        assert rows.to_us(rows.from_us(time_us)) == time_us
