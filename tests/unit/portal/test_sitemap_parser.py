"""Parsing of sitemaps: stories of a news sitemap, and the files of an index."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest

from bpost_tui.errors import ContentError
from bpost_tui.limits import MAX_SITEMAP_BYTES, MAX_SITEMAP_ENTRIES, MAX_SITEMAP_FILES, MAX_SITEMAP_STORIES
from bpost_tui.portal.feed.sitemap_parser import parse_sitemap
from bpost_tui.portal.html.feed_links import read_site
from bpost_tui.portal.parse_results import ParsedFeed
from tests.sitemaps import entry, news_sitemap, picture, sitemap_index, wordpress_sitemaps

NOW = datetime(2026, 11, 25, tzinfo=UTC)
HOME = "https://www.kagoj.example"


def parsed(body: bytes, *, seen: str = "", path: str = "/news.xml") -> ParsedFeed:
    return parse_sitemap(body, "application/xml", HOME + path, now=NOW, seen=seen)


def test_entry_of_a_news_sitemap_becomes_a_story_without_a_text() -> None:
    feed = parsed(news_sitemap(entry(f"{HOME}/a?x=1&amp;y=2", "প্রথম &amp; খবর", more=picture("https://cdn.example/p.jpg"))))
    (story,) = feed.stories
    assert (story.guid, story.link) == (f"{HOME}/a?x=1&y=2",) * 2
    assert (story.title, story.published) == ("প্রথম & খবর", datetime(2026, 11, 24, 4, tzinfo=UTC))
    assert (story.image, story.blocks, story.full) == ("https://cdn.example/p.jpg", (), False)
    assert feed.name == "কাগজ" and not feed.warnings and not feed.files


@pytest.mark.parametrize(
    ("written", "title"),
    [("<![CDATA[ক & খ]]>", "ক & খ"), ("ক & খ", "ক & খ"), ("&lt;b&gt;ক&lt;/b&gt; খ", "ক খ"), ("ক&amp;#039;খ", "ক'খ")],
)
def test_title_of_an_entry_is_read_in_every_form(written: str, title: str) -> None:
    assert parsed(news_sitemap(entry(f"{HOME}/a", written))).stories[0].title == title


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2026-11-24", datetime(2026, 11, 24, tzinfo=UTC)),
        ("2026-11-24T10:00", datetime(2026, 11, 24, 10, tzinfo=UTC)),
        ("2026-11-24T10:00:00", datetime(2026, 11, 24, 10, tzinfo=UTC)),
        ("2026-11-24T10:00:00.5+0530", datetime(2026, 11, 24, 4, 30, tzinfo=UTC)),
        ("2999-01-01", None),
        ("yesterday", None),
    ],
)
def test_date_without_a_zone_is_utc_and_an_impossible_one_is_none(written: str, date: datetime | None) -> None:
    assert parsed(news_sitemap(entry(f"{HOME}/a", "ক", written))).stories[0].published == date


def test_other_prefixes_and_none_are_understood() -> None:
    text = news_sitemap(entry(f"{HOME}/a", "ক", more=picture(f"{HOME}/p.jpg"))).decode()
    renamed = text.replace("news:", "n:").replace(":news=", ":n=").replace("<url", "<s:url").replace("</url", "</s:url")
    renamed = renamed.replace("<loc", "<s:loc").replace("</loc", "</s:loc").replace(" xmlns=", " xmlns:s=")
    undeclared = text.replace("xmlns:", "data-")
    assert parsed(renamed.encode()).stories == parsed(undeclared.encode()).stories == parsed(text.encode()).stories


def test_lastmod_of_news_changes_no_story() -> None:
    early, late = (news_sitemap(entry(f"{HOME}/a", "ক", more=f"<lastmod>{day}</lastmod>")) for day in ("2026-11-24", "2026-11-25"))
    assert parsed(early).stories[0].modified is None
    assert parsed(late, seen=parsed(early).digests).skipped == 1


def test_addresses_on_other_hosts_are_left_out() -> None:
    others = (
        "https://other.example/a",
        "http://127.0.0.1/a",
        "file:///etc/passwd",
        "javascript:x()",
        "https://kagoj.example.evil/a",
    )
    feed = parsed(news_sitemap(*(entry(address, "ক") for address in others), entry("https://kagoj.example/b", "খ")))
    assert [story.title for story in feed.stories] == ["খ"]


def test_entries_without_news_and_commented_ones_are_left_out() -> None:
    feed = parsed(news_sitemap(entry(f"{HOME}/about"), f"<!-- {entry(f'{HOME}/x', 'ক')} -->", entry(f"{HOME}/b", "খ")))
    assert [story.title for story in feed.stories] == ["খ"]


def test_malformed_entry_hides_no_other() -> None:
    feed = parsed(news_sitemap(entry(f"{HOME}/a", "<b>ক"), entry(f"{HOME}/b", "খ"), "<url><loc>x"))
    assert "খ" in [story.title for story in feed.stories] and feed.warnings


def test_sitemap_without_news_is_refused_and_an_empty_news_sitemap_is_not() -> None:
    assert parsed(news_sitemap()) == ParsedFeed(())
    with pytest.raises(ContentError, match="lists no news"):
        parsed(news_sitemap(entry(f"{HOME}/about")))
    for body in wordpress_sitemaps(HOME, [(f"{HOME}/a", "2026-11-24")]).values():
        if b"<urlset" in body:
            with pytest.raises(ContentError, match="lists no news"):
                parsed(body)


@pytest.mark.parametrize("body", [b"", b"<rss/>", b"<html><body>urlset", b"{}", b"\x1f\x8b", b"<urlset"])
def test_body_that_is_no_sitemap_is_refused(body: bytes) -> None:
    with pytest.raises(ContentError):
        parsed(body)


# ── many addresses, and compression ─────────────────────────────────────────


def test_newest_thousand_of_50_000_addresses_are_read() -> None:
    entries = [entry(f"{HOME}/{n}", f"খ {n}", f"2026-11-{1 + n % 20:02}T00:{n % 60:02}:00Z") for n in range(MAX_SITEMAP_ENTRIES)]
    feed = parsed(news_sitemap(*entries))
    assert len(feed.stories) == MAX_SITEMAP_STORIES and not feed.warnings
    assert all(story.published and story.published.day == 20 for story in feed.stories)
    assert parsed(news_sitemap(*entries, entry(f"{HOME}/x", "ক"))).warnings == (
        "only the first 50000 addresses of the sitemap were read",
    )


def test_gzip_file_is_read_and_a_bomb_refused() -> None:
    body = news_sitemap(entry(f"{HOME}/a", "ক"))
    assert parsed(gzip.compress(body)).stories == parsed(body).stories
    bomb = gzip.compress(b"<urlset>" + b" " * (MAX_SITEMAP_BYTES + 1))
    for bad, match in ((bomb, "too big"), (gzip.compress(body)[:-9], "damaged"), (b"\x1f\x8b\x08" + body, "damaged")):
        with pytest.raises(ContentError, match=match):
            parsed(bad)
    with pytest.raises(ContentError, match="not a sitemap"):
        parsed(gzip.compress(gzip.compress(body)))


# ── indexes ─────────────────────────────────────────────────────────────────


def test_files_of_an_index_are_ranked_by_name_and_date() -> None:
    files = (
        (f"{HOME}/post-sitemap.xml", "2026-11-24T10:00:00+05:30"),
        (f"{HOME}/news-2026-11-23.xml", "2026-11-23"),
        (f"{HOME}/news-2026-11-24.xml", "2026-11-24"),
        ("https://other.example/news.xml", "2026-11-25"),
        (f"{HOME}/sitemap_index.xml", ""),
        (f"{HOME}/page-sitemap.xml", ""),
    )
    found = parsed(sitemap_index(*files), path="/sitemap_index.xml").files
    assert [address.removeprefix(f"{HOME}/") for address in found] == [
        *("news-2026-11-24.xml", "news-2026-11-23.xml", "post-sitemap.xml", "page-sitemap.xml")
    ]


def test_files_without_dates_are_ranked_by_their_numbers() -> None:
    files = [(f"{HOME}/news-{number}.xml", "") for number in (2, 10, 9)]
    assert parsed(sitemap_index(*files)).files[0].endswith("news-10.xml")
    many = [(f"{HOME}/{number}.xml", "") for number in range(1000)]
    assert len(parsed(sitemap_index(*many)).files) == MAX_SITEMAP_FILES


def test_robots_txt_names_sitemaps() -> None:
    text = b"User-agent: *\r\nDisallow: /x\r\nSITEMAP: /a.xml\r\n sitemap:https://b.example/b.xml # c\r\nSitemap: javascript:x\r\n"
    assert read_site(text, "text/plain", f"{HOME}/robots.txt").sitemaps == (f"{HOME}/a.xml", "https://b.example/b.xml")
    assert read_site(text * 1000, "text/plain", f"{HOME}/robots.txt").sitemaps
    assert not read_site(text, "text/html", f"{HOME}/robots").sitemaps
