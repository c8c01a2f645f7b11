"""Stories from the bytes of a JSON Feed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bpost_tui.errors import ContentError
from bpost_tui.i18n import Reason
from bpost_tui.limits import MAX_FEED_ITEMS
from bpost_tui.model.blocks import Paragraph, plain_text
from bpost_tui.model.story import Category, Story
from bpost_tui.portal.feed.json_feed_parser import is_json, parse_json_feed
from bpost_tui.portal.parse_results import ParsedFeed

URL = "https://paper.example/feed.json"
NOW = datetime(2026, 11, 25, tzinfo=UTC)


def parsed(*items: object, **top: object) -> ParsedFeed:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "জেলার কাগজ", "items": items, **top}
    return parse_json_feed(json.dumps(feed).encode(), URL, NOW)


def story(**row: Any) -> Story:
    (only,) = parsed({"id": "1", **row}).stories
    return only


def test_parse_json_feed_reads_all_fields_of_a_story() -> None:
    feed = parsed(
        {
            "id": "tag:paper.example,2026:7",
            "url": "/2026/ghatal",
            "title": "ঘাটালে জল নামছে",
            "content_html": "<p>শিলাবতীর জল নামছে।</p><script>x()</script>",
            "summary": "জল নামছে",
            "image": "/p.jpg",
            "date_published": "2026-11-24T10:30:00+05:30",
            "date_modified": "2026-11-24T06:00:00Z",
            "authors": [{"name": "সুমিত"}, {"name": "রিনা"}, {"url": "x"}],
            "tags": ["জেলার খবর", "Flood"],
        }
    )
    assert feed.name == "জেলার কাগজ" and feed.warnings == () and feed.digests == ""
    (read,) = feed.stories
    assert read._replace(blocks=()) == Story(
        "tag:paper.example,2026:7",
        "ঘাটালে জল নামছে",
        "https://paper.example/2026/ghatal",
        "সুমিত, রিনা",
        datetime(2026, 11, 24, 5, tzinfo=UTC),
        datetime(2026, 11, 24, 6, tzinfo=UTC),
        (Category("জেলার-খবর", "জেলার খবর"), Category("flood", "Flood")),
        excerpt="জল নামছে",
        image="https://paper.example/p.jpg",
        full=True,
        source="feed",
    )
    assert plain_text(read.blocks) == "শিলাবতীর জল নামছে।"


def test_parse_json_feed_reads_plain_text_by_paragraphs() -> None:
    read = story(content_text="এক <b>নয়</b>\nলাইন\n\nদুই")
    assert all(isinstance(block, Paragraph) for block in read.blocks) and len(read.blocks) == 2
    assert plain_text(read.blocks).startswith("এক <b>নয়</b>")
    assert read.title == read.excerpt != ""


def test_parse_json_feed_reads_the_author_of_version_1_0() -> None:
    assert story(author={"name": "রিনা"}, title="ক").author == "রিনা"


@pytest.mark.parametrize(
    ("sent", "guid"),
    [(7, "7"), ("", "https://paper.example/a"), (None, "https://paper.example/a"), ([1], "https://paper.example/a")],
)
def test_parse_json_feed_accepts_a_number_as_id_and_defaults_to_the_link(sent: object, guid: str) -> None:
    assert story(id=sent, url="/a", title="ক").guid == guid


def test_parse_json_feed_of_a_story_elsewhere_links_to_it() -> None:
    assert story(external_url="https://other.example/x", title="ক").link == "https://other.example/x"


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", 7, {"a": 1}, "https://[::1"])
def test_parse_json_feed_drops_a_bad_link_but_keeps_the_item(link: object) -> None:
    assert story(url=link, image=link, title="ক").link is None


@pytest.mark.parametrize("date", ["", "yesterday", 7, "1970-01-01T00:00:00Z", "2099-01-01T00:00:00Z", "0001-01-01T00:00:00+23:59"])
def test_parse_json_feed_ignores_impossible_dates(date: object) -> None:
    assert story(date_published=date, title="ক").published is None


def test_parse_json_feed_skips_items_of_wrong_types() -> None:
    feed = parsed({"id": "1", "title": "এক"}, 7, "x", None, {"id": "2", "title": "দুই", "tags": "no list", "authors": {}})
    assert [each.title for each in feed.stories] == ["এক", "দুই"]
    assert feed.warnings == (Reason("{n} of the feed's stories can't be read", n=3),)


def test_parse_json_feed_limits_the_number_of_items() -> None:
    feed = parsed(*({"id": str(number), "title": "ক"} for number in range(MAX_FEED_ITEMS + 1)))
    assert len(feed.stories) == MAX_FEED_ITEMS and len(feed.warnings) == 1


def test_parse_json_feed_sanitizes_text() -> None:
    read = story(title="\x1b[31mলাল\x07", content_html="<p>ক\x1b]0;x\x07</p>", authors=[{"name": "a\u202eb"}], tags=["\x9bক"])
    assert "\x1b" not in repr(read) and "\x07" not in repr(read) and "\u202e" not in repr(read)


@pytest.mark.parametrize(
    "body",
    [b"{}", b'{"items": []}', b'{"version": 1}', b'{"version": "https://evil.example/version/1"}'],
)
def test_parse_json_feed_of_other_json_is_an_error(body: bytes) -> None:
    with pytest.raises(ContentError, match="not a feed but JSON"):
        parse_json_feed(body, URL, NOW)


@pytest.mark.parametrize("body", [b'{"version": "https://jsonfeed.org', b"{" * 100_000, b'{"a":' * 100_000])
def test_parse_json_feed_of_malformed_json_is_an_error(body: bytes) -> None:
    with pytest.raises(ContentError, match="the feed is not well-formed"):
        parse_json_feed(body, URL, NOW)


@pytest.mark.parametrize(("body", "expected"), [(b" \n{", True), (b"\xef\xbb\xbf{}", True), (b"<rss>{", False), (b"", False)])
def test_json_is_recognised_by_its_first_character(body: bytes, expected: bool) -> None:
    assert is_json(body, "") is expected


@pytest.mark.parametrize("value", ["9" * 5000, "1e999", f"{'[' * 3000}{']' * 3000}", '"\\ud800"'])
def test_parse_json_feed_keeps_items_beside_extreme_values(value: str) -> None:
    items = f'[{{"id": "1", "title": "এক", "x": {value}}}, {{"id": {value}, "title": "দুই"}}, {{"id": "3", "title": "তিন"}}]'
    body = f'{{"version": "https://jsonfeed.org/version/1.1", "items": {items}}}'.encode()
    assert [each.title for each in parse_json_feed(body, URL, NOW).stories] == ["এক", "দুই", "তিন"]
