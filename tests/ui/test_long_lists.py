"""Lists longer than what is loaded of them: nothing is missed, whichever way one goes through them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bpost_tui.news.model import Paragraph, Shelf, Span, Story
from bpost_tui.store.library import Library
from bpost_tui.ui.desk import FIRST_ROWS
from tests.ui.conftest import Reader, ReaderFactory

STORIES = 500
NOWHERE = "http://127.0.0.1:9"


def story(number: int, now: datetime) -> Story:
    text = (Paragraph((Span("মেদিনীপুর শহরে আজ বৃষ্টি হল। কাল রোদ উঠবে।"),)),)
    published = now - timedelta(minutes=number)
    return Story(f"g{number}", f"শিরোনাম {number}", f"http://a.test/{number}.html", published=published, blocks=text, full=True)


@pytest.fixture
def long_library(library: Library, now: datetime) -> Library:
    library.save([story(number, now) for number in range(1000, 1000 + STORIES)], now=now)
    return library


def listed(bpost: Reader) -> list[str]:
    return [row.title for row in bpost.posts.rows]


async def test_what_comes_in_above_leaves_no_gap_and_the_cursor_where_it_is(
    reader: ReaderFactory, long_library: Library, now: datetime
) -> None:
    async with reader(NOWHERE, offline=True) as bpost:
        await bpost.press("j", "j", "enter", "m")
        long_library.save([story(number, now) for number in range(300)], now=now)
        bpost.main.reload()
        await bpost.settle()
        assert bpost.posts.current is not None
        assert bpost.posts.current.title == "শিরোনাম 1002"
        whole = [row.title for row in long_library.headlines(Shelf(), limit=1000)]
        assert listed(bpost) == whole[: len(listed(bpost))]
        await bpost.press("J")
        assert bpost.posts.current.title == "শিরোনাম 1003"


async def test_the_next_unread_is_found_beyond_what_is_loaded(reader: ReaderFactory, long_library: Library, now: datetime) -> None:
    rows = long_library.headlines(Shelf(), limit=STORIES)
    unread = {rows[350].id, rows[420].id}
    long_library.mark_read([row.id for row in rows if row.id not in unread], True, now=now)
    async with reader(NOWHERE, offline=True) as bpost:
        assert len(bpost.posts.rows) == FIRST_ROWS
        await bpost.press("n")
        assert bpost.posts.cursor == 350
        await bpost.press("n")
        assert bpost.posts.cursor == 420
        await bpost.press("n")
        assert bpost.posts.cursor == 420
        assert bpost.text("No more unread stories here") in bpost.screen_text()


async def test_as_many_unread_on_as_were_counted(reader: ReaderFactory, long_library: Library) -> None:
    async with reader(NOWHERE, offline=True) as bpost:
        await bpost.press("3", "0", "0", "n")
        assert bpost.posts.cursor == 300


async def test_the_wheel_has_more_read_too_and_a_whole_list_nothing(reader: ReaderFactory, long_library: Library) -> None:
    async with reader(NOWHERE, offline=True) as bpost:
        loaded = 0
        while len(bpost.posts.rows) > loaded:
            loaded = len(bpost.posts.rows)
            bpost.posts.scroll_end(animate=False, immediate=True)
            await bpost.settle()
        assert listed(bpost) == [f"শিরোনাম {number}" for number in range(1000, 1000 + STORIES)]
        assert bpost.posts.cursor == 0
