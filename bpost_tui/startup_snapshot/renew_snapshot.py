"""Keeping the front page true: after a refresh from the command line the newest is drawn again, by a process of its own.

Where nothing that it shows has changed, only the state of the files that it was made of is written again.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from bpost_tui.atomic import write_whole
from bpost_tui.errors import StoreError
from bpost_tui.startup_snapshot.snapshot_file import SnapshotFile, are_settled, folder_of, packed, pages_in, read, started_with

if TYPE_CHECKING:
    from bpost_tui.typesetting.terminal.probe import Probe

_LONGEST_S = 10.0
"""What such a process may take."""


class SnapshotRenewal:
    """The newest page, which a refresh may make untrue.

    Args:
        environ: The environment.
        module: The one whose `main` draws it, in a process of its own; it gets what it needs from `recalled`.
    """

    def __init__(self, environ: Mapping[str, str], module: str) -> None:
        self._environ = environ
        self._module = module
        folder = folder_of(environ)
        self._path = next(iter(pages_in(folder)), None) if folder is not None else None
        self._shown: tuple[SnapshotFile, object] | None = None

    def begin(self, shown: Callable[[], object]) -> None:
        """Take note of the page as it is; `shown` returns a value that changes with what the reader shows of the library."""
        if self._path is not None:
            before = _now(shown)
            if (page := read(self._path)) is not None and page.is_true():
                self._shown = page, before

    def end(self, shown: Callable[[], object]) -> None:
        """Take note of whether the library still shows what it did; the last before it is closed."""
        if self._shown is not None and _now(shown) != self._shown[1]:
            self._shown = None

    def keep(self) -> None:
        """Have the page drawn again where what it shows has changed, which takes half a second; where there is none, no time."""
        page = None if self._path is None else read(self._path)
        if self._path is None or page is None or page.is_true():
            return
        renewed = self._shown[0].renewed() if self._shown is not None else None
        if renewed is not None and renewed.start == page.start and are_settled(renewed.sources) and renewed.is_true():
            with suppress(OSError):
                write_whole(Path(self._path), packed(renewed), sync=False)
        else:
            _draw(self._environ, self._module, self._path, page)


def _now(shown: Callable[[], object]) -> object:
    try:
        return shown()
    except StoreError:  # such as of a library that can't be written: no value is equal to this one
        return object()


def _draw(environ: Mapping[str, str], module: str, path: str, page: SnapshotFile) -> None:
    import subprocess  # 5 ms

    from bpost_tui.child_process import worker_code, worker_command

    _, folder, variables, _ = started_with(page.start)
    env = {name: value for name, value in {**environ, **variables}.items() if value is not None}
    with suppress(OSError, subprocess.SubprocessError):  # then there is none
        subprocess.run(
            worker_command(worker_code(module)),
            input=os.fsencode(path),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=env,
            timeout=_LONGEST_S,
        )


def recalled(environ: Mapping[str, str]) -> tuple[list[str], Probe] | None:
    """Return the arguments of the start whose page stdin names, and its terminal; see `front.recalled`."""
    from bpost_tui.typesetting.terminal.capabilities import WindowSize
    from bpost_tui.typesetting.terminal.probe import Probe

    os.nice(10)
    page = read(sys.stdin.read())
    if page is None:
        return None
    window, _, _, arguments = started_with(page.start)
    return arguments, Probe.from_answers(environ, page.answers, WindowSize(*window))
