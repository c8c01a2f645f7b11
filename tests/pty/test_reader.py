"""Tests of the reader as a process in a terminal: its first screen, keys, changes of size, and the terminal afterwards."""

from __future__ import annotations

import re
import signal
import termios
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bpost_tui.demo.sample_edition import load_edition
from tests.pty.pty_terminal import LIMIT_S, Terminal
from tests.pty.reader_internals import AT_ONCE, TIMELESS
from tests.unit.typesetting.terminal.recorded_replies import DIALOGUES

pytestmark = pytest.mark.pty
Open = Callable[..., Terminal]
KITTY, FOOT = (next(dialogue.answer for dialogue in DIALOGUES if dialogue.name == name) for name in ("kitty", "foot"))
DELAY_S = 0.4
"""Delay in seconds of the terminal's replies over a slow line."""
PAPER = "The Bengal Post"


def word(number: int) -> str:
    """Return the longest of the first four words of headline `number` of the sample edition, to look for on the screen.

    Words with conjuncts are avoided, because a conjunct may take one more cell, which pyte shows as a gap.
    """
    title = load_edition(datetime.now(UTC)).stories[number].title.split(": ", 1)[-1]
    words = title.split()[:4]
    return max([word for word in words if "\u09cd" not in word] or words, key=len)


def wait_for_first_screen(terminal: Terminal) -> None:
    terminal.wait_for("Bengal", word(0))
    terminal.wait_for("new")  # the refresh has ended


# ── first screen and keys ───────────────────────────────────────────────────


def test_demo_shows_the_paper_and_a_headline_and_quits(open_reader: Open) -> None:
    terminal = open_reader("demo")
    terminal.wait_for("Bengal", word(0))
    terminal.wait_until(lambda: not terminal.unpainted(), "cells stay unpainted")
    terminal.leave()


def test_keys_move_open_and_come_back(open_reader: Open) -> None:
    terminal = open_reader(size=(60, 24))
    wait_for_first_screen(terminal)
    terminal.type("j\r")
    terminal.wait_for("%", word(1))
    terminal.wait_without(word(0))
    terminal.type("\x1b")
    terminal.wait_for(word(0))
    terminal.wait_without("%")
    terminal.type("?")
    terminal.wait_for("Type to filter")
    terminal.type("\x1b")
    terminal.wait_for(word(0))  # the help has closed: Escape was read alone, and can't become the next key's Alt
    terminal.wait_without("Type to filter")
    terminal.leave()


def test_keys_in_kittys_keyboard_protocol_do_the_same(open_reader: Open) -> None:
    terminal = open_reader(size=(60, 24))
    wait_for_first_screen(terminal)
    terminal.type("\x1b[106;;106u\x1b[13u")  # j, Enter
    terminal.wait_for("%", word(1))
    terminal.type("\x1b[27u")  # Esc
    terminal.wait_for(word(0))
    terminal.type("\x1b[113;;113u")  # q
    assert terminal.end() == 0
    terminal.assert_restored()


@pytest.mark.parametrize("size", [(40, 12), (160, 45), (30, 8)])
def test_resize_draws_every_cell_again(open_reader: Open, size: tuple[int, int]) -> None:
    terminal = open_reader()
    wait_for_first_screen(terminal)
    terminal.resize(*size)
    terminal.wait_until(lambda: not terminal.unpainted(), "there are torn lines")
    terminal.type("j\r")
    terminal.wait_for("%")
    terminal.leave("Q")


def test_reader_in_forty_by_twelve_lists_and_shows(open_reader: Open) -> None:
    terminal = open_reader(size=(40, 12))
    terminal.wait_for("Bengal", "নমুনা", "new")  # one clipped line a story
    terminal.type("\r")
    terminal.wait_for("%", word(0))
    terminal.leave("Q")


# ── silent and slow terminals ───────────────────────────────────────────────


def test_keys_typed_before_the_first_screen_are_kept(open_reader: Open) -> None:
    terminal = open_reader(typed=b"q")
    assert terminal.end() == 0
    terminal.assert_restored()


