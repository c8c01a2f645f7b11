"""Steps of reader.db: marks, saved searches, what is read later, passages, what was muted with a key (schema.py has the order)."""

from __future__ import annotations

from bpost_tui.store.files.steps.machine_steps import noting

MARKS_BY_LINK = "marks_by_link ON marks (link_key) WHERE link_key IS NOT NULL"
"""The index of the links of marks, as CREATE INDEX takes it."""
MARKS = f"""
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

SEARCHES = """
CREATE TABLE searches (
    name TEXT PRIMARY KEY,
    query TEXT NOT NULL,
    saved_us INTEGER NOT NULL
) STRICT;
"""

LATER = """
ALTER TABLE marks ADD COLUMN later_us INTEGER;
ALTER TABLE marks ADD COLUMN opened_us INTEGER;
UPDATE marks SET opened_us = read_us;
CREATE INDEX marks_by_opening ON marks (opened_us) WHERE opened_us IS NOT NULL;
CREATE TABLE times (
    what TEXT PRIMARY KEY,
    at_us INTEGER NOT NULL
) STRICT;
"""

PASSAGES_STEP = """
CREATE TABLE passages (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    guid TEXT NOT NULL,
    paper TEXT NOT NULL,
    paper_name TEXT NOT NULL,
    link TEXT,
    link_key TEXT,
    title TEXT NOT NULL,
    published_us INTEGER NOT NULL,
    exact TEXT NOT NULL,
    prefix TEXT NOT NULL,
    suffix TEXT NOT NULL,
    is_repeated INTEGER NOT NULL,
    note TEXT NOT NULL,
    kept_us INTEGER NOT NULL,
    changed_us INTEGER NOT NULL
) STRICT;
CREATE INDEX passages_by_story ON passages (guid, paper);
CREATE INDEX passages_by_link ON passages (link_key) WHERE link_key IS NOT NULL;
CREATE TABLE deleted_passages (
    key TEXT PRIMARY KEY,
    deleted_us INTEGER NOT NULL
) STRICT;
""" + "".join(
    (
        noting("passage_kept", "INSERT", "passages", "passage", "''", "NEW.key"),
        noting("passage_deleted", "INSERT", "deleted_passages", "passage", "''", "NEW.key"),
    )
)

READER_STEP = """
CREATE TABLE mutes (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    is_on INTEGER NOT NULL,
    PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;
""" + "".join(
    (
        noting("muted", "INSERT", "mutes", "mute", "''", "NEW.name"),
        noting("muted_anew", "UPDATE OF at_us, is_on", "mutes", "mute", "''", "NEW.name"),
    )
)
