"""Spoken form of sentences: numbers, abbreviations and signs as words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.bengali.letters import DIGITS, composed
from bpost_tui.bengali.number_words import cardinal
from bpost_tui.bengali.verbalise import verbalise

TABLE = Path(__file__).parents[2] / "data" / "spoken.txt"


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("১৯৫৪ সালে ২৩.৫% ভোট", "উনিশশো চুয়ান্ন সালে তেইশ দশমিক পাঁচ শতাংশ ভোট"),
        ("২০২৬ সালের ১২ জুন", "দুই হাজার ছাব্বিশ সালের বারো জুন"),
        ("১,২৫,০০০ টাকা, ১২,৩৪,৫৬,৭৮৯ জন", "এক লক্ষ পঁচিশ হাজার টাকা, বারো কোটি চৌত্রিশ লক্ষ ছাপ্পান্ন হাজার সাতশো উননব্বই জন"),
        ("₹৫ কোটি, ৳৫০০/- ও $১.৫ মিলিয়ন", "পাঁচ কোটি টাকা, পাঁচশো টাকা ও এক দশমিক পাঁচ মিলিয়ন ডলার"),
        ("সকাল ১০:৩০ নাগাদ, বেলা ১১.৪৫টায়, রাত ৯:০০টায়", "সকাল দশটা তিরিশ মিনিট নাগাদ, বেলা এগারোটা পঁয়তাল্লিশ মিনিটে, রাত নটায়"),
        ("রাত ১০টা ৩০ মিনিটে", "রাত দশটা তিরিশ মিনিটে"),
        ("১৫/০৮/১৯৪৭ তারিখে", "পনেরো আগস্ট উনিশশো সাতচল্লিশ তারিখে"),
        ("১৫ই আগস্ট, ২১শে ফেব্রুয়ারি, ১লা বৈশাখ", "পনেরোই আগস্ট, একুশে ফেব্রুয়ারি, পয়লা বৈশাখ"),
        ("১ম, ২য়, ৪র্থ, ১১তম", "প্রথম, দ্বিতীয়, চতুর্থ, এগারোতম"),
        ("৩-১ গোলে, ১-২ গোলে, ২-৩ দিন, ৪৫–৫৫%", "তিন এক গোলে, এক দুই গোলে, দুই থেকে তিন দিন, পঁয়তাল্লিশ থেকে পঞ্চান্ন শতাংশ"),
        ("২০২৩-২৪ অর্থবর্ষে", "দুই হাজার তেইশ চব্বিশ অর্থবর্ষে"),
        ("৫ + ৩ = ৮", "পাঁচ যোগ তিন সমান আট"),
        ("৩৫°C, ১০ কিমি, ১২ নং ওয়ার্ড", "পঁয়ত্রিশ ডিগ্রি, দশ কিলোমিটার, বারো নম্বর ওয়ার্ড"),
        ("০৩৩-২২১৪-৫৫৫৫", "শূন্য তিন তিন দুই দুই এক চার পাঁচ পাঁচ পাঁচ পাঁচ"),
        ("৫টি, ৪৫-এর, ২০০ জন", "পাঁচটি, পঁয়তাল্লিশ-এর, দুশো জন"),
        ("CRPF ও B.J.P.-র, IIT খড়্গপুর, G20, ৫G", "সি আর পি এফ ও বি জে পি-র, আই আই টি খড়্গপুর, জি কুড়ি, পাঁচ জি"),
        ("NASA-র যান", "NASA-র যান"),
        ("এ.আর. রহমান, ড. সেন, বি.এ. পাশ", "এ আর রহমান, ডক্টর সেন, বি এ পাশ"),
        ("The 2024 election, 5% more.", "The 2024 election, 5% more."),
    ],
)
def test_verbalise_turns_signs_and_numbers_into_words(written: str, spoken: str) -> None:
    assert verbalise(written) == composed(spoken)


@pytest.mark.parametrize("line", [line for line in TABLE.read_text(encoding="utf-8").splitlines() if " | " in line][1:])
def test_verbalise_reads_newspaper_lines_as_on_radio(line: str) -> None:
    written, spoken = line.split(" | ")
    assert verbalise(written) == composed(spoken)


def test_each_number_below_100_has_its_own_word() -> None:
    assert len({cardinal(number) for number in range(100)}) == 100


@given(st.text(alphabet=f"{DIGITS}0129.,:/-%°₹$ +=কটায়A.", max_size=80))
def test_verbalise_leaves_no_digit_in_any_text(text: str) -> None:
    assert not re.search("[0-9০-৯]", verbalise("ক " + text))
