"""Database of a library: runs work on the library's two files, even if they are missing, damaged or read-only.

A piece of work is a function that takes an open connection. Reads that belong together share one connection (`read_together`),
and so do writes (`write_together`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from threading import Lock, local
from typing import TYPE_CHECKING, TypeVar

from bpost_tui.errors import StoreError
from bpost_tui.i18n import Reason, prefix_reason
from bpost_tui.store.connection_pool import ConnectionPool
from bpost_tui.store.lists.marks_stamp import lacks_marks
from bpost_tui.store.opening import LibraryFiles, is_current, open_library, prepare_for_writing, restore_marks
from bpost_tui.store.schema.migrations import READER
from bpost_tui.store.sqlite_errors import DATABASE_ERRORS, DatabaseFailure, is_damage, is_interrupt, store_error
from bpost_tui.store.sqlite_files import (
    DATABASES,
    OpenMode,
    connect,
    copy_databases,
    has_invalid_format_version,
    is_missing,
    transaction,
)
from bpost_tui.store.unsafe_location import unsafe_location

if TYPE_CHECKING:
    from bpost_tui.store.database_access import Work

T = TypeVar("T")

# Why work is passed as a function. The obvious way is to hand out connections or cursors. Then each caller must know that a
# connection belongs to one thread, and that a file may have been renamed since. A reader.db on a failing disk raises while rows are
# fetched. Each must also know that on damage the files are repaired and the statement is run again. A statement can't be run
# again if half of its rows are already in use.
#
# So callers pass a function of an open connection and get its result. `_run` lends it a connection that no other thread has and
# turns errors of SQLite into StoreError with a hint. On damage it repairs the files (`opening`) and runs the work again, which is
# safe because a failed transaction left nothing. All statements of a read see one state of both files; a write is one transaction.
#
# We don't retry when the disk is full, busy or read-only: the file has no fault then, and repairing would rename a sound one.
# Before the day's first write, reader.db is backed up, because marks can't be fetched again.


class Database:
    """The two files in a library's folder, for any number of threads and processes at once.

    Args:
        folder: Folder of the files; it is created if it is missing.
        read_only: Whether nothing may be written, not even to create or repair the files.
        clock: Function that returns the current time.

    Raises:
        StoreError: The files can't be opened in any mode.
    """

    def __init__(self, folder: Path, *, read_only: bool, clock: Callable[[], datetime]) -> None:
        self.notices: list[str] = []
        """Messages for the reader about the library's files, such as that a file was repaired."""
        self.folder = folder
        self._read_only = read_only
        self._clock = clock
        self._backing_up = Lock()
        self._pool = ConnectionPool(folder)
        self._shared = local()
        self._backed_up: date | None = None
        self._empty_marks_state: object = None
        """State of reader.db (`reader_file_state`) when it last had no data to back up. While it stays so, no backup is tried."""
        self._files = LibraryFiles(folder, self._pool, clock, unsafe_location(folder), self.notices)
        self._mode = open_library(self._files, read_only=read_only)

    def close(self) -> None:
        """Close the files."""
        self._pool.close()

    def read(self, work: Work[T]) -> T:
        """Run work that only reads, and return the result; all its statements see the files as they were at one moment.

        Raises:
            StoreError: The files can't be read.
        """
        shared: sqlite3.Connection | None = getattr(self._shared, "db", None)
        return self._run(_in_read_transaction(work), self._mode) if shared is None else work(shared)

    @property
    def reads_together(self) -> bool:
        """Whether this thread is within `read_together` or `write_together`, so that its reads don't see commits made meanwhile."""
        return getattr(self._shared, "db", None) is not None

    def read_together(self, reads: Callable[[], T]) -> T:
        """Call `reads`, a function that reads several times, and return its result. All its reads see the files at one moment.

        Raises:
            StoreError: The files can't be read.
        """
        if self.reads_together:
            return reads()

        def share(db: sqlite3.Connection) -> T:
            self._shared.db = db
            try:
                return reads()
            finally:
                self._shared.db = None

        return self._run(_in_read_transaction(share), self._mode)

    def write(self, work: Work[T]) -> T:
        """Run work in one transaction, and return the result.

        After the return, changes of reader.db, such as marks, are safely on the disk. Within `write_together`, the work is instead
        a part of that call's transaction, which commits later.

        Raises:
            StoreError: The files can't be written; nothing was changed.
        """
        writing: sqlite3.Connection | None = getattr(self._shared, "writing", None)
        return self._write_in_transaction(work, writes=False) if writing is None else work(writing)

    def write_together(self, writes: Callable[[], T]) -> T:
        """Call `writes`, a function that writes several times, and return its result. It runs in a single transaction.

        Raises:
            StoreError: The files can't be written; nothing was changed.
        """

        def share(db: sqlite3.Connection) -> T:
            self._shared.db = self._shared.writing = db
            try:
                return writes()
            finally:
                self._shared.db = self._shared.writing = None

        return self._write_in_transaction(share, writes=True)

    def autocommit(self, work: Work[T]) -> T:
        """Run work outside a transaction, for SQL that can't run inside one, such as VACUUM, and return the result.

        Raises:
            StoreError: The files can't be written.
        """
        self._require_writable(self._mode is OpenMode.WRITE)
        return self._run(work, OpenMode.WRITE)

    def repair(self) -> None:
        """Read stories.db and reader.db completely to find damage, and repair the damage.

        Raises:
            StoreError: The files can't be written.
        """
        self._require_writable(self._mode is OpenMode.WRITE)
        self._repair_files()

    def inspect(self, work: Work[T]) -> T:
        """Run work on a copy of the files, in a transaction, and return the result; for finding problems without repairing them.

        Work may write to the copy, which is deleted afterwards. Other processes can write to the files meanwhile.

        Raises:
            StoreError: The files can't be read, or there is no space for the copy.
        """
        try:
            with closing(connect(self.folder, self._mode)) as db:
                copy = copy_databases(db)
            with closing(copy):
                copy.execute("BEGIN")
                return work(copy)
        except DATABASE_ERRORS as error:
            raise store_error(error, self.folder) from error

    def revision(self) -> tuple[int, int]:
        """Return two numbers that change whenever any process commits; (0, 0) if a full disk allows only one connection.

        Raises:
            StoreError: The files can't be read.
        """
        if self._mode is OpenMode.EXCLUSIVE:
            return 0, 0
        try:
            return self._pool.data_versions(self._mode)
        except DATABASE_ERRORS as error:
            raise store_error(error, self.folder) from error

    def _write_in_transaction(self, work: Work[T], *, writes: bool) -> T:
        self._require_writable(not self._read_only)

        def in_transaction(db: sqlite3.Connection) -> T:
            with transaction(db):
                if lacks_marks(db):  # another process that replaced reader.db has no marks restored yet, or was killed
                    restore_marks(db, self._files)
                return work(db)

        self._back_up()
        result = self._run(in_transaction, OpenMode.WRITE, writes=writes)
        if self._mode is not OpenMode.WRITE:  # the disk was full when the files were opened, and now has space
            self.close()
            self._mode = OpenMode.WRITE
        return result

    def _require_writable(self, may_write: bool) -> None:
        if not may_write:
            raise StoreError(prefix_reason(str(self.folder), Reason("the library is open for reading only")))

    def _back_up(self) -> None:
        """Back up the reader's marks before the day's first write; if the backup fails, add a notice for the reader and go on."""
        from bpost_tui.store.repair import backups  # 1 ms, only to write

        now = self._clock()
        with self._backing_up:  # if several threads write at once, one makes the backup
            if self._backed_up == now.date() or self._mode is not OpenMode.WRITE or is_missing(self.folder / READER.name):
                return
            found = backups.reader_file_state(self.folder)
            if found == self._empty_marks_state:
                return
            try:
                if not backups.back_up(self.folder, now):
                    self._empty_marks_state = found
                    return
            except backups.DamagedSourceError:
                self._repair_files()
                return
            except (*DATABASE_ERRORS, OSError, StoreError) as error:
                failed = Reason("the marks couldn't be backed up ({error})", error=error)
                self.notices.append(prefix_reason(str(self.folder / backups.BACKUP_FOLDER), failed))
            self._backed_up = now.date()

    def _run(self, work: Work[T], mode: OpenMode, *, writes: bool = False) -> T:
        """Run work on a connection in `mode`, and return the result.

        If the files turn out to be damaged or missing, repair them and run the work again. `writes` selects the pool's connection
        for several writes together, instead of the connection for all other work.
        """
        try:
            with self._pool.connection(mode, writes=writes) as db:
                return work(db)
        except DATABASE_ERRORS as error:
            if is_interrupt(error):
                raise KeyboardInterrupt from error
            if mode is not OpenMode.WRITE or not (is_damage(error) or self._is_missing() or self._is_altered(error)):
                raise store_error(error, self.folder) from error
        self._repair_files()
        try:
            with self._pool.connection(mode, writes=writes) as db:
                return work(db)
        except (*DATABASE_ERRORS, OSError) as error:
            raise store_error(error, self.folder) from error

    def _is_missing(self) -> bool:
        return any(is_missing(self.folder / spec.name) for _, spec in DATABASES)

    def _is_altered(self, error: DatabaseFailure) -> bool:
        """Whether `error` means that a file's schema or header differs from bpost's, which damage can cause."""
        code = getattr(error, "sqlite_errorcode", 0)
        if code == sqlite3.SQLITE_READONLY and any(has_invalid_format_version(self.folder / spec.name) for _, spec in DATABASES):
            return True
        return code in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_READONLY) and not is_current(self._files)

    def _repair_files(self) -> None:
        try:
            prepare_for_writing(self._files, repairs=True)
        except (*DATABASE_ERRORS, OSError) as error:
            raise store_error(error, self.folder) from error


def _in_read_transaction(work: Work[T]) -> Work[T]:
    def begun(db: sqlite3.Connection) -> T:
        db.execute("BEGIN")
        return work(db)

    return begun
