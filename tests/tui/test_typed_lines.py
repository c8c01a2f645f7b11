"""Tests of the prompt's history: Up and Down go through the lines typed in this and earlier sessions."""

from __future__ import annotations

import pytest

from tests.sample_portal.server import SamplePortal
from tests.tui.conftest import ReaderFactory
from tests.tui.reader_facade import Reader


async def test_search_history_is_kept_between_sessions(reader: ReaderFactory, sample_portal: SamplePortal) -> None:
    async with reader(sample_portal.address) as bpost:
        for query in ("nodi", "hugli", "nodi"):
            await bpost.press("slash", *query, "enter", "escape")
        await bpost.press("slash", "up")
        assert (bpost.line.value, bpost.query) == ("nodi", "nodi")
        await bpost.press("up", "up")
        assert (bpost.line.value, bpost.query) == ("hugli", "hugli")
        await bpost.press("down")
        assert bpost.line.value == "nodi"
        await bpost.press("down")
        assert (bpost.line.value, bpost.query) == ("", "")
        await bpost.press("escape", "Q")
    async with reader(sample_portal.address) as bpost:
        await bpost.press("slash", *"x", "up")
        assert bpost.line.value == "nodi"
        await bpost.press("down")
        assert bpost.line.value == "x"


async def test_find_shares_the_search_history_and_programs_do_not(bpost: Reader) -> None:
    await bpost.press("slash", *"hugli", "enter", "escape", "enter", "slash", "up")
    assert bpost.line.value == "hugli"
    await bpost.press("escape", "escape", "enter", "vertical_line", "up")
    assert bpost.line.value == ""


async def test_down_goes_to_the_next_hit_outside_history(bpost: Reader) -> None:
    await bpost.press("slash", *"nodi", "down")
    assert (bpost.posts.cursor, bpost.line.value) == (1, "nodi")


@pytest.mark.given(language="en")
async def test_story_is_cleared_when_nothing_is_found(bpost: Reader) -> None:
    await bpost.press("slash", *"nodi")
    title = bpost.posts.stories[0].title.split()[-1]
    found = bpost.saved
    assert found is not None
    await bpost.press("backspace", "backspace", "backspace", "backspace", *"ঢঢঢঢ")
    assert not bpost.posts.stories
    beside = bpost.saved
    assert beside is None and not bpost.items
    assert title not in bpost.screen_text()
    await bpost.press("escape")
    assert bpost.saved is not None and bpost.items


@pytest.mark.parametrize("size", [(60, 20), (140, 40)])
@pytest.mark.given(language="en")
async def test_line_names_its_question(bpost: Reader) -> None:
    await bpost.press("slash", *"nodi")
    assert "Name for this search" not in bpost.screen_text()
    await bpost.press("enter", "w")
    line = next(line for line in bpost.screen_text().splitlines() if "Name for this search" in line)
    assert "nodi" in line
    await bpost.press("escape")
    assert "Name for this search" not in bpost.screen_text()
