"""Tests of row heights: a row is as high as its content, and the list begins with a whole row after any move by key."""

from __future__ import annotations

import pytest

from bpost_tui.model.story import Story
from bpost_tui.store.library import Library
from tests.tui.conftest import NOWHERE, ReaderFactory
from tests.tui.reader_facade import Reader
from tests.tui.repaint_check import unlike

LONG = "দীর্ঘ শিরোনাম যা এক সারিতে কিছুতেই ধরে না, দুই সারি লাগেই লাগে"


@pytest.fixture
def mixed(library: Library, now: object) -> Library:
    """Return a library of sixty stories: every third with a headline of two lines, every fifth without an excerpt."""
    stories = [
        Story(f"g{at}", LONG if at % 3 == 0 else f"খবর {at}", published=now, excerpt="" if at % 5 == 0 else "প্রথম বাক্য।", full=True)  # type: ignore[arg-type]
        for at in range(60)
    ]
    library.save(stories, now=now)  # type: ignore[arg-type]
    return library


def is_whole_at_the_top(bpost: Reader) -> bool:
    return bpost.row_at(bpost.posts.scroll_offset.y)[1] == 0


def is_in_sight(bpost: Reader) -> bool:
    posts, heights = bpost.posts, bpost.posts.window.heights
    top = heights.top(posts.cursor) - posts.scroll_offset.y
    return top >= 0 and top + heights.height(posts.cursor) <= posts.region.height


@pytest.mark.given(address=NOWHERE, offline=True)
async def test_rows_are_as_high_as_their_content(mixed: Library, bpost: Reader) -> None:
    heights = bpost.row_heights
    rows = [row for row in bpost.posts.stories if row.id in heights]
    assert len({heights[row.id] for row in rows}) > 1
    for row in rows:
        assert heights[row.id] == 1 + 1 + (2 if row.title == LONG else 1) + bool(row.excerpt)


@pytest.mark.parametrize("size", [(140, 40), (100, 30)])
@pytest.mark.given(address=NOWHERE, offline=True)
async def test_list_begins_with_a_whole_row_after_any_move(mixed: Library, bpost: Reader) -> None:
    for key in ("G", *"kkkkkkk", "pageup", "pageup", "g", *"jjjjjjjj", "pagedown", "ctrl+d", "ctrl+u", "G", "g", "G"):
        await bpost.press(key)
        assert is_whole_at_the_top(bpost), key
        assert is_in_sight(bpost), key


@pytest.mark.parametrize("rows", [33, 34, 35])
async def test_end_of_a_list_is_independent_of_known_heights(reader: ReaderFactory, mixed: Library, rows: int) -> None:
    async with reader(NOWHERE, offline=True, size=(140, rows)) as bpost:
        await bpost.press("G")
        first = bpost.row_at(bpost.posts.scroll_offset.y)
        await bpost.press(*["pageup"] * 20, "g", "G")
        assert bpost.row_at(bpost.posts.scroll_offset.y) == first


@pytest.mark.given(address=NOWHERE, offline=True)
async def test_key_aligns_the_list_after_scrolling_by_wheel(mixed: Library, bpost: Reader) -> None:
    bpost.posts.scroll_to(y=2, animate=False, force=True)
    await bpost.settle()
    assert bpost.posts.scroll_offset.y == 2
    bpost.posts.measure()
    assert bpost.posts.scroll_offset.y == 2
    await bpost.press(*"jjj")
    bpost.posts.scroll_to(y=bpost.posts.scroll_offset.y + 1, animate=False, force=True)
    await bpost.settle()
    assert is_in_sight(bpost) and not is_whole_at_the_top(bpost)
    before = bpost.screenful.named()
    await bpost.press("ctrl+l")
    assert not unlike(before, bpost.screenful.named())
    await bpost.press("j")
    assert is_whole_at_the_top(bpost) and is_in_sight(bpost)


@pytest.mark.given(address=NOWHERE, offline=True)
async def test_click_after_the_wheel_moves_nothing_and_the_next_opens_the_row(mixed: Library, bpost: Reader) -> None:
    for lines in range(1, 8):
        await bpost.press("g")
        bpost.posts.scroll_to(y=lines, animate=False, force=True)
        await bpost.settle()
        top, y = bpost.posts.scroll_offset.y, bpost.posts.size.height // 2
        row, _ = bpost.row_at(top + y)
        await bpost.pilot.click("#posts", offset=(10, y))
        await bpost.settle()
        assert (bpost.posts.cursor, bpost.posts.scroll_offset.y, bpost.pane) == (row, top, "posts")
        await bpost.pilot.click("#posts", offset=(10, y))
        await bpost.settle()
        assert (bpost.posts.cursor, bpost.posts.scroll_offset.y, bpost.pane) == (row, top, "story")
        bpost.go("posts")
