"""Tests of a paper without a feed: headlines come from its sitemap, and a text from its page when the story is opened."""

from __future__ import annotations

from bpost_tui.config import PortalSetting, Settings
from bpost_tui.store.library import Library
from tests.scripted_portal import PortalServer, portal_server
from tests.sitemaps import entry, news_sitemap
from tests.tui.conftest import ReaderFactory

__all__ = ["portal_server"]


async def test_opened_story_of_a_sitemap_gets_its_text_from_its_page(
    reader: ReaderFactory, portal_server: PortalServer, library: Library
) -> None:
    at = portal_server.address
    portal_server.serve("/news.xml", news_sitemap(*(entry(f"{at}/{n}", f"শিরোনাম {n}") for n in range(2))))
    page = "<!doctype html><article class='entry-content'><h1>শিরোনাম</h1><p>পুরো লেখার শেষ।</p></article>"
    portal_server.serve("/1", page.encode(), content_type="text/html")
    papers = (PortalSetting(f"{at}/news.xml", kind="sitemap"),)
    async with reader(at, settings=Settings(portals=papers)) as bpost:
        assert sorted(row.title for row in bpost.posts.stories) == ["শিরোনাম 0", "শিরোনাম 1"]
        assert "/1" not in [seen.path for seen in portal_server.requests]
        while bpost.posts.stories[bpost.posts.cursor].title != "শিরোনাম 1":
            await bpost.press("down")
        await bpost.press("enter")
        number = bpost.posts.stories[bpost.posts.cursor].id
        assert library.story(number).headline.full and "পুরো লেখার শেষ" in bpost.screen_text()
