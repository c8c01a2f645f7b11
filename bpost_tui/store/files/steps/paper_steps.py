"""The steps of both files that made one library of all papers.

Constraints can't be taken off a table, so tables are made anew, as https://sqlite.org/lang_altertable.html#otheralter says: with
foreign keys off (`schema.migrate`), filled, and renamed. Numbers of stories stay, so the search index and the lists of a file of
one paper stay as they are. New columns stand last: rows of a damaged file of any version are rescued by the order of its columns.
"""

from __future__ import annotations

# `papers.id` is the id of the shelf with all its stories. What was there before is the paper 0's, which has no key until one is
# laid out. `mixed` says whether its stories are on the shelf -1, too, the list of all papers: only where there are several.
STORIES_STEP = """
DROP TRIGGER shelved_added;
DROP TRIGGER shelved_removed;

CREATE TABLE shelves_anew (
    id INTEGER PRIMARY KEY,
    slug TEXT,
    name TEXT NOT NULL,
    parent TEXT,
    portal_count INTEGER,
    listed INTEGER NOT NULL DEFAULT 0,
    total INTEGER NOT NULL DEFAULT 0,
    unread INTEGER NOT NULL DEFAULT 0,
    paper INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO shelves_anew SELECT id, slug, name, parent, portal_count, listed, total, unread, 0 FROM shelves;
DROP TABLE shelves;
ALTER TABLE shelves_anew RENAME TO shelves;
INSERT INTO shelves (id, name, paper) VALUES (-1, '', -1);
CREATE UNIQUE INDEX shelves_by_slug ON shelves (paper, slug);

CREATE TABLE papers (
    id INTEGER PRIMARY KEY REFERENCES shelves,
    key TEXT NOT NULL UNIQUE,
    address TEXT NOT NULL,
    name TEXT NOT NULL,
    place INTEGER,
    mixed INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO papers VALUES (0, '', '', '', 1, 0);

CREATE TABLE stories_anew (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    guid TEXT NOT NULL,
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
    starred INTEGER NOT NULL DEFAULT 0,
    entry INTEGER,
    entry_categories TEXT NOT NULL DEFAULT '',
    later INTEGER NOT NULL DEFAULT 0,
    updated_us INTEGER,
    withdrawn_us INTEGER,
    paper INTEGER NOT NULL DEFAULT 0 REFERENCES papers
) STRICT;
INSERT INTO stories_anew SELECT *, 0 FROM stories ORDER BY id;
DELETE FROM sqlite_sequence WHERE name = 'stories_anew';
INSERT INTO sqlite_sequence SELECT 'stories_anew', seq FROM sqlite_sequence WHERE name = 'stories';
DROP TABLE stories;
ALTER TABLE stories_anew RENAME TO stories;
CREATE UNIQUE INDEX stories_by_guid ON stories (guid, paper);
CREATE INDEX stories_by_link ON stories (link_key, paper) WHERE link_key IS NOT NULL;
CREATE INDEX stories_by_entry ON stories (entry, published_us, read, starred, later, paper);
CREATE INDEX stories_without_entry ON stories (id) WHERE entry IS NULL;

CREATE TRIGGER story_added AFTER INSERT ON stories BEGIN
    INSERT INTO shelved VALUES (NEW.paper, NEW.published_us, NEW.id, -1, NEW.read, NEW.starred, NEW.later);
    INSERT INTO shelved SELECT -1, NEW.published_us, NEW.id, -2, NEW.read, NEW.starred, NEW.later
    FROM papers WHERE id = NEW.paper AND mixed = 1;
END;
CREATE TRIGGER story_changed AFTER UPDATE OF published_us, read, starred, later ON stories
WHEN (NEW.published_us, NEW.read, NEW.starred, NEW.later) <> (OLD.published_us, OLD.read, OLD.starred, OLD.later) BEGIN
    UPDATE shelved SET published_us = NEW.published_us, read = NEW.read, starred = NEW.starred, later = NEW.later
    WHERE story = NEW.id;
END;
CREATE TRIGGER shelved_added AFTER INSERT ON shelved BEGIN
    INSERT INTO unread SELECT NEW.shelf, NEW.published_us, NEW.story WHERE NEW.place = -1 OR EXISTS (SELECT 1 FROM unread
    WHERE (shelf, published_us, story) = ((SELECT paper FROM stories WHERE id = NEW.story), NEW.published_us, NEW.story));
    UPDATE shelves SET total = total + 1, unread = unread
    + EXISTS (SELECT 1 FROM unread WHERE (shelf, published_us, story) = (NEW.shelf, NEW.published_us, NEW.story))
    WHERE id = NEW.shelf;
END;
CREATE TRIGGER shelved_removed AFTER DELETE ON shelved BEGIN
    UPDATE shelves SET total = total - 1, unread = unread
    - EXISTS (SELECT 1 FROM unread WHERE (shelf, published_us, story) = (OLD.shelf, OLD.published_us, OLD.story))
    WHERE id = OLD.shelf;
    DELETE FROM unread WHERE (shelf, published_us, story) = (OLD.shelf, OLD.published_us, OLD.story);
END;

ALTER TABLE notes RENAME TO notes_before;
CREATE TABLE notes (
    what TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    paper INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (paper, what)
) STRICT;
INSERT INTO notes SELECT what, at_us, 0 FROM notes_before;
DROP TABLE notes_before;

ALTER TABLE walks RENAME TO walks_before;
CREATE TABLE walks (
    feed TEXT NOT NULL,
    newest_us INTEGER NOT NULL,
    oldest_us INTEGER NOT NULL,
    at_oldest TEXT NOT NULL,
    page INTEGER,
    state INTEGER NOT NULL,
    paper INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (paper, feed)
) STRICT;
INSERT INTO walks SELECT feed, newest_us, oldest_us, at_oldest, page, state, 0 FROM walks_before;
DROP TABLE walks_before;
"""

