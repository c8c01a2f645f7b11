"""Tests of text selection: selected text and its highlight follow the order of the source, whatever the order on the screen."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from textual.geometry import Offset
from textual.selection import Selection

from bpost_tui.bengali.bengali_script import BENGALI
from bpost_tui.typesetting.textual.renderer import Renderer
from bpost_tui.typesetting.typeset.cell_typesetter import CellTypesetter
from bpost_tui.typesetting.typeset.items import CELL_END, Pair, Para, Run, Runs, Size
from bpost_tui.typesetting.typeset.mosaic_typesetter import MosaicTypesetter
from bpost_tui.typesetting.typeset.pixel_typesetter import PixelTypesetter
from bpost_tui.typesetting.typeset.protocols import Galley, Typesetter
from bpost_tui.typesetting.typeset.surface import CellWord, SurfaceTable
from tests.unit.typesetting.typeset.sample_items import PALETTE, bundled_fonts

COLS = 34
WORDS = (
    *("کولکاتا", "میں", "بارش،", "(پاکستان)", "۲۳", "”سچ“", "רחוב", "اظہارِ", "\u2067اندر\u2069"),
    *"""
        বৃষ্টি ক্ষমতা। हिन्दी विद्यार्थी, ગુજરાતી ਪੰਜਾਬੀ ଓଡ଼ିଶା தமிழ் తెలుగు മലയാളം ภาษาไทยยาวมากจนต้องตัดบรรทัด ᱥᱟᱱᱛᱟᱲᱤ
        世界人権宣言、「すべての人間」はiPhoneを使った。 មនុស្សទាំងអស់កើតមកមានសេរីភាពនិងសមភាព དེ་བཞིན་ཕན་ཚུན་གཅིག་གིས་གཅིག་ལ
    """.split(),
    *("Žluťoučký", "WhatsApp", "COVID-19", "1,250", "20%", "[12]", "–", "https://www.example.org/a/rather/long/address"),
)
WHITE = (" ", " ", " ", "  ", "\n", "\n\n", "\n  ")
texts = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(WHITE)), min_size=1, max_size=24).map(
    lambda parts: "".join(map("".join, parts)).strip()
)


@cache
def renderer(way: str) -> Renderer:
    cells, dots = CellTypesetter(BENGALI.language_rules), PixelTypesetter.for_dots(bundled_fonts(), 2, 4, (10, 20))
    setters = {"pixels": PixelTypesetter(bundled_fonts(), 10, 20), "mosaic": MosaicTypesetter(dots, cells), "cells": cells}
    return Renderer(cast("Typesetter", setters[way]), SurfaceTable(), PALETTE)


def words_in(galley: Galley, row: int) -> tuple[CellWord, ...]:
    band = galley.band(row, PALETTE)
    return band.surface.words[row - band.first_row]


def columns_of(word: CellWord) -> set[int]:
    return set(range(word.column, word.column + word.cells))


def own_columns(word: CellWord, words: Iterable[CellWord]) -> set[int]:
    """Return the columns of `word` that none of the other `words` shares. Neighbouring words can meet within a column."""
    return columns_of(word) - {column for other in words if other is not word for column in columns_of(other)}


def in_order(galley: Galley, row: int) -> list[CellWord]:
    return sorted(words_in(galley, row), key=lambda word: word.order)


def in_reading_order(galley: Galley) -> list[CellWord]:
    return [word for row in range(galley.rows) for word in in_order(galley, row)]


@pytest.mark.parametrize("way", ["pixels", "mosaic", "cells"])
@given(text=texts)
def test_selecting_all_gives_the_source(way: str, text: str) -> None:
    galley = renderer(way).set((Para((Run(text),)),), COLS)
    assert renderer(way).selected(galley, Selection(None, None)) == text


@pytest.mark.parametrize("way", ["pixels", "cells"])
@example(text="বৃষ্টি\nکولکاتا 20%", ends=[(0, 0), (2, 2)])
@example(text="۲۳", ends=[(0, 1), (1, 0)])
@example(text="\u2067اندر\u2069", ends=[(0, 0), (0, 0)])
@example(text="کولکاتا [12] – বৃষ্টি", ends=[(0, 0), (0, 2)])
@given(text=texts, ends=st.lists(st.tuples(st.integers(0, 60), st.integers(0, COLS - 1)), min_size=2, max_size=2))
def test_selection_is_a_stretch_of_the_source_on_its_letters(way: str, text: str, ends: list[tuple[int, int]]) -> None:
    galley = renderer(way).set((Para((Run(text),)),), COLS)
    (first, left), (last, right) = sorted((min(row, galley.rows - 1), column) for row, column in ends)
    selection = Selection(Offset(left, first), Offset(right + 1, last))
    copied = renderer(way).selected(galley, selection)
    assert copied in text
    marked, touched = "", ""
    for row in range(galley.rows):
        spans = [(start, COLS if end == -1 else end) for start, end in renderer(way).spans(galley, selection, row)]
        covered = {column for start, end in spans for column in range(start, end)}
        for word in in_order(galley, row):
            touched += word.source if covered & columns_of(word) else ""
            if own := own_columns(word, words_in(galley, row)):
                marked += "x" if covered & own else " "
    assert " " not in marked.strip(), "the highlight isn't one stretch"
    assert copied.replace(" ", "") in touched.replace(" ", "")


@given(text=texts, data=st.data())
def test_styled_stretch_is_at_its_letters(text: str, data: st.DataObject) -> None:
    places = [match.span() for match in re.finditer(r"\S+", text)]
    first = data.draw(st.integers(0, len(places) - 1))
    start, end = places[first][0], places[data.draw(st.integers(first, len(places) - 1))][1]
    marked = Run(text[start:end], "accent", underline=True, link="https://example.org/")
    runs: Runs = tuple(run for run in (Run(text[:start]), marked, Run(text[end:])) if run.text)
    galley = renderer("pixels").set((Para(runs),), COLS)
    words = in_reading_order(galley)
    assert "".join(word.source for word in words) == text
    assert "".join(word.source for word in words if word.underline).split() == text[start:end].split()
    for row in range(galley.rows):
        for word in words_in(galley, row):
            if word.underline and word.text == word.text.strip() and word.cells > 1:
                assert galley.link_at(row, word.column + word.cells // 2) == marked.link


def test_drag_across_right_to_left_lines_follows_reading_order() -> None:
    text = "کولکاتا میں جمعہ کی رات سے ہونے والی بارش کی وجہ سے سڑکیں زیر آب آ گئیں"
    type_renderer = renderer("pixels")
    galley = type_renderer.set((Para((Run(text),)),), COLS)
    first, second = [row for row in range(galley.rows) if words_in(galley, row)][:2]
    begins, word = in_order(galley, second)[:2]
    selection = Selection(Offset(COLS - 1, first), Offset(word.column + 1, second))
    copied = type_renderer.selected(galley, selection)
    assert copied == f"{galley.text(first)}{begins.source}{word.source.strip()}"
    assert type_renderer.spans(galley, selection, second) == [(word.column, begins.column + begins.cells)]


def test_line_is_selected_in_both_of_its_rows() -> None:
    type_renderer = renderer("pixels")
    galley = type_renderer.set((Para((Run("বৃষ্টি " * 30),)),), COLS)
    row = next(row for row in range(1, galley.rows) if words_in(galley, row) and not words_in(galley, row - 1))
    selection = Selection(Offset(9, row - 1), Offset(20, row - 1))
    assert type_renderer.selected(galley, selection)
    assert type_renderer.spans(galley, selection, row - 1) == type_renderer.spans(galley, selection, row)


def test_blank_row_above_text_in_cells_has_no_word() -> None:
    type_renderer = renderer("cells")
    galley = type_renderer.set((Para((Run("বৃষ্টি"),)), Para((Run("নামল"),), before=1.0)), COLS)
    row = next(row for row in range(1, galley.rows) if words_in(galley, row))
    assert row == 2
    assert type_renderer.word_at(galley, row - 1, 1) is None
    assert type_renderer.word_at(galley, row, 1) == (row, 0, 4)
    selection = Selection(Offset(0, 0), Offset(3, row - 1))
    assert type_renderer.selected(galley, selection) == "বৃষ্টি"
    assert type_renderer.spans(galley, selection, row) == ()


@pytest.mark.parametrize("left", ["বৃষ্টি নামল", "بارش میں"])
@pytest.mark.parametrize("right", ["২ ঘণ্টা", "۲ گھنٹے"])
def test_texts_side_by_side_are_copied_with_a_tab(left: str, right: str) -> None:
    type_renderer = renderer("pixels")
    galley = type_renderer.set((Pair((Run(left),), (Run(right),)),), COLS)
    assert type_renderer.selected(galley, Selection(None, None)) == f"{left}\t{right}"
    columns = ((Run(left),), (Run(right),))
    galley = type_renderer.set((Para((*columns[0], Run(CELL_END), *columns[1]), columns=columns),), COLS)
    assert type_renderer.selected(galley, Selection(None, None)) == f"{left}\t{right}"


def test_copying_skips_bullets_and_replaces_no_break_spaces() -> None:
    type_renderer = renderer("pixels")
    galley = type_renderer.set((Para((Run("১৭\u00a0এপ্রিল"),), marker=(Run("•"),), indent=1.4),), COLS)
    assert type_renderer.selected(galley, Selection(Offset(0, 0), Offset(30, 0))) == "১৭ এপ্রিল"


def test_one_line_headline_begins_at_its_reading_side() -> None:
    type_renderer = renderer("pixels")
    row = type_renderer.set((Pair((Run("بارش میں"),), (Run("2 h"),), Size.ROW, indent=1.0, marker=(Run("●"),)),), COLS)
    words = {word.text: word.column for word in words_in(row, 0)}
    assert words["میں"] < words["بارش"] < words["●"] < words["2"]
    name = type_renderer.set((Pair((Run("اخبار مشرق"),), (Run("3"),), Size.NAME),), COLS)
    assert min(word.column for word in words_in(name, 0)) == 0
