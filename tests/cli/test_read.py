"""Tests of the reader started by the command line in a pseudo-terminal, and of the restored terminal."""

from __future__ import annotations

import os
import pty
import select
import signal
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.bpost_process import Bpost

ALTERNATE_ON, ALTERNATE_OFF, CURSOR_ON = b"\x1b[?1049h", b"\x1b[?1049l", b"\x1b[?25h"
LIMIT_S = 60


class Session:
    """Program in a pseudo-terminal of 100 × 30 cells."""

    def __init__(self, bpost: Bpost, *arguments: str) -> None:
        self.output = b""
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.execve(sys.executable, [sys.executable, "-m", "bpost_tui", *arguments], bpost.environment(TERM="xterm-256color"))
        termios.tcsetwinsize(self.terminal, (30, 100))

    def read_until(self, met: Callable[[bytes], bool]) -> None:
        """Read the output until it meets a condition, or the program ends."""
        end = time.monotonic() + LIMIT_S
        while not met(self.output):
            assert time.monotonic() < end, self.output[-2000:]
            if select.select([self.terminal], [], [], 0.5)[0]:
                try:
                    self.output += os.read(self.terminal, 1 << 16)
                except OSError:  # the program has closed its side
                    return

    def ended(self) -> int:
        """Read to the end and return the exit status."""
        self.read_until(lambda output: False)
        os.close(self.terminal)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def on_screen(output: bytes) -> bool:
    """Whether the first screen is drawn, by its footer."""
    return b"Help" in output


@pytest.mark.pty
def test_read_restores_the_terminal_on_quit(saved: Bpost) -> None:
    session = Session(saved, "read", "1", "--offline", "--text", "cells")
    session.read_until(on_screen)
    os.write(session.terminal, b"Q")
    assert session.ended() == 0
    assert session.output.rindex(ALTERNATE_ON) < session.output.rindex(ALTERNATE_OFF)
    assert session.output.rindex(CURSOR_ON)


@pytest.mark.pty
def test_read_shows_the_first_config_problem_on_the_screen(saved: Bpost, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("zom_px = 1\nzzzz = 2\n")
    session = Session(saved, "read", "1", "--offline", "--text", "cells", "--config", str(config))
    session.read_until(lambda output: all(word in output.rpartition(ALTERNATE_ON)[2] for word in (b"config.toml:1:", b"check")))
    os.write(session.terminal, b"Q")
    assert session.ended() == 0
    assert b"zzzz" not in session.output.rpartition(ALTERNATE_ON)[2]
    assert f"{config}:2: zzzz".encode() in session.output.partition(ALTERNATE_ON)[0]


@pytest.mark.pty
@pytest.mark.parametrize(("signum", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_demo_stopped_by_a_signal_restores_the_terminal(bpost: Bpost, signum: int, code: int) -> None:
    session = Session(bpost, "demo", "--text", "cells")
    session.read_until(on_screen)
    os.kill(session.pid, signum)
    assert session.ended() == code
    assert ALTERNATE_OFF in session.output
    assert b"Traceback" not in session.output
    assert (bpost.data / "demo").is_dir()