def test_enter_typed_before_the_first_screen_opens_the_story(open_reader: Open) -> None:
    terminal = open_reader(size=(60, 24))
    wait_for_first_screen(terminal)
    terminal.leave("Q")
    terminal = open_reader(size=(60, 24), typed=b"j\r")
    terminal.wait_for("%", word(1))
    terminal.leave("Q")


def test_keys_typed_during_the_probe_are_kept(open_reader: Open) -> None:
    terminal = open_reader()
    terminal.wait_until(lambda: "\x1b[c" in terminal.raw, "the terminal was never asked")
    terminal.leave()


def test_late_answers_of_the_terminal_are_not_keys(open_reader: Open) -> None:
    terminal = open_reader()
    terminal.wait_until(lambda: terminal.raw.count("\x1b[?1049h") == 2, "the screen never came")
    terminal.type(KITTY.decode())
    wait_for_first_screen(terminal)
    terminal.leave()


def test_late_answers_are_never_echoed(open_reader: Open) -> None:
    terminal = open_reader()
    terminal.wait_until(lambda: "\x1b[c" in terminal.raw, "the terminal was never asked")
    echoes = 0
    while terminal.raw.count("\x1b[?1049h") < 2:
        echoes += bool(terminal.modes_now()[3] & termios.ECHO)
        terminal.pump(0.001)
    terminal.type(KITTY.decode())
    wait_for_first_screen(terminal)
    assert echoes == 0
    terminal.leave()


@pytest.mark.parametrize("answer", ["\x1bP>|my terminal", "\x1b]11;rgb:11/22"])
def test_answer_without_an_end_takes_no_keys_away(open_reader: Open, answer: str) -> None:
    terminal = open_reader()
    terminal.wait_until(lambda: terminal.raw.count("\x1b[?1049h") == 2, "the screen never came")
    terminal.type(answer)
    wait_for_first_screen(terminal)
    terminal.wait_until_still()
    terminal.type("?")
    terminal.wait_for("Type to filter")
    terminal.leave("\x11")


def test_late_answer_of_the_terminal_turns_on_pictures(open_reader: Open) -> None:
    terminal = open_reader(text="auto", env={"COLORTERM": "truecolor"})
    terminal.wait_until(lambda: terminal.raw.count("\x1b[?1049h") == 2, "the screen never came")
    assert "\x1b_Ga=T" not in terminal.raw
    terminal.type(KITTY.decode())
    terminal.wait_until(lambda: terminal.raw.count("a=T,U=1") > 3, "no picture came")
    terminal.type("j\r")
    terminal.leave("Q")


# ── kitty ───────────────────────────────────────────────────────────────────


def test_kitty_gets_pictures_before_text_and_keeps_none(open_reader: Open) -> None:
    terminal = open_reader(text="auto", answer=KITTY)
    terminal.wait_until(lambda: terminal.raw.count("a=T,U=1") > 3, "no picture came")
    terminal.type("j\r")
    sent = terminal.raw.count("a=T,U=1")
    terminal.wait_until(lambda: terminal.raw.count("a=T,U=1") > sent, "no other picture came")
    terminal.leave("Q")
    assert terminal.raw.index("\x1b_Ga=T,U=1") < terminal.raw.index("\U0010eeee")
    assert terminal.pictures() == set()


def test_type_keeps_its_weight_after_a_previewed_theme(open_reader: Open) -> None:
    terminal = open_reader(text="auto", answer=KITTY, patch=TIMELESS)
    terminal.wait_until(lambda: terminal.raw.count("a=T,U=1") > 3, "no picture came")
    terminal.wait_until_still()
    terminal.type("\x0c")  # sends the whole screen again
    terminal.wait_until_still()
    terminal.type("t")
    terminal.wait_until_still()
    before = pictures(terminal.raw)  # including lines that the list of themes covers in part
    terminal.type("j")
    terminal.wait_until_still()
    assert not pictures(terminal.raw) <= before
    start = len(terminal.raw)
    terminal.type("\x1b")
    terminal.wait_until(lambda: pictures(terminal.raw[start:]), "the theme before never came back")
    terminal.wait_until_still()
    assert pictures(terminal.raw[start:]) <= before
    terminal.leave()


