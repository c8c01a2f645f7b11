"""Functions that create, open and copy the database files of a library, stories.db and reader.db. Only the owner may read them.

stories.db is the main database and reader.db is attached to it as `reader`. The tables of stories.db then need no prefix in SQL,
which helps because nearly every statement uses them. One transaction covers both files. In WAL mode such a transaction is atomic in
each file but not across them (https://sqlite.org/lang_attach.html). Therefore both files have a stamp of the marks
(`lists.mark_store`).

Only SQLite may open the files. A process that closes a descriptor of its own loses all its POSIX locks on the file, even those of
SQLite's connections (https://sqlite.org/howtocorrupt.html, 2.2). Then another process can write at the same time, or delete the
-wal file.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from enum import Enum
from pathlib import Path

from bpost_tui.store import writer_queue
from bpost_tui.store.schema.migrations import READER, STORIES, create_in_memory

BUSY_S = 10.0
"""Maximum time in seconds that SQLite waits for the lock of a file; for transactions that write, see `writer_queue`."""

DATABASES = (("main", STORIES), ("reader", READER))
"""Names of the databases on a connection, each with its file."""


_LIMITS = (
    (sqlite3.SQLITE_LIMIT_LENGTH, 256 << 20),
    (sqlite3.SQLITE_LIMIT_SQL_LENGTH, 1 << 20),
    (sqlite3.SQLITE_LIMIT_ATTACHED, 3),  # reader.db, and two for VACUUM
    (sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 8),
)
"""Limits that SQLite enforces: more than bpost ever needs, but less than a hostile file could use.

See https://sqlite.org/security.html.
"""
_STEPS_BETWEEN_SIGNALS = 1_000_000
"""Number of steps of SQLite's virtual machine after which signals are handled: about 50 ms."""


class OpenMode(Enum):
    """Mode of opening the files. The value is the query part of the SQLite URI (https://sqlite.org/uri.html)."""

    WRITE = "mode=rw"
    READ = "mode=ro"
    EXCLUSIVE = "mode=rw&cache=private"
    """Mode without a -shm file, used if the disk is too full for that file (https://sqlite.org/wal.html#noshm).

    Only one connection at a time is possible.
    """
    IMMUTABLE = "immutable=1"
    """Mode without locks and without a -shm file, used if the disk is read-only. Data in a -wal file isn't read."""


def connect(folder: Path, mode: OpenMode) -> sqlite3.Connection:
    """Return a connection to stories.db and reader.db; in a mode other than WRITE, a missing file reads as an empty file."""
    db = open_file(_address(folder / STORIES.name, mode))
    try:
        if mode is OpenMode.EXCLUSIVE:
            db.execute("PRAGMA locking_mode = EXCLUSIVE")
        db.execute("ATTACH ? AS reader", (_address(folder / READER.name, mode),))
        # after a power cut the newest stories may be missing: the next refresh fetches them again. Marks can't be fetched, so they
        # are on the disk before a write returns
        for pragma in ("main.synchronous = NORMAL", "reader.synchronous = FULL", "fullfsync = ON"):
            db.execute(f"PRAGMA {pragma}")
        # Debian's SQLite overwrites deleted pages with zeros, so emptying the search index of 20,000 stories wrote 62 MB to the
        # -wal file while other writers waited. News is public; reader.db has the reader's own words, and keeps the default
        db.execute("PRAGMA main.secure_delete = FAST")
        if mode is not OpenMode.WRITE:
            _load_empty_databases(db, folder)
    except sqlite3.Error:
        db.close()
        raise
    return db


def copy_databases(db: sqlite3.Connection) -> sqlite3.Connection:
    """Return a connection to a copy of stories.db and reader.db, as both are at one moment; other processes can write meanwhile.

    stories.db is copied to a temporary file, and reader.db to memory. The file is deleted when the connection is closed, even by a
    kill of the process.
    """
    copy = open_file("")
    try:
        copy.execute("ATTACH ':memory:' AS reader")
        db.execute("BEGIN")
        for name, _ in DATABASES:  # from its first read on, a transaction sees no later commits to a file
            db.execute(f"PRAGMA {name}.user_version").fetchone()
        db.backup(copy)
        copy.deserialize(_without_wal_mode(db.serialize(name="reader")), name="reader")
    except BaseException:
        copy.close()
        raise
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")
    return copy


