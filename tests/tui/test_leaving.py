"""Tests of leaving: `q` goes one level up and leaves from the list; `Q` and Ctrl+Q leave from anywhere."""

from __future__ import annotations

import pytest

from bpost_tui.config import Settings
from tests.tui.reader_facade import Reader

SIZES = [(40, 12), (90, 30), (140, 40)]


async def press_last(bpost: Reader, *keys: str) -> None:
    """Press keys; the last one ends the app."""
    await bpost.press_last(*keys)
    assert bpost.app.return_value is None


@pytest.mark.parametrize("size", SIZES)
async def test_q_goes_from_story_to_list_then_leaves(bpost: Reader) -> None:
    await bpost.press("j", "enter", "q")
    assert (bpost.pane, bpost.posts.cursor) == ("posts", 1)
    await press_last(bpost, "q")


@pytest.mark.parametrize("size", SIZES)
async def test_q_goes_from_found_story_to_search_then_list(bpost: Reader) -> None:
    await bpost.press("3", "slash", *"nodi", "enter", "enter")
    assert bpost.pane == "story"
    await bpost.press("q")
    assert (bpost.pane, bpost.query) == ("posts", "nodi")
    await bpost.press("q")
    assert (bpost.pane, bpost.query, bpost.line.display) == ("posts", "", False)
    assert bpost.list_filter.category == bpost.slugs[2]
    await press_last(bpost, "q")


@pytest.mark.parametrize("size", SIZES)
async def test_q_in_the_categories_leaves(bpost: Reader) -> None:
    bpost.go("categories")
    await press_last(bpost, "q")


async def test_q_ends_zen_and_the_tour_in_the_list(bpost: Reader) -> None:
    await bpost.press("z", "q")
    assert (bpost.pane, bpost.is_zen) == ("posts", False)
    story = bpost.shown
    await bpost.press("f1", "q")
    assert (bpost.pane, bpost.shown) == ("posts", story)
    await press_last(bpost, "q")


@pytest.mark.given(first_time=True)
async def test_q_on_the_first_start_leaves_from_the_list(bpost: Reader) -> None:
    assert bpost.pane == "posts"
    await press_last(bpost, "q")


@pytest.mark.given(address="http://127.0.0.1:1")
async def test_q_on_an_empty_library_leaves(bpost: Reader) -> None:
    await press_last(bpost, "q")


@pytest.mark.parametrize("key", ["Q", "ctrl+q"])
@pytest.mark.parametrize("where", ["enter", "z", "h", "f1", "d", "a", "t", "H", "semicolon"])
async def test_capital_q_leaves_from_anywhere(bpost: Reader, where: str, key: str) -> None:
    await press_last(bpost, where, key)


@pytest.mark.parametrize("where", ["slash", "colon", "question_mark"])
async def test_ctrl_q_leaves_from_a_line_input(bpost: Reader, where: str) -> None:
    await press_last(bpost, where, "ctrl+q")


@pytest.mark.given(settings=Settings(keys={"quit": ("q",)}))
async def test_q_configured_as_quit_leaves_from_a_story(bpost: Reader) -> None:
    await press_last(bpost, "enter", "q")
