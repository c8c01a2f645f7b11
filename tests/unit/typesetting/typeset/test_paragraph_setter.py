from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bpost_tui.bengali.bengali_script import BENGALI
from bpost_tui.typesetting.text.graphemes import clusters, extends
from bpost_tui.typesetting.typeset.cell_typesetter import CellTypesetter
from bpost_tui.typesetting.typeset.items import Run, Size
from bpost_tui.typesetting.typeset.paragraph_setter import DraftLine, ParagraphSetter, prepare_text
from tests.unit.typesetting.typeset.sample_items import NEWS, texts

METRIC = CellTypesetter(BENGALI.language_rules).metric


def set_lines(*runs: Run, cells: int) -> list[DraftLine]:
    return ParagraphSetter(runs, Size.BODY, METRIC).lines(cells, cells)


def shown(line: DraftLine) -> str:
    out = ""
    for piece in line.pieces:
        out += " " * (int(piece.x) - int(METRIC.advance(out, Size.BODY, False))) + piece.run.text
    return out


def test_lines_are_filled_up_to_the_measure() -> None:
    assert [shown(line) for line in set_lines(Run("এক দুই তিন চার পাঁচ"), cells=8)] == ["এক দুই", "তিন চার", "পাঁচ"]


def test_empty_text_is_one_line() -> None:
    assert [line.pieces for line in set_lines(Run(""), cells=8)] == [[]]


def test_lines_end_at_the_texts_line_ends_and_keep_indents() -> None:
    assert [shown(line) for line in set_lines(Run("ক\n  খ\n\nগ"), cells=20)] == ["ক", "  খ", "", "গ"]


def test_too_wide_a_word_is_split_between_clusters() -> None:
    lines = [shown(line) for line in set_lines(Run("ক স্বাস্থ্যমন্ত্রকের। খ"), cells=8)]
    assert lines == ["ক", "স্বাস্থ্যম", "ন্ত্রকের।", "খ"]
    assert [shown(line) for line in set_lines(Run("কখগঘ।"), cells=4)] == ["কখগ", "ঘ।"]


def test_style_starting_inside_a_letter_starts_after_it() -> None:
    (line,) = set_lines(Run("ক"), Run("িখ", bold=True), cells=20)
    assert [(piece.run.text, piece.run.bold) for piece in line.pieces] == [("কি", False), ("খ", True)]


def test_prepare_text_composes_letters_and_drops_invisible_characters() -> None:
    text = "খড\u09bc্গপুর য\u09bc ঢ\u09bc\r\nক\x1b[31m\u00ad\ufeff\tখ\x85গ\u2028ঘ"
    assert prepare_text(text, BENGALI.language_rules) == "খ\u09dc্গপুর \u09df \u09dd\nক[31m খ\nগ\nঘ"


@pytest.mark.parametrize(
    ("text", "cells", "expected"),
    [
        ("প্রথম বাক্য, দ্বিতীয় বাক্য", 12, "প্রথম বাক্য…"),
        ("প্রথম বাক্য, দ্বিতীয় বাক্য", 9, "প্রথম…"),
        ("প্রথম বাক্য", 4, "প্রথ…"),
        ("প্রথম", 1, "…"),
        ("প্রথম", 0, ""),
    ],
)
def test_shortened_line_ends_in_an_ellipsis_after_a_word(text: str, cells: int, expected: str) -> None:
    setter = ParagraphSetter((Run(text),), Size.BODY, METRIC)
    assert shown(setter.shortened(setter.one_line(), cells)) == expected


@pytest.mark.parametrize(
    ("text", "cells", "expected"),
    [
        ("প্রথম বাক্য। দ্বিতীয় বাক্য", 16, "প্রথম বাক্য।"),
        ("‘প্রথম বাক্য?’ দ্বিতীয় বাক্য", 16, "‘প্রথম বাক্য?’"),
        ("এক। দুই তিন চার পাঁচ", 16, None),  # less than half a line
        ("প্রথম বাক্য, দ্বিতীয় বাক্য", 16, None),
        ("প্রথম বাক্য।", 5, None),
        ("Rain by 5 p.m. in Kolkata", 16, None),
    ],
)
def test_whole_sentences_fill_at_least_half_a_line(text: str, cells: int, expected: str | None) -> None:
    setter = ParagraphSetter((Run(text),), Size.BODY, METRIC)
    whole = setter.whole_sentences(setter.one_line(), cells)
    assert (None if whole is None else shown(whole)) == expected


@given(texts, st.integers(0, 60), st.integers(1, 200))
@example(" কক", 0, 2)
@example("য\u09bc", 1, 1)
def test_lines_are_complete_cut_no_cluster_and_fit_the_measure(text: str, cut: int, cells: int) -> None:
    lines = set_lines(Run(text[:cut]), Run(text[cut:], bold=True), cells=cells)
    whole = "".join(line.source for line in lines)
    assert clusters(whole) == [cluster for line in lines for cluster in clusters(line.source)]
    while 0 < cut < len(text) and extends(text[cut]):  # marks join the letter before them, and may compose with it
        cut += 1
    assert sorted(whole) == sorted(
        prepare_text(text[:cut], BENGALI.language_rules) + prepare_text(text[cut:], BENGALI.language_rules)
    )
    for line in lines:
        content = line.source.strip(" \n\u200b\u3000")
        assert line.width <= cells or len(clusters(content)) == 1
        assert all(math.isclose(piece.width, METRIC.advance(piece.run.text, Size.BODY, piece.run.bold)) for piece in line.pieces)


def test_news_is_set_without_loss_at_every_width() -> None:
    for cells in range(1, 200):
        assert "".join(line.source for line in set_lines(Run(NEWS), cells=cells)) == prepare_text(NEWS, BENGALI.language_rules)
