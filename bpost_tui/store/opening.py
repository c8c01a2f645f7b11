"""Opening a library: open its two files, or repair, migrate or create them.

`open_library` is the whole algorithm, from top to bottom: it prepares the files for writing (`prepare_for_writing`), which makes
each file usable (`make_file_usable`). If that fails, it opens them for reading only. Other modules hold the pieces: connections
(`sqlite_files`), the schema's state and steps (`schema`), rescue and backups (`repair`).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from sqlite3 import Connection, OperationalError

from bpost_tui.atomic import locked
from bpost_tui.errors import StoreError
from bpost_tui.i18n import Reason, prefix_reason
from bpost_tui.store.connection_pool import ConnectionPool
from bpost_tui.store.lists.marks_stamp import is_copy_current, lacks_marks
from bpost_tui.store.lists.reading_log import CHECKED, CRASHED, WARNED_OF_LOCATION, reader_event_time, set_reader_event
from bpost_tui.store.schema.migrations import STORIES, has_older_index
from bpost_tui.store.schema.schema_check import SchemaState, schema_state
from bpost_tui.store.sqlite_errors import DATABASE_ERRORS, is_damage, store_error
from bpost_tui.store.sqlite_files import (
    DATABASES,
    OpenMode,
    connect,
    copy_databases,
    create_file,
    is_missing,
    leave_wal_mode,
    set_journal_mode,
    transaction,
    was_not_closed,
)
from bpost_tui.store.unsafe_location import UnsafeLocation
from bpost_tui.typesetting.text.named_tuple import NamedTuple

# Why opening does more than sqlite3.connect. The obvious way is to connect, run the missing steps of the schema and let errors
# reach the reader. It fails in four ways. One wrong byte in a file then ends bpost at every start. A file of another program or
# of a later bpost is overwritten or refused for good. A crash between the commits of the two files leaves marks in one that the
# other lacks. On a full or read-only disk, not even reading works.
#
# So an unusable file is never written to, and doesn't end bpost. It is renamed, and a new file takes its place with the readable
# rows of the old file, then of the newest backup. The old file keeps its name until the new file is complete and has its rows, so
# that a kill at any call loses nothing. The new file is filled under another name, so the next opening finds the old file, or the
# complete new file beside a missing name. Damage that SQLite only notices during work leads back here (`Database` repairs and tries
# again). Once both files are usable, the copies of marks in stories.db are made equal to reader.db. If reader.db was replaced, it
# first gets marks back from those copies. Its stamp shows that it lacks them, because a kill may come before.
#
# We don't check whole files at each opening, which takes seconds: a refresh does, once a week and after a crash. We never delete
# an unusable file.


class LibraryFiles(NamedTuple):
    """Files of a library, with the values needed to open them."""

    folder: Path
    """Folder of the two files."""
    pool: ConnectionPool
    """Pool of connections to the two files."""
    clock: Callable[[], datetime]
    """Function that returns the current time."""
    unsafe_location: UnsafeLocation | None
    """Unsafe location of the folder, with the reason why it is unsafe, or None if the location is safe."""
    notices: list[str]
    """Messages for the reader about the library's files. Opening the files may append messages."""

    @property
    def uses_wal(self) -> bool:
        """Whether SQLite writes changes to a -wal file first.

        It doesn't in an unsafe location (network drive, synchronised folder), because -wal files aren't safe there.
        """
        return self.unsafe_location is None


# ── the library ─────────────────────────────────────────────────────────────


