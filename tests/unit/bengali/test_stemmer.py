from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.bengali import stemmer
from bpost_tui.bengali.normalise import normalised, words
from bpost_tui.bengali.stemmer import is_trusted, roots, stems


@pytest.mark.parametrize(
    ("inflected", "stem"),
    [
        ("কলকাতায়", "কলকাতা"),
        ("কলকাতার", "কলকাতা"),
        ("কলকাতাতে", "কলকাতা"),
        ("কলকাতাই", "কলকাতা"),
        ("মেদিনীপুরে", "মেদিনীপুর"),
        ("মেদিনীপুরের", "মেদিনীপুর"),
        ("মেদিনীপুরেও", "মেদিনীপুর"),
        ("হুগলিতেও", "হুগলি"),
        ("ছাত্রদেরকেও", "ছাত্র"),
        ("ছাত্ররা", "ছাত্র"),
        ("শ্রমিকেরা", "শ্রমিক"),
        ("বাড়িটিতে", "বাড়ি"),
        ("মেয়ের", "মেয়ে"),
        ("ভাইয়ের", "ভাই"),
        ("বিদ্যালয়ের", "বিদ্যালয়"),
        ("রাজ্যগুলিকে", "রাজ্য"),
        ("বইগুলো", "বই"),
        ("১২টায়", "১২টা"),
        ("১২টায়", "১২"),
        ("২০৬তম", "২০৬"),
        ("মায়ের", "মা"),
        ("মায়েদেরও", "মা"),
        ("মাকে", "মা"),
        ("পায়ে", "পা"),
        ("গাঁয়ের", "গাঁ"),
        ("বনগাঁয়", "বনগাঁ"),
        ("বনগাঁর", "বনগাঁ"),
        ("পুজোয়", "পুজো"),
        ("সবংয়ের", "সবং"),
        ("শ্রীকান্তর", "শ্রীকান্ত"),
        ("শ্রীকান্তরই", "শ্রীকান্ত"),
        ("পার্থর", "পার্থ"),
        ("খবরের", "খবর"),
        ("সরকারকেও", "সরকার"),
        ("কমিটিগুলিতে", "কমিটি"),
        ("ভাইয়েরা", "ভাই"),
        ("মেয়েদের", "মেয়ে"),
        ("দার্জিলিঙে", "দার্জিলিং"),
        ("দার্জিলিঙের", "দার্জিলিং"),
        ("সবঙে", "সবং"),
        ("কুকুরের", "কুকুর"),
        ("চিড়িয়াখানায়", "চিড়িয়াখানা"),
        ("শ্রীরামপুরে", "শ্রীরামপুর"),
        ("বন্ধুর", "বন্ধু"),
    ],
)
def test_stems_of_an_inflected_noun_include_the_noun(inflected: str, stem: str) -> None:
    assert normalised(stem) in stems(normalised(inflected))


@pytest.mark.parametrize(
    "word",
    [
        "কমিশন",
        "কেনা",
        "কিনা",
        "পার্টি",
        "মাটি",
        "বই",
        "দুই",
        "করে",
        "হবে",
        "থেকে",
        "আমরা",
        "কাকে",
        "ফলে",
        "বাজার",
        "ডেবরা",
        *"""
            কুকুর ঠাকুর পুকুর শ্রীরামপুর মেদিনীপুর ঈশ্বর মথুরা ত্রিপুরা চিড়িয়াখানা ছাপাখানা কারখানা ইঁদুর স্বজন বিডিও
            রেহাই
        """.split(),
        "কমিটি",
        "দপ্তর",
        "অক্ষর",
        "চায়",
        "whatsapp",
        "",
    ],
)
def test_stems_are_empty_for_uninflected_words(word: str) -> None:
    assert stems(normalised(word)) == ()


@pytest.mark.parametrize(
    ("inflected", "of"), [("সাংসদের", {"সাংসদ", "সাংস"}), ("কলকাতাতেও", {"কলকাতা"}), ("ছাত্রগুলিকে", {"ছাত্র", "ছাত্রগুলি"}), ("কেনা", set())]
)
def test_roots_are_words_without_removable_endings(inflected: str, of: set[str]) -> None:
    assert set(roots(normalised(inflected))) == {normalised(word) for word in of}


def test_is_sure_counts_letters_not_signs() -> None:
    assert is_trusted("কলকাতা") and is_trusted("12")
    assert not is_trusted("বাজা") and not is_trusted("কমি")


@given(st.text(st.sampled_from("করমনদতেিাোয়টিগুলইও্"), max_size=12))
def test_stems_are_shorter_beginnings_of_the_word(text: str) -> None:
    for word in words(text):
        found = stems(word)
        assert all(word.startswith(stem) and 0 < len(stem) < len(word) for stem in found)
        assert list(found) == sorted(set(found), key=len, reverse=True)


def test_stemmer_rules_are_normalised() -> None:
    assert all(normalised(word) == word for word in stemmer._WHOLE)
