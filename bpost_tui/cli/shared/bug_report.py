"""The report of a bug: versions and tracebacks, without the exceptions' messages, which may quote a story."""

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
    """Write a report into the state folder and return its path; raises OSError or StoreError.

    Exceptions' messages are left out: they may quote a story.
    """
    path = make_private(state) / f"bug-{now:%Y%m%dT%H%M%S}-{os.getpid()}.txt"
    system = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    lines = [f"bpost {__version__}, {system}, {now:%Y-%m-%d %H:%M:%S}Z\n", *_traces(error)]
    write_whole(path, "".join(lines).encode("utf-8", "replace"))
    return path


def _traces(error: BaseException) -> list[str]:
    lines: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(lines) < 1000:
        lines += [f"\n{type(seen).__module__}.{type(seen).__qualname__}\n", *traceback.format_tb(seen.__traceback__)]
        for inner in getattr(seen, "exceptions", ()):
            lines += _traces(inner)
        seen = seen.__cause__ or seen.__context__
    return lines
