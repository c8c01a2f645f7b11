from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from bpost_tui.core.lists.list_orders import row_order
from bpost_tui.model import list_position
from bpost_tui.model.list_order import ListOrder
from bpost_tui.model.story import Headline, ListFilter, Story
from bpost_tui.store.library import Library
from bpost_tui.store.lists import list_query
from bpost_tui.store.sqlite_files import OpenMode, connect

FILTERS = [
    ListFilter(category, unread, starred, order=order)
    for category, unread, starred, order in product((None, "health"), (False, True), (False, True), ListOrder)
]
NOW = datetime(2026, 11, 24, tzinfo=UTC)
VALUES = {"list": 0, "limit": 60, "offset": 9, "published_us": 0, "id": 0, "since_us": 0, "since": 0}


ROWS = tuple(Headline(number, "", "", "", None, "", NOW, None, "", (), False, False, False, True, NOW) for number in range(1, 3))


def newest_first(order: ListOrder) -> bool:
    """Whether `order` puts the newer of two rows first, by its key."""
    key = row_order(order)
    assert key is not None
    return min(ROWS, key=key) == ROWS[-1]


def plan(folder: Path, query: str) -> list[str]:
    """Return the steps of SQLite's plan for `query`."""
    values = {name: value for name, value in VALUES.items() if f":{name}" in query}
    with closing(connect(folder / "library", OpenMode.WRITE)) as db:
        return [row[3].replace(" ", "") for row in db.execute("EXPLAIN QUERY PLAN " + query, values)]


def scanned(steps: list[str], list_filter: ListFilter) -> str:
    """Return the step that reads the list, after checking that it uses the list's own index and nothing is sorted."""
    assert not [step for step in steps if "TEMPB-TREE" in step]
    if list_filter.starred and list_filter.category is None:  # of all papers: the whole of a partial index, or a range of it
        return next(step for step in steps if step.startswith(("SCANstoriesUSING", "SEARCHstories")) and "stories_starred" in step)
    assert not [step for step in steps if step.startswith("SCAN") and not step.startswith("SCAN(")]
    step = next(step for step in steps if step.startswith("SEARCHk"))
    assert ("list_entries_starred" if list_filter.starred else "PRIMARYKEY") in step
    return step


def bounds(step: str) -> tuple[bool, bool]:
    """Return whether a step reads only rows after a time, and whether it reads only rows before one."""
    return (
        "published_us,story)>(?,?)" in step or "published_us>?" in step,
        "published_us,story)<(?,?)" in step or "published_us<?" in step,
    )


@pytest.mark.parametrize("side", ["", "after", "before"])
@pytest.mark.parametrize("list_filter", FILTERS, ids=str)
def test_each_list_is_one_range_of_one_index_without_sorting(
    library: Library, tmp_path: Path, list_filter: ListFilter, side: list_query.Side
) -> None:
    for query in (list_query.rows_sql(list_filter, side=side), list_query.ids_sql(list_filter, side=side)):
        step = scanned(plan(tmp_path, query), list_filter)
        older, newer = ("after", "before") if newest_first(list_filter.order) else ("before", "after")
        assert bounds(step) == (side == newer, side == older)


@pytest.mark.parametrize("list_filter", FILTERS, ids=str)
def test_ids_are_read_from_the_index_alone(library: Library, tmp_path: Path, list_filter: ListFilter) -> None:
    steps = plan(tmp_path, list_query.ids_sql(list_filter))
    assert "COVERINGINDEX" in scanned(steps, list_filter) or "PRIMARYKEY" in scanned(steps, list_filter)
    assert not [step for step in steps if step.startswith("SEARCHsUSING")]


@pytest.mark.parametrize("since", [False, True])
@pytest.mark.parametrize("list_filter", FILTERS, ids=str)
def test_count_between_counts_along_the_index_of_the_list(
    library: Library, tmp_path: Path, list_filter: ListFilter, since: bool
) -> None:
    step = scanned(plan(tmp_path, list_query.count_sql(list_filter, since=since)), list_filter)
    assert bounds(step) == ((True, since) if newest_first(list_filter.order) else (since, True))


def test_count_between_counts_equally_new_and_newer_rows(library: Library, make_story: Callable[..., Story]) -> None:
    saved = library.save([make_story(number) for number in range(6)], now=NOW).new
    library.set_mark("read", saved[:2], True, now=NOW)
    fifth = library.headline(saved[4])
    filters = [
        ListFilter(),
        ListFilter(unread=True),
        ListFilter(category="health"),
        ListFilter(category="health", unread=True),
        ListFilter(category="none"),
    ]
    assert [library.count_between(list_filter, fifth) for list_filter in filters] == [5, 3, 2, 1, 0]
    since = library.headline(saved[1])
    assert [library.count_between(list_filter, fifth, since=since) for list_filter in filters[:2]] == [4, 3]


@pytest.mark.parametrize("order", ListOrder)
def test_list_is_read_from_both_ends_and_from_any_row(library: Library, make_story: Callable[..., Story], order: ListOrder) -> None:
    saved = library.save([make_story(number) for number in range(6)], now=NOW).new[:: 1 if newest_first(order) else -1]
    third = library.headline(saved[2])
    place = list_position.row_key(third)

    def read(**where: list_position.SortKey) -> list[int]:
        return [row.id for row in library.headlines(ListFilter(order=order), limit=2, **where)]

    assert read() == list(saved[:2])
    assert read(after=place) == list(saved[3:5])
    assert read(before=place) == list(saved[:2])
    assert read(before=list_position.end_key(order)) == list(saved[4:])
    assert read(after=list_position.key_before(third, order)) == list(saved[2:4])
    first = library.headline(saved[0])
    assert [library.count_between(ListFilter(order=order), third, since=each) for each in (None, first, third)] == [3, 3, 1]


def test_ids_are_counted_from_the_first_row_or_from_a_place(library: Library, make_story: Callable[..., Story]) -> None:
    saved = library.save([make_story(number) for number in range(6)], now=NOW).new
    library.set_mark("read", saved[1:2], True, now=NOW)
    fourth = library.headline(saved[3])
    place = list_position.row_key(fourth)
    assert library.story_ids(ListFilter()) == saved
    assert library.story_ids(ListFilter(), limit=1, offset=4) == saved[4:5]
    assert library.story_ids(ListFilter(unread=True), before=place) == (saved[2], saved[0])
    assert library.story_ids(ListFilter(unread=True), limit=1, offset=1, before=place) == saved[:1]
    assert library.story_ids(ListFilter(), limit=1, offset=1, after=place) == saved[5:]


@pytest.mark.parametrize("order", ListOrder)
def test_rows_of_a_list_are_sorted_by_their_row_key(library: Library, make_story: Callable[..., Story], order: ListOrder) -> None:
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    library.save([make_story(number, published=noon - timedelta(hours=number * 7 % 5)) for number in range(9)], now=NOW)
    rows = list(library.headlines(ListFilter(order=order), limit=20))
    assert len(rows) == 9 and (key := row_order(order)) is not None
    assert rows == sorted(rows, key=key)
