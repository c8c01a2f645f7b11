"""Metadata that a page states about its story."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from bpost_tui.model.blocks import Image, Span
from bpost_tui.portal.html.page_metadata import PageMetadata, read_metadata
from bpost_tui.portal.html.sanitize_html import parse

NOW = datetime(2026, 11, 30, tzinfo=UTC)
URL = "https://paper.example/story"
ARTICLE = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "নদীর ধারে নতুন পাঠাগার",
    "datePublished": "2026-11-24T10:00:00+05:30",
    "dateModified": "2026-11-24T12:00:00+05:30",
    "author": [{"@type": "Person", "name": "রিতা সেন"}, {"@type": "Person", "name": "By Amal Roy"}],
    "image": {"@type": "ImageObject", "url": "/photos/1.jpg"},
    "articleSection": "জেলা",
    "keywords": ["পাঠাগার", "মেদিনীপুর"],
    "description": "শহরের পুরনো ঘাটে পাঠাগার খুলল।",
}


def read(html: str) -> PageMetadata:
    root = parse(html)
    assert root is not None
    return read_metadata(html, root, URL, NOW)


def script(value: object) -> str:
    return f'<script type="application/ld+json">{value if isinstance(value, str) else json.dumps(value)}</script><p>x</p>'


def check(found: PageMetadata) -> None:
    assert found.title == "নদীর ধারে নতুন পাঠাগার"
    assert found.author == "রিতা সেন, Amal Roy"
    assert found.published == datetime(2026, 11, 24, 4, 30, tzinfo=UTC)
    assert found.modified == datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
    assert found.picture == Image("https://paper.example/photos/1.jpg")
    assert (found.section, found.tags) == ("জেলা", ("পাঠাগার", "মেদিনীপুর"))
    assert found.description == "শহরের পুরনো ঘাটে পাঠাগার খুলল।" and found.is_free


@pytest.mark.parametrize(
    "html",
    [
        script(ARTICLE),
        script([{"@type": "BreadcrumbList"}, ARTICLE]),
        script({"@graph": [{"@type": "WebPage"}, {**ARTICLE, "@type": ["ReportageNewsArticle", "Thing"]}]}),
        script({"@type": "WebPage", "mainEntity": ARTICLE}),
        script(json.dumps(ARTICLE).removesuffix("}") + ",}"),
        script(f"<!-- {json.dumps(ARTICLE)} -->"),
        script("{broken") + script(ARTICLE),
    ],
    ids=["alone", "in a list", "in a graph", "as main entity", "extra comma", "in a comment", "after a broken one"],
)
def test_metadata_is_read_from_json_ld(html: str) -> None:
    check(read(html))


def test_author_of_a_graph_is_found_by_its_id() -> None:
    person = {"@type": "Person", "@id": "#rita", "name": "রিতা সেন"}
    assert read(script({"@graph": [{**ARTICLE, "author": {"@id": "#rita"}}, person]})).author == "রিতা সেন"


def test_metadata_is_read_from_meta_elements() -> None:
    found = read(
        '<meta property="og:title" content="শিরোনাম - The Paper"><meta property="og:site_name" content="The Paper">'
        '<meta property="article:published_time" content="2026-11-24T04:30:00Z"><meta name="author" content="রিতা সেন">'
        '<meta property="og:image" content="https://paper.example/1.jpg"><meta property="article:section" content="জেলা">'
        '<meta property="article:tag" content="ক"><meta property="article:tag" content="খ"><p>x</p>'
    )
    assert (found.title, found.author, found.section, found.tags) == ("শিরোনাম", "রিতা সেন", "জেলা", ("ক", "খ"))
    assert found.published == datetime(2026, 11, 24, 4, 30, tzinfo=UTC) and found.picture == Image("https://paper.example/1.jpg")


def test_metadata_is_read_from_the_visible_page() -> None:
    found = read('<h1>শিরোনাম</h1><span itemprop="author">By রিতা সেন</span><time datetime="2026-11-24T04:30:00Z">আজ</time><p>x</p>')
    assert (found.title, found.author, found.published) == ("শিরোনাম", "রিতা সেন", datetime(2026, 11, 24, 4, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    "html",
    [
        '<meta property="og:title" content="জেলা | নতুন পাঠাগার খুলল"><h1>নতুন পাঠাগার খুলল</h1>',
        '<meta property="og:title" content="নতুন পাঠাগার খুলল"><h1>জেলা: নতুন পাঠাগার খুলল</h1>',
        '<meta property="og:title" content="পাঠাগার: ঘাটের কাছে নতুন বাড়ি"><h1>নতুন পাঠাগার খুলল</h1>',
        '<meta property="og:title" content="ঘাটে নতুন পাঠাগার"><h1>The Paper</h1><h1>নতুন পাঠাগার খুলল</h1>',
        '<meta property="og:title" content="নতুন পাঠাগার খুলল"><h1>মন্তব্য</h1>',
        '<meta property="og:title" content="নতুন পাঠাগার খুলল"><h1>মেদিনীপুর</h1>',
        '<meta property="og:title" content="Paper.Example | নতুন পাঠাগার খুলল">',
        "<title>নতুন পাঠাগার খুলল | paper.example</title><h1>মন্তব্য</h1>",
        "<title>The Paper</title><h1>নতুন পাঠাগার খুলল</h1>",
    ],
    ids=[
        "section",
        "kicker",
        "shown first",
        "name as heading",
        "no headline shown",
        "section shown",
        "site",
        "title alone",
        "name as title",
    ],
)
def test_title_is_the_headline_shown_to_readers(html: str) -> None:
    assert read(f'<meta property="og:site_name" content="The Paper">{html}<p>x</p>').title == "নতুন পাঠাগার খুলল"


def test_title_cut_at_a_quotation_mark_is_the_shown_headline() -> None:
    stated = '<meta property="og:title" content="নতুন পাঠাগারের নাম "আলো ঘর"">'
    assert read(f'{stated}<h1>নতুন পাঠাগারের নাম "আলো ঘর"</h1><p>x</p>').title == 'নতুন পাঠাগারের নাম "আলো ঘর"'


def test_lead_picture_has_its_caption() -> None:
    stated = {"@type": "ImageObject", "contentUrl": "/photos/1.jpg", "caption": "নতুন <b>পাঠাগার</b>"}
    found = read(script({**ARTICLE, "image": [stated, "/photos/2.jpg"]}))
    assert found.picture == Image("https://paper.example/photos/1.jpg", caption=(Span("নতুন পাঠাগার"),))


@pytest.mark.parametrize(
    ("stated", "is_free"), [(False, False), ("False", False), ("false", False), (True, True), (None, True), ({}, True)]
)
def test_page_for_subscribers_is_not_free(stated: object, is_free: bool) -> None:
    assert read(script({**ARTICLE, "isAccessibleForFree": stated})).is_free is is_free


@pytest.mark.parametrize(
    "html",
    [
        script("[" + "{}," * 50_000 + "{}]"),
        script('{"@graph":[' * 1000),
        '<script type="application/ld+json">' * 100 + "<p>x</p>",
        script({**ARTICLE, "headline": {"a": 1}, "author": [[[]]], "image": 7, "keywords": 7, "datePublished": "soon"}),
    ],
)
def test_hostile_json_ld_states_nothing(html: str) -> None:
    found = read(html)
    assert (found.title, found.author, found.published, found.picture) == ("", "", None, None)


def test_future_dates_and_addresses_as_authors_are_left_out() -> None:
    found = read(script({**ARTICLE, "datePublished": "2036-01-01", "author": "https://social.example/rita"}))
    assert found.published is None and found.author == ""
