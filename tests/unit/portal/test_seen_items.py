from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpost_tui.model.story import Category
from bpost_tui.portal.feed import feed_parser
from bpost_tui.portal.feed.feed_parser import parse_feed
from bpost_tui.portal.feed.sanitize_xml import item_spans
from bpost_tui.portal.feed.seen_items import FeedItems
from bpost_tui.portal.parse_results import ParsedFeed
from tests.fuzz.time_growth import LINEAR, growth
from tests.scripted_portal import item, rss

NOW = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
URL = "https://thebengalpost.net/feed"


def parse(body: bytes, seen: str = "", **more: object) -> ParsedFeed:
    return parse_feed(body, "application/rss+xml", URL, now=NOW, seen=seen, **more)  # type: ignore[arg-type]


def items(*numbers: int, text: str = "লেখা") -> list[str]:
    address = "https://thebengalpost.net/a"
    return [item(f"খবর {n}", guid=f"g{n}", link=f"{address}/{n}.html", text=f"<p>{text} {n}</p>") for n in numbers]


def titles(parsed: ParsedFeed) -> list[str]:
    return [story.title for story in parsed.stories]


def test_unchanged_items_are_not_read_again() -> None:
    first = parse(rss(*items(3, 2, 1)))
    assert len(first.digests.split()) == 3 and first.skipped == 0
    again = parse(rss(*items(4), *items(3), *items(2, text="বদলানো"), *items(1)), first.digests)
    assert titles(again) == ["খবর 4", "খবর 2"]
    assert again.skipped == 2
    assert len(again.digests.split()) == 4
    nothing = parse(rss(*items(4), *items(3), *items(2, text="বদলানো"), *items(1)), again.digests)
    assert (nothing.stories, nothing.skipped, nothing.warnings) == ((), 4, ())


def test_items_are_read_again_when_the_category_list_changes() -> None:
    body = rss(*items(2, 1))
    seen = parse(body).digests
    assert len(parse(body, seen, known=[Category("health", "Health", portal_count=4)]).stories) == 2


def test_items_dated_in_the_future_are_read_again() -> None:
    late = item("কাল", guid="late", more="<pubDate>Tue, 24 Nov 2026 18:00:00 +0000</pubDate>")
    first = parse(rss(late, *items(1)))
    assert len(first.stories) == 2 and len(first.digests.split()) == 1
    assert titles(parse(rss(late, *items(1)), first.digests)) == ["কাল"]


@pytest.mark.parametrize(
    "other",
    [item("অন্য", guid="g1", link="https://thebengalpost.net/b"), item("অন্য", guid="x", link="https://thebengalpost.net/a/1.html")],
)
def test_items_sharing_an_id_or_a_link_are_all_read(other: str) -> None:
    seen = parse(rss(*items(2, 1))).digests
    assert len(parse(rss(other, *items(2, 1)), seen).stories) == 3


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: body[:-40],
        lambda body: body.replace(b"</channel>", b"<item><title>\xff</title></item></channel>"),
        lambda body: body.replace(b"<item>", b"<item><title><![CDATA[", 1),
        lambda body: body.replace(b"<item>", b"<!-- <item>", 1),
        lambda body: body.replace(b"</item>", b"</item", 1),
    ],
)
def test_items_of_a_damaged_feed_are_all_read_and_not_remembered(spoil: Callable[[bytes], bytes]) -> None:
    seen = parse(rss(*items(3, 2, 1))).digests
    damaged = spoil(rss(*items(5, 4, 3, 2, 1)))
    whole, partial = parse(damaged), parse(damaged, seen)
    assert {story.guid for story in whole.stories} <= {story.guid for story in partial.stories} | {"g1", "g2", "g3"}
    if whole.warnings:
        assert partial == whole
        assert whole.digests == ""


def test_unreadable_new_item_never_hides_that_the_feed_is_readable() -> None:
    bad = '<item><guid>g6</guid><x xmlns:a="u" xmlns:b="u"><y a:k="1" b:k="2"/></x></item>'  # two names for one attribute
    seen = parse(rss(*items(5, 4, 3, 2, 1))).digests
    partial = parse(rss(bad, *items(5, 4, 3, 2, 1)), seen)
    assert len(partial.stories) == 5 and len(partial.warnings) == 1
    assert partial == parse(rss(bad, *items(5, 4, 3, 2, 1)))


def test_duplicate_items_are_not_remembered() -> None:
    both = [items(1, text="আগে")[0], items(1, text="পরে")[0]]
    first = parse(rss(*both))
    assert len(first.stories) == 1 and first.digests == ""


FEED = st.lists(st.tuples(st.integers(1, 6), st.sampled_from(["ক", "খ", "]]>", "<item>", "</item>", "<![CDATA["])), max_size=7)


@settings(max_examples=120, deadline=None)
@given(FEED, FEED)
def test_skipped_items_never_hide_a_story(before: list[tuple[int, str]], after: list[tuple[int, str]]) -> None:
    def feed(numbers: list[tuple[int, str]]) -> bytes:
        return rss(*(items(number, text=text)[0] for number, text in numbers)) if numbers else rss(*items(9))

    first, whole = parse(feed(before)), parse(feed(after))
    partial = parse(feed(after), first.digests)
    read = {(story.guid, story.blocks) for story in (*first.stories, *partial.stories)}
    assert {(story.guid, story.blocks) for story in whole.stories} <= read
    assert bool(partial.warnings) == bool(whole.warnings)


def test_feed_without_new_items_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    body = rss(*items(2, 1))
    seen = parse(body).digests
    calls: list[str] = []
    read = feed_parser._parse
    monkeypatch.setattr(feed_parser, "_parse", lambda text, *rest: calls.append(text) or read(text, *rest))  # type: ignore[func-returns-value]
    parse(body, seen)
    assert len(calls) == 1 and "<item" not in calls[0]


# ── foreign text that looks like items ──────────────────────────────────────


def feed_with_false_items(count: int) -> str:
    """Return a feed of three posts; the second's CDATA has a false end of an item and `count` false beginnings."""
    evil = f"<content:encoded><![CDATA[ক</item>{'<entry >' * count}]]></content:encoded>"
    names = 'version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    return f"<rss {names}><channel>{numbered(1)}{numbered(2, evil)}{numbered(3)}</channel></rss>"


def numbered(number: int, more: str = "") -> str:
    return f"<item><title>খবর {number}</title><guid>{number}</guid>{more}</item>"


def test_post_with_false_item_starts_hides_no_neighbour() -> None:
    parsed = parse_feed(feed_with_false_items(36_000).encode(), "application/rss+xml", "https://portal.example/feed", now=NOW)
    assert [story.guid for story in parsed.stories] == ["1", "2", "3"] and parsed.warnings == ()


@pytest.mark.parametrize(
    "make",
    [
        feed_with_false_items,
        lambda count: f"<rss><item>{'<id><![CDATA[' * count}</item></rss>",
        lambda count: f"<rss>{'<item>' * count}</rss>",
        lambda count: f"<rss>{'<item></entry>' * count}</rss>",
        lambda count: f"<rss><item></item>{'<!-- ' * count}<item></item></rss>",
        lambda count: f"<rss><item><guid{' a' * count}</item>{'<id>]]>' * count}</rss>",
        lambda count: f"<rss>{'<item></item><![CDATA[' * count}</rss>",
    ],
)
def test_items_are_found_in_linear_time(make: Callable[[int], str]) -> None:
    assert growth(lambda text: FeedItems(text, "").are_distinct, make, 2000) < LINEAR
    assert growth(item_spans, make, 2000) < LINEAR
