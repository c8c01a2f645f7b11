"""Tests of marks and undo: marks are set without questions, and every step can be undone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bpost_tui.model.story import ListFilter
from bpost_tui.store.library import Library
from tests.tui.reader_facade import Reader

pytestmark = pytest.mark.given(language="en")


async def test_undo_of_all_read_keeps_earlier_read_marks(bpost: Reader, library: Library) -> None:
    await bpost.press("m")
    read_before = bpost.posts.stories[0].id
    total = library.count(ListFilter())
    await bpost.press("A", "enter")
    assert library.count(ListFilter(unread=True)) == 0
    assert f"{total - 1} marked read · u: undo" in bpost.screen_text()
    await bpost.press("u")
    assert library.count(ListFilter(unread=True)) == total - 1
    assert library.headline(read_before).read
    assert f"Undone: {total - 1} stories unread again" in bpost.screen_text()


async def test_undo_goes_back_step_by_step_to_nothing(bpost: Reader, library: Library) -> None:
    story_id = bpost.posts.stories[0].id
    await bpost.press("s", "m")
    await bpost.press("u")
    assert not library.headline(story_id).read
    assert library.headline(story_id).starred
    assert "Undone: unread again" in bpost.screen_text()
    await bpost.press("u")
    assert not library.headline(story_id).starred
    assert "Undone: no longer starred" in bpost.screen_text()
    await bpost.press("u")
    assert "Nothing to undo" in bpost.screen_text()


async def test_undo_reports_a_story_deleted_since(bpost: Reader, library: Library) -> None:
    await bpost.press("s", "s")
    library.maintenance.prune(datetime.now(UTC) + timedelta(days=1))  # as another process does; the list isn't read again yet
    await bpost.press("u")
    assert "the story is no longer saved" in bpost.screen_text() and "starred again" not in bpost.screen_text()


@pytest.mark.given(language="bn")
async def test_all_read_in_a_category_leaves_the_others(bpost: Reader, library: Library) -> None:
    await bpost.press("3", "A", "enter")
    slug = bpost.slugs[2]
    assert library.count(ListFilter(category=slug, unread=True)) == 0
    assert library.count(ListFilter(unread=True)) > 0


@pytest.mark.given(language="bn")
async def test_marks_act_on_a_shown_story_outside_the_list(bpost: Reader, library: Library) -> None:
    other = next(row.id for row in bpost.posts.stories if all(category.slug != "education" for category in row.categories))
    education = bpost.slugs.index("education")
    bpost.choose_category(education)
    await bpost.settle()
    bpost.read(other)
    bpost.go("story")
    await bpost.settle()
    await bpost.press("s", "y")
    assert library.headline(other).starred
    assert bpost.app.clipboard == library.headline(other).link
    assert not any(row.starred for row in bpost.posts.stories)


async def test_story_read_in_an_unread_search_stays_until_left(bpost: Reader, library: Library) -> None:
    await bpost.press("slash", *"is:unread", "enter")
    first, second, third, *_ = (row.id for row in bpost.posts.stories)
    await bpost.press("enter", "G")
    assert library.headline(first).read
    assert [row.id for row in bpost.posts.stories][:3] == [first, second, third]
    assert bpost.posts.cursor == 0 and bpost.posts.stories[0].read
    await bpost.press("space")
    assert bpost.posts.story is not None and bpost.posts.story.id == second
    await bpost.press("m", "J")
    assert bpost.posts.story.id == third
    await bpost.press("escape", "escape", "slash", *"is:unread", "enter")
    assert bpost.posts.stories[0].id == third


async def test_story_marked_read_in_an_unread_search_disappears(bpost: Reader, library: Library) -> None:
    await bpost.press("slash", *"is:unread", "enter")
    second, third = (row.id for row in bpost.posts.stories[1:3])
    await bpost.press("m")
    assert bpost.posts.stories[0].id == bpost.shown == second
    await bpost.press("s", "m")
    assert library.headline(second).starred and library.headline(second).read
    assert bpost.posts.stories[0].id == bpost.shown == third
    await bpost.press("A", "enter")
    assert not bpost.posts.stories and bpost.saved is None
    await bpost.press("u")
    assert bpost.posts.stories[0].id == bpost.shown == third


async def test_empty_starred_list_stays_in_the_pane_until_left(bpost: Reader, library: Library) -> None:
    await bpost.press("s")
    starred = bpost.posts.stories[0].id
    categories = bpost.categories
    bpost.choose_category(bpost.slugs.index("starred"))
    await bpost.settle()
    await bpost.press("s")
    assert not library.headline(starred).starred and not bpost.posts.stories
    assert bpost.slug == "starred" and categories.rows[categories.cursor].total == 0
    await bpost.press("u")
    assert [row.id for row in bpost.posts.stories] == [starred] and categories.rows[categories.cursor].total == 1
    await bpost.press("s", "h", "g")
    assert "starred" not in bpost.slugs
    assert len(bpost.posts.stories) > 1
