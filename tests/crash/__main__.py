"""`python -m tests.crash`: all the kills, all the full disks, the minute of three processes; the figures go into docs/trials.md."""

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

KILLS, REFRESHES, PLACES, CALLS, BYTES, TOGETHER_S, MACHINES_S = 200, 100, 50, 12, 200, 60.0, 600.0
WALKS = "\n## Walks through the screen\n"
"""What `make walk` has found stands below."""
DOCS = Path(__file__).parents[2] / "docs" / "trials.md"


def main() -> int:
    """Return 1 if anything was lost."""
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
                untold = list(refreshed.kill(REFRESHES))
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
    table.append(f"| kill -9 of the refresh process under an open reader | {REFRESHES} kills | {refreshed.marks} | {len(untold)} |")
    table.append(
        f"| two machines, their clocks {AHEAD_S // 60} min apart, and a bad synchroniser between them | "
        f"{MACHINES_S / 60:.0f} min, {machines.kills} kills, {machines.synchroniser.delivered} deliveries "
        f"| {machines.changes} | {len(unequal)} |"
    )
    table.append(f"| one byte of a file changed | {BYTES} places in both files | {STARRED} stars each time | {len(changed)} |")
    wrong = kills + places + refused + changed + at_once + untold + unequal
    walks = DOCS.read_text(encoding="utf-8").partition(WALKS)
    DOCS.write_text(_PAGE.format(table="\n".join(table)) + "".join(walks[1:]), encoding="utf-8")
    for line, times in Counter(wrong).most_common(40):
        sys.stdout.write(f"{times}× {line}\n")
    sys.stdout.write("\n".join(table) + f"\n{time.monotonic() - began:.0f} s\n")
    return 1 if wrong or not works else 0


_PAGE = """# Trials

Made by `make crash`; a share of it runs with every `make test` (`tests/crash/`).

Workers of their own mark and search, refresh, prune, import and migrate a library without end, and are killed at random instants,
or the disk is filled under them, leaving from nothing to 400 kB, or one system call on a file of theirs fails. After each death
both files must pass SQLite's `quick_check` and the library's own check (references, search index, counts, copies of the marks),
it must open without a word, and every mark that was acknowledged must be there. After one byte of a file was changed, everything
in it must be readable at once or after what is damaged was set aside, no star may be lost, and the check that is made once a week
must leave nothing wrong. Where the refresh process dies under an open reader, one line says so, nothing is said to be fetched any
more, a star that is set or taken meanwhile is kept, and the next refresh brings all that is new. None of the three at once may
see "library in use". Two machines mark, undo, save and delete searches, note positions, keep lists and passages,
mute, take accounts of the same news apart and put them together again, and are killed as they do, also as they write and read the
sync folder; what is between them delivers late, twice, an earlier version, the first half, with holes, takes a file away, leaves
copies of its own. Once all is delivered, both must agree on all of that, the last change of each that was acknowledged, or a later
one, must be there, and no two stories that are apart may count as the same news.

| what | how much | marks acknowledged and looked for each time | broken promises |
| --- | --- | ---: | ---: |
{table}
"""


if __name__ == "__main__":
    sys.exit(main())
