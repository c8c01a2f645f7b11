"""Tests of Ctrl+Z: the shell gets the terminal, and `fg` resumes the reader. Without a shell, the reader isn't suspended."""

from __future__ import annotations

from threading import Event

import pytest

from tests.faults.fault_portal import RSS, FaultPortal, Line, answer
from tests.pty.pty_terminal import PROMPT, Terminal
from tests.pty.test_reader import KITTY, Open, wait_for_first_screen
from tests.scripted_portal import item, rss

pytestmark = pytest.mark.pty
CTRL_Z = "\x1a"


def type_to_leave(terminal: Terminal, keys: str) -> None:
    """Type keys that lead back to the shell, and wait for its prompt."""
    prompts = terminal.raw.count(PROMPT)
    terminal.type(keys)
    terminal.wait_until(lambda: terminal.raw.count(PROMPT) > prompts, "the shell never came")
    assert not terminal.modes.get(1049)


def suspend(terminal: Terminal) -> None:
    """Press Ctrl+Z, and check that the shell runs a command and that the terminal's modes are off."""
    type_to_leave(terminal, CTRL_Z)
    assert "Stopped" in terminal.text
    type_to_leave(terminal, "echo it is $((40 + 2))\n")
    assert "it is 42" in terminal.text
    terminal.assert_modes_off()


def come_back(terminal: Terminal) -> None:
    terminal.type("fg\n")
    terminal.wait_until(lambda: terminal.modes.get(1049), "it never came back")


def leave(terminal: Terminal) -> None:
    type_to_leave(terminal, "Q")
    terminal.type("exit $?\n")
    assert terminal.end() == 0


def test_ctrl_z_returns_to_the_shell_and_fg_redraws(open_reader: Open) -> None:
    terminal = open_reader("demo", shell="{}")
    wait_for_first_screen(terminal)
    for _ in range(2):
        suspend(terminal)
        come_back(terminal)
        wait_for_first_screen(terminal)
        terminal.wait_until(lambda: not terminal.unpainted(), "there are torn lines")
    leave(terminal)


def test_ctrl_z_frees_kittys_pictures_and_fg_resends_them(open_reader: Open) -> None:
    terminal = open_reader("demo", text="auto", answer=KITTY, shell="{}")
    terminal.wait_until(lambda: len(terminal.pictures()) > 3, "no picture came")
    suspend(terminal)
    assert not terminal.pictures()
    come_back(terminal)
    terminal.wait_until(lambda: len(terminal.pictures()) > 3, "no picture came again")
    leave(terminal)
    assert not terminal.pictures()


def test_window_resized_right_after_fg_is_filled(open_reader: Open) -> None:
    terminal = open_reader("demo", shell="{}", size=(100, 30))
    wait_for_first_screen(terminal)
    terminal.type("\x1b[?2048;2$y")  # this terminal can report its size itself, as kitty and foot do
    terminal.wait_until(lambda: terminal.modes.get(2048), "the size was never asked for")
    suspend(terminal)
    come_back(terminal)
    terminal.resize(60, 20)  # before it reports its size again
    terminal.wait_until(lambda: "Quit" in terminal.text and not terminal.unpainted(), "the new size was missed")
    leave(terminal)


# A shell learns of a stop once the last thread has stopped; `fg` only continues a job that it knows to be stopped.
_UNTIL_THE_SHELL_KNOWS = 'until [ -n "$(jobs -s)" ]; do sleep 0.02; done; '


def test_reader_sent_to_the_background_waits_for_fg(open_reader: Open) -> None:
    terminal = open_reader("demo", shell="{}")
    wait_for_first_screen(terminal)
    suspend(terminal)
    type_to_leave(terminal, "bg\n")
    (reader,) = terminal.children()
    terminal.wait_until(lambda: terminal.is_stopped(reader), "it goes on in the background")
    type_to_leave(terminal, _UNTIL_THE_SHELL_KNOWS + "echo it is $((50 + 2))\n")
    assert "it is 52" in terminal.text
    come_back(terminal)
    wait_for_first_screen(terminal)
    leave(terminal)


def test_ctrl_z_does_not_stop_a_refresh(open_reader: Open) -> None:
    may_answer = Event()

    def late(line: Line) -> None:
        may_answer.wait(60)
        line.send(answer(rss(item("একটি খবর")), "200 OK", RSS))

    with FaultPortal() as portal:
        portal.set_reply("/feed", late)
        terminal = open_reader("--portal", portal.address, shell="{}")
        terminal.wait_until(lambda: portal.count("/feed") == 1, "the portal was never asked")
        (reader,) = terminal.children()
        (refreshing,) = terminal.children(reader)
        suspend(terminal)
        assert terminal.is_stopped(reader) and not terminal.is_stopped(refreshing)
        may_answer.set()
        terminal.wait_until(lambda: terminal.state(refreshing) == "Z", "the refresh never ended")
        come_back(terminal)
        terminal.wait_for("1 new")
        leave(terminal)


@pytest.mark.parametrize(("key", "shown"), [("?", "Type to filter"), ("/", "⏎ OK")], ids=["help", "search"])
def test_ctrl_z_works_in_every_dialog(open_reader: Open, key: str, shown: str) -> None:
    terminal = open_reader("demo", shell="{}")
    wait_for_first_screen(terminal)
    terminal.type(key)
    terminal.wait_for(shown)
    suspend(terminal)
    come_back(terminal)
    terminal.wait_for(shown)
    terminal.type("\x1b")
    terminal.wait_without(shown)
    leave(terminal)


_ENTERS = "\x1b[?1049h"
_IN_A_WRITE = """
import signal
from textual.drivers._writer_thread import WriterThread
write, writes = WriterThread.write, 0
def interrupted(self, text):
    global writes
    writes += 1
    if writes == {at}:
        with self._queue.mutex:
            signal.raise_signal(signal.{name})
    write(self, text)
WriterThread.write = interrupted
"""


@pytest.mark.parametrize("at", [40, 60])
def test_sigcont_during_a_write_does_not_freeze_the_reader(open_reader: Open, at: int) -> None:
    terminal = open_reader("demo", patch=_IN_A_WRITE.format(at=at, name="SIGCONT"))
    wait_for_first_screen(terminal)
    begun = terminal.raw.count(_ENTERS)
    while terminal.raw.count(_ENTERS) == begun:  # when resumed, Textual discards the keys typed meanwhile
        terminal.press("j")
        terminal.press("k")
    terminal.leave("Q")


def test_ctrl_z_stops_the_calling_script_also(open_reader: Open) -> None:
    terminal = open_reader("demo", shell='sh -c "{}; echo the script goes on"')
    wait_for_first_screen(terminal)
    suspend(terminal)
    come_back(terminal)
    wait_for_first_screen(terminal)
    leave(terminal)
    assert "the script goes on\r\n" in terminal.raw


def test_ctrl_z_without_a_shell_shows_a_message(open_reader: Open) -> None:
    terminal = open_reader("demo")
    wait_for_first_screen(terminal)
    terminal.type(CTRL_Z)
    terminal.wait_for("There is no shell to go back to")
    terminal.leave()
