"""A day of use in minutes: a script reads story after story, and counts memory, open files and pictures on the way.

The terminal answers as kitty does, because this mode holds the most: pictures are uploaded, and must all be freed.
"""

from __future__ import annotations

import fcntl
import os
import re
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.generate_library import generate
from tests.benchmarks.stopwatch_terminal import ANSWERS, CELL_PX, FRAME_END, Terminal
from tests.child_processes import tree
from tests.faults.fault import Stage, post, rss
from tests.faults.fault_portal import FaultPortal, Request, answer

WARM = 100
"""Stories after which all caches are full."""
SIZES = ((100, 30), (130, 40), (80, 24), (60, 20))
QUERIES = ("medinipur", "খড়গপুর", "is:unread school", "জেলা")
ROUND = 40
"""Stories read in one category before another."""
_CATEGORIES = 9
_QUIET_S = 0.03
_ESCAPED_S = 0.25
"""Seconds after Escape until a terminal's key can't be Alt with a letter: any byte that follows sooner makes it Alt."""
_FRAME_S = 2.0
_REFRESH_S = 20.0
_REST_S = 3.0
"""Seconds without a key after which the reader frees the memory that it doesn't need."""
_PICTURE = re.compile(rb"\x1b_Ga=(T|d)[^;\x1b]*?,i=(\d+)(?=[,;])")
_LONGEST = 120
"""Bytes of a command up to its picture's number."""


@dataclass(frozen=True)
class Held:
    """Memory, files and pictures that the reader and its descendants hold at a moment."""

    stories: int
    memory_mb: float
    """Memory of the reader alone, in MB."""
    workers_mb: float
    files: int
    pictures: int


@dataclass
class Pictures:
    """Pictures that a terminal holds, followed from the stream sent to it."""

    held: set[bytes] = field(default_factory=set)
    sent: int = 0
    most: int = 0
    _rest: bytes = b""

    def follow(self, stream: bytes) -> None:
        """Process the next piece of the stream."""
        data, at = self._rest + stream, 0
        for match in _PICTURE.finditer(data):
            (self.held.add if match[1] == b"T" else self.held.discard)(match[2])
            self.sent += match[1] == b"T"
            self.most = max(self.most, len(self.held))
            at = match.end()
        begun = data.rfind(b"\x1b", at)
        self._rest = data[begun:] if begun >= 0 and len(data) - begun < _LONGEST else b""


@dataclass(frozen=True)
class Soaked:
    """Result of a soak."""

    warm: Held
    end: Held
    code: int
    pictures: Pictures
    seconds: float

    @property
    def growth(self) -> float:
        """Growth of memory from the warm state to the end, as a share."""
        return self.end.memory_mb / self.warm.memory_mb - 1


def soak(home: Path, stories: int, *, warm: int = WARM, report: Callable[[Held], object] = lambda _: None) -> Soaked:
    """Read `stories` stories, and use the reader's other features in between.

    After every `warm` stories, memory, files and pictures are counted, and passed to `report`.
    """
    begun = time.monotonic()
    with FaultPortal() as portal:
        portal.set_reply("/feed", lambda request: answer(_feed(Stage(portal, portal, portal), request)))
        generate(home / "data" / "library", stories + 50, 1)
        command = [sys.executable, "-m", "bpost_tui", "--data-dir", str(home / "data"), "--portal", portal.address]
        with Terminal(command, home, answer=ANSWERS["kitty"]) as terminal:
            reader = _Reader(terminal)
            terminal.wait(lambda stream: FRAME_END in stream and len(stream) > 3000)
            reader.settle(0.5)
            reader.press(b"\r")
            found: list[Held] = []
            for number in range(1, stories + 1):
                reader.read_story(number)
                if number % warm == 0 or number == stories:
                    found.append(reader.held(number))
                    report(found[-1])
            reader.press(b"\x1b", b"\x1b")
            os.write(terminal._near, b"Q")
            reader.end()
            return Soaked(found[0], found[-1], terminal.process.returncode, reader.pictures, time.monotonic() - begun)


def _feed(stage: Stage, request: Request) -> str:
    """Return two stories that weren't in the feed at the last request."""
    first = 2 * request.number + 1
    return stage.fill(rss(*(post(number % 39 + 1, guid=f"soak-{number}") for number in (first, first + 1))))


class _Reader:
    """Reader under the script: presses the keys."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self.pictures = Pictures()

    def read_story(self, number: int) -> None:
        """Go to the next story and page through it; now and then do something else first."""
        if number <= _CATEGORIES:  # the warm state must include every category and every query
            self._begin_round(number - 1)
        elif number % ROUND == 1:
            self._begin_round(number // ROUND)
        if number % 10 == 0:
            self.press(*((b"+", b"=") if number % 20 else (b"-", b"=")))
        if number % 25 == 0:
            self._resize(*SIZES[number // 25 % len(SIZES)])
        if number % 50 == 0:
            self.press(b"r")
        if number % 60 == 0:
            self.press(b"t", b"\x1b", b"?", b"\x1b", b":", b"\x1b", b"m", b"s", b"u", b"u")
        self.press(b"J", b" ")

    def _begin_round(self, number: int) -> None:
        """Search, and go on in another category at the end of its last round."""
        self.press(b"h", b"/", QUERIES[number % len(QUERIES)].encode(), b"\r", b"\x1b")
        self.press(b"%d" % (number % _CATEGORIES + 1), b"\r", b"J" * (ROUND * (number // _CATEGORIES) + 1))

    def press(self, *keys: bytes) -> None:
        """Type each key, and read the output until it pauses."""
        for key in keys:
            os.write(self._terminal._near, key)
            self.settle(_ESCAPED_S if key == b"\x1b" else _QUIET_S, first_s=_FRAME_S)

    def settle(self, quiet_s: float, *, first_s: float | None = None) -> None:
        """Read the output until it pauses for `quiet_s` seconds."""
        wait_s = quiet_s if first_s is None else first_s
        while data := self._terminal.read(wait_s):
            self.pictures.follow(data)
            self._terminal.stream.clear()
            wait_s = quiet_s

    def end(self) -> None:
        """Read the output until the end."""
        until = time.monotonic() + 20
        while self._terminal.process.poll() is None and time.monotonic() < until:
            self.settle(0.05)
        self.settle(0.05)

    def held(self, stories: int) -> Held:
        """Count the memory, files and pictures of the reader and its descendants while idle: a refresh opens files of its own."""
        self.settle(_REST_S)
        until = time.monotonic() + _REFRESH_S
        while len(pids := list(tree(self._terminal.process.pid))) > 1 and time.monotonic() < until:
            self.settle(_FRAME_S)
        files = len(os.listdir(f"/proc/{pids[0]}/fd"))
        return Held(stories, _memory_mb(pids[0]), sum(map(_memory_mb, pids[1:])), files, len(self.pictures.held))

    def _resize(self, cols: int, rows: int) -> None:
        size = struct.pack("HHHH", rows, cols, cols * CELL_PX[0], rows * CELL_PX[1])
        fcntl.ioctl(self._terminal._near, termios.TIOCSWINSZ, size)
        self._terminal.process.send_signal(signal.SIGWINCH)
        self.settle(0.15, first_s=1.0)


def _memory_mb(pid: int) -> float:
    with suppress(OSError):
        found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
        if found:
            return int(found[1]) / 1024
    return 0.0
