from __future__ import annotations

import re

import pytest

from bpost_tui.i18n import Language
from bpost_tui.terminal.capabilities import Capabilities, Mosaic, Rung, Wanted, Window, choose
from bpost_tui.terminal.graphics_support import Outer
from bpost_tui.terminal.replies import Replies, parse
from tests.unit.terminal.dialogues import DIALOGUES, XTERM, Dialogue

WINDOW = Window(200, 60, 2000, 1200)
SIXEL = Replies(version="XTerm(398)", attributes=(62, 4), samples=(2, 2, 4))


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda dialogue: dialogue.name)
def test_choose_from_a_terminals_answers_takes_its_best_rung(dialogue: Dialogue) -> None:
    can = choose(
        parse(dialogue.answer), {**XTERM, **dialogue.env}, window=Window(200, 60, 2 * dialogue.pixels[0], 2 * dialogue.pixels[1])
    )
    assert (can.name, can.rung, can.mosaic) == (dialogue.name, dialogue.rung, dialogue.mosaic)
    assert can.why
    assert can.truecolour


@pytest.mark.parametrize(
    ("version", "rung"),
    [("kitty(0.27.1)", Rung.MOSAIC), ("kitty(0.28.0)", Rung.KITTY), ("rio 0.5.26", Rung.MOSAIC), ("rio 0.5.27", Rung.KITTY),
     ("ghostty 1.0.0", Rung.KITTY), ("Warp(v0.2025)", Rung.MOSAIC), ("WezTerm 2026", Rung.MOSAIC)],
)  # fmt: skip
def test_choose_when_graphics_are_taken_trusts_placeholders_by_version_only(version: str, rung: Rung) -> None:
    assert choose(Replies(version=version, graphics=True, samples=(1, 1, 1)), XTERM, window=WINDOW).rung is rung


def test_choose_when_kitty_refuses_graphics_takes_mosaic() -> None:
    assert choose(Replies(version="kitty(0.41.1)"), XTERM, window=WINDOW).rung is Rung.MOSAIC


@pytest.mark.parametrize(
    ("wanted", "rung"), [("auto", Rung.SIXEL), ("pixels", Rung.SIXEL), ("mosaic", Rung.MOSAIC), ("cells", Rung.CELLS)]
)
def test_choose_when_the_reader_wants_a_rung_takes_it(wanted: Wanted, rung: Rung) -> None:
    assert choose(SIXEL, XTERM, wanted, window=WINDOW).rung is rung


def test_choose_when_pixels_are_wanted_and_cannot_be_had_says_so() -> None:
    can = choose(Replies(version="VTE(8001)"), XTERM, "pixels", window=WINDOW)
    assert (can.rung, can.why) == (Rung.MOSAIC, "pixels are wanted, but vte takes no pictures")


@pytest.mark.parametrize(
    ("terminal", "cols", "rows", "rung"),
    [
        ("xterm", 80, 24, Rung.CELLS),
        ("xterm", 200, 60, Rung.MOSAIC),
        ("alacritty", 80, 24, Rung.CELLS),
        ("alacritty", 100, 30, Rung.MOSAIC),
        ("vte", 100, 30, Rung.MOSAIC),
        ("vte", 200, 16, Rung.CELLS),
        ("kitty", 40, 10, Rung.KITTY),
    ],
)
def test_choose_when_no_pictures_are_taken_goes_by_the_room_for_mosaic(terminal: str, cols: int, rows: int, rung: Rung) -> None:
    dialogue = next(dialogue for dialogue in DIALOGUES if dialogue.name == terminal)
    asked = parse(dialogue.answer), {**XTERM, **dialogue.env}
    window = Window(cols, rows, cols * 10, rows * 20)
    can = choose(*asked, window=window)
    assert (can.rung, can.is_cramped) == (rung, rung is Rung.CELLS)
    assert ("lines of" in can.why) == can.is_cramped
    assert choose(*asked, "mosaic", window=window).rung is Rung.MOSAIC
    assert choose(*asked, "cells", window=window).is_cramped is False


def test_why_cells_are_taken_in_a_small_window_is_told_in_bengali_too() -> None:
    can = choose(Replies(version="XTerm(398)"), XTERM, window=Window(80, 24, 800, 480))
    assert can.is_cramped
    told = Language("bn").reason(can.why)
    assert told.startswith("xterm ছবি দেখাতে পারে না; মোজাইকে আঁকলে")
    assert not re.search("[0-9]", told)


@pytest.mark.parametrize("env", [{"TERM": "dumb", "LANG": "C.UTF-8"}, {"LANG": "C.UTF-8"}, {"TERM": "xterm", "LANG": "C"}])
def test_choose_when_nothing_more_can_be_shown_takes_cells(env: dict[str, str]) -> None:
    assert choose(Replies(), env, "pixels", window=WINDOW).rung is Rung.CELLS


def test_choose_when_there_is_no_terminal_takes_cells() -> None:
    assert choose(Replies(), XTERM, window=None).rung is Rung.CELLS


def test_choose_when_the_locale_is_silent_believes_the_measured_widths() -> None:
    env = {"TERM": "xterm"}
    assert choose(Replies(samples=(2, 2, 4)), env, window=WINDOW).rung is Rung.MOSAIC
    assert choose(Replies(samples=(6, 9, 18)), {**env, "LANG": "C.UTF-8"}, window=WINDOW).rung is Rung.CELLS


