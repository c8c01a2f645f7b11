"""Running work on the library's files, whatever state they are in.

Each piece of work has its own connection (0.3 ms with both files), so any thread may ask for it, and a file that another process
has set aside is never written to; reads that belong together share one. One more connection is kept, to tell whether anything was
committed; it also keeps SQLite from emptying its log into the file at the end of every piece of work.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Lock, local
from typing import TypeVar

from bpost_tui.errors import StoreError
from bpost_tui.i18n import Reason, about
from bpost_tui.store import marks, recovery
from bpost_tui.store.faults import means_damage, store_error
from bpost_tui.store.files import ATTACHED, Mode, connect, locked, make, missing, settle_journals, transaction
from bpost_tui.store.location import danger
from bpost_tui.store.schema import READER, State, state
from bpost_tui.store.search.rules import complete

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


class Access:
    """The way to the files of a folder; for any number of threads and processes at once."""

    def __init__(self, folder: Path, *, read_only: bool, clock: Callable[[], datetime]) -> None:
        self.notices: list[str] = []
        self.folder = self._folder = folder
        self._read_only = read_only
        self._clock = clock
        self._mode = Mode.WRITE
        self._lock = Lock()
        self._copying = Lock()
        self._watch: sqlite3.Connection | None = None
        self._shared = local()
        self._backed_up: date | None = None
        self._danger = danger(folder)
        self._open()

    def close(self) -> None:
        """Let go of the files."""
        with self._lock:
            if self._watch:
                self._watch.close()
            self._watch = None

    def read(self, work: Work[T]) -> T:
        """Do work that changes nothing.

        Raises:
            StoreError: The files can't be read.
        """
        shared: sqlite3.Connection | None = getattr(self._shared, "db", None)
        return self._run(work, self._mode) if shared is None else work(shared)

    def together(self, reads: Callable[[], T]) -> T:
        """Let all that this thread reads meanwhile be read from one state of the files, by one connection.

        Raises:
            StoreError: The files can't be read.
        """

        def all_of_them(db: sqlite3.Connection) -> T:
            db.execute("BEGIN")  # closing the connection ends it
            self._shared.db = db
            try:
                return reads()
            finally:
                self._shared.db = None

        return self._run(all_of_them, self._mode)

    def write(self, work: Work[T]) -> T:
        """Do work in one transaction: when this returns, it is on the disk.

        Raises:
            StoreError: The files can't be written; nothing was changed.
        """
        if self._read_only:
            raise StoreError(about(str(self._folder), Reason("the library was opened for reading only")))

        def whole(db: sqlite3.Connection) -> T:
            with transaction(db):
                return work(db)

        self._back_up()
        result = self._run(whole, Mode.WRITE)
        if self._mode is not Mode.WRITE:  # the disk was full when the files were opened, and now isn't
            self.close()
            self._mode = Mode.WRITE
        return result

    def outside(self, work: Work[T]) -> T:
        """Do work that SQLite doesn't do in a transaction.

        Raises:
            StoreError: The files can't be written.
        """
        if self._mode is not Mode.WRITE:
            raise StoreError(about(str(self._folder), Reason("the library was opened for reading only")))
        return self._run(work, Mode.WRITE)

    def look(self, work: Work[T]) -> T:
        """Do work that looks for faults, without having them mended meanwhile; what it writes is rolled back.

        Raises:
            StoreError: The files can't be opened.
        """
        try:
            with closing(connect(self._folder, self._mode)) as db:
                if self._mode is Mode.WRITE:
                    db.execute("BEGIN IMMEDIATE")
                return work(db)
        except sqlite3.Error as error:
            raise store_error(error, self._folder) from error

    def revision(self) -> tuple[int, int]:
        """Return a value that changes whenever any process has committed anything.

        Raises:
            StoreError: The files can't be read.
        """
        if self._mode is Mode.ALONE:
            return 0, 0
        with self._lock:
            try:
                self._watch = watch = self._watch or connect(self._folder, self._mode)
                stories, reader = (int(watch.execute(f"PRAGMA {name}.data_version").fetchone()[0]) for name in ("main", "reader"))
            except sqlite3.Error as error:
                raise store_error(error, self._folder) from error
        return stories, reader

    def _back_up(self) -> None:
        """Copy the reader's marks before the day's first write; if that fails, note it and go on writing."""
        now = self._clock()
        with self._copying:  # threads that write at once would write the same copy
            if self._backed_up == now.date() or self._mode is not Mode.WRITE or missing(self._folder / READER.name):
                return
            try:
                if not recovery.back_up(self._folder, now):
                    return
            except recovery.Unsound:
                self._mend()
                return
            except (sqlite3.Error, OSError, StoreError) as error:
                failed = Reason("no copy of the marks could be made ({error})", error=error)
                self.notices.append(about(str(self._folder / recovery.FOLDER), failed))
            self._backed_up = now.date()

    def _run(self, work: Work[T], mode: Mode) -> T:
        """Do work; where the files turn out to be damaged or gone, mend them and try once more."""
        try:
            with closing(connect(self._folder, mode)) as db:
                return work(db)
        except sqlite3.Error as error:
            gone = any(missing(self._folder / spec.name) for _, spec in ATTACHED)
            if mode is not Mode.WRITE or not (gone or means_damage(error)):
                raise store_error(error, self._folder) from error
        self._mend()
        try:
            with closing(connect(self._folder, mode)) as db:
                return work(db)
        except (sqlite3.Error, OSError) as error:
            raise store_error(error, self._folder) from error

    def _mend(self) -> None:
        try:
            self._prepare(doubted=True)
        except (sqlite3.Error, OSError) as error:
            raise store_error(error, self._folder) from error

    # ── opening ─────────────────────────────────────────────────────────────

    def _open(self) -> None:
        """Open the files in the best mode that works."""
        if not self._read_only:
            try:
                return self._open_as(Mode.WRITE)
            except (sqlite3.Error, OSError) as error:
                self.close()
                why = store_error(error, self._folder).message
                self.notices.append(Reason("{why}; nothing new can be saved", why=why))
        for mode in (Mode.READ, Mode.ALONE, Mode.FROZEN):
            try:
                return self._open_as(mode)
            except sqlite3.Error as error:
                trouble = error
        raise store_error(trouble, self._folder) from trouble

    def _open_as(self, mode: Mode) -> None:
        if mode is Mode.WRITE:
            self._prepare()
        else:
            with closing(connect(self._folder, mode)) as db:
                _check(db, self._folder)
        self._mode = mode

    def _prepare(self, *, doubted: bool = False) -> None:
        """Make the files current, replace those that can't be used, and copy the marks where the copy is out of date."""
        self.close()
        if doubted:
            self._mend_index()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for _, spec in ATTACHED:
            if (self._folder / spec.name).exists():
                make(self._folder / spec.name)
        settle_journals(self._folder, wal=self._danger is None)
        if doubted or not self._current():
            with locked(self._folder):
                now = self._clock()
                files = [(self._folder / spec.name, spec) for _, spec in ATTACHED]
                lines = [recovery.prepare(path, spec, now, wal=self._danger is None, doubted=doubted) for path, spec in files]
            self.notices += filter(None, lines)
        try:
            with self._lock:
                self._watch = connect(self._folder, Mode.WRITE)
            with closing(connect(self._folder, Mode.WRITE)) as db:
                if not marks.aligned(db):
                    with transaction(db):
                        marks.align(db)
                self._tell_danger(db)
                while not complete(db):
                    from bpost_tui.store.search import index  # 10 ms

                    with transaction(db):
                        index.build(db)
        except sqlite3.DatabaseError as error:
            if doubted or not means_damage(error):
                raise
            self._prepare(doubted=True)

    def _mend_index(self) -> None:
        """Empty a damaged search index, so that the file isn't set aside for something that can be rebuilt."""
        from bpost_tui.store.search import index  # 10 ms

        with suppress(sqlite3.Error), closing(connect(self._folder, Mode.WRITE)) as db, transaction(db):
            if not index.is_sound(db):
                index.clear(db)

    def _tell_danger(self, db: sqlite3.Connection) -> None:
        """Warn once if the folder lies in a dangerous place."""
        if self._danger and marks.noted(db, "danger") is None:
            self.notices.append(f"{self._folder} ({self._danger.what}): {self._danger.line}")
            with transaction(db):
                marks.note(db, "danger", self._clock())

    def _current(self) -> bool:
        try:
            with closing(connect(self._folder, Mode.WRITE)) as db:
                return all(state(db, spec, within=name) is State.CURRENT for name, spec in ATTACHED)
        except sqlite3.Error:
            return False


def _check(db: sqlite3.Connection, folder: Path) -> None:
    """Refuse files that can't be read as they are, and can't be changed."""
    for name, spec in ATTACHED:
        if state(db, spec, within=name) is not State.CURRENT:
            raise StoreError(
                about(str(folder / spec.name), Reason("it isn't of this version of bpost")),
                hint="Make the folder writable, or update bpost.",
            )
