"""Disk that fills up: a small tmpfs if it can be mounted, else a limit on the size of files."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.child_processes import cpu_s
from tests.crash.crash_trial import Trial

_DISK_MB = 12
_ROOM_BYTES = 400_000
"""Largest free space left, in bytes."""
_WORKS_S = 1.0
"""CPU time in seconds that a worker has to reach the end of the disk."""


@contextmanager
def small_disk(folder: Path, size_mb: int = _DISK_MB) -> Iterator[bool]:
    """Mount a small disk on `folder`, and yield whether that was possible."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size_mb}m", "tmpfs", str(folder)]
    if os.geteuid() or not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode:
        yield False
        return
    # by default, SIGTERM ends Python without `finally`, and the disk would stay mounted
    before = signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        yield True
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
        signal.signal(signal.SIGTERM, before)


def fill_at_random(trial: Trial, work: str, dice: random.Random) -> list[str]:
    """Fill the disk under a worker, free it again, and return the broken promises."""
    trial.age() if work == "migrate" else trial.refill()
    ballast = trial.data / "ballast"
    fill(ballast, leaving=dice.randrange(_ROOM_BYTES))
    try:
        with trial.working(work) as worker:
            until_s = cpu_s(worker.process.pid) + _WORKS_S
            while worker.process.poll() is None and b"refused" not in worker.seen and cpu_s(worker.process.pid) < until_s:
                worker.listen(0.05)
    finally:
        ballast.unlink()
    found = [f"{work}: {line}" for line in trial.broken() if "the marks couldn't be backed up" not in line]
    trial.refill()  # the disk has free space again
    return found


def fill(path: Path, *, leaving: int) -> None:
    free = os.statvfs(path.parent).f_bavail * os.statvfs(path.parent).f_frsize
    with path.open("wb", buffering=0) as file, suppress(OSError):
        for _ in range(max(0, free - leaving) // 4096):
            file.write(bytes(4096))
