"""Tests of going back to earlier lists, searches, stories and positions in them, up to the start of the session."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bpost_tui.core.lists.listings import Listings, ListResult
from bpost_tui.errors import StoreError
from bpost_tui.store.library import Library
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


@pytest.mark.given(size=(80, 24), language="bn")
async def test_story_left_for_an_empty_list_keeps_its_position(bpost: Reader) -> None:
    await bpost.press("enter", "pagedown", "down")
    story = bpost.shown
    assert story is not None
    await bpost.press("escape", "slash")
    bpost.line.insert_text_at_cursor("qqqq")
    await bpost.settle()
    assert bpost.saved is None
    position = bpost.library.reading_log.position(story)
    assert position is not None and position.item > 0


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


@pytest.mark.parametrize("keys", [("down", "down"), ("down", "down", "enter")])
async def test_place_whose_story_is_deleted_leads_to_its_list(bpost: Reader, library: Library, keys: tuple[str, ...]) -> None:
    first, second, third = bpost.posts.stories[:3]
    await bpost.press(*keys)
    assert bpost.shown == third.id and third.published is not None
    bpost.choose_category(1)
    await bpost.settle()
    library.maintenance.prune(third.published + timedelta(seconds=1))
    await bpost.press("backspace")
    assert [row.id for row in bpost.posts.stories] == [first.id, second.id]
    assert (bpost.slug, bpost.pane, bpost.posts.cursor, bpost.shown, bpost.is_list_shown) == ("", "posts", 1, second.id, True)
    assert bpost.message == "This story is no longer saved"
    await bpost.press("A", "A")
    assert library.unread_count() == 0


async def test_search_whose_only_story_is_deleted_leads_to_the_empty_search(bpost: Reader, library: Library) -> None:
    await bpost.press("slash", *"hugli", "enter")
    bpost.choose_category(1)
    await bpost.settle()
    library.maintenance.prune(bpost.now + timedelta(days=1))
    await bpost.press("backspace")
    assert (bpost.query, bpost.line.value, bpost.saved) == ("hugli", "hugli", None)


async def test_place_that_cannot_be_read_stays_the_next_place(bpost: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    bpost.choose_category(1)
    await bpost.press("down")
    slug = bpost.slug
    bpost.choose_category(2)
    await bpost.settle()
    before, places = here(bpost), bpost.places
    with monkeypatch.context() as patch:
        patch.setattr(Listings, "read", _busy)
        await bpost.press("backspace")
    assert bpost.message.startswith("the library is in use")
    assert (here(bpost), bpost.places, bpost.is_list_shown) == (before, places, True)
    await bpost.press("backspace")
    assert bpost.slug == slug


def _busy(*_: object) -> ListResult:
    raise StoreError("the library is in use")
