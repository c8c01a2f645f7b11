-- Steps of stories.db, each after a line with its name. migrations.py has their number and the digest of the resulting schema;
-- docs/schema.md describes the tables. A released step is never edited. Names before the last step are the earlier ones.

-- ── stories, lists, validators ──
-- `shelved` repeats the columns that lists are filtered and ordered by, so that every list is one range of one index; triggers keep
-- it and the counts in `shelves` in step. `read` and `starred` are copies of the reader's marks (lists/mark_store.py); the step
-- "unread" has a table for `read`.
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

-- ── search ──
-- A row of `search` is an entry. Entries are numbered by the minute of publication, so that reading them in order is reading by
-- date. To delete one, FTS5 needs its words; `entry_categories` has those of the categories. `sounds` has phonetic keys of words.
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

-- ── read later ──
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

-- ── revisions, backfills ──
-- `revisions` has earlier versions of edited stories: portals' words, too many for reader.db and its daily backups. A row of
-- `walks` is the range of a feed that was read without a gap: `model.backfill_cursor`.
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

-- ── items of feeds ──
ALTER TABLE validators ADD COLUMN items TEXT NOT NULL DEFAULT '';

-- ── contacts ──
CREATE TABLE contacts (
    host TEXT PRIMARY KEY,
    requests INTEGER NOT NULL,
    last_us INTEGER NOT NULL
) STRICT;

-- ── unread ──
-- Unread entries have rows of their own, so that marking a list takes a fifth of the time. Columns `read` stay, unused.
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

-- ── papers ──
-- `papers.id` is the id of the list of all its stories. Earlier stories belong to the paper 0, which has no key until the first
-- paper is added. `mixed`: whether its stories are also in the list -1, of all papers; only if several papers are subscribed.
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

-- ── brought over ──
-- The libraries that 0.1 had for each portal were copied into the one library; this was dropped before any release.
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

-- ── same news ──
-- A row of `same_news` is a member of a group of stories about one event; `leader` is the member that represents the group in
-- lists, and has a row as well. The list -2 is that of all papers with only one story of each group: a list as any other.
CREATE TABLE same_news (
    story INTEGER PRIMARY KEY REFERENCES stories ON DELETE CASCADE,
    leader INTEGER NOT NULL
) STRICT;
CREATE INDEX same_news_by_leader ON same_news (leader);
INSERT INTO shelves (id, name, paper) VALUES (-2, '', -2);
INSERT INTO shelved SELECT -2, published_us, story, -3, read, starred, later FROM shelved WHERE shelf = -1;
DROP TRIGGER story_added;
CREATE TRIGGER story_added AFTER INSERT ON stories BEGIN
    INSERT INTO shelved VALUES (NEW.paper, NEW.published_us, NEW.id, -1, NEW.read, NEW.starred, NEW.later);
    INSERT INTO shelved SELECT -1, NEW.published_us, NEW.id, -2, NEW.read, NEW.starred, NEW.later
    FROM papers WHERE id = NEW.paper AND mixed = 1;
    INSERT INTO shelved SELECT -2, NEW.published_us, NEW.id, -3, NEW.read, NEW.starred, NEW.later
    FROM papers WHERE id = NEW.paper AND mixed = 1;
END;

-- ── nothing brought over ──
DROP TABLE earlier_numbers;
DROP TABLE brought_over;

