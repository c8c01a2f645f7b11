"""Finding the paper at an address, served on the loopback address, with the real parser process."""

from __future__ import annotations

import asyncio
import errno
import json
import ssl
from asyncio.subprocess import Process
from datetime import UTC, datetime
from mmap import mmap

import pytest

from bpost_tui.errors import ContentError, PortalError, UsageError
from bpost_tui.limits import MAX_SITE_FEEDS
from bpost_tui.portal import paper_discovery
from bpost_tui.portal.html.feed_links import read_site
from bpost_tui.portal.http import client as client_module
from bpost_tui.portal.kinds import KINDS
from bpost_tui.portal.kinds.feed_kind import COMMON_FEED_PATHS
from bpost_tui.portal.paper_discovery import DiscoveredPaper, PaperDiscovery
from bpost_tui.portal.parse_results import FeedLink, ParsedFeed, ParsedSite, ParserTask
from bpost_tui.portal.worker.parser_process import ParserProcess
from tests.sample_portal.server import SamplePortal
from tests.scripted_portal import PortalServer, item, rss
from tests.sitemaps import entry, news_sitemap, sitemap_index, wordpress_sitemaps

pytestmark = pytest.mark.usefixtures("forked_parsers")

NOW = datetime(2026, 11, 25, tzinfo=UTC)
FEED = rss(item("এক", guid="1"))
HTML = "text/html; charset=UTF-8"


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "RETRY_PAUSE_S", 0.0)


async def found(address: str) -> DiscoveredPaper:
    return await PaperDiscovery(address, notes=None, offline=False, clock=lambda: NOW).find()


def page(*links: str) -> bytes:
    return f"<!DOCTYPE html><html><head><title>x</title>{''.join(links)}</head><body><p>ক</p></body></html>".encode()


def alternate(href: str, kind: str = "application/rss+xml", title: str = "") -> str:
    return f'<link rel="alternate" type="{kind}" title="{title}" href="{href}">'


async def test_discovery_of_a_feed_is_the_feed_itself(portal_server: PortalServer) -> None:
    portal_server.serve("/news.php?type=rss", FEED)
    address = f"{portal_server.address}/news.php?type=rss"
    assert await found(address) == DiscoveredPaper(address, "feed", "পরীক্ষা")
    assert portal_server.count() == 1


async def test_discovery_of_a_json_feed_is_the_feed_itself(portal_server: PortalServer) -> None:
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "ক", "items": []}).encode()
    portal_server.serve("/f.json", body, content_type="application/feed+json")
    assert await found(f"{portal_server.address}/f.json") == DiscoveredPaper(f"{portal_server.address}/f.json", "feed", "ক")


