"""Keys over a slow line: time from a key to its frame when the terminal is behind a connection of a few kB a second."""

from __future__ import annotations

import heapq
import os
import time
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.libraries import copy
from tests.benchmarks.measures import Results, row
from tests.benchmarks.stopwatch_terminal import ANSWERS, FRAME_END, STATUS_QUERY, STATUS_REPLY, Terminal, reader

GROUP = "Keys over a slow line"
_STORIES = 1_000
_QUIET_S = 1.5
"""Time in seconds without output after which the screen counts as settled."""
_LIMIT_S = 120.0


class Line(NamedTuple):
    """Connection between program and terminal."""

    name: str
    bytes_per_s: float
    one_way_s: float
    """Time in seconds that a byte travels, in each direction."""
    worst_limit_s: float | None = None
    """Goal for the slowest of twenty cursor steps, ten a second."""


LINES = (
    Line("20 kB/s, 200 ms", 20e3, 0.1, 1.5),
    Line("100 kB/s, 50 ms", 100e3, 0.025, 0.5),
    Line("10 MB/s, 2 ms", 10e6, 0.001),
)


class _Frame(NamedTuple):
    sent_at: float
    arrived_at: float


class SlowLine:
    """Relay to a terminal at the far end of a line, with a buffer without limit, as TCP has.

    Args:
        program: Program in a pseudo-terminal. Its output reaches the terminal later.
        line: Rate and delay of the line.
    """

    def __init__(self, program: Terminal, line: Line) -> None:
        self._program = program
        self._line = line
        self._is_free_at = 0.0
        self._due: list[tuple[float, bytes]] = []
        self._tail = b""
        self.frames: list[_Frame] = []
        """Frames that the program has finished writing, with the time when their last byte arrives."""
        self.size = 0
        """Number of bytes that the program has written."""

    def type(self, key: bytes) -> float:
        """Press a key at the terminal, and return the time when it reaches the program."""
        at = time.monotonic() + self._line.one_way_s
        heapq.heappush(self._due, (at, key))
        return at

    def run(self, seconds: float) -> None:
        """Relay for `seconds`."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            wait = min(left, max(0.0, self._due[0][0] - time.monotonic())) if self._due else left
            data = self._program.read(min(wait, 0.05))
            if data:
                self._carry(data)
            while self._due and self._due[0][0] <= time.monotonic():
                os.write(self._program._near, heapq.heappop(self._due)[1])

    def settle(self) -> None:
        """Relay until the first frame was shown, all bytes have arrived, and the program has written nothing for a while since."""
        until, written = time.monotonic() + _LIMIT_S, -1
        while (not self.frames or written != self.size) and time.monotonic() < until:
            written = self.size
            # not just until the last byte arrives: the next frame may wait for the terminal's reply to this one
            self.run(max(0.0, self._is_free_at - time.monotonic()) + _QUIET_S)

    @property
    def last_arrival(self) -> float:
        """Time when the last byte arrives."""
        return self._is_free_at

    def _carry(self, data: bytes) -> None:
        now = time.monotonic()
        self.size += len(data)
        begins = max(now + self._line.one_way_s, self._is_free_at)
        self._is_free_at = begins + len(data) / self._line.bytes_per_s
        seen = self._tail + data
        for mark, known in ((FRAME_END, self._add_frame), (STATUS_QUERY, self._answer)):
            at = seen.find(mark)
            while at >= 0:
                end = at + len(mark)
                if end > len(self._tail):
                    known(now, begins + (end - len(self._tail)) / self._line.bytes_per_s)
                at = seen.find(mark, end)
        self._tail = seen[-(len(FRAME_END) - 1) :]

    def _add_frame(self, sent_at: float, arrived_at: float) -> None:
        self.frames.append(_Frame(sent_at, arrived_at))

    def _answer(self, _sent_at: float, arrived_at: float) -> None:
        heapq.heappush(self._due, (arrived_at + self._line.one_way_s, STATUS_REPLY))


def measure(results: Results, home: Path, render_modes: tuple[str, ...] = ("kitty", "sixel", "mosaic")) -> None:
    """Press cursor keys and pages over lines of three speeds."""
    for render_mode in render_modes:
        for line in LINES:
            data = copy(_STORIES, home / f"{render_mode} {line.name}")
            over_ssh = {"SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22"}
            command = reader(data, render_mode)
            with Terminal(command, home, answer=ANSWERS[render_mode], env=over_ssh, reports_status=False) as terminal:
                relay = SlowLine(terminal, line)
                relay.settle()
                _steps(results, relay, line, f"{render_mode}, {line.name}")
                _pages(results, relay, f"{render_mode}, {line.name}")
                terminal.quit()


def _steps(results: Results, relay: SlowLine, line: Line, name: str) -> None:
    waits, settled, size = _press(relay, [b"j"] * 20, every_s=0.1)
    limit = line.worst_limit_s
    results.add(row(GROUP, f"{name}: cursor, ten steps a second, worst", "s", [max(waits)], limit=limit))
    results.add(row(GROUP, f"{name}: … median", "s", waits))
    results.add(row(GROUP, f"{name}: … until it settles after the last key", "s", [settled], limit=2.0))
    results.add(row(GROUP, f"{name}: … sent", "kB", [size / 1000]))


def _pages(results: Results, relay: SlowLine, name: str) -> None:
    waits, _, size = _press(relay, [b"\r", b" ", b" ", b" ", b" "], every_s=0.7)
    results.add(row(GROUP, f"{name}: a story opened and four pages, worst", "s", [max(waits)], limit=2.0))
    results.add(row(GROUP, f"{name}: … sent", "kB", [size / 1000]))


def _press(relay: SlowLine, keys: list[bytes], *, every_s: float) -> tuple[list[float], float, int]:
    """Return the waits in seconds from each key to its frame, from the last key to the last byte, and the bytes sent."""
    first_frame, first_byte = len(relay.frames), relay.size
    pressed: list[tuple[float, float]] = []
    for key in keys:
        began = time.monotonic()
        pressed.append((began, relay.type(key)))
        relay.run(every_s - (time.monotonic() - began))
    relay.settle()
    waits = []
    for at, reached in pressed:
        arrivals = [frame.arrived_at for frame in relay.frames[first_frame:] if frame.sent_at >= reached]
        if arrivals:
            waits.append(min(arrivals) - at)
    return waits, relay.last_arrival - pressed[-1][0], relay.size - first_byte
