"""Tests of a reader that is killed with SIGKILL: the watcher restores the terminal, and a shell can be used at once."""

from __future__ import annotations

import os
import re
import signal
import time
from pathlib import Path

import pytest

from tests.child_processes import children, is_watcher
from tests.pty.pty_terminal import LIMIT_S, PROMPT, Terminal
from tests.pty.test_reader import KITTY, Open, wait_for_first_screen

pytestmark = pytest.mark.pty


def watcher_of(reader: int) -> int:
    (found,) = filter(is_watcher, children(reader))
    return found


def wait_until_gone(pid: int) -> None:
    until = time.monotonic() + LIMIT_S
    while Path(f"/proc/{pid}").exists() and Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
        assert time.monotonic() < until, f"process {pid} goes on"
        time.sleep(0.02)


def kill_in_shell(terminal: Terminal) -> None:
    """Kill the reader, the only child of the shell, and wait for the prompt."""
    (reader,) = terminal.children()
    prompts = terminal.raw.count(PROMPT)
    os.kill(reader, signal.SIGKILL)
    terminal.wait_until(lambda: terminal.raw.count(PROMPT) > prompts, "the shell never came")


@pytest.mark.parametrize("text", ["cells", "auto"])
def test_killed_reader_leaves_a_usable_shell(open_reader: Open, text: str) -> None:
    terminal = open_reader("demo", text=text, answer=KITTY, shell="{}")
    wait_for_first_screen(terminal) if text == "cells" else terminal.wait_until(lambda: len(terminal.pictures()) > 3, "no picture")
    terminal.wait_until_still()  # else the reply to the last frame's query is typed into the shell
    kill_in_shell(terminal)
    terminal.wait_until(lambda: not terminal.modes.get(1049), "the reader's screen stays")
    terminal.assert_modes_off()
    terminal.type("echo it is $((40 + 2))\n")
    terminal.wait_for("it is 42")
    terminal.type("exit\n")
    terminal.end()


def test_watcher_survives_a_kill_of_the_whole_job(open_reader: Open) -> None:
    terminal = open_reader("demo", shell="{}")
    wait_for_first_screen(terminal)
    terminal.wait_until_still()  # pyte, unlike terminals, doesn't end a sequence that was cut off at the next escape
    (reader,) = terminal.children()
    os.killpg(os.getpgid(reader), signal.SIGKILL)
    terminal.wait_until(lambda: not terminal.modes.get(1049), "the reader's screen stays")
    terminal.assert_modes_off()


def test_reader_killed_while_suspended_leaves_the_shell_as_it_is(open_reader: Open) -> None:
    terminal = open_reader("demo", shell="{}")
    wait_for_first_screen(terminal)
    (reader,) = terminal.children()
    watcher = watcher_of(reader)
    terminal.type("\x1a")
    terminal.wait_for("Stopped")
    assert not Path(f"/proc/{watcher}").exists()
    written = len(terminal.raw)
    os.kill(reader, signal.SIGKILL)
    wait_until_gone(reader)
    terminal.type("echo it is $((40 + 2))\n")
    terminal.wait_for("it is 42")
    assert "\x1b[?1049l" not in terminal.raw[written:]


def test_watcher_ends_with_the_reader_and_restores_nothing(open_reader: Open) -> None:
    terminal = open_reader("demo")
    wait_for_first_screen(terminal)
    watcher = watcher_of(terminal.process.pid)
    terminal.leave()
    assert not Path(f"/proc/{watcher}").exists()
    assert terminal.raw.count("\x1b[?1049l") == 1 + 1  # the probe's and the reader's


def test_reader_goes_on_without_its_watcher(open_reader: Open) -> None:
    terminal = open_reader("demo")
    wait_for_first_screen(terminal)
    os.kill(watcher_of(terminal.process.pid), signal.SIGKILL)
    terminal.type("j")
    terminal.leave()


def test_letters_and_enter_are_no_escape_codes_for_a_shell_after_a_lost_connection(open_reader: Open) -> None:
    """In the modes that are left, letters and Enter are sent as plain keys, and no movement of the mouse is reported."""
    terminal = open_reader("demo")
    wait_for_first_screen(terminal)
    assert set(re.findall(r"\x1b\[>(\d+)u", terminal.raw)) == {"1"}
    assert terminal.modes.get(1002) and not terminal.modes.get(1003)
    terminal.leave()
