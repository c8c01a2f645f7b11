"""What stories count, as it is read from them, and where accounts differ. The texts are invented."""

from __future__ import annotations

import pytest

from bpost_tui.bengali.normalise import normalised
from bpost_tui.same_news.figures import AGE, SUM, Told, differing, figures_of


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("মৃত ৩, আহত ১২ জন", {"dead": 3, "hurt": 12}),
        ("দু’জনের মৃত্যু", {"dead": 2}),
        ("তিনজনকে গ্রেফতার", {"held": 3}),
        ("জখম বাইশ যাত্রী", {"hurt": 22}),
        ("ট্রেন দুর্ঘটনায় নিহত বেড়ে ১৫", {"dead": 15}),
        ("বাস উল্টে ৫ শিশু-সহ ১২ জনের মৃত্যু", {"dead": 12}),
        ("প্রাণ গেল ৩ জনের", {"dead": 3}),
        ("মারা গেছেন তিন শ্রমিক", {"dead": 3}),
        ("আগুনে পুড়ে মৃত্যু একই পরিবারের চারজনের", {"dead": 4}),
        ("নিখোঁজ ৪ মৎস্যজীবী", {"missing": 4}),
        ("একশো পঁচিশ জন আহত", {"hurt": 125}),
        ("৫ জন আহত, মৃত ২", {"hurt": 5, "dead": 2}),
        ("At least 12 killed, 30 injured in bus crash", {"dead": 12, "hurt": 30}),
        ("Bus crash kills 12", {"dead": 12}),
        ("Fire leaves five dead, three missing", {"dead": 5, "missing": 3}),
        ("Police arrest three over murder", {"held": 3}),
        ("Death toll rises to 15", {"dead": 15}),
        ("Blast kills 12 people, injuring 30 others", {"dead": 12, "hurt": 30}),
        ("লুট ২০ লক্ষ টাকা", {f"{SUM}stolen": 2_000_000}),
        ("ক্ষতিপূরণ দেড় লক্ষ টাকা", {f"{SUM}compensation": 150_000}),
        ("Fined Rs 50,000", {f"{SUM}fine": 50_000}),
    ],
)
def test_number_is_read_with_what_it_counts(title: str, expected: dict[str, int]) -> None:
    assert figures_of(title, "") == expected


@pytest.mark.parametrize(
    "title",
    [
        "প্রায় ৫০ জন আহত",
        "More than 100 people were injured",
        "৩ দিনে মৃত্যু",
        "Man arrested after 3 years",
        "রাত ১০টা নাগাদ মৃত্যু",
        "দ্বিতীয় টেস্টে আহত",
        "২০২৫ সালে মৃত্যু",
        "৩ জনের মৃত্যু, পরে আরও ২ জনের মৃত্যু",
        "৭৪,৫০০ টাকা",
    ],
)
def test_number_that_surely_counts_nothing_of_these_is_left_out(title: str) -> None:
    assert figures_of(title, "") == {}


def test_headline_holds_before_the_text_and_earlier_events_are_left_out() -> None:
    text = "দুর্ঘটনায় ৫ জনের মৃত্যু হয়েছে। আহত ১০ জন। গত বছর এখানেই ৮ জন নিখোঁজ হন।"
    assert figures_of("বাস খাদে, মৃত ৬", text) == {"dead": 6, "hurt": 10}


def test_ages_are_those_of_whom_they_stand_behind() -> None:
    assert figures_of("", "মৃতের নাম রমেশ মাইতি (৪৫)।") == {f"{AGE}{normalised('রমেশ মাইতি')}": 45}


def test_accounts_that_count_otherwise_are_told_apart() -> None:
    assert differing([{"dead": 12, "hurt": 3}, {"dead": 15}, {"dead": 12, "hurt": 3}, {}]) == {
        "dead": (Told(12, (0, 2)), Told(15, (1,)))
    }
    assert differing([{"dead": 12}, {"hurt": 4}, {}]) == {}
