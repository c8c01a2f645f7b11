"""What the library's two files hold, and the steps that brought them there; docs/schema.md describes the tables.

A step is never edited once released: a change is a new step at the end. `PRAGMA user_version` counts the steps a file has
taken, `PRAGMA application_id` says whose file it is (file_state.py). Times are whole microseconds since 1970 UTC, in columns that
end in `_us`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

from bpost_tui.store import machine_steps, paper_steps, same_news_steps

Steps = tuple[tuple[str, str], ...]
"""(name, SQL statements) in order."""


class Spec(NamedTuple):
    """One of the library's files."""

    name: str
    application_id: int
    steps: Steps
    rescued: Mapping[str, str]
    """Table → columns copied from a damaged file, in an order that satisfies the foreign keys."""


FIRST_PAPER = 0
"""The paper that every file is made with, without a key until one is laid out (papers.py)."""
ALL_PAPERS = -1
"""The `shelves.id` of the list of all papers' stories, filled where several papers are on the stand."""
INDEX_RULES = 2
"""Raised whenever `bengali` would make other words of a text (normalise.py, stemmer.py, phonetic.py): the index is then rebuilt."""

# `shelved` repeats what lists are filtered and ordered by, so that every list is one range of one index; triggers keep it, and the
# counts in `shelves`, in step. `read` and `starred` are copies of the reader's marks (marks.py); _UNREAD has a table for `read`.
_STORIES = """
CREATE TABLE stories (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    guid TEXT NOT NULL UNIQUE,
    link_key TEXT,
    link TEXT,
    title TEXT NOT NULL,
    author TEXT NOT NULL,
    excerpt TEXT NOT NULL,
    image TEXT,
    tags TEXT NOT NULL,
    published_us INTEGER NOT NULL,
    modified_us INTEGER,
    first_seen_us INTEGER NOT NULL,
    full INTEGER NOT NULL,
    read INTEGER NOT NULL DEFAULT 0,
    starred INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX stories_by_link ON stories (link_key) WHERE link_key IS NOT NULL;

CREATE TABLE texts (
    story INTEGER PRIMARY KEY REFERENCES stories ON DELETE CASCADE,
    blocks TEXT NOT NULL
) STRICT;

CREATE TABLE shelves (
    id INTEGER PRIMARY KEY,
    slug TEXT UNIQUE,
    name TEXT NOT NULL,
    parent TEXT,
    portal_count INTEGER,
    listed INTEGER NOT NULL DEFAULT 0,
    total INTEGER NOT NULL DEFAULT 0,
    unread INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO shelves (id, name) VALUES (0, '');

CREATE TABLE shelved (
    shelf INTEGER NOT NULL REFERENCES shelves,
    published_us INTEGER NOT NULL,
    story INTEGER NOT NULL REFERENCES stories ON DELETE CASCADE,
    place INTEGER NOT NULL,
    read INTEGER NOT NULL,
    starred INTEGER NOT NULL,
    PRIMARY KEY (shelf, published_us, story)
) STRICT, WITHOUT ROWID;
CREATE INDEX shelved_by_story ON shelved (story, place);
CREATE INDEX shelved_unread ON shelved (shelf, published_us, story) WHERE read = 0;
CREATE INDEX shelved_starred ON shelved (shelf, published_us, story, read) WHERE starred = 1;

CREATE TRIGGER story_added AFTER INSERT ON stories BEGIN
    INSERT INTO shelved VALUES (0, NEW.published_us, NEW.id, -1, NEW.read, NEW.starred);
END;
CREATE TRIGGER story_changed AFTER UPDATE OF published_us, read, starred ON stories
WHEN (NEW.published_us, NEW.read, NEW.starred) <> (OLD.published_us, OLD.read, OLD.starred) BEGIN
    UPDATE shelved SET published_us = NEW.published_us, read = NEW.read, starred = NEW.starred WHERE story = NEW.id;
END;
CREATE TRIGGER shelved_added AFTER INSERT ON shelved BEGIN
    UPDATE shelves SET total = total + 1, unread = unread + 1 - NEW.read WHERE id = NEW.shelf;
END;
CREATE TRIGGER shelved_removed AFTER DELETE ON shelved BEGIN
    UPDATE shelves SET total = total - 1, unread = unread - 1 + OLD.read WHERE id = OLD.shelf;
END;
CREATE TRIGGER shelved_read AFTER UPDATE OF read ON shelved WHEN NEW.read <> OLD.read BEGIN
    UPDATE shelves SET unread = unread + OLD.read - NEW.read WHERE id = NEW.shelf;
END;

CREATE TABLE validators (
    address TEXT PRIMARY KEY,
    etag TEXT,
    last_modified TEXT,
    saved_us INTEGER NOT NULL
) STRICT;
CREATE TABLE notes (
    what TEXT PRIMARY KEY,
    at_us INTEGER NOT NULL
) STRICT;
CREATE TABLE marks_stamp (stamp TEXT NOT NULL) STRICT;
INSERT INTO marks_stamp VALUES (hex(randomblob(16)));
"""

