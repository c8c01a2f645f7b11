"""Tests of hiding read stories: the lists that do, the stories that stay, the message, and that the choice is saved."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bpost_tui.core.lists.list_slice import PAGE_ROWS
from bpost_tui.core.state.preferences import Preferences
from bpost_tui.model.story import ListFilter, Story
from bpost_tui.store.library import Library
from tests.sample_portal.server import SamplePortal
from tests.tui.conftest import ReaderFactory
from tests.tui.reader_facade import Reader


def story(guid: str, published: datetime) -> Story:
    return Story(guid, f"খবর {guid}", published=published)


def ids(bpost: Reader) -> list[int]:
    return [row.id for row in bpost.posts.stories]


@pytest.mark.given(language="en")
async def test_key_hides_and_shows_read_stories_around_the_cursor(bpost: Reader) -> None:
    every = ids(bpost)
    await bpost.press("m", "j", "j", "m", "j", "m", "j")
    assert bpost.posts.cursor == 4
    counts = bpost.categories.rows
    await bpost.press("U")
    assert ids(bpost) == [each for each in every if each not in (every[0], every[2], every[3])]
    assert bpost.posts.story and bpost.posts.story.id == every[4]
    assert bpost.categories.rows == counts
    assert "Read stories are hidden" in bpost.screen_text()
    assert "unread only" in bpost.screen_text().splitlines()[-1]
    line = bpost.cursor_region.y
    await bpost.press("U")
    assert ids(bpost) == every
    assert (bpost.posts.cursor, bpost.cursor_region.y) == (4, line)
    assert "Showing read stories" in bpost.screen_text()
    assert "unread only" not in bpost.screen_text()


async def test_selected_read_story_stays_until_left(bpost: Reader) -> None:
    every = ids(bpost)
    for at in range(5):
        await bpost.press("m", *(["j"] if at < 4 else []))
    await bpost.press("k", "k", "U")
    assert ids(bpost) == [every[2], *every[5:]]
    assert bpost.posts.story and bpost.posts.story.id == every[2]
    await bpost.press("2")
    await bpost.press("1")
    assert [each for each in ids(bpost) if each in every] == every[5:]


async def test_story_read_in_unread_only_stays_until_a_refresh(bpost: Reader, library: Library) -> None:
    every = ids(bpost)
    await bpost.press("U", "enter", "G")
    assert library.headline(every[0]).read
    await bpost.press("n", "m", "escape", "j", "m")
    assert ids(bpost) == every
    assert [row.read for row in bpost.posts.stories[:4]] == [True, True, True, False]
    await bpost.press("m")
    assert [row.read for row in bpost.posts.stories[:4]] == [True, True, False, False]
    await bpost.press("r")
    assert ids(bpost) == every[2:]
    await bpost.press("m", "2")
    await bpost.press("1")
    assert [each for each in ids(bpost) if each in every] == every[3:]


async def test_refresh_keeps_the_open_story_in_unread_only(bpost: Reader) -> None:
    every = ids(bpost)
    await bpost.press("U", "m", "j", "enter", "m", "r")
    assert ids(bpost) == every[1:]
    assert (bpost.pane, bpost.posts.cursor) == ("story", 0)


async def test_new_story_comes_above_kept_ones(bpost: Reader, library: Library) -> None:
    every = ids(bpost)
    library.set_mark("read", every[1:], True, now=bpost.now)
    await bpost.press("U", "m")
    assert ids(bpost)[:1] == every[:1]
    new = library.save([story("new", published=bpost.now)], now=bpost.now).new
    await bpost.reloaded()
    assert ids(bpost) == [*new, every[0]]
    assert bpost.posts.cursor == 1


@pytest.mark.given(language="en")
async def test_unread_only_list_all_read_names_the_key(bpost: Reader, library: Library) -> None:
    total = len(bpost.posts.stories)
    await bpost.press("U", "A", "enter")
    assert bpost.posts.stories == ()
    assert "No more unread stories here" in bpost.screen_text()
    assert "U: show read stories" in bpost.screen_text()
    await bpost.press("u")
    assert len(bpost.posts.stories) == total
    await bpost.press("A", "enter", "U")
    assert len(bpost.posts.stories) == total
    assert library.count(ListFilter(unread=True)) == 0


@pytest.mark.given(language="en")
async def test_unread_only_spares_searches_and_own_lists(bpost: Reader, library: Library) -> None:
    first = ids(bpost)[0]
    await bpost.press("s", "m", "U", "slash", *"is:read", "enter")
    assert ids(bpost) == [first]
    assert "unread only" not in bpost.screen_text()
    await bpost.press("escape")
    bpost.reload()  # as after another process saved a story
    await bpost.settle()
    assert bpost.posts.story is not None and bpost.posts.story.id == first  # back on the last story, read or not
    slugs = bpost.slugs
    bpost.choose_category(slugs.index("education"))
    await bpost.settle()
    bpost.choose_category(0)
    await bpost.settle()
    assert first not in ids(bpost)
    bpost.choose_category(slugs.index("starred"))
    await bpost.settle()
    assert ids(bpost) == [first]
    await bpost.press("U", "U")
    assert "not in this list" in bpost.screen_text()
    assert ids(bpost) == [first]


async def test_choice_is_remembered(reader: ReaderFactory, sample_portal: SamplePortal, tmp_path: Path) -> None:
    async with reader(sample_portal.address) as bpost:
        await bpost.press("m", "U")
    assert Preferences(tmp_path / "state").values.unread_only
    async with reader(sample_portal.address) as bpost:
        assert bpost.posts.stories and not any(row.read for row in bpost.posts.stories)
        await bpost.press("U")
        assert any(row.read for row in bpost.posts.stories)
    assert not Preferences(tmp_path / "state").values.unread_only


@pytest.mark.given(offline=True)
async def test_story_below_many_read_ones_keeps_its_place(bpost: Reader, library: Library) -> None:
    many = [story(f"g{at}", published=bpost.now - timedelta(hours=at)) for at in range(2 * PAGE_ROWS + 50)]
    saved = library.save(many, now=bpost.now).new
    library.set_mark("read", saved[: 2 * PAGE_ROWS], True, now=bpost.now)
    await bpost.reloaded()
    bpost.posts.cursor = 10
    await bpost.settle()
    await bpost.press("U")
    assert ids(bpost) == [saved[10], *saved[2 * PAGE_ROWS :]]
    await bpost.press("j", "j")
    assert bpost.posts.story and bpost.posts.story.id == saved[2 * PAGE_ROWS + 1]
    await bpost.press("U")
    assert bpost.posts.cursor == 2 * PAGE_ROWS + 1
    assert bpost.posts.story and bpost.posts.story.id == saved[2 * PAGE_ROWS + 1]
