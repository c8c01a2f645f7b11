"""Tests of the reader's own lists: made, filled, renamed and deleted by keys; the undo key undoes each change."""

from __future__ import annotations

import pytest

from bpost_tui.core.lists.list_source import OwnListSource
from bpost_tui.model.story import ListFilter
from bpost_tui.store.library import Library
from tests.tui.reader_facade import Reader

pytestmark = pytest.mark.given(language="en")


def own_rows(bpost: Reader) -> list[tuple[str, int]]:
    counts = (count for count in bpost.categories.rows if isinstance(count.source, OwnListSource))
    return [(count.name, count.total) for count in counts]


async def go_to(bpost: Reader, name: str) -> None:
    bpost.go("categories")
    await bpost.press("G")
    while bpost.categories.rows[bpost.categories.cursor].name != name:
        await bpost.press("k")


def held(library: Library, name: str) -> list[int]:
    return [row.id for row in library.headlines(ListFilter(own_list=library.own_lists.find(name).key), limit=50)]


async def test_story_is_added_to_a_new_list_and_removed(bpost: Reader, library: Library) -> None:
    first, second = bpost.posts.stories[:2]
    await bpost.press("B")
    assert "Into which list?" in bpost.screen_text()
    await bpost.press("enter", *"Trip", "enter")
    assert own_rows(bpost) == [("Trip", 1)]
    assert "Added to “Trip”" in bpost.screen_text()
    await bpost.press("j", "B", "B")  # the same key again chooses the last list
    assert held(library, "Trip") == [first.id, second.id]
    await bpost.press("B")
    assert "✓" in bpost.screen_text()
    await bpost.press("enter")
    assert held(library, "Trip") == [first.id]
    assert "Removed from “Trip”" in bpost.screen_text()
    await bpost.press("u")
    assert held(library, "Trip") == [first.id, second.id]
    await bpost.press("u", "u")
    assert own_rows(bpost) == []
    assert library.own_lists.all() == ()


async def test_key_again_chooses_a_new_list_with_the_name_of_a_deleted_one(bpost: Reader, library: Library) -> None:
    library.own_lists.create("Aside", now=bpost.now)
    library.own_lists.delete(library.own_lists.create("Trip", now=bpost.now).key, now=bpost.now)
    first, second = bpost.posts.stories[:2]
    await bpost.press("B", "j", "enter", *"Trip", "enter", "j", "B", "B")
    assert held(library, "Trip") == [first.id, second.id]
    assert held(library, "Aside") == []


async def test_flagged_stories_go_into_a_list_together(bpost: Reader, library: Library) -> None:
    rows = bpost.posts.stories
    library.own_lists.set_entries(library.own_lists.create("Trip", now=bpost.now).key, [rows[1].id], True, now=bpost.now)
    await bpost.press("x", "j", "j", "X", "B")
    assert "4 stories: into which list?" in bpost.screen_text()
    assert "1 of 4" in bpost.screen_text()
    await bpost.press("enter")
    assert held(library, "Trip") == [row.id for row in rows[:4]]
    assert "3 stories added to “Trip”" in bpost.screen_text()
    await bpost.press("u")
    assert held(library, "Trip") == [rows[1].id]


async def test_own_list_has_a_row_and_can_be_searched(bpost: Reader, library: Library) -> None:
    await bpost.press("B", "enter", *"Trip", "enter", "j", "B", "enter")
    wanted = [row.id for row in bpost.posts.stories[:2]]
    await bpost.press("slash", *"list:trip", "enter")
    assert sorted(row.id for row in bpost.posts.stories) == sorted(wanted)
    await bpost.press("escape")
    await go_to(bpost, "Trip")
    assert [row.id for row in bpost.posts.stories] == wanted
    await bpost.press("right", "B", "B")  # removed from the list that is shown
    assert [row.id for row in bpost.posts.stories] == wanted[1:]
    await bpost.press("u")
    assert [row.id for row in bpost.posts.stories] == wanted


@pytest.mark.parametrize("way", ["dialog", "palette"])
async def test_list_is_renamed_and_deleted_and_both_are_undone(bpost: Reader, library: Library, way: str) -> None:
    await bpost.press("B", "enter", *"Trip", "enter")
    await go_to(bpost, "Trip")
    await bpost.press(*(("B", "enter") if way == "dialog" else (":", *"rename trip", "enter")))
    await bpost.press("ctrl+u", *"Journey", "enter")
    assert own_rows(bpost) == [("Journey", 1)]
    await bpost.press(*(("B", "j", "enter") if way == "dialog" else (":", *"delete journey", "enter")))
    assert own_rows(bpost) == []
    assert bpost.categories.cursor == 0
    assert len(bpost.posts.stories) > 1
    await bpost.press("u")
    assert own_rows(bpost) == [("Journey", 1)]
    await bpost.press("u")
    assert own_rows(bpost) == [("Trip", 1)]
    assert library.maintenance.verify() == ()


@pytest.mark.parametrize("pane", ["posts", "story"])
async def test_list_deleted_by_another_process_is_left_for_all_news(bpost: Reader, library: Library, pane: str) -> None:
    await bpost.press("j", "B", "enter", *"Trip", "enter")
    await go_to(bpost, "Trip")
    await bpost.press("enter", *(("enter",) if pane == "story" else ()))
    story = bpost.posts.stories[0]
    library.own_lists.delete(library.own_lists.find("Trip").key, now=bpost.now)
    bpost.notice_others()
    await bpost.settle()
    assert own_rows(bpost) == []
    assert len(bpost.posts.stories) > 1
    assert bpost.saved is not None and bpost.saved.headline.id == story.id
    assert bpost.pane == pane
    await bpost.press("s")
    assert [row.id for row in bpost.posts.stories if row.starred] == [story.id]


async def test_undo_in_a_list_that_is_gone_is_reported_once(bpost: Reader, library: Library) -> None:
    await bpost.press("s", "B", "enter", *"Trip", "enter")
    library.own_lists.delete(library.own_lists.find("Trip").key, now=bpost.now)
    await bpost.press("u")
    assert "no list is called" in bpost.screen_text()
    await bpost.press("u")
    assert not bpost.posts.stories[0].starred


async def test_list_name_with_markup_is_shown_as_typed(bpost: Reader, library: Library) -> None:
    library.own_lists.create("[red]b[/red] \x1b[31mx", now=bpost.now)
    await bpost.press("m", "B")
    assert "[red]b[/red] " in bpost.screen_text()
    await bpost.press("enter")
    assert "Added to “[red]b[/red] " in bpost.screen_text()


async def test_list_name_in_use_is_refused(bpost: Reader, library: Library) -> None:
    for name in ("One", "Two"):
        library.own_lists.create(name, now=bpost.now)
    await bpost.press("m", ":", *"rename two", "enter", "ctrl+u", *"One", "enter")
    assert "another list is called 'One'" in bpost.screen_text()
    assert [each.name for each in library.own_lists.all()] == ["One", "Two"]