# The libraries that 0.1 had for each portal were copied into the one library; that was dropped before any release.
BROUGHT_OVER_STEP = """
CREATE TABLE earlier_numbers (
    paper INTEGER NOT NULL REFERENCES papers,
    number INTEGER NOT NULL,
    story INTEGER NOT NULL REFERENCES stories ON DELETE CASCADE,
    PRIMARY KEY (paper, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX earlier_numbers_by_story ON earlier_numbers (story);
CREATE TABLE brought_over (
    folder TEXT PRIMARY KEY,
    through INTEGER NOT NULL,
    stories INTEGER NOT NULL,
    at_us INTEGER NOT NULL
) STRICT;
"""

NOTHING_BROUGHT_OVER_STEP = """
DROP TABLE earlier_numbers;
DROP TABLE brought_over;
"""

# Marks name their paper by its key: stories.db may be lost, and its numbers of papers with it. Those without a key are the paper
# 0's (papers.py gives them its key as soon as it has one).
READER_STEP = """
CREATE TABLE marks_anew (
    guid TEXT NOT NULL,
    link_key TEXT,
    read_us INTEGER,
    starred_us INTEGER,
    item INTEGER,
    fraction REAL,
    later_us INTEGER,
    opened_us INTEGER,
    unread_us INTEGER,
    unstarred_us INTEGER,
    unlater_us INTEGER,
    paper TEXT NOT NULL DEFAULT ''
) STRICT;
INSERT INTO marks_anew SELECT *, '' FROM marks WHERE guid IS NOT NULL;
DROP TABLE marks;
ALTER TABLE marks_anew RENAME TO marks;
CREATE UNIQUE INDEX marks_by_guid ON marks (guid, paper);
CREATE INDEX marks_by_link ON marks (link_key) WHERE link_key IS NOT NULL;
CREATE INDEX marks_by_opening ON marks (opened_us) WHERE opened_us IS NOT NULL;
"""
