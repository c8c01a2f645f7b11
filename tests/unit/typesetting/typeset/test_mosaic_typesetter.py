"""Tests of the mosaic typesetter: text that needs shaping is drawn as dots, other text is in the terminal's characters."""

from __future__ import annotations

import pytest

from bpost_tui.bengali.bengali_script import BENGALI
from bpost_tui.typesetting.typeset.cell_typesetter import CellTypesetter
from bpost_tui.typesetting.typeset.items import CELL_END, Item, Pair, Para, Rule, Run, Size
from bpost_tui.typesetting.typeset.mosaic_typesetter import MosaicTypesetter
from bpost_tui.typesetting.typeset.pixel_typesetter import PixelTypesetter
from bpost_tui.typesetting.typeset.protocols import Galley
from tests.unit.typesetting.typeset.sample_items import NEWS, PALETTE, bundled_fonts

DOTS = PixelTypesetter.for_dots(bundled_fonts(), 2, 4, (10, 20))
MOSAIC = MosaicTypesetter(DOTS, CellTypesetter(BENGALI.language_rules))
LINK = "https://example.org/"
PAGE: tuple[Item, ...] = (
    Para((Run("Kharagpur", "accent"),), Size.SMALL),
    Para((Run("মেদিনীপুরে গ্রীষ্মের ছুটি শুরু"),), Size.HEADLINE),
    Para((Run("News Desk · 23 November"),), Size.SMALL, before=0.5),
    Rule(before=0.8),
    Para((Run(NEWS), Run(" এখানে", "link", link=LINK)), before=0.9),
    Pair((Run("The next story"),), (Run("4 h"),), before=1.0),
)


def media(galley: Galley) -> list[str]:
    """Return one text per row of a galley: "dots" if it is drawn as dots, else its words."""
    found = []
    for row in range(galley.rows):
        band = galley.band(row, PALETTE)
        words = " ".join(word.text for word in band.surface.words[row - band.first_row])
        found.append("dots" if band.surface.cell_h == 4 else words)
    return found


def test_mosaic_draws_bengali_and_keeps_plain_text_in_cells() -> None:
    galley = MOSAIC.galley(PAGE, 60)
    rows = media(galley)
    high, long = DOTS.rows(PAGE[1:2], 60), DOTS.rows(PAGE[4:5], 60)
    head, body = ["dots"] * high, ["dots"] * long
    assert rows == ["Kharagpur", *head, "News Desk · 23 November", "", "─" * 60, "", *body, "dots", "The next story 4 h"]
    assert galley.rows == MOSAIC.rows(PAGE, 60)


@pytest.mark.parametrize("text", ["ꦏꦤ꧀ꦲꦸ", "ꯃꯅꯤꯄꯨꯔ", "ᠮᠣᠩᠭᠣᠯ", "𑄌𑄋𑄴𑄟𑄳𑄦", "ភ្នំពេញ", "བོད"])
def test_mosaic_draws_scripts_that_need_shaping(text: str) -> None:
    assert set(media(MOSAIC.galley((Para((Run(text),)),), 40))) == {"dots"}


def test_digits_alone_are_in_cells_and_leave_latin_beside_them_there() -> None:
    page = (Pair((Run("An unexpected symmetry"),), (Run("+২"),)), Para((Run("১৯৪৭"),)))
    assert media(MOSAIC.galley(page, 60)) == ["An unexpected symmetry +২", "১৯৪৭"]


def test_items_are_found_in_their_rows() -> None:
    galley = MOSAIC.galley(PAGE, 60)
    assert [galley.item_at(galley.row_of(item)) for item in range(len(PAGE))] == list(range(len(PAGE)))
    assert galley.text(0) == "Kharagpur"
    assert galley.text(galley.rows - 1) == "The next story\t4 h"
    assert [place.address for place in galley.links(0, galley.rows)] == [LINK]
    found = {galley.link_at(row, column) for row in range(galley.rows) for column in range(60)}
    assert found == {None, LINK}


def test_exact_rows_are_padded_or_omit_lines() -> None:
    whole = MOSAIC.rows(PAGE, 60)
    for rows in (1, 3, 5, whole - 1, whole, whole + 7):
        galley = MOSAIC.galley(PAGE, 60, rows=rows)
        assert galley.rows == rows == len(media(galley))
    assert media(MOSAIC.galley(PAGE, 60, rows=2))[0] == "Kharagpur"
    assert MOSAIC.galley((), 60, rows=4).rows == 4
    assert MOSAIC.rows((), 60) == 0


