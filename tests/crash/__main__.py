"""Kills, full disks, three processes at once: `python -m tests.crash`; the figures go into build/reports/crash.md."""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.changing_portal import ChangingPortal
from tests.conftest import NOW
from tests.crash.concurrent_processes import WORKS as AT_ONCE
from tests.crash.concurrent_processes import together
from tests.crash.corrupted_byte import STARRED, try_at_random
from tests.crash.corrupted_byte import make as make_sound
from tests.crash.crash_trial import WORKS, Trial, kill_at_random
from tests.crash.failing_syscall import FAULTS, FailingCall, can_fail_calls, fail_one
from tests.crash.full_disk import fill_at_random, small_disk
from tests.crash.killed_refresh import KilledRefreshes
from tests.crash.two_machines import AHEAD_S, Machines
from tests.sample_portal.server import SamplePortal
from tools.reports import write_report

KILLS, REFRESHES, PLACES, CALLS, BYTES, TOGETHER_S, MACHINES_S = 200, 100, 50, 12, 200, 60.0, 600.0


def main() -> int:
    """Return 1 if a trial broke a promise."""
    dice = random.Random(2026)
    began = time.monotonic()
    with TemporaryDirectory() as home, SamplePortal(NOW, rest=False, page_size=1) as portal:
        killed = Trial(Path(home) / "killed", portal.address)
        killed.begin()
        kills = [line for number in range(KILLS) for line in kill_at_random(killed, WORKS[number % len(WORKS)], dice)]
        with small_disk(Path(home) / "full") as is_small:
            filled = Trial(Path(home) / "full" / "data", portal.address)
            filled.begin()
            works = [WORKS[number % len(WORKS)] for number in range(PLACES if is_small else 0)]
            places = [line for work in works for line in fill_at_random(filled, work, dice)]
        failing = Trial(Path(home) / "failing", portal.address)
        failing.begin()
        numbers = range(1, CALLS + 1) if can_fail_calls() else ()
        calls = [(work, FailingCall(error, number)) for number in numbers for error in FAULTS for work in WORKS]
        refused = [line for work, call in calls for line in fail_one(failing, work, call, dice)]
        make_sound(Path(home) / "sound")
        changed = try_at_random(Path(home) / "sound", Path(home) / "changed", BYTES, dice)
        three = Trial(Path(home) / "three", portal.address)
        three.begin()
        at_once = together(three, TOGETHER_S, dice)
        machines = Machines.made(Path(home) / "machines", dice)
        unequal = machines.run(MACHINES_S)
        with ChangingPortal() as changing:
            refreshed = KilledRefreshes(changing, Path(home) / "refreshed", dice)
            with refreshed.open():
                unreported = list(refreshed.kill(REFRESHES))
    rows = [
        (f"kill -9 of {', '.join(WORKS)}", f"{KILLS} kills", kills, killed),
        ("a full disk (tmpfs) under the same", f"{len(works)} places, {filled.refused} of which stopped the work", places, filled),
        (
            f"the n-th system call on a file fails ({', '.join(FAULTS)}) under the same",
            f"{len(calls)} calls, {failing.refused} of which stopped the work",
            refused,
            failing,
        ),
        (f"{', '.join(AT_ONCE)} at once, one of them killed every 15 s", f"{TOGETHER_S:.0f} s", at_once, three),
    ]
    table = [f"| {what} | {how} | {len(trial.promised)} | {len(wrong)} |" for what, how, wrong, trial in rows]
    table.append(
        f"| kill -9 of the refresh process under an open reader | {REFRESHES} kills | {refreshed.marks} | {len(unreported)} |"
    )
    table.append(
        f"| two machines, their clocks {AHEAD_S // 60} min apart, and a bad synchroniser between them | "
        f"{MACHINES_S / 60:.0f} min, {machines.kills} kills, {machines.synchroniser.delivered} deliveries "
        f"| {machines.changes} | {len(unequal)} |"
    )
    table.append(f"| one byte of a file changed | {BYTES} places in both files | {STARRED} stars each time | {len(changed)} |")
    wrong = kills + places + refused + changed + at_once + unreported + unequal
    write_report("crash", _PAGE.format(table="\n".join(table)))
    for line, times in Counter(wrong).most_common(40):
        sys.stdout.write(f"{times}× {line}\n")
    sys.stdout.write("\n".join(table) + f"\n{time.monotonic() - began:.0f} s\n")
    return 1 if wrong or not works else 0


_PAGE = """# Crashes

Written by `make crash`. A share of it runs with every `make test` (`tests/crash/`); docs/what-was-tried.md says what must hold.

| what | how much | marks acknowledged and looked for each time | broken promises |
| --- | --- | ---: | ---: |
{table}
"""


if __name__ == "__main__":
    sys.exit(main())
