"""`python -m tests.fuzz [TARGET …] [--runs N] [--seed N]`: mutated recordings into every way in, seeded.

What goes wrong is shortened and kept in tests/data/fuzz. With `--atheris`, where it is installed, one target is left to that.

The target `time` is every function that reads foreign text, with every piece of text, at two sizes: none may take more than linear
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

from tests.fuzz.corpus import fails, keep
from tests.fuzz.mutator import mutate
from tests.fuzz.parsers import READERS, grows, pieces
from tests.fuzz.targets import Target, targets
from tests.fuzz.time_growth import LINEAR


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
        wrong = sum(tried(target, given.runs, given.seed) for target in chosen)
        wrong += timed() if "time" in (given.target or ["time"]) else 0
        return wrong and 1


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


def timed() -> int:
    """Try every reader with every piece, and return how many aren't linear."""
    begun = time.process_time()
    ratios = {(name, piece): grows(name, piece) for name in READERS for piece in pieces()}
    found = {case: ratio for case, ratio in ratios.items() if ratio >= LINEAR}
    for (name, piece), ratio in found.items():
        sys.stdout.write(f"time: {name} takes {ratio:.1f} times as long for four times as many {piece!r}\n")
    spent_s = time.process_time() - begun
    most = max(ratio for case, ratio in ratios.items() if case not in found)
    sys.stdout.write(
        f"time: {len(READERS)} functions × {len(pieces())} pieces, {len(found)} not linear, the others {most:.1f} times at most, "
        f"{spent_s:.0f} s of CPU\n"
    )
    return len(found)


def guided(target: Target, limit_s: int) -> int:
    """Leave a target to atheris, which doesn't come back but by an exception, or after `limit_s` seconds if that isn't 0."""
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
