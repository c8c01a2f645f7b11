"""Cold start to the first headlines on a terminal, against the smallest Textual app with a list."""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.libraries import copy, newsboat, newsboat_home
from tests.benchmarks.measures import Results, Row, against, row
from tests.benchmarks.stopwatch_terminal import ANSWERS, Terminal, reader

GROUP = "Cold start, 10,000 saved stories"
_STORIES = 10_000
_REPEATS = 7
_PLACEHOLDERS = 60
"""Number of picture placeholders that only a drawn list reaches: the bars take fewer. A run of equal ones is sent as one."""
_REPEATED = re.compile("\U0010eeee[^\x1b]*\x1b\\[([0-9]+)b".encode())
"""Placeholder with the sequence that repeats it (REP), which the reader writes in terminals that know it."""
_FACTORS = {"cells": 1.4, "kitty": 1.65}
_MEMORY_FACTOR = 1.3
_SNAPSHOT = ", first headlines, startup snapshot"
_SNAPSHOT_FACTORS = {"cells": 1.0, "kitty": 1.25}
"""Limits as factors of newsboat's time to its first screen."""
_SILENT, _SILENT_FACTOR = "cells, in a terminal that answers nothing", 1.1
"""Start in a terminal without answers, and its limit as a factor of the start in an answering terminal; with twelve categories."""
_MANY_SHELVES = 100
_UNREAD = "●".encode()
"""Sign before an unread headline; words are written in pieces, so that each cluster gets its cells, and can't be waited for."""
_MANY = f"cells, {_MANY_SHELVES} categories"


def measure(results: Results, home: Path) -> None:
    """Start each program as often as the others, in turn."""
    data = copy(_STORIES, home)
    shelved = copy(_STORIES, home, _MANY_SHELVES)
    minimal = [sys.executable, str(Path(__file__).with_name("minimal_app.py"))]
    starts = {
        "minimal": (minimal, b"headline 12", b""),
        "cells": (reader(data, "cells"), _UNREAD, ANSWERS["cells"]),
        "kitty": (reader(data, "kitty"), b"", ANSWERS["kitty"]),
        _SILENT: (reader(data, "cells"), _UNREAD, b""),
        _MANY: (reader(shelved, "cells"), _UNREAD, ANSWERS["cells"]),
    }
    news = newsboat_home(_STORIES, home)
    if news is not None:
        starts["newsboat"] = (newsboat(news), b"unread", b"")
    names = [*starts, *(f"{name}{_SNAPSHOT}" for name in _SNAPSHOT_FACTORS)]
    times: dict[str, list[float]] = {name: [] for name in names}
    memory: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(_REPEATS):
        for name, (command, mark, answer) in starts.items():
            # A folder for each start: a snapshot is saved after its program has ended, and would shorten the start after it.
            own = Path(tempfile.mkdtemp(dir=home))
            took, holds = _start(command, mark, answer, own)
            times[name].append(took)
            memory[name].append(holds)
            if name in _SNAPSHOT_FACTORS:  # the snapshot that this start has just saved
                times[f"{name}{_SNAPSHOT}"].append(_start(command, mark, answer, own, front_page=True)[0])
    _report(results, times, memory)


def _report(results: Results, times: dict[str, list[float]], memory: dict[str, list[float]]) -> None:
    least, least_memory = statistics.median(times["minimal"]), statistics.median(memory["minimal"])
    for name, samples in times.items():
        if name in _FACTORS:
            limit = {"limit": _FACTORS[name] * least, "goal": f"{_FACTORS[name]:g} × minimal app"}
            results.add(row(GROUP, f"bpost, {name}", "ms", samples, peer="minimal Textual app", peer_value=least, **limit))
            limit = {"limit": _MEMORY_FACTOR * least_memory, "goal": f"{_MEMORY_FACTOR:g} × minimal app"}
            mine = memory[name]
            results.add(
                row(GROUP, f"bpost, {name}: memory", "MB", mine, peer="minimal Textual app", peer_value=least_memory, **limit)
            )
        elif name.endswith(_SNAPSHOT):
            factor = _SNAPSHOT_FACTORS[name.removesuffix(_SNAPSHOT)]
            results.add(row(GROUP, f"bpost, {name}", "ms", samples, **against("newsboat", times.get("newsboat"), factor)))
        elif name in (_SILENT, _MANY):
            beside = against("12 categories, answering", times["cells"], _SILENT_FACTOR)
            results.add(row(GROUP, f"bpost, {name}", "ms", samples, **beside))
        elif name == "newsboat":
            results.add(Row(GROUP, "newsboat, to its list of feeds", "ms", statistics.median(samples), samples=len(samples)))


def _start(command: Sequence[str], mark: bytes, answer: bytes, home: Path, *, front_page: bool = False) -> tuple[float, float]:
    with Terminal(command, home, answer=answer, front_page=front_page) as terminal:
        if mark:
            took = terminal.wait(lambda stream: mark in stream)
        else:
            took = terminal.wait(lambda stream: _count_placeholders(stream) > _PLACEHOLDERS)
        terminal.settle(0.4)
        holds = terminal.memory_mb()
        terminal.quit()
    return took, holds


def _count_placeholders(stream: bytes | bytearray) -> int:
    """Return the number of cells with a picture placeholder that a stream sets, with the repeated ones."""
    return stream.count("\U0010eeee".encode()) + sum(int(times) for times in _REPEATED.findall(stream))
