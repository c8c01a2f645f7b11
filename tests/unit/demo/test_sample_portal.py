from __future__ import annotations

import gzip
import http.client
import json
import subprocess
import sys
import threading
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from http.client import HTTPMessage
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from bpost_tui.demo.sample_edition import load_edition, picture
from tests.sample_portal.server import SamplePortal

NOW = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
STORIES = load_edition(NOW).stories
RIVERS = quote("নদী-ও-প্রকৃতি").lower()
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
POSTS = "/wp-json/wp/v2/posts"


@dataclass(frozen=True)
class Reply:
    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def items(self) -> list[ET.Element]:
        return ET.fromstring(self.body).findall("channel/item")


def ask(portal: SamplePortal, target: str, method: str = "GET", **headers: str) -> Reply:
    connection = http.client.HTTPConnection(urlsplit(portal.address).netloc, timeout=10)
    try:
        connection.request(method, target, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return Reply(response.status, response.headers, response.read())
    finally:
        connection.close()


@pytest.fixture(scope="module")
def portal() -> Iterator[SamplePortal]:
    with SamplePortal(NOW) as portal:
        yield portal


# ── feeds ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("target", ["/feed", "/feed/", "//feed"])
def test_sample_feed_is_rss_with_full_texts_newest_first(portal: SamplePortal, target: str) -> None:
    reply = ask(portal, target)
    assert reply.status == 200
    assert reply.headers["Content-Type"] == "application/rss+xml; charset=UTF-8"
    assert [item.findtext("title") for item in reply.items] == [post.title for post in STORIES[:10]]
    for item, post in zip(reply.items, STORIES, strict=False):
        assert item.findtext("link") == portal.address + post.path
        assert item.findtext(CONTENT) == post.content(portal.address)
        assert item.findtext(CREATOR) == post.author
        assert parsedate_to_datetime(item.findtext("pubDate") or "") == post.published
        terms = [term.text for term in item.findall("category")]
        assert terms == [*(category.name for category in post.categories), *post.tags]


def test_second_page_has_the_rest_and_the_third_is_404(portal: SamplePortal) -> None:
    second, third = ask(portal, "/feed?paged=2"), ask(portal, "/feed?paged=3")
    assert [item.findtext("title") for item in second.items] == [post.title for post in STORIES[10:]]
    assert third.status == 404
    assert third.items == []
    assert "Page not found" in (ET.fromstring(third.body).findtext("channel/title") or "")


def test_feed_of_a_bengali_category_has_only_its_stories(portal: SamplePortal) -> None:
    reply = ask(portal, f"/category/{RIVERS}/feed")
    assert {item.findtext("category") for item in reply.items} == {"নদী ও প্রকৃতি"}
    assert "নদী ও প্রকৃতি" in (ET.fromstring(reply.body).findtext("channel/title") or "")


def test_feed_of_an_unknown_category_is_empty_and_page_2_is_404(portal: SamplePortal) -> None:
    first, second = ask(portal, "/category/nope/feed"), ask(portal, "/category/nope/feed?paged=2")
    assert (first.status, first.items) == (200, [])
    assert (second.status, second.items) == (404, [])


def test_feed_in_summary_mode_has_fifty_five_words_and_no_text() -> None:
    with SamplePortal(NOW, summary=True) as portal:
        for item in ask(portal, "/feed").items:
            assert item.find(CONTENT) is None
            description = unescape(item.findtext("description") or "")
            assert description.endswith(" […]")
            assert len(description.split()) == 56


def test_smaller_page_size_makes_more_pages() -> None:
    with SamplePortal(NOW, page_size=3) as portal:
        assert len(ask(portal, "/feed").items) == 3
        assert len(ask(portal, "/feed?paged=6").items) == 1
        assert ask(portal, "/feed?paged=7").status == 404


def test_guids_are_the_same_from_every_portal(portal: SamplePortal) -> None:
    with SamplePortal(NOW) as other:
        assert other.address != portal.address
        assert [i.findtext("guid") for i in ask(other, "/feed").items] == [i.findtext("guid") for i in ask(portal, "/feed").items]


# ── conditional requests ────────────────────────────────────────────────────


def test_sample_validators_are_the_same_for_every_feed(portal: SamplePortal) -> None:
    replies = [ask(portal, target) for target in ("/feed", "/feed?paged=2", "/category/festival/feed", "/category/nope/feed")]
    assert len({(reply.headers["ETag"], reply.headers["Last-Modified"]) for reply in replies}) == 1


def test_conditional_request_is_answered_like_wordpress(portal: SamplePortal) -> None:
    first = ask(portal, "/feed")
    tag, since, old = first.headers["ETag"], first.headers["Last-Modified"], "Mon, 01 Jan 2001 00:00:00 GMT"
    for headers, status in (
        ({"If_None_Match": tag}, 304),
        ({"If_Modified_Since": since}, 304),
        ({"If_None_Match": tag, "If_Modified_Since": since}, 304),
        ({"If_None_Match": tag, "If_Modified_Since": old}, 200),
        ({"If_None_Match": '"other"', "If_Modified_Since": since}, 200),
        ({"If_None_Match": f"W/{tag}"}, 200),
        ({"If_Modified_Since": old}, 200),
        ({"If_Modified_Since": "yesterday"}, 200),
        ({"if_none_match": tag}, 304),
    ):
        reply = ask(portal, "/feed", **headers)
        assert reply.status == status, headers
        assert (reply.body == b"") == (status == 304)
    assert ask(portal, "/feed?paged=99", If_None_Match=tag).status == 304


def test_gzip_shrinks_the_body_and_weakens_the_etag(portal: SamplePortal) -> None:
    plain, small = ask(portal, "/feed"), ask(portal, "/feed", Accept_Encoding="br, gzip")
    assert small.headers["Content-Encoding"] == "gzip"
    assert small.headers["ETag"] == f"W/{plain.headers['ETag']}"
    assert gzip.decompress(small.body) == plain.body
    assert len(small.body) < len(plain.body) / 2


# ── wp-json ─────────────────────────────────────────────────────────────────


def test_rest_categories_have_counts_and_html_names(portal: SamplePortal) -> None:
    reply = ask(portal, "/wp-json/wp/v2/categories?per_page=100")
    by_slug = {entry["slug"]: entry for entry in reply.json}
    assert reply.headers["X-WP-Total"] == "7"
    assert by_slug["art-and-craft"]["name"] == "Art &amp; Craft"
    assert by_slug[RIVERS]["name"] == "নদী ও প্রকৃতি"
    assert by_slug[RIVERS]["count"] == 3


def test_posts_are_paged_with_totals_and_400_past_the_end(portal: SamplePortal) -> None:
    first, second, third = (ask(portal, f"{POSTS}?page={number}") for number in (1, 2, 3))
    assert [post["id"] for post in first.json + second.json] == [post.id for post in STORIES]
    assert (first.headers["X-WP-Total"], first.headers["X-WP-TotalPages"]) == ("16", "2")
    assert (third.status, third.json["code"]) == (400, "rest_post_invalid_page_number")


def test_post_has_dates_in_both_zones_and_the_full_text(portal: SamplePortal) -> None:
    story = STORIES[0]
    post = ask(portal, f"{POSTS}/{story.id}").json
    assert (post["date_gmt"], post["date"]) == ("2026-11-24T23:00:00", "2026-11-25T04:30:00")
    assert post["content"]["rendered"].strip() == story.content(portal.address)
    assert post["link"] == portal.address + story.path
    assert "_embedded" not in post


def test_embed_parameter_adds_author_terms_and_picture(portal: SamplePortal) -> None:
    for post, story in zip(ask(portal, f"{POSTS}?per_page=100&_embed").json, STORIES, strict=True):
        embedded = post["_embedded"]
        assert embedded["author"][0]["name"] == story.author
        categories, tags = embedded["wp:term"]
        assert [term["id"] for term in categories] == post["categories"]
        assert [unescape(term["name"]) for term in tags] == list(story.tags)
        assert [term["id"] for term in tags] == post["tags"]
        assert ("wp:featuredmedia" in embedded) == bool(story.picture) == bool(post["featured_media"])
        if story.picture:
            media = ask(portal, embedded["wp:featuredmedia"][0]["source_url"].removeprefix(portal.address))
            assert (media.status, media.headers["Content-Type"], media.body) == (200, "image/png", picture(story.picture))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("include=101,104", {101, 104}),
        ("exclude=101,104", {post.id for post in STORIES} - {101, 104}),
        ("slug=the-reed-mats-of-sabang", {116}),
        ("categories=4", {112, 113}),
        ("search=" + quote("মসলন্দ"), {116}),
        ("after=2026-11-24T12:00:00Z", {post.id for post in STORIES if post.published > NOW.replace(day=24, hour=12)}),
        ("modified_after=2026-11-25T01:00:00Z", set()),
        ("before=2026-11-19T00:00:00Z", {116}),
    ],
)
def test_posts_are_filtered_by_the_query(portal: SamplePortal, query: str, expected: set[int]) -> None:
    assert {post["id"] for post in ask(portal, f"{POSTS}?per_page=100&{query}").json} == expected


