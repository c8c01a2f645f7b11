"""A year of nine papers and two machines: `python -m tests.year [--days 365] [--seed 1] [--other CHECKOUT|COMMIT]`."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.year.year_machine import Version, interpreter, shifted_clock
from tests.year.year_trial import Year
from tools.reports import write_report


def main() -> int:
    """Return 1 if a machine differs from the model."""
    parser = argparse.ArgumentParser(prog="python -m tests.year")
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--every", type=int, default=0, help="days between two comparisons (default: a twelfth)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--other", default="", help="version on both machines at first: path of a checkout, or a commit")
    given = parser.parse_args()
    began = time.monotonic()
    with TemporaryDirectory(prefix="bpost-year-") as folder:
        clock = shifted_clock(Path(folder))
        own = Version(sys.executable, clock)
        other = Version(interpreter(given.other, Path(folder)), clock) if given.other else own
        year = Year(Path(folder), given.days, given.seed, own, other)
        found = year.run(given.every or max(1, given.days // 12), lambda line: print(line, flush=True))
    sizes = [
        f"| {size.day} | {size.machine} | {size.stories} | {' | '.join(str(round(each / 1000)) for each in size.bytes.values())} |"
        for size in year.sizes
    ]
    done = ", ".join(f"{count} × {name}" for name, count in sorted(year.done.items()))
    took = f"seed {given.seed}: {given.days} days, {len(found)} differences, {time.monotonic() - began:.0f} s; {done}"
    write_report("year", _PAGE.format(took=took, sizes="\n".join(sizes)))
    sys.stdout.write("\n".join((*sizes, *found, took)) + "\n")
    return 1 if found else 0


_PAGE = """# A year

Written by `make year`.

{took}

| day | machine | stories | stories.db, kB | reader.db | backups | sync folder | state |
| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |
{sizes}
"""


if __name__ == "__main__":
    sys.exit(main())
