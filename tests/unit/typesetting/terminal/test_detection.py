"""Tests of the detection of a terminal from its replies and the environment."""

from __future__ import annotations

import re

import pytest

from bpost_tui.i18n import Language
from bpost_tui.typesetting.terminal.capabilities import Capabilities, Mosaic, RenderMode, WindowSize
from bpost_tui.typesetting.terminal.detection import TextSetting, detect, identify
from bpost_tui.typesetting.terminal.graphics_support import OuterTerminal
from bpost_tui.typesetting.terminal.replies import Replies, parse
from tests.unit.typesetting.terminal.recorded_replies import DIALOGUES, XTERM, Dialogue

WINDOW = WindowSize(200, 60, 2000, 1200)
SIXEL = Replies(version="XTerm(398)", attributes=(62, 4), samples=(2, 2, 4))


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda dialogue: dialogue.name)
def test_detect_takes_the_terminals_best_render_mode(dialogue: Dialogue) -> None:
    capabilities = detect(
        parse(dialogue.answer),
        {**XTERM, **dialogue.env},
        window=WindowSize(200, 60, 2 * dialogue.pixels[0], 2 * dialogue.pixels[1]),
    )
    assert (capabilities.name, capabilities.render_mode, capabilities.mosaic) == (
        dialogue.name,
        dialogue.render_mode,
        dialogue.mosaic,
    )
    assert capabilities.why
    assert capabilities.truecolour


@pytest.mark.parametrize(
    ("version", "render_mode"),
    [
        ("kitty(0.27.1)", RenderMode.MOSAIC),
        ("kitty(0.28.0)", RenderMode.KITTY),
        ("rio 0.5.26", RenderMode.MOSAIC),
        ("rio 0.5.27", RenderMode.KITTY),
        ("ghostty 1.0.0", RenderMode.KITTY),
        ("Unheard(v0.2025)", RenderMode.MOSAIC),
        ("WezTerm 2026", RenderMode.MOSAIC),
    ],
)
def test_detect_trusts_placeholders_only_by_version(version: str, render_mode: RenderMode) -> None:
    assert detect(Replies(version=version, graphics=True, samples=(1, 1, 1)), XTERM, window=WINDOW).render_mode is render_mode


def test_detect_takes_mosaic_when_kitty_refuses_graphics() -> None:
    assert detect(Replies(version="kitty(0.41.1)"), XTERM, window=WINDOW).render_mode is RenderMode.MOSAIC


@pytest.mark.parametrize(
    ("wanted", "render_mode"),
    [("auto", RenderMode.SIXEL), ("pixels", RenderMode.SIXEL), ("mosaic", RenderMode.MOSAIC), ("cells", RenderMode.CELLS)],
)
def test_detect_takes_the_requested_render_mode(wanted: TextSetting, render_mode: RenderMode) -> None:
    assert detect(SIXEL, XTERM, wanted, window=WINDOW).render_mode is render_mode


def test_detect_explains_when_requested_pixels_are_unavailable() -> None:
    capabilities = detect(Replies(version="VTE(8001)"), XTERM, "pixels", window=WINDOW)
    assert (capabilities.render_mode, capabilities.why) == (RenderMode.MOSAIC, "pixels were chosen, but vte can't show pictures")


