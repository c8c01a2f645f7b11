"""Tests of the widths of the story's column and of the lists, changed by key or mouse and saved, and of zen mode."""

from __future__ import annotations

import pytest
from textual.events import MouseScrollDown

from bpost_tui.config import Settings
from bpost_tui.typesetting.terminal.capabilities import RenderMode
from tests.sample_portal.server import SamplePortal
from tests.tui.conftest import ReaderFactory
from tests.tui.reader_facade import Reader


async def test_column_gets_wider_and_narrower_and_is_remembered(reader: ReaderFactory, sample_portal: SamplePortal) -> None:
    async with reader(sample_portal.address, size=(200, 40), language="en", settings=Settings(text_width=60)) as bpost:
        assert bpost.story.column_cells == 60
        await bpost.press("enter", ">", ">", "<")
        assert bpost.story.column_cells == 64
        assert "Column: 64 cells wide" in bpost.screen_text()
    async with reader(sample_portal.address, size=(200, 40), settings=Settings(text_width=60)) as bpost:
        assert bpost.story.column_cells == 64


@pytest.mark.given(size=(80, 24), settings=Settings(text_width=400))
async def test_column_wider_than_its_pane_gets_narrower_at_once(bpost: Reader) -> None:
    shown = bpost.story.column_cells
    await bpost.press("enter", "<")
    assert bpost.story.column_cells == shown - 4


async def test_column_at_its_limit_shows_a_message(reader: ReaderFactory, sample_portal: SamplePortal) -> None:
    async with reader(sample_portal.address, size=(80, 24), language="en", settings=Settings(text_width=400)) as bpost:
        shown = bpost.story.column_cells
        await bpost.press("enter", ">")
        assert f"Column: {shown} cells wide, all that" in " ".join(bpost.screen_text().split())
        assert bpost.story.column_cells == shown and "story" not in bpost.choices.widths_em
    async with reader(sample_portal.address, size=(200, 40), language="en", settings=Settings(text_width=20)) as bpost:
        await bpost.press("enter", "<")
        assert "Column: 20 cells wide, as narrow as it gets" in bpost.screen_text()


async def test_usual_size_restores_widths_and_is_remembered(reader: ReaderFactory, sample_portal: SamplePortal) -> None:
    async with reader(sample_portal.address, size=(200, 40), settings=Settings(text_width=60)) as bpost:
        usual = bpost.story.column_cells, bpost.posts.region.width
        await bpost.press("enter", "<", "alt+right")
        assert (bpost.story.column_cells, bpost.posts.region.width) != usual
        await bpost.press("=")
        assert (bpost.story.column_cells, bpost.posts.region.width) == usual
    async with reader(sample_portal.address, size=(200, 40), settings=Settings(text_width=60)) as bpost:
        assert (bpost.story.column_cells, bpost.posts.region.width) == usual


@pytest.mark.given(size=(110, 32), language="en")
async def test_categories_replace_the_list_in_a_narrow_window(bpost: Reader) -> None:
    assert bpost.screen_text().count("All news") == 1
    await bpost.press("escape")
    assert bpost.pane == "categories"
    assert bpost.screen_text().count("All news") == 1


@pytest.mark.given(size=(120, 24))
async def test_place_stays_while_the_column_changes(bpost: Reader) -> None:
    await bpost.press("enter", "2", "5", "j")
    item = bpost.story.item
    await bpost.press("<", "<", "<")
    assert bpost.story.item == item
    await bpost.press(">", ">", ">")
    assert bpost.story.item == item


@pytest.mark.given(size=(140, 40))
async def test_zen_shows_nothing_but_the_story_and_ends(bpost: Reader) -> None:
    text = bpost.screen_text()
    assert "দ্য বেঙ্গল পোস্ট" in text
    for leave in ("z", "escape", "h", "tab"):
        await bpost.press("z")
        assert bpost.pane == "story"
        assert bpost.story.region.size == bpost.app.size - (0, 1)
        assert not bpost.posts.region
        assert "সাহায্য" not in bpost.screen_text()
        await bpost.press(leave)
        assert not bpost.is_zen
        assert bpost.posts.region
    await bpost.press("z", "/")  # finds in this story
    assert bpost.is_zen and bpost.line.region
    await bpost.press("/")  # searches everything
    assert not bpost.is_zen


