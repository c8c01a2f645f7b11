"""Quantities that stories report: reading them, and comparing accounts. The texts are invented."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.bengali.normalise import normalised
from bpost_tui.grouping.quantities import (
    AGE,
    SUM,
    LowerBound,
    ReportedValue,
    changed_quantities,
    contradictions,
    quantities_from_text,
    quantities_of,
    quantities_to_text,
)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("মৃত ৩, আহত ১২ জন", {"dead": 3, "hurt": 12}),
        ("দু’জনের মৃত্যু", {"dead": 2}),
        ("তিনজনকে গ্রেফতার", {"held": 3}),
        ("জখম বাইশ যাত্রী", {"hurt": 22}),
        ("ট্রেন দুর্ঘটনায় নিহত বেড়ে ১৫", {"dead": 15}),
        ("বাস উল্টে ৫ শিশু-সহ ১২ জনের মৃত্যু", {"dead": 12}),
        ("প্রাণ গেল ৩ জনের", {"dead": 3}),
        ("মারা গেছেন তিন শ্রমিক", {"dead": 3}),
        ("আগুনে পুড়ে মৃত্যু একই পরিবারের চারজনের", {"dead": 4}),
        ("নিখোঁজ ৪ মৎস্যজীবী", {"missing": 4}),
        ("একশো পঁচিশ জন আহত", {"hurt": 125}),
        ("৫ জন আহত, মৃত ২", {"hurt": 5, "dead": 2}),
        ("At least 12 killed, 30 injured in bus crash", {"dead": 12, "hurt": 30}),
        ("Bus crash kills 12", {"dead": 12}),
        ("Fire leaves five dead, three missing", {"dead": 5, "missing": 3}),
        ("Police arrest three over murder", {"held": 3}),
        ("Death toll rises to 15", {"dead": 15}),
        ("Blast kills 12 people, injuring 30 others", {"dead": 12, "hurt": 30}),
        ("লুট ২০ লক্ষ টাকা", {f"{SUM}taken": 2_000_000}),
        ("ক্ষতিপূরণ দেড় লক্ষ টাকা", {f"{SUM}compensation": 150_000}),
        ("Fined Rs 50,000", {f"{SUM}fine": 50_000}),
        ("Professor duped of Rs. 1.2 crore", {f"{SUM}taken": 12_000_000}),
        ("উদ্ধার নগদ ৩৮ লাখ টাকা", {f"{SUM}seized": 3_800_000}),
        ("Rs 10 lakh for the families of the 18 killed", {f"{SUM}compensation": 1_000_000, "dead": 18}),
        ("মৃতের সংখ্যা বেড়ে দাঁড়াল ১৭", {"dead": 17}),
        ("গ্রেফতার তৃণমূল নেতা-সহ ৫", {"held": 5}),
        ("মৃত্যু হয়েছে চালক-সহ ৩ জনের", {"dead": 3}),
        ("গ্রেফতার করা হয়েছে ৭ জনকে", {"held": 7}),
        ("Death toll climbs to 31", {"dead": 31}),
        ("৪ জন জখম আশঙ্কাজনক অবস্থায়", {"hurt": 4}),
        ("সাড়ে তিন লক্ষ টাকা লুট", {f"{SUM}taken": 350_000}),
        ("পৌনে দু’কোটি টাকা লুট", {f"{SUM}taken": 17_500_000}),
        ("সাড়ে তিনশো জন আহত", {"hurt": 350}),
        ("দু’লক্ষ টাকা লুট", {f"{SUM}taken": 200_000}),
        ("ন’জন নিহত, আহত দেড়শো", {"dead": 9, "hurt": 150}),
        ("খতম ২৭ জন মাওবাদী", {"dead": 27}),
        ("দগ্ধ হয়েছেন সাত জন", {"hurt": 7}),
        ("Blast killed eight workers and injured five on Tuesday", {"dead": 8, "hurt": 5}),
        ("Six people have now been held", {"held": 6}),
        ("আটক ২, গ্রেফতার ৩", {"detained": 2, "held": 3}),
        ("বছর পঁচিশের এক যুবকের রহস্যমৃত্যু", {f"{AGE}যুবক": 25}),
        ("২৫ বছরের যুবকের দেহ উদ্ধার", {f"{AGE}যুবক": 25}),
        ("A 71-year-old retired professor was cheated", {f"{AGE}professor": 71}),
        ("Professor, 74, cheated", {f"{AGE}professor": 74}),
        ("প্রয়াত অভিনেতা, বয়স হয়েছিল ৮৬ বছর", {AGE: 86}),
        ("৮৫ বছর বয়সে প্রয়াত অভিনেতা", {AGE: 85}),
        ("Veteran actor dies at 79", {AGE: 79}),
    ],
)
def test_quantity_is_read_with_its_kind(title: str, expected: dict[str, int]) -> None:
    assert quantities_of(title, "") == expected


@pytest.mark.parametrize(
    "title",
    [
        "প্রায় ৫০ জন আহত",
        "মৃত ৬০-৭০",
        "৬০ থেকে ৭০ জনের মৃত্যু",
        "Between 60 and 70 people were injured",
        "আরও দু’জন গ্রেফতার",
        "Two more people were arrested",
        "মৃত্যু হয়েছে এক জওয়ানেরও",
        "তিন জনের মৃত্যু, হাসপাতালে আরও একজনের",
        "Three rallies were held",
        "10 feared dead",
        f"{'1' * 400}.5 crore rupees looted",
        "সাড়ে " * 2000,
        "সাড়ে ৬টা নাগাদ মৃত্যু",
        "৭০ জনের মৃত্যুর আশঙ্কা",
        "Four including two children killed",
        "18 of the 40 passengers died",
        "আহতদের আড়াই লক্ষ টাকা ক্ষতিপূরণ",
        "২৫ বছরের যুবক ও ২২ বছরের তরুণী",
        "Student, 650, tops the list",
        "৩ দিনে মৃত্যু",
        "Man arrested after 3 years",
        "রাত ১০টা নাগাদ মৃত্যু",
        "দ্বিতীয় টেস্টে আহত",
        "২০২৫ সালে মৃত্যু",
        "৩ জনের মৃত্যু, পরে আরও ২ জনের মৃত্যু",
        "৭৪,৫০০ টাকা",
    ],
)
def test_numbers_of_other_kinds_are_ignored(title: str) -> None:
    assert quantities_of(title, "") == {}


def test_headline_overrides_the_text_and_earlier_events_are_ignored() -> None:
    text = "দুর্ঘটনায় ৫ জনের মৃত্যু হয়েছে। আহত ১০ জন। গত বছর এখানেই ৮ জন নিখোঁজ হন।"
    assert quantities_of("বাস খাদে, মৃত ৬", text) == {"dead": 6, "hurt": 10}


def test_age_is_assigned_to_the_name_before_it() -> None:
    assert quantities_of("", "মৃতের নাম রমেশ মাইতি (৪৫)।") == {f"{AGE}{normalised('রমেশ মাইতি')}": 45}


_PARTS = (
    "১২ 1.5 999999999 দু’জন জন কোটি লক্ষ টাকা Rs সাড়ে পৌনে মৃত সহ বছর পঁচিশের year old - – , । ( ) to থেকে of the more than আরও বেশি "
    "including"
)
_SOME_PARTS = st.lists(st.sampled_from(_PARTS.split()), max_size=30)


@given(_SOME_PARTS, _SOME_PARTS, st.sampled_from(("", " ")))
def test_quantities_of_any_words_can_be_compared(title: list[str], text: list[str], space: str) -> None:
    one, other = quantities_of(space.join(title), " ".join(text)), quantities_of(" ".join(text), "")
    assert not contradictions([one, one]) and not changed_quantities(one, one)
    assert contradictions([one, other]).keys() <= changed_quantities(one, other).keys()


def test_contradictions_list_differing_quantities_with_their_accounts() -> None:
    assert contradictions([{"dead": 12, "hurt": 3}, {"dead": 15}, {"dead": 12, "hurt": 3}, {}]) == {
        "dead": (ReportedValue(12, (0, 2)), ReportedValue(15, (1,)))
    }
    assert contradictions([{"dead": 12}, {"hurt": 4}, {}]) == {}


@pytest.mark.parametrize(
    "title",
    ["More than 12 people were killed", "Over 12 killed", "অন্তত ১২ জনের মৃত্যু", "মৃতের সংখ্যা ১২ ছাড়াল", "১২ জনের বেশি মৃত"],
)
def test_lower_bound_contradicts_only_a_lower_number(title: str) -> None:
    least = quantities_of(title, "")
    assert contradictions([least, {"dead": 11}]) == {"dead": (ReportedValue(11, (1,)), ReportedValue(12, (0,)))}
    assert contradictions([least, {"dead": 15}]) == contradictions([least, {"dead": LowerBound(13)}]) == {}
    assert isinstance(contradictions([least, {"dead": 11}])["dead"][1].value, LowerBound)


def test_headline_number_is_a_lower_bound_when_the_text_says_so() -> None:
    assert contradictions([quantities_of("বাস খাদে, মৃত ১২", "অন্তত ১২ জনের মৃত্যু হয়েছে।"), {"dead": 15}]) == {}


def test_raised_death_toll_is_a_changed_quantity() -> None:
    assert changed_quantities({"dead": LowerBound(18), "hurt": 3}, {"dead": LowerBound(24), "hurt": 3, "held": 1}) == {
        "dead": (18, 24)
    }


_WRITTEN = json.loads((Path(__file__).parents[2] / "data" / "same_news" / "figures.json").read_text("utf-8"))
"""Pairs of accounts and versions of one account, with their differences. Their author didn't know the comparison's rules."""
_KINDS = {"hurt": "injured", "held": "arrested"}


@pytest.mark.parametrize(("of", "n"), [("pairs", 100), ("changes", 30)])
def test_contradictions_have_95_percent_precision_and_60_percent_recall(of: str, n: int) -> None:
    found, meant = set(), set()
    for written in _WRITTEN[of]:
        a, b = (quantities_of(written[each]["headline"], written[each]["lead"]) for each in "ab")
        values = (
            {what: tuple(reported.value for reported in reports) for what, reports in contradictions([a, b]).items()}
            if of == "pairs"
            else changed_quantities(a, b)
        )
        found |= {(written["id"], _kind(what), *sorted(numbers)) for what, numbers in values.items()}
        meant |= {(written["id"], kind, *sorted(numbers)) for kind, *numbers in written["differ"]}
    right = found & meant
    assert len(_WRITTEN[of]) == n
    assert len(right) >= 0.95 * len(found), f"wrong: {found - meant}"
    assert len(right) >= 0.6 * len(meant), f"missed: {meant - found}"


def _kind(what: str) -> str:
    return "age" if what.startswith(AGE) else "money" if what.startswith(SUM) else _KINDS.get(what, what)


def test_quantities_survive_a_round_trip_through_their_text() -> None:
    counted = quantities_of("বাস উল্টে মৃত অন্তত ১২, আহত ৩০", "")
    again = quantities_from_text(quantities_to_text(counted))
    assert again == counted
    assert {name for name, value in (again or {}).items() if isinstance(value, LowerBound)} == {"dead"}


@pytest.mark.parametrize("text", ["", "{", "7", '{"dead": 12}', '[["dead", 12]]', '[["dead", "12", false]]', "[[1, 12, true]]"])
def test_damaged_text_has_no_quantities(text: str) -> None:
    assert quantities_from_text(text) is None
