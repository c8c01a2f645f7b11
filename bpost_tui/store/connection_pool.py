"""The connections to a library's files that are kept open between two uses: to open one takes 1 ms, most of it for the schemas.

It is used again only while the files are those that it was opened with: one that another process has set aside is never written to.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock

from bpost_tui.store.sqlite_files import DATABASES, OpenMode, connect

_Identity = tuple[tuple[int, int], ...]
"""Device and number of each file."""


class ConnectionPool:
    """Lends connections to the files in a folder, and keeps two of those that come back; for any number of threads at once.

    One is for reading. The other is for writing: it tells whether anybody else has committed since (`PRAGMA data_version`).
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._idle: dict[bool, tuple[sqlite3.Connection, _Identity]] = {}

    @contextmanager
    def connection(self, mode: OpenMode, *, writes: bool = False) -> Iterator[sqlite3.Connection]:
        """Yield a connection that nobody else has meanwhile; a transaction that is left open in it changes nothing.

        `writes`: the one for writing. Where the body raises, the connection is closed, as it is in modes other than
        `OpenMode.WRITE`.
        """
        files = self._file_identity()
        db = (self._take(files, writes) if mode is OpenMode.WRITE else None) or connect(self._folder, mode)
        try:
            yield db
            if db.in_transaction:
                db.execute("ROLLBACK")
        except BaseException:
            db.close()
            raise
        self._put_back(db, files if mode is OpenMode.WRITE else None, writes)

    def close(self) -> None:
        """Close those that are kept."""
        with self._lock:
            kept, self._idle = self._idle, {}
        for db, _ in kept.values():
            db.close()

    def _take(self, files: _Identity | None, writes: bool) -> sqlite3.Connection | None:
        with self._lock:
            kept = self._idle.pop(writes, None)
        if kept and kept[1] == files:
            return kept[0]
        if kept:
            kept[0].close()
        return None

    def _put_back(self, db: sqlite3.Connection, files: _Identity | None, writes: bool) -> None:
        with self._lock:
            if files and writes not in self._idle:
                self._idle[writes] = (db, files)
                return
        db.close()

    def _file_identity(self) -> _Identity | None:
        """Return which files are there; taken before they are opened, so that it is never that of later ones."""
        with suppress(OSError):
            found = [(self._folder / spec.name).stat() for _, spec in DATABASES]
            return tuple((file.st_dev, file.st_ino) for file in found)
        return None