@pytest.mark.parametrize(
    ("terminal", "cols", "rows", "render_mode"),
    [
        ("xterm", 80, 24, RenderMode.MOSAIC),  # its cells lose vowel signs and the ends of words
        ("xterm", 40, 12, RenderMode.CELLS),
        ("xterm", 200, 60, RenderMode.MOSAIC),
        ("alacritty", 80, 24, RenderMode.MOSAIC),
        ("vte", 80, 24, RenderMode.CELLS),
        ("alacritty", 100, 30, RenderMode.MOSAIC),
        ("vte", 100, 30, RenderMode.MOSAIC),
        ("vte", 200, 16, RenderMode.CELLS),
        ("kitty", 40, 10, RenderMode.KITTY),
    ],
)
def test_detect_without_pictures_depends_on_the_room_for_mosaic(
    terminal: str, cols: int, rows: int, render_mode: RenderMode
) -> None:
    dialogue = next(dialogue for dialogue in DIALOGUES if dialogue.name == terminal)
    inputs = parse(dialogue.answer), {**XTERM, **dialogue.env}
    window = WindowSize(cols, rows, cols * 10, rows * 20)
    capabilities = detect(*inputs, window=window)
    assert (capabilities.render_mode, capabilities.is_too_small_for_mosaic) == (render_mode, render_mode is RenderMode.CELLS)
    assert ("lines of" in capabilities.why) == capabilities.is_too_small_for_mosaic
    assert detect(*inputs, "mosaic", window=window).render_mode is RenderMode.MOSAIC
    assert detect(*inputs, "cells", window=window).is_too_small_for_mosaic is False


def test_reason_for_cells_in_a_small_window_is_translated() -> None:
    capabilities = detect(Replies(version="XTerm(398)"), XTERM, window=WindowSize(40, 12, 400, 240))
    assert capabilities.is_too_small_for_mosaic
    reason = Language("bn").reason(capabilities.why)
    assert reason.startswith("xterm ছবি দেখাতে পারে না; মোজাইকে আঁকলে")
    assert not re.search("[0-9]", reason)


@pytest.mark.parametrize("env", [{"TERM": "dumb", "LANG": "C.UTF-8"}, {"LANG": "C.UTF-8"}, {"TERM": "xterm", "LANG": "C"}])
def test_detect_falls_back_to_cells(env: dict[str, str]) -> None:
    assert detect(Replies(), env, "pixels", window=WINDOW).render_mode is RenderMode.CELLS


def test_detect_takes_cells_without_a_terminal() -> None:
    assert detect(Replies(), XTERM, window=None).render_mode is RenderMode.CELLS


def test_detect_uses_measured_widths_without_a_locale() -> None:
    env = {"TERM": "xterm"}
    assert detect(Replies(samples=(2, 2, 4)), env, window=WINDOW).render_mode is RenderMode.MOSAIC
    assert detect(Replies(samples=(6, 9, 18)), {**env, "LANG": "C.UTF-8"}, window=WINDOW).render_mode is RenderMode.CELLS


def test_detect_on_the_linux_console_draws_half_blocks() -> None:
    capabilities = detect(Replies(attributes=(6,)), {**XTERM, "TERM": "linux"}, window=WindowSize(80, 25))
    assert (capabilities.render_mode, capabilities.mosaic, capabilities.truecolour) == (RenderMode.MOSAIC, Mosaic.HALF, False)


@pytest.mark.parametrize(
    ("replies", "window", "size"),
    [
        (Replies(cell_px=(9, 19), area_px=(1, 1)), WINDOW, (9, 19)),
        (Replies(), WINDOW, (10, 20)),
        (Replies(area_px=(800, 480)), WindowSize(100, 30), (8, 16)),
        (Replies(), WindowSize(100, 30), (10, 20)),
        (Replies(), WindowSize(100, 30, 50, 10), (10, 20)),
        (Replies(cell_px=(4000, 4000)), WINDOW, (10, 20)),
        (Replies(cell_px=(190, 190)), WINDOW, (10, 20)),
        (Replies(cell_px=(190, 190)), WindowSize(30, 10), (190, 190)),
        (Replies(area_px=(65535, 65535)), WindowSize(30, 10), (10, 20)),
        (Replies(), WindowSize(400, 400, 65535, 65535), (10, 20)),
    ],
)
def test_detect_finds_the_size_of_a_cell(replies: Replies, window: WindowSize, size: tuple[int, int]) -> None:
    capabilities = detect(replies, XTERM, window=window)
    assert (capabilities.cell_w_px, capabilities.cell_h_px) == size


