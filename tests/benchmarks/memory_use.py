"""An hour of reading, compressed: open five hundred stories one after the other, then measure memory."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.libraries import copy
from tests.benchmarks.measures import Results, Row
from tests.benchmarks.stopwatch_terminal import ANSWERS, Terminal, reader

GROUP = "Memory over 500 stories"
LIMIT_MB = 120.0
GROWTH_MB = 10.0
_STORIES = 500


def measure(results: Results, home: Path, count: int) -> None:
    """Measure in the render mode that uses the most memory."""
    with Terminal(reader(copy(count, home), "kitty"), home, answer=ANSWERS["kitty"]) as terminal:
        terminal.wait(lambda stream: len(stream) > 3000)
        terminal.settle(0.5)
        start = terminal.memory_mb()
        terminal.press(b"\r")
        held = []
        for _ in range(_STORIES):
            terminal.press(b"J", quiet_s=0.04)
            terminal.press(b" ", quiet_s=0.02)
            held.append(terminal.memory_mb())
            terminal.stream.clear()
        terminal.quit()
    where = f"library of {count:,}"
    results.add(Row(GROUP, f"at the start ({where})", "MB", start))
    results.add(Row(GROUP, f"after {_STORIES} stories ({where})", "MB", held[-1], limit=LIMIT_MB))
    growth = held[-1] - held[_STORIES // 2]
    results.add(Row(GROUP, "grown over the second half of them", "MB", growth, limit=GROWTH_MB))