def test_choose_on_the_linux_console_draws_half_blocks_since_its_font_has_no_bengali() -> None:
    can = choose(Replies(attributes=(6,)), {**XTERM, "TERM": "linux"}, window=Window(80, 25))
    assert (can.rung, can.mosaic, can.truecolour) == (Rung.MOSAIC, Mosaic.HALF, False)


@pytest.mark.parametrize(
    ("replies", "window", "size"),
    [
        (Replies(cell_px=(9, 19), area_px=(1, 1)), WINDOW, (9, 19)),
        (Replies(), WINDOW, (10, 20)),
        (Replies(area_px=(800, 480)), Window(100, 30), (8, 16)),
        (Replies(), Window(100, 30), (10, 20)),
        (Replies(), Window(100, 30, 50, 10), (10, 20)),
    ],
)
def test_choose_finds_the_size_of_a_cell(replies: Replies, window: Window, size: tuple[int, int]) -> None:
    can = choose(replies, XTERM, window=window)
    assert (can.cell_w_px, can.cell_h_px) == size


def test_choose_when_the_size_of_a_cell_is_unknown_sends_no_sixel() -> None:
    assert choose(SIXEL, XTERM, window=Window(200, 60)).rung is Rung.MOSAIC


TMUX = {**XTERM, "TMUX": "/tmp/x,1,0", "TERM": "tmux-256color"}
INSIDE = Replies(version="tmux 3.5a", attributes=(1, 2, 4), samples=(2, 2, 4), cell_px=(9, 18))


@pytest.mark.parametrize(
    ("outer", "rung", "name"),
    [
        (Outer("xterm-kitty", "kitty(0.41.1)", passthrough=True), Rung.KITTY, "kitty"),
        (Outer("xterm-kitty", "kitty(0.41.1)", passthrough=False), Rung.MOSAIC, "kitty"),
        (Outer("foot", "foot(1.21.0)", features=frozenset({"sixel"})), Rung.SIXEL, "foot"),
        (Outer("foot", "foot(1.21.0)"), Rung.MOSAIC, "foot"),
        (Outer("xterm", "XTerm(398)", features=frozenset({"sixel"})), Rung.SIXEL, "xterm"),
        (Outer("xterm-256color", "Konsole 25.04.2", features=frozenset({"sixel"})), Rung.MOSAIC, "konsole"),
        (Outer("alacritty", ""), Rung.MOSAIC, "alacritty"),
        (None, Rung.MOSAIC, "tmux"),
    ],
)
def test_choose_inside_tmux_goes_by_the_terminal_around_it(outer: Outer | None, rung: Rung, name: str) -> None:
    can = choose(INSIDE, TMUX, window=WINDOW, outer=outer)
    assert (can.rung, can.name, can.multiplexer) == (rung, name, "tmux")


def test_choose_inside_tmux_that_would_squeeze_sixel_sends_none() -> None:
    outer = Outer("foot", "foot(1.21.0)", features=frozenset({"sixel"}))
    can = choose(INSIDE._replace(cell_px=(10, 20)), TMUX, window=WINDOW, outer=outer)
    assert (can.rung, can.why) == (Rung.MOSAIC, "tmux squeezes pictures, since a cell is 20 px high, no multiple of 6")
    kitty = Outer("xterm-kitty", "kitty(0.41.1)", passthrough=True)
    assert choose(INSIDE._replace(cell_px=(10, 20)), TMUX, window=WINDOW, outer=kitty).rung is Rung.KITTY


def test_choose_inside_screen_sends_no_pictures() -> None:
    assert choose(SIXEL, {**XTERM, "STY": "1.x"}, window=WINDOW).rung is Rung.MOSAIC


@pytest.mark.parametrize(("rung", "dots"), [(Rung.KITTY, (9, 18)), (Rung.MOSAIC, (2, 3)), (Rung.CELLS, (1, 1))])
def test_dots_are_what_the_typesetter_draws_in_a_cell(rung: Rung, dots: tuple[int, int]) -> None:
    can = Capabilities("x", (), rung, "", 9, 18, mosaic=Mosaic.SEXTANT)
    assert (can.dot_w, can.dot_h) == dots


@pytest.mark.parametrize(
    ("samples", "narrow"), [((1, 2, 3), True), ((1, 1, 1), True), ((1, 2, 4), False), ((2, 2, 4), False), ((), False)]
)
def test_marks_are_narrow_only_where_it_was_measured(samples: tuple[int, ...], narrow: bool) -> None:
    assert Capabilities("x", (), Rung.CELLS, "", 1, 1, samples=samples).marks_are_narrow is narrow


@pytest.mark.parametrize(
    ("name", "version", "rung", "multiplexer", "fills"),
    [
        ("foot", (1, 21), Rung.SIXEL, "", True),
        ("foot", (1, 20), Rung.SIXEL, "", False),
        ("foot", (1, 21), Rung.SIXEL, "tmux", False),
        ("xterm", (398,), Rung.SIXEL, "", False),
        ("windows terminal", (), Rung.SIXEL, "", False),
        ("xterm", (398,), Rung.MOSAIC, "", True),
        ("kitty", (0, 41), Rung.KITTY, "", True),
    ],
)
def test_last_row_holds_type_only_where_no_sixel_picture_is_cut_there(
    name: str, version: tuple[int, ...], rung: Rung, multiplexer: str, fills: bool
) -> None:
    assert Capabilities(name, version, rung, "", 9, 20, multiplexer=multiplexer).fills_last_row is fills
