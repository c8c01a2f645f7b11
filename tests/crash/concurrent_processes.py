"""Three processes at once on one library: one refreshes, one marks and searches, a third exports; each is killed now and then."""

from __future__ import annotations

import random
import time
from contextlib import ExitStack

from tests.crash.crash_trial import Trial

WORKS = ("fetch", "mark", "export")


def together(trial: Trial, for_s: float, dice: random.Random) -> list[str]:
    """Let them work for so long, and return what is broken at the end."""
    found: list[str] = []
    until = time.monotonic() + for_s
    while time.monotonic() < until:
        # all that are left are killed at the end of the stack, at whatever they are doing
        with ExitStack() as stack:
            workers = [stack.enter_context(trial.working(work)) for work in WORKS]
            stop = min(until, time.monotonic() + for_s / 4)
            while time.monotonic() < stop:
                for worker in workers:
                    worker.listen(0.02)
            dice.choice(workers).process.kill()
            for worker in workers:
                worker.listen(0.1)
        found += trial.broken()
    return found
