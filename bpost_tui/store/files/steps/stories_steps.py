"""The steps of stories.db up to the library of one paper."""

from __future__ import annotations

# `shelved` repeats what lists are filtered and ordered by, so that every list is one range of one index; triggers keep it, and the
# counts in `shelves`, in step. `read` and `starred` are copies of the reader's marks (marks.py); UNREAD has a table for `read`.
STORIES = """
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
SEARCH = """
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

LATER = """
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
ARCHIVE = """
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

CONTACTS = """
CREATE TABLE contacts (
    host TEXT PRIMARY KEY,
    requests INTEGER NOT NULL,
    last_us INTEGER NOT NULL
) STRICT;
"""
SEEN_ITEMS = "ALTER TABLE validators ADD COLUMN items TEXT NOT NULL DEFAULT '';"

SOURCE = "ALTER TABLE stories ADD COLUMN source TEXT NOT NULL DEFAULT '';"

# What is unread has rows of its own: a list is marked in a fifth of the time. Columns `read` stay for the order of rescued rows.
UNREAD = """
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
