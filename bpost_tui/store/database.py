"""Running work on the library's files, whatever state they are in.

`work` is a function of an open connection, which nobody else has meanwhile: so any thread may run it. Reads that belong together
share one. One connection is kept for the next work (idle_connection.py), one more tells whether anything was committed; while
they are open, SQLite doesn't empty its log into the file each time another closes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Lock, local
from typing import TypeVar

from bpost_tui.atomic import locked
from bpost_tui.errors import StoreError
from bpost_tui.i18n import Reason, prefix_reason
from bpost_tui.store.connection_pool import ConnectionPool
from bpost_tui.store.database_access import Work
from bpost_tui.store.lists import mark_store
from bpost_tui.store.lists.reading_log import CHECKED, CRASHED, WARNED_OF_LOCATION, reader_event_time, set_reader_event
from bpost_tui.store.repair import backups, recovery
from bpost_tui.store.repair.recovery import DATABASE_ERRORS, DatabaseFailure, is_damage, is_interrupt, store_error
from bpost_tui.store.schema.migrations import READER, is_indexed
from bpost_tui.store.schema.schema_check import SchemaState, schema_state
from bpost_tui.store.sqlite_files import (
    DATABASES,
    OpenMode,
    connect,
    create_file,
    has_invalid_format_version,
    is_missing,
    set_journal_modes,
    transaction,
    was_not_closed,
)
from bpost_tui.store.unsafe_location import unsafe_location

T = TypeVar("T")


def utc_now() -> datetime:
    """Return the present moment, in UTC."""
    return datetime.now(UTC)


class Database:
    """The two files in a library's folder; for any number of threads and processes at once.

    Args:
        folder: Where the files are; made with them where it is missing.
        read_only: Whether nothing may be written, not even to make or repair the files.
        clock: Gives the time.

    Raises:
        StoreError: The files can be opened in no mode.
    """

    def __init__(self, folder: Path, *, read_only: bool, clock: Callable[[], datetime]) -> None:
        self.notices: list[str] = []
        """A line for each thing about the files that the reader should know."""
        self.folder = folder
        self._read_only = read_only
        self._clock = clock
        self._mode = OpenMode.WRITE
        self._lock = Lock()
        self._backing_up = Lock()
        self._pool = ConnectionPool(folder)
        self._revision_connection: sqlite3.Connection | None = None
        self._shared = local()
        self._backed_up: date | None = None
        self._empty_marks_state: object = None
        """What reader.db was when nothing in it was worth a copy."""
        self._changes = 0
        self._unsafe_location = unsafe_location(folder)
        self._open()

    def close(self) -> None:
        """Let go of the files."""
        self._pool.close()
        with self._lock:
            if self._revision_connection:
                self._revision_connection.close()
            self._revision_connection = None

    def read(self, work: Work[T]) -> T:
        """Return what some work returns that changes nothing; all its statements see the files in one state.

        Raises:
            StoreError: The files can't be read.
        """
        shared: sqlite3.Connection | None = getattr(self._shared, "db", None)
        return self._run(_in_read_transaction(work), self._mode) if shared is None else work(shared)

    def read_together(self, reads: Callable[[], T]) -> T:
        """Run several reads of this thread on one connection, so that all see the files in one state.

        Raises:
            StoreError: The files can't be read.
        """
        if getattr(self._shared, "db", None) is not None:  # it belongs to what is being read already
            return reads()

        def share(db: sqlite3.Connection) -> T:
            self._shared.db = db
            try:
                return reads()
            finally:
                self._shared.db = None

        return self._run(_in_read_transaction(share), self._mode)

    def write(self, work: Work[T], *, is_internal: bool = False) -> T:
        """Return what some work returns, done in one transaction: it is on the disk by then.

        `is_note`: the reader shows nothing of it, and the next refresh has to know it.

        Raises:
            StoreError: The files can't be written; nothing was changed.
        """
        self._changes += not is_internal
        writing: sqlite3.Connection | None = getattr(self._shared, "writing", None)
        return self._write_in_transaction(work, writes=False) if writing is None else work(writing)

    def write_together(self, writes: Callable[[], T]) -> T:
        """Do several writes of this thread, and what it reads between them, in one transaction, on a connection kept for that.

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

    def display_revision(self) -> object:
        """Return a value that stays equal only while all that the reader shows of the files is as it is now.

        Of this object's own writes, notes leave it equal that are written together.

        Raises:
            StoreError: The files can't be read.
        """

        def versions(db: sqlite3.Connection) -> tuple[object, ...]:
            return db, *(db.execute(f"PRAGMA {name}.data_version").fetchone() for name, _ in DATABASES), self._changes

        return self._run(versions, OpenMode.WRITE, writes=True)

    def autocommit(self, work: Work[T]) -> T:
        """Run statements that can't be in a transaction (VACUUM).

        Raises:
            StoreError: The files can't be written.
        """
        self._require_writable(self._mode is OpenMode.WRITE)
        return self._run(work, OpenMode.WRITE)

    def repair(self) -> None:
        """Read both files whole in search of damage, and repair what is found.

        Raises:
            StoreError: The files can't be written.
        """
        self._require_writable(self._mode is OpenMode.WRITE)
        self._repair_files()

    def inspect(self, work: Work[T]) -> T:
        """Run work that looks for faults, without repairing any; what it writes is rolled back.

        Raises:
            StoreError: The files can't be opened.
        """
        try:
            with closing(connect(self.folder, self._mode)) as db:
                if self._mode is OpenMode.WRITE:
                    db.execute("BEGIN IMMEDIATE")
                return work(db)
        except DATABASE_ERRORS as error:
            raise store_error(error, self.folder) from error

    def revision(self) -> tuple[int, int]:
        """Return a value that changes whenever any process has committed anything.

        Raises:
            StoreError: The files can't be read.
        """
        if self._mode is OpenMode.EXCLUSIVE:
            return 0, 0
        with self._lock:
            try:
                self._revision_connection = watch = self._revision_connection or connect(self.folder, self._mode)
                stories, reader = (int(watch.execute(f"PRAGMA {name}.data_version").fetchone()[0]) for name in ("main", "reader"))
            except DATABASE_ERRORS as error:
                raise store_error(error, self.folder) from error
        return stories, reader

    def _write_in_transaction(self, work: Work[T], *, writes: bool) -> T:
        self._require_writable(not self._read_only)

        def in_transaction(db: sqlite3.Connection) -> T:
            with transaction(db):
                return work(db)

        self._back_up()
        result = self._run(in_transaction, OpenMode.WRITE, writes=writes)
        if self._mode is not OpenMode.WRITE:  # the disk was full when the files were opened, and now isn't
            self.close()
            self._mode = OpenMode.WRITE
        return result

    def _require_writable(self, may_write: bool) -> None:
        if not may_write:
            raise StoreError(prefix_reason(str(self.folder), Reason("the library is open for reading only")))

    def _back_up(self) -> None:
        """Copy the reader's marks before the day's first write; where that fails, add a notice and go on."""
        now = self._clock()
        with self._backing_up:  # of threads that write at once, one makes the copy
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
        """Run work; where the files turn out to be damaged or gone, repair them and try again."""
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
        """Whether a statement failed because the files have another schema or header than ours, as a damaged one may."""
        code = getattr(error, "sqlite_errorcode", 0)
        return code in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_READONLY) and not self._is_current()

    def _repair_files(self) -> None:
        try:
            self._prepare(repairs=True)
        except (*DATABASE_ERRORS, OSError) as error:
            raise store_error(error, self.folder) from error

    # ── opening ─────────────────────────────────────────────────────────────

    def _open(self) -> None:
        """Open the files in the best mode that works."""
        if not self._read_only:
            try:
                return self._open_in_mode(OpenMode.WRITE)
            except (*DATABASE_ERRORS, OSError) as error:
                self.close()
                why = store_error(error, self.folder).message
                self.notices.append(Reason("{why}; nothing new can be saved", why=why))
        for mode in (OpenMode.READ, OpenMode.EXCLUSIVE, OpenMode.IMMUTABLE):
            try:
                return self._open_in_mode(mode)
            except DATABASE_ERRORS as error:
                trouble = error
        raise store_error(trouble, self.folder) from trouble

    def _open_in_mode(self, mode: OpenMode) -> None:
        if mode is OpenMode.WRITE:
            self._prepare()
        else:
            with closing(connect(self.folder, mode)) as db:
                _require_current_schema(db, self.folder)
        self._mode = mode

    def _prepare(self, *, repairs: bool = False) -> None:
        """Make and migrate the files, replace those that can't be used, and bring the copy of the marks up to date.

        `repairs`: read both files whole, in search of damage.
        """
        self.close()
        if repairs:
            self._clear_damaged_index()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for _, spec in DATABASES:
            if (self.folder / spec.name).exists():
                create_file(self.folder / spec.name)
        there = [(self.folder / spec.name).exists() for _, spec in DATABASES]
        lost = there == [True, False]
        crashed = not repairs and any(was_not_closed(self.folder / spec.name) for _, spec in DATABASES)
        set_journal_modes(self.folder, wal=self._unsafe_location is None)
        lines = self._prepare_files(checks_all=repairs) if repairs or not self._is_current() else {}
        self.notices += filter(None, lines.values())
        try:
            with self._lock:
                self._revision_connection = connect(self.folder, OpenMode.WRITE)
            with self._pool.connection(OpenMode.WRITE) as db:
                if lost or lines.get(READER.name) or (repairs and mark_store.is_copy_current(db) and mark_store.count_outdated(db)):
                    from bpost_tui.store.grouping import group_builder  # 15 ms

                    with transaction(db):
                        if taken := mark_store.restore_marks(db, self._clock()):
                            self.notices.append(Reason("marks rescued from stories.db: {n}", n=taken))
                        group_builder.rebuild_all_groups(db)  # what was taken apart is known there alone
                elif not mark_store.is_copy_current(db):
                    with transaction(db):
                        mark_store.update_copy(db)
                self._warn_of_location(db)
                if crashed or not any(there):  # what was just made needn't be checked for a week
                    with transaction(db):
                        set_reader_event(db, CRASHED if crashed else CHECKED, self._clock())
                if not is_indexed(db):
                    from bpost_tui.store.search import search_index  # 10 ms

                    if search_index.index_missing_stories(db):
                        self.notices.append(Reason("this version searches in another way, so the search index was rebuilt"))
        except DATABASE_ERRORS as error:
            if repairs or not is_damage(error):
                raise
            self._prepare(repairs=True)

    def _prepare_files(self, *, checks_all: bool) -> dict[str, str]:
        """Make, migrate or replace the files; return a line for each, empty where it wasn't replaced."""
        from bpost_tui.store.repair import integrity_checks  # 2 ms

        check = integrity_checks.is_sound if checks_all else None
        with locked(self.folder):
            now, wal = self._clock(), self._unsafe_location is None
            return {
                spec.name: recovery.ensure_usable(self.folder / spec.name, spec, now, wal=wal, check=check) for _, spec in DATABASES
            }

    def _clear_damaged_index(self) -> None:
        """Empty a damaged search index: it can be rebuilt, so the file needn't be set aside for it."""
        from bpost_tui.store.search import search_index  # 10 ms

        with suppress(*DATABASE_ERRORS), closing(connect(self.folder, OpenMode.WRITE)) as db, transaction(db):
            if not search_index.is_sound(db):
                search_index.clear_index(db)

    def _warn_of_location(self, db: sqlite3.Connection) -> None:
        """Add a notice, once in a library's life, where its folder lies in an unsafe place."""
        if self._unsafe_location and reader_event_time(db, WARNED_OF_LOCATION) is None:
            self.notices.append(f"{self.folder} ({self._unsafe_location.cause}): {self._unsafe_location.line}")
            with transaction(db):
                set_reader_event(db, WARNED_OF_LOCATION, self._clock())

    def _is_current(self) -> bool:
        if any(has_invalid_format_version(self.folder / spec.name) for _, spec in DATABASES):
            return False
        try:
            with self._pool.connection(OpenMode.WRITE) as db:
                return all(schema_state(db, spec, schema=name) is SchemaState.CURRENT for name, spec in DATABASES)
        except DATABASE_ERRORS:
            return False


def _in_read_transaction(work: Work[T]) -> Work[T]:
    def begun(db: sqlite3.Connection) -> T:
        db.execute("BEGIN")
        return work(db)

    return begun


def _require_current_schema(db: sqlite3.Connection, folder: Path) -> None:
    """Raise StoreError for files that would have to be migrated, where they can't be written."""
    for name, spec in DATABASES:
        found = schema_state(db, spec, schema=name)
        if found is not SchemaState.CURRENT:
            raise StoreError(
                prefix_reason(str(folder / spec.name), Reason("made by another version of bpost")),
                hint="Make the folder writable, or update bpost.",
                is_earlier=found is SchemaState.OLDER,
            )
