"""Tests of plain text inside tmux: tmux and the terminal around it must give it the same width in cells."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.typesetting.terminal.tmux_width import width_speller
from bpost_tui.typesetting.text.graphemes import ZWJ

AS_C = (2, 2, 4)
BENGALI = st.text(st.sampled_from("কতরনযড়মা িীেোংঃঁ়্৳ a\u200d"), max_size=20)


def spelt(name: str, text: str) -> str:
    spell = width_speller(name, "tmux", AS_C)
    assert spell is not None
    return spell(text).replace(ZWJ, "+")


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("kitty", "বাংলা", "ব+া+ংল+া"),
        ("kitty", "শক্তি", "শক্ত+ি"),
        ("foot", "মন্ত্রী", "মন্ত্+র+ী"),
        ("foot", "ন্ত্র্য", "ন্ত্+র্+য"),
        ("konsole", "জানিয\u09bcেছে বাংলা", "জানিয\u09bc+েছে ব+া+ংলা"),
        ("konsole", "কাঁসাই", "ক+াঁসাই"),
        ("alacritty", "বাংলা িক", "ব+াংল+া িক"),
        ("xterm", "বাংলা", "বাংলা"),
        ("vte", "উত্\u200dসব র\u200d্যা", "উত্সব র+্যা"),  # otherwise tmux would put স into the cell of ত
        ("st", "plain", "plain"),
    ],
)
def test_tmux_spelling_joins_marks_without_a_cell(name: str, text: str, expected: str) -> None:
    assert spelt(name, text) == expected


@given(BENGALI, st.sampled_from(["kitty", "foot", "konsole", "alacritty", "xterm"]))
def test_tmux_spelling_changes_only_joiners(text: str, name: str) -> None:
    assert spelt(name, text).replace("+", "") == text.replace(ZWJ, "")


@given(BENGALI)
def test_tmux_spelling_in_kitty_joins_every_spacing_mark(text: str) -> None:
    seen = spelt("kitty", text)
    assert all(before == "+" for before, char in zip(" " + seen, seen, strict=False) if unicodedata.category(char) == "Mc")


@pytest.mark.parametrize(
    ("name", "multiplexer", "samples", "is_known"),
    [
        ("kitty", "", (1, 2, 3), True),
        ("anything", "", (), True),
        ("kitty", "tmux", AS_C, True),
        ("kitty", "tmux", (1, 2, 4), False),  # a tmux that counts in another way
        ("tmux", "tmux", AS_C, False),
        ("screen", "screen", AS_C, False),
        ("kitty", "zellij", AS_C, False),
    ],
)
def test_tmux_spelling_is_known_only_when_measured(name: str, multiplexer: str, samples: tuple[int, ...], is_known: bool) -> None:
    spell = width_speller(name, multiplexer, samples)
    assert (spell is not None) is is_known
    if not multiplexer and spell is not None:
        assert spell("উত্\u200dসব") == "উত্\u200dসব"