def open_library(files: LibraryFiles, *, read_only: bool) -> OpenMode:
    """Open the files in the best mode that works, and return that mode. With `read_only`, the files aren't opened for writing.

    Raises:
        StoreError: The files can't be opened in any mode.
    """
    refusal: StoreError | None = None
    if not read_only:
        try:
            prepare_for_writing(files)
        except (*DATABASE_ERRORS, OSError) as error:
            files.pool.close()
            refusal = store_error(error, files.folder)
            if files.folder.is_dir() and os.access(files.folder, os.W_OK) and is_missing(files.folder / STORIES.name):
                raise refusal from error  # an empty library to read would hide that the disk is full
            files.notices.append(Reason("{why}; nothing new can be saved", why=refusal.message))
        else:
            return OpenMode.WRITE
    for mode in (OpenMode.READ, OpenMode.EXCLUSIVE, OpenMode.IMMUTABLE):
        try:
            with closing(connect(files.folder, mode)) as db:
                _require_current_schema(db, files.folder)
        except DATABASE_ERRORS as error:
            trouble = error
        except StoreError as error:
            if refusal is not None and os.access(files.folder, os.W_OK):
                raise refusal from error  # a full disk, for example, keeps an empty or older file from being completed
            raise
        else:
            return mode
    raise store_error(trouble, files.folder) from trouble


def prepare_for_writing(files: LibraryFiles, *, repairs: bool = False) -> None:
    """Create, migrate or replace the files, then bring marks, search index and notices up to date.

    With `repairs`, both files are read completely to find damage.

    Raises:
        sqlite3.Error, OSError: The files can't be written.
    """
    files.pool.close()
    if repairs:
        _clear_damaged_index(files.folder)
    existed = _make_private(files.folder)
    has_crashed = not repairs and any(was_not_closed(files.folder / spec.name) for _, spec in DATABASES)
    if not files.uses_wal:
        leave_wal_mode(files.folder)
    lines = _make_files_usable(files, checks_all=repairs) if repairs or not is_current(files) else {}
    files.notices.extend(filter(None, lines.values()))
    try:
        files.pool.watch(OpenMode.WRITE)
        with files.pool.connection(OpenMode.WRITE) as db:
            if files.uses_wal:
                _use_wal_mode(db)
            if repairs or not is_copy_current(db):
                _update_marks(db, files)
            _warn_of_location(db, files)
            if has_crashed or not any(existed):  # a new file needs no check for a week
                with transaction(db):
                    set_reader_event(db, CRASHED if has_crashed else CHECKED, files.clock())
            is_rescued = repairs or any(lines.values())
            if is_rescued or has_older_index(db):
                # a mark, the first command after an update, would wait for minutes until 100,000 stories are indexed
                _complete_index(db, files, only_begins=not is_rescued)
    except DATABASE_ERRORS as error:
        if repairs or not is_damage(error):
            raise
        prepare_for_writing(files, repairs=True)


def is_current(files: LibraryFiles) -> bool:
    """Whether both files, stories.db and reader.db, have the schema of this version of bpost."""
    try:
        with files.pool.connection(OpenMode.WRITE) as db:
            return all(schema_state(db, spec, schema=name) is SchemaState.CURRENT for name, spec in DATABASES)
    except DATABASE_ERRORS:
        return False


def _make_files_usable(files: LibraryFiles, *, checks_all: bool) -> dict[str, str]:
    """Make stories.db and reader.db usable, under the folder's lock.

    With `checks_all`, the files are read completely to find damage. Return a notice for the reader for each file, by the file's
    name; the notice is empty if the file wasn't replaced.
    """
    from bpost_tui.store.repair import integrity_checks  # 2 ms
    from bpost_tui.store.repair.file_replacement import make_file_usable  # only for files that aren't current

    check = integrity_checks.is_sound if checks_all else None
    with locked(files.folder):
        now = files.clock()
        return {
            spec.name: make_file_usable(files.folder / spec.name, spec, now, wal=files.uses_wal, check=check)
            for _, spec in DATABASES
        }


# ── steps ───────────────────────────────────────────────────────────────────


