"""Tools of all measures: samples, rows of the table, JSON and Markdown."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

OUT = Path(__file__).parent / "out"
"""Folder of generated libraries and results; git ignores it."""


@dataclass(frozen=True, slots=True)
class Row:
    """Row of the table."""

    group: str
    name: str
    unit: str
    median: float
    worst: float | None = None
    """99th percentile; None if the samples are too few."""
    limit: float | None = None
    """Largest allowed median."""
    worst_limit: float | None = None
    goal: str = ""
    """Source of the limit, if it is derived from another measure."""
    peer: str = ""
    peer_value: float | None = None
    samples: int = 1

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None without a goal."""
        checks = [(self.median, self.limit), (self.worst, self.worst_limit)]
        known = [value <= limit for value, limit in checks if value is not None and limit is not None]
        return all(known) if known else None


@dataclass(slots=True)
class Results:
    """Rows measured until now, and the peers that are missing."""

    rows: list[Row] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)

    def add(self, row: Row) -> Row:
        """Add a row, and print it."""
        self.rows.append(row)
        print("  ".join(cell for cell in _cells(row) if cell), flush=True)
        return row


def percentile(samples: Sequence[float], part: float) -> float:
    """Return the smallest sample that at least the share `part` of all samples doesn't exceed."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def row(group: str, name: str, unit: str, samples: Sequence[float], **more: object) -> Row:
    """Return a row with the median of `samples` and, for ten or more, their 99th percentile."""
    worst = percentile(samples, 0.99) if len(samples) >= 10 else None
    return Row(group, name, unit, statistics.median(samples), worst, samples=len(samples), **more)  # type: ignore[arg-type]


def against(peer: str, samples: Sequence[float] | None, factor: float | None) -> dict[str, object]:
    """Return the fields of a row for a peer measured in the same run; an empty dict if the peer is missing."""
    if not samples:
        return {"peer": f"{peer} (not measured)"}
    value = statistics.median(samples)
    if factor is None:
        return {"peer": peer, "peer_value": value}
    return {"peer": peer, "peer_value": value, "limit": factor * value, "goal": f"{factor:g} × {peer}"}


def timed_ms(work: Callable[[], object], repeats: int) -> list[float]:
    """Return the time of each of `repeats` calls of `work`, in ms."""
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return times


def process_ms(commands: Sequence[Sequence[str]], repeats: int, env: dict[str, str]) -> list[list[float]]:
    """Return the times of whole processes in ms; each round runs every command, so that a busy moment hits all of them."""
    times: list[list[float]] = [[] for _ in commands]
    for _ in range(repeats):
        for command, into in zip(commands, times, strict=True):
            began = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env)
            into.append((time.perf_counter() - began) * 1000)
    return times


def machine() -> dict[str, object]:
    """Return the machine's class: processor, cores, memory and system, without its name."""
    cpu = next((line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "")
    return {
        "cpu": cpu or platform.machine(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": platform.system(),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 1),
    }


def write_json(results: Results, path: Path) -> None:
    """Write all rows, the machine and the time as JSON."""
    report = {
        "when": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "machine": machine(),
        "missing": results.missing,
        "rows": [{**asdict(row), "met": row.met} for row in results.rows],
    }
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def rows_of(report: dict[str, object]) -> list[Row]:
    """Return the rows of a JSON file with results."""
    return [Row(**{key: value for key, value in each.items() if key != "met"}) for each in report["rows"]]  # type: ignore[attr-defined]


def markdown(rows: Sequence[Row]) -> str:
    """Return the tables of docs/benchmarks.md."""
    parts = []
    for group in dict.fromkeys(row.group for row in rows):
        head = ("what", "median", "99 %", "beside it", "goal", "")
        parts.append(f"\n## {group}\n\n" + _table([head, *(_cells(row)[1:] for row in rows if row.group == group)]))
    return "".join(parts)


def _table(lines: Iterable[Sequence[str]]) -> str:
    head, *body = [f"| {' | '.join(line)} |" for line in lines]
    return "\n".join([head, "|" + " --- |" * (head.count(" | ") + 1), *body]) + "\n"


def _cells(row: Row) -> tuple[str, ...]:
    goal = _value(row.limit, row.unit) if row.limit is not None else ""
    if row.worst_limit is not None:
        goal += f", 99 % {_value(row.worst_limit, row.unit)}"
    beside = f"{row.peer}: {_value(row.peer_value, row.unit)}" if row.peer_value is not None else row.peer
    met = {None: "", True: "✓", False: "**missed**"}[row.met]
    goal = f"≤ {goal.removeprefix(', ')}" + (f" ({row.goal})" if row.goal else "") if goal else ""
    worst = _value(row.worst, row.unit) if row.worst is not None else ""
    return row.group, row.name, _value(row.median, row.unit), worst, beside, goal, met


def _value(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    return f"{value:.0f} {unit}" if value >= 100 else f"{value:.1f} {unit}"


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
