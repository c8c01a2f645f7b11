"""Tests of lists longer than their loaded rows: no story is missed in either direction."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime, timedelta

import pytest

from bpost_tui.config import Settings
from bpost_tui.core.lists.list_slice import FIRST_ROWS
from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.story import ListFilter, Story
from bpost_tui.store.library import Library
from bpost_tui.store.sqlite_files import OpenMode, connect
from tests.tui.conftest import NOWHERE, ReaderFactory
from tests.tui.reader_facade import Reader, hold_at_most

pytestmark = pytest.mark.given(offline=True)

STORIES = 500


def story(number: int, now: datetime) -> Story:
    text = (Paragraph((Span("মেদিনীপুর শহরে আজ বৃষ্টি হল। কাল রোদ উঠবে।"),)),)
    published = now - timedelta(minutes=number)
    return Story(f"g{number}", f"শিরোনাম {number}", f"http://a.test/{number}.html", published=published, blocks=text, full=True)


@pytest.fixture
def long_library(library: Library, now: datetime) -> Library:
    library.save([story(number, now) for number in range(1000, 1000 + STORIES)], now=now)
    return library


@pytest.fixture
def address(long_library: Library) -> str:
    return NOWHERE


def listed(bpost: Reader) -> list[str]:
    return [row.title for row in bpost.posts.stories]


def numbers(bpost: Reader) -> list[int]:
    return [int(title.split()[-1]) for title in listed(bpost)]


def here(bpost: Reader) -> int:
    """Return the number in the headline of the story under the cursor."""
    assert bpost.posts.story is not None
    return int(bpost.posts.story.title.split()[-1])


def on_screen(bpost: Reader) -> tuple[int, int]:
    """Return the number in the headline of the first story in the window, and how many of its lines are above the window."""
    at, line = bpost.row_at(bpost.posts.scroll_offset.y)
    return numbers(bpost)[at], line or 0


async def test_new_stories_above_keep_the_cursor_and_leave_no_gap(bpost: Reader, long_library: Library, now: datetime) -> None:
    await bpost.press("j", "j", "enter", "m")
    long_library.save([story(number, now) for number in range(300)], now=now)
    await bpost.reloaded()
    assert bpost.posts.story is not None
    assert bpost.posts.story.title == "শিরোনাম 1002"
    whole = [row.title for row in long_library.headlines(ListFilter(), limit=1000)]
    assert listed(bpost) == whole[: len(listed(bpost))]
    await bpost.press("J")
    assert bpost.posts.story.title == "শিরোনাম 1003"


async def test_next_unread_is_found_beyond_loaded_rows(reader: ReaderFactory, long_library: Library, now: datetime) -> None:
    rows = long_library.headlines(ListFilter(), limit=STORIES)
    unread = {rows[350].id, rows[420].id}
    long_library.set_mark("read", [row.id for row in rows if row.id not in unread], True, now=now)
    async with reader(NOWHERE, offline=True) as bpost:
        assert len(bpost.posts.stories) == FIRST_ROWS
        for key, at in (("n", 350), ("n", 420), ("p", 350)):
            await bpost.press(key)
            assert bpost.posts.story == rows[at]
            assert bpost.saved and bpost.saved.headline == rows[at]
            assert f"শিরোনাম {1000 + at}" in bpost.screen_text()
        await bpost.press("9", "n")
        assert bpost.posts.story == rows[420]
        await bpost.press("n")
        assert bpost.posts.story == rows[420]
        assert bpost.text("Nothing unread below; {n} above · {key} again to go there").partition("{")[0] in bpost.screen_text()
        await bpost.press("n")
        assert bpost.posts.story == rows[350]
        await bpost.press("p")
        assert bpost.text("Nothing unread above; {n} below · {key} again to go there").partition("{")[0] in bpost.screen_text()
        await bpost.press("p")
        assert bpost.posts.story == rows[420]
        await bpost.press("g")
        assert here(bpost) == 1000


async def test_count_before_next_unread_jumps_far(bpost: Reader) -> None:
    await bpost.press("3", "0", "0", "n")
    assert here(bpost) == 1300
    await bpost.press("2", "5", "0", "p")
    assert here(bpost) == 1050


async def test_wheel_loads_more_rows_until_the_list_is_whole(bpost: Reader) -> None:
    loaded = 0
    while len(bpost.posts.stories) > loaded:
        loaded = len(bpost.posts.stories)
        bpost.posts.scroll_end(animate=False, immediate=True)
        await bpost.settle()
    assert listed(bpost) == [f"শিরোনাম {number}" for number in range(1000, 1000 + STORIES)]
    assert bpost.posts.cursor == 0


async def test_end_and_beginning_load_no_rows_between(bpost: Reader) -> None:
    await bpost.press("G")
    assert (here(bpost), bpost.posts.cursor) == (1499, len(bpost.posts.stories) - 1)
    assert numbers(bpost) == list(range(1500 - len(bpost.posts.stories), 1500))
    assert len(bpost.posts.stories) < STORIES
    assert bpost.saved and bpost.saved.headline == bpost.posts.story
    assert "শিরোনাম 1499" in bpost.screen_text()
    await bpost.press("g")
    assert (here(bpost), numbers(bpost)[0], bpost.posts.cursor) == (1000, 1000, 0)
    await bpost.press("4", "0", "0", "G")
    assert here(bpost) == 1399
    await bpost.press("9", "0", "0", "0", "0", "G")
    assert here(bpost) == 1499


async def test_scrolling_up_loads_rows_without_moving_the_screen(bpost: Reader) -> None:
    await bpost.press("G")
    while on_screen(bpost)[0] > 1000:
        top, (first, line) = numbers(bpost)[0], on_screen(bpost)
        bpost.posts.scroll_to(y=max(0, bpost.posts.scroll_offset.y - 30), animate=False, force=True, immediate=True)
        moved = on_screen(bpost)
        await bpost.settle()
        assert on_screen(bpost) == moved < (first, line)
        assert numbers(bpost)[0] <= top
        assert here(bpost) == 1499
    assert numbers(bpost) == list(range(1000, 1500))


async def test_mark_amid_the_list_moves_nothing(bpost: Reader, long_library: Library, now: datetime) -> None:
    await bpost.press("3", "0", "0", "G")
    before = numbers(bpost), on_screen(bpost)
    await bpost.press("m")
    assert (numbers(bpost), on_screen(bpost)) == before
    assert bpost.posts.story and bpost.posts.story.read
    assert long_library.headline(bpost.posts.story.id).read
    long_library.save([story(number, now) for number in range(300)], now=now)
    await bpost.reloaded()
    assert (numbers(bpost), on_screen(bpost)) == before
    await bpost.press("g")
    assert here(bpost) == 0


async def test_all_read_at_the_end_marks_the_whole_list(bpost: Reader, long_library: Library) -> None:
    await bpost.press("G", "m", "A", "enter")
    assert long_library.unread_count() == 0
    assert all(row.read for row in bpost.posts.stories) and here(bpost) == 1499
    await bpost.press("u")
    assert long_library.unread_count() == STORIES - 1


async def test_counted_moves_work_while_the_list_is_hidden(reader: ReaderFactory, long_library: Library) -> None:
    async with reader(NOWHERE, offline=True, size=(40, 20)) as bpost:
        await bpost.press("enter")
        for _ in range(3):
            await bpost.press("5", "0", "J")
        assert here(bpost) == 1150
        await bpost.press("escape", "G", "enter")
        for _ in range(3):
            await bpost.press("5", "0", "K")
        assert here(bpost) == 1349


async def test_list_holds_at_most_a_thousand_rows(
    reader: ReaderFactory, long_library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold_at_most(monkeypatch, 300)
    async with reader(NOWHERE, offline=True) as bpost:
        while here(bpost) < 1499:
            before = here(bpost)
            await bpost.press("pagedown")
            assert before < here(bpost)
            assert len(bpost.posts.stories) <= 300
        assert numbers(bpost) == list(range(1200, 1500))
        while here(bpost) > 1000:
            await bpost.press("pageup")
            assert len(bpost.posts.stories) <= 300
        assert numbers(bpost) == list(range(1000, 1300))
        bpost.posts.scroll_end(animate=False, immediate=True)
        await bpost.settle()
        bpost.posts.scroll_end(animate=False, immediate=True)
        await bpost.settle()
        assert here(bpost) == numbers(bpost)[0] > 1000
        assert bpost.saved and bpost.saved.headline == bpost.posts.story


async def test_unread_only_keeps_its_place_deep_in_the_list(reader: ReaderFactory, long_library: Library, now: datetime) -> None:
    rows = long_library.headlines(ListFilter(), limit=STORIES)
    long_library.set_mark("read", [row.id for row in rows[::2]], True, now=now)
    async with reader(NOWHERE, offline=True) as bpost:
        await bpost.press("4", "0", "1", "G", "U")
        line = bpost.cursor_region.y
        assert here(bpost) == 1400
        odd = [number for number in numbers(bpost) if number != 1400]
        assert odd == list(range(odd[0], odd[-1] + 1, 2)) and odd[0] % 2
        await bpost.press("U")
        assert (here(bpost), bpost.cursor_region.y) == (1400, line)
        assert numbers(bpost) == list(range(numbers(bpost)[0], numbers(bpost)[-1] + 1))
        await bpost.press("U", "G", "m")
        assert numbers(bpost)[-2:] == [1497, 1499]
        assert bpost.posts.story and bpost.posts.story.read


async def test_muted_stories_are_skipped_by_counts_and_marks(reader: ReaderFactory, long_library: Library, now: datetime) -> None:
    long_library.save([story(number, now)._replace(title=f"ক্রিকেট {number}") for number in range(1200, 1210)], now=now)
    async with reader(NOWHERE, offline=True, settings=Settings(mute={"words": ("ক্রিকেট",)})) as bpost:
        await bpost.press("2", "0", "1", "G")
        assert here(bpost) == 1210
        assert not set(numbers(bpost)) & set(range(1200, 1210))
        await bpost.press("g", "2", "0", "0", "n")
        assert here(bpost) == 1210
        await bpost.press("A", "enter")
        assert long_library.unread_count() == 10


async def test_named_story_and_way_back_find_their_rows(reader: ReaderFactory, long_library: Library) -> None:
    rows = long_library.headlines(ListFilter(), limit=STORIES)
    async with reader(NOWHERE, offline=True, open_story=rows[333].id) as bpost:
        assert (here(bpost), bpost.pane) == (1333, "story")
        await bpost.press("J")
        assert here(bpost) == 1334
        await bpost.press("escape", "slash", *"1007", "enter")
        await bpost.press("backspace")
        assert here(bpost) == 1334
        assert numbers(bpost) == list(range(numbers(bpost)[0], numbers(bpost)[-1] + 1))


async def test_older_stories_are_offered_only_below_the_last(reader: ReaderFactory, long_library: Library) -> None:
    async with reader("http://127.0.0.1:9") as bpost:
        offer = bpost.text("Load older stories")
        await bpost.press("2", "5", "0", "G")
        assert bpost.posts.end_items() == ()
        await bpost.press("G")
        assert offer in bpost.screen_text()


async def test_last_visit_rule_is_drawn_deep_in_the_list(reader: ReaderFactory, long_library: Library, now: datetime) -> None:
    long_library.reading_log.record_visit(now - timedelta(minutes=990))
    long_library.save([story(number, now) for number in range(800, 990)], now=now + timedelta(seconds=1))
    with closing(connect(long_library.folder, OpenMode.WRITE)) as db:
        db.execute("UPDATE stories SET first_seen_us = published_us WHERE guid >= 'g1000' AND length(guid) = 5")
    async with reader(NOWHERE, offline=True) as bpost:
        await bpost.press("1", "9", "0", "G")
        assert bpost.rule_at == numbers(bpost).index(1000)
        await bpost.press("5", "0", "0", "G")
        assert bpost.rule_at is None


async def test_muted_story_named_at_the_start_opens(reader: ReaderFactory, long_library: Library, now: datetime) -> None:
    long_library.save([story(1200, now)._replace(title="ক্রিকেট 1200")], now=now)
    found = long_library.find("g1200")
    async with reader(NOWHERE, offline=True, open_story=found, settings=Settings(mute={"words": ("ক্রিকেট",)})) as bpost:
        assert bpost.shown == found
        assert bpost.pane == "story"
        assert "ক্রিকেট 1200" in bpost.screen_text()
        await bpost.reloaded()
        assert bpost.shown == found
        await bpost.press("J")
        assert bpost.shown != found