def _make_private(folder: Path) -> list[bool]:
    """Create the library's folder, make its files accessible to their owner only, and return for each file whether it exists.

    A missing file isn't created.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    paths = [folder / spec.name for _, spec in DATABASES]
    for path in paths:
        if path.exists():
            create_file(path)
    return [path.exists() for path in paths]


def _clear_damaged_index(folder: Path) -> None:
    """Begin to empty the search index if it is damaged. The file needn't be replaced then, because the index can be rebuilt."""
    from bpost_tui.store.search import search_index  # 10 ms

    with suppress(*DATABASE_ERRORS), closing(connect(folder, OpenMode.WRITE)) as db:
        try:
            with closing(copy_databases(db)) as copy:  # SQLite checks an index only while it keeps other writers waiting
                is_sound = search_index.is_sound(copy)
        except DATABASE_ERRORS:  # no space for the copy, for example
            with transaction(db):
                is_sound = search_index.is_sound(db)
        if not is_sound:
            with transaction(db):
                search_index.begin_emptying(db)


def _update_marks(db: Connection, files: LibraryFiles) -> None:
    """Make the copy of the marks in stories.db current, or restore marks from the copy if reader.db has lost some.

    Marks count as lost if reader.db was replaced, or if both files have the same stamp, although their marks differ.
    """
    from bpost_tui.store.lists import mark_store  # 2 ms, and most starts find a current copy

    # not in the transaction: other writers would wait until 100,000 stories are counted (0.5 s)
    has_lost_marks = lacks_marks(db) or (is_copy_current(db) and mark_store.count_outdated(db))
    with transaction(db):
        if has_lost_marks:
            restore_marks(db, files)
        else:
            mark_store.update_copy(db)


def restore_marks(db: Connection, files: LibraryFiles) -> None:
    """Restore lost marks of reader.db from their copy in stories.db, and group all stories again, in the caller's transaction."""
    from bpost_tui.store.lists import mark_store  # seldom needed

    if restored := mark_store.restore_marks(db, files.clock()):
        files.notices.append(Reason("marks rescued from stories.db: {n}", n=restored))
    if not db.execute("SELECT 1 FROM stories LIMIT 1").fetchone():  # a new library
        return
    from bpost_tui.store.grouping import group_builder  # 20 ms

    group_builder.rebuild_all_groups(db)  # separations are in reader.db alone
    group_builder.update_groups(db)


def _use_wal_mode(db: Connection) -> None:
    """Switch the files to WAL mode, unless they are in it already, or another process uses them."""
    for name, _ in DATABASES:
        with suppress(OperationalError):
            set_journal_mode(db, name, wal=True)


def _warn_of_location(db: Connection, files: LibraryFiles) -> None:
    """Add a notice if the library's folder is in an unsafe place; only one such notice is ever shown for a library."""
    if files.unsafe_location and reader_event_time(db, WARNED_OF_LOCATION) is None:
        files.notices.append(f"{files.folder} ({files.unsafe_location.cause}): {files.unsafe_location.line}")
        with transaction(db):
            set_reader_event(db, WARNED_OF_LOCATION, files.clock())


def _complete_index(db: Connection, files: LibraryFiles, *, only_begins: bool) -> None:
    """Add to the search index all stories that it lacks. After a change of the index's rules, the whole index is rebuilt.

    With `only_begins`, leave most stories of a large library to the next search or refresh.
    """
    from bpost_tui.store.search import search_index  # 10 ms

    if search_index.index_missing_stories(db, only_begins=only_begins):
        files.notices.append(Reason("this version searches in another way, so the search index is rebuilt"))


def _require_current_schema(db: Connection, folder: Path) -> None:
    """Raise StoreError if the files have an older schema, because migrating them requires writing."""
    for name, spec in DATABASES:
        state = schema_state(db, spec, schema=name)
        if state is not SchemaState.CURRENT:
            raise StoreError(
                prefix_reason(str(folder / spec.name), Reason("made by another version of bpost")),
                hint="Make the folder writable, or update bpost.",
                is_older_format=state is SchemaState.OLDER,
            )
