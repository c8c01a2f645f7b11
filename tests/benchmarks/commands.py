"""Whole processes of the command line at 1,000 to 100,000 stories, against Python's own start and newsboat."""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

from tests.benchmarks.libraries import copy, newsboat, newsboat_home, without_newsboat
from tests.benchmarks.measures import Results, against, process_ms, row
from tests.benchmarks.stopwatch_terminal import environment

GROUP = "Commands, whole process"
LIMIT_MS = 80.0
_REPEATS = 11


def measure(results: Results, home: Path, counts: tuple[int, ...]) -> None:
    """Measure each command at each size of library."""
    env = environment(home)
    bpost = str(Path(sys.executable).with_name("bpost"))
    for count in counts:
        data = copy(count, home)
        news = newsboat_home(count, home)
        commands = {
            "python": [sys.executable, "-c", "pass"],
            "unread --count": [bpost, "unread", "--count", "--data-dir", str(data)],
            "list -n 20": [bpost, "list", "-n", "20", "--data-dir", str(data)],
        }
        if news is not None:
            commands["newsboat"] = [*newsboat(news), "-x", "print-unread"]
        elif why := without_newsboat(count):
            results.missing["newsboat"] = why
        times = dict(zip(commands, process_ms(list(commands.values()), _REPEATS, env), strict=True))
        if count == counts[0]:
            results.add(row(GROUP, "python -c pass", "ms", times["python"]))
        for verb in ("unread --count", "list -n 20"):
            beside = against("newsboat -x print-unread", times.get("newsboat"), None)
            results.add(row(GROUP, f"bpost {verb}, {count:,} stories", "ms", times[verb], limit=LIMIT_MS, **beside))
        print(f"  (python -c pass meanwhile: {statistics.median(times['python']):.1f} ms)", flush=True)
