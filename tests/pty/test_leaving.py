"""Tests of leaving: the reader ends within a second, whatever it does, and so do its programs and their child processes."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.child_processes import processes_with, wait_until_gone
from tests.machine_load import load_factor
from tests.pty.pty_terminal import Terminal
from tests.pty.reader_internals import everywhere
from tests.pty.test_reader import DELAY_S, KITTY, Open

pytestmark = pytest.mark.pty
QUIT_S = 1.0
_BLOCKED = """
import threading
from pathlib import Path
from unittest import mock

def blocked(*_, **__):
    Path({begun!r}).touch()
    threading.Event().wait(61)

mock.patch("bpost_tui.{what}", blocked).start()
"""


def leave(terminal: Terminal) -> float:
    """Leave the reader from any state, and return the time in seconds until the process has ended."""
    begun = time.monotonic()
    terminal.leave("Q")
    return time.monotonic() - begun


@pytest.mark.parametrize("key", ["hook", "pipe", "listen"])
def test_leaving_ends_a_running_program_and_its_children(open_reader: Open, tmp_path: Path, key: str) -> None:
    variable = f"BPOST_TRIAL={key}{os.getpid()}"
    line = f"export {variable}; sleep 61 | sleep 61"
    config = tmp_path / ".config" / "bpost" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text({"hook": f'[hooks]\nnew_stories = "{line}"\n', "listen": f'listen = "{line}"\n'}.get(key, ""))
    terminal = open_reader()
    terminal.wait_for("new")
    if key != "hook":
        terminal.press("\r")
        terminal.wait_for("Sample Desk ·")
        terminal.type({"listen": "v", "pipe": "|"}[key])
    if key == "pipe":
        terminal.wait_for("program")
        terminal.type(f'sh -c "{line}"\r')
    terminal.wait_until(lambda: len(processes_with(variable)) > 1, "the program runs")
    assert leave(terminal) < QUIT_S * load_factor()
    wait_until_gone(variable)


@pytest.mark.parametrize(
    ("what", "key"), [("core.lists.listings.Listings.revisions", "d"), ("store.paper_library.PaperLibrary.save", "")]
)
def test_leaving_does_not_wait_for_running_work(open_reader: Open, tmp_path: Path, what: str, key: str) -> None:
    begun = tmp_path / "begun"
    terminal = open_reader(patch=everywhere(_BLOCKED.format(begun=str(begun), what=what)))
    if key:
        terminal.wait_for("new")
        terminal.press("\r")
        terminal.wait_for("Sample Desk ·")
        terminal.type(key)
    terminal.wait_until(begun.exists, "it works")
    assert leave(terminal) < QUIT_S * load_factor()


_PATIENT = "import bpost_tui.typesetting.textual.driver as driver; driver._LAST_REPLY_S = 20.0"
"""Python statements that make the driver wait long for the terminal's last reply, in case the machine is busy."""


@pytest.mark.parametrize("keys", ["Q", "jjjQ"])
def test_reply_to_the_last_frame_is_never_typed_into_the_shell(open_reader: Open, keys: str) -> None:
    terminal = open_reader(answer=KITTY, delay_s=DELAY_S, patch=_PATIENT)
    terminal.wait_for("new")
    terminal.wait_until_still()
    terminal.leave(keys)
    terminal.assert_no_reply_typed()
    terminal.assert_restored()
