"""Tests of the terminal after the reader's end: always restored, even after a bug, which is reported in one line."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from bpost_tui.typesetting.terminal.frame_fence import FENCE
from tests.child_processes import tree
from tests.faults.fault import Stage, between
from tests.faults.fault_portal import FaultPortal, answer
from tests.pty.pty_terminal import LIMIT_S, Terminal
from tests.pty.reader_internals import REPLACED
from tests.pty.test_reader import DELAY_S, KITTY, Open

pytestmark = pytest.mark.pty
SECRET = "গোপন headline"  # escaped below: from Python 3.13 on, a traceback shows the source of `-c`, which is no story's text
_RAISE = f"""
def bad(*_, **__):
    raise RuntimeError({SECRET!a})
"""
_WRITES_MUCH = """
from textual.drivers.linux_driver import LinuxDriver as place
disable_input = place.disable_input
place.disable_input = lambda driver: ([driver.write(" ") for _ in range(99)], disable_input(driver))
"""
BUGS = {
    "a handler": "+",
    "a thread": "m",
    "a coroutine": "r",
    "what draws": "?",
    "what a thread found": "J",
    "the end of the stream": "",
    "what reads keys": "j",
}
"""Maps the place of a bug to the key that triggers it."""


@pytest.mark.parametrize("where", BUGS)
@pytest.mark.parametrize("text", ["cells", "auto"])
def test_bug_gives_one_line_and_a_report_without_story_text(open_reader: Open, tmp_path: Path, where: str, text: str) -> None:
    terminal = open_reader(text=text, answer=KITTY, patch=_RAISE + REPLACED[where])
    terminal.type_until_it_ends(BUGS[where])
    assert terminal.end() == 70
    assert_told(terminal, tmp_path)


def test_reply_to_the_last_frame_before_a_bug_is_never_typed_into_the_shell(open_reader: Open, tmp_path: Path) -> None:
    terminal = open_reader(answer=KITTY, delay_s=DELAY_S, patch=_RAISE + REPLACED["a handler"])
    terminal.wait_for("new")
    terminal.wait_until_still()
    queries = terminal.raw.count(FENCE)
    terminal.type("j")
    terminal.wait_until(lambda: terminal.raw.count(FENCE) > queries, "no frame came")
    terminal.type(BUGS["a handler"])
    assert terminal.end() == 70
    terminal.assert_no_reply_typed()
    assert_told(terminal, tmp_path)


def assert_told(terminal: Terminal, home: Path) -> None:
    terminal.assert_restored(printed=True)
    report = next((home / ".local" / "state" / "bpost").glob("bug-*.txt"))
    assert f"This is a bug in bpost; a report is in {report}" in "".join(terminal.main.display)
    assert not terminal.pictures()
    words = report.read_text(encoding="utf-8")
    assert "RuntimeError" in words and SECRET not in words and "Traceback" not in terminal.raw
    assert report.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("depth", [1, 2], ids=["the refresh process", "its parser process"])
def test_killed_process_costs_only_one_refresh(open_reader: Open, depth: int) -> None:
    with FaultPortal() as portal:
        stage = Stage(portal, portal, portal)
        portal.set_reply("/feed", lambda line: line.hang())
        terminal = open_reader("--portal", portal.address)
        terminal.wait_until(lambda: portal.count("/feed"), "the portal was never asked")
        terminal.wait_until(lambda: len([*tree(terminal.process.pid)]) > depth, "there is no such process")
        os.kill([*tree(terminal.process.pid)][depth], signal.SIGKILL)
        portal.set_reply("/feed", answer(stage.fill(between())))
        terminal.type("r")
        terminal.wait_for("2 new")
        terminal.leave()


def test_reader_ends_when_its_terminal_closes_silently(open_reader: Open) -> None:
    terminal = open_reader(controlling=False)
    terminal.wait_for("Bengal")
    terminal.hang_up()
    assert terminal.process.wait(LIMIT_S) == 128 + signal.SIGHUP


def test_reader_ends_when_its_terminal_closes_during_a_write(open_reader: Open) -> None:
    terminal = open_reader(controlling=False, patch=_WRITES_MUCH)
    terminal.wait_for("Bengal")
    terminal.type("jjjj")
    terminal.hang_up()
    assert terminal.process.wait(LIMIT_S) == 128 + signal.SIGHUP


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_signal_while_kitty_holds_pictures_frees_them(open_reader: Open, number: signal.Signals) -> None:
    terminal = open_reader(text="auto", answer=KITTY)
    terminal.wait_until(lambda: len(terminal.pictures()) > 3, "no picture came")
    terminal.signal(number)
    assert terminal.end() == 128 + number
    assert not terminal.pictures()
    terminal.assert_restored()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_signal_during_the_probe_restores_the_terminal(open_reader: Open, number: signal.Signals) -> None:
    terminal = open_reader()
    terminal.wait_until(lambda: "\x1b[c" in terminal.raw, "the terminal was never asked")
    terminal.signal(number)
    assert terminal.end() == 128 + number
    terminal.assert_restored()
