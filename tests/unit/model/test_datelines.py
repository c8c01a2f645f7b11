"""Place tags and datelines as the portal writes them, and headlines and texts that have none."""

from __future__ import annotations

import unicodedata
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.model.datelines import MAX_TAG_CHARS, dateline, place_tag, without_tag

DATELINES = [
    "দ্য বেঙ্গল পোস্ট প্রতিবেদন, পশ্চিম মেদিনীপুর, ২৩ নভেম্বর:",
    "দ্য বেঙ্গল পোস্ট প্রতিবেদন, ২৫ অক্টোবর:",
    "দ্য বেঙ্গল পোস্ট বিশেষ প্রতিবেদন, সবং, ৯ জানুয়ারি:",
    "মণিরাজ ঘোষ, পশ্চিম মেদিনীপুর, 12 জুন :",
    "দ্য বেঙ্গল পোস্ট প্রতিবেদন, খড়্গপুর, ৩ ফেব্রুয়ারী:",
    "দ্য বেঙ্গল পোস্ট প্রতিবেদন, কলকাতা, ১৫ অগস্ট:",
]


@pytest.mark.parametrize("form", ["NFC", "NFD", "as written"])
@pytest.mark.parametrize("head", DATELINES)
def test_dateline_when_a_text_begins_with_one_is_returned_as_it_stands(
    head: str, form: Literal["NFC", "NFD", "as written"]
) -> None:
    if form != "as written":
        head = unicodedata.normalize(form, head)
    text = f"{head} শোকসংবাদটা পৌঁছেছিল শুক্রবারই। সকাল ১০:৩০ নাগাদ, ২ মে: আবার।"
    assert dateline(text) == head


@pytest.mark.parametrize(
    "text",
    [
        "",
        "মেদিনীপুর শহরে বৃষ্টি।",
        "তিনি বললেন: ভালো আছি।",
        "প্রথম বাক্য শেষ। দ্য বেঙ্গল পোস্ট, ২৩ নভেম্বর: পরে।",
        "কী হল? দ্য বেঙ্গল পোস্ট, ২৩ নভেম্বর: পরে।",
        "এক লাইন\nদ্য বেঙ্গল পোস্ট, ২৩ নভেম্বর: পরে।",
        "সময়: ১০টা, ২৩ নভেম্বর: পরে।",
        "দ্য বেঙ্গল পোস্ট প্রতিবেদন, ২৩ নভেম্বর বিকেলে ঘটনাটি ঘটে: বলা হয়।",
        "খ" * 400 + ", ২৩ নভেম্বর:",
    ],
)
def test_dateline_when_a_text_has_none_is_empty(text: str) -> None:
    assert dateline(text) == ""


@given(st.text(alphabet="দ্য, ২৩নভেম্বর:।য\u09bc\n মে", max_size=300))
def test_dateline_of_any_text_is_how_it_begins(text: str) -> None:
    head = dateline(text)
    assert text.startswith(head)
    assert head == "" or head.endswith(":")


# ── place tags ──────────────────────────────────────────────────────────────


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
