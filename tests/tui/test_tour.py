"""Tests of the tour (introduction for first-time readers): it is shown once or by a key, and blocks no key."""

from __future__ import annotations

import pytest

from bpost_tui.config import Settings
from bpost_tui.typesetting.terminal.capabilities import RenderMode
from bpost_tui.typesetting.typeset.items import Para
from tests.sample_portal.server import SamplePortal
from tests.tui.conftest import ReaderFactory
from tests.tui.reader_facade import Reader
from tests.tui.repaint_check import unlike

TITLE = "Quick tour"
HEADLINE = "নমুনা"
"""Word in the headline of the first story."""


async def test_tour_shows_instead_of_the_first_story_until_a_move(reader: ReaderFactory, sample_portal: SamplePortal) -> None:
    async with reader(sample_portal.address, language="en", first_time=True, settings=Settings(keys={"star": ("x",)})) as bpost:
        text = bpost.screen_text()
        assert TITLE in text
        assert "x  L  u" in text
        assert bpost.pane == "posts"
        assert bpost.posts.stories
        await bpost.press("r", "x")
        assert bpost.posts.stories[0].starred
        assert TITLE in bpost.screen_text()
        await bpost.press("j")
        assert TITLE not in bpost.screen_text()
        assert bpost.shown == bpost.posts.stories[1].id
    async with reader(sample_portal.address, language="en", first_time=True) as bpost:
        assert TITLE not in bpost.screen_text()


@pytest.mark.parametrize("key", ["enter", "tab", "2"])
@pytest.mark.given(language="en", first_time=True)
async def test_tour_ends_when_a_story_is_opened(bpost: Reader, key: str) -> None:
    await bpost.press(key)
    assert TITLE not in bpost.screen_text()
    assert bpost.shown == bpost.posts.stories[0].id


@pytest.mark.given(language="en", first_time=True)
async def test_tour_ends_by_escape_and_shows_the_first_story(bpost: Reader) -> None:
    await bpost.press("escape")
    assert TITLE not in bpost.screen_text()
    assert bpost.pane == "posts"
    assert bpost.shown == bpost.posts.stories[0].id
    await bpost.press("escape")
    assert bpost.pane == "categories"


@pytest.mark.parametrize("size", [(40, 12), (50, 16), (79, 24)])
@pytest.mark.given(language="en", first_time=True)
async def test_tour_in_a_narrow_window_yields_to_the_headlines(bpost: Reader) -> None:
    screen = bpost.screen_text()
    assert bpost.pane == "posts"
    assert "The Bengal Post" in screen and HEADLINE in screen
    assert "F1: tour · T: type another way" in screen or "F1: quick tour · T: draw type another way" in screen
    assert "? Help" in screen and "q Quit" in screen
    await bpost.press("f1")
    assert "Move from story to story" in bpost.screen_text()
    await bpost.press("enter")
    assert bpost.pane == "posts"
    await bpost.press("enter")
    assert bpost.shown == bpost.posts.stories[0].id
    assert "F1:" not in bpost.screen_text()


@pytest.mark.parametrize("size", [(80, 24), (110, 32), (160, 45)])
@pytest.mark.given(language="en", first_time=True)
async def test_tour_beside_the_headlines_is_whole(bpost: Reader) -> None:
    screen = bpost.screen_text()
    assert HEADLINE in screen
    assert all(words in screen for words in ("Move from story", "Esc: to the", "another way")), screen


@pytest.mark.given(size=(80, 24), render_mode=RenderMode.KITTY, how="pixels")
async def test_tour_from_the_categories_fits_its_pane(bpost: Reader) -> None:
    await bpost.press("h", "f1")
    assert bpost.items == bpost.tour_page
    before = bpost.screenful.named()
    await bpost.press("ctrl+l")
    assert not unlike(before, bpost.screenful.named())


async def test_tour_is_skipped_when_a_story_is_named(reader: ReaderFactory, sample_portal: SamplePortal) -> None:
    async with reader(sample_portal.address) as bpost:
        story = bpost.posts.stories[2].id
    async with reader(sample_portal.address, language="en", first_time=True, open_story=story) as bpost:
        assert TITLE not in bpost.screen_text()
        assert bpost.shown == story


@pytest.mark.given(language="en")
async def test_tour_opens_from_the_palette_and_returns(bpost: Reader) -> None:
    assert TITLE not in bpost.screen_text()
    await bpost.press("j", "colon", *"tour", "enter")
    assert TITLE in bpost.screen_text()
    assert bpost.pane == "story"
    await bpost.press("escape")
    assert TITLE not in bpost.screen_text()
    assert (bpost.pane, bpost.shown) == ("posts", bpost.posts.stories[1].id)
    await bpost.press("enter")
    assert (bpost.pane, bpost.shown) == ("story", bpost.posts.stories[1].id)


@pytest.mark.parametrize("size", [(110, 32), (60, 20)])
@pytest.mark.given(address="http://127.0.0.1:1", language="en")
async def test_tour_on_an_empty_library_returns_to_the_reason(bpost: Reader) -> None:
    reason = bpost.text("Read the sample edition")
    await bpost.press("f1", "escape")
    assert TITLE not in bpost.screen_text()
    for _ in range(2):
        assert "S" in bpost.screen_text() and reason.split()[-1] in bpost.screen_text()
        assert bpost.pane == "posts"
        await bpost.press("escape")


@pytest.mark.given(size=(100, 30), language="en", first_time=True, render_mode=RenderMode.MOSAIC, how="mosaic")
async def test_tour_begins_with_its_keys_when_few_lines_fit(bpost: Reader) -> None:
    first, *_ = bpost.items
    assert isinstance(first, Para)
    assert "Move from story to story" in "".join(run.text for run in first.runs)


@pytest.mark.given(size=(60, 30), language="en")
async def test_footer_shows_progress_in_the_tour_when_narrow(bpost: Reader) -> None:
    await bpost.press("f1")
    assert TITLE in bpost.screen_text()
    assert await bpost.until(lambda: "100%" in bpost.screen_text())  # after the scrolling


async def test_tour_in_a_low_window_hides_the_bars(reader: ReaderFactory, sample_portal: SamplePortal) -> None:
    async with reader(sample_portal.address, size=(100, 30), render_mode=RenderMode.MOSAIC, how="mosaic", first_time=True) as bpost:
        bars = bpost.main.query("#masthead, #bottom")
        assert [bar.display for bar in bars] == [True, True]
        await bpost.press("f1")
        assert [bar.display for bar in bars] == [False, False]
        await bpost.press("enter")
        assert [bar.display for bar in bars] == [True, True]
    async with reader(sample_portal.address, size=(100, 30), first_time=True) as bpost:
        assert [bar.display for bar in bpost.main.query("#masthead, #bottom")] == [True, True]
