"""What a program under test has started, found by a variable of its environment."""

from __future__ import annotations

import time
from pathlib import Path

_GONE_S = 10.0


def processes_with(variable: str) -> list[int]:
    """Return the processes that were started with a variable, `NAME=value` (proc(5)); those that have ended have none."""
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
