from __future__ import annotations

import pytest
from rich.cells import cell_len

from bpost_tui.typesetting.terminal.encoders.cells import visual_order
from bpost_tui.typesetting.terminal.width_boxes import WidthBoxes
from tests.unit.typesetting.terminal.tiny_terminal import Screen, width_as_kitty


@pytest.mark.parametrize("text", ["plain", "Ελλάδα Россия naïve", "漢字かな", "│ ─ ╭ ▏ █ ⣿", "“quoted” – it’s … → ≤"])
def test_boxed_when_terminals_agree_about_the_text_leaves_it(text: str) -> None:
    assert WidthBoxes(cell_len).boxed(text) == text


def test_boxed_when_there_is_room_after_the_text_uses_it() -> None:
    assert WidthBoxes(lambda text: 3).boxed("বাংলা    x") == "\x1b7       \x1b8বাংলা\x1b8\x1b[7Cx"


def test_boxed_when_there_is_no_room_cuts_after_a_whole_cluster() -> None:
    out = WidthBoxes(cell_len).boxed("স্ত্রী")
    assert out == "\x1b7   \x1b8\x1b8\x1b[3C"
    assert "বাং" in WidthBoxes(lambda text: 4).boxed("বাংলা│")
    assert "লা" not in WidthBoxes(lambda text: 4).boxed("বাংলা│")


def test_boxed_when_marks_take_no_cells_in_the_terminal_cuts_nothing() -> None:
    out = WidthBoxes(cell_len, terminal_width=cell_len).boxed("বাংলার খবর│")
    assert "বাংলার খবর" in out
    screen = Screen(width=width_as_kitty).feed(out)
    assert screen.text()[-1] == "│"
    assert screen.col == cell_len("বাংলার খবর│")


def test_boxed_when_the_terminal_does_not_reorder_sends_what_is_seen() -> None:
    assert "িক" in WidthBoxes(lambda text: 5, spell=visual_order).boxed("কি")


def test_boxed_when_an_edge_stands_between_keeps_it_in_its_column() -> None:
    out = WidthBoxes(cell_len).boxed("│কা│কি│")
    assert [Screen().feed(out).text()[at] for at in (0, 2, 4)] == ["│"] * 3


def test_boxed_when_the_text_takes_no_cells_writes_nothing() -> None:
    assert WidthBoxes(lambda text: 0).boxed("\u200d") == ""
