"""Planted faults: `python -m tests.planted [--only TEXT]`; which trial finds each goes into build/reports/planted.md.

Each fault is planted in a copy of the checkout, where the trials run with fixed seeds until one fails: first the trials that are
meant for it, then the others. Unit tests don't run: the question is whether the trials prove anything by themselves.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from os import environ
from pathlib import Path
from typing import NamedTuple

from tests.planted.planted_faults import FAULTS, ROOT, TRIALS, PlantedFault
from tools.reports import write_report

_LEFT_OUT = shutil.ignore_patterns(".git", ".venv*", "build", "dist", "__pycache__", ".*_cache", ".hypothesis", "pictures")
_FOUND = re.compile(r"^FAILED (?P<test>\S+?)(?: - .*)?$", re.MULTILINE)
_STEP = re.compile(r"^(?:E +)?(?: +state\.\w+\(|.*?after (?P<trail>.+):$)", re.MULTILINE)
_LIMIT_S = 1800.0
_MORE_RUNS = {"BPOST_MACHINE_RUNS": "100"}
"""Runs of each state machine: the dozen that `make test` takes are too few for faults of two clocks."""


class Finding(NamedTuple):
    """Result of the trials under a planted fault."""

    fault: PlantedFault
    test: str
    """Test that failed first; empty if none failed."""
    steps: int
    """Number of steps of the failing run of a state machine, 0 for other trials."""
    seconds: float


def main(arguments: list[str]) -> int:
    """Plant each fault; return 1 if one isn't found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="text in the names of the faults to plant")
    parser.add_argument("--first-only", action="store_true", help="run only the trials that are meant for each fault")
    chosen = parser.parse_args(arguments)
    findings = list[Finding]()
    for fault in FAULTS:
        if chosen.only in fault.name:
            findings.append(find(fault, first_only=chosen.first_only))
            print(_row(findings[-1]), flush=True)
    found = sum(bool(each.test) for each in findings)
    head = (
        f"{found} of {len(findings)} planted faults are found.\n",
        "| fault | in | found by | steps | s |",
        "| --- | --- | --- | ---: | ---: |",
    )
    print(write_report("planted", "\n".join(("# Planted faults\n", *head, *map(_row, findings)))))
    return 0 if found == len(findings) else 1


def find(fault: PlantedFault, *, first_only: bool) -> Finding:
    """Plant a fault in a copy of the checkout, and run the trials until one fails."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="planted-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / "bpost"
        shutil.copytree(ROOT, copy, ignore=_LEFT_OUT)
        module = copy / "bpost_tui" / fault.module
        module.write_text(planted(fault, module.read_text(encoding="utf-8")), encoding="utf-8")
        others = () if first_only else (name for name in TRIALS if name != fault.trials)
        for name in (fault.trials, *others):
            command = [sys.executable, "-m", "pytest", "-q", "-x", "--hypothesis-profile=planted", "-p", "no:cacheprovider"]
            done = subprocess.run(
                [*command, *TRIALS[name]],
                cwd=copy,
                env=environ | _MORE_RUNS | {"PYTHONPATH": str(copy)},  # else child processes of bpost use this checkout
                capture_output=True,
                text=True,
                check=False,
                timeout=_LIMIT_S,
            )
            if found := _FOUND.search(done.stdout):
                steps = len(_STEP.findall(done.stdout))
                return Finding(fault, found["test"], steps, time.monotonic() - began)
            if done.returncode not in (0, 5):
                return Finding(fault, f"{name}: {(done.stdout + done.stderr)[-300:]!r}", 0, time.monotonic() - began)
    return Finding(fault, "", 0, time.monotonic() - began)


def planted(fault: PlantedFault, source: str) -> str:
    """Return the source of a module with the fault in it. Raises ValueError if the piece to replace doesn't occur exactly once."""
    if (count := source.count(fault.before)) != 1:
        raise ValueError(f"{fault.name}: {fault.module} has the piece {count} times")
    return source.replace(fault.before, fault.after)


def _row(each: Finding) -> str:
    test = each.test.partition("[")[0].removeprefix("tests/") or "**not found**"
    return f"| {each.fault.name} | `{each.fault.module}` | {test} | {each.steps or ''} | {each.seconds:.0f} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
