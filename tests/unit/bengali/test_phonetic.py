from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.bengali import phonetic, similarity
from bpost_tui.bengali.normalise import normalised, words
from bpost_tui.bengali.phonetic import as_english, avro, is_avro, key_pairs, keys, respellings
from bpost_tui.bengali.similarity import distance
from bpost_tui.bengali.synonyms import english_names

LOOSE = """
medinipur মেদিনীপুর|mamata মমতা|momota মমতা|kolkata কলকাতা|high হাই|court কোর্ট|highcourt হাইকোর্ট|khorogpur খড়্গপুর
kharagpur খড়্গপুর|vidyasagar বিদ্যাসাগর|bidyasagor বিদ্যাসাগর|panskura পাঁশকুড়া|pashkura পাঁশকুড়া|narayangarh নারায়ণগড়
gopiballavpur গোপীবল্লভপুর|jhargram ঝাড়গ্রাম|lakshmi লক্ষ্মী|lokkhi লক্ষ্মী|laxmi লক্ষ্মী|biswas বিশ্বাস|vishwas বিশ্বাস
election ইলেকশন|commission কমিশন|station স্টেশন|police পুলিশ|school স্কুল|howrah হাওড়া|shikkha শিক্ষা|siksha শিক্ষা
bigyan বিজ্ঞান|biggan বিজ্ঞান|mukhyomontri মুখ্যমন্ত্রী|mukhyamantri মুখ্যমন্ত্রী|abhishek অভিষেক|suvendu শুভেন্দু
shubhendu শুভেন্দু|dilip দিলীপ|ghosh ঘোষ|modi মোদী|narendra নরেন্দ্র|nirbachan নির্বাচন|nirbacon নির্বাচন
rastrapati রাষ্ট্রপতি|brishti বৃষ্টি|ishwar ঈশ্বর|ishvar ঈশ্বর|padma পদ্মা|college কলেজ|bangla বাংলা|bongo বঙ্গ
bengal বেঙ্গল|train ট্রেন|debra ডেবরা|salboni শালবনী|dantan দাঁতন|daton দাঁতন|chondrokona চন্দ্রকোনা|whatsapp হোয়াটসঅ্যাপ
haldia হলদিয়া|kangsabati কংসাবতী|subarnarekha সুবর্ণরেখা|keshpur কেশপুর|jhor ঝড়|bondhu বন্ধু|covid কোভিড
surjo সূর্য|surya সূর্য|upacharjo উপাচার্য|lokshobha লোকসভা|loksabha লোকসভা|sambad সংবাদ|songbad সংবাদ|medinipore মেদিনীপুর
"""
PAIRS = [pair.split() for line in LOOSE.split("\n") for pair in line.split("|") if pair.strip()]


@pytest.mark.parametrize(("roman", "bengali"), PAIRS)
def test_spellings_of_one_word_share_a_key_and_have_small_distances(roman: str, bengali: str) -> None:
    word = normalised(bengali)
    assert set(keys(roman)) & set(keys(word))
    assert distance(word, roman) <= 1.0


@pytest.mark.parametrize("table", ["_SHARED", "_ROMAN", "_DOUBTFUL", "_ENGLISH"])
def test_each_respelling_brings_its_examples_nearer(monkeypatch: pytest.MonkeyPatch, table: str) -> None:
    def distances(examples: str) -> list[float]:
        pairs = [pair.split() for pair in examples.split(", ")]
        return [distance(normalised(bengali), as_english(roman) if table == "_ENGLISH" else roman) for roman, bengali in pairs]

    monkeypatch.setattr(similarity, "sounds", phonetic.sounds.__wrapped__)  # without its cache
    rows = getattr(phonetic, table)
    for row in rows:
        near = distances(row[-1])
        with monkeypatch.context() as patch:
            patch.setattr(phonetic, table, tuple(other for other in rows if other is not row))
            assert all(one < other for one, other in zip(near, distances(row[-1]), strict=True)), row


@pytest.mark.parametrize(
    ("spelling", "bengali"),
    [
        ("medinIpur", "মেদিনীপুর"),
        ("khoRgopur", "খড়্গপুর"),
        ("kolokata", "কলকাতা"),
        ("prodhan", "প্রধান"),
        ("jhaRogram", "ঝাড়গ্রাম"),
        ("mOdI", "মোদী"),
    ],
)
def test_is_avro_accepts_avro_spellings_only(spelling: str, bengali: str) -> None:
    assert is_avro(normalised(bengali), spelling)
    assert not is_avro(normalised(bengali), spelling + "x")


def test_avro_differs_for_letters_of_one_sound() -> None:
    assert avro("শব") != avro("সব")
    assert avro(normalised("বাড়ি")) != avro("বারি")


@pytest.mark.parametrize(("roman", "other"), [("narayangad", "narayangar"), ("bhagwanpur", "bhagbanpur"), ("yogayog", "yogajog")])
def test_respelt_borrows_from_hindi_and_sanskrit(roman: str, other: str) -> None:
    assert other in respellings(roman)


@given(st.lists(st.text(st.sampled_from("কখগঙচজঞটডণতদনপবমযরলশষসহাািীুেোৃংঁ্\u09bcঅই"), min_size=1, max_size=10), max_size=6))
def test_keyed_gives_each_word_the_keys_it_has_alone(texts: list[str]) -> None:
    found = {word for text in texts for word in words(text)}
    assert sorted(key_pairs(found)) == sorted((key, word) for word in found for key in keys(word))


@given(st.text(max_size=60), st.text(max_size=60))
def test_keys_and_distance_take_any_words(one: str, other: str) -> None:
    for word in words(one):
        assert all(key.isascii() and key for key in keys(word))
        assert all(distance(word, roman) >= 0 for roman in words(other)[:2])


def test_english_names_are_normalised() -> None:
    for english, bengali in english_names().items():
        assert words(bengali) == [bengali]
        assert all(words(name) == [name] for name in english)


@given(st.lists(st.text(st.sampled_from("কখগঙচজঞটডণতদনপবমযরলশষসহাািীুেোৃংঁ্\u09bcঅই১9ab"), min_size=1, max_size=10), max_size=6))
def test_keys_beside_a_word_with_letters_of_another_script_are_the_same(found: list[str]) -> None:
    found = [f"ক{word}" for word in dict.fromkeys(found)]
    assert key_pairs(found) == [pair for pair in key_pairs([*found, "কα"]) if pair[1] != "কα"]
