"""Eight hours of use in five minutes: `python -m tests.soak [--stories N]`; prints memory, files and pictures on the way."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.soak.reading_day import Held, soak


def main() -> int:
    """Return 1 if memory, files or pictures leaked."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--stories", type=int, default=2000)
    given = parser.parse_args()

    def report(held: Held) -> None:
        memory = f"{held.memory_mb:.1f} MB and {held.workers_mb:.1f} MB in its workers"
        sys.stdout.write(f"{held.stories} stories: {memory}, {held.files} files, {held.pictures} pictures\n")
        sys.stdout.flush()

    with TemporaryDirectory() as folder:
        found = soak(Path(folder), given.stories, report=report)
    sys.stdout.write(
        f"{found.seconds:.0f} s; memory {found.growth:+.1%} since story {found.warm.stories}; {found.pictures.sent} pictures sent, "
        f"at most {found.pictures.most} held, {len(found.pictures.held)} left; exit {found.code}\n"
    )
    right = found.growth <= 0.1 and found.end.files <= 1.1 * found.warm.files and not found.pictures.held and found.code == 0
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