def test_detect_avoids_sixel_for_an_unknown_cell_size() -> None:
    assert detect(SIXEL, XTERM, window=WindowSize(200, 60)).render_mode is RenderMode.MOSAIC


TMUX = {**XTERM, "TMUX": "/tmp/x,1,0", "TERM": "tmux-256color"}
INSIDE = Replies(version="tmux 3.5a", attributes=(1, 2, 4), samples=(2, 2, 4), cell_px=(9, 18))


@pytest.mark.parametrize(
    ("outer", "render_mode", "name"),
    [
        (OuterTerminal("xterm-kitty", "kitty(0.41.1)", passthrough=True), RenderMode.KITTY, "kitty"),
        (OuterTerminal("xterm-kitty", "kitty(0.41.1)", passthrough=False), RenderMode.MOSAIC, "kitty"),
        (OuterTerminal("foot", "foot(1.21.0)", features=frozenset({"sixel"})), RenderMode.SIXEL, "foot"),
        (OuterTerminal("foot", "foot(1.21.0)"), RenderMode.MOSAIC, "foot"),
        (OuterTerminal("xterm", "XTerm(398)", features=frozenset({"sixel"})), RenderMode.SIXEL, "xterm"),
        (OuterTerminal("xterm-256color", "Konsole 25.04.2", features=frozenset({"sixel"})), RenderMode.MOSAIC, "konsole"),
        (OuterTerminal("alacritty", ""), RenderMode.MOSAIC, "alacritty"),
        (None, RenderMode.MOSAIC, "tmux"),
    ],
)
def test_detect_inside_tmux_depends_on_the_outer_terminal(outer: OuterTerminal | None, render_mode: RenderMode, name: str) -> None:
    capabilities = detect(INSIDE, TMUX, window=WINDOW, outer=outer)
    assert (capabilities.render_mode, capabilities.name, capabilities.multiplexer) == (render_mode, name, "tmux")


def test_detect_inside_tmux_avoids_squeezed_sixel() -> None:
    outer = OuterTerminal("foot", "foot(1.21.0)", features=frozenset({"sixel"}))
    capabilities = detect(INSIDE._replace(cell_px=(10, 20)), TMUX, window=WINDOW, outer=outer)
    assert (capabilities.render_mode, capabilities.why) == (
        RenderMode.MOSAIC,
        "tmux squeezes pictures, because 20 px, the height of a cell, isn't a multiple of 6",
    )
    kitty = OuterTerminal("xterm-kitty", "kitty(0.41.1)", passthrough=True)
    assert detect(INSIDE._replace(cell_px=(10, 20)), TMUX, window=WINDOW, outer=kitty).render_mode is RenderMode.KITTY


@pytest.mark.parametrize(
    ("version", "attributes", "render_mode"),
    [
        ("Zellij(0.44.0)", (62, 4), RenderMode.SIXEL),
        ("Zellij(0.44.0)", (62,), RenderMode.MOSAIC),
        ("Zellij(0.43.1)", (62, 4), RenderMode.MOSAIC),
    ],
)
def test_detect_inside_zellij_uses_sixel_when_passed_on(version: str, attributes: tuple[int, ...], render_mode: RenderMode) -> None:
    replies = Replies(version=version, attributes=attributes, samples=(2, 2, 4), cell_px=(9, 18))
    assert detect(replies, {**XTERM, "ZELLIJ": "0"}, window=WINDOW).render_mode is render_mode


def test_detect_inside_screen_sends_no_pictures() -> None:
    assert detect(SIXEL, {**XTERM, "STY": "1.x"}, window=WINDOW).render_mode is RenderMode.MOSAIC


