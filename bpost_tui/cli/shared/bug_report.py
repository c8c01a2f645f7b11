"""Report of a bug: versions and tracebacks, without the exceptions' messages, which may quote a story."""

from __future__ import annotations

import os
import platform
import traceback
from datetime import datetime
from pathlib import Path

from bpost_tui import __version__
from bpost_tui.atomic import write_whole
from bpost_tui.paths import make_private


def write_report(error: BaseException, state: Path, now: datetime) -> Path:
    """Write a report of `error` into the folder `state`, and return the report's path.

    Exceptions' messages are left out: they may quote a story. Raises OSError or StoreError if the report can't be written.
    """
    path = make_private(state) / f"bug-{now:%Y%m%dT%H%M%S}-{os.getpid()}.txt"
    system = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    lines = [f"bpost {__version__}, {system}, {now:%Y-%m-%d %H:%M:%S}Z\n", *_traces(error)]
    write_whole(path, "".join(lines).encode("utf-8", "replace"))
    return path


def _traces(error: BaseException) -> list[str]:
    """Return the tracebacks of an error, of its causes and of the errors in a group.

    An error that several errors share as their cause is included once.
    """
    lines: list[str] = []
    left, seen = [error], set[int]()
    while left and len(lines) < 1000:
        each = left.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        lines += [f"\n{type(each).__module__}.{type(each).__qualname__}\n", *traceback.format_tb(each.__traceback__)]
        before = each.__cause__ or each.__context__
        left += [*([before] if before else ()), *reversed(getattr(each, "exceptions", ()))]
    return lines