-- ── same news, derived ──
-- Groups follow from the saved stories. `traits` are the fingerprints that are compared (grouping/fingerprint.py), with the hash
-- that recurring headlines share; `comparable` has the compared pairs, the lower number first, with their score; `to_compare` has
-- the days, by script, with stories that were added, changed or deleted since (0: a deleted one). A member `differs` if its
-- numbers contradict those of the leader. Groups by earlier rules are deleted: every fifth was wrong.
CREATE TABLE traits (
    story INTEGER PRIMARY KEY REFERENCES stories ON DELETE CASCADE,
    paper INTEGER NOT NULL,
    script INTEGER NOT NULL,
    day INTEGER NOT NULL,
    published_us INTEGER NOT NULL,
    heading_mark INTEGER NOT NULL,
    heading INTEGER NOT NULL,
    words BLOB NOT NULL,
    letters BLOB NOT NULL
) STRICT;
CREATE INDEX traits_by_day ON traits (script, day);
CREATE INDEX traits_by_heading ON traits (paper, heading_mark, published_us);
CREATE TABLE comparable (
    story INTEGER NOT NULL REFERENCES stories ON DELETE CASCADE,
    other INTEGER NOT NULL REFERENCES stories ON DELETE CASCADE,
    score REAL NOT NULL,
    PRIMARY KEY (story, other)
) STRICT, WITHOUT ROWID;
CREATE INDEX comparable_by_other ON comparable (other);
CREATE TABLE to_compare (
    script INTEGER NOT NULL,
    day INTEGER NOT NULL,
    story INTEGER NOT NULL,
    PRIMARY KEY (script, day, story)
) STRICT, WITHOUT ROWID;
DELETE FROM same_news;
ALTER TABLE same_news ADD COLUMN differs INTEGER NOT NULL DEFAULT 0;
DELETE FROM shelved WHERE shelf = -2;
INSERT INTO shelved SELECT -2, published_us, story, -3, read, starred, later FROM shelved WHERE shelf = -1;

-- ── sources of texts ──
ALTER TABLE stories ADD COLUMN source TEXT NOT NULL DEFAULT '';

-- ── prefixes of words ──
CREATE VIRTUAL TABLE search_words USING fts5vocab(search, row);

-- ── repeats ──
ALTER TABLE notes ADD COLUMN times INTEGER NOT NULL DEFAULT 1;

-- ── same news in two scripts ──
-- `words_across` are the keys that a story in Bengali or Latin script can share with the other script (grouping/word_keys.py), the
-- first `heading_across` of them from the headline; NULL until the other script has stories near that day. The last week is
-- compared again.
ALTER TABLE traits ADD COLUMN heading_across INTEGER;
ALTER TABLE traits ADD COLUMN words_across BLOB;
INSERT OR IGNORE INTO to_compare SELECT DISTINCT script, day, 0 FROM traits WHERE day > (SELECT max(day) FROM traits) - 7;

-- ── plain names ──
-- Tables, columns, indexes and triggers take the names that other news readers use. No row is rewritten: SQLite renames a table
-- or column in its schema alone. It can't rename triggers and indexes, so these are made again (reader.sql says more about triggers).
-- `search` keeps its columns, since renaming one would mean building the index again.
DROP TRIGGER story_added;
DROP TRIGGER story_changed;
DROP TRIGGER shelved_added;
DROP TRIGGER shelved_moved;
DROP TRIGGER shelved_removed;
DROP INDEX shelves_by_slug;
DROP INDEX shelved_by_story;
DROP INDEX shelved_starred;
DROP INDEX shelved_later;
DROP INDEX same_news_by_leader;
DROP INDEX traits_by_day;
DROP INDEX traits_by_heading;
DROP INDEX comparable_by_other;
DROP TABLE sounds_by_key;
DROP TABLE search_words;

ALTER TABLE shelves RENAME TO lists;
ALTER TABLE lists RENAME COLUMN listed TO from_portal;
ALTER TABLE shelved RENAME TO list_entries;
ALTER TABLE list_entries RENAME COLUMN shelf TO list;
ALTER TABLE unread RENAME COLUMN shelf TO list;
ALTER TABLE papers RENAME COLUMN place TO position;
ALTER TABLE papers RENAME COLUMN mixed TO in_all_papers;
ALTER TABLE notes RENAME TO fetch_events;
ALTER TABLE fetch_events RENAME COLUMN what TO event;
ALTER TABLE fetch_events RENAME COLUMN times TO repeats;
ALTER TABLE walks RENAME TO backfills;
ALTER TABLE contacts RENAME TO host_requests;
ALTER TABLE same_news RENAME TO story_groups;
ALTER TABLE story_groups RENAME COLUMN leader TO representative;
ALTER TABLE story_groups RENAME COLUMN differs TO contradicts;
ALTER TABLE traits RENAME TO fingerprints;
ALTER TABLE fingerprints RENAME COLUMN heading_mark TO headline_hash;
ALTER TABLE fingerprints RENAME COLUMN heading TO headline_count;
ALTER TABLE fingerprints RENAME COLUMN letters TO letter_grams;
ALTER TABLE fingerprints RENAME COLUMN heading_across TO cross_script_headline_count;
ALTER TABLE fingerprints RENAME COLUMN words_across TO cross_script_words;
ALTER TABLE comparable RENAME TO similar_pairs;
ALTER TABLE to_compare RENAME TO comparison_queue;
ALTER TABLE sounds RENAME TO phonetic_words;
ALTER TABLE search_rules RENAME TO index_version;
ALTER TABLE index_version RENAME COLUMN rules TO version;