def open_file(address: str | Path) -> sqlite3.Connection:
    """Return a connection in autocommit mode to one file, given as a path or a `file:` URI."""
    uri = address if isinstance(address, str) else _address(address, OpenMode.WRITE)
    db = sqlite3.connect(uri, uri=True, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
    db.text_factory = _decode_text
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA trusted_schema = OFF")
    for limit, most in _LIMITS:
        db.setlimit(limit, most)
    # if a signal has come, Python runs its handler here; an error that the handler raises interrupts SQLite (`database`)
    db.set_progress_handler(lambda: None, _STEPS_BETWEEN_SIGNALS)
    return db


def was_not_closed(path: Path) -> bool:
    """Whether a process died while the file was open: the file has a -wal file, but no process has the file open now."""
    try:
        if not path.with_name(f"{path.name}-wal").stat().st_size:
            return False
        with closing(sqlite3.connect(_address(path, OpenMode.WRITE), uri=True, timeout=0, isolation_level=None)) as db:
            db.execute("PRAGMA locking_mode = EXCLUSIVE")
            db.execute("BEGIN EXCLUSIVE")
    except (OSError, sqlite3.Error, UnicodeDecodeError):
        return False
    return True


def create_file(path: Path) -> None:
    """Create a missing file and its folder, for their owner only. SQLite gives the -wal and -shm files the same permissions."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    elif path.is_file() and path.stat().st_mode & 0o077:
        path.chmod(0o600)


def leave_wal_mode(folder: Path) -> None:
    """Switch stories.db and reader.db from WAL mode to a rollback journal. A file that other processes use isn't switched."""
    for _, spec in DATABASES:
        if not is_missing(folder / spec.name):
            with suppress(sqlite3.Error, UnicodeDecodeError), closing(open_file(folder / spec.name)) as db:
                db.execute("PRAGMA locking_mode = EXCLUSIVE")  # works without shared memory, which these folders lack
                set_journal_mode(db, wal=False)


def set_journal_mode(db: sqlite3.Connection, within: str = "main", *, wal: bool) -> None:
    """Switch the database `within` of a connection to WAL mode or, if not `wal`, to a rollback journal."""
    db.execute(f"PRAGMA {within}.journal_mode = {'WAL' if wal else 'DELETE'}")


def _without_wal_mode(database: bytes) -> bytes:
    """Return `database`, the content of a database file, with the format version of a database that isn't in WAL mode.

    A database in memory can't be in WAL mode, because WAL mode needs files.
    """
    return database[:18] + b"\1\1" + database[20:]


def has_invalid_format_version(path: Path) -> bool:
    """Whether SQLite only reads a file that the user may write, because its header contains an unknown write version.

    See https://sqlite.org/fileformat.html#file_format_version_numbers.
    """
    try:
        with closing(sqlite3.connect(_address(path, OpenMode.WRITE), uri=True, timeout=0, isolation_level=None)) as db:
            db.execute("BEGIN IMMEDIATE")
    except (sqlite3.Error, UnicodeDecodeError) as error:
        return getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_READONLY and os.access(path, os.W_OK)
    return False


def is_not_regular_file(path: Path) -> bool:
    """Whether `path` isn't a regular file but, for example, a folder or a pipe; reading a pipe would block."""
    with suppress(OSError):
        return not stat.S_ISREG(path.stat().st_mode)
    return False


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Run the `with` block in one transaction, which is rolled back if the block raises an error.

    The transaction waits for other writers at its start. Later, after a first read, SQLite couldn't wait for them any more.
    """
    writer_queue.begin(db)
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            db.execute("ROLLBACK")
        raise


def sqlite_version() -> str:
    """Return the version number of the installed SQLite library."""
    return sqlite3.sqlite_version


def file_sizes(folder: Path) -> dict[str, int]:
    """Map names of files and folders in a library's folder to their sizes in bytes, without lock files, which are empty.

    A database's size includes its -wal file.
    """
    found: dict[str, int] = {}
    for path in sorted(each for each in folder.iterdir() if each.suffix != ".lock"):
        name = path.name.removesuffix("-wal").removesuffix("-shm")
        with suppress(FileNotFoundError):  # deleted meanwhile
            within = path.rglob("*") if path.is_dir() else [path]
            found[name] = found.get(name, 0) + sum(file.stat().st_size for file in within)
    return found


def file_parts(path: Path) -> list[Path]:
    """Return the paths of a database's files, first of the database itself, then of its logs.

    A log (-wal, or -journal in a folder where -wal files aren't safe) must not stay beside another database, because SQLite would
    replay it there.
    """
    return [path.with_name(path.name + suffix) for suffix in ("", "-wal", "-shm", "-journal")]


def remove_files(path: Path) -> None:
    """Delete a database's files, as far as they exist."""
    for part in file_parts(path):
        part.unlink(missing_ok=True)


def is_missing(path: Path) -> bool:
    """Whether a file is missing. A file that can't be seen for lack of permission counts as existing."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        pass
    return False


def _address(path: Path, mode: OpenMode) -> str:
    if mode is not OpenMode.WRITE and is_missing(path):
        return "file::memory:"
    if irregular := next(filter(is_not_regular_file, file_parts(path)), None):
        raise sqlite3.OperationalError(f"{irregular.name} isn't a file")  # SQLite opens logs as well, and would wait for a pipe
    return f"{path.absolute().as_uri()}?{mode.value}"


def _load_empty_databases(db: sqlite3.Connection, folder: Path) -> None:
    for name, spec in DATABASES:
        if is_missing(folder / spec.name):
            with closing(create_in_memory(spec)) as empty:
                db.deserialize(empty.serialize(), name=name)


def _decode_text(value: bytes) -> str:
    # one flipped bit in one headline must not hide the others
    return value.decode("utf-8", "replace")
