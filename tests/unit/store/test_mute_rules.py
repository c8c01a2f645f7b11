from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bpost_tui.model.story import Category, Story
from bpost_tui.store.library import Library
from bpost_tui.store.search.mute_rules import mute_queries

NOW = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)


@pytest.fixture
def saved(library: Library, make_story: Callable[..., Story]) -> Library:
    sport, health = Category("sports", "Sports"), Category("health", "Health")
    library.save(
        [
            make_story(1, title="Kharagpur: ফুটবলের খবর", categories=(sport,)),
            make_story(2, title="Midnapore: হাসপাতালে নতুন যন্ত্র", categories=(health,)),
            make_story(3, title="Ghatal: বন্যার জল নামছে", author="Mani Raj Ghosh", categories=(health, sport)),
            make_story(4, title="Midnapore: বইমেলা", categories=(health,)),
        ],
        now=NOW,
    )
    return library


def muted(library: Library, **rules: tuple[str, ...]) -> set[str]:
    queries = mute_queries(rules)
    found = library.mutes.find_muted(queries, [1, 2, 3, 4, 99])
    return {library.headline(story).title.partition(": ")[2] for story in found}


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({}, set()),
        ({"words": ("ফুটবল",)}, {"ফুটবলের খবর"}),
        ({"words": ("football",)}, {"ফুটবলের খবর"}),
        ({"words": ("hasapatal",)}, {"হাসপাতালে নতুন যন্ত্র"}),
        ({"words": ("নতুন যন্ত্র",)}, {"হাসপাতালে নতুন যন্ত্র"}),
        ({"words": ("যন্ত্র নতুন",)}, set()),
        ({"tags": ("Ghatal",)}, {"বন্যার জল নামছে"}),
        ({"authors": ("Mani Raj Ghosh",), "words": ("বইমেলা",)}, {"বন্যার জল নামছে", "বইমেলা"}),
        ({"categories": ("sports",)}, {"ফুটবলের খবর", "বন্যার জল নামছে"}),
        ({"words": ('"', "-", "or", "tag:", "  ")}, set()),
        ({"words": ("ফুটবল", "কোভিড-১৯")}, {"ফুটবলের খবর"}),
        ({"words": ("কোভিড-১৯", "ফুটবল")}, {"ফুটবলের খবর"}),
        ({"words": ("নতুন-যন্ত্র",)}, {"হাসপাতালে নতুন যন্ত্র"}),
        ({"words": ("-বইমেলা",)}, {"বইমেলা"}),
        ({"words": ("is:unread", "after:2020", "বইমেলা or জল")}, set()),
        ({"tags": ("Ghatal or Midnapore",), "authors": ('Mani" or "News',)}, set()),
    ],
)
def test_mute_rules_match_their_stories(saved: Library, rules: dict[str, tuple[str, ...]], expected: set[str]) -> None:
    assert muted(saved, **rules) == expected


def test_muted_unread_is_counted_for_each_category(saved: Library) -> None:
    queries = mute_queries({"categories": ("sports",)})
    assert saved.mutes.count_unread(queries) == {("", ""): 2, ("", "sports"): 2, ("", "health"): 1}
    saved.set_mark("read", saved.mutes.find_muted(mute_queries({"words": ("ফুটবল",)}), [1, 2, 3, 4]), True, now=NOW)
    assert saved.mutes.count_unread(queries) == {("", ""): 1, ("", "sports"): 1, ("", "health"): 1}


def test_mute_queries_cover_hundreds_of_rules(saved: Library) -> None:
    words = (*(f"শব্দ{number}" for number in range(400)), "ফুটবল")
    assert len(mute_queries({"words": words})) > 1
    assert muted(saved, words=words) == {"ফুটবলের খবর"}
