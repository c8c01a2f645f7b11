from __future__ import annotations

import pytest

from bpost_tui.typesetting.terminal.capabilities import Capabilities, RenderMode
from bpost_tui.typesetting.terminal.encoders.cells import CellsEncoder, visual_order
from bpost_tui.typesetting.terminal.encoders.encoder import CellSpan
from bpost_tui.typesetting.terminal.encoders.encoder_factory import speller_for
from bpost_tui.typesetting.terminal.sgr import background_of
from bpost_tui.typesetting.terminal.width_boxes import box
from bpost_tui.typesetting.typeset.surface import CellWord
from tests.unit.typesetting.terminal.surfaces import RED, worded
from tests.unit.typesetting.terminal.tiny_terminal import Screen


@pytest.mark.parametrize(
    ("text", "seen"),
    [("কি", "িক"), ("স্ত্রি", "িস্ত্র"), ("কো", "েকা"), ("নৌকা", "েনৗকা"), ("জানিয়েছে", "জািনেয়েছ"), ("plain", "plain"), ("কী", "কী")],
)
def test_visual_order_moves_a_prebase_sign_before_its_letter(text: str, seen: str) -> None:
    assert visual_order(text) == seen


def test_box_ends_at_its_column_for_any_width_model() -> None:
    assert Screen().feed(box("জানিয়েছে", 9)).col == 9


SURFACE = worded(
    20,
    (CellWord(1, 8, "জানিয়েছে", RED, bold=True), CellWord(10, 4, "abcd", (1, 2, 3), underline=True)),
    (),
)


def test_cells_of_whole_words_are_written_in_their_columns() -> None:
    out = CellsEncoder().encode(CellSpan(SURFACE, 0, 0, 20, background_of("48;2;5;5;5")))
    assert "জানিয়েছে" in out
    assert "\x1b[0;48;2;5;5;5;38;2;255;0;0;1m" in out
    assert "\x1b[0;48;2;5;5;5;38;2;1;2;3;4mabcd\x1b[0;48;2;5;5;5m" in out
    screen = Screen().feed(out)
    assert "".join(screen.cells[0, at] for at in range(10, 14)) == "abcd"
    assert screen.col == 20


def test_cells_of_a_cut_word_have_whole_clusters_only() -> None:
    out = CellsEncoder().encode(CellSpan(SURFACE, 0, 2, 6))
    assert "জা" not in out
    assert "নি" in out
    assert Screen().feed(out).col == 6


def test_cells_of_a_row_without_words_are_spaces() -> None:
    assert CellsEncoder().encode(CellSpan(SURFACE, 1, 0, 5)) == "\x1b[0m     "


def test_cells_use_256_colours_without_true_colour() -> None:
    assert "38;5;196" in CellsEncoder(truecolour=False).encode(CellSpan(SURFACE, 0, 0, 20))


def test_cells_are_sent_in_visual_order_to_terminals_without_reordering() -> None:
    assert "জািনেয়েছ" in CellsEncoder(spell=visual_order).encode(CellSpan(SURFACE, 0, 0, 20))


@pytest.mark.parametrize("text", ["a\x1b]0;x\x07b", "খ\u202eবর", "a\x9b2Jb", "\u2066খবর\u2069"])
def test_cells_of_a_word_with_controls_omit_them(text: str) -> None:
    out = CellsEncoder().encode(CellSpan(worded(20, (CellWord(0, 8, text, RED),)), 0, 0, 20))
    assert not set("\x07\x9b\u202e\u2066\u2069") & set(out)
    assert "\x1b]" not in out


@pytest.mark.parametrize(
    ("terminal", "text", "sent"),
    [
        ("st", "নতু ন", "নতু\x1b[Cন"),
        ("st", "প্ রোগ্ রাম", "প্\x1b[Cেরাগ্\x1b[Cরাম"),
        ("alacritty", "নতুন খবরটা", "নতুন খবরটা "),
        ("xterm", "নতুন খবরটা", "নতুন খবরটা"),
    ],
)
def test_marks_are_spelt_for_each_terminals_drawing(terminal: str, text: str, sent: str) -> None:
    capabilities = Capabilities(terminal, (), RenderMode.CELLS, "", 10, 20)
    assert speller_for(capabilities)(text) == sent