def test_modified_after_finds_a_story_edited_since(portal: SamplePortal) -> None:
    edited = next(post for post in STORIES if post.modified > post.published)
    between = edited.published.isoformat().replace("+00:00", "Z")
    found = ask(portal, f"{POSTS}?modified_after={between}&orderby=modified&order=asc&_fields=id,modified_gmt").json
    assert edited.id in {post["id"] for post in found}
    assert all(set(post) == {"id", "modified_gmt"} for post in found)
    assert [post["modified_gmt"] for post in found] == sorted(post["modified_gmt"] for post in found)


@pytest.mark.parametrize("query", ["per_page=101", "per_page=0", "page=x", "include=a", "after=never", "orderby=taste"])
def test_posts_with_a_bad_query_is_400_naming_the_parameter(portal: SamplePortal, query: str) -> None:
    reply = ask(portal, f"{POSTS}?{query}")
    assert (reply.status, reply.json["code"]) == (400, "rest_invalid_param")
    assert query.partition("=")[0] in reply.json["message"]


@pytest.mark.parametrize("target", [f"{POSTS}/7", "/wp-json/wp/v2/users", "/wp-json"])
def test_unknown_post_or_route_is_404_in_json(portal: SamplePortal, target: str) -> None:
    reply = ask(portal, target)
    assert (reply.status, reply.json["data"]) == (404, {"status": 404})


