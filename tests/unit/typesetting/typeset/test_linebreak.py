from __future__ import annotations

import time

import pytest
from hypothesis import given

from bpost_tui.bengali.bengali_script import BENGALI
from bpost_tui.bengali.letters import composed
from bpost_tui.typesetting.text.graphemes import clusters
from bpost_tui.typesetting.typeset.linebreak import boxes
from tests.unit.typesetting.typeset.sample_items import texts


def parts(text: str) -> list[str]:
    return [text[box.start : box.end] for box in boxes(text, BENGALI.language_rules)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("প্রায় দু’টি বাড়ি", ["প্রায়", "দু’টি", "বাড়ি"]),
        ("বিডিও’র মেটা (Meta)’র", ["বিডিও’র", "মেটা", "(Meta)’র"]),
        ("কলকাতা হাইকোর্ট : রায়", ["কলকাতা", "হাইকোর্ট :", "রায়"]),
        ("পরিষেবা ! শেষ ।। আবার", ["পরিষেবা !", "শেষ ।।", "আবার"]),
        ("করলো।সেই পরিষেবা", ["করলো।", "সেই", "পরিষেবা"]),
        ("২৩-এর ২-০ ১-ম COVID-19", ["২৩-এর", "২-০", "১-ম", "COVID-19"]),
        ("বিজেপি-র তৃণমূল-এর", ["বিজেপি-র", "তৃণমূল-এর"]),
        ("টাকা-পয়সার হিট-ম্যাপের", ["টাকা-", "পয়সার", "হিট-", "ম্যাপের"]),
        ("হল- মেদিনীপুর", ["হল-", "মেদিনীপুর"]),
        ("শব্দ – শব্দ", ["শব্দ –", "শব্দ"]),
        ("শব্দ—আবার", ["শব্দ—", "আবার"]),
        ("টাকা\u2011পয়সার", ["টাকা\u2011পয়সার"]),
        ("২৩/১১/২০২৬ www.wbbpe.org/notice/list", ["২৩/১১/২০২৬", "www.wbbpe.org/", "notice/", "list"]),
        ("https://thebengalpost.net", ["https://thebengalpost.net"]),
        ("বললেন, “ কাজ ” হবে", ["বললেন,", "“ কাজ ”", "হবে"]),
        ("সালটা ’৭১ ছিল", ["সালটা", "’৭১", "ছিল"]),
        ("(HS Results 2024)", ["(HS", "Results", "2024)"]),
        ("১৮ % ভোট ৳ ৫০০", ["১৮ %", "ভোট", "৳ ৫০০"]),
        ("১৮\u00a0টি ক\u2060খ", ["১৮\u00a0টি", "ক\u2060খ"]),
        ("দীর্ঘ\u200bশব্দ", ["দীর্ঘ", "শব্দ"]),
        ("অপেক্ষা… …এবং", ["অপেক্ষা…", "…এবং"]),
        ("", []),
    ],
)
def test_boxes_keep_words_together_as_newspapers_do(text: str, expected: list[str]) -> None:
    assert parts(text) == expected


def test_boxes_end_hard_at_line_ends() -> None:
    assert [box.hard for box in boxes("ক খ\nগ", BENGALI.language_rules)] == [False, True, False]


@given(texts)
def test_boxes_cover_the_text_and_begin_at_clusters(text: str) -> None:
    found = boxes(text, BENGALI.language_rules)
    assert "".join(text[box.start : box.next] for box in found) == text
    starts, at = {0}, 0
    for cluster in clusters(text):
        at += len(cluster)
        starts.add(at)
    assert {box.start for box in found} <= starts


@pytest.mark.parametrize("text", ["অআ-ইঈ-উকখ" * 5_000, ", " * 20_000, "(" * 50_000, "-" * 50_000, "‘ " * 20_000])
def test_boxes_of_an_odd_long_text_take_linear_time(text: str) -> None:
    started = time.process_time()
    boxes(text, BENGALI.language_rules)
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    "together",
    [
        *("২৩ নভেম্বর", "৫ কিমি", "১০টা ৩০", "৩০ মিনিটে", "৩৫ শতাংশ", "২৫ হাজার", "৫০০ টাকা", "২১শে ফেব্রুয়ারি", "১২ জন"),
        *("ড. সেন", "মি. রায়", "এ. পি. জে. আবদুল", "প. মেদিনীপুর", "Dr. Sen", "29 November"),
    ],
)
def test_numbers_and_units_stay_on_one_line(together: str) -> None:
    text = f"গত {together} হল"
    assert composed(together) in [composed(text)[box.start : box.end] for box in boxes(composed(text), BENGALI.language_rules)]


@pytest.mark.parametrize("text", ["২০২৬ এসেছে", "সে গেল. তারপর এল", "১২টা বাজে"])
def test_other_words_after_a_number_or_a_full_stop_may_break(text: str) -> None:
    assert len(boxes(composed(text), BENGALI.language_rules)) == len(text.split())


@pytest.mark.parametrize("text", ["কি.মি. পিছু", "মি. দূরে", "কে.জি. চাল", "খ্রি. সালে"])
def test_line_may_end_after_a_unit_with_full_stops(text: str) -> None:
    line = composed(f"প্রায় ৫ {text}")
    assert composed(text.split()[-1]) in [line[box.start : box.end] for box in boxes(line, BENGALI.language_rules)]
