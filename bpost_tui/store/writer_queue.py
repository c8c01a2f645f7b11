"""Queue of the writers of a library, in all threads and processes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import TypeVar

from bpost_tui.atomic import try_lock

T = TypeVar("T")

QUEUE_FILE = "writers.lock"
"""Name of the lock file in the library's folder. The writer that holds its lock (the turn) begins the next transaction."""
LIMIT_S = 120.0
"""Maximum time in seconds that a writer waits for the writers before it."""
BATCH_S = 0.1
"""Time in seconds after which a job over many stories ends a transaction, so that waiting writers get their turn (`within`)."""
_POLL_S = 0.005
"""Time in seconds between two tries to lock the queue's file."""

# Why a queue. The obvious way is SQLite's busy timeout: a writer checks every 100 ms whether the file is free, for at most 10 s.
# But a job of many transactions (comparing stories, an import, pruning) begins the next one microseconds after a commit. So all
# checks of a mark could fall into the job's transactions. After 10 s the mark failed: "the library is in use".
#
# So a writer takes a lock, the turn, before it begins its transaction, and keeps it until the transaction has begun. Only the
# writer with the turn checks the file. A job needs the turn as well, so it can't begin its next transaction while a mark has the
# turn: the mark comes between. If several writers wait, any of them may be next. The turn is a file lock (flock), which the kernel
# releases when its process ends.
#
# The turn only orders writers. The data is safe without it, because SQLite locks its files itself. So if the turn can't be had (in
# a folder without locks, or because a process was stopped while it had the turn), a writer goes on without it.


def begin(db: sqlite3.Connection) -> None:
    """Begin a transaction for writing, after waiting for other writers to commit.

    Raises:
        sqlite3.OperationalError: The file is in use for longer than LIMIT_S, as by a process that is stopped during a transaction.
    """
    execute_in_turn(db, "BEGIN IMMEDIATE")


def execute_in_turn(db: sqlite3.Connection, statement: str) -> None:
    """Run a statement that needs the file's lock for writing, after waiting for other writers to commit.

    A statement that can't run in a transaction, such as VACUUM, needs this: SQLite alone waits 10 s, and fails beside a long job.

    Raises:
        sqlite3.OperationalError: The file is in use for longer than LIMIT_S, or the statement fails.
    """
    until = monotonic() + LIMIT_S
    with _next_turn(db):
        while True:
            try:
                db.execute(statement)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > until:
                    raise
            else:
                return


def within(seconds: float, items: Iterable[T]) -> Iterator[T]:
    """Yield elements of `items` until `seconds` have passed since the first was yielded; at least one, if there is any."""
    until = monotonic() + seconds
    for item in items:
        yield item
        if monotonic() > until:
            return


@contextmanager
def _next_turn(db: sqlite3.Connection) -> Iterator[None]:
    """Wait for the lock of the queue's file for at most LIMIT_S, and hold the lock during the `with` block.

    If the lock can't be had in that time, go on without it.
    """
    path = next(file for _, name, file in db.execute("PRAGMA database_list") if name == "main")
    if not path:  # in memory
        yield
        return
    lock, until = Path(path).with_name(QUEUE_FILE), monotonic() + LIMIT_S
    while True:
        with try_lock(lock) as has_turn:
            if has_turn or monotonic() > until:
                yield
                return
        sleep(_POLL_S)