# A row of `search` is an entry. Entries are numbered by the minute of publication, so that reading them in order is reading by
# date. To delete one, FTS5 must be given its words; `entry_categories` has the categories' as they were. `sounds` is for sounds.
_SEARCH = """
ALTER TABLE stories ADD COLUMN entry INTEGER;
ALTER TABLE stories ADD COLUMN entry_categories TEXT NOT NULL DEFAULT '';
CREATE INDEX stories_by_entry ON stories (entry, published_us, read, starred);
CREATE INDEX stories_without_entry ON stories (id) WHERE entry IS NULL;
CREATE VIRTUAL TABLE search USING fts5(
    headline, tag, author, category, traits, text, headline_stems, text_stems,
    content = '', tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'"
);
CREATE VIRTUAL TABLE sounds USING fts5(
    words, content = '', detail = none, tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'"
);
INSERT INTO search (search, rank) VALUES ('automerge', 8);
INSERT INTO sounds (sounds, rank) VALUES ('automerge', 8);
CREATE VIRTUAL TABLE sounds_by_key USING fts5vocab(sounds, row);
CREATE TABLE search_rules (rules INTEGER NOT NULL) STRICT;
INSERT INTO search_rules VALUES (0);
"""

_LATER_COPY = """
ALTER TABLE stories ADD COLUMN later INTEGER NOT NULL DEFAULT 0;
ALTER TABLE shelved ADD COLUMN later INTEGER NOT NULL DEFAULT 0;
CREATE INDEX shelved_later ON shelved (shelf, published_us, story, read) WHERE later = 1;
DROP INDEX stories_by_entry;
CREATE INDEX stories_by_entry ON stories (entry, published_us, read, starred, later);
DROP TRIGGER story_added;
CREATE TRIGGER story_added AFTER INSERT ON stories BEGIN
    INSERT INTO shelved VALUES (0, NEW.published_us, NEW.id, -1, NEW.read, NEW.starred, NEW.later);
END;
DROP TRIGGER story_changed;
CREATE TRIGGER story_changed AFTER UPDATE OF published_us, read, starred, later ON stories
WHEN (NEW.published_us, NEW.read, NEW.starred, NEW.later) <> (OLD.published_us, OLD.read, OLD.starred, OLD.later) BEGIN
    UPDATE shelved SET published_us = NEW.published_us, read = NEW.read, starred = NEW.starred, later = NEW.later
    WHERE story = NEW.id;
END;
"""

# `revisions` has what edited stories said before: the portal's words, too many for the reader's file and its daily copies.
# A row of `walks` is how far back a feed was read without a gap: results.BackfillCursor.
_ARCHIVE = """
ALTER TABLE stories ADD COLUMN updated_us INTEGER;
ALTER TABLE stories ADD COLUMN withdrawn_us INTEGER;
CREATE TABLE revisions (
    story INTEGER NOT NULL REFERENCES stories ON DELETE CASCADE,
    replaced_us INTEGER NOT NULL,
    title TEXT NOT NULL,
    blocks TEXT NOT NULL,
    PRIMARY KEY (story, replaced_us)
) STRICT, WITHOUT ROWID;
CREATE TABLE walks (
    feed TEXT PRIMARY KEY,
    newest_us INTEGER NOT NULL,
    oldest_us INTEGER NOT NULL,
    at_oldest TEXT NOT NULL,
    page INTEGER,
    state INTEGER NOT NULL
) STRICT;
"""

_CONTACTS = """
CREATE TABLE contacts (
    host TEXT PRIMARY KEY,
    requests INTEGER NOT NULL,
    last_us INTEGER NOT NULL
) STRICT;
"""
_SEEN_ITEMS = "ALTER TABLE validators ADD COLUMN items TEXT NOT NULL DEFAULT '';"

