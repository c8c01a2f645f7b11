"""Checks of actions that move in the panes or between them."""

from __future__ import annotations

from bpost_tui.model.story import ListFilter
from tests.tui.effects import effect, keys
from tests.tui.reader_facade import Reader


@effect("down")
async def down(bpost: Reader) -> None:
    await bpost.press(*keys("down"))
    assert bpost.posts.cursor == 3
    assert bpost.shown == bpost.posts.stories[3].id
    await bpost.press(*keys("open", "down"))
    assert bpost.story.scroll_offset.y == min(1, bpost.story.max_scroll_y)


@effect("up")
async def up(bpost: Reader) -> None:
    await bpost.press(*keys("up"))
    assert bpost.posts.cursor == 1
    assert bpost.shown == bpost.posts.stories[1].id


@effect("open")
async def open_(bpost: Reader) -> None:
    await bpost.press(*keys("open"))
    assert bpost.pane == "story"
    assert bpost.story.region.width > 0
    assert bpost.posts.stories[2].title.split()[-1].strip("?") in bpost.screen_text()


@effect("forward")
async def forward(bpost: Reader) -> None:
    bpost.go("categories")
    await bpost.press(*keys("forward"))
    assert bpost.pane == "posts"
    await bpost.press(*keys("forward"))
    assert bpost.pane == "story"


@effect("back")
async def back(bpost: Reader) -> None:
    bpost.go("story")
    await bpost.press(*keys("back"))
    assert bpost.pane == "posts"
    await bpost.press(*keys("back"))
    assert bpost.pane == "categories"
    assert bpost.categories.region.width > 0


@effect("next_pane")
async def next_pane(bpost: Reader) -> None:
    await bpost.press(*keys("next_pane"))
    assert bpost.pane == "story"
    await bpost.press(*keys("next_pane"))
    assert bpost.pane == "categories"


@effect("previous_pane")
async def previous_pane(bpost: Reader) -> None:
    await bpost.press(*keys("previous_pane"))
    assert bpost.pane == "categories"


@effect("half_page_down")
async def half_page_down(bpost: Reader) -> None:
    half = max(1, bpost.posts.page_rows // 2)
    await bpost.press(*keys("half_page_down"))
    assert bpost.posts.cursor == min(2 + half, len(bpost.posts.stories) - 1)
    await bpost.press(*keys("open", "top", "half_page_down"))
    assert bpost.story.scroll_offset.y == min(max(1, bpost.story.page_lines // 2), bpost.story.max_scroll_y)


@effect("half_page_up")
async def half_page_up(bpost: Reader) -> None:
    half = max(1, bpost.posts.page_rows // 2)
    await bpost.press(*keys("half_page_up"))
    assert bpost.posts.cursor == max(0, 2 - half)
    await bpost.press(*keys("open", "bottom"))
    end = bpost.story.scroll_offset.y
    await bpost.press(*keys("half_page_up"))
    assert bpost.story.scroll_offset.y == max(0, end - max(1, bpost.story.page_lines // 2))


@effect("top")
async def top(bpost: Reader) -> None:
    await bpost.press(*keys("top"))
    assert bpost.posts.cursor == 0
    assert bpost.posts.scroll_offset.y == 0


@effect("bottom")
async def bottom(bpost: Reader) -> None:
    await bpost.press(*keys("bottom"))
    assert bpost.posts.cursor == len(bpost.posts.stories) - 1
    assert bpost.cursor_region.height > 0
    await bpost.press(*keys("open", "bottom"))
    assert bpost.story.at_end


@effect("page_down")
async def page_down(bpost: Reader) -> None:
    await bpost.press(*keys("top"))
    page = bpost.posts.page_rows  # before the key: rows differ in height
    await bpost.press(*keys("page_down"))
    assert bpost.posts.cursor == min(page, len(bpost.posts.stories) - 1)


@effect("page_up")
async def page_up(bpost: Reader) -> None:
    await bpost.press(*keys("bottom"))
    last, page = len(bpost.posts.stories) - 1, bpost.posts.page_rows
    await bpost.press(*keys("page_up"))
    assert bpost.posts.cursor == max(0, last - page)


@effect("space")
async def space(bpost: Reader) -> None:
    await bpost.press(*keys("space"))
    assert bpost.pane == "story"
    window, end = bpost.story.page_lines, bpost.story.max_scroll_y
    await bpost.press(*keys("top"))
    if not bpost.story.at_end:
        await bpost.press(*keys("space"))
        assert bpost.story.scroll_offset.y == min(window, end)


async def _mark_rows(bpost: Reader, *, read: int, unread: int) -> None:
    for row, on in ((read, True), (unread, False)):
        bpost.library.set_mark("read", [bpost.posts.stories[row].id], on, now=bpost.now)
    await bpost.reloaded()


@effect("next_unread")
async def next_unread(bpost: Reader) -> None:
    await _mark_rows(bpost, read=3, unread=4)
    await bpost.press(*keys("next_unread"))
    assert bpost.posts.cursor == 4


@effect("previous_unread")
async def previous_unread(bpost: Reader) -> None:
    await _mark_rows(bpost, read=1, unread=0)
    await bpost.press(*keys("previous_unread"))
    assert bpost.posts.cursor == 0


@effect("next_story")
async def next_story(bpost: Reader) -> None:
    await bpost.press(*keys("open", "next_story"))
    assert (bpost.pane, bpost.posts.cursor) == ("story", 3)
    assert bpost.shown == bpost.posts.stories[3].id


@effect("previous_story")
async def previous_story(bpost: Reader) -> None:
    await bpost.press(*keys("open", "previous_story"))
    assert (bpost.pane, bpost.posts.cursor) == ("story", 1)
    assert bpost.shown == bpost.posts.stories[1].id


@effect("next_section")
async def next_section(bpost: Reader) -> None:
    await bpost.press(*keys("open", "top", "next_section"))
    assert bpost.story.at_end or bpost.story.scroll_offset.y > 0
    assert bpost.story.at_end or bpost.story.item > 0


@effect("previous_section")
async def previous_section(bpost: Reader) -> None:
    await bpost.press(*keys("open", "bottom"))
    end = bpost.story.scroll_offset.y
    await bpost.press(*keys("previous_section"))
    assert not end or bpost.story.scroll_offset.y < end


@effect("retrace")
async def retrace(bpost: Reader) -> None:
    story = bpost.posts.stories[2].id
    await bpost.press(*keys("open", "next_story", "retrace"))
    assert bpost.shown == story
    assert (bpost.pane, bpost.posts.cursor) == ("story", 2)


@effect("next_category")
async def next_category(bpost: Reader) -> None:
    if not bpost.library.count(ListFilter(unread=True)):
        await bpost.press(*keys("read"))
    await bpost.press(*keys("next_category"))
    assert bpost.categories.cursor > 0
    assert bpost.categories.rows[bpost.categories.cursor].unread
