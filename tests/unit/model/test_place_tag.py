from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.model.datelines import MAX_TAG_CHARS, place_tag, without_tag


@pytest.mark.parametrize(
    ("title", "tag", "rest"),
    [
        ("Midnapore: মেয়ের অন্নপ্রাশন শেষে জ্বর নিয়েই কাজে", "Midnapore", "মেয়ের অন্নপ্রাশন শেষে জ্বর নিয়েই কাজে"),
        ("IIT Kharagpur: নতুন ছাত্রাবাস", "IIT Kharagpur", "নতুন ছাত্রাবাস"),
        ("Rabindranath : কবির জন্মদিন", "Rabindranath", "কবির জন্মদিন"),
        ("WB HS Result:মেধা তালিকায় ছয়ে ছয়", "WB HS Result", "মেধা তালিকায় ছয়ে ছয়"),
        ("Midnapore TMC: ১: প্রথম", "Midnapore TMC", "১: প্রথম"),
        ("HS Results 2024: ফল প্রকাশ", "HS Results 2024", "ফল প্রকাশ"),
        (
            "WhatsApp: ভারত সহ বিশ্বের বিভিন্ন অংশে কাজ করছেনা WhatsApp!",
            "WhatsApp",
            "ভারত সহ বিশ্বের বিভিন্ন অংশে কাজ করছেনা WhatsApp!",
        ),
    ],
)
def test_place_tag_when_latin_words_stand_before_colon_is_them(title: str, tag: str, rest: str) -> None:
    assert (place_tag(title), without_tag(title)) == (tag, rest)


@pytest.mark.parametrize(
    "title",
    [
        "",
        "মেদিনীপুর: বাংলা শিরোনাম",
        "কাজ করছেনা WhatsApp: আশ্বস্ত করল Meta",
        "মেটা (Meta)’র অ্যাপ",
        "Kharagpur ওড়িশার কলেজে: রহস্যমৃত্যু",
        "One two three four five: ছয়",
        "A" * 41 + ": দীর্ঘ",
        "https://thebengalpost.net",
        "Update 10:30 AM",
        "Midnapore:",
        "Midnapore: ",
        ": খবর",
    ],
)
def test_place_tag_when_there_is_none_is_empty(title: str) -> None:
    assert (place_tag(title), without_tag(title)) == ("", title)


@given(st.text() | st.from_regex(r"[A-Za-z .:ক১]{0,60}"))
def test_without_tag_of_any_title_leaves_its_end(title: str) -> None:
    assert len(place_tag(title)) <= MAX_TAG_CHARS
    assert title.endswith(without_tag(title))
    assert bool(without_tag(title)) == bool(title)
