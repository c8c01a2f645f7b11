"""The connections to a library's files that are kept open between two uses: to open one takes 1 ms, most of it for the schemas.

It is used again only while the files are those that it was opened with: one that another process has set aside is never written to.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock

from bpost_tui.store.files.opening import ATTACHED, Mode, connect

_Identity = tuple[tuple[int, int], ...]
"""Device and number of each file."""
_MOST_KEPT = 2
"""One that writes, and one that reads meanwhile."""


class IdleConnection:
    """Lends connections to the files in a folder, and keeps some of those that come back; for any number of threads at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._kept: list[tuple[sqlite3.Connection, _Identity]] = []

    @contextmanager
    def lent(self, mode: Mode) -> Iterator[sqlite3.Connection]:
        """Yield a connection that nobody else has meanwhile; a transaction that is left open in it changes nothing.

        Where the body raises, the connection is closed, as it is in modes other than `Mode.WRITE`.
        """
        files = self._identity()
        db = (self._taken(files) if mode is Mode.WRITE else None) or connect(self._folder, mode)
        try:
            yield db
            if db.in_transaction:
                db.execute("ROLLBACK")
        except BaseException:
            db.close()
            raise
        self._keep(db, files if mode is Mode.WRITE else None)

    def close(self) -> None:
        """Close those that are kept."""
        with self._lock:
            kept, self._kept = self._kept, []
        for db, _ in kept:
            db.close()

    def _taken(self, files: _Identity | None) -> sqlite3.Connection | None:
        while kept := self._newest():
            if kept[1] == files:
                return kept[0]
            kept[0].close()
        return None

    def _newest(self) -> tuple[sqlite3.Connection, _Identity] | None:
        with self._lock:
            return self._kept.pop() if self._kept else None

    def _keep(self, db: sqlite3.Connection, files: _Identity | None) -> None:
        with self._lock:
            if files and len(self._kept) < _MOST_KEPT:
                self._kept.append((db, files))
                return
        db.close()

    def _identity(self) -> _Identity | None:
        """Return which files are there; taken before they are opened, so that it is never that of later ones."""
        with suppress(OSError):
            found = [(self._folder / spec.name).stat() for _, spec in ATTACHED]
            return tuple((file.st_dev, file.st_ino) for file in found)
        return None
