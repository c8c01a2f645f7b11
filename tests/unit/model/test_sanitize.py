"""Nothing from outside gets through the gate that could lead a terminal, the typesetter or a link opener astray."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.limits import MAX_STYLED
from bpost_tui.model.blocks import MergedCell, Paragraph, Span, Table
from bpost_tui.model.sanitize import MAX_LINKS, MAX_MARKS, clean_blocks, clean_line, clean_text
from bpost_tui.type.typeset.surface import FIRST_TOKEN, LAST_TOKEN

ANYTHING = st.text(alphabet=st.characters(codec=None), max_size=400)
TROUBLE = st.text(
    alphabet="কষ\u09cd\u09bc\u09be\u0981\u200c\u200d\u0300\x1b\x9b\x85\r\n\t \u202e\u2028\ud800\ufeff\U0010eeee👩🏽", max_size=300
)
INVISIBLE = {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A)), "\u200e", "\u200f", "\u2028", "\u2029", "\ufeff"}


def forbidden(char: str, kept: str) -> bool:
    code = ord(char)
    if char in kept:
        return False
    category = unicodedata.category(char)
    return (
        category in ("Cc", "Cs")
        or char in INVISIBLE
        or FIRST_TOKEN <= code <= LAST_TOKEN
        or code & 0xFFFE == 0xFFFE
        or 0xFDD0 <= code <= 0xFDEF
    )


@given(ANYTHING | TROUBLE, st.integers(1, 100))
def test_clean_line_of_anything_is_one_short_line_of_allowed_characters(text: str, limit: int) -> None:
    line = clean_line(text, limit)
    assert len(line) <= limit
    assert not [char for char in line if forbidden(char, "")]
    assert line == line.strip() and "  " not in line
    line.encode()  # no lone surrogate


@given(ANYTHING | TROUBLE)
def test_clean_text_of_anything_keeps_only_tabs_and_newlines_of_the_controls(text: str) -> None:
    assert not [char for char in clean_text(text, 1000) if forbidden(char, "\t\n")]


@given(TROUBLE)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean_line(text, 1000)
    assert clean_line(once, 1000) == once


@given(TROUBLE)
def test_clean_line_never_leaves_more_marks_on_a_base_than_a_letter_needs(text: str) -> None:
    marks = 0
    for char in clean_line(text, 1000):
        if unicodedata.category(char).startswith("M"):
            marks += 1
        elif char not in "\u200c\u200d":
            marks = 0
        assert marks <= MAX_MARKS


@pytest.mark.parametrize(
    "text",
    [
        "র‍্যাঙ্কিং",  # ZWJ
        "উদ্‌যাপন ক্‌ষ",  # ZWNJ
        "য়\u09bc য\u09bc ড\u09bc\u09c7\u09be\u0981",  # both forms; nukta, a vowel sign in two parts, candrabindu
        "ন্ত্র্য ক্ষ্ণ্য স্ট্যান্ড ভিত্তিপ্রস্তরস্থাপনকারী",
        "[ভিডিও] %s :smile: {0} [/b] [@click=app.quit]",
        "👨‍👩‍👧‍👦 👩🏽‍🚒 🇧🇩 1️⃣ ❤️",
        "দু’টি ‘…’ “উদ্ধৃতি” – — ।। ৫ < ৭ & ৮",
        "أخبار اردو",
    ],
)
def test_clean_line_of_honest_text_keeps_it_as_written(text: str) -> None:
    assert clean_line(text, 300) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ক\x1b[31mখ\x9b0mগ", "ক[31mখ0mগ"),
        ("এক\r\nদুই\x0bতিন\x85চার\u2028পাঁচ\tছয়", "এক দুই তিন চার পাঁচ ছয়"),
        ("a\u202eb\u2066c\u200fd", "abcd"),
        ("ক\U0010eeeeখ\U000f0000গ\ud800ঘ\x00ঙ", "কখগঘঙ"),
        ("  ", ""),
    ],
)
def test_clean_line_of_hostile_text_drops_what_could_act(text: str, expected: str) -> None:
    assert clean_line(text, 300) == expected


def test_clean_line_of_a_piled_letter_keeps_four_marks() -> None:
    assert clean_line("ক" + "\u0301" * 60 + "খ", 300) == "ক" + "\u0301" * MAX_MARKS + "খ"


def test_clean_line_of_an_endless_conjunct_breaks_it() -> None:
    assert clean_line("ক্" * 30 + "ক", 300).count("্") < 30
    assert "ক্" * (MAX_LINKS + 1) not in clean_line("ক্" * 30, 300)


def test_clean_line_when_cut_ends_between_clusters() -> None:
    assert clean_line("কলকাতা ক্ষ্মী", 10) == "কলকাতা…"
    assert clean_text("abcdef", 4) == "abc…"


def test_clean_line_of_huge_texts_is_quick() -> None:
    began = time.process_time()
    for text in ("ক" * 10_000_000, "ক্" * 5_000_000, "\u0301" * 10_000_000, "\x1b" * 10_000_000, "👩\u200d" * 5_000_000):
        clean_line(text, 300)
        clean_text(text, 100_000)
    assert time.process_time() - began < 3


def test_cells_that_leave_their_table_overlap_or_hide_a_text_take_one_place() -> None:
    rows = (((Span("ক"),), (), (Span("খ"),)), ((), (), ()))
    sent = ((0, 1, 1, 9), (-1, 0, 1, 2), (0, 1, 1, 2), (0, 0, 2, 2), (1, 1, 1, 2), (10**9, 0, 10**9, 1))
    (table,) = clean_blocks((Table(rows, merged=tuple(MergedCell(*cell) for cell in sent)),))
    assert isinstance(table, Table) and table.merged == (MergedCell(0, 0, 2, 2),)


def test_letters_after_a_pile_of_marks_stay_and_an_endless_emoji_is_cut() -> None:
    piled = "क" + "\u0300" * (MAX_MARKS + 9) + "ख" + "\u0301" + "ग"
    assert clean_text(piled, 999) == "क" + "\u0300" * MAX_MARKS + "ख" + "\u0301" + "ग"
    family = "\u200d".join("👩" * 40)
    assert len(clean_text(family, 999)) < len(family)
    assert clean_text("👩\u200d👩\u200d👧", 999) == "👩\u200d👩\u200d👧"


def test_style_stays_up_to_the_limit_and_ends_there() -> None:
    spans = tuple(Span(f"{n} ", bold=n % 2 == 0) for n in range(2 * MAX_STYLED + 4))
    (cleaned,) = clean_blocks((Paragraph(spans),))
    assert isinstance(cleaned, Paragraph)
    assert sum(span.bold for span in cleaned.spans) == MAX_STYLED
    assert "".join(span.text for span in cleaned.spans).split() == [str(n) for n in range(2 * MAX_STYLED + 4)]


def test_merged_cell_of_one_row_or_one_column_stays() -> None:
    rows = (((Span("ক"),), (), ()), ((Span("খ"),), (Span("গ"),), ()), ((), (), ()))
    merged = (MergedCell(0, 0, 1, 3), MergedCell(1, 0, 2, 1))
    (table,) = clean_blocks((Table(rows, merged=merged),))
    assert isinstance(table, Table) and table.merged == merged
