"""Trial of a fault on the screen: the reader in a terminal while its portal misbehaves, and the promises that both must keep."""

from __future__ import annotations

import re
import shutil
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.faults.fault import Fault, Stage
from tests.faults.fault_trial import MAX_BYTES, ReaderHome, Seed, files_wrong, kept_wrong, others_asked, recovery_wrong, watched
from tests.machine_load import load_factor
from tests.pty.pty_terminal import Terminal, letters

GROUPS = ("escape", "markup", "text", "charset", "net", "dos", "size")
"""Groups of faults that can reach the screen or delay it."""
SIZE = (130, 40)
LAG_S, MEDIAN_S, QUIT_S = 0.5, 0.05, 1.0
_BUSY = 6.0
_PATIENCE_S = 3.0
"""Length in seconds of watching the refresh; a hanging refresh goes on until `q` ends it."""
_STORIES = 12
_LAST_S = 1.0
"""Longest wait for a next story, in seconds."""
_ASKING = "Fetching new stories"
_PAUSE_S = 0.05
"""Seconds without output before a key is pressed.

Two keys that undo each other would otherwise become one frame without a change.
"""

# Allowed output: text, line ends, and the sequences below. OSC only for questions of colour and the title, no DCS apart from a
# query, no C1.
_ALLOWED = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[78=>cM]|\(B|\](?:4;\d+|1[01]);\?(?:\x1b\\|\x07)|_Gi=31,[^\x1b\x07]*\x1b\\"
    r"|\]22;[a-z]*(?:\x1b\\|\x07)|\]2;[^\x00-\x1f\x7f-\x9f]*\x1b\\)"  # the reader's own window title, sanitized
)
_CONTROL = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def busy() -> float:
    """Return the factor for limits of time on a loaded machine, which the suite shares with other programs."""
    return _BUSY * load_factor()


@dataclass(frozen=True)
class Watched:
    """Result of a screen trial."""

    fault: Fault
    lags_s: tuple[float, ...]
    """Seconds from each key to the first byte on the screen."""
    quit_s: float
    """Seconds from `Q` to the end of the process."""
    peak_bytes: int
    """Peak memory in bytes of the reader and all its descendants together."""
    wrong: tuple[str, ...]
    late: tuple[str, ...] = ()
    """Broken limits of time, which a busy machine alone may cause."""

    @property
    def median_s(self) -> float:
        """Median lag in seconds."""
        return median(self.lags_s)


def watch(fault: Fault, seed: Seed, home: Path, stage: Stage, *, allowed: float = 1.0) -> Watched:
    """Press keys during the refresh and among the new stories, then `Q`; check the promises. `allowed` multiplies the limits."""
    shutil.copytree(seed.home, home)
    reader = ReaderHome(home, stage)
    stage.sentinel.forget()
    stage.foreign.forget()
    fault.serve(stage)
    arguments = ["--portal", stage.portal.address, "--text", "cells", "--language", "en"]
    with Terminal(arguments, home, size=SIZE) as terminal, watched(terminal.process.pid) as peaks:
        lags = _read(terminal, reader)
        begun = time.monotonic()
        terminal.type("Q")
        code = terminal.end()
        quit_s = time.monotonic() - begun
        wrong = [f"exit {code}"] if code else []
        wrong += stream_wrong(terminal.raw) + _terminal_wrong(terminal)
        wrong += [f"{word!r} is in the stream" for word in fault.hides if word in terminal.raw]
    wrong += files_wrong(reader) + kept_wrong(seed.stories, reader.stories(), marks=("starred",))
    wrong += others_asked(fault, stage)
    stage.portal.forget()
    wrong += recovery_wrong(reader, seed.stories, marks=("starred",))
    peak_bytes = sum(peaks.values())
    wrong += [f"took {peak_bytes >> 20} MB"] if peak_bytes > MAX_BYTES else []
    late = _late(lags, quit_s, allowed)
    return Watched(fault, tuple(lags), quit_s, peak_bytes, (*wrong, *late), late)


def _read(terminal: Terminal, reader: ReaderHome) -> list[float]:
    """Press keys from the first screen on, during the refresh and through the stories; return the lags in seconds."""
    terminal.wait_for("▌")
    lags: list[float] = []
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until and (len(lags) < 4 or letters(_ASKING) in terminal.text):
        terminal.wait_until_still(_PAUSE_S)
        lags.append(terminal.press("j" if len(lags) % 2 == 0 else "k"))
    terminal.type("g")
    lags.append(terminal.press("\r"))
    lags += [*_through_stories(terminal, min(_STORIES, _saved(reader) - 1))]
    lags += [terminal.press(key) for key in ("h", "?")]
    terminal.wait_for("Anywhere")
    terminal.type("?")
    terminal.wait_without("Anywhere")
    return lags


def _through_stories(terminal: Terminal, count: int) -> Iterator[float]:
    """Yield the seconds that each next story takes to appear, up to the last: new stories may have come in above the first."""
    for _ in range(count):
        try:
            yield terminal.press("J", limit_s=_LAST_S * busy())
        except AssertionError:
            return  # no story follows the last; the next key shows whether the reader still answers


def _saved(reader: ReaderHome) -> int:
    with closing(sqlite3.connect(reader.folder / "stories.db")) as db:
        return int(db.execute("SELECT count(*) FROM stories").fetchone()[0])


def stream_wrong(stream: str) -> list[str]:
    """Return the forbidden parts of `stream`: unknown escape sequences, and controls."""
    left = _ALLOWED.sub("", stream)
    return [f"in the stream: {left[max(0, found.start() - 20) : found.end() + 20]!r}" for found in [_CONTROL.search(left)] if found]


def _terminal_wrong(terminal: Terminal) -> list[str]:
    try:
        terminal.assert_restored()
    except AssertionError as error:
        return [f"the terminal isn't given back: {error}"]
    return []


def _late(lags_s: Sequence[float], quit_s: float, allowed: float) -> tuple[str, ...]:
    limits = (("a key took", max(lags_s), LAG_S), ("a key usually took", median(lags_s), MEDIAN_S), ("q took", quit_s, QUIT_S))
    return tuple(f"{what} {seconds * 1000:.0f} ms" for what, seconds, limit in limits if seconds > allowed * limit)