async def test_discovery_recognises_a_kind_by_its_parser(portal_server: PortalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    letters = KINDS["feed"]._replace(name="letters", parser=lambda: lambda *_: ParsedFeed((), name="চিঠি"))

    class Parsers(ParserProcess):
        async def parse(self, task: ParserTask, body: bytes | mmap) -> object:
            return letters.parser()(task, body[:]) if task.kind == "letters" else await super().parse(task, body)

    monkeypatch.setattr(paper_discovery, "KINDS", {"letters": letters, **KINDS})
    monkeypatch.setattr(paper_discovery, "ParserProcess", Parsers)
    portal_server.serve("/letters", b"letters", content_type="text/plain")
    address = f"{portal_server.address}/letters"
    assert await found(address) == DiscoveredPaper(address, "letters", "চিঠি")


@pytest.mark.parametrize("path", ["", "/", "/feed", "/category/education"])
async def test_discovery_recognises_the_sample_portal_as_wordpress(path: str) -> None:
    with SamplePortal(NOW) as sample:
        paper = await found(f"{sample.address}{path}")
        assert (paper.address, paper.kind) == (sample.address, "wordpress") and paper.name


async def test_discovery_takes_the_pages_first_feed_without_comments(portal_server: PortalServer) -> None:
    links = (
        alternate("/comments/feed.xml", title="Comments"),
        alternate("/news.xml", title="খবর"),
        alternate("/sport.atom", "application/atom+xml", "খেলা"),
        alternate("/f.json", "application/feed+json; charset=utf-8"),
        alternate("/style.css", "text/css"),
    )
    portal_server.serve("/", page(*links), content_type=HTML)
    portal_server.serve("/news.xml", FEED)
    at = portal_server.address
    assert await found(at) == DiscoveredPaper(
        f"{at}/news.xml", "feed", "পরীক্ষা", (FeedLink(f"{at}/sport.atom", "খেলা"), FeedLink(f"{at}/f.json"))
    )
    assert [seen.path for seen in portal_server.requests] == ["/", "/news.xml"]


async def test_discovery_takes_the_next_feed_when_the_first_is_gone(portal_server: PortalServer) -> None:
    portal_server.serve("/", page(alternate("/gone.xml"), alternate("/odd.xml"), alternate("/news.xml")), content_type=HTML)
    portal_server.serve("/odd.xml", b"<p>no feed", content_type=HTML)
    portal_server.serve("/news.xml", FEED)
    assert (await found(portal_server.address)).address == f"{portal_server.address}/news.xml"


@pytest.mark.parametrize("place", COMMON_FEED_PATHS)
async def test_discovery_tries_common_paths_without_feed_links(portal_server: PortalServer, place: str) -> None:
    portal_server.serve("/", page(), content_type=HTML)
    portal_server.serve(place, FEED)
    assert (await found(portal_server.address)).address == f"{portal_server.address}{place}"


async def test_discovery_of_a_part_of_a_site_tries_its_paths_first(portal_server: PortalServer) -> None:
    portal_server.serve("/blog/", page(), content_type=HTML)
    portal_server.serve("/blog/atom.xml", FEED)
    portal_server.serve("/feed", FEED)
    assert (await found(f"{portal_server.address}/blog/")).address == f"{portal_server.address}/blog/atom.xml"


async def test_discovery_never_contacts_another_host(portal_server: PortalServer, sentinel: PortalServer) -> None:
    links = (
        alternate(f"{sentinel.address}/feed.xml", title="\x1b[31mবাইরে"),
        f'<link rel="https://api.w.org/" href="{sentinel.address}/wp-json/">',
    )
    portal_server.serve("/", page(*links), content_type=HTML)
    with pytest.raises(ContentError, match="no feed was found there") as raised:
        await found(portal_server.address)
    assert raised.value.hint.endswith(f"{sentinel.address}/feed.xml")


async def test_discovery_lists_feeds_on_other_hosts(portal_server: PortalServer, sentinel: PortalServer) -> None:
    portal_server.serve("/", page(alternate(f"{sentinel.address}/a.xml", title="ক"), alternate("/b.xml")), content_type=HTML)
    portal_server.serve("/b.xml", FEED)
    paper = await found(portal_server.address)
    assert paper.address == f"{portal_server.address}/b.xml" and paper.elsewhere == (FeedLink(f"{sentinel.address}/a.xml", "ক"),)


async def test_discovery_follows_no_redirect_to_another_host(portal_server: PortalServer, sentinel: PortalServer) -> None:
    portal_server.redirect("/", f"{sentinel.address}/")
    with pytest.raises(PortalError, match="another site than the portal"):
        await found(portal_server.address)


async def test_discovery_of_wordpress_without_its_feed_takes_a_linked_one(portal_server: PortalServer) -> None:
    links = (f'<link rel="https://api.w.org/" href="{portal_server.address}/wp-json/">', alternate("/a.xml"))
    portal_server.serve("/", page(*links), content_type=HTML)
    portal_server.serve("/a.xml", FEED)
    assert await found(portal_server.address) == DiscoveredPaper(f"{portal_server.address}/a.xml", "feed", "পরীক্ষা")


async def test_discovery_of_a_wordpress_category_gives_portal_and_category_feed(portal_server: PortalServer) -> None:
    at = portal_server.address
    links = ('<meta name="generator" content="WordPress 6.8.1">', alternate("/n/feed/"), alternate("/n/category/a/feed/"))
    portal_server.serve("/n/category/a/", page(*links), content_type=HTML)
    portal_server.serve("/n/feed", FEED)
    portal_server.serve("/n/category/a/feed/", FEED)
    assert await found(f"{at}/n/category/a/") == DiscoveredPaper(
        f"{at}/n", "wordpress", "পরীক্ষা", (FeedLink(f"{at}/n/category/a/feed/"),)
    )
    assert (await found(f"{at}/n/category/a/feed/"))[:2] == (f"{at}/n/category/a/feed/", "feed")


async def test_discovery_of_a_feed_reports_a_failing_front_page(portal_server: PortalServer) -> None:
    portal_server.serve("/feed", FEED)
    portal_server.serve("/", b"", status=500)
    at = f"{portal_server.address}/feed"
    paper = await found(at)
    assert (paper.address, paper.kind) == (at, "feed") and portal_server.address in paper.failure
    portal_server.serve("/", b"", status=404)
    assert not (await found(at)).failure


async def test_discovery_reports_a_parser_that_cannot_start(portal_server: PortalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    forked = asyncio.create_subprocess_exec

    async def failing_once(*_: str, **__: object) -> Process:
        monkeypatch.setattr(asyncio, "create_subprocess_exec", forked)
        raise BlockingIOError(errno.EAGAIN, "no more processes")

    portal_server.serve("/feed", FEED)
    monkeypatch.setattr(asyncio, "create_subprocess_exec", failing_once)
    with pytest.raises(ContentError, match="can't be started: no more processes"):
        await found(f"{portal_server.address}/feed")


@pytest.mark.parametrize("status", [403, 404, 500])
async def test_discovery_of_a_missing_page_is_an_error(portal_server: PortalServer, status: int) -> None:
    portal_server.serve("/x", b"no", status=status, content_type=HTML)
    with pytest.raises(PortalError, match=str(status)):
        await found(f"{portal_server.address}/x")


@pytest.mark.parametrize("body", [b"", b"\x89PNG\r\n\x1a\n", b"{}", b"<html>", b"%PDF-1.7" + bytes(1000), b"<rss" * 1000])
async def test_discovery_of_a_page_without_a_feed_is_an_error(portal_server: PortalServer, body: bytes) -> None:
    portal_server.serve("/x", body, content_type=HTML)
    with pytest.raises(ContentError, match="no feed was found there"):
        await found(f"{portal_server.address}/x")
    assert portal_server.count() <= 1 + 2 * len(COMMON_FEED_PATHS) + 1  # the last is robots.txt


async def test_discovery_stops_when_asked_to_wait(portal_server: PortalServer) -> None:
    portal_server.serve("/", page(), content_type=HTML)
    portal_server.serve("/feed", b"", status=429, Retry_After="3600")
    with pytest.raises(PortalError, match="429"):
        await found(portal_server.address)
    assert portal_server.count() == 2


async def test_discovery_follows_its_host_from_http_to_https(tls_server: PortalServer) -> None:
    tls_server.serve("/feed.xml", FEED)
    assert (await found(f"{tls_server.address}/feed.xml")).address == f"{tls_server.address}/feed.xml"


async def test_discovery_offline_makes_no_request(portal_server: PortalServer) -> None:
    with pytest.raises(PortalError, match="offline"):
        await PaperDiscovery(portal_server.address, notes=None, offline=True, clock=lambda: NOW).find()
    assert portal_server.count() == 0


def test_discovery_refuses_text_without_an_address() -> None:
    with pytest.raises(UsageError):
        PaperDiscovery("file:///etc/passwd", notes=None, offline=False, clock=lambda: NOW)


def test_read_site_limits_the_number_of_feeds() -> None:
    site = read_site(page(*(alternate(f"/{number}.xml") for number in range(1000))), "", "https://x.example/")
    assert len(site.feeds) == MAX_SITE_FEEDS


@pytest.mark.parametrize(
    ("link", "front"),
    [
        ("https://x.example/wp-json/", "https://x.example"),
        ("/news/wp-json/", "https://x.example/news"),
        ("https://x.example/index.php?rest_route=/", "https://x.example"),
        ("https://x.example/n/?rest_route=/", "https://x.example/n"),
        ("javascript:x()", ""),
    ],
)
def test_read_site_recognises_wordpress_by_its_api(link: str, front: str) -> None:
    assert read_site(page(f'<link rel="https://api.w.org/" href="{link}">'), "", "https://x.example/a/b") == ParsedSite(front)


# ── sitemaps ────────────────────────────────────────────────────────────────


def serve_robots(server: PortalServer, *paths: str) -> None:
    lines = "".join(f"Sitemap: {server.address}{path}\n" for path in paths)
    server.serve("/robots.txt", f"User-agent: *\n{lines}".encode(), content_type="text/plain")
    server.serve("/", page(), content_type=HTML)


async def test_discovery_tries_news_sitemaps_last(portal_server: PortalServer) -> None:
    at = portal_server.address
    serve_robots(portal_server, "/sitemap.xml", "/sitemap-news.xml")
    portal_server.serve("/sitemap-news.xml", news_sitemap(entry(f"{at}/a", "ক", name="কাগজ")))
    assert await found(at) == DiscoveredPaper(f"{at}/sitemap-news.xml", "sitemap", "কাগজ")
    assert [seen.path for seen in portal_server.requests][-2:] == ["/robots.txt", "/sitemap-news.xml"]
    portal_server.serve("/rss.xml", FEED)
    assert (await found(at)).kind == "feed"


async def test_discovery_of_a_sitemap_is_the_sitemap_itself(portal_server: PortalServer) -> None:
    portal_server.serve("/n.xml", news_sitemap(entry(f"{portal_server.address}/a", "ক")))
    address = f"{portal_server.address}/n.xml"
    assert await found(address) == DiscoveredPaper(address, "sitemap", "কাগজ")
    assert portal_server.count() == 1


@pytest.mark.parametrize(
    ("file", "paper"),
    [("/news.xml", "/news.xml"), ("/news-2026-11-24.xml", "/sitemap.xml"), ("/news/2026-11-24/day.xml", "/sitemap.xml")],
)
async def test_discovery_of_an_index_is_the_index_if_the_names_change(portal_server: PortalServer, file: str, paper: str) -> None:
    at = portal_server.address
    serve_robots(portal_server, "/sitemap.xml")
    files = ((f"{at}/posts.xml", "2026-11-24"), (f"{at}{file}", ""), (f"{at}/news-2026-11-23.xml", ""))
    portal_server.serve("/sitemap.xml", sitemap_index(*files))
    portal_server.serve(file, news_sitemap(entry(f"{at}/a", "ক")))
    portal_server.serve("/news-2026-11-23.xml", news_sitemap(entry(f"{at}/b", "খ")))
    assert (await found(at))[:2] == (f"{at}{paper}", "sitemap")


async def test_discovery_asks_no_other_host_for_sitemaps(portal_server: PortalServer, sentinel: PortalServer) -> None:
    portal_server.serve("/", page(), content_type=HTML)
    lines = f"Sitemap: {sentinel.address}/news.xml\nSitemap: /index.xml\n"
    portal_server.serve("/robots.txt", lines.encode(), content_type="text/plain")
    portal_server.serve("/index.xml", sitemap_index((f"{sentinel.address}/news.xml", ""), (f"{portal_server.address}/r.xml", "")))
    portal_server.redirect("/r.xml", f"{sentinel.address}/news.xml")
    with pytest.raises(ContentError, match="no feed was found there"):
        await found(portal_server.address)
    assert sentinel.count() == 0


async def test_discovery_reads_few_files_of_indexes(portal_server: PortalServer) -> None:
    at = portal_server.address
    serve_robots(portal_server, *(f"/{number}.xml" for number in range(30)))
    for number in range(30):
        loop = sitemap_index(*((f"{at}/{other}.xml", "") for other in range(30)))
        portal_server.serve(f"/{number}.xml", loop)
    with pytest.raises(ContentError, match="no feed was found there"):
        await found(at)
    assert sum(seen.path[1:-4].isdigit() for seen in portal_server.requests) <= 8


async def test_discovery_passes_over_the_sitemaps_that_wordpress_makes(portal_server: PortalServer) -> None:
    at = portal_server.address
    serve_robots(portal_server, "/wp-sitemap.xml", "/news.xml")
    for path, body in wordpress_sitemaps(at, [(f"{at}/a/", "2026-11-24T10:00:00+05:30")]).items():
        portal_server.serve(path, body, content_type="application/xml")
    portal_server.serve("/news.xml", news_sitemap(entry(f"{at}/a/", "ক")))
    assert (await found(at))[:2] == (f"{at}/news.xml", "sitemap")


# ── what people paste ───────────────────────────────────────────────────────


async def test_discovery_resolves_links_by_the_pages_base(portal_server: PortalServer) -> None:
    portal_server.serve("/", page('<base href="/bn/">', alternate("news.xml")), content_type=HTML)
    portal_server.serve("/bn/news.xml", FEED)
    assert (await found(portal_server.address)).address == f"{portal_server.address}/bn/news.xml"


async def test_discovery_follows_no_base_to_another_host(portal_server: PortalServer, sentinel: PortalServer) -> None:
    links = (f'<base href="{sentinel.address}/">', alternate("a.xml"), '<meta name="generator" content="WordPress 6.8">')
    portal_server.serve("/", page(*links), content_type=HTML)
    with pytest.raises(ContentError) as raised:
        await found(portal_server.address)
    assert raised.value.hint.endswith(f"{sentinel.address}/a.xml") and sentinel.count() == 0


@pytest.mark.parametrize(
    "link", ['<a href="/xml/9">RSS</a>', '<a href="/xml/9">RSS feed</a>', '<a title="RSS" href="/xml/9"><i></i></a>']
)
async def test_discovery_takes_a_plain_link_to_a_feed(portal_server: PortalServer, link: str) -> None:
    body = f"<!doctype html><body><a href='/about'>About RSS in our paper</a>{link}<a href='/feedback'>Feedback</a>"
    portal_server.serve("/", body.encode(), content_type=HTML)
    portal_server.serve("/xml/9", FEED)
    assert (await found(portal_server.address)).address == f"{portal_server.address}/xml/9"
    assert [seen.path for seen in portal_server.requests] == ["/", "/xml/9"]


def test_read_site_takes_plain_links_only_from_a_page_that_names_no_feed() -> None:
    plain = '<a href="/rss.xml">x</a><a href="/comments/feed">RSS</a><a href="/feeding">x</a><a href="javascript:x">RSS</a>'
    links = read_site(plain.encode(), "", "https://x.example/").feeds
    assert links == (FeedLink("https://x.example/rss.xml", "x"), FeedLink("https://x.example/comments/feed", "RSS", True))
    named = read_site(page(alternate("/a.xml")) + plain.encode(), "", "https://x.example/").feeds
    assert [link.address for link in named] == ["https://x.example/a.xml"]


async def test_discovery_tries_http_if_https_is_not_answered(portal_server: PortalServer) -> None:
    portal_server.serve("/a.xml", FEED)
    without_scheme = f"{portal_server.address}/a.xml".removeprefix("http://")
    assert (await found(without_scheme)).address == f"{portal_server.address}/a.xml"
    with pytest.raises(PortalError, match="can't connect"):
        await found(f"https://{without_scheme}")


async def test_discovery_tries_no_http_after_a_wrong_certificate(tls_server: PortalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("httpx.create_ssl_context", lambda **_: ssl.create_default_context())
    with pytest.raises(PortalError, match="CERTIFICATE_VERIFY_FAILED"):
        await found(tls_server.address.removeprefix("https://"))
    assert tls_server.count() == 0


async def test_discovery_of_a_list_of_feeds_names_import(portal_server: PortalServer) -> None:
    portal_server.serve("/a.opml", b"<opml><body><outline xmlUrl='https://a.example/rss'/></body></opml>")
    with pytest.raises(ContentError) as raised:
        await found(f"{portal_server.address}/a.opml")
    assert "portals import FILE" in raised.value.hint


@pytest.mark.parametrize(
    ("headers", "line"),
    [
        ({"server": "cloudflare"}, "Cloudflare answered 403 Forbidden for the server"),
        ({"server": "AkamaiGHost"}, "Akamai answered 403 Forbidden for the server"),
        ({"x_datadome": "protected"}, "DataDome answered 403 Forbidden for the server"),
        ({"server": "nginx"}, "the server answered 403 Forbidden"),
    ],
)
async def test_discovery_names_the_service_that_refuses(portal_server: PortalServer, headers: dict[str, str], line: str) -> None:
    portal_server.serve("/", b"<p>Are you a robot?", status=403, content_type=HTML, **headers)
    with pytest.raises(PortalError, match=f"{line}$"):
        await found(portal_server.address)
