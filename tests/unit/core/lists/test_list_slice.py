from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bpost_tui.core.lists import list_slice
from bpost_tui.core.lists.list_slice import (
    FIRST,
    FIRST_ROWS,
    PAGE_ROWS,
    ListSlice,
    LoadedRows,
    NextRows,
    RowsAround,
    RowsAtNumber,
    RowsAtUnread,
    SliceReader,
)
from bpost_tui.core.lists.mutes import Mutes
from bpost_tui.model.list_order import ListOrder
from bpost_tui.model.story import Headline, ListFilter, Story
from bpost_tui.store.library import Library
from tests.conftest import NOW

STORIES = 500


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "stories") as library:
        library.save([Story(f"g{at}", f"খবর {at}", published=NOW - timedelta(minutes=at)) for at in range(STORIES)], now=NOW)
        yield library


@pytest.fixture
def reading(library: Library) -> SliceReader:
    return SliceReader(library, Mutes())


@pytest.fixture
def rows(library: Library) -> tuple[Headline, ...]:
    return library.headlines(ListFilter(), limit=STORIES)


def test_slice_has_more_at_each_open_end(reading: SliceReader, rows: tuple[Headline, ...]) -> None:
    assert reading.read(ListFilter(), FIRST) == ListSlice(rows[:FIRST_ROWS], more_after=True, at=0)
    assert reading.read(ListFilter(), RowsAtNumber(None)) == ListSlice(rows[-FIRST_ROWS:], more_before=True, at=FIRST_ROWS - 1)
    assert reading.read(ListFilter(), RowsAround(rows[30].key)) == ListSlice(rows[: 30 + FIRST_ROWS], more_after=True, at=30)
    amid = reading.read(ListFilter(), RowsAtNumber(251))
    assert (amid.stories[amid.at or 0], amid.more_before, amid.more_after) == (rows[250], True, True)


def test_slice_grows_in_both_directions_to_the_end(reading: SliceReader, rows: tuple[Headline, ...]) -> None:
    held = reading.read(ListFilter(), RowsAround(rows[250].key))
    for step in (1, -1):
        before = len(held.stories)
        held = reading.read(ListFilter(), NextRows(held, step))
        assert len(held.stories) == min(before + PAGE_ROWS, before + 190)
    assert held.stories == rows and (held.more_before, held.more_after) == (False, False)


def test_slice_shows_new_stories_only_when_at_the_top(library: Library, reading: SliceReader, rows: tuple[Headline, ...]) -> None:
    first, amid = reading.read(ListFilter(), FIRST), reading.read(ListFilter(), RowsAround(rows[250].key))
    new = library.save([Story("new", "নতুন", published=NOW)], now=NOW).new
    assert [row.id for row in reading.read(ListFilter(), LoadedRows(first, None)).stories] == [
        *new,
        *(row.id for row in first.stories),
    ]
    assert reading.read(ListFilter(), LoadedRows(amid, None)) == amid._replace(at=None)


def test_slice_keeps_rows_around_the_cursor_when_too_long(
    monkeypatch: pytest.MonkeyPatch, reading: SliceReader, rows: tuple[Headline, ...]
) -> None:
    monkeypatch.setattr(list_slice, "MOST_ROWS", 200)
    above_too_many = reading.read(ListFilter(), LoadedRows(ListSlice(rows[250:300], more_after=True), rows[260]))
    assert above_too_many == ListSlice((*rows[250:300], *rows[300:360]), more_before=True, more_after=True)
    sparse = ListSlice((rows[0], rows[250], rows[-1]))
    assert reading.read(ListFilter(), LoadedRows(sparse, rows[250])) == reading.read(ListFilter(), RowsAround(rows[250].key))


def test_slice_is_refilled_to_a_screen_after_marking_read(
    library: Library, reading: SliceReader, rows: tuple[Headline, ...]
) -> None:
    library.set_mark("read", [row.id for row in rows[200:]], True, now=NOW)
    left = reading.read(ListFilter(unread=True), LoadedRows(ListSlice(rows[190:300], more_before=True, more_after=True)))
    assert [row.id for row in left.stories] == [row.id for row in rows[190 - FIRST_ROWS : 200]]
    assert (left.more_before, left.more_after) == (True, False)
    none = reading.read(ListFilter(category="none"), LoadedRows(ListSlice(rows[190:300], more_before=True, more_after=True)))
    assert none == ListSlice()


def test_slice_finds_unread_stories_beyond_its_ends(library: Library, reading: SliceReader, rows: tuple[Headline, ...]) -> None:
    unread = (rows[10], rows[20], rows[400], rows[450])
    library.set_mark("read", [row.id for row in rows if row not in unread], True, now=NOW)
    held = reading.read(ListFilter(), RowsAround(rows[250].key))

    def found(step: int) -> Headline:
        part = reading.read(ListFilter(), RowsAtUnread(held, step))
        return part.stories[part.at or 0]

    assert [found(step) for step in (1, 2, 9, -1, -2, -9)] == [rows[at] for at in (400, 450, 450, 20, 10, 10)]
    last = reading.read(ListFilter(unread=False), RowsAtNumber(None))
    assert reading.read(ListFilter(), RowsAtUnread(last, 1)) == last


def test_reversed_list_has_the_same_slices_from_its_other_end(reading: SliceReader, rows: tuple[Headline, ...]) -> None:
    everything, other = ListFilter(order=ListOrder.OLDEST), rows[::-1]
    first = reading.read(everything, FIRST)
    assert first == ListSlice(other[:FIRST_ROWS], more_after=True, at=0)
    last = reading.read(everything, RowsAtNumber(None))
    assert last == ListSlice(other[-FIRST_ROWS:], more_before=True, at=FIRST_ROWS - 1)
    held = first
    while held.more_after:
        held = reading.read(everything, NextRows(held, 1))
    assert held.stories == other
    held = last
    while held.more_before:
        held = reading.read(everything, NextRows(held, -1))
    assert held.stories == other
    for number in (1, 2, 59, 251, STORIES - 1, STORIES, STORIES + 9):
        found = reading.read(everything, RowsAtNumber(number))
        assert found.stories[found.at or 0] == other[min(number, STORIES) - 1]
    around = reading.read(everything, RowsAround(other[250].key))
    assert around.stories[around.at or 0] == other[250]
    assert reading.read(everything, LoadedRows(around, other[250])) == around._replace(at=None)


@pytest.mark.parametrize("step", [3, -3])
def test_reversed_list_finds_unread_stories_in_both_directions(library: Library, reading: SliceReader, step: int) -> None:
    other = library.headlines(ListFilter(), limit=STORIES)[::-1]
    library.set_mark("read", [row.id for at, row in enumerate(other) if at % 50], True, now=NOW)
    held = reading.read(ListFilter(order=ListOrder.OLDEST), RowsAround(other[225].key))
    edge = other.index(held.stories[-1 if step > 0 else 0]._replace(read=False))
    beyond = [at for at in range(0, STORIES, 50) if (at > edge if step > 0 else at < edge)]
    found = reading.read(ListFilter(order=ListOrder.OLDEST), RowsAtUnread(held, step))
    wanted = beyond[:3][-1] if step > 0 else beyond[-3:][0]
    assert found.stories[found.at or 0].id == other[wanted].id