@pytest.mark.parametrize(
    ("render_mode", "dots"), [(RenderMode.KITTY, (9, 18)), (RenderMode.MOSAIC, (2, 3)), (RenderMode.CELLS, (1, 1))]
)
def test_dot_sizes_match_the_render_mode(render_mode: RenderMode, dots: tuple[int, int]) -> None:
    capabilities = Capabilities("x", (), render_mode, "", 9, 18, mosaic=Mosaic.SEXTANT)
    assert (capabilities.dot_w, capabilities.dot_h) == dots


@pytest.mark.parametrize(
    ("samples", "narrow"), [((1, 2, 3), True), ((1, 1, 1), True), ((1, 2, 4), False), ((2, 2, 4), False), ((), False)]
)
def test_marks_are_narrow_only_when_measured(samples: tuple[int, ...], narrow: bool) -> None:
    assert Capabilities("x", (), RenderMode.CELLS, "", 1, 1, samples=samples).marks_are_narrow is narrow


@pytest.mark.parametrize(
    ("name", "version", "render_mode", "multiplexer", "fills"),
    [
        ("foot", (1, 21), RenderMode.SIXEL, "", True),
        ("foot", (1, 20), RenderMode.SIXEL, "", False),
        ("foot", (1, 21), RenderMode.SIXEL, "tmux", False),
        ("xterm", (398,), RenderMode.SIXEL, "", False),
        ("windows terminal", (), RenderMode.SIXEL, "", False),
        ("xterm", (398,), RenderMode.MOSAIC, "", True),
        ("kitty", (0, 41), RenderMode.KITTY, "", True),
    ],
)
def test_last_row_is_filled_unless_sixel_is_cut_there(
    name: str, version: tuple[int, ...], render_mode: RenderMode, multiplexer: str, fills: bool
) -> None:
    assert Capabilities(name, version, render_mode, "", 9, 20, multiplexer=multiplexer).fills_last_row is fills


@pytest.mark.parametrize(
    ("version", "env", "identity"),
    [
        ("kitty(0.41.1)", {}, ("kitty", (0, 41, 1))),
        ("VTE(8001)", {}, ("vte", (0, 80, 1))),
        ("WezTerm 20251015-1f9e", {}, ("wezterm", (20251015,))),
        ("xterm.js(5.6.0)", {}, ("xterm.js", (5, 6, 0))),
        (None, {"TERM": "xterm-256color", "TERM_PROGRAM": "vscode"}, ("xterm.js", ())),
        (None, {"TERM": "xterm-256color", "TERM_PROGRAM": "WarpTerminal"}, ("warp", ())),
        ("contour 0.6.2.8008-master", {}, ("contour", (0, 6, 2, 8008))),
        ("???", {"TERM": "st-256color"}, ("st", ())),
        (None, {"TERM": "rxvt-unicode"}, ("rxvt", ())),
        (None, {"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, ("apple terminal", ())),
        (None, {"TERM": "xterm-256color", "ALACRITTY_WINDOW_ID": "1"}, ("alacritty", ())),
        (None, {"TERM": "xterm-256color"}, ("", ())),
    ],
)
def test_identify_reads_name_and_version(version: str | None, env: dict[str, str], identity: tuple[str, tuple[int, ...]]) -> None:
    assert identify(Replies(version=version), env) == identity


@pytest.mark.parametrize(("cols", "rows"), [(110, 32), (80, 24)])
def test_detect_inside_gnu_screen_takes_a_mosaic(cols: int, rows: int) -> None:
    env = {**XTERM, "TERM": "screen.xterm-256color", "STY": "7.pts-1.here"}
    capabilities = detect(Replies(attributes=(1, 2)), env, window=WindowSize(cols, rows, cols * 10, rows * 20))
    assert (
        capabilities.multiplexer,
        capabilities.render_mode,
        capabilities.is_too_small_for_mosaic,
        capabilities.is_small_for_mosaic,
    ) == (
        "screen",
        RenderMode.MOSAIC,
        False,
        True,
    )
