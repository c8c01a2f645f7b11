"""Tests of older stories, loaded on demand, and of changes at the portal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.story import ListFilter, Story
from bpost_tui.store.library import Library
from tests.changing_portal import POSTS, ChangingPortal
from tests.sample_portal.server import SamplePortal
from tests.tui.conftest import ReaderFactory


@pytest.fixture
def portal(now: datetime) -> Iterator[ChangingPortal]:
    with ChangingPortal(now=now) as server:
        yield server


async def test_older_stories_load_by_the_hundred_until_the_end(
    reader: ReaderFactory, portal: ChangingPortal, library: Library
) -> None:
    async with reader(portal.address, language="en", size=(140, 50)) as bpost:
        assert len(bpost.posts.stories) == 10
        await bpost.press("G")
        assert "Load older stories" in bpost.screen_text()
        at = bpost.posts.story.id if bpost.posts.story else None
        await bpost.press("O")
        assert library.count(ListFilter()) == 100  # ten of them were known
        assert "90 older stories" in bpost.screen_text() and "190" not in bpost.screen_text()
        assert bpost.posts.story and bpost.posts.story.id == at
        for _ in range(3):
            await bpost.press("O")
        assert library.count(ListFilter()) == POSTS
        await bpost.press("G")
        assert "The portal has nothing older" in bpost.screen_text()


async def test_click_below_the_last_story_loads_older_ones(reader: ReaderFactory, portal: ChangingPortal, library: Library) -> None:
    async with reader(portal.address, language="en", size=(140, 50)) as bpost:
        await bpost.press("G")
        posts = bpost.posts
        await bpost.pilot.click(posts, offset=(10, posts.window.end - posts.scroll_offset.y - 1))
        await bpost.settle()
        assert library.count(ListFilter()) == 100


async def test_older_stories_wait_while_another_run_loads_them(
    reader: ReaderFactory, portal: ChangingPortal, library: Library
) -> None:
    async with reader(portal.address, language="en", size=(140, 50)) as bpost:
        with library.fetch_log.backfill_lock():
            await bpost.press("O")
        assert library.count(ListFilter()) == 10
        assert "Another bpost is loading older stories" in bpost.screen_text()
        await bpost.press("O")
        assert library.count(ListFilter()) == 100


async def test_text_on_another_site_is_reported_and_not_fetched(
    reader: ReaderFactory, portal: ChangingPortal, library: Library
) -> None:
    story = Story("1", "খবর", "http://127.0.0.1:9/collect?n=3", published=portal.now, excerpt="শুরুটুকু…")
    (number,) = library.save([story], now=portal.now).new
    async with reader(portal.address, language="en", size=(140, 50), open_story=number) as bpost:
        await bpost.press("J", "K")  # the news of the refresh was shown last
        assert bpost.saved is not None and bpost.saved.headline.id == number
        assert "on another site" in bpost.screen_text() and "Offline" not in bpost.screen_text()


async def test_older_stories_offline_are_not_asked_for(reader: ReaderFactory, portal: ChangingPortal, library: Library) -> None:
    library.save([Story("1", "খবর", published=portal.now - timedelta(days=1))], now=portal.now)
    async with reader(portal.address, language="en", offline=True) as bpost:
        assert "Load older" not in bpost.screen_text()
        await bpost.press("O")
        assert "nothing is fetched" in bpost.screen_text()
    assert portal.requests == []


@pytest.mark.parametrize("leave", ["d", "escape", "q"])
async def test_d_shows_the_changes_and_goes_back(
    reader: ReaderFactory, sample_portal: SamplePortal, library: Library, now: datetime, leave: str
) -> None:
    def story(words: str) -> Story:
        text = (Paragraph((Span(words),)), Paragraph((Span("শেষ অনুচ্ছেদ।"),)))
        return Story("1", "Midnapore: খবর", published=now - timedelta(days=2), blocks=text, full=True)

    library.save([story("দুজন নতুন চিকিৎসক এলেন।")], now=now)
    async with reader(sample_portal.address, language="en", offline=True) as bpost:
        await bpost.press("l", "d")
        assert "hasn't changed" in bpost.screen_text()
        library.save([story("তিনজন নতুন চিকিৎসক এলেন।")], now=now)
        await bpost.reloaded()
        assert "updated" in bpost.screen_text()
        await bpost.press("d")
        assert bpost.dialog == "page"
        shown = bpost.screen_text()
        assert "দুজন" in shown and "তিনজন" in shown and "What changed since you read it" in shown
        await bpost.press("j", "k", "G", "g", leave)
        assert bpost.app.screen is bpost.main


async def test_withdrawn_story_is_marked_in_list_and_story(
    reader: ReaderFactory, portal: ChangingPortal, library: Library, now: datetime
) -> None:
    library.save([Story("1", "খবর", published=now - timedelta(days=1), excerpt="লেখা")], now=now)
    library.fetch_log.mark_withdrawn(["1"], now=now)
    async with reader(portal.address, language="en", offline=True) as bpost:
        shown = " ".join(bpost.screen_text().split())
        assert "withdrawn · 1" in shown or "withdrawn · yesterday" in shown, shown
        assert "withdrawn by the" in shown
