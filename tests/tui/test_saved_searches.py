"""Tests of saved searches: named in the prompt, listed with their number of unread stories, deleted, and restored."""

from __future__ import annotations

import pytest

from bpost_tui.core.lists.list_source import PaneSource, SavedSearchSource
from bpost_tui.store.library import Library
from tests.tui.reader_facade import Reader

pytestmark = pytest.mark.given(language="en")


def last_row(bpost: Reader) -> tuple[PaneSource, str, int]:
    row = bpost.categories.rows[-1]
    return row.source, row.name, row.unread


async def test_saved_search_is_listed_with_its_unread_count(bpost: Reader, library: Library) -> None:
    await bpost.press("slash", *"hugli", "enter")
    found = [row.id for row in bpost.posts.stories]
    await bpost.press("w", "ctrl+u", *"River", "enter")
    assert last_row(bpost) == (SavedSearchSource("hugli"), "River", len(found))
    assert "Search saved as “River”" in bpost.screen_text()
    assert "─ Saved searches ─" in bpost.screen_text()
    await bpost.press("m")
    assert last_row(bpost)[2] == len(found) - 1
    await bpost.press("escape")
    assert bpost.query == ""
    bpost.go("categories")
    await bpost.press("G")
    assert [row.id for row in bpost.posts.stories] == found
    await bpost.press("right", "escape")
    assert (bpost.pane, bpost.query) == ("categories", "hugli")
    assert [(saved.name, saved.query) for saved in library.saved_searches.all()] == [("River", "hugli")]


async def test_saved_search_is_deleted_and_everything_is_undone(bpost: Reader, library: Library) -> None:
    await bpost.press("slash", *"hugli", "enter", "w", "enter", "w")
    assert library.saved_searches.all() == ()
    assert "Search “hugli” deleted" in bpost.screen_text()
    await bpost.press("u")
    assert [saved.query for saved in library.saved_searches.all()] == ["hugli"]
    await bpost.press("u")
    assert library.saved_searches.all() == ()


async def test_undo_restores_the_search_replaced_by_name(bpost: Reader, library: Library, now: object) -> None:
    library.saved_searches.save("hugli", "tag:Hooghly", now=bpost.now)
    await bpost.press("slash", *"hugli", "enter", "w", "enter")
    assert [saved.query for saved in library.saved_searches.all()] == ["hugli"]
    await bpost.press("u")
    assert [saved.query for saved in library.saved_searches.all()] == ["tag:Hooghly"]


async def test_escape_from_the_name_saves_no_search(bpost: Reader, library: Library) -> None:
    await bpost.press("slash", *"hugli", "enter", "w", "escape")
    assert library.saved_searches.all() == ()
    assert bpost.query == "hugli"
    await bpost.press("escape")
    assert bpost.query == ""


async def test_save_key_without_a_search_shows_the_reason(bpost: Reader) -> None:
    await bpost.press("w")
    assert "There is no search to save" in bpost.screen_text()


async def test_saved_search_counts_unread_for_any_query(bpost: Reader, library: Library) -> None:
    for query in ('"এক', "a or", "is:read"):
        library.saved_searches.save("kept", query, now=bpost.now)
        await bpost.reloaded()
        assert last_row(bpost)[2] == library.search.count(f"is:unread {query}", now=bpost.now), query
