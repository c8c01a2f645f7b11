"""Limits of promise P7 without another test: each gets more than it allows. The numbers are repeated here on purpose."""

from __future__ import annotations

from pathlib import Path

import pytest

from bpost_tui.core.state.state_file import StateFile
from bpost_tui.model.blocks import Blocks, Image, ListBlock, Quote, Span
from bpost_tui.model.sanitize import clean_blocks
from bpost_tui.model.story import Story
from bpost_tui.model.story_fields import clean_story
from bpost_tui.portal.feed.sanitize_xml import sanitize_xml
from bpost_tui.portal.html.sanitize_html import sanitize_html

SPANS = (Span("ক"),)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ((Quote((SPANS,) * 1001),), (Quote((SPANS,) * 1000),)),
        ((ListBlock(((0, SPANS),) * 1001),), (ListBlock(((0, SPANS),) * 1000),)),
        ((ListBlock(((9, SPANS),)),), (ListBlock(((8, SPANS),)),)),
    ],
    ids=["paragraphs of a quote", "items of a list", "levels of a list"],
)
def test_too_long_block_is_cut(given: Blocks, kept: Blocks) -> None:
    assert clean_blocks(given) == kept


def test_too_long_texts_beside_a_story_are_cut() -> None:
    story = clean_story(Story("1", "ক", excerpt="x" * 601, blocks=(Image("https://one.example/a.png", "x" * 4001),)))
    (picture,) = story.blocks
    assert isinstance(picture, Image)
    assert (len(story.excerpt), len(picture.alt)) == (600, 4000)


@pytest.mark.parametrize(
    ("inside", "counted", "most"),
    [
        ("<b/>" * 400_001, "<b/>", 400_000),
        ("<item>" + "<category>x</category>" * 201, "<category>", 200),
        ("".join(f'<a xmlns:n="http://{number}.example/"/>' for number in range(101)), "<a xmlns", 100),
        ("<title>" + "ক" * 4097 + "</title>", "ক", 4096),
        ("<text>" + "ক" * 2_000_001 + "</text>", "ক", 2_000_000),
    ],
    ids=["tokens", "elements of one name in an item", "namespaces", "a title", "any other text"],
)
def test_too_long_feed_is_cut(inside: str, counted: str, most: int) -> None:
    begun = "<rss><channel>"
    ended = "</item></channel></rss>" if "<item>" in inside else "</channel></rss>"
    xml, _ = sanitize_xml(begun + inside + ended)
    assert 0 < xml.count(counted) <= most


def test_page_with_too_many_tags_is_cut() -> None:
    assert 0 < sanitize_html("x<br>" * 100_001).count("<br>") <= 100_000


def test_too_long_attribute_is_cut_or_dropped() -> None:
    for quote in ('"', ""):
        assert len(sanitize_html(f"<a href={quote}https://one.example/{'x' * 5000}{quote}>ক</a>")) < 4096 + 100


def test_too_large_state_file_is_ignored(tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text('{"a": 1}' + " " * (16 << 20), encoding="utf-8")
    assert StateFile(tmp_path / "state.json").read() == {}
