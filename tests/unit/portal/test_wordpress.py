"""WordPress addresses and JSON: good posts are read completely, bad ones in part."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest

from bpost_tui.errors import ContentError, UsageError
from bpost_tui.model.story import Category, Story
from bpost_tui.portal.wordpress import wp_json_parser
from bpost_tui.portal.wordpress.wordpress_addresses import WordPressAddresses, post_id, post_slug
from bpost_tui.portal.wordpress.wp_json import MAX_PAGES, page_count
from bpost_tui.portal.wordpress.wp_json_parser import read_categories, read_posts
from bpost_tui.urls import portal_base
from tests.scripted_portal import recording

NOW = datetime(2026, 11, 25, tzinfo=UTC)
URL = "https://thebengalpost.net/wp-json/"


@pytest.mark.parametrize(
    ("address", "base"),
    [
        ("https://thebengalpost.net", "https://thebengalpost.net"),
        ("https://thebengalpost.net/", "https://thebengalpost.net"),
        ("thebengalpost.net", "https://thebengalpost.net"),
        ("http://127.0.0.1:8099/news/?x#y", "http://127.0.0.1:8099/news"),
    ],
)
def test_wordpress_base_is_found_in_an_address(address: str, base: str) -> None:
    assert portal_base(address) == base


@pytest.mark.parametrize("address", ["", "ftp://a.org", "file:///etc/passwd", "http://[", "-x"])
def test_wordpress_base_of_other_text_is_a_usage_error(address: str) -> None:
    with pytest.raises(UsageError):
        portal_base(address)


def test_wordpress_addresses_are_built_from_the_base() -> None:
    site = WordPressAddresses("https://a.org/news")
    assert site.feed() == "https://a.org/news/feed"
    assert site.feed(None, 2) == "https://a.org/news/feed?paged=2"
    assert (
        site.feed("জেলার-খবর")
        == "https://a.org/news/category/%E0%A6%9C%E0%A7%87%E0%A6%B2%E0%A6%BE%E0%A6%B0-%E0%A6%96%E0%A6%AC%E0%A6%B0/feed"
    )
    assert site.feed("../../x?y", 3) == "https://a.org/news/category/..%2F..%2Fx%3Fy/feed?paged=3"
    assert site.categories({"page": 1}).startswith("https://a.org/news/wp-json/wp/v2/categories?per_page=100&page=1&")
    assert site.posts({"include": 5}, pretty=False).startswith("https://a.org/news/?rest_route=%2Fwp%2Fv2%2Fposts&include=5&")


def test_post_id_and_slug_are_read_from_guids_and_links() -> None:
    assert post_id("http://127.0.0.1:8099/?p=423") == 423
    assert post_id("https://a.org/x.html") is None
    assert post_id("https://a.org/?p=" + "9" * 50) is None
    assert post_slug("https://a.org/%e0%a6%96/%e0%a6%95.html") == "ক"
    assert post_slug("https://a.org/") is None


@pytest.mark.parametrize(
    ("header", "pages"), [("4", 4), ("", 1), ("-1", 1), ("0", 1), ("999999999", MAX_PAGES), ("9" * 99, 1), ("x", 1)]
)
def test_page_count_of_a_header_is_bounded(header: str, pages: int) -> None:
    assert page_count(header) == pages


def test_read_categories_decodes_names_slugs_and_parents() -> None:
    categories = read_categories(recording("json-categories")[2]).categories
    assert len(categories) == 20
    assert Category("football", "Football & Cricket", "sports", 27) in categories
    assert Category("জেলার-খবর", "জেলার খবর", None, 15) in categories


def test_read_posts_separates_categories_from_tags() -> None:
    answer = read_posts(recording("json-posts-10-embed")[2], URL, NOW)
    first = answer.stories[0]
    assert len(answer.stories) == 3 and not answer.warnings
    assert first.guid == "http://127.0.0.1:8099/?p=423" and first.author == "News Desk"
    assert first.categories == (Category("জেলার-খবর", "জেলার খবর"),)
    assert first.tags == ("IIT", "পশ্চিম মেদিনীপুর")
    assert first.published == first.modified == datetime(2026, 11, 24, 22, 34, 35, tzinfo=UTC)
    assert first.image == "http://127.0.0.1:8099/wp-content/uploads/2025/09/photo-13.jpg"
    assert first.full and first.blocks and first.excerpt.endswith("…")


def test_read_posts_drops_escapes() -> None:
    answer = read_posts(recording("json-control-chars")[2], URL, NOW)
    assert len(answer.stories) == 1
    assert not {"\x1b", "\x9b", "\x07", "\u202e", "\u2028"} & set("".join(map(str, answer.stories)))


def post(**fields: object) -> dict[str, object]:
    return {
        "id": 1,
        "link": "https://a.org/x.html",
        "guid": {"rendered": "https://a.org/?p=1"},
        "content": {"rendered": "<p>ক</p>"},
        **fields,
    }


@pytest.mark.parametrize(
    "bad",
    [
        {"title": None},
        {"title": {"rendered": None}},
        {"title": ["x"]},
        {"content": None},
        {"content": {"rendered": 7}},
        {"date_gmt": "yesterday"},
        {"date_gmt": 12},
        {"date_gmt": "9999-12-31T23:59:59"},
        {"_embedded": []},
        {
            "_embedded": {
                "wp:term": [None, [None, {"slug": 1, "name": None}]],
                "author": "x",
                "wp:featuredmedia": [{"source_url": 1}],
            }
        },
        {"title": {"rendered": "\ud800"}},
        {"link": "javascript:x"},
    ],
)
def test_read_posts_ignores_only_a_bad_field(bad: dict[str, object]) -> None:
    body = json.dumps([post(**bad), post(guid={"rendered": "https://a.org/?p=2"}, title={"rendered": "ভাল"})]).encode()
    stories = read_posts(body, URL, NOW).stories
    assert [story.guid for story in stories] == ["https://a.org/?p=1", "https://a.org/?p=2"]
    assert stories[1].title == "ভাল"
    repr(stories).encode()


def test_read_posts_skips_invalid_posts_with_a_warning() -> None:
    answer = read_posts(json.dumps([{}, post()]).encode(), URL, NOW)
    assert len(answer.stories) == 1 and answer.warnings == ("1 of 2 stories can't be read",)


def test_read_posts_of_a_protected_post_has_no_text() -> None:
    (story,) = read_posts(json.dumps([post(content={"rendered": "", "protected": True})]).encode(), URL, NOW).stories
    assert not story.full and story.blocks == ()


def test_read_posts_keeps_a_bare_less_than_sign_in_a_title() -> None:
    (story,) = read_posts(json.dumps([post(title={"rendered": "5 < 7, <b>খ</b> &#8220;গ&#8221;"})]).encode(), URL, NOW).stories
    assert story.title == "5 < 7, খ “গ”"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[" * 100_000,
        b'[{"id":1',
        b'{"code":"x"}',
        b'"x"',
        recording("json-posts-401")[2],
        recording("json-posts-p5-400")[2],
    ],
)
def test_read_posts_of_other_json_raises_a_one_line_error(body: bytes) -> None:
    with pytest.raises(ContentError) as caught:
        read_posts(body, URL, NOW)
    assert caught.value.message.isprintable()


def test_read_posts_accepts_bom_bad_bytes_and_odd_numbers() -> None:
    body = b'\xef\xbb\xbf[{"id":NaN,"count":-Infinity,"n":1e999,"link":"https://a.org/x","title":{"rendered":"\xffX"}}]'
    (story,) = read_posts(body, URL, NOW).stories
    assert story.title == "\ufffdX"


LONG = "9" * 5000


@pytest.mark.parametrize(
    "field",
    [
        '"date_gmt": "0001-01-01T00:00:00+05:30"',
        '"modified_gmt": "9999-12-31T23:59:59-05:30"',
        f'"id": {LONG}',
        f'"extra": {{"deep": {"[" * 5000}{"]" * 5000}}}',
        '"excerpt": {"rendered": "\\ud800"}',
        f'"featured_media": 1{"0" * 400}',
    ],
)
def test_read_posts_keeps_posts_beside_extreme_values(field: str) -> None:
    one, other = json.dumps(post()), json.dumps({**post(), "guid": {"rendered": "other"}})
    body = f"[{one[:-1]}, {field}}}, {other}]".encode()
    assert len(read_posts(body, URL, NOW).stories) == 2


class RecordingPost(dict[str, Any]):
    """A post that notes the names of the fields read."""

    def __init__(self, fields: dict[str, Any]) -> None:
        super().__init__(fields)
        self.requested: set[str] = set()

    def get(self, name: str, other: Any = None) -> Any:
        self.requested.add(name)
        return super().get(name, other)


def test_read_posts_uses_only_requested_fields() -> None:
    row = RecordingPost(post())
    assert wp_json_parser._story(row, URL, NOW)
    (wanted,) = parse_qs(urlsplit(WordPressAddresses(URL).posts({})).query)["_fields"]
    assert row.requested <= set(wanted.split(","))


def test_read_posts_keeps_posts_beside_a_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    real = wp_json_parser._story

    def wrong(row: Any, url: str, now: datetime) -> Story | None:
        return real(row, url, now) if row["id"] else cast(Story, 1 // row["id"])

    monkeypatch.setattr(wp_json_parser, "_story", wrong)
    answer = read_posts(json.dumps([{**post(), "id": 0}, {**post(), "id": 7}]).encode(), URL, NOW)
    assert (len(answer.stories), answer.numbers, answer.rows, len(answer.warnings)) == (1, (7,), 2, 1)
