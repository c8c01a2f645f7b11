"""A site with a plain feed (RSS, Atom, JSON Feed), served on the loopback address, with the real parser process."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bpost_tui.errors import ContentError, PortalError
from bpost_tui.model.blocks import plain_text
from bpost_tui.model.story import Category, Story, Validators
from bpost_tui.portal.http import client as client_module
from bpost_tui.portal.portal import Portal
from tests.scripted_portal import PortalServer, item, rss

NOW = datetime(2026, 11, 25, tzinfo=UTC)
TAGS = ('"abc"', "Tue, 24 Nov 2026 22:34:35 GMT")
ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">
<title type="text">সাপ্তাহিক</title><link rel="self" href="@/feed.atom"/><link href="@/"/>
<entry><id>tag:paper.example,2026:1</id><title type="html">এক &amp;amp; দুই</title>
<link rel="replies" href="@/1#c"/><link rel="alternate" href="/1.html"/>
<published>2026-11-24T10:00:00+05:30</published><updated>2026-11-24T06:00:00Z</updated>
<author><name>রিনা</name></author><category term="dist" label="জেলার খবর"/><category term="sport"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>প্রথম <b>লাইন</b>।</p></div></content></entry>
<entry><id>tag:paper.example,2026:2</id><title>শুধু সারাংশ</title><link href="/2.html"/><updated>2026-11-24T05:00:00Z</updated>
<category term="sport"/><summary>সারাংশ।</summary></entry></feed>"""


@pytest.fixture
async def portal(portal_server: PortalServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Portal]:
    monkeypatch.setattr(client_module, "RETRY_PAUSE_S", 0.0)
    async with Portal(f"{portal_server.address}/feed.atom?lang=bn", kind="feed", clock=lambda: NOW) as portal:
        yield portal


def serve_atom(server: PortalServer) -> None:
    server.serve("/feed.atom?lang=bn", ATOM.replace("@", server.address).encode(), content_type="application/atom+xml")


async def test_feed_page_of_atom_has_its_stories_and_their_own_categories(portal: Portal, portal_server: PortalServer) -> None:
    serve_atom(portal_server)
    page = await portal.feed_page()
    assert page.address == portal.feed_address(None, 1) == f"{portal_server.address}/feed.atom?lang=bn"
    assert page.name == "সাপ্তাহিক" and page.warnings == ()
    first, second = page.stories
    assert (first.guid, first.title, first.author) == ("tag:paper.example,2026:1", "এক & দুই", "রিনা")
    assert first.link == f"{portal_server.address}/1.html"
    assert first.published == datetime(2026, 11, 24, 4, 30, tzinfo=UTC) and first.modified == datetime(2026, 11, 24, 6, tzinfo=UTC)
    assert first.categories == (Category("জেলার-খবর", "জেলার খবর"), Category("sport", "sport"))
    assert first.full and plain_text(first.blocks) == "প্রথম লাইন।"
    assert (second.excerpt, second.full) == ("সারাংশ।", False)


async def test_feed_page_of_json_feed_has_its_stories(portal: Portal, portal_server: PortalServer) -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "ক", "items": [{"id": 1, "title": "এক", "content_text": "লেখা"}]}
    portal_server.serve("/feed.atom?lang=bn", json.dumps(feed).encode(), content_type="application/feed+json")
    page = await portal.feed_page()
    assert [(story.guid, story.title, story.full) for story in page.stories] == [("1", "এক", True)] and page.name == "ক"


async def test_feed_page_of_a_category_has_only_its_stories(portal: Portal, portal_server: PortalServer) -> None:
    serve_atom(portal_server)
    page = await portal.feed_page("জেলার-খবর")
    assert [story.guid for story in page.stories] == ["tag:paper.example,2026:1"]
    assert page.address == portal.feed_address("জেলার-খবর", 1) != portal.feed_address(None, 1)  # each with its own validators
    assert (await portal.feed_page("nothing-of-it")).stories == ()
    assert {seen.path for seen in portal_server.requests} == {"/feed.atom?lang=bn"}


