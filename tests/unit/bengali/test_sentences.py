from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.bengali.sentences import sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("এক। দুই। তিন", ["এক।", "দুই।", "তিন"]),
        ("সত্যি? হ্যাঁ! তাই।", ["সত্যি?", "হ্যাঁ!", "তাই।"]),
        ("“যাব না।” বলে তিনি উঠলেন।", ["“যাব না।”", "বলে তিনি উঠলেন।"]),
        ("ক্ষতি ১.৫ লক্ষ টাকা। thebengalpost.net দেখুন।", ["ক্ষতি ১.৫ লক্ষ টাকা।", "thebengalpost.net দেখুন।"]),
        ("It ended. He left.", ["It ended.", "He left."]),
        ("এ কী?! … ।।", ["এ কী?!"]),
        ("এ.আর. রহমান এলেন। ড. সেন বললেন।", ["এ.আর. রহমান এলেন।", "ড. সেন বললেন।"]),
        ("কে এলেন? ডা. রায়.", ["কে এলেন?", "ডা. রায়."]),
    ],
)
def test_sentences_when_read_end_at_dandas_and_their_like(text: str, expected: list[str]) -> None:
    assert [text[start:end].strip() for start, end in sentences(text)] == expected


@given(st.text(alphabet="ক।?!. “”a1\n", max_size=60))
def test_sentences_when_anything_stand_in_order_and_leave_no_letter_out(text: str) -> None:
    spans = sentences(text)
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
    said = "".join(text[start:end] for start, end in spans)
    assert [char for char in said if char.isalnum()] == [char for char in text if char.isalnum()]
