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

from bpost_tui.typesetting.text.named_tuple import NamedTuple


class DatabaseFile(NamedTuple):
    """One of the library's two database files, with the steps that create and update its schema."""

    name: str
    application_id: int
    version: int
    """Version of the schema, which is the number of steps."""
    steps: Callable[[], Sequence[str]]
    """Function that returns the SQL of each step. It reads the SQL file, so it is called only if a step has to be taken."""
    digest: str = ""
    """Digest of the schema after all steps (`schema_check`). To check a file, the digest of its schema is compared with this
    digest.
    """


FIRST_PAPER = 0
"""Id of the paper that every new file contains. This paper has no key until the first paper is added (`papers`)."""
ALL_PAPERS_LIST = -1
"""Id, in the table `lists`, of the list of all papers' stories; the list is empty unless several papers are subscribed."""
INDEX_VERSION = 6
"""Version of the rules that split a text into words (`bengali.normalise`, `stemmer`, `phonetic`).

Increase it when a rule changes, so that every library's search index is rebuilt.
"""
EMPTYING_INDEX = -1
"""Version of a search index that is being emptied (`search.search_index`), before it is rebuilt by the present rules."""
UPDATE_UNREAD_COUNTS = "UPDATE lists SET unread = (SELECT count(*) FROM unread WHERE list = lists.id)"
"""SQL that counts the unread stories of all lists again, after changes that no trigger has counted."""

GROUPED_LIST = -2
"""Id, in the table `lists`, of the list with one story of each group (`grouping.group_builder`)."""
MAX_OWN_LIST_ID = -10
"""Id, in the table `lists`, of the first list that the reader made. Further lists get smaller ids (-11, -12 …)."""
OWN_LISTS_PAPER = -3
"""Value of `lists.paper` for lists that the reader made, because they belong to no paper."""
OWN_LIST_PLACE = -4
"""Value of the column `place` in the table `list_entries` for entries of lists that the reader made.

In entries of a category, `place` is the category's position among the story's categories: 0 or more.
"""
CHANGED_LIST = -4
"""Id, in the table `lists`, of the list of stories that changed since the reader read them (`lists.read_versions`).

In the table `list_entries`, the column `place` is -5 for this list's entries. Only in entries of a category is it 0 or more.
"""
FTS_TABLES = ("search", "phonetic_words")
"""Names of the FTS5 tables of stories.db."""
MARKS_LINK_INDEX = "marks_by_link ON marks (link_key) WHERE link_key IS NOT NULL"
"""Name and definition of the index of marks by link, as in CREATE INDEX."""


def _steps(name: str) -> Sequence[str]:
    """Return the steps in the SQL file `name` of this folder; each step begins with a line `-- ── name ──`."""
    return re.split(r"^-- ── .+ ──\n", Path(__file__).with_name(name).read_text("utf-8"), flags=re.MULTILINE)[1:]


# Why steps, and not one CREATE script with differences. The obvious way is to describe the present schema and alter old files until
# they match. Then each change has to know every older form, and a file that is half altered looks like none of them.
#
# So the schema is a list of steps, and `user_version` counts the steps that a file has taken. Each step runs once, in one
# transaction with its new number, so a kill at any moment leaves the file before or after the step (tested in test_plain_names.py).
# A released step is never edited; a change is a new step at the end. A new file takes all steps as well, but in memory: its
# schema is exactly the same as a migrated file's, and one digest recognises both.
#
# Steps run on one file alone: a transaction over both isn't atomic across them. So a step never moves rows from one file to the
# other. Rescue and backups may meet files of earlier versions, and copy rows by name. A step that renames a table or column needs
# a line in `repair.row_sanitizer.EARLIER_TABLES` or `EARLIER_COLUMNS`, else its values would be lost.

# The ids are "BPst" and "BPrd".
STORIES = DatabaseFile("stories.db", 0x42507374, 22, partial(_steps, "stories.sql"), "548a330f10160b5e0744e62dbc809104")
READER = DatabaseFile("reader.db", 0x42507264, 17, partial(_steps, "reader.sql"), "6d6a64df62f8d6a2e66084acf6bfef66")


def index_version(db: sqlite3.Connection) -> int:
    """Return the version of the rules that made the search index."""
    return int(db.execute("SELECT version FROM index_version").fetchone()[0])


def has_older_index(db: sqlite3.Connection) -> bool:
    """Whether earlier rules made the search index, so that it must be rebuilt. Each opening of a library checks this.

    An index that is already being rebuilt doesn't count: the next search or refresh completes it.
    """
    return index_version(db) not in (EMPTYING_INDEX, INDEX_VERSION)


def is_indexed(db: sqlite3.Connection) -> bool:
    """Whether every story is in the search index, made by the present rules. Each search checks this."""
    is_current = index_version(db) == INDEX_VERSION
    return is_current and not db.execute("SELECT 1 FROM stories WHERE entry IS NULL LIMIT 1").fetchone()


def migrate(db: sqlite3.Connection, spec: DatabaseFile) -> None:
    """Run the steps of `spec` that the main database hasn't had yet, each in one transaction. The caller holds the folder's lock.

    Foreign keys are off meanwhile, so that a step can drop and recreate a table that other tables refer to.

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
    """Return a new database in memory, after the first `steps` steps of `spec` (None means all of them); takes 20 to 40 ms."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    migrate(db, spec if steps is None else spec._replace(version=steps))
    return db


def header_value(db: sqlite3.Connection, within: str, name: str) -> int:
    """Return a number from a file's header, for example `user_version`; `within` is the database's name on the connection."""
    return int(db.execute(f"PRAGMA {within}.{name}").fetchone()[0])
