"""What the library's two files hold, and the steps that brought them there; docs/schema.md describes the tables.

A step is never edited once released: a change is a new step at the end. `PRAGMA user_version` counts the steps a file has
taken, `PRAGMA application_id` says whose file it is (file_state.py). Times are whole microseconds since 1970 UTC, in columns that
end in `_us`.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple


class DatabaseFile(NamedTuple):
    """One of the library's files."""

    name: str
    application_id: int
    version: int
    """How many steps it has taken."""
    steps: Callable[[], Sequence[str]]
    """Returns the SQL of each step; read only where one is to be taken."""
    digest: str = ""
    """Of the schema after all steps (file_state.py), so that it needn't be made to be compared."""


FIRST_PAPER = 0
"""The paper that every file is made with, without a key until one is laid out (papers.py)."""
ALL_PAPERS_LIST = -1
"""The `lists.id` of the list of all papers' stories, filled where several papers are on the stand."""
INDEX_VERSION = 4
"""Raised whenever `bengali` would make other words of a text (normalise.py, stemmer.py, phonetic.py): the index is then rebuilt."""
UPDATE_UNREAD_COUNTS = "UPDATE lists SET unread = (SELECT count(*) FROM unread WHERE list = lists.id)"
"""Where triggers didn't."""

GROUPED_LIST = -2
"""The `lists.id` of the list of all papers with the same news once (same_news.py)."""
MAX_OWN_LIST_ID = -10
"""The greatest `lists.id` of a list of the reader's own (list_copies.py); the others lie below."""
OWN_LISTS_PAPER = -3
"""Their `lists.paper`: they are of no paper."""
OWN_LIST_PLACE = -4
"""The `list_entries.place` of a story on one."""
MARKS_LINK_INDEX = "marks_by_link ON marks (link_key) WHERE link_key IS NOT NULL"
"""The index of the links of marks, as CREATE INDEX takes it."""


def _steps(name: str) -> Sequence[str]:
    """Return the steps of a file of SQL beside this module; each begins with a line `-- ── its name ──`."""
    return re.split(r"^-- ── .+ ──\n", Path(__file__).with_name(name).read_text("utf-8"), flags=re.MULTILINE)[1:]


# The ids are "BPst" and "BPrd".
STORIES = DatabaseFile("stories.db", 0x42507374, 17, partial(_steps, "stories.sql"), "0e6c8c85864ac3d14e0702bc1aa832a6")
READER = DatabaseFile("reader.db", 0x42507264, 14, partial(_steps, "reader.sql"), "a7effc696a8e16b47772cd89a3b6e697")


def is_indexed(db: sqlite3.Connection) -> bool:
    """Whether every story is in the search index, by the present rules; asked whenever a library is opened."""
    (version,) = db.execute("SELECT version FROM index_version").fetchone()
    return version == INDEX_VERSION and not db.execute("SELECT 1 FROM stories WHERE entry IS NULL LIMIT 1").fetchone()


def migrate(db: sqlite3.Connection, spec: DatabaseFile) -> None:
    """Take the steps the main file hasn't taken, each in one transaction; the caller holds the folder's lock.

    Foreign keys are off meanwhile: a table that others refer to may be made again.

    Raises:
        sqlite3.Error: A step failed, and left no trace.
    """
    enforced = header_value(db, "main", "foreign_keys")
    db.execute("PRAGMA foreign_keys = OFF")
    try:
        taken = header_value(db, "main", "user_version")
        for number, step in enumerate(spec.steps()[taken : spec.version] if taken < spec.version else (), taken):
            header = f"PRAGMA application_id = {spec.application_id}; PRAGMA user_version = {number + 1};"
            db.executescript(f"BEGIN IMMEDIATE; {step} {header} COMMIT;")
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")
        db.execute(f"PRAGMA foreign_keys = {enforced}")


def create_in_memory(spec: DatabaseFile, steps: int | None = None) -> sqlite3.Connection:
    """Return a new file of a kind, held in memory, after so many steps, None for all of them; it takes 10 ms."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    migrate(db, spec if steps is None else spec._replace(version=steps))
    return db


def header_value(db: sqlite3.Connection, within: str, name: str) -> int:
    """Return a number of a file's header, such as `user_version`."""
    return int(db.execute(f"PRAGMA {within}.{name}").fetchone()[0])