# What is unread has rows of its own: a list is marked in a fifth of the time. Columns `read` stay for the order of rescued rows.
_UNREAD = """
CREATE TABLE unread (
    shelf INTEGER NOT NULL,
    published_us INTEGER NOT NULL,
    story INTEGER NOT NULL,
    PRIMARY KEY (shelf, published_us, story)
) STRICT, WITHOUT ROWID;
INSERT INTO unread SELECT shelf, published_us, story FROM shelved WHERE read = 0;
DROP INDEX shelved_unread;
DROP TRIGGER shelved_added;
DROP TRIGGER shelved_removed;
DROP TRIGGER shelved_read;
CREATE TRIGGER shelved_added AFTER INSERT ON shelved BEGIN
    INSERT INTO unread SELECT NEW.shelf, NEW.published_us, NEW.story WHERE NEW.shelf = 0
    OR EXISTS (SELECT 1 FROM unread WHERE (shelf, published_us, story) = (0, NEW.published_us, NEW.story));
    UPDATE shelves SET total = total + 1, unread = unread
    + EXISTS (SELECT 1 FROM unread WHERE (shelf, published_us, story) = (NEW.shelf, NEW.published_us, NEW.story))
    WHERE id = NEW.shelf;
END;
CREATE TRIGGER shelved_moved AFTER UPDATE OF published_us ON shelved WHEN NEW.published_us <> OLD.published_us BEGIN
    UPDATE unread SET published_us = NEW.published_us
    WHERE (shelf, published_us, story) = (OLD.shelf, OLD.published_us, OLD.story);
END;
CREATE TRIGGER shelved_removed AFTER DELETE ON shelved BEGIN
    UPDATE shelves SET total = total - 1, unread = unread
    - EXISTS (SELECT 1 FROM unread WHERE (shelf, published_us, story) = (OLD.shelf, OLD.published_us, OLD.story))
    WHERE id = OLD.shelf;
    DELETE FROM unread WHERE (shelf, published_us, story) = (OLD.shelf, OLD.published_us, OLD.story);
END;
"""
COUNT_UNREAD = "UPDATE shelves SET unread = (SELECT count(*) FROM unread WHERE shelf = shelves.id)"
MARKS_BY_LINK = "marks_by_link ON marks (link_key) WHERE link_key IS NOT NULL"
"""The index of the links of marks, as CREATE INDEX takes it."""
_READER = f"""
CREATE TABLE marks (
    guid TEXT PRIMARY KEY,
    link_key TEXT,
    read_us INTEGER,
    starred_us INTEGER,
    item INTEGER,
    fraction REAL
) STRICT;
CREATE INDEX {MARKS_BY_LINK};
CREATE TABLE marks_stamp (stamp TEXT NOT NULL) STRICT;
INSERT INTO marks_stamp VALUES (hex(randomblob(16)));
"""  # noqa: S608 - a name of ours

_SEARCHES = """
CREATE TABLE searches (
    name TEXT PRIMARY KEY,
    query TEXT NOT NULL,
    saved_us INTEGER NOT NULL
) STRICT;
"""

_LATER = """
ALTER TABLE marks ADD COLUMN later_us INTEGER;
ALTER TABLE marks ADD COLUMN opened_us INTEGER;
UPDATE marks SET opened_us = read_us;
CREATE INDEX marks_by_opening ON marks (opened_us) WHERE opened_us IS NOT NULL;
CREATE TABLE times (
    what TEXT PRIMARY KEY,
    at_us INTEGER NOT NULL
) STRICT;
"""

# The ids are "BPst" and "BPrd". Validators aren't rescued: what an address sent might have been lost.
STORIES = Spec(
    "stories.db",
    0x42507374,
    (
        ("stories, shelves, validators", _STORIES),
        ("search", _SEARCH),
        ("read later", _LATER_COPY),
        ("revisions, walks", _ARCHIVE),
        ("items of feeds", _SEEN_ITEMS),
        ("contacts", _CONTACTS),
        ("unread", _UNREAD),
        ("papers", paper_steps.STORIES_STEP),
        ("brought over", paper_steps.BROUGHT_OVER_STEP),
        ("same news", same_news_steps.STORIES_STEP),
    ),
    {
        "shelves": "id, slug, name, parent, portal_count, listed, paper",
        "papers": "id, key, address, name",
        "stories": "id, guid, link_key, link, title, author, excerpt, image, tags, published_us, modified_us, first_seen_us, full, "
        "starred, later, updated_us, withdrawn_us, paper",
        "texts": "story, blocks",
        "revisions": "story, replaced_us, title, blocks",
        "shelved": "shelf, published_us, story, place, read, starred, later",
        "same_news": "story, leader",
        "contacts": "host, requests, last_us",
        "earlier_numbers": "paper, number, story",
        "brought_over": "folder, through, stories, at_us",
    },
)
READER = Spec(
    "reader.db",
    0x42507264,
    (
        ("marks and positions", _READER),
        ("saved searches", _SEARCHES),
        ("read later, history", _LATER),
        ("unmarked", machine_steps.UNMARKED_STEP),
        ("papers", paper_steps.READER_STEP),
        ("taken apart", same_news_steps.READER_STEP),
        ("other machines", machine_steps.MACHINES_STEP),
    ),
    {
        "marks": "guid, link_key, read_us, starred_us, later_us, opened_us, item, fraction, unread_us, unstarred_us, unlater_us, "
        "paper, position_us",
        "searches": "name, query, saved_us",
        "forgotten_searches": "name, forgotten_us",
        "times": "what, at_us",
        "apart": "guid, paper, other_guid, other_paper, at_us",
    },
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
