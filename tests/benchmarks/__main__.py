"""Benchmarks: `python -m tests.benchmarks` measures, prints the table, and writes JSON and docs/benchmarks.md."""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks import (
    busy_library,
    cold_start,
    commands,
    key_latency,
    library_growth,
    like_stories,
    many_papers,
    memory_use,
    refresh_time,
    slow_line,
    typesetting,
)
from tests.benchmarks.measures import OUT, Results, markdown, rows_of, write_json
from tests.benchmarks.plot import draw, next_limit, series_of

DOC = Path(__file__).parents[2] / "docs" / "benchmarks.md"
PICTURE = DOC.with_name("pictures") / "growth.png"
"""Picture of the growth of cost, shown in the document."""


def main() -> None:
    """Run the groups of measures that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", help="of these groups of measures")
    parser.add_argument(
        "--stories",
        default="1000,10000,100000,1000000",
        help="sizes of library, parted by commas; the largest is made once, in half an hour",
    )
    parser.add_argument("--docs", action="store_true", help="write docs/benchmarks.md too; of some groups, their tables")
    options = parser.parse_args()
    counts = tuple(int(count) for count in options.stories.split(","))
    groups: dict[str, Callable[[Results, Path], None]] = {
        "typesetting": typesetting.measure,
        "keys": key_latency.measure,
        "slow lines": slow_line.measure,
        "starting": cold_start.measure,
        "commands": lambda results, home: commands.measure(results, home, counts),
        "growing": lambda results, home: library_growth.measure(results, home, counts),
        "papers": many_papers.measure,
        "like stories": like_stories.measure,
        "busy library": busy_library.measure,
        "refreshing": lambda results, home: refresh_time.measure(results, home, counts[-1]),
        "reading": lambda results, home: memory_use.measure(results, home, counts[-1]),
    }
    results = Results()
    began = time.monotonic()
    for name in options.only or groups:
        home = Path(tempfile.mkdtemp(prefix="bpost-bench-"))
        try:
            groups[name](results, home)
        except (RuntimeError, OSError, subprocess.SubprocessError) as error:
            results.missing[f"the rest of {name}"] = str(error).splitlines()[0][:160]
        finally:
            shutil.rmtree(home, ignore_errors=True)
        print(f"  — {name}: {time.monotonic() - began:.0f} s so far", flush=True)
    for peer, why in results.missing.items():
        print(f"not measured: {peer} ({why})")
    path = OUT / "results.json"
    write_json(results, path)
    report = json.loads(path.read_text(encoding="utf-8"))
    series = series_of(results.rows)
    limit = next_limit(series)
    print(limit)
    if options.docs and options.only:
        DOC.write_text(_with_tables(DOC.read_text(encoding="utf-8"), report), encoding="utf-8")
    elif options.docs:
        DOC.write_text(_document(report, limit, DOC.read_text(encoding="utf-8")), encoding="utf-8")
        draw(series, PICTURE)
    missed = [row.name for row in results.rows if row.met is False]
    print(f"{len(results.rows)} measures, {len(missed)} goals missed, {time.monotonic() - began:.0f} s; {path.name} written")


def _document(report: dict[str, object], limit: str, before: str) -> str:
    """Return the page with all tables; keep the text below them, which is written by hand."""
    machine = report["machine"]
    assert isinstance(machine, dict)
    where = (
        f"{machine['cpu']}, {machine['cores']} cores, {machine['memory_gb']} GB, {machine['system']}, Python {machine['python']}"
    )
    missing = report["missing"]
    assert isinstance(missing, dict)
    beside = f" Not measured: {', '.join(f'{peer} ({why})' for peer, why in missing.items())}." if missing else ""
    head = (
        "# Benchmarks\n\nWritten by `make bench`; libraries of generated stories, peers in the same run. "
        f"{str(report['when'])[:10]}, {where}, load {machine['load']} at the end.{beside}\n"
    )
    picture = f"![How cost grows](pictures/{PICTURE.name})"
    return f"{head}\n{picture}\n\n{limit}\n{markdown(rows_of(report))}\n{_parts(before)[-1]}"


def _with_tables(document: str, report: dict[str, object]) -> str:
    """Return the page with new tables for the groups measured in this run, and the old tables for all others."""
    machine = report["machine"]
    assert isinstance(machine, dict)
    head, *earlier, by_hand = _parts(document)
    when = f"Measured by itself: {str(report['when'])[:10]}, load {machine['load']} at the end."
    measured = [part.replace("\n", f"\n\n{when}\n", 1) for part in _parts(markdown(rows_of(report)))[1:]]
    parts = {part.partition("\n")[0]: f"{part.rstrip()}\n\n" for part in (*earlier, *measured)}
    return f"{head}{''.join(parts.values())}{by_hand}"


def _parts(document: str) -> list[str]:
    """Return the text before the first heading, then each part with a heading; the last part is written by hand."""
    return re.split(r"(?m)^(?=## )", document)


if __name__ == "__main__":
    main()
