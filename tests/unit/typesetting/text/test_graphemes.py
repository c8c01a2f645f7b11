from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.typesetting.text.graphemes import cell_width, clusters, truncate, truncate_words
from tests.unit.typesetting.typeset.sample_items import CONJUNCTS, texts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("ক্ষ্ম্যা", ["ক্ষ্ম্যা"]),
        ("স্ট্যান্ড", ["স্ট্যা", "ন্ড"]),
        ("অ্যাপ", ["অ্যা", "প"]),
        ("এ্যালবাম", ["এ্যা", "ল", "বা", "ম"]),
        ("র\u200d্যাব", ["র\u200d্যা", "ব"]),
        ("উদ্\u200cযাপন", ["উ", "দ্\u200c", "যা", "প", "ন"]),
        ("খ\u09dc্গপুর", ["খ", "\u09dc্গ", "পু", "র"]),
        ("খড\u09bc্গ", ["খ", "ড\u09bc্গ"]),
        ("কো", ["কো"]),
        ("সৎ", ["স", "ৎ"]),
        ("দু’টি", ["দু", "’", "টি"]),
        ("क्षमा", ["क्ष", "मा"]),
        ("\u09be", ["\u09be"]),
        ("a\r\nb", ["a", "\r\n", "b"]),
        ("e\u0301!", ["e\u0301", "!"]),
        ("👩🏽\u200d🚀🇮🇳🇧🇩", ["👩🏽\u200d🚀", "🇮🇳", "🇧🇩"]),
        ("각", ["각"]),
    ],
)
def test_clusters_keep_letters_whole(text: str, expected: list[str]) -> None:
    assert clusters(text) == expected


@pytest.mark.parametrize("conjunct", CONJUNCTS)
def test_conjunct_is_one_cluster(conjunct: str) -> None:
    assert clusters(conjunct + "ি") == [conjunct + "ি"]


@given(texts)
def test_clusters_joined_are_the_text(text: str) -> None:
    parts = clusters(text)
    assert "".join(parts) == text
    assert all(parts)
    assert not any(unicodedata.category(part[0]).startswith("M") for part in parts[1:] if parts[0][0].isalpha() and text.isalpha())


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("WhatsApp", 8),
        ("বাংলাদেশ", 8),
        ("ক্ষ", 2),
        ("কি", 2),
        ("কু", 1),
        ("ন্ত্র্যা", 5),
        ("র\u200d্যাব", 4),
        ("漢字", 4),
        ("😀", 2),
        ("☺\ufe0f", 2),
        ("🇮🇳", 4),
        ("", 0),
    ],
)
def test_cell_width_matches_the_widest_terminal(text: str, cells: int) -> None:
    assert cell_width(text) == cells


@given(texts, st.integers(0, 40))
def test_truncate_stays_within_its_cells_and_cuts_no_cluster(text: str, cells: int) -> None:
    short = truncate(text, cells)
    assert cell_width(short) <= cells
    if short != text and short:
        kept = short.removesuffix("…")
        assert "".join(clusters(text)[: len(clusters(kept))]).rstrip() == kept


@pytest.mark.parametrize(
    ("cells", "short"),
    [
        (42, "টাস্ক ফোর্স নামছে বাজারে, দাম কেজিতে ৩৪ টাকা"),
        (41, "টাস্ক ফোর্স নামছে বাজারে, দাম কেজিতে ৩৪…"),
        (37, "টাস্ক ফোর্স নামছে বাজারে, দাম কেজিতে…"),
        (25, "টাস্ক ফোর্স নামছে বাজারে…"),
        (3, "টা…"),
        (1, "…"),
        (0, ""),
    ],
)
def test_truncate_words_cuts_no_word_that_leaves_the_line_filled(cells: int, short: str) -> None:
    assert truncate_words("টাস্ক ফোর্স নামছে বাজারে, দাম কেজিতে ৩৪ টাকা", cells) == short


@given(texts, st.integers(0, 40))
def test_truncate_words_stays_within_its_cells(text: str, cells: int) -> None:
    assert cell_width(truncate_words(text, cells)) <= cells


def test_clusters_of_a_long_text_take_linear_time() -> None:
    started = time.process_time()
    clusters("ক্ষ্মি " * 20_000)
    assert time.process_time() - started < 3
