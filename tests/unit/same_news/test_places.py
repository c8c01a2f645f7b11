from __future__ import annotations

import pytest

from bpost_tui.bengali.normalise import words
from bpost_tui.same_news.keys import key_of
from bpost_tui.same_news.places import places_of


@pytest.mark.parametrize(
    ("text", "town"),
    [
        ("খড়গপুরের কাছে", "খড়্গপুর"),
        ("Kharagpur", "খড়্গপুর"),
        ("keshiari থানা", "কেশিয়াড়ি"),
        ("কেশিয়াড়িতে", "কেশিয়াড়ি"),
        ("শালবনীর জঙ্গলে", "শালবনি"),
        ("মেদিনীপুরে", "মেদিনীপুর"),
    ],
)
def test_town_when_named_in_any_form_is_one_place(text: str, town: str) -> None:
    assert places_of(words(text)).near == {key_of(words(town)[0])}


def test_district_when_named_after_a_town_is_not_the_town() -> None:
    found = places_of(words("পশ্চিম মেদিনীপুরে"), words("Midnapore"))
    assert not found.near
    assert found.wide == {key_of("মেদিনীপুর")}


def test_english_words_when_read_are_no_places() -> None:
    assert places_of(words("data result alert school")).near == frozenset()
