"""Tests from end to end: news come from the portal into the library and on the screen; then again without a network."""

from __future__ import annotations

import pytest

from bpost_tui.model.story import ListFilter
from bpost_tui.store.library import Library
from tests.sample_portal.server import SamplePortal
from tests.tui.conftest import ReaderFactory
from tests.tui.reader_facade import Reader

SIZES = [(40, 12), (80, 24), (140, 40), (200, 50)]


async def test_first_start_fetches_and_shows_the_newest_story(bpost: Reader, library: Library) -> None:
    assert len(bpost.posts.stories) >= 10
    assert library.count(ListFilter()) == len(bpost.posts.stories)
    newest = bpost.posts.stories[0]
    assert newest.title.split(":")[-1].split()[0] in bpost.screen_text()
    assert "নতুন" in bpost.screen_text()


async def test_fetched_stories_open_again_offline(reader: ReaderFactory, sample_portal: SamplePortal, library: Library) -> None:
    async with reader(sample_portal.address) as bpost:
        title = bpost.posts.stories[2].title
    async with reader("http://127.0.0.1:9", offline=True) as bpost:
        await bpost.press("down", "down", "enter")
        assert bpost.pane == "story"
        saved = library.story(bpost.posts.stories[2].id)
        assert saved.headline.title == title
        assert saved.headline.full
        assert saved.blocks
        assert title.split()[-1] in bpost.screen_text()


async def test_unreachable_portal_offers_the_sample_when_empty(reader: ReaderFactory) -> None:
    async with reader("http://127.0.0.1:9", language="en") as bpost:
        text = bpost.screen_text()
        assert "Nothing is saved yet" in text
        assert "sample edition" in text
        await bpost.press("S")
    assert bpost.app.return_value == "sample"


@pytest.mark.given(address="http://127.0.0.1:9", language="en", offline=True)
async def test_empty_library_offline_offers_the_sample_edition(bpost: Reader) -> None:
    text = bpost.screen_text()
    assert "is being asked" not in text
    assert "nothing is fetched" in text
    assert "sample edition" in text


async def test_unreachable_portal_shows_the_age_of_saved_news(
    reader: ReaderFactory, sample_portal: SamplePortal, library: Library
) -> None:
    async with reader(sample_portal.address):
        pass
    async with reader("http://127.0.0.1:9", language="en") as bpost:
        assert "showing news fetched just now" in bpost.screen_text()
        assert bpost.posts.stories


@pytest.mark.parametrize("key", ["r", "O"])
async def test_failure_in_a_narrow_window_is_shown_without_the_address(
    reader: ReaderFactory, sample_portal: SamplePortal, library: Library, key: str
) -> None:
    async with reader(sample_portal.address):
        pass
    async with reader("http://127.0.0.1:9", language="en", size=(60, 20)) as bpost:
        await bpost.press(key)
        assert "can't connect (connec" in bpost.screen_text()


@pytest.mark.parametrize("size", SIZES)
async def test_every_size_shows_list_and_story(bpost: Reader) -> None:
    first = bpost.posts.stories[0].title.split()[-1]
    await bpost.press("enter")
    assert bpost.pane == "story"
    assert bpost.story.display
    shown = bpost.screen_text()
    assert bpost.posts.stories[0].title.split(":")[-1].split()[0] in shown, first
    await bpost.press("escape")
    assert bpost.pane == "posts"
    assert bpost.posts.display


async def test_story_becomes_read_at_its_end_only(bpost: Reader, library: Library) -> None:
    await bpost.press("down", "down")
    assert library.count(ListFilter(unread=True)) == library.count(ListFilter())
    await bpost.press("enter", "G")
    assert library.headline(bpost.posts.stories[2].id).read
    assert library.count(ListFilter(unread=True)) == library.count(ListFilter()) - 1


async def test_marks_are_shown_at_once_and_kept(bpost: Reader, library: Library) -> None:
    story_id = bpost.posts.stories[0].id
    await bpost.press("m", "s")
    assert library.headline(story_id).read
    assert library.headline(story_id).starred
    assert bpost.posts.stories[0].read
    await bpost.press("m")
    assert not library.headline(story_id).read


async def test_next_unread_skips_read_stories(bpost: Reader, library: Library) -> None:
    library.set_mark("read", [bpost.posts.stories[1].id, bpost.posts.stories[2].id], True, now=bpost.listings.clock())
    await bpost.reloaded()
    await bpost.press("n")
    assert bpost.posts.cursor == 3
    await bpost.press("p")
    assert bpost.posts.cursor == 0