def test_window_shows_lines_of_dots_whole_and_cuts_no_cells() -> None:
    galley = MOSAIC.galley(PAGE, 60)
    for top in range(galley.rows - 8):
        window = range(top, top + 8)
        uncut = galley.uncut_rows(window)
        assert top <= uncut.start <= top + 4
        assert top + 4 <= uncut.stop <= top + 8
        assert all(galley.band(row, PALETTE, window).first_row <= row for row in window)
    assert galley.uncut_rows(range(galley.rows)) == range(galley.rows)


def test_mosaic_draws_all_rows_of_a_table_with_bengali() -> None:
    columns = (Run("Midnapore"),), (Run("temperature"),)
    table = [Para((Run(name), Run(CELL_END), Run(value)), Size.SMALL, columns=columns) for name, value in (("A", "1"), ("খ", "2"))]
    assert set(media(MOSAIC.galley(table, 60))) == {"dots"}
    assert media(MOSAIC.galley(table[:1], 60)) == ["A 1"]


def test_mosaic_draws_a_mixed_line_whole() -> None:
    assert set(media(MOSAIC.galley((Para((Run("খড়গপুর · Education"),)),), 60))) == {"dots"}


@pytest.mark.parametrize("dots", [(2, 2), (2, 3), (2, 4)])
def test_right_of_a_pair_is_beside_the_middle_of_the_letters(dots: tuple[int, int]) -> None:
    typesetter = MosaicTypesetter(
        PixelTypesetter.for_dots(bundled_fonts(), *dots, (10, 20)), CellTypesetter(BENGALI.language_rules)
    )
    galley = typesetter.galley((Pair((Run("মেদিনীপুর"),), (Run("4 h", "meta"),), Size.ROW),), 60)
    (beside,) = {each for row in range(galley.rows) if (each := galley.band(row, PALETTE).side_text) is not None}
    assert abs(beside.row + 0.5 - galley.rows / 2) <= 0.5


def test_right_of_a_pair_is_in_cells_beside_bengali_with_room() -> None:
    pair = Pair((Run("মেদিনীপুর"),), (Run("4 h", "meta"),), Size.ROW)
    galley = MOSAIC.galley((PAGE[1], pair), 60)
    found = [galley.band(row, PALETTE).side_text for row in range(galley.rows)]
    (beside,) = {each for each in found if each is not None}
    assert galley.text(beside.row) == "মেদিনীপুর\t4 h"
    assert (beside.column, beside.surface.cols) == (57, 3)
    assert [word.text for word in beside.surface.words[0]] == ["4", "h"]
    line = range(galley.row_of(1), galley.rows)
    assert beside.row in line
    assert galley.band(line[0], PALETTE).side_text == beside
    cut = range(line[0] + 1, galley.rows)  # the cut line is left out, with the text to its right
    assert galley.band(cut[0], PALETTE, cut).side_text is None
    assert all(each.side_text is None for row in range(3) for each in [MOSAIC.galley((pair,), 21).band(row, PALETTE)])


@pytest.mark.parametrize(("size", "expected"), [(Size.BAR, 1), (Size.ROW, 4), (Size.BODY, 4)])
def test_bengali_of_some_sizes_is_in_cells_when_configured(size: Size, expected: int) -> None:
    typesetter = MosaicTypesetter(DOTS, CellTypesetter(BENGALI.language_rules), in_cells=frozenset({Size.BAR}))
    assert typesetter.rows((Para((Run("ক"),), size),)) == expected


def test_letters_are_measured_like_their_line() -> None:
    assert MOSAIC.advance((Run("a"),), Size.ROW) == 1
    assert MOSAIC.advance((Run("a"),), Size.ROW, beside="কখ") == DOTS.advance((Run("a"),), Size.ROW)
    assert MOSAIC.width((Run("abc"),), Size.ROW) == 3
    assert MOSAIC.width((Run("কখগ"),), Size.ROW) == DOTS.width((Run("কখগ"),), Size.ROW)


@pytest.mark.parametrize("left", ["Kharagpur and Midnapore", "খড়্গপুর আর মেদিনীপুর"])
@pytest.mark.parametrize(("cols", "shown"), [(70, "changed: the text · 4 h"), (32, "changed · 4 h")])
def test_shorter_right_text_is_shown_if_the_left_text_does_not_fit(left: str, cols: int, shown: str) -> None:
    right, short = (Run("changed: the text · 4 h"),), (Run("changed · 4 h"),)
    galley = MOSAIC.galley((Pair((Run(left),), right, shorter_rights=(short,)),), cols)
    band = galley.band(0, PALETTE)
    assert " ".join(word.text for word in band.surface.words[0]).endswith(shown) or media(galley)[0] == "dots"
