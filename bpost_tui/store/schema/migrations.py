"""Schema of the library's two files, as steps from version to version; docs/schema.md describes the tables.

`PRAGMA user_version` is the number of steps that a file has taken, `PRAGMA application_id` marks it as bpost's (`schema_check`).
Times are whole microseconds since 1970 UTC, in columns that end in `_us`.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple


class DatabaseFile(NamedTuple):
    """One of the library's two files, with the steps of its schema."""

    name: str
    application_id: int
    version: int
    """Number of steps."""
    steps: Callable[[], Sequence[str]]
    """Function that returns the SQL of each step; the SQL file is read only if a step has to be taken."""
    digest: str = ""
    """Digest of the schema after all steps (`schema_check`), so that the schema needn't be created for a comparison."""


FIRST_PAPER = 0
"""Id of the paper that every new file has; it has no key until the first paper is added (`papers`)."""
ALL_PAPERS_LIST = -1
"""`lists.id` of the list of all papers' stories, filled if several papers are subscribed."""
INDEX_VERSION = 4
"""Version of the rules that make words of a text (`bengali.normalise`, `stemmer`, `phonetic`). Raise it to rebuild the index."""
UPDATE_UNREAD_COUNTS = "UPDATE lists SET unread = (SELECT count(*) FROM unread WHERE list = lists.id)"
"""SQL that corrects the unread counts of all lists, for changes that triggers don't count."""

GROUPED_LIST = -2
"""`lists.id` of the list of all papers with each group of stories once (`grouping.group_builder`)."""
MAX_OWN_LIST_ID = -10
"""Greatest `lists.id` of an own list (`lists.own_list_copy`); all others are smaller."""
OWN_LISTS_PAPER = -3
"""`lists.paper` of own lists, which belong to no paper."""
OWN_LIST_PLACE = -4
"""`list_entries.place` of a story in an own list."""
MARKS_LINK_INDEX = "marks_by_link ON marks (link_key) WHERE link_key IS NOT NULL"
"""Index of the links of marks, in the syntax of CREATE INDEX."""


def _steps(name: str) -> Sequence[str]:
    """Return the steps in an SQL file beside this module; each begins with a line `-- ── name ──`."""
    return re.split(r"^-- ── .+ ──\n", Path(__file__).with_name(name).read_text("utf-8"), flags=re.MULTILINE)[1:]


# Why steps, and not one CREATE script with differences. The obvious way is to describe the present schema and alter old files until
# they match. Then each change has to know every older form, and a file that is half altered looks like none of them.
#
# So the schema is a list of steps, and `user_version` counts the steps that a file has taken. Each step runs once, in one
# transaction with its new number. A kill at any call leaves the file before or after the step (251 calls tried for the step
# "plain names"). A released step is never edited; a change is a new step at the end. A new file takes all steps (10 ms), so that
# its schema is exactly the same as a migrated file's, and one digest recognises both.
#
# Steps run on one file alone: a transaction over both isn't atomic across them. So a step never moves rows from one file to the
# other. Rescue and backups may meet files of earlier versions, and copy rows by name. A step that renames a table or column needs
# a line in `repair.row_sanitizer.EARLIER_TABLES` or `EARLIER_COLUMNS`, else its values would be lost.

# The ids are "BPst" and "BPrd".
STORIES = DatabaseFile("stories.db", 0x42507374, 17, partial(_steps, "stories.sql"), "0e6c8c85864ac3d14e0702bc1aa832a6")
READER = DatabaseFile("reader.db", 0x42507264, 14, partial(_steps, "reader.sql"), "a7effc696a8e16b47772cd89a3b6e697")


def is_indexed(db: sqlite3.Connection) -> bool:
    """Whether every story is in the search index, by the present rules; checked at each opening of a library."""
    (version,) = db.execute("SELECT version FROM index_version").fetchone()
    return version == INDEX_VERSION and not db.execute("SELECT 1 FROM stories WHERE entry IS NULL LIMIT 1").fetchone()


def migrate(db: sqlite3.Connection, spec: DatabaseFile) -> None:
    """Take the steps that the main file hasn't taken, each in one transaction. The caller holds the folder's lock.

    Foreign keys are off meanwhile, so that a step can create a table again that others refer to.

    Raises:
        sqlite3.Error: A step failed; its transaction was rolled back.
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
    """Return a connection to a new file in memory after `steps` steps, or all for None; takes 10 ms."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    migrate(db, spec if steps is None else spec._replace(version=steps))
    return db


def header_value(db: sqlite3.Connection, within: str, name: str) -> int:
    """Return a number from a file's header, such as `user_version`; `within` is the database's name on the connection."""
    return int(db.execute(f"PRAGMA {within}.{name}").fetchone()[0])