async def drag(bpost: Reader, from_x: int, to_x: int) -> None:
    await bpost.pilot.mouse_down(offset=(from_x, 10))
    await bpost.pilot.hover(offset=((from_x + to_x) // 2, 10))
    await bpost.pilot.hover(offset=(to_x, 10))
    await bpost.pilot.mouse_up(offset=(to_x, 10))
    await bpost.settle()


@pytest.mark.parametrize("pane", ["categories", "posts"])
async def test_edges_follow_the_mouse_and_are_remembered(reader: ReaderFactory, sample_portal: SamplePortal, pane: str) -> None:
    async with reader(sample_portal.address, size=(160, 40)) as bpost:
        edge = bpost.main.query_one(f"#{pane}").region.right - 1
        await drag(bpost, edge, edge + 7)
        assert bpost.main.query_one(f"#{pane}").region.right - 1 == edge + 7
        cursor = bpost.posts.cursor
        await drag(bpost, edge + 3, edge - 5)  # not on the edge
        assert bpost.main.query_one(f"#{pane}").region.right - 1 == edge + 7
        assert bpost.posts.cursor == cursor
    async with reader(sample_portal.address, size=(160, 40)) as bpost:
        assert bpost.main.query_one(f"#{pane}").region.right - 1 == edge + 7


async def test_edges_move_by_keys_and_stay_within_reason(reader: ReaderFactory, sample_portal: SamplePortal) -> None:
    async with reader(sample_portal.address, size=(160, 40)) as bpost:
        width = bpost.posts.region.width
        await bpost.press("alt+right", "alt+right", "alt+left")
        assert bpost.posts.region.width == width + 2
        await bpost.press(*["alt+right"] * 60)
        assert bpost.story.region.width > 20
        await bpost.press("h", "alt+left")
        assert bpost.categories.region.width == 22 - 2
    async with reader(sample_portal.address, size=(40, 12)) as bpost:
        await bpost.press("l", "alt+right")
        assert bpost.posts.region.width == 40


@pytest.mark.given(size=(120, 40))
async def test_click_selects_a_story_and_double_click_opens_it(bpost: Reader) -> None:
    await bpost.pilot.click("#posts", offset=(10, 6))
    await bpost.settle()
    assert bpost.posts.cursor == 1
    assert bpost.pane == "posts"
    await bpost.pilot.click("#posts", offset=(10, 11), times=2)
    await bpost.settle()
    assert bpost.posts.cursor == 2
    assert bpost.pane == "story"
    await bpost.pilot.click("#posts", offset=(10, 1))
    await bpost.settle()
    assert bpost.pane == "posts"
    assert bpost.main.has_class("at-posts")


@pytest.mark.given(size=(120, 30))
async def test_footer_bar_is_as_long_as_the_progress(bpost: Reader) -> None:
    assert "━" not in bpost.screen_text()
    await bpost.press("enter")
    assert bpost.screen_text().count("━") == round(bpost.story.progress * 12)
    await bpost.press("G")
    assert await bpost.until(lambda: bpost.screen_text().count("━") == 12)  # after the scrolling


@pytest.mark.given(size=(60, 20), render_mode=RenderMode.MOSAIC, how="mosaic")
async def test_screen_does_not_scroll_with_too_large_type(bpost: Reader) -> None:
    await bpost.press(*["plus"] * 8)
    screen = bpost.app.screen
    assert screen.virtual_size.height > 20
    for y in (0, 19):
        screen._forward_event(MouseScrollDown(None, 4, y, 0, 0, 0, False, False, False, screen_x=4, screen_y=y))
    await bpost.press("tab", "tab")
    assert screen.scroll_offset.y == 0 and screen.scrollbars_enabled == (False, False)
