"""One system call on a library's files that fails: the n-th that writes finds no room, or the n-th of any kind a broken disk.

strace puts the error in the call's place (strace(1), "Tampering"); only calls on these files count.
"""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass

from bpost_tui.store.schema.migrations import READER, STORIES
from tests.crash.crash_trial import LONGEST_S, Trial

_WRITING = "pwrite64,write,ftruncate,fallocate"
_ANY = f"{_WRITING},pread64,read,fsync,fdatasync,openat,unlink"
FAULTS = {"ENOSPC": _WRITING, "EIO": _ANY}
_SLOWER = 3
"""How much longer a process takes whose calls are looked at."""


@dataclass(frozen=True)
class FailingCall:
    """The n-th call, from 1, that fails."""

    error: str
    number: int

    def command(self, trial: Trial) -> tuple[str, ...]:
        """Return what is put before a command whose call is to fail."""
        files = [trial.folder / f"{spec.name}{end}" for spec in (STORIES, READER) for end in ("", "-wal", "-journal")]
        paths = [word for file in files for word in ("-P", str(file))]
        calls = FAULTS[self.error]
        inject = f"inject={calls}:error={self.error}:when={self.number}"
        return ("strace", "-f", "-qq", "-o", "/dev/null", *paths, "-e", f"trace={calls}", "-e", inject)


def can_fail_calls() -> bool:
    """Whether there is an strace here."""
    return shutil.which("strace") is not None


def fail_one(trial: Trial, work: str, failing: FailingCall, dice: random.Random) -> list[str]:
    """Let one call of a worker fail; return what is broken then."""
    trial.age() if work == "migrate" else trial.refill()
    with trial.working(work, under=failing.command(trial)) as worker:
        worker.listen((0.5 + dice.random()) * _SLOWER * LONGEST_S[work])
    return [f"{work}, call {failing.number}, {failing.error}: {line}" for line in trial.broken()]
