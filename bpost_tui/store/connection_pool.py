"""Pool of the connections to a library's files."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock

from bpost_tui.store.sqlite_files import DATABASES, OpenMode, connect

_FileIdentity = tuple[tuple[int, int], ...]
"""Device and inode numbers of stories.db and of reader.db, as two pairs; they differ after a file was replaced."""

# Why a pool of two. The obvious ways are a connection per thread or one connection for all. Threads come and go with each piece of
# work, and a connection costs 0.3 to 1 ms to open, most of it for the two schemas. One connection for all makes readers wait for a
# writer. So each work gets a connection of its own, and two are kept when they come back: one of `Database.write_together`, and one
# of any other work. So a single write or another read that comes during a read opens a connection and closes it.
#
# A kept connection is used again only if the files at their paths are those it was opened with (device and inode). Another process
# may have renamed a damaged file and put a new one in its place. The connection would go on writing into the renamed file, and the
# reader's marks would be gone at the next start.
#
# A third connection is never lent: it only watches for commits (`data_versions`). While it is open, SQLite also doesn't copy the
# -wal file into the database each time the last other connection closes.


class ConnectionPool:
    """Pool of connections to the two files of the library in a folder, for any number of threads at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._idle: dict[bool, tuple[sqlite3.Connection, _FileIdentity]] = {}
        self._watching = Lock()
        self._watch: sqlite3.Connection | None = None

    @contextmanager
    def connection(self, mode: OpenMode, *, writes: bool = False) -> Iterator[sqlite3.Connection]:
        """Yield a connection that no other thread uses. A transaction that the `with` block leaves open is rolled back.

        The pool keeps at most two idle connections: one for callers with `writes`, and one for all others. If the caller's is in
        use, a new connection is opened. After the block, the connection is kept if there is room for it. It is closed if the block
        raises an error, or if `mode` isn't `OpenMode.WRITE`.
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

    def watch(self, mode: OpenMode) -> None:
        """Open a connection in `mode` for `data_versions`, which notices commits, unless it is open already."""
        with self._watching:
            self._watch = self._watch or connect(self._folder, mode)

    def data_versions(self, mode: OpenMode) -> tuple[int, int]:
        """Return `PRAGMA data_version` of stories.db and of reader.db, read by a connection in `mode`.

        The numbers change when any process or thread commits.
        """
        with self._watching:
            self._watch = watch = self._watch or connect(self._folder, mode)
            stories, reader = (int(watch.execute(f"PRAGMA {name}.data_version").fetchone()[0]) for name, _ in DATABASES)
        return stories, reader

    def close(self) -> None:
        """Close the connections that nobody uses now, and the connection that notices commits."""
        with self._lock:
            kept, self._idle = self._idle, {}
        for db, _ in kept.values():
            db.close()
        with self._watching:
            if self._watch:
                self._watch.close()
            self._watch = None

    def _take(self, files: _FileIdentity | None, writes: bool) -> sqlite3.Connection | None:
        with self._lock:
            kept = self._idle.pop(writes, None)
        if kept and kept[1] == files:
            return kept[0]
        if kept:
            kept[0].close()
        return None

    def _put_back(self, db: sqlite3.Connection, files: _FileIdentity | None, writes: bool) -> None:
        with self._lock:
            if files and writes not in self._idle:
                self._idle[writes] = (db, files)
                return
        db.close()

    def _file_identity(self) -> _FileIdentity | None:
        """Return device and inode of stories.db and reader.db, or None if one of them is missing.

        Call it before opening a connection. If a file is replaced between the call and the opening, the saved identity is the old
        file's, so the connection isn't used again.
        """
        with suppress(OSError):
            found = [(self._folder / spec.name).stat() for _, spec in DATABASES]
            return tuple((file.st_dev, file.st_ino) for file in found)
        return None