CREATE VIRTUAL TABLE phonetic_terms USING fts5vocab(phonetic_words, row);
CREATE VIRTUAL TABLE search_terms USING fts5vocab(search, row);
CREATE UNIQUE INDEX lists_by_slug ON lists (paper, slug);
CREATE INDEX list_entries_by_story ON list_entries (story, place);
CREATE INDEX list_entries_starred ON list_entries (list, published_us, story, read) WHERE starred = 1;
CREATE INDEX list_entries_later ON list_entries (list, published_us, story, read) WHERE later = 1;
CREATE INDEX story_groups_by_representative ON story_groups (representative);
CREATE INDEX fingerprints_by_day ON fingerprints (script, day);
CREATE INDEX fingerprints_by_headline ON fingerprints (paper, headline_hash, published_us);
CREATE INDEX similar_pairs_by_other ON similar_pairs (other);

CREATE TRIGGER story_added AFTER INSERT ON stories BEGIN
    INSERT INTO list_entries VALUES (NEW.paper, NEW.published_us, NEW.id, -1, NEW.read, NEW.starred, NEW.later);
    INSERT INTO list_entries SELECT -1, NEW.published_us, NEW.id, -2, NEW.read, NEW.starred, NEW.later
    FROM papers WHERE id = NEW.paper AND in_all_papers = 1;
    INSERT INTO list_entries SELECT -2, NEW.published_us, NEW.id, -3, NEW.read, NEW.starred, NEW.later
    FROM papers WHERE id = NEW.paper AND in_all_papers = 1;
END;
CREATE TRIGGER story_changed AFTER UPDATE OF published_us, read, starred, later ON stories
WHEN (NEW.published_us, NEW.read, NEW.starred, NEW.later) <> (OLD.published_us, OLD.read, OLD.starred, OLD.later) BEGIN
    UPDATE list_entries SET published_us = NEW.published_us, read = NEW.read, starred = NEW.starred, later = NEW.later
    WHERE story = NEW.id;
END;
CREATE TRIGGER list_entry_added AFTER INSERT ON list_entries BEGIN
    INSERT INTO unread SELECT NEW.list, NEW.published_us, NEW.story WHERE NEW.place = -1 OR EXISTS (SELECT 1 FROM unread
    WHERE (list, published_us, story) = ((SELECT paper FROM stories WHERE id = NEW.story), NEW.published_us, NEW.story));
    UPDATE lists SET total = total + 1, unread = unread
    + EXISTS (SELECT 1 FROM unread WHERE (list, published_us, story) = (NEW.list, NEW.published_us, NEW.story))
    WHERE id = NEW.list;
END;
CREATE TRIGGER list_entry_moved AFTER UPDATE OF published_us ON list_entries WHEN NEW.published_us <> OLD.published_us BEGIN
    UPDATE unread SET published_us = NEW.published_us
    WHERE (list, published_us, story) = (OLD.list, OLD.published_us, OLD.story);
END;
CREATE TRIGGER list_entry_removed AFTER DELETE ON list_entries BEGIN
    UPDATE lists SET total = total - 1, unread = unread
    - EXISTS (SELECT 1 FROM unread WHERE (list, published_us, story) = (OLD.list, OLD.published_us, OLD.story))
    WHERE id = OLD.list;
    DELETE FROM unread WHERE (list, published_us, story) = (OLD.list, OLD.published_us, OLD.story);
END;

-- ── marks of papers no longer followed ──
-- The list of all papers has the followed papers alone. Starred and Read later cover all papers, so they are ranges of these indexes.
CREATE INDEX stories_starred ON stories (published_us, id, paper) WHERE starred = 1;
CREATE INDEX stories_later ON stories (published_us, id, paper) WHERE later = 1;