@pytest.mark.given(size=(80, 24))
async def test_space_pages_through_a_story_to_the_next(bpost: Reader) -> None:
    await bpost.press("space")
    assert bpost.pane == "story"
    for _ in range(60):
        await bpost.press("space")
        if bpost.posts.cursor:
            break
    assert bpost.posts.cursor == 1
    assert bpost.story.scroll_offset.y == 0


async def test_next_story_opens_from_within_the_text(bpost: Reader) -> None:
    await bpost.press("enter", "J", "J", "K")
    assert bpost.pane == "story"
    assert bpost.posts.cursor == 1


@pytest.mark.given(size=(140, 30))
async def test_refresh_moves_neither_cursor_nor_scroll(bpost: Reader, library: Library) -> None:
    await bpost.press("down", "down", "down", "enter", "down", "down")
    index, line, top = bpost.posts.cursor, bpost.story.scroll_offset.y, bpost.posts.scroll_offset.y
    await bpost.press("r")
    assert bpost.posts.cursor == index
    assert bpost.story.scroll_offset.y == line
    assert bpost.posts.scroll_offset.y == top


async def test_digit_shows_its_category(bpost: Reader) -> None:
    await bpost.press("2")
    slug = bpost.slugs[1]
    assert bpost.posts.stories
    assert all(slug in [category.slug for category in row.categories] for row in bpost.posts.stories)
    await bpost.press("1")
    assert len(bpost.posts.stories) >= 10


@pytest.mark.given(language="en")
async def test_help_shows_the_keys_of_the_place_and_goes_away(bpost: Reader) -> None:
    await bpost.press("question_mark")
    assert "Next unread story" in bpost.screen_text()
    await bpost.press("escape")
    assert bpost.app.screen is bpost.main


async def test_quit_returns_no_value(reader: ReaderFactory, sample_portal: SamplePortal) -> None:
    async with reader(sample_portal.address) as bpost:
        await bpost.press("q")
    assert bpost.app.return_value is None


async def test_palette_runs_the_action_found_by_name(bpost: Reader, library: Library) -> None:
    story_id = bpost.posts.stories[0].id
    await bpost.press("ctrl+p", "s", "t", "a", "r", "enter")
    assert bpost.app.screen is bpost.main
    assert library.headline(story_id).starred
    await bpost.press("colon", "n", "i", "g", "h", "t", "enter")
    assert bpost.app.theme == "night"


@pytest.mark.given(language="en")
async def test_palette_reports_no_matches(bpost: Reader) -> None:
    await bpost.press("colon", "7", "7", "7")
    assert "Nothing matches" in bpost.screen_text()
    await bpost.press("enter", "escape")
    assert bpost.app.screen is bpost.main


async def test_type_question_returns_until_answered_in_unknown_terminal(reader: ReaderFactory, sample_portal: SamplePortal) -> None:
    for keys in (("j", "enter", "escape"), ("y",)):
        async with reader(sample_portal.address, language="en", terminal="", how="auto") as bpost:
            assert "Can you read this" in bpost.screen_text()
            await bpost.press(*keys)
            assert ("Can you read this" in bpost.screen_text()) is (keys != ("y",))
    async with reader(sample_portal.address, language="en", terminal="", how="auto") as bpost:
        assert "Can you read this" not in bpost.screen_text()


async def test_position_in_a_story_is_kept_at_another_size(reader: ReaderFactory, sample_portal: SamplePortal) -> None:
    async with reader(sample_portal.address, size=(80, 24)) as bpost:
        await bpost.press("enter", *["down"] * 12)
        item = bpost.story.item
        assert item > 2
        await bpost.press("J", "K")
        assert bpost.story.item == item
        await bpost.press("down", "Q")
    async with reader(sample_portal.address, size=(120, 20)) as bpost:
        await bpost.settle()
        assert bpost.story.item in (item, item + 1)


async def test_story_reopens_at_its_position_or_top_after_its_end(reader: ReaderFactory, sample_portal: SamplePortal) -> None:
    async with reader(sample_portal.address, size=(80, 24)) as bpost:
        await bpost.press("enter", *["down"] * 12, "m", "down")
        item = bpost.story.item
        await bpost.press("Q")
    async with reader(sample_portal.address, size=(80, 24)) as bpost:
        assert bpost.posts.stories[0].read
        assert bpost.story.item == item > 2
        await bpost.press("G", "Q")
    async with reader(sample_portal.address, size=(80, 24)) as bpost:
        assert bpost.story.item == 0
