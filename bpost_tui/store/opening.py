"""Opening a library: open its two files, or repair, migrate or create them.

`open_library` is the whole algorithm, from top to bottom: it prepares the files for writing (`prepare_for_writing`), which makes
each file usable (`make_file_usable`). If that fails, it opens them for reading only. Other modules hold the pieces: connections
(`sqlite_files`), the schema's state and steps (`schema`), rescue and backups (`repair`).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from sqlite3 import Connection, OperationalError

from bpost_tui.atomic import locked
from bpost_tui.errors import StoreError
from bpost_tui.i18n import Reason, prefix_reason
from bpost_tui.store.connection_pool import ConnectionPool
from bpost_tui.store.lists import mark_store
from bpost_tui.store.lists.reading_log import CHECKED, CRASHED, WARNED_OF_LOCATION, reader_event_time, set_reader_event
from bpost_tui.store.repair.backups import newest_backup
from bpost_tui.store.repair.file_replacement import (
    DEFECTS,
    NEW_FILE_SUFFIX,
    FileDefect,
    count_rows,
    move_database,
    replacement_notice,
    rescue_rows,
    set_aside_path,
)
from bpost_tui.store.schema.migrations import READER, DatabaseFile, has_older_index, migrate
from bpost_tui.store.schema.schema_check import SchemaState, schema_state
from bpost_tui.store.sqlite_errors import DATABASE_ERRORS, is_damage, store_error
from bpost_tui.store.sqlite_files import (
    DATABASES,
    OpenMode,
    connect,
    copy_databases,
    create_file,
    has_invalid_format_version,
    is_missing,
    is_not_regular_file,
    leave_wal_mode,
    open_file,
    remove_files,
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
# that a kill at any call loses nothing. The next opening finds the old file, or the complete new file beside a missing name. Damage
# that SQLite only notices during work leads back here (`Database` repairs and tries again). Once both files are usable, the copies
# of marks in stories.db are made equal to reader.db. If reader.db has lost marks, it gets them back from those copies.
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
    """Lines about the files for the reader. Opening the files appends lines."""

    @property
    def uses_wal(self) -> bool:
        """Whether SQLite writes changes to a -wal file first.

        It doesn't in an unsafe location (network drive, synchronised folder), because -wal files aren't safe there.
        """
        return self.unsafe_location is None


Check = Callable[[Connection, DatabaseFile], bool]
"""Function that checks a whole file, and returns whether the file has no problem."""


# ── the library ─────────────────────────────────────────────────────────────


def open_library(files: LibraryFiles, *, read_only: bool) -> OpenMode:
    """Open the files in the best mode that works, and return that mode. With `read_only`, the files aren't opened for writing.

    Raises:
        StoreError: The files can't be opened in any mode.
    """
    if not read_only:
        try:
            prepare_for_writing(files)
        except (*DATABASE_ERRORS, OSError) as error:
            files.pool.close()
            why = store_error(error, files.folder).message
            files.notices.append(Reason("{why}; nothing new can be saved", why=why))
        else:
            return OpenMode.WRITE
    for mode in (OpenMode.READ, OpenMode.EXCLUSIVE, OpenMode.IMMUTABLE):
        try:
            with closing(connect(files.folder, mode)) as db:
                _require_current_schema(db, files.folder)
        except DATABASE_ERRORS as error:
            trouble = error
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
    lost_marks = existed == [True, False] or bool(lines.get(READER.name))
    try:
        files.pool.watch(OpenMode.WRITE)
        with files.pool.connection(OpenMode.WRITE) as db:
            if files.uses_wal:
                _use_wal_mode(db)
            if lost_marks or (repairs and mark_store.is_copy_current(db) and mark_store.count_outdated(db)):
                _restore_marks(db, files)
            elif not mark_store.is_copy_current(db):
                with transaction(db):
                    mark_store.update_copy(db)
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

    check = integrity_checks.is_sound if checks_all else None
    with locked(files.folder):
        now = files.clock()
        return {
            spec.name: make_file_usable(files.folder / spec.name, spec, now, wal=files.uses_wal, check=check)
            for _, spec in DATABASES
        }


# ── one file ────────────────────────────────────────────────────────────────


def make_file_usable(path: Path, spec: DatabaseFile, now: datetime, *, wal: bool = True, check: Check | None = None) -> str:
    """Make one file usable: open, create, migrate or replace it. The caller holds the folder's lock.

    Args:
        path: The file.
        spec: Schema that it should have.
        now: Current time, for the name of a file that is renamed. Backups dated later than `now` count as the oldest.
        wal: Whether a new file is written through a -wal file.
        check: Additional check that the file has to pass; None unless damage is searched for.

    Returns:
        A notice for the reader if the file was replaced, else an empty string.

    Raises:
        sqlite3.Error, OSError: The file can't be created or opened.
    """
    backup = newest_backup(path.parent, now) if spec is READER else None
    fresh = path.with_name(path.name + NEW_FILE_SUFFIX)
    if is_missing(path) and not is_missing(fresh) and _find_defect(fresh, spec, wal=wal) is None:
        move_database(fresh, path)  # a crash came between the two renames below: the new file is complete
        return replacement_notice(FileDefect.MISSING, path, count_rows(path, spec))
    if is_missing(path) and (backup or not is_missing(fresh)):
        rows = _build_new_file(fresh, spec, [], backup, wal=wal)
        move_database(fresh, path)
        return replacement_notice(FileDefect.MISSING, path, rows) if backup else ""
    is_unreadable = is_not_regular_file(path) or (backup and path.is_file() and not path.stat().st_size)  # emptied by a power cut
    defect = FileDefect.DAMAGED if is_unreadable else _find_defect(path, spec, wal=wal, check=check)
    if defect is None:
        return ""
    # the old file keeps its name until the new file has its rows: a crash on the way loses nothing
    readable = [path] if defect is not FileDefect.FOREIGN and path.is_file() else []
    rows = _build_new_file(fresh, spec, readable, backup, wal=wal, is_newer=defect is FileDefect.NEWER)
    set_aside = set_aside_path(path, defect, now)
    move_database(path, set_aside)
    move_database(fresh, path)
    return replacement_notice(defect, path, rows, set_aside)


def _find_defect(path: Path, spec: DatabaseFile, *, wal: bool, check: Check | None = None) -> FileDefect | None:
    """Create or migrate a file if necessary. Return the defect that makes the file unusable, or None if it can be used.

    `spec` is the schema that the file should have. `wal` is whether a new file is written through a -wal file, and `check` an
    additional check that the file has to pass.
    """
    create_file(path)
    if has_invalid_format_version(path):
        return FileDefect.DAMAGED
    try:
        with closing(open_file(path)) as db:
            state = schema_state(db, spec)
            if defect := DEFECTS.get(state):
                return defect
            if state is SchemaState.OLDER:
                set_journal_mode(db, wal=wal)
                migrate(db, spec)
            if check is not None and not check(db, spec):
                return FileDefect.DAMAGED
    except DATABASE_ERRORS as error:
        if is_damage(error):
            return FileDefect.DAMAGED
        raise
    return None


def _build_new_file(
    fresh: Path, spec: DatabaseFile, damaged: list[Path], backup: Path | None, *, wal: bool, is_newer: bool = False
) -> int:
    """Fill the new file `fresh` with the readable rows of a damaged file, then of `backup` if it isn't None; return their number.

    The damaged file is newer than the backup. If both have a row, the damaged file's row is therefore copied. `spec` is the schema
    of the new file, `wal` whether it is written through a -wal file. `is_newer` means that a later version of bpost wrote the
    damaged file.
    """
    remove_files(fresh)
    _find_defect(fresh, spec, wal=wal)
    return rescue_rows(fresh, [*damaged, *([backup] if backup else [])], spec, is_newer=is_newer)


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


def _restore_marks(db: Connection, files: LibraryFiles) -> None:
    """Restore lost marks of reader.db from their copy in stories.db, and group all stories again."""
    from bpost_tui.store.grouping import group_builder  # 15 ms

    with transaction(db):
        if restored := mark_store.restore_marks(db, files.clock()):
            files.notices.append(Reason("marks rescued from stories.db: {n}", n=restored))
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
    """Add to the search index all stories that it lacks. After a change of the index's rules, these are all stories.

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