def pictures(raw: str) -> set[str]:
    """Return the encoded data of the pictures in the output `raw`. It depends on the background, as the type's weight does."""
    commands = re.findall("\x1b_G([^;\x1b]*);([^\x1b]*)\x1b", raw)
    sent = ((keys, data) for keys, data in commands if keys.startswith(("a=T", "m=")))  # long pictures come in pieces
    return set("".join("," * keys.startswith("a=T") + data for keys, data in sent).split(",")) - {""}


@pytest.mark.parametrize(("answer", "budget_bytes"), [(KITTY, 110_000), (FOOT, 190_000)], ids=["kitty", "sixel"])
def test_saved_news_opens_in_one_frame(open_reader: Open, saved: tuple[str, str], answer: bytes, budget_bytes: int) -> None:
    terminal = open_reader(*saved, "--offline", text="auto", answer=answer, patch=AT_ONCE)
    terminal.wait_until(lambda: "\x1b[30;" in terminal.raw, "no frame came")
    terminal.leave()
    drawn = terminal.raw[: terminal.raw.rindex("\x1b[?1049l")]
    assert len(drawn.encode()) <= budget_bytes
    assert drawn.count("\x1b[1;1H") == 1
    assert re.findall(r"\x1b\[\d+;\d+H", drawn)[0] == "\x1b[1;1H", "a part of the screen came before the whole"


# ── signals ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_signal_ends_the_reader_and_restores_the_terminal(open_reader: Open, number: signal.Signals) -> None:
    terminal = open_reader()
    wait_for_first_screen(terminal)
    terminal.signal(number)
    assert terminal.end() == 128 + number
    terminal.assert_restored()


def test_reader_ends_when_its_terminal_is_closed(open_reader: Open) -> None:
    terminal = open_reader()
    wait_for_first_screen(terminal)
    terminal.hang_up()
    assert terminal.process.wait(LIMIT_S) == 128 + signal.SIGHUP


def test_suspended_reader_restores_the_terminal_and_resumes(open_reader: Open) -> None:
    terminal = open_reader()
    wait_for_first_screen(terminal)
    for _ in range(2):
        terminal.signal(signal.SIGTSTP)
        terminal.wait_until(terminal.is_stopped, "it never stopped")
        terminal.assert_restored()
        terminal.signal(signal.SIGCONT)
        terminal.wait_until(lambda: terminal.modes.get(1049), "it never came back")
        wait_for_first_screen(terminal)
        terminal.wait_until(lambda: not terminal.unpainted(), "there are torn lines")
    terminal.leave()


def test_reader_resumes_after_sigstop_and_restores_the_terminal(open_reader: Open) -> None:
    terminal = open_reader(size=(60, 24))
    wait_for_first_screen(terminal)
    terminal.signal(signal.SIGSTOP)
    terminal.wait_until(terminal.is_stopped, "it never stopped")
    terminal.signal(signal.SIGCONT)
    terminal.type("j\r")
    terminal.wait_for("%", word(1))
    terminal.leave("Q")


# ── the window's title ──────────────────────────────────────────────────────


def test_title_counts_unread_and_is_restored(open_reader: Open) -> None:
    terminal = open_reader()
    wait_for_first_screen(terminal)
    terminal.wait_until(lambda: "\x1b]2;bpost (" in terminal.raw, "no title came")
    assert terminal.raw.index("\x1b[22;2t") < terminal.raw.index("\x1b]2;bpost")
    terminal.signal(signal.SIGTSTP)
    terminal.wait_until(terminal.is_stopped, "it never stopped")
    while terminal.pump():
        pass
    assert terminal.raw.count("\x1b[23;2t") == 1
    terminal.signal(signal.SIGCONT)
    terminal.wait_until(lambda: terminal.raw.count("\x1b[22;2t") == 2, "the title was never put by again")
    terminal.wait_until(
        lambda: terminal.raw.rindex("\x1b]2;bpost (") > terminal.raw.rindex("\x1b[22;2t"), "the title never came back"
    )
    terminal.leave()
    assert terminal.raw.count("\x1b[22;2t") == terminal.raw.count("\x1b[23;2t") == 2


def test_linux_console_gets_no_title(open_reader: Open) -> None:
    terminal = open_reader(env={"TERM": "linux"})
    wait_for_first_screen(terminal)
    terminal.leave()
    assert "\x1b]2;" not in terminal.raw and "2t" not in terminal.raw
