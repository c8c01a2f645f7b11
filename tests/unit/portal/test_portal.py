"""The portal's public interface, against a server on the loopback address, with the real parser process."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bpost_tui.errors import ContentError, NotFoundError, PortalError
from bpost_tui.model.story import Category, Story, Validators
from bpost_tui.portal.http import client as client_module
from bpost_tui.portal.portal import Portal
from bpost_tui.portal.wordpress.wordpress_addresses import WordPressAddresses
from bpost_tui.portal.wordpress.wp_json import PortalCategories
from tests.scripted_portal import PortalServer, item, recording, rss
from tests.sitemaps import entry, news_sitemap, sitemap_index

pytestmark = pytest.mark.usefixtures("forked_parsers")

NOW = datetime(2026, 11, 25, tzinfo=UTC)
SITE = WordPressAddresses("")
"""A portal whose addresses are paths of the test server."""
TAGS = ('"d058ba419a8141120d0368b7e3f874be"', "Tue, 24 Nov 2026 22:34:35 GMT")


@pytest.fixture
async def portal(portal_server: PortalServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Portal]:
    monkeypatch.setattr(client_module, "RETRY_PAUSE_S", 0.0)
    async with Portal(portal_server.address, clock=lambda: NOW) as portal:
        yield portal


def serve_json(server: PortalServer, path: str, data: object, **headers: str) -> None:
    server.serve(path, json.dumps(data).encode(), status=200, content_type="application/json", **headers)


# ── feeds ───────────────────────────────────────────────────────────────────


async def test_feed_page_of_the_front_page_has_its_stories(portal: Portal, portal_server: PortalServer) -> None:
    portal_server.validators = TAGS
    portal_server.compress = True
    portal_server.play("/feed", "feed-full-p1")
    page = await portal.feed_page()
    assert page.address == portal.feed_address(None, 1) == f"{portal_server.address}/feed"
    assert len(page.stories) == 10 and page.warnings == () and not page.end
    assert page.validators == Validators(*TAGS)
    assert (await portal.feed_page(None, 1, page.validators)).not_modified
    assert portal_server.requests[-1].headers["if-none-match"] == TAGS[0]


async def test_feed_page_separates_tags_only_by_the_portals_category_list(portal: Portal, portal_server: PortalServer) -> None:
    portal_server.play("/feed", "feed-full-p1")
    guessed, listed = Category("জেলার-খবর", "জেলার খবর"), Category("জেলার-খবর", "জেলার খবর", portal_count=15)
    assert (await portal.feed_page(known=[guessed])).stories[0].tags == ()
    assert (await portal.feed_page(known=[listed])).stories[0].tags == ("IIT", "পশ্চিম মেদিনীপুর")


async def test_feed_page_past_the_end_is_the_end(portal: Portal) -> None:
    page = await portal.feed_page(None, 41)
    assert page.end and page.stories == () and page.warnings == () and page.validators is None


@pytest.mark.parametrize("answers", ["an empty feed", "404"])
async def test_feed_page_of_an_unknown_category_is_not_found(portal: Portal, portal_server: PortalServer, answers: str) -> None:
    if answers != "404":
        portal_server.play("/category/nope/feed", "feed-unknown-category-200")
    with pytest.raises(NotFoundError, match="the portal has no category 'nope', or nothing in it") as raised:
        await portal.feed_page("nope", known=[Category("nape", "", portal_count=3), Category("festival", "", portal_count=1)])
    assert raised.value.hint == "Did you mean nape?"


async def test_feed_page_of_a_listed_category_may_be_empty(portal: Portal, portal_server: PortalServer) -> None:
    portal_server.validators = TAGS
    portal_server.play("/category/nope/feed", "feed-unknown-category-200")
    page = await portal.feed_page("nope", known=[Category("nope", "", portal_count=0)])
    assert page.end and page.stories == () and page.warnings == () and page.validators is None


async def test_partly_parsed_feed_page_has_no_validators(portal: Portal, portal_server: PortalServer) -> None:
    portal_server.validators = TAGS
    portal_server.serve("/feed", rss(item("এক", guid="1"), item("দুই", guid="2"))[:-40])
    page = await portal.feed_page()
    assert len(page.stories) == 1 and page.warnings and page.validators is None


async def test_feed_page_drops_raw_escapes(portal: Portal, portal_server: PortalServer) -> None:
    portal_server.play("/feed", "feed-malformed-xml")
    assert len((await portal.feed_page()).stories) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
async def test_refused_feed_page_is_an_error(portal: Portal, portal_server: PortalServer, status: int) -> None:
    portal_server.serve("/feed", b"<html>no", status=status, content_type="text/html")
    with pytest.raises(PortalError, match=f"/feed: the server answered {status} "):
        await portal.feed_page()


async def test_feed_page_of_a_portal_without_database_is_an_error(portal: Portal, portal_server: PortalServer) -> None:
    portal_server.play("/feed", "error-500-database")
    with pytest.raises(PortalError, match="500 Internal Server Error"):
        await portal.feed_page()


async def test_feed_page_redirected_to_a_login_is_an_error(portal: Portal, portal_server: PortalServer) -> None:
    portal_server.redirect("/feed", "/login", status=302)
    portal_server.serve("/login", b"<!DOCTYPE html><form>", content_type="text/html")
    with pytest.raises(ContentError, match="not a feed but a web page"):
        await portal.feed_page()


async def test_portal_offline_makes_no_request(portal_server: PortalServer) -> None:
    async with Portal(portal_server.address, offline=True) as portal:
        with pytest.raises(PortalError, match="offline"):
            await portal.feed_page()
        with pytest.raises(PortalError, match="offline"):
            await portal.api.categories()
        story = Story("http://x/?p=1", "ক", f"{portal_server.address}/recent/x.html")
        with pytest.raises(PortalError, match="offline"):
            await portal.full_story(story)
        assert await portal.enrich([story]) == (story,)
    assert portal_server.count() == 0


# ── wp-json ─────────────────────────────────────────────────────────────────


async def test_categories_of_the_recording_are_read_completely(portal: Portal, portal_server: PortalServer) -> None:
    portal_server.play(SITE.categories({"page": 1}), "json-categories")
    categories = await portal.api.categories()
    assert categories is not None and len(categories.categories) == 20 and categories.is_complete


async def test_categories_are_read_from_all_pages(portal: Portal, portal_server: PortalServer) -> None:
    for page in (1, 2):
        serve_json(
            portal_server,
            SITE.categories({"page": page}),
            [{"id": page, "slug": f"s{page}", "name": f"N{page}"}],
            X_WP_TotalPages="2",
        )
    assert await portal.api.categories() == PortalCategories((Category("s1", "N1"), Category("s2", "N2")), is_complete=True)


async def test_categories_are_none_when_the_query_is_refused(portal: Portal, portal_server: PortalServer) -> None:
    portal_server.play(SITE.categories({"page": 1}), "json-posts-p5-400")
    assert await portal.api.categories() is None


@pytest.mark.parametrize(("pages", "refused"), [(11, 12), (3, 2)])
async def test_part_of_the_categories_is_known_to_be_a_part(
    portal: Portal, portal_server: PortalServer, pages: int, refused: int
) -> None:
    for page in range(1, min(pages + 1, refused)):
        rows = [{"id": page, "slug": f"s{page}", "name": f"N{page}"}]
        serve_json(portal_server, SITE.categories({"page": page}), rows, X_WP_TotalPages=f"{pages}")
    portal_server.play(SITE.categories({"page": refused}), "json-posts-p5-400")
    found = await portal.api.categories()
    assert found is not None and not found.is_complete
    assert len(found.categories) == min(10, refused - 1)


async def test_categories_are_none_after_one_refused_request(portal: Portal, portal_server: PortalServer) -> None:
    address = SITE.categories({"page": 1})
    portal_server.play(address, "json-posts-401")
    assert await portal.api.categories() is None
    assert await portal.api.categories() is None
    assert await portal.api.posts_page() is None
    assert portal_server.count() == 1


async def test_categories_are_found_at_rest_route_without_permalinks(portal: Portal, portal_server: PortalServer) -> None:
    address = SITE.categories({"page": 1}, pretty=False)
    serve_json(portal_server, address, [{"id": 1, "slug": "a", "name": "A"}])
    for _ in range(2):
        assert await portal.api.categories() == PortalCategories((Category("a", "A"),), is_complete=True)
    assert portal_server.count(address) == 2 and portal_server.count() == 3


async def test_posts_page_has_texts_and_modification_times(portal: Portal, portal_server: PortalServer) -> None:
    portal_server.play(SITE.posts({"per_page": 100, "page": 1}), "json-posts-10-embed")
    portal_server.play(SITE.posts({"per_page": 100, "page": 5}), "json-posts-p5-400")
    page, past = await portal.api.posts_page(page=1), await portal.api.posts_page(page=5)
    assert page is not None and past is not None
    assert (
        len(page.stories) == 3
        and not page.end
        and page.total == 400
        and all(story.modified and story.full for story in page.stories)
    )
    assert past.end and past.stories == ()


def serve_posts(server: PortalServer, **query: str | int) -> None:
    body = recording("json-posts-10-embed")[2].replace(b"127.0.0.1:8099", server.address.removeprefix("http://").encode())
    server.serve(SITE.posts(query), body, content_type="application/json")


async def test_enrich_of_summaries_adds_texts_tags_and_modifications(portal: Portal, portal_server: PortalServer) -> None:
    portal_server.play("/feed", "feed-excerpt-p1")
    stories = (await portal.feed_page()).stories[:2]
    serve_posts(portal_server, slug="illegal-parking-in-garbeta-2,pottery-workshop-returns-to-chandrakona-after-years", per_page=2)
    enriched = await portal.enrich(stories)
    assert [story.guid for story in enriched] == [story.guid for story in stories]
    assert all(story.full and story.blocks and story.modified for story in enriched)
    assert enriched[0].categories == (Category("জেলার-খবর", "জেলার খবর"),) and enriched[0].tags == ("IIT", "পশ্চিম মেদিনীপুর")


async def test_enrich_returns_the_stories_unchanged_when_wp_json_fails(portal: Portal, portal_server: PortalServer) -> None:
    story = Story("g", "ক", f"{portal_server.address}/recent/x.html")
    portal_server.serve(SITE.posts({"slug": "x", "per_page": 1}), b"", status=500)
    assert await portal.enrich([story]) == (story,)


async def test_full_story_from_wp_json_keeps_identity_and_headline(portal: Portal, portal_server: PortalServer) -> None:
    serve_posts(portal_server, include=423)
    story = await portal.full_story(Story(f"{portal_server.address}/?p=423", "আগের শিরোনাম"))
    assert story.full and story.blocks and story.title == "আগের শিরোনাম" and story.author == "News Desk"


async def test_full_story_is_read_from_the_page_without_wp_json(portal: Portal, portal_server: PortalServer) -> None:
    portal_server.play("/recent/lab-shortcodes.html", "page-article-classic")
    story = await portal.full_story(Story("g", "ক", f"{portal_server.address}/recent/lab-shortcodes.html"))
    assert story.full and len(story.blocks) == 7 and story.guid == "g" and story.title == "ক"


LOGIN = """<!doctype html><title>Hotel Sea View</title><h1>Welcome to Hotel Sea View</h1>
<p>Please enter your room number and your last name to use the internet. By logging in you accept the terms of the provider, which
are printed below and which you can also get at the reception desk at any time of the day or night.</p>
<p>The service is free of charge for guests. The provider takes no responsibility for the pages that you visit.</p>"""


@pytest.mark.parametrize(
    ("title", "excerpt"),
    [
        ("মেদিনীপুর শহরে নতুন সেতু", "কংসাবতীর উপরে নতুন সেতুর কাজ শুরু হল।"),
        ("New bridge across the Kangsabati", "Work on the bridge, which will take three years, began in Midnapore on Monday."),
    ],
)
async def test_login_page_of_the_network_is_not_a_storys_text(
    portal: Portal, portal_server: PortalServer, title: str, excerpt: str
) -> None:
    portal_server.serve("/recent/bridge.html", LOGIN.encode(), content_type="text/html")
    with pytest.raises(ContentError, match="another page came in place of the story"):
        await portal.full_story(Story("g", title, f"{portal_server.address}/recent/bridge.html", excerpt=excerpt))


async def test_login_page_of_the_network_is_no_story_at_a_link(portal: Portal, portal_server: PortalServer) -> None:
    portal_server.serve("/recent/bridge.html", LOGIN.encode(), content_type="text/html")
    assert await portal.story_at(f"{portal_server.address}/recent/bridge.html") is None


async def test_page_with_another_headline_is_a_storys_by_its_summary(portal: Portal, portal_server: PortalServer) -> None:
    portal_server.serve("/recent/bridge.html", LOGIN.encode(), content_type="text/html")
    story = Story("g", "Guests online", f"{portal_server.address}/recent/bridge.html", excerpt="Enter your room number to log in.")
    assert (await portal.full_story(story)).full


async def test_full_story_of_a_missing_page_is_an_error(portal: Portal, portal_server: PortalServer) -> None:
    with pytest.raises(PortalError, match="404"):
        await portal.full_story(Story("g", "ক", f"{portal_server.address}/recent/gone.html"))
    with pytest.raises(ContentError, match="no link"):
        await portal.full_story(Story("g", "ক"))


async def test_full_story_never_contacts_another_port_of_this_machine(portal: Portal, sentinel: PortalServer) -> None:
    with pytest.raises(ContentError, match="another site"):
        await portal.full_story(Story("g", "ক", f"{sentinel.address}/x.html"))


async def test_story_on_another_site_is_left_to_the_browser(portal: Portal, foreign_server: PortalServer) -> None:
    foreign_server.play("/x.html", "page-article-classic")
    with pytest.raises(ContentError, match="another site"):
        await portal.full_story(Story("g", "ক", f"{foreign_server.address}/x.html"))
    assert await portal.story_at(f"{foreign_server.address}/x.html") is None
    assert foreign_server.count() == 0


# ── sitemaps ────────────────────────────────────────────────────────────────


@pytest.fixture
async def indexed(portal_server: PortalServer) -> AsyncIterator[Portal]:
    at = portal_server.address
    files = ((f"{at}/news-2026-11-23.xml", "2026-11-23"), (f"{at}/news-2026-11-24.xml", "2026-11-24"))
    portal_server.serve("/index.xml", sitemap_index(*files))
    portal_server.serve("/news-2026-11-24.xml", news_sitemap(entry(f"{at}/a", "ক")), etag='"a"')
    async with Portal(f"{at}/index.xml", kind="sitemap", clock=lambda: NOW) as portal:
        yield portal


async def test_feed_page_of_an_index_is_its_newest_file(indexed: Portal, portal_server: PortalServer) -> None:
    page = await indexed.feed_page()
    assert [story.title for story in page.stories] == ["ক"] and page.name == "কাগজ"
    assert page.address == f"{portal_server.address}/news-2026-11-24.xml" and page.validators == Validators('"a"', None)
    assert [seen.path for seen in portal_server.requests] == ["/index.xml", "/news-2026-11-24.xml"]
    assert (await indexed.feed_page(page=2)).end


async def test_feed_page_of_an_index_asks_for_its_file_conditionally(indexed: Portal, portal_server: PortalServer) -> None:
    first = await indexed.feed_page()
    asked: list[str] = []

    def cached(address: str) -> tuple[Validators | None, str]:
        asked.append(address)
        return first.validators, first.digests

    assert (await indexed.feed_page(cached=cached)).skipped == 1
    assert asked == [first.address] and portal_server.requests[-1].headers["if-none-match"] == '"a"'
    portal_server.serve("/news-2026-11-24.xml", b"", status=304)
    await indexed.feed_page(cached=cached)
    assert (await indexed.feed_page(cached=cached)).not_modified


async def test_feed_page_of_an_index_of_indexes_is_refused(portal_server: PortalServer) -> None:
    address = f"{portal_server.address}/index.xml"
    portal_server.serve("/index.xml", sitemap_index((f"{portal_server.address}/other.xml", "")))
    portal_server.serve("/other.xml", sitemap_index((address, "")))
    async with Portal(address, kind="sitemap", clock=lambda: NOW) as portal:
        with pytest.raises(ContentError, match="an index of sitemaps in another"):
            await portal.feed_page()
    assert portal_server.count() == 2
