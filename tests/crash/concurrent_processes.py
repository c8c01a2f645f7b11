"""Three processes at once on a library: one refreshes, another marks and searches, a third exports; each is killed now and then."""

from __future__ import annotations

import random
import time
from contextlib import ExitStack

from tests.crash.crash_trial import Trial

WORKS = ("fetch", "mark", "export")


def together(trial: Trial, for_s: float, dice: random.Random) -> list[str]:
    """Run the three processes for `for_s` seconds, and return the broken promises at the end."""
    found: list[str] = []
    until = time.monotonic() + for_s
    while time.monotonic() < until:
        # The exit stack kills all remaining processes, in the middle of their work.
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
