"""Descendants of a program under test, found by their parent or by a variable of their environment."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_GONE_S = 60.0
_TICKS_HZ = os.sysconf("SC_CLK_TCK")


def children(pid: int) -> list[int]:
    """Return the processes that the main thread of `pid` has started and not yet waited for (proc(5))."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_watcher(pid: int) -> bool:
    """Return whether a child of the reader is the watcher of its terminal."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().startswith(b"/bin/sh\0-c\0read")
    except OSError:  # ended meanwhile
        return False


def tree(pid: int) -> Iterator[int]:
    """Yield `pid`, its children without the watcher of a terminal, and all their descendants."""
    yield pid
    with suppress(OSError):  # ended meanwhile
        for child in children(pid):
            if not is_watcher(child):
                yield from tree(child)


def cpu_s(pid: int) -> float:
    """Return the CPU time of a process in seconds; infinite if it has ended."""
    try:
        values = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()  # proc_pid_stat(5)
    except OSError:
        return float("inf")
    return (int(values[11]) + int(values[12])) / _TICKS_HZ


def processes_with(variable: str) -> list[int]:
    """Return the running processes with `variable`, a `NAME=value`, in their first environment (proc(5))."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            variables = (folder / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if variable.encode() in variables:
            found.append(int(folder.name))
    return found


def wait_until_gone(variable: str) -> None:
    until = time.monotonic() + _GONE_S
    while found := processes_with(variable):
        assert time.monotonic() < until, f"{variable}: {found} go on"
