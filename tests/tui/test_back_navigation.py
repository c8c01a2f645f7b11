"""Tests of going back to earlier lists, searches, stories and positions in them, up to the start of the session."""

from __future__ import annotations

import pytest

from tests.tui.reader_facade import Reader

pytestmark = pytest.mark.given(language="en")


def here(bpost: Reader) -> tuple[object, ...]:
    return bpost.list_filter, bpost.query, bpost.shown, bpost.here, bpost.categories.source, bpost.posts.cursor


@pytest.mark.parametrize("size", [(40, 12), (140, 40)])
async def test_backspace_undoes_jumps_one_by_one(bpost: Reader) -> None:
    places = []
    await bpost.press("down", "down")
    places.append(here(bpost))
    bpost.choose_category(1)
    await bpost.press("down")
    places.append(here(bpost))
    await bpost.press("slash", *"hugli", "enter")
    places.append(here(bpost))
    bpost.choose_category(2)
    await bpost.settle()
    for place in reversed(places):
        await bpost.press("backspace")
        assert here(bpost) == place
    await bpost.press("backspace")
    assert "No earlier place" in bpost.message


@pytest.mark.given(size=(80, 24), language="bn")
async def test_story_left_for_the_next_reopens_at_its_line(bpost: Reader) -> None:
    await bpost.press("enter", "pagedown", "down")
    before, line = here(bpost), bpost.story.scroll_offset.y
    assert line > 0
    await bpost.press("J", "J")
    await bpost.press("backspace", "backspace")
    assert here(bpost) == before
    assert bpost.story.scroll_offset.y == line


@pytest.mark.given(language="bn")
async def test_passing_over_categories_adds_no_places(bpost: Reader) -> None:
    before = here(bpost)[:3]
    bpost.go("categories")
    await bpost.press("down", "down", "down", "backspace")
    assert here(bpost)[:3] == before
    assert not bpost.places


async def test_place_gone_back_to_shows_later_changes(bpost: Reader) -> None:
    await bpost.press("s")
    bpost.choose_category(1)
    await bpost.settle()
    await bpost.press("backspace")
    assert bpost.posts.stories[0].starred
    assert bpost.query == ""
