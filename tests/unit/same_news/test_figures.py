from __future__ import annotations

import pytest

from bpost_tui.same_news.figures import figures_of
from bpost_tui.same_news.keys import key_of


def _of(text: str, unit: str) -> set[float]:
    return {value for value, found in figures_of(text) if found == unit}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("দাম ৭৪,৫০০ টাকা", {74500}),
        ("চারশো টাকা", {400}),
        ("সাড়ে তিন হাজার টাকা", {3500}),
        ("দেড় লক্ষ টাকা", {150_000}),
        ("২ লক্ষ ২০ হাজার টাকা", {220_000}),
        ("এক লক্ষ কুড়ি হাজার টাকা", {120_000}),
        ("৩৮ লাখ টাকা, ৩৮ লক্ষ টাকা", {3_800_000}),
        ("₹৬৫", {65}),
        ("৬৫ টাকায়", {65}),
    ],
)
def test_sums_when_written_in_any_way_are_one_number(text: str, expected: set[float]) -> None:
    assert _of(text, key_of("টাকা")) == expected


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("মৃত ৩, আহত ১২ জন", "dead", {3}),
        ("মৃত ৩, আহত ১২ জন", "hurt", {12}),
        ("দু’জনের মৃত্যু", "dead", {2}),
        ("তিনজনকে গ্রেফতার", "held", {3}),
        ("জখম বাইশ যাত্রী", "hurt", set()),
        ("একশো পঁচিশ জন এলেন", "persons", {125}),
        ("রমেশ মাইতি (৪৫)", "বছর", {45}),
        ("রাত ১০টা নাগাদ", "clock", {10}),
        ("৩-২ গোলে জয়ী", "score", {3.02}),
        ("খেলার ফল ২-৩", "score", {3.02}),
        ("২০-২৫ জন", "score", set()),
        ("দ্বিতীয় টেস্টে", "ordinal " + key_of("টেস্ট"), {2}),
        ("২৫%, ২৫ শতাংশ", key_of("শতাংশ"), {25}),
    ],
)
def test_numbers_when_read_have_what_they_count(text: str, unit: str, expected: set[float]) -> None:
    assert _of(text, unit) == expected


def test_days_of_months_when_read_are_no_figures() -> None:
    assert figures_of("২৩ নভেম্বর") == frozenset()
