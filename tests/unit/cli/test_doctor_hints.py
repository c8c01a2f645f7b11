"""Hints of `doctor`: all are true of the terminal and useful in it."""

from __future__ import annotations

import pytest

from bpost_tui.cli.doctor.doctor_hints import hints, unused_proxies
from bpost_tui.typesetting.terminal.capabilities import WindowSize
from bpost_tui.typesetting.terminal.detection import detect
from bpost_tui.typesetting.terminal.graphics_support import OuterTerminal
from bpost_tui.typesetting.terminal.replies import Replies, parse
from tests.unit.typesetting.terminal.recorded_replies import DIALOGUES, XTERM

WINDOW, SMALL = WindowSize(200, 60, 2000, 1200), WindowSize(80, 24, 800, 480)
TMUX = {**XTERM, "TMUX": "/tmp/x,1,0", "TERM": "tmux-256color"}
INSIDE = Replies(version="tmux 3.5a", attributes=(1, 2, 4), samples=(2, 2, 4), cell_px=(9, 18))
KITTY, FOOT, ALACRITTY = (
    OuterTerminal("xterm-kitty", "kitty(0.41.1)"),
    OuterTerminal("foot", "foot(1.21.0)"),
    OuterTerminal("alacritty"),
)
PASSTHROUGH, ANOTHER, OUTSIDE = "tmux: `set -g allow-passthrough on`", "Real type needs a terminal", "Outside tmux, this terminal"
FOCUS = "tmux: with `set -g focus-event"


def advised(replies: Replies, env: dict[str, str], window: WindowSize = WINDOW, outer: OuterTerminal | None = None) -> list[str]:
    return list(hints(detect(replies, env, window=window, outer=outer), is_spare_font=False))


@pytest.mark.parametrize(
    ("name", "beginning"),
    [
        ("kitty", None),
        ("foot", None),
        ("iterm2", None),
        ("konsole", "Konsole: for plain text too, turn on Profile → Appearance → Complex Text Layout"),
        ("xterm", "xterm: started with `-ti vt340`"),
        ("alacritty", ANOTHER),
        ("vte", ANOTHER),
    ],
)
def test_hints_fit_the_terminal(name: str, beginning: str | None) -> None:
    dialogue = next(dialogue for dialogue in DIALOGUES if dialogue.name == name)
    advice = advised(parse(dialogue.answer), {**XTERM, **dialogue.env})
    assert [sentence[: len(beginning or "")] for sentence in advice] == ([beginning] if beginning else [])


@pytest.mark.parametrize("name", ["vte", "st"])
def test_hints_mention_the_window_when_too_small_for_mosaic(name: str) -> None:
    dialogue = next(dialogue for dialogue in DIALOGUES if dialogue.name == name)
    advice = advised(parse(dialogue.answer), {**XTERM, **dialogue.env}, SMALL)
    assert len(advice) == 3
    assert advice[1].startswith("In a larger window, or with a smaller font")
    assert advice[2].startswith("In cells, this terminal may put Urdu and Arabic in the wrong order")


@pytest.mark.parametrize(
    ("outer", "why", "beginning"),
    [
        (KITTY, "tmux doesn't let pictures through", PASSTHROUGH),
        (
            OuterTerminal("xterm-kitty", "kitty(0.41.1)", passthrough=True),
            "kitty 0.41.1 outside tmux, which lets pictures through",
            None,
        ),
        (FOOT, "tmux doesn't let pictures through", OUTSIDE),
        (OuterTerminal("foot", "foot(1.21.0)", features=frozenset({"sixel"})), "foot 1.21.0 can show sixel pictures", FOCUS),
        (
            OuterTerminal("foot", "foot(1.21.0)", features=frozenset({"sixel"}), reports_focus=True),
            "foot 1.21.0 can show sixel pictures",
            None,
        ),
        (
            OuterTerminal("xterm", "XTerm(398)", features=frozenset({"sixel"})),
            "tmux squeezes pictures, because 20 px, the height of a cell, isn't a multiple of 6",
            OUTSIDE,
        ),
        (ALACRITTY, "alacritty can't show pictures", ANOTHER),
    ],
)
def test_hints_inside_tmux_name_what_blocks_pictures(outer: OuterTerminal, why: str, beginning: str | None) -> None:
    inside = INSIDE._replace(cell_px=(10, 20)) if "20 px" in why else INSIDE
    assert detect(inside, TMUX, window=WINDOW, outer=outer).why == why
    advice = advised(inside, TMUX, outer=outer)
    assert [sentence[: len(beginning or "")] for sentence in advice[:1]] == ([beginning] if beginning else [])
    assert ["tmux: built with sixel" in sentence for sentence in advice[1:]] == ([True] if beginning == OUTSIDE else [])


@pytest.mark.parametrize("outer", [None, OuterTerminal(), OuterTerminal("xterm-256color", "")])
def test_hints_inside_tmux_promise_nothing_of_an_unknown_terminal(outer: OuterTerminal | None) -> None:
    """Terminal.app has no name in tmux, and shows no pictures."""
    first, second, *_ = advised(INSIDE, TMUX, outer=outer)
    assert (first, second[: len(ANOTHER)]) == ("Outside tmux, this terminal may show real type.", ANOTHER)


def test_hints_inside_screen_name_it() -> None:
    advice = advised(Replies(), {**XTERM, "STY": "1.x"})
    assert [sentence.partition(";")[0].partition(":")[0] for sentence in advice] == [
        "screen doesn't let pictures through",
        "In cells, borders may not line up inside screen",
    ]


def test_hints_are_empty_without_a_terminal() -> None:
    assert list(hints(detect(Replies(), XTERM, window=None), is_spare_font=False)) == []


def test_hints_name_a_font_when_only_the_spare_is_installed() -> None:
    assert "fonts-noto-core" in next(hints(detect(Replies(), XTERM, window=None), is_spare_font=True))


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({}, []),
        ({"HTTP_PROXY": "", "NO_PROXY": "x"}, []),
        ({"ALL_PROXY": "socks5h://127.0.0.1:9050", "https_proxy": "http://proxy:3128"}, ["ALL_PROXY, https_proxy"]),
    ],
)
def test_unused_proxies_are_named(environ: dict[str, str], named: list[str]) -> None:
    lines = list(unused_proxies(environ))
    assert [str(line).partition(":")[0] for line in lines] == named
