"""Failing system call on a library's files: the n-th write finds a full disk, or the n-th call of any kind a broken disk.

strace injects the error (strace(1), "Tampering"); only calls on these files count.
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
"""Factor of a process's duration under strace."""


@dataclass(frozen=True)
class FailingCall:
    """The n-th call, from 1, which fails."""

    error: str
    number: int

    def command(self, trial: Trial) -> tuple[str, ...]:
        """Return the strace command that goes before a worker's command."""
        files = [trial.folder / f"{spec.name}{end}" for spec in (STORIES, READER) for end in ("", "-wal", "-journal")]
        paths = [word for file in files for word in ("-P", str(file))]
        calls = FAULTS[self.error]
        inject = f"inject={calls}:error={self.error}:when={self.number}"
        return ("strace", "-f", "-qq", "-o", "/dev/null", *paths, "-e", f"trace={calls}", "-e", inject)


def can_fail_calls() -> bool:
    """Return whether strace is installed and may trace."""
    return shutil.which("strace") is not None


def fail_one(trial: Trial, work: str, failing: FailingCall, dice: random.Random) -> list[str]:
    """Let a single call of a worker fail, and return the broken promises."""
    trial.age() if work == "migrate" else trial.refill()
    with trial.working(work, under=failing.command(trial)) as worker:
        worker.listen((0.5 + dice.random()) * _SLOWER * LONGEST_S[work])
    return [f"{work}, call {failing.number}, {failing.error}: {line}" for line in trial.broken()]
