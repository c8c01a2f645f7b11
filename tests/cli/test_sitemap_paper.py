"""A paper without a feed, from `portals add` to reading it offline: by a news sitemap, and by an index of such."""

from __future__ import annotations

import sqlite3
import tomllib
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.bpost_process import Bpost
from tests.cli.test_fetch import png
from tests.scripted_portal import PortalServer
from tests.sitemaps import entry, news_sitemap, picture, sitemap_index, wordpress_sitemaps

HTML = "text/html; charset=UTF-8"


@pytest.fixture
def alone(bpost: Bpost) -> Bpost:
    """Bpost with no portal in its environment, so that it reads the config's."""
    return Bpost(bpost.home, "")


@pytest.fixture
def site(portal_server: PortalServer) -> Iterator[PortalServer]:
    """WordPress site without feeds and wp-json, with WordPress's own sitemaps and a news sitemap."""
    at = portal_server.address
    posts = [(f"{at}/khobor-{n}/", (datetime.now(UTC) - timedelta(hours=n)).isoformat()) for n in range(3)]
    portal_server.serve("/", b"<!doctype html><title>x</title><p>x", content_type=HTML)
    robots = f"User-agent: *\nDisallow: /wp-admin/\n\nSitemap: {at}/wp-sitemap.xml\nSitemap: {at}/sitemap-news.xml\n"
    portal_server.serve("/robots.txt", robots.encode(), content_type="text/plain")
    for path, body in wordpress_sitemaps(at, posts).items():
        portal_server.serve(path, body, content_type="application/xml")
    serve_news(portal_server, "/sitemap-news.xml", posts)
    for n, (address, _) in enumerate(posts):
        text = f"<p>খবর {n}-এর প্রথম অনুচ্ছেদ।</p><img src='{at}/p{n}.png'><p>খবর {n}-এর শেষ অনুচ্ছেদ।</p>"
        page = f"<!doctype html><body><article class='entry-content'><h1>শিরোনাম {n}</h1>{text}</article></body>"
        portal_server.serve(address.removeprefix(at), page.encode(), content_type=HTML)
        portal_server.serve(f"/p{n}.png", png(n), content_type="image/png")
    yield portal_server


def serve_news(server: PortalServer, path: str, posts: list[tuple[str, str]]) -> None:
    entries = (entry(at, f"শিরোনাম {n}", date, more=picture(f"{server.address}/p{n}.png")) for n, (at, date) in enumerate(posts))
    server.serve(path, news_sitemap(*entries), content_type="application/xml", etag='"1"')


def test_paper_without_a_feed_is_added_refreshed_fetched_and_read_offline(alone: Bpost, site: PortalServer) -> None:
    alone.config.write_text('portals = ["http://127.0.0.1:9"]\n')
    added = alone.run("portals", "add", site.address)
    assert added.stdout == f"কাগজ added (sitemap): {site.address}/sitemap-news.xml\n"
    alone.run("portals", "remove", "http://127.0.0.1:9")
    (paper,) = tomllib.loads(alone.config.read_text())["portals"]
    assert paper["kind"] == "sitemap"

    site.requests.clear()
    assert "3 new" in alone.run("refresh").stdout
    assert [seen.path for seen in site.requests] == ["/sitemap-news.xml"]
    rows = alone.json("list")
    assert [row["title"] for row in rows] == ["শিরোনাম 0", "শিরোনাম 1", "শিরোনাম 2"]
    assert not any(row["full"] for row in rows)
    assert "শিরোনাম 1" in alone.run("show", str(rows[1]["id"])).stdout

    alone.run("refresh")
    assert site.requests[-1].headers["if-none-match"] == '"1"'

    fetched = alone.json("fetch", "--full", "--images")
    assert (fetched["stories"], fetched["pictures"], fetched["complete"]) == (3, 3, True)
    site.forget()
    rows = alone.json("--offline", "list")
    assert all(row["full"] for row in rows) and not site.requests
    for number, row in enumerate(rows):
        shown = alone.run("--offline", "show", str(row["id"])).stdout
        assert f"শিরোনাম {number}" in shown and f"খবর {number}-এর শেষ অনুচ্ছেদ।" in shown


def test_refresh_with_full_texts_fetches_no_text_twice(alone: Bpost, site: PortalServer) -> None:
    alone.config.write_text(f'portals = [{{ address = "{site.address}/sitemap-news.xml", kind = "sitemap" }}]\n')
    alone.run("refresh", "--full")
    site.requests.clear()
    site.serve("/sitemap-news.xml", news_sitemap(*(entry(f"{site.address}/khobor-{n}/", f"শিরোনাম {n}") for n in range(3))))
    site._answers["/sitemap-news.xml"].pop(0)
    alone.run("refresh", "--full")
    assert [seen.path for seen in site.requests] == ["/sitemap-news.xml"]


def test_paper_by_an_index_reads_its_newest_file_each_day(alone: Bpost, site: PortalServer) -> None:
    today, at = datetime.now(UTC), site.address
    alone.config.write_text(f'portals = [{{ address = "{at}/index.xml", kind = "sitemap" }}]\n')
    for day in range(3):
        names = [f"{at}/news-{number}.xml" for number in range(day + 1)]
        dated = [(name, (today - timedelta(days=9 - number)).date().isoformat()) for number, name in enumerate(names)]
        site.serve("/index.xml", sitemap_index(*dated), content_type="application/xml")
        serve_news(site, f"/news-{day}.xml", [(f"{at}/{day}", (today - timedelta(days=9 - day)).isoformat())])
        site.requests.clear()
        assert "1 new" in alone.run("refresh").stdout
        assert [seen.path for seen in site.requests] == ["/index.xml", f"/news-{day}.xml"]
        site._answers.pop("/index.xml")
    with closing(sqlite3.connect(alone.data / "library" / "stories.db")) as db:
        assert db.execute("SELECT address FROM validators").fetchall() == [(f"{at}/news-2.xml",)]


def test_paper_by_a_sitemap_survives_export_and_import(alone: Bpost, tmp_path: Path) -> None:
    entries = '{ address = "https://kagoj.example/news.xml", name = "কাগজ", kind = "sitemap" }, "https://a.example"'
    alone.config.write_text(f"portals = [{entries}]\n")
    file = tmp_path / "papers.opml"
    alone.run("portals", "export", str(file))
    alone.config.write_text('portals = ["https://b.example"]\n')
    assert alone.run("portals", "import", str(file)).stdout == "2 papers added\n"
    kinds = {paper["address"]: paper["kind"] for paper in alone.json("portals")}
    assert kinds["https://kagoj.example/news.xml"] == "sitemap" and kinds["https://a.example"] == "wordpress"
