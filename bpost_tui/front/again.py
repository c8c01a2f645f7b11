"""Keeping the front page true: after a refresh from the command line the newest is drawn again, by a process of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from bpost_tui.front.file import folder_of, pages_in, read, started_with

if TYPE_CHECKING:
    from bpost_tui.terminal.probe import Probe

_LONGEST_S = 10.0
"""What such a process may take."""


def keep_again(environ: Mapping[str, str], module: str) -> None:
    """See `front.keep_again`."""
    folder = folder_of(environ)
    path = next(iter(pages_in(folder)), None) if folder is not None else None
    page = None if path is None else read(path)
    if path is None or page is None or page.is_true():
        return
    import subprocess  # 5 ms

    from bpost_tui.child_process import command, program_of

    _, folder, variables, _ = started_with(page.start)
    env = {name: value for name, value in {**environ, **variables}.items() if value is not None}
    with suppress(OSError, subprocess.SubprocessError):  # then there is none
        subprocess.run(
            command(program_of(module)),
            input=os.fsencode(path),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=env,
            timeout=_LONGEST_S,
        )


def recalled(environ: Mapping[str, str]) -> tuple[list[str], Probe] | None:
    """Return the arguments of the start whose page stdin names, and its terminal; see `front.recalled`."""
    from bpost_tui.terminal.capabilities import WindowSize
    from bpost_tui.terminal.probe import Probe

    os.nice(10)
    page = read(sys.stdin.read())
    if page is None:
        return None
    window, _, _, arguments = started_with(page.start)
    return arguments, Probe.recalled(environ, page.answers, WindowSize(*window))