def test_sample_portal_refuses_rest_when_off_but_serves_feeds() -> None:
    with SamplePortal(NOW, rest=False) as portal:
        assert ask(portal, POSTS).status == 401
        assert ask(portal, "/feed").status == 200


# ── pages ───────────────────────────────────────────────────────────────────


def test_article_page_has_the_order_of_the_theme(portal: SamplePortal) -> None:
    for story in STORIES:
        reply = ask(portal, story.path)
        text = unescape(reply.body.decode())
        others = [post.title for post in STORIES if post is not story][:6]
        marks = [
            story.categories[0].name,
            f">{story.title}<",
            "নমুনা সংস্করণ, ",
            "Advertisement:",
            story.author,
            "Recent Posts",
            *others,
        ]
        positions, start = [], text.index("<main>")
        for mark in marks:
            start = text.index(mark, start)
            positions.append(start)
        assert reply.status == 200
        assert story.content(portal.address) in reply.body.decode()
        assert " ago</span>" in text[positions[-1] :]


@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("/?p=101", STORIES[0].path),
        ("/festival/the-reed-mats-of-sabang.html", "/art-and-craft/the-reed-mats-of-sabang.html"),
        ("/category/education/", "/category/education"),
        (STORIES[0].path + "/", STORIES[0].path),
    ],
)
def test_other_addresses_of_a_page_are_301(portal: SamplePortal, target: str, location: str) -> None:
    reply = ask(portal, target)
    assert (reply.status, reply.headers["Location"]) == (301, portal.address + location)
    assert reply.headers["X-Redirect-By"] == "WordPress"


@pytest.mark.parametrize("target", ["/", "/category/festival", f"/category/{RIVERS}"])
def test_front_and_category_pages_list_stories(portal: SamplePortal, target: str) -> None:
    reply = ask(portal, target)
    assert reply.status == 200
    assert b'<ul>\n<li>\n<h3><a href="http://127.0.0.1:' in reply.body


@pytest.mark.parametrize(
    "target",
    [
        "/none.html",
        "/?p=9",
        "/category/nope",
        "/wp-content/uploads/sample/none.png",
        "/wp-content/uploads/sample/..%2fedition.py",
        "/a/feed",
    ],
)
def test_unknown_address_is_a_404_page(portal: SamplePortal, target: str) -> None:
    reply = ask(portal, target)
    assert (reply.status, reply.headers["Content-Type"]) == (404, "text/html; charset=UTF-8")
    assert b"Page not found" in reply.body


def test_head_has_the_headers_of_get_and_no_body(portal: SamplePortal) -> None:
    head, get = ask(portal, "/feed", method="HEAD"), ask(portal, "/feed")
    assert head.body == b""
    assert head.headers["Content-Length"] == str(len(get.body))


# ── the server ──────────────────────────────────────────────────────────────


def test_many_clients_at_once_all_get_the_same_feed(portal: SamplePortal) -> None:
    with ThreadPoolExecutor(8) as pool:
        bodies = {pool_reply.body for pool_reply in pool.map(lambda _: ask(portal, "/category/festival/feed"), range(40))}
    assert len(bodies) == 1


def test_sample_portal_closes_connections_and_threads_on_exit() -> None:
    before = set(threading.enumerate())  # a thread of an earlier test may be about to end
    with SamplePortal(NOW) as portal:
        connection = http.client.HTTPConnection(urlsplit(portal.address).netloc, timeout=10)
        connection.request("GET", "/feed")
        connection.getresponse().read()
    assert set(threading.enumerate()) <= before
    with pytest.raises((http.client.HTTPException, OSError)):
        connection.request("GET", "/feed")
        connection.getresponse()
    connection.close()
    with pytest.raises(ConnectionRefusedError):
        ask(portal, "/feed")


def test_sample_portal_writes_no_log_and_loads_no_third_party_module() -> None:
    program = """
import sys
from datetime import UTC, datetime
from urllib.request import urlopen
from tests.sample_portal.server import SamplePortal
with SamplePortal(datetime.now(UTC)) as portal, urlopen(portal.address + "/feed") as reply:
    reply.read()
print(sorted({"httpx", "selectolax", "textual", "rich", "sqlite3", "PIL"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "[]", "")
