from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bpost_tui.model.story import Headline, Shelf, Story
from bpost_tui.reading import slices
from bpost_tui.reading.muting import Muting
from bpost_tui.reading.slices import FIRST_ROWS, PAGE_ROWS, Pager, Slice
from bpost_tui.store.library import Library
from tests.conftest import NOW

STORIES = 500


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "stories") as library:
        library.save([Story(f"g{at}", f"খবর {at}", published=NOW - timedelta(minutes=at)) for at in range(STORIES)], now=NOW)
        yield library


@pytest.fixture
def reading(library: Library) -> Pager:
    return Pager(library, Muting(library, lambda: NOW))


@pytest.fixture
def rows(library: Library) -> tuple[Headline, ...]:
    return library.headlines(Shelf(), limit=STORIES)


def test_each_end_knows_where_the_list_goes_on(reading: Pager, rows: tuple[Headline, ...]) -> None:
    assert reading.first(Shelf()) == Slice(rows[:FIRST_ROWS], below=True, at=0)
    assert reading.last(Shelf()) == Slice(rows[-FIRST_ROWS:], above=True, at=FIRST_ROWS - 1)
    assert reading.around(Shelf(), rows[30]) == Slice(rows[: 30 + FIRST_ROWS], below=True, at=30)
    amid = reading.around_number(Shelf(), 251)
    assert (amid.rows[amid.at or 0], amid.above, amid.below) == (rows[250], True, True)


def test_it_grows_either_way_until_there_is_no_more(reading: Pager, rows: tuple[Headline, ...]) -> None:
    held = reading.around(Shelf(), rows[250])
    for step in (1, -1):
        before = len(held.rows)
        held = reading.longer(Shelf(), held, step)
        assert len(held.rows) == min(before + PAGE_ROWS, before + 190)
    assert held.rows == rows and (held.above, held.below) == (False, False)


def test_what_is_new_above_shows_where_it_begins_with_the_newest_only(
    library: Library, reading: Pager, rows: tuple[Headline, ...]
) -> None:
    first, amid = reading.first(Shelf()), reading.around(Shelf(), rows[250])
    new = library.save([Story("new", "নতুন", published=NOW)], now=NOW).new
    assert [row.id for row in reading.again(Shelf(), first, None).rows] == [*new, *(row.id for row in first.rows)]
    assert reading.again(Shelf(), amid, None) == amid._replace(at=None)


def test_of_too_much_in_between_the_part_around_the_cursor_is_read(
    monkeypatch: pytest.MonkeyPatch, reading: Pager, rows: tuple[Headline, ...]
) -> None:
    monkeypatch.setattr(slices, "MOST_ROWS", 200)
    above_too_many = reading.again(Shelf(), Slice(rows[250:300], below=True), rows[260])
    assert above_too_many == Slice((*rows[250:300], *rows[300:360]), above=True, below=True)
    sparse = Slice((rows[0], rows[250], rows[-1]))
    assert reading.again(Shelf(), sparse, rows[250]) == reading.around(Shelf(), rows[250])


def test_what_is_left_of_it_is_filled_up_to_a_screen(library: Library, reading: Pager, rows: tuple[Headline, ...]) -> None:
    library.mark_read([row.id for row in rows[200:]], True, now=NOW)
    left = reading.again(Shelf(unread=True), Slice(rows[190:300], above=True, below=True), None)
    assert [row.id for row in left.rows] == [row.id for row in rows[190 - FIRST_ROWS : 200]]
    assert (left.above, left.below) == (True, False)
    none = reading.again(Shelf(category="none"), Slice(rows[190:300], above=True, below=True), None)
    assert none == Slice()


def test_unread_stories_beyond_it_are_counted_from_its_end(library: Library, reading: Pager, rows: tuple[Headline, ...]) -> None:
    unread = (rows[10], rows[20], rows[400], rows[450])
    library.mark_read([row.id for row in rows if row not in unread], True, now=NOW)
    held = reading.around(Shelf(), rows[250])

    def found(step: int) -> Headline:
        part = reading.around_unread(Shelf(), held, step)
        return part.rows[part.at or 0]

    assert [found(step) for step in (1, 2, 9, -1, -2, -9)] == [rows[at] for at in (400, 450, 450, 20, 10, 10)]
    last = reading.last(Shelf(unread=False))
    assert reading.around_unread(Shelf(), last, 1) == last
