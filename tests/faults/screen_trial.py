"""A fault on the screen: the reader itself in a terminal while its portal does what it may, and what must be true of both."""

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
from tests.machine_load import crowd
from tests.pty.pty_terminal import Terminal, letters

GROUPS = ("escape", "markup", "text", "charset", "net", "dos", "size")
"""What can reach the screen, or keep it waiting."""
SIZE = (130, 40)
LAG_S, MEDIAN_S, QUIT_S = 0.5, 0.05, 1.0
_BUSY = 6.0
_PATIENCE_S = 3.0
"""How long the refresh is watched; one that hangs goes on, and is left by `q`."""
_STORIES = 12
_LAST_S = 1.0
"""How long a next story is waited for."""
_ASKING = "Fetching new stories"
_PAUSE_S = 0.05
"""How still the screen is before a key: two that undo each other would become one frame, in which nothing has changed."""

# what the program may write: text, line ends, and these. No OSC but questions of colour, no DCS but none, no C1
_ALLOWED = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[78=>cM]|\(B|\](?:4;\d+|1[01]);\?(?:\x1b\\|\x07)|_Gi=31,[^\x1b\x07]*\x1b\\"
    r"|\]22;[a-z]*(?:\x1b\\|\x07)|\]2;[^\x00-\x1f\x7f-\x9f]*\x1b\\)"  # the window's title, the reader's own: through the gate
)
_CONTROL = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def busy() -> float:
    """Return how much more the suite allows, which shares its machine, the more of it the more others want it, too."""
    return _BUSY * crowd()


@dataclass(frozen=True)
class Watched:
    """How a fault went on the screen."""

    fault: Fault
    lags_s: tuple[float, ...]
    """From each key to the first byte on the screen."""
    quit_s: float
    """From `Q` to the end of the process."""
    peak_bytes: int
    """Of the reader and all that it starts, together."""
    wrong: tuple[str, ...]
    late: tuple[str, ...] = ()
    """What of it the clock alone says."""

    @property
    def median_s(self) -> float:
        """The usual lag."""
        return median(self.lags_s)


def watch(fault: Fault, seed: Seed, home: Path, stage: Stage, *, allowed: float = 1.0) -> Watched:
    """Read under a fault: keys while the portal is asked, then what it sent, then `Q`; judge, times by a factor."""
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
    """Press keys from the first screen on, through the refresh, and through the stories; return the lags."""
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
    """Yield how long each of the next stories takes to come, up to the last: new ones may have come in above the first."""
    for _ in range(count):
        try:
            yield terminal.press("J", limit_s=_LAST_S * busy())
        except AssertionError:
            return  # nothing comes after the last; whether the reader still answers, the next key tells


def _saved(reader: ReaderHome) -> int:
    with closing(sqlite3.connect(reader.folder / "stories.db")) as db:
        return int(db.execute("SELECT count(*) FROM stories").fetchone()[0])


def stream_wrong(stream: str) -> list[str]:
    """Return what of a stream no terminal should be sent: escapes that aren't the program's, and controls."""
    left = _ALLOWED.sub("", stream)
    return [f"in the stream: {left[max(0, found.start() - 20) : found.end() + 20]!r}" for found in [_CONTROL.search(left)] if found]


def _terminal_wrong(terminal: Terminal) -> list[str]:
    try:
        terminal.assert_given_back()
    except AssertionError as error:
        return [f"the terminal isn't given back: {error}"]
    return []


def _late(lags_s: Sequence[float], quit_s: float, allowed: float) -> tuple[str, ...]:
    limits = (("a key took", max(lags_s), LAG_S), ("a key usually took", median(lags_s), MEDIAN_S), ("q took", quit_s, QUIT_S))
    return tuple(f"{what} {seconds * 1000:.0f} ms" for what, seconds, limit in limits if seconds > allowed * limit)
