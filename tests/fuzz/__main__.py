"""`python -m tests.fuzz [TARGET …] [--runs N] [--seed N]`: mutated recordings into every way in, seeded.

What goes wrong is shortened and kept in tests/data/fuzz. With `--atheris`, where it is installed, one target is left to that.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.fuzz.kept import fails, keep
from tests.fuzz.mutator import mutate
from tests.fuzz.targets import Target, targets


def main() -> int:
    """Return 1 if anything went wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("target", nargs="*")
    parser.add_argument("--runs", type=int, default=5000, help="of each target")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--atheris", action="store_true", help="guide one target by coverage, until interrupted")
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        all_of_them = targets(Path(folder))
        chosen = [all_of_them[name] for name in given.target or all_of_them]
        if given.atheris:
            return guided(chosen[0])
        return sum(tried(target, given.runs, given.seed) for target in chosen) and 1


def tried(target: Target, runs: int, seed: int) -> int:
    """Run one target, tell what came of it, and return how many cases went wrong."""
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
    sys.stdout.write(
        f"{target.name}: {runs} runs, {sum(wrong.values())} wrong, {spent_s:.0f} s of CPU, longest {longest_s * 1000:.0f} ms\n"
    )
    sys.stdout.flush()
    return sum(wrong.values())


def guided(target: Target) -> int:
    """Leave a target to atheris, which doesn't come back but by an exception."""
    import atheris  # type: ignore[import-not-found]

    with TemporaryDirectory() as folder:
        for number, seed in enumerate(target.seeds):
            (Path(folder) / str(number)).write_bytes(seed)
        atheris.instrument_all()
        atheris.Setup([sys.argv[0], folder], target.run)
        atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
