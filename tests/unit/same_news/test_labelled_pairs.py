"""Labelled pairs of accounts, and stories as they come, none of which may be folded wrongly. docs/same-news.md has the figures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from itertools import combinations
from pathlib import Path

from bpost_tui.demo.sample_edition import load_edition
from bpost_tui.model.story import Story
from bpost_tui.portal.feed.parser import parse_feed
from bpost_tui.portal.html.blocks import blocks
from bpost_tui.same_news.likeness import likeness
from bpost_tui.same_news.signature import signature_of
from tools.same_news import Pair, Share, accounts, measured, pairs

NOW = datetime(2026, 11, 26, tzinfo=UTC)
DOCUMENT = Path("docs/same-news.md")
RECORDED = Path("tests/data/portal")


@cache
def _pairs(share: Share) -> list[Pair]:
    return pairs(accounts(share))


def test_pairs_are_as_many_as_is_said_half_of_them_near_misses() -> None:
    found = measured(_pairs(Share.TUNING) + _pairs(Share.HELD_OUT))
    assert found.same + found.apart >= 400
    assert found.apart >= found.same >= 200


def test_pairs_for_tuning_are_never_folded_wrongly() -> None:
    found = measured(_pairs(Share.TUNING))
    assert found.folded_wrongly == 0
    assert found.recall > 0.75


def test_pairs_held_out_are_folded_wrongly_less_than_once_in_a_hundred() -> None:
    found = measured(_pairs(Share.HELD_OUT))
    assert found.precision > 0.99
    assert found.recall > 0.65


def test_pairs_by_another_hand_are_never_folded_wrongly() -> None:
    found = measured(_pairs(Share.UNSEEN))
    assert found.apart >= found.same >= 90
    assert found.folded_wrongly == 0
    assert found.recall > 0.3


def test_accounts_of_different_clusters_are_never_folded() -> None:
    assert measured(pairs(accounts(), clusters=False)).folded_wrongly == 0


def test_recorded_feeds_have_nothing_that_is_folded() -> None:
    found: dict[str, Story] = {}
    for path in sorted(RECORDED.glob("feed-*.body")):
        stories = parse_feed(path.read_bytes(), "application/rss+xml", "https://portal.example/feed", now=NOW).stories
        found |= {story.guid: story for story in stories}
    assert len(found) >= 10
    assert _folded(found.values(), on_one_day=False) == []


def test_sample_edition_has_nothing_that_is_folded_even_if_it_were_of_one_day() -> None:
    posts = load_edition(NOW).stories
    found = [Story(str(post.id), post.title, blocks=blocks(post.content(""), "http://127.0.0.1")) for post in posts]
    assert len(found) >= 16
    assert _folded(found, on_one_day=True) == []


def test_document_has_the_figures() -> None:
    text = DOCUMENT.read_text("utf-8")
    for share in Share:
        found = measured(_pairs(share))
        assert f"| {found.same} | {found.apart} | {found.folded_rightly} | {found.folded_wrongly} |" in text


def _folded(stories: Iterable[Story], *, on_one_day: bool) -> list[tuple[str, str]]:
    signed = [(story.title, signature_of(story._replace(published=NOW) if on_one_day else story, NOW)) for story in stories]
    return [(one[0], other[0]) for one, other in combinations(signed, 2) if likeness(one[1], other[1]).is_same_news]
