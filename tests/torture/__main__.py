"""Failing system calls, each or each N-th: `python -m tests.torture [COMMAND…] [--step N]`, into build/reports/torture.md."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import repeat
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.sample_portal.server import SamplePortal
from tests.torture.failing_call_trial import COMMANDS, KINDS, torture
from tools.reports import write_report

_MEMORY = Path("/dev/shm")
_TEXT = """# Failing system calls

Written by `make torture`. A share of it runs with every `make test` (`tests/torture/`).

In {commands} commands, the n-th call of {kinds} fails once, for {every} n until the command no longer comes to it: with EIO, ENOSPC
(write), ENOMEM (mmap), EAGAIN (fork, and the start of a thread) or ENETUNREACH (connect). Calls are counted over all processes and
threads of a command, SQLite's too, but for the parser's, which has an environment of its own. After each, there must be one clear
line or the right answer, never a trace or a bug; the exit status says which; a file that was to be written is the one before or
whole; the library must open without a word and pass its own check; each star that was there, or that the command says it has
set, must be. Not counted, {stuck} times: Python waits without end for a thread of its own that found no memory to begin with. What
wakes a loop (a socket within one process) isn't made to fail. All modules are loaded before: what happens where one of Python's
own files can't be read isn't tried.

| command | {heads} | broken promises |
| --- |{rule} ---: |
{rows}
"""


class Tried(NamedTuple):
    """Result of a command: failed calls of each kind, broken promises."""

    name: str
    counts: dict[str, int]
    wrong: list[str]
    stuck: int


def _tried(name: str, step: int) -> Tried:
    command = next(each for each in COMMANDS if each.name == name)
    place = _MEMORY if _MEMORY.is_dir() else None
    with ExitStack() as stack:
        home = Path(stack.enter_context(TemporaryDirectory(dir=place)))
        portal = stack.enter_context(SamplePortal(datetime.now(UTC)))
        trial = stack.enter_context(torture(home / "torture", portal.address))
        found = {kind: trial.every(command, kind, step) for kind in KINDS}
    counts = {kind: n for kind, (n, _) in found.items()}
    return Tried(name, counts, [line for _, lines in found.values() for line in lines], trial.stuck)


def main() -> int:
    """Return 1 if a promise was broken."""
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*")
    parser.add_argument("--step", type=int, default=1)
    given = parser.parse_args()
    began = time.monotonic()
    tried: list[Tried] = []
    with ProcessPoolExecutor(2) as pool:
        for each in pool.map(_tried, given.names or [each.name for each in COMMANDS], repeat(given.step)):
            tried.append(each)
            sys.stdout.write(f"{each.name}: {each.counts}, {len(each.wrong)} wrong\n")
            sys.stdout.writelines(f"  {times}× {line}\n" for line, times in Counter(each.wrong).most_common(40))
            sys.stdout.flush()
    rows = [f"| {each.name} | {' | '.join(str(each.counts[kind]) for kind in KINDS)} | {len(each.wrong)} |" for each in tried]
    calls = sum(sum(each.counts.values()) for each in tried)
    sys.stdout.write(f"{calls} calls, {time.monotonic() - began:.0f} s\n")
    if not given.names:
        heads, kinds = " | ".join(KINDS), ", ".join(KINDS)
        table = {"heads": heads, "rule": " ---: |" * len(KINDS), "rows": "\n".join(rows)}
        every = "every" if given.step == 1 else f"each {given.step}th"
        stuck = sum(each.stuck for each in tried)
        text = _TEXT.format(commands=len(tried), kinds=kinds, every=every, stuck=stuck, **table)
        write_report("torture", f"{text.strip()}\n\n{calls} calls failed.")
    return 1 if any(each.wrong for each in tried) else 0


if __name__ == "__main__":
    sys.exit(main())
