"""Partial words: the last word of a query finds all words that begin with it; complete words find the same as before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bpost_tui.model.story import Story
from bpost_tui.store.library import Library

NOW = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
TITLES = {
    "town": "মেদিনীপুর শহরে বৃষ্টি",
    "of the town": "মেদিনীপুরের হাসপাতালে নতুন ভবন",
    "station": "খড়গপুর স্টেশনে ভিড়",
    "house": "ঘাটালে ঘাট সারাই",
    "latin": "The medico arrives",
    "hindi": "दिल्ली में बारिश",
    "urdu": "کولکاتا میں بارش",
}


@pytest.fixture
def titled(library: Library) -> Library:
    stories = [
        Story(guid, title, f"https://a.test/{at}", published=NOW - timedelta(hours=at))
        for at, (guid, title) in enumerate(TITLES.items())
    ]
    library.save(stories, now=NOW)
    return library


@pytest.mark.parametrize(
    ("typed", "found", "completed"),
    [
        ("medin", {"town", "of the town"}, "মেদিনীপুর"),
        ("medinip", {"town", "of the town"}, "মেদিনীপুর"),
        ("midi", set(), ""),
        ("khorogp", {"station"}, "খড়গপুর"),
        ("brishti medin", {"town"}, "brishti মেদিনীপুর"),
        ("medin brishti", set(), ""),
        ("is:unread medin", {"town", "of the town"}, "is:unread মেদিনীপুর"),
        ('"medin"', set(), ""),
        ("মেদিনীপ", {"town", "of the town"}, "মেদিনীপুর"),
        ("হাসপাত", {"of the town"}, "হাসপাতালে"),
        ("ghat", {"house"}, ""),
        ("ঘাটাল", {"house"}, ""),
        ("মেদিনীপুর", {"town", "of the town"}, ""),
        ("medico", {"latin"}, ""),
        ("arri", {"latin"}, "arrives"),
        ("Arri", {"latin"}, "arrives"),
        ("ar", set(), ""),
        ("बारि", {"hindi"}, "बारिश"),
        ("बारिश", {"hindi"}, ""),
        ("کولک", {"urdu"}, "کولکاتا"),
    ],
)
def test_partial_last_word_matches_words_with_that_prefix(titled: Library, typed: str, found: set[str], completed: str) -> None:
    result = titled.search.find(typed, limit=9, now=NOW, is_partial=True)
    assert ({hit.headline.guid for hit in result.hits}, result.completed) == (found, completed)
    if completed:
        assert {hit.headline.guid for hit in titled.search.find(completed, limit=9, now=NOW).hits} == found
        assert set(titled.search.story_ids(typed, now=NOW, is_partial=True)) == {hit.headline.id for hit in result.hits}


def test_word_is_complete_unless_marked_partial(titled: Library) -> None:
    assert not titled.search.find("medin", limit=9, now=NOW).hits
    assert not titled.search.find("-medin is:read", limit=9, now=NOW, is_partial=True).completed


def test_every_prefix_of_a_word_finds_the_words_stories(titled: Library) -> None:
    for word, guid in (("medinipur", "town"), ("khorogpur", "station"), ("haspatal", "of the town")):
        for end in range(4, len(word) + 1):
            hits = titled.search.find(word[:end], limit=9, now=NOW, is_partial=True).hits
            assert guid in {hit.headline.guid for hit in hits}, word[:end]


def test_prefix_with_too_many_candidates_is_not_expanded(titled: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bpost_tui.store.search.query_expansion._MAX_PREFIX_CANDIDATES", 1)
    assert not titled.search.find("medin", limit=9, now=NOW, is_partial=True).hits
