from __future__ import annotations

import unicodedata
from typing import Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bpost_tui.bengali.normalise import WordFinder, normalised, words, words_with_offsets
from bpost_tui.model.sanitize import clean_text

BENGALI = st.text(st.sampled_from("কখগতদনপবময়রলসহড়ািীুেোৌৎংঁ্১২’'\u200c\u200d\u00ad\u09bc\u09dc\u09df\u09d7 _-।(aZ"), max_size=40)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("খ\u09dc\u09cdগপুর", "খ\u09a1\u09bc\u09cdগপুর"),
        ("আষা\u09dd", "আষা\u09a2\u09bc"),
        ("হ\u09dfেছে", "হ\u09af\u09bcেছে"),
        ("ক\u09c7\u09beলাঘাট", "ক\u09cbলাঘাট"),
        ("স\u09c7\u09d7মেন", "স\u09ccমেন"),
        ("র\u200d\u09cdযাব", "র\u09cdযাব"),
        ("উদ\u09cd\u200cযাপন", "উদ\u09cdযাপন"),
        ("কল\u00adকাতা", "কলকাতা"),
        ("১২৩৪৫৬৭৮৯০", "1234567890"),
        ("হঠাৎ", "হঠাত\u09cd\u200d"),
        ("দু’টি", "দু'টি"),
        ("দু’টি", "দুটি"),
        ("বিডিও‘র", "বিডিওর"),
        ("অ\u09beমি", "আমি"),
        ("ব\u09bcাত", "রাত"),
        ("ব্য\u09bcক্তি", "ব্যক্তি"),
        ("WhatsApp", "WHATSAPP"),
        ("Straße", "STRASSE"),
        ("Kangsabati’s", "kangsabati"),
    ],
)
def test_words_are_equal_when_written_in_two_ways(one: str, other: str) -> None:
    assert words(one) == words(other)
    assert len(words(one)) == 1


@pytest.mark.parametrize(("one", "other"), [("কেনা", "কিনা"), ("কম", "কমিশন"), ("পড়া", "পরা"), ("বন", "বান"), ("দিন", "দীন")])
def test_words_differ_when_spellings_differ(one: str, other: str) -> None:
    assert words(one) != words(other)


def test_words_split_text_at_word_boundaries() -> None:
    text = "মেটা (Meta)’র, কলকাতা-হাওড়া; ২৩-এর ‘খবর’ a_b www.wbbpe.org।"
    assert words(text) == ["মেটা", "meta", "র", "কলকাতা", *words("হাওড়া"), "23", "এর", "খবর", "a", "b", "www", "wbbpe", "org"]


def test_words_with_offsets_give_offsets_in_the_original_text() -> None:
    text = "র\u200d\u09cdযাব ও ১২টা"
    assert [(word, text[start:end]) for word, start, end in words_with_offsets(text)] == [
        ("র\u09cdযাব", "র\u200d\u09cdযাব"),
        ("ও", "ও"),
        ("12টা", "১২টা"),
    ]


@given(BENGALI | st.text(max_size=40), st.sampled_from(("NFC", "NFD")))
def test_normalised_is_equal_for_all_unicode_forms(text: str, form: Literal["NFC", "NFD"]) -> None:
    assert normalised(text) == normalised(unicodedata.normalize(form, text))


@given(BENGALI | st.text(max_size=40))
@example("ৎ\u09bc")
def test_words_with_offsets_of_any_text_are_its_words(text: str) -> None:
    placed = list(words_with_offsets(text))
    assert [word for word, _, _ in placed] == words(text)
    assert all(words(text[start:end]) == [word] for word, start, end in placed)
    assert all(word == normalised(word) for word in words(text))


WORDS = st.text(st.sampled_from("কখগতদনপবমরলসহ\u09dc\u09dfৎ১aZ"), min_size=1, max_size=3).flatmap(
    lambda start: st.text(st.sampled_from("কতরািীে্\u09bc১\u200c\u200da"), max_size=5).map(lambda rest: start + rest)
)


@given(st.lists(WORDS, max_size=6), st.sampled_from((" ", "-", "।", "_", "’ ", "(")))
def test_word_finder_finds_every_word_with_the_prefix(written: list[str], between: str) -> None:
    text = clean_text(between.join(written), 200)
    wanted = words(text)[:2]
    found = {match.span() for match in WordFinder(wanted).find(text)}
    assert {(start, end) for word, start, end in words_with_offsets(text) if word in wanted} <= found
    assert found <= {(start, end) for _, start, end in words_with_offsets(text)}
