"""Sanitizing: no text from outside can control a terminal, the typesetter or a link opener."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bpost_tui.limits import MAX_BLOCKS, MAX_CHARS, MAX_EMBEDS, MAX_IMAGES, MAX_STYLED
from bpost_tui.model.blocks import Embed, Heading, Image, ListBlock, MergedCell, Paragraph, Span, Table, text_of
from bpost_tui.model.sanitize import MAX_LINKS, MAX_MARKS, clean_blocks, clean_line, clean_text
from bpost_tui.typesetting.typeset.surface import FIRST_TOKEN, LAST_TOKEN

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
def test_clean_line_is_one_short_line_of_allowed_characters(text: str, limit: int) -> None:
    line = clean_line(text, limit)
    assert len(line) <= limit
    assert not [char for char in line if forbidden(char, "")]
    assert line == line.strip() and "  " not in line
    line.encode()  # no lone surrogate


@given(ANYTHING | TROUBLE)
def test_clean_text_keeps_no_controls_but_tabs_and_newlines(text: str) -> None:
    assert not [char for char in clean_text(text, 1000) if forbidden(char, "\t\n")]


@given(TROUBLE)
@example("\u09bc\u09bc\u0300\u0300\u200c\u09bc\u200c")
def test_sanitizing_is_idempotent(text: str) -> None:
    once = clean_line(text, 1000)
    assert clean_line(once, 1000) == once


@given(TROUBLE)
def test_clean_line_limits_the_marks_on_a_letter(text: str) -> None:
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
def test_clean_line_keeps_ordinary_text(text: str) -> None:
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
def test_clean_line_drops_hostile_characters(text: str, expected: str) -> None:
    assert clean_line(text, 300) == expected


def test_clean_line_keeps_four_marks_on_a_letter() -> None:
    assert clean_line("ক" + "\u0301" * 60 + "খ", 300) == "ক" + "\u0301" * MAX_MARKS + "খ"


@pytest.mark.parametrize("joined", ["ক্", "क्"], ids=["Bengali", "Devanagari"])
def test_clean_line_breaks_an_endless_conjunct(joined: str) -> None:
    assert clean_line(joined * 30 + joined[0], 300).count(joined[1]) < 30
    assert joined * (MAX_LINKS + 1) not in clean_line(joined * 30, 300)


@pytest.mark.parametrize(
    ("text", "limit", "cut"),
    [
        ("কলকাতা ক্ষ্মী", 10, "কলকাতা…"),
        ("abcdef", 4, "abc…"),
        ("abcd", 4, "abcd"),
        ("abc", 0, ""),
        ("abc", 1, "…"),
        ("ab\u200dcd", 4, "a…"),
        ("কা", 1, "…"),
        ("a\u0301b", 2, "…"),
        ("কখগ", 2, "ক…"),
        ("x" * 2000, 2000, "x" * 2000),
        ("\x1b" * 1023 + "abcdefg", 4, "abc…"),
    ],
)
def test_clean_text_is_cut_between_clusters_at_the_limit(text: str, limit: int, cut: str) -> None:
    assert clean_text(text, limit) == cut


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("ক\u200c\u200d\u200cখ", "ক\u200cখ"),
        ("ক\u200d\u200cখ", "ক\u200dখ"),
        ("ক\u200c\u200cখ", "ক\u200cখ"),
        ("ক" + "ক্\u200d" * MAX_LINKS + "ক্ষ", "ক" + "ক্\u200d" * MAX_LINKS + "কষ"),
        ("ক্" * MAX_LINKS + "ষা", "ক্" * MAX_LINKS + "ষা"),
        ("ক" + "\u0301" * 2 + "\u200d" + "\u0301" * MAX_MARKS, "ক" + "\u0301" * 2 + "\u200d" + "\u0301" * (MAX_MARKS - 2)),
    ],
)
def test_repeated_joiners_are_reduced_to_one(text: str, clean: str) -> None:
    assert clean_text(text, 300) == clean


def test_numbers_in_blocks_are_clamped() -> None:
    spans, most = (Span("ক"),), 1 << 60
    sent = (
        *(Heading(spans, -1), Heading(spans, 0), Heading(spans, 7), Heading(spans, 6), Heading(spans, 1)),
        ListBlock(((-1, spans), (0, spans), (most, spans)), True, (-1, most, *range(20))),
        *(Image("https://a.net/a", "", (), -1, most), Embed("https://a.net/b", "audio", "", -1, most)),
    )
    *headings, entries, image, embed = clean_blocks(sent)
    assert [heading.level for heading in headings if isinstance(heading, Heading)] == [1, 1, 6, 6, 1]
    assert isinstance(entries, ListBlock) and [depth for depth, _ in entries.items][:2] == [0, 0]
    assert entries.before == (0, MAX_BLOCKS, *range(7)) and 0 < entries.items[2][0] < 100
    assert isinstance(image, Image) and (image.width_px, image.height_px) == (0, 100_000)
    assert isinstance(embed, Embed) and embed.length_s == 0 < embed.size_bytes < most


def test_pictures_embeds_and_text_are_limited() -> None:
    pictures = clean_blocks((Image("https://a.net/a"),) * (MAX_IMAGES + 2))
    embeds = clean_blocks((Embed("https://a.net/b"),) * (MAX_EMBEDS + 2))
    assert (len(pictures), len(embeds)) == (MAX_IMAGES, MAX_EMBEDS)
    texts = clean_blocks((Paragraph((Span("ক" * (MAX_CHARS - 1)),)), Paragraph((Span("খ"),)), Paragraph((Span("গ"),))))
    assert [text_of(each.spans)[-1] for each in texts if isinstance(each, Paragraph)] == ["ক", "খ"]
    assert len(clean_blocks((Paragraph((Span("ক"),)),) * (MAX_BLOCKS + 1))) == MAX_BLOCKS


def test_clean_line_is_quick_for_huge_texts() -> None:
    began = time.process_time()
    for text in ("ক" * 10_000_000, "ক্" * 5_000_000, "\u0301" * 10_000_000, "\x1b" * 10_000_000, "👩\u200d" * 5_000_000):
        clean_line(text, 300)
        clean_text(text, 100_000)
    assert time.process_time() - began < 3


def test_invalid_merged_cells_are_reduced_to_one_cell() -> None:
    rows = (((Span("ক"),), (), (Span("খ"),)), ((), (), ()))
    sent = ((0, 1, 1, 9), (-1, 0, 1, 2), (0, 1, 1, 2), (0, 0, 2, 2), (1, 1, 1, 2), (10**9, 0, 10**9, 1))
    (table,) = clean_blocks((Table(rows, merged=tuple(MergedCell(*cell) for cell in sent)),))
    assert isinstance(table, Table) and table.merged == (MergedCell(0, 0, 2, 2),)


def test_letters_after_piled_marks_stay_and_an_endless_emoji_is_cut() -> None:
    piled = "क" + "\u0300" * (MAX_MARKS + 9) + "ख" + "\u0301" + "ग"
    assert clean_text(piled, 999) == "क" + "\u0300" * MAX_MARKS + "ख" + "\u0301" + "ग"
    family = "\u200d".join("👩" * 40)
    assert len(clean_text(family, 999)) < len(family)
    assert clean_text("👩\u200d👩\u200d👧", 999) == "👩\u200d👩\u200d👧"


def test_styles_are_kept_up_to_the_limit() -> None:
    spans = tuple(Span(f"{n} ", bold=n % 2 == 0) for n in range(2 * MAX_STYLED + 4))
    (cleaned,) = clean_blocks((Paragraph(spans),))
    assert isinstance(cleaned, Paragraph)
    assert sum(span.bold for span in cleaned.spans) == MAX_STYLED
    assert "".join(span.text for span in cleaned.spans).split() == [str(n) for n in range(2 * MAX_STYLED + 4)]


def test_merged_cell_of_one_row_or_one_column_is_kept() -> None:
    rows = (((Span("ক"),), (), ()), ((Span("খ"),), (Span("গ"),), ()), ((), (), ()))
    merged = (MergedCell(0, 0, 1, 3), MergedCell(1, 0, 2, 1))
    (table,) = clean_blocks((Table(rows, merged=merged),))
    assert isinstance(table, Table) and table.merged == merged
