"""Fuzzing with mutated recordings: `python -m tests.fuzz [TARGET …] [--runs N] [--seed N]`, into build/reports/fuzz.md.

An input that fails is shortened and kept in tests/data/fuzz. With `--atheris`, atheris (if installed) mutates the target's inputs.

The target `time` calls each function that reads foreign text with each piece of text at two sizes: none may take more than linear
time.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.fuzz.corpus import fails, keep
from tests.fuzz.mutator import mutate
from tests.fuzz.parsers import READERS, grows, pieces
from tests.fuzz.targets import Target, targets
from tests.fuzz.time_growth import LINEAR
from tools.reports import write_report


def main() -> int:
    """Return 1 if anything went wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("target", nargs="*")
    parser.add_argument("--runs", type=int, default=5000, help="of each target")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--atheris", action="store_true", help="guide one target by coverage, until interrupted")
    parser.add_argument("--seconds", type=int, default=0, help="how long to guide it")
    given = parser.parse_args()
    with TemporaryDirectory() as folder, targets(Path(folder)) as all_of_them:
        chosen = [all_of_them[name] for name in given.target or all_of_them if name != "time"]
        if given.atheris:
            return guided(chosen[0], given.seconds)
        outcomes = [tried(target, given.runs, given.seed) for target in chosen]
        if "time" in (given.target or ["time"]):
            outcomes.append(timed())
        lines = "\n".join(f"- {outcome.line}" for outcome in outcomes)
        write_report("fuzz", f"# Fuzzing\n\nWritten by `make fuzz`; seed {given.seed}.\n\n{lines}")
        return 1 if any(outcome.failures for outcome in outcomes) else 0


class Outcome(NamedTuple):
    """Number of failures of a target, and the line about it in the report."""

    failures: int
    line: str


def tried(target: Target, runs: int, seed: int) -> Outcome:
    """Run `target` with `runs` mutated inputs, and print the outcome."""
    dice = Random(f"{target.name} {seed}")
    wrong: Counter[str] = Counter()
    begun, longest_s = time.process_time(), 0.0
    for _ in range(runs):
        data = mutate(dice.choice(target.seeds), target.seeds, dice)
        at = time.process_time()
        if kind := fails(target, data):
            wrong[kind] += 1
            if wrong[kind] <= 3:
                sys.stdout.write(f"{target.name}: {kind} kept in {keep(target, data)}\n")
        longest_s = max(longest_s, time.process_time() - at)
    spent_s = time.process_time() - begun
    line = f"{target.name}: {runs} runs, {sum(wrong.values())} wrong, {spent_s:.0f} s of CPU, longest {longest_s * 1000:.0f} ms"
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
    return Outcome(sum(wrong.values()), line)


def timed() -> Outcome:
    """Try every reader with every piece of text, and count the pairs that take more than linear time."""
    begun = time.process_time()
    ratios = {(name, piece): grows(name, piece) for name in READERS for piece in pieces()}
    found = {case: ratio for case, ratio in ratios.items() if ratio >= LINEAR}
    for (name, piece), ratio in found.items():
        sys.stdout.write(f"time: {name} takes {ratio:.1f} times as long for four times as many {piece!r}\n")
    spent_s = time.process_time() - begun
    most = max(ratio for case, ratio in ratios.items() if case not in found)
    line = (
        f"time: {len(READERS)} functions × {len(pieces())} pieces, {len(found)} not linear, the others {most:.1f} times at most, "
        f"{spent_s:.0f} s of CPU"
    )
    sys.stdout.write(f"{line}\n")
    return Outcome(len(found), line)


def guided(target: Target, limit_s: int) -> int:
    """Hand `target` to atheris, which returns only by an exception, or after `limit_s` seconds if that isn't 0."""
    import atheris

    with TemporaryDirectory() as folder:
        for number, seed in enumerate(target.seeds):
            (Path(folder) / str(number)).write_bytes(seed)
        atheris.instrument_all()
        atheris.Setup([sys.argv[0], folder, f"-max_total_time={limit_s}"], target.run)
        atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
