"""Feeds of each publishing program arrive whole, by a count that is independent of bpost's parser."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from datetime import UTC, datetime

import pytest

from bpost_tui.model.blocks import Embed, Image, Paragraph, Span, text_of
from bpost_tui.model.story import Story
from bpost_tui.portal.feed.feed_parser import parse_feed
from tests.feeds import expected_contents, parsed_contents
from tests.feeds.sample_feeds import feeds

NOW = datetime(2026, 11, 25, tzinfo=UTC)
URL = "https://paper.example/feed"
FEEDS = feeds()


def story(name: str) -> Story:
    (read,) = parse_feed(FEEDS[name], "text/xml", URL, now=NOW).stories
    return read


@pytest.mark.parametrize("name", FEEDS)
def test_feed_arrives_whole_and_nothing_is_added(name: str) -> None:
    expected, came = expected_contents.count(FEEDS[name], URL), parsed_contents.count([story(name)])
    lost = {each.name: getattr(expected, each.name) - getattr(came, each.name) for each in fields(expected) if each.name != "items"}
    assert {kind: gone for kind, gone in lost.items() if gone} == {}
    assert came.words - expected.words == Counter() and expected.items == came.items == 1


def test_podcast_has_its_sound_with_length_and_size() -> None:
    assert story("a podcast").blocks[0] == Embed("https://cdn.example/e.mp3", "audio", "", 2645, 41_000_000)
    assert story("a podcast").full and story("a podcast").author == "A show"


def test_plain_text_keeps_its_lines_and_its_addresses_are_links() -> None:
    lines = [block.spans for block in story("YouTube").blocks if isinstance(block, Paragraph)]
    assert list(map(text_of, lines)) == ["Show notes.", "First line", "Second: https://a.example/x"]
    assert lines[-1][-1] == Span("https://a.example/x", link="https://a.example/x")
    assert story("YouTube").image == "https://i.example/t.jpg"


def test_linked_talk_appears_once() -> None:
    assert not any(isinstance(block, Embed) for block in story("Hacker News").blocks)


def test_missing_title_is_replaced_by_the_first_words() -> None:
    assert story("no title").title.startswith("The river has risen again.")


def test_beginning_with_a_link_to_its_story_is_recognized() -> None:
    assert not story("a beginning that says of which story it is, for who only hears it").full
    assert story("a text behind plaintext").full


def test_caption_keeps_its_link_and_authors_are_names() -> None:
    (picture,) = (block for block in story("an author as RSS has it").blocks if isinstance(block, Image))
    assert picture.caption == (Span("By "), Span("Rina", link="https://paper.example/who"))
    assert story("an author as RSS has it").author == "Rina Das"
    assert story("a summary in Atom, of two authors").author == "Sumit, Rina"
