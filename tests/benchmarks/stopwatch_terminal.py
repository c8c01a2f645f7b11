"""Pseudo-terminal with a stopwatch that answers the probe as a real terminal does."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.clean_environment import AS_INSTALLED, skip_tour

COLS, ROWS = 100, 30
CELL_PX = (10, 20)
LIMIT_S = 20.0
FRAME_END = b"\x1b[?2026l"
"""End of a synchronized update: Textual writes it once a frame."""
STATUS_QUERY, STATUS_REPLY = b"\x1b[5n", b"\x1b[0n"
_LAUNCH = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execvp(sys.argv[1], sys.argv[1:])"
_WIDTHS = b"\x1b[1;2R\x1b[1;3R\x1b[1;4R"
_CELL = b"\x1b[6;20;10t"

ANSWERS = {
    "kitty": b"\x1b_Gi=31;OK\x1b\\" + _WIDTHS + b"\x1bP>|kitty(0.41.1)\x1b\\" + _CELL + b"\x1b[?62;c",
    "sixel": _WIDTHS + b"\x1bP>|foot(1.21.0)\x1b\\" + _CELL + b"\x1b[?62;4;22;28c",
    "iterm2": _WIDTHS + b"\x1bP>|iTerm2 3.6.5\x1b\\" + _CELL + b"\x1b[?64;1;2;4;6;17;18;21;22c",
    "mosaic": _WIDTHS + b"\x1bP>|VTE(8001)\x1b\\" + _CELL + b"\x1b[?61;1;21;22;28c",
    "cells": _WIDTHS + b"\x1bP>|VTE(8001)\x1b\\" + _CELL + b"\x1b[?61;1;21;22;28c",
}
"""RenderMode → answers of a terminal that make the probe choose that mode."""


@dataclass(frozen=True, slots=True)
class Step:
    """Result of a key press."""

    frame_ms: float
    """Time in ms to the last byte of the first frame."""
    settled_ms: float
    """Time in ms to the last byte before the output pauses."""
    stream: bytes


_PAGE_S = 10.0
"""Longest wait in seconds for a page, which is saved after a program has ended."""


class Terminal:
    """Program in a pseudo-terminal."""

    def __init__(
        self,
        command: Sequence[str],
        home: Path,
        *,
        answer: bytes = b"",
        env: dict[str, str] | None = None,
        front_page: bool = False,
        reports_status: bool = True,
    ) -> None:
        """Start a program.

        With `front_page`, wait for the page that the last program saves, so that it may be shown first. `reports_status` is whether
        the terminal answers the query behind each frame at once.
        """
        skip_tour(home)
        pages = home / ".local/state/bpost/pages"
        if not front_page:
            shutil.rmtree(pages, ignore_errors=True)
        until = time.monotonic() + _PAGE_S
        while front_page and not any(pages.glob("*.page")) and time.monotonic() < until:
            time.sleep(0.05)
        self._answer = answer
        self._reports_status = reports_status
        self._near, far = pty.openpty()
        fcntl.ioctl(far, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLS, COLS * CELL_PX[0], ROWS * CELL_PX[1]))
        self._tail = b""
        self.stream = bytearray()
        """All output; extended in place, because a copy of megabytes at every read would count in the measured times."""
        self.began = time.perf_counter()
        launcher = [sys.executable, "-S", "-E", "-c", _LAUNCH, *command]
        self.process = subprocess.Popen(
            launcher, stdin=far, stdout=far, stderr=far, env={**environment(home), **(env or {})}, start_new_session=True
        )
        os.close(far)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        os.close(self._near)

    def read(self, seconds: float) -> bytes:
        """Return the next output, or b"" if none comes within `seconds`; answer questions of the program."""
        if not select.select([self._near], [], [], seconds)[0]:
            return b""
        try:
            data = os.read(self._near, 1 << 20)
        except OSError:  # the program has ended
            return b""
        seen = self._tail + data
        if self._answer and b"\x1b[c" in seen:
            os.write(self._near, self._answer)
            seen = b""
        if self._reports_status:
            os.write(self._near, (seen.count(STATUS_QUERY) - self._tail.count(STATUS_QUERY)) * STATUS_REPLY)
        if b"\x1b[?2026$p" in seen:
            os.write(self._near, b"\x1b[?2026;2$y")
            seen = b""
        self._tail = seen[-16:]
        self.stream += data
        return data

    def wait(self, condition: Callable[[bytearray], object]) -> float:
        """Return the ms from the start to the first time that the stream met `condition`."""
        until = time.monotonic() + LIMIT_S
        while not condition(self.stream):
            if not self.read(0.05) and (time.monotonic() > until or self.process.poll() is not None):
                raise RuntimeError(f"the program never got there; the end of its stream: {bytes(self.stream[-400:])!r}")
        return (time.perf_counter() - self.began) * 1000

    def settle(self, quiet_s: float = 0.3) -> bytes:
        """Return the output until it pauses for `quiet_s` seconds."""
        came = b""
        while data := self.read(quiet_s):
            came += data
        return came

    def press(self, key: bytes, *, quiet_s: float = 0.08, wait_s: float = 3.0) -> Step:
        """Type a key, and return the times and bytes of its output.

        The output is awaited for at most `wait_s` seconds, and ends at a pause of `quiet_s` seconds.
        """
        began = last = time.perf_counter()
        os.write(self._near, key)
        came, frame = b"", 0.0
        while data := self.read(quiet_s if came else wait_s):
            last = time.perf_counter()
            came += data
            if not frame and FRAME_END in came:
                frame = last
        if self.process.poll() is not None:
            raise RuntimeError(f"the program ended; the end of its stream: {bytes(self.stream[-400:])!r}")
        return Step(((frame or last) - began) * 1000, (last - began) * 1000, came)

    def hold(self, key: bytes, repeats: int, every_s: float = 0.033) -> bytes:
        """Type a key as a keyboard repeats it, read at a terminal's pace, and return the output."""
        came = b""
        for _ in range(repeats):
            os.write(self._near, key)
            due = time.monotonic() + every_s
            while (left := due - time.monotonic()) > 0:
                came += self.read(left)
        return came + self.settle()

    def press_until(self, key: bytes, condition: Callable[[bytes], object]) -> float:
        """Type a key, and return the ms until its output met `condition`."""
        began = time.perf_counter()
        os.write(self._near, key)
        came, until = b"", time.monotonic() + LIMIT_S
        while not condition(came):
            came += self.read(0.05)
            if time.monotonic() > until or self.process.poll() is not None:
                raise RuntimeError(f"it never came; the end of the stream: {self.stream[-400:]!r}")
        return (time.perf_counter() - began) * 1000

    def memory_mb(self) -> float:
        """Return the present memory of the program in MB."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024

    def quit(self, key: bytes = b"Q") -> None:
        """Quit the program with its own key."""
        with suppress(OSError):
            os.write(self._near, key)
        until = time.monotonic() + LIMIT_S
        while self.process.poll() is None and time.monotonic() < until:
            self.read(0.02)


def environment(home: Path) -> dict[str, str]:
    """Return an environment without the user's own files and without development tools."""
    return {
        **AS_INSTALLED,
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
    }


def reader(data: Path, render_mode: str, *more: str) -> list[str]:
    """Return the command that opens the reader offline on a data folder."""
    how = "cells" if render_mode == "cells" else "auto"
    return [sys.executable, "-m", "bpost_tui", *more, "--data-dir", str(data), "--offline", "--text", how]