async def test_unchanged_feed_page_is_not_read(portal: Portal, portal_server: PortalServer) -> None:
    portal_server.validators = TAGS
    serve_atom(portal_server)
    page = await portal.feed_page()
    assert page.validators == Validators(*TAGS)
    assert (await portal.feed_page(validators=page.validators)).not_modified


async def test_feed_page_skips_items_read_before(portal: Portal, portal_server: PortalServer) -> None:
    serve_atom(portal_server)
    page = await portal.feed_page()
    again = await portal.feed_page(seen=page.digests)
    assert page.digests and again.stories == () and again.skipped == 2


async def test_feed_page_past_the_first_is_the_end_without_a_request(portal: Portal, portal_server: PortalServer) -> None:
    assert (await portal.feed_page(None, 2)).end
    assert portal_server.requests == []


@pytest.mark.parametrize("category", [None, "sport"])
async def test_feed_page_of_a_missing_feed_is_an_error(portal: Portal, category: str | None) -> None:
    with pytest.raises(PortalError, match="404"):
        await portal.feed_page(category)


async def test_feed_page_of_a_web_page_is_an_error(portal: Portal, portal_server: PortalServer) -> None:
    portal_server.serve("/feed.atom?lang=bn", b"<!doctype html><p>no", content_type="text/html")
    with pytest.raises(ContentError, match="not a feed but a web page"):
        await portal.feed_page()


async def test_plain_feed_never_requests_wp_json(portal: Portal, portal_server: PortalServer) -> None:
    story = Story("http://x/?p=7", "ক", f"{portal_server.address}/1.html")
    assert await portal.enrich([story]) == (story,)
    assert await portal.api.categories() is None
    assert await portal.api.posts_page(size=100, modified_after=NOW) is None
    assert await portal.api.find_withdrawn([story], (story, 7)) == ()
    assert portal_server.requests == []


async def test_full_story_is_read_from_the_articles_page(portal: Portal, portal_server: PortalServer) -> None:
    portal_server.serve("/1.html", "<article><h1>ক</h1><p>পুরো লেখা।</p></article>".encode(), content_type="text/html")
    full = await portal.full_story(Story("http://x/?p=7", "ক", f"{portal_server.address}/1.html"))
    assert full.full and plain_text(full.blocks) == "পুরো লেখা।" and portal_server.count() == 1


async def test_full_story_on_another_host_is_not_requested(
    portal: Portal, portal_server: PortalServer, sentinel: PortalServer
) -> None:
    with pytest.raises(ContentError, match="its text is on another site"):
        await portal.full_story(Story("1", "ক", f"{sentinel.address}/1.html"))


async def test_story_is_read_from_its_own_page(portal: Portal, portal_server: PortalServer) -> None:
    dated = "<article><h1>ক</h1><time datetime='2026-11-24'></time><p>পুরো লেখা।</p></article>"
    portal_server.serve("/1.html", dated.encode(), content_type="text/html")
    story = await portal.story_at(f"{portal_server.address}/1.html")
    assert story is not None and story.title == "ক" and portal_server.count() == 1


async def test_feed_redirect_to_another_host_is_not_followed(
    portal: Portal, portal_server: PortalServer, sentinel: PortalServer
) -> None:
    portal_server.redirect("/feed.atom?lang=bn", f"{sentinel.address}/feed")
    with pytest.raises(PortalError, match="another site than the portal"):
        await portal.feed_page()


async def test_item_of_a_plain_feed_is_read_from_its_own_page(portal_server: PortalServer) -> None:
    portal_server.serve("/rss.xml", rss(item("এক", link="/a"), item("দুই", link="/b")))
    async with Portal(f"{portal_server.address}/rss.xml", kind="feed", clock=lambda: NOW) as portal:
        page = await portal.feed_page()
    assert [story.link for story in page.stories] == [f"{portal_server.address}/a", f"{portal_server.address}/b"]
