"""The first steps of reader.db: marks, saved searches, what is read later."""

from __future__ import annotations

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
