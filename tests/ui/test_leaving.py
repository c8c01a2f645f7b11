"""`q` goes one level up and leaves from the list; `Q` and Ctrl+Q leave from anywhere."""

from __future__ import annotations

import pytest

from bpost_tui.config import Settings
from tests.sample_portal.server import SamplePortal
from tests.ui.conftest import ReaderFactory
from tests.ui.facade import Reader

SIZES = [(40, 12), (90, 30), (140, 40)]


async def press_last(bpost: Reader, *keys: str) -> None:
    """Press keys, the last of which leaves."""
    await bpost.press_last(*keys)
    assert bpost.app.return_value is None


@pytest.mark.parametrize("size", SIZES)
async def test_q_leads_from_a_story_to_its_list_and_leaves_there(
    reader: ReaderFactory, sample_portal: SamplePortal, size: tuple[int, int]
) -> None:
    async with reader(sample_portal.address, size=size) as bpost:
        await bpost.press("j", "enter", "q")
        assert (bpost.pane, bpost.posts.cursor) == ("posts", 1)
        await press_last(bpost, "q")


@pytest.mark.parametrize("size", SIZES)
async def test_q_leads_from_a_story_found_to_the_search_then_to_the_list_below_it(
    reader: ReaderFactory, sample_portal: SamplePortal, size: tuple[int, int]
) -> None:
    async with reader(sample_portal.address, size=size) as bpost:
        await bpost.press("3", "slash", *"nodi", "enter", "enter")
        assert bpost.pane == "story"
        await bpost.press("q")
        assert (bpost.pane, bpost.query) == ("posts", "nodi")
        await bpost.press("q")
        assert (bpost.pane, bpost.query, bpost.line.display) == ("posts", "", False)
        assert bpost.list_filter.category == bpost.slugs[2]
        await press_last(bpost, "q")


@pytest.mark.parametrize("size", SIZES)
async def test_q_in_the_categories_leaves(reader: ReaderFactory, sample_portal: SamplePortal, size: tuple[int, int]) -> None:
    async with reader(sample_portal.address, size=size) as bpost:
        bpost.go("categories")
        await press_last(bpost, "q")


async def test_q_ends_zen_and_the_tour_in_the_list(reader: ReaderFactory, sample_portal: SamplePortal) -> None:
    async with reader(sample_portal.address) as bpost:
        await bpost.press("z", "q")
        assert (bpost.pane, bpost.is_zen) == ("posts", False)
        story = bpost.shown
        await bpost.press("f1", "q")
        assert (bpost.pane, bpost.shown) == ("posts", story)
        await press_last(bpost, "q")


async def test_q_on_the_first_start_leaves_from_the_list(reader: ReaderFactory, sample_portal: SamplePortal) -> None:
    async with reader(sample_portal.address, first_time=True) as bpost:
        assert bpost.pane == "posts"
        await press_last(bpost, "q")


async def test_q_on_an_empty_library_leaves(reader: ReaderFactory) -> None:
    async with reader("http://127.0.0.1:1") as bpost:
        await press_last(bpost, "q")


@pytest.mark.parametrize("key", ["Q", "ctrl+q"])
@pytest.mark.parametrize("where", ["enter", "z", "h", "f1", "d", "a", "t"])
async def test_capital_q_leaves_from_anywhere(reader: ReaderFactory, sample_portal: SamplePortal, where: str, key: str) -> None:
    async with reader(sample_portal.address) as bpost:
        await press_last(bpost, where, key)


@pytest.mark.parametrize("where", ["slash", "colon", "question_mark"])
async def test_ctrl_q_leaves_while_one_types(reader: ReaderFactory, sample_portal: SamplePortal, where: str) -> None:
    async with reader(sample_portal.address) as bpost:
        await press_last(bpost, where, "ctrl+q")


async def test_q_that_the_config_gives_to_quit_leaves_from_a_story(reader: ReaderFactory, sample_portal: SamplePortal) -> None:
    async with reader(sample_portal.address, settings=Settings(keys={"quit": ("q",)})) as bpost:
        await press_last(bpost, "enter", "q")
