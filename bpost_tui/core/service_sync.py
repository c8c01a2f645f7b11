"""Sync of marks with the reader's server of feeds while bpost is open, by `bpost service sync` in a process of its own.

The obvious way is a thread. But a sync compares the marks of all stories on the server, which would delay keys, and a server that
hangs would delay the end of bpost.
"""

from __future__ import annotations

import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bpost_tui.config import Command
    from bpost_tui.store.library import Library


class ServiceSync:
    """Sync of a library's marks (read, starred) with the reader's server of feeds, such as Miniflux or FreshRSS.

    Args:
        command: Words of the command `bpost service`. A task, such as `sync`, is added as the last word.
        library: Library whose marks are synced.
    """

    def __init__(self, command: Command, library: Library) -> None:
        self._words = tuple(command)
        self._library = library
        self._synced_stamp = ""
        """Stamp (value that identifies the library's marks) at the beginning of the last successful sync; empty if none yet."""

    def command(self, task: str) -> Command:
        """Return the command for a task of `bpost service`, which syncs with a server of feeds."""
        return (*self._words, task)

    def is_due(self) -> bool:
        """Whether marks were changed since the last successful sync began, or none has succeeded yet.

        Blocks on the disk for microseconds.
        """
        return self._library.marks_stamp() != self._synced_stamp

    def begin(self) -> str:
        """Return a stamp: a value that identifies the library's present marks.

        Pass it to `end` if the sync that begins now succeeds.
        """
        return self._library.marks_stamp()

    def end(self, stamp: str) -> None:
        """Record that a sync succeeded.

        `stamp` is the value that `begin` returned for this sync: it identifies the marks that the library had then.
        """
        self._synced_stamp = stamp

    def start_last(self) -> None:
        """Start a last sync when bpost ends, if marks were changed. bpost doesn't wait for its end."""
        with suppress(OSError):
            if self.is_due():
                null = subprocess.DEVNULL
                subprocess.Popen(self.command("sync"), stdin=null, stdout=null, stderr=null, start_new_session=True, cwd="/")