-- ── comparison in parts ──
-- A row of `comparison_queue` is now a change that concerns `day` and the next day, so it is a row for each of its two pairs of days;
-- `stamp` is new with each change, so that a comparison notices changes made meanwhile. Script -1: the story's fingerprint is
-- missing or outdated. `regrouping_queue` has the stories whose groups may change. Groups and scores stay. The last week is compared
-- again by the present rules.
CREATE TABLE queued (script INTEGER NOT NULL, day INTEGER NOT NULL, story INTEGER NOT NULL);
INSERT INTO queued SELECT script, day, story FROM comparison_queue;
INSERT INTO queued SELECT script, day, 0 FROM fingerprints WHERE day > (SELECT max(day) FROM fingerprints) - 7;
DROP TABLE comparison_queue;
CREATE TABLE comparison_queue (
    script INTEGER NOT NULL,
    day INTEGER NOT NULL,
    story INTEGER NOT NULL,
    stamp INTEGER NOT NULL,
    PRIMARY KEY (script, day, story)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO comparison_queue SELECT script, day, story, random() FROM queued;
INSERT OR IGNORE INTO comparison_queue SELECT script, day - 1, story, random() FROM queued;
INSERT INTO comparison_queue
SELECT -1, day, story, random() FROM fingerprints WHERE day > (SELECT max(day) FROM fingerprints) - 7;
-- A library from before "same news, derived" has no fingerprints, and its groups were deleted: all its stories are compared, the
-- newest first.
INSERT OR IGNORE INTO comparison_queue SELECT -1, published_us / 86400000000, story, random() FROM list_entries
WHERE list = -1 AND NOT EXISTS (SELECT 1 FROM fingerprints);
DROP TABLE queued;
CREATE TABLE regrouping_queue (
    story INTEGER PRIMARY KEY REFERENCES stories ON DELETE CASCADE
) STRICT;

-- ── the end of a text ──
-- Reason why a text ends early, as the portal gave it.
ALTER TABLE stories ADD COLUMN text_end TEXT NOT NULL DEFAULT '';

-- ── figures with fingerprints ──
-- `quantities` has the numbers that a story reports, as JSON; null until they are first compared. The last week is compared again,
-- by fingerprints in which English words have no endings.
ALTER TABLE fingerprints ADD COLUMN quantities TEXT;
INSERT OR IGNORE INTO comparison_queue
SELECT script, day, 0, random() FROM fingerprints WHERE day > (SELECT max(day) FROM fingerprints) - 7;
INSERT OR IGNORE INTO comparison_queue
SELECT script, day - 1, 0, random() FROM fingerprints WHERE day > (SELECT max(day) FROM fingerprints) - 7;
INSERT OR IGNORE INTO comparison_queue
SELECT -1, day, story, random() FROM fingerprints WHERE day > (SELECT max(day) FROM fingerprints) - 7;

-- ── changed since read ──
-- A row of `read_versions` is a read story with the revision that the reader read: `replaced_us` is the revision's, or 0 if the story
-- was last read on another machine. `kind` names the reason why the changes since then matter; it is empty if they don't matter.
-- `edited_us` is when the paper made the last change, if the paper gives the time. The list -4 has the stories with a kind.
CREATE TABLE read_versions (
    story INTEGER PRIMARY KEY REFERENCES stories ON DELETE CASCADE,
    replaced_us INTEGER NOT NULL,
    kind TEXT NOT NULL DEFAULT '',
    old TEXT NOT NULL DEFAULT '',
    new TEXT NOT NULL DEFAULT '',
    unit TEXT NOT NULL DEFAULT '',
    edited_us INTEGER
) STRICT;
INSERT INTO lists (id, name, paper) VALUES (-4, '', -4);
CREATE TRIGGER read_version_added AFTER INSERT ON read_versions WHEN NEW.kind <> '' BEGIN
    INSERT INTO list_entries SELECT -4, published_us, id, -5, read, starred, later FROM stories WHERE id = NEW.story;
END;
CREATE TRIGGER read_version_removed AFTER DELETE ON read_versions WHEN OLD.kind <> '' BEGIN
    DELETE FROM list_entries WHERE (story, place) = (OLD.story, -5);
END;
