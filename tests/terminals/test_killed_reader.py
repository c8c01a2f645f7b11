"""Tests of a reader that is killed in real terminals: afterwards, keys reach its shell as letters, not as escape codes."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest

from tests.clean_environment import AS_INSTALLED, skip_tour
from tests.terminals.terminal_emulators import Terminal, require, running, wait_until
from tests.terminals.test_focus_in_pictures import is_drawn

pytestmark = pytest.mark.terminal

_TRIES = 6
_READ_S = 10.0
"""Time in seconds after which a command that the shell hasn't read is typed again."""


def reader_in(shown: Terminal) -> int:
    """Return the process id of the reader that the shell in a terminal has started."""
    for process in shown._processes():
        with suppress(OSError):  # the process has ended
            if b"\0bpost_tui\0demo" in (process / "cmdline").read_bytes():
                return int(process.name)
    raise LookupError("there is no reader")


def run_in_shell(shown: Terminal, command: str, begun: Path) -> None:
    """Type `command`, a single letter, until the shell has run it, so that the file `begun` exists. Raises TimeoutError.

    A terminal on a busy machine may lose keys, for example because its window has just opened and doesn't have the keyboard yet.
    """
    for _ in range(_TRIES):
        shown.type(command, "Return")
        with suppress(TimeoutError):
            wait_until(begun.exists, "the shell has read the command", _READ_S)
            return
    raise TimeoutError("the shell never read the command")


@pytest.mark.parametrize("terminal", ["kitty", "foot", "xterm"])
def test_shell_reads_letters_after_the_reader_was_killed(terminal: str) -> None:
    require(terminal)
    with tempfile.TemporaryDirectory(prefix="bp") as name:
        home, typed = Path(name), Path(name, "typed")
        skip_tour(home)
        start = shlex.join([sys.executable, "-m", "bpost_tui", "demo", "--language", "en"])
        (home / "rc").write_text(f"b() {{ touch {home}/b; {start}; }}\nt() {{ touch {typed}; }}\ntouch {home}/ready\n")
        with running(terminal, ["bash", "--rcfile", str(home / "rc"), "-i"], {"HOME": name, **AS_INSTALLED}, home) as shown:
            wait_until((home / "ready").exists, "the shell has started")
            shown.settled()
            run_in_shell(shown, "b", home / "b")
            wait_until(lambda: is_drawn(shown.settled()), "the reader is drawn")
            os.kill(reader_in(shown), signal.SIGKILL)
            shown.settled()
            if not shown.wayland:
                subprocess.run(
                    ["xdotool", "mousemove", "200", "200", "click", "1", "mousemove", "300", "250"], env=shown.env, check=True
                )
            run_in_shell(shown, "t", typed)
