"""Tests of rows of tables: columns are aligned for any content."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpost_tui.bengali.bengali_script import BENGALI
from bpost_tui.core.templates import table_items
from bpost_tui.model.blocks import MergedCell, Span, Table
from bpost_tui.typesetting.typeset.cell_typesetter import CellTypesetter
from bpost_tui.typesetting.typeset.items import CELL_END, Item, Para, Run, Runs, Size
from bpost_tui.typesetting.typeset.pixel_typesetter import PixelTypesetter
from bpost_tui.typesetting.typeset.protocols import Typesetter
from tests.fuzz.time_growth import LINEAR, growth
from tests.unit.typesetting.typeset.sample_items import PALETTE, bundled_fonts, pixel_typesetter, texts

ROWS = (("চাবি", "কী হয়"), ("তির (উপর, নীচ)", "আগের বা পরের শিরোনাম"), ("Enter", "লেখাটি খোলে"), ("n", ""))
TYPESETTERS: dict[str, Typesetter] = {
    "pixels": pixel_typesetter(),
    "dots": PixelTypesetter.for_dots(bundled_fonts(), 2, 3, (10, 20)),
    "cells": CellTypesetter(BENGALI.language_rules),
}


def table(rows: tuple[tuple[str, ...], ...]) -> list[Para]:
    columns: tuple[Runs, ...] = tuple((Run(max(column, key=len)),) for column in zip(*rows, strict=True))
    runs_of_rows = [[run for cell in row for run in (Run(CELL_END), Run(cell))][1:] for row in rows]
    return [Para(tuple(row), Size.SMALL, columns=columns) for row in runs_of_rows]


def second_column(typesetter: Typesetter, cols: int) -> list[int]:
    """Return the columns of the first words in the table's second column."""
    galley = typesetter.galley(table(ROWS), cols)
    found = []
    for row in range(galley.rows):
        band = galley.band(row, PALETTE)
        words = band.surface.words[row - band.first_row]
        found += [word.column for word in words if word.text in {"কী", "আগের", "লেখাটি"}]
    return found


@pytest.mark.parametrize("name", TYPESETTERS)
def test_table_columns_are_aligned(name: str) -> None:
    starts = second_column(TYPESETTERS[name], 200)
    assert len(starts) == 3
    assert max(starts) - min(starts) <= 1  # a letter's own side bearing
    assert min(starts) > 5


def test_cells_wider_than_their_column_are_broken_within_it() -> None:
    typesetter = CellTypesetter(BENGALI.language_rules)
    starts = second_column(typesetter, 24)
    assert len(set(starts)) == 1
    assert typesetter.rows(table(ROWS), 24) > typesetter.rows(table(ROWS), 100)


def test_columns_without_room_become_cells_in_sequence() -> None:
    galley = CellTypesetter(BENGALI.language_rules).galley(table(ROWS[1:2]), 12)
    words = "".join(galley.text(row) for row in range(galley.rows))
    assert "│" in words
    assert words.index("নীচ") < words.index("শিরোনাম")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(texts, texts, texts), min_size=1, max_size=3), st.sampled_from(sorted(TYPESETTERS)), st.integers(1, 120))
def test_any_text_in_a_table_is_set_and_drawn(rows: list[tuple[str, str, str]], name: str, cols: int) -> None:
    galley = TYPESETTERS[name].galley(table(tuple(rows)), cols)
    for row in range(galley.rows):
        assert galley.band(row, PALETTE).surface.layers is not None


def drawn(rows: Sequence[Item], cols: int) -> list[dict[str, int]]:
    """Map, for each row of cells of typeset `rows`, its words to their first columns."""
    galley = CellTypesetter(BENGALI.language_rules).galley(rows, cols)
    bands = [(row, galley.band(row, PALETTE)) for row in range(galley.rows)]
    return [{word.text: word.column for word in band.surface.words[row - band.first_row]} for row, band in bands]


def test_merged_cell_spans_its_columns_and_the_next_keeps_its_head() -> None:
    rows = (("জেলা", "তাপমাত্রা", "", "মন্তব্য"), ("পুরুলিয়া", "৩২", "১৫", "নেই"))
    block = Table(tuple(tuple((Span(text),) if text else () for text in row) for row in rows), merged=(MergedCell(0, 1, 1, 2),))
    above, below = drawn(table_items.table(block), 60)
    assert above["তাপমাত্রা"] == below["৩২"] < below["১৫"] < below["নেই"] == above["মন্তব্য"]


def test_word_is_not_broken_while_another_column_has_room() -> None:
    block = Table((((Span("বিবরণ"),), (Span("পৌঁছবে"),)), ((Span("খুব লম্বা বিবরণ " * 9),), (Span("১০:৩০"),))), header=True)
    assert "পৌঁছবে" in drawn(table_items.table(block), 40)[0]


def test_table_of_many_rows_is_set_in_linear_time() -> None:
    def set_rows(count: int) -> None:
        rows = tuple(((Span("খবর " * 2000 if at == 0 else "ক"),), (Span("খ"),)) for at in range(count))
        CellTypesetter(BENGALI.language_rules).galley(table_items.table(Table(rows)), 60)

    assert growth(set_rows, lambda count: count, 25, most=200) < LINEAR


def test_word_of_conjuncts_counts_by_its_width() -> None:
    """A column is as wide as its widest word, সর্বোচ্চ: three letters with signs, wider than the four characters of a temperature."""
    degrees = ("৩২.৪", "৩১.৯", "৩৩.০", "৩২.৮", "৩১.১", "৩০.২", "৩০.৭", "৩৪.৬", "২৯.৯")
    rows = (("সর্বোচ্চ", "মন্তব্য"), *((each, "আংশিক মেঘলা আকাশ") for each in degrees))
    block = Table(tuple(tuple((Span(text),) for text in row) for row in rows), header=True)
    galley = pixel_typesetter().galley(table_items.table(block), 60)
    assert galley.text(0) == "সর্বোচ্চ\tমন্তব্য"
