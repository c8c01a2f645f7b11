"""What the library's two files hold, and the steps that brought them there; docs/schema.md describes the tables.

A step is never edited once released: a change is a new step at the end. `PRAGMA user_version` counts the steps a file has
taken, `PRAGMA application_id` says whose file it is (file_state.py). Times are whole microseconds since 1970 UTC, in columns that
end in `_us`.
"""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from bpost_tui.store.files.steps import (
    list_steps,
    machine_steps,
    paper_steps,
    reader_steps,
    same_news_steps,
    stories_steps,
)

Steps = tuple[tuple[str, str], ...]
"""(name, SQL statements) in order."""


class Spec(NamedTuple):
    """One of the library's files."""

    name: str
    application_id: int
    steps: Steps
    digest: str = ""
    """Of the schema after all steps (file_state.py), so that it needn't be made to be compared."""


FIRST_PAPER = 0
"""The paper that every file is made with, without a key until one is laid out (papers.py)."""
ALL_PAPERS = -1
"""The `shelves.id` of the list of all papers' stories, filled where several papers are on the stand."""
INDEX_RULES = 3
"""Raised whenever `bengali` would make other words of a text (normalise.py, stemmer.py, phonetic.py): the index is then rebuilt."""
COUNT_UNREAD = "UPDATE shelves SET unread = (SELECT count(*) FROM unread WHERE shelf = shelves.id)"
"""Where triggers didn't."""

# The ids are "BPst" and "BPrd".
STORIES = Spec(
    "stories.db",
    0x42507374,
    (
        ("stories, shelves, validators", stories_steps.STORIES),
        ("search", stories_steps.SEARCH),
        ("read later", stories_steps.LATER),
        ("revisions, walks", stories_steps.ARCHIVE),
        ("items of feeds", stories_steps.SEEN_ITEMS),
        ("contacts", stories_steps.CONTACTS),
        ("unread", stories_steps.UNREAD),
        ("papers", paper_steps.STORIES_STEP),
        ("brought over", paper_steps.BROUGHT_OVER_STEP),
        ("same news", same_news_steps.STORIES_STEP),
        ("nothing brought over", paper_steps.NOTHING_BROUGHT_OVER_STEP),
        ("same news, derived", same_news_steps.DERIVED_STEP),
        ("where texts came from", stories_steps.SOURCE),
    ),
    "6101e0785cdedd16e030fa3756f1ae5b",
)
READER = Spec(
    "reader.db",
    0x42507264,
    (
        ("marks and positions", reader_steps.MARKS),
        ("saved searches", reader_steps.SEARCHES),
        ("read later, history", reader_steps.LATER),
        ("unmarked", machine_steps.UNMARKED_STEP),
        ("papers", paper_steps.READER_STEP),
        ("taken apart", same_news_steps.READER_STEP),
        ("other machines", machine_steps.MACHINES_STEP),
        ("passages", reader_steps.PASSAGES_STEP),
        ("own lists", list_steps.READER_STEP),
        ("together again", same_news_steps.TOGETHER_AGAIN_STEP),
        ("mutes", reader_steps.READER_STEP),
    ),
    "5757804399fd850df60a0bf1345b95b3",
)


def is_indexed(db: sqlite3.Connection) -> bool:
    """Whether every story is in the search index, by the present rules; asked whenever a library is opened."""
    (rules,) = db.execute("SELECT rules FROM search_rules").fetchone()
    return rules == INDEX_RULES and not db.execute("SELECT 1 FROM stories WHERE entry IS NULL LIMIT 1").fetchone()


def migrate(db: sqlite3.Connection, spec: Spec) -> None:
    """Take the steps the main file hasn't taken, each in one transaction; the caller holds the folder's lock.

    Foreign keys are off meanwhile: a table that others refer to may be made anew.

    Raises:
        sqlite3.Error: A step failed, and left no trace.
    """
    enforced = header_value(db, "main", "foreign_keys")
    db.execute("PRAGMA foreign_keys = OFF")
    try:
        for number in range(header_value(db, "main", "user_version"), len(spec.steps)):
            header = f"PRAGMA application_id = {spec.application_id}; PRAGMA user_version = {number + 1};"
            db.executescript(f"BEGIN IMMEDIATE; {spec.steps[number][1]} {header} COMMIT;")
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")
        db.execute(f"PRAGMA foreign_keys = {enforced}")


def made_in_memory(spec: Spec, steps: int | None = None) -> sqlite3.Connection:
    """Return a new file of a kind, held in memory, after so many steps, None for all of them; it takes 10 ms."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    migrate(db, spec._replace(steps=spec.steps[:steps]))
    return db


def header_value(db: sqlite3.Connection, within: str, name: str) -> int:
    """Return a number of a file's header, such as `user_version`."""
    return int(db.execute(f"PRAGMA {within}.{name}").fetchone()[0])
