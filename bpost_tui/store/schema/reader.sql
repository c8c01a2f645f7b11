-- Steps of reader.db, each after a line with its name. migrations.py has their number and the digest of the resulting schema;
-- docs/schema.md describes the tables. A released step is never edited. Names before the last step are the earlier ones.
--
-- `untold` has the subjects that changed since this machine last wrote its file for others, with `is_telling` set while it writes.
-- Triggers fill it once a sync folder is used, so that code that changes a mark needn't. Inside a trigger, conflicts are resolved
-- as the firing statement demands, so each trigger first looks for the row (https://sqlite.org/lang_createtrigger.html).

-- ── marks and positions ──
CREATE TABLE marks (
    guid TEXT PRIMARY KEY,
    link_key TEXT,
    read_us INTEGER,
    starred_us INTEGER,
    item INTEGER,
    fraction REAL
) STRICT;
CREATE INDEX marks_by_link ON marks (link_key) WHERE link_key IS NOT NULL;
CREATE TABLE marks_stamp (stamp TEXT NOT NULL) STRICT;
INSERT INTO marks_stamp VALUES (hex(randomblob(16)));

-- ── saved searches ──
CREATE TABLE searches (
    name TEXT PRIMARY KEY,
    query TEXT NOT NULL,
    saved_us INTEGER NOT NULL
) STRICT;

-- ── read later, history ──
ALTER TABLE marks ADD COLUMN later_us INTEGER;
ALTER TABLE marks ADD COLUMN opened_us INTEGER;
UPDATE marks SET opened_us = read_us;
CREATE INDEX marks_by_opening ON marks (opened_us) WHERE opened_us IS NOT NULL;
CREATE TABLE times (
    what TEXT PRIMARY KEY,
    at_us INTEGER NOT NULL
) STRICT;

-- ── unmarked ──
-- Times when marks were removed, so that the later of two libraries' changes wins (import_export.py, change_store.py).
ALTER TABLE marks ADD COLUMN unread_us INTEGER;
ALTER TABLE marks ADD COLUMN unstarred_us INTEGER;
ALTER TABLE marks ADD COLUMN unlater_us INTEGER;

-- ── papers ──
-- Marks name their paper by its key, because stories.db may be lost with its numbers of papers. Marks without a key belong to the
-- paper 0 (papers.py gives them its key as soon as it has one).
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

-- ── separations ──
-- Pairs of stories that the reader separated, each in one order only; named by guid and paper, as marks are.
CREATE TABLE apart (
    guid TEXT NOT NULL,
    paper TEXT NOT NULL,
    other_guid TEXT NOT NULL,
    other_paper TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    PRIMARY KEY (guid, paper, other_guid, other_paper)
) STRICT, WITHOUT ROWID;

-- ── other machines ──
ALTER TABLE marks ADD COLUMN position_us INTEGER;
CREATE TABLE forgotten_searches (
    name TEXT PRIMARY KEY,
    forgotten_us INTEGER NOT NULL
) STRICT;
CREATE TABLE machine_files (
    name TEXT PRIMARY KEY,
    version TEXT NOT NULL,
    good_bytes INTEGER NOT NULL,
    good_lines INTEGER NOT NULL,
    digest TEXT NOT NULL,
    vocabulary INTEGER NOT NULL
) STRICT;
CREATE TABLE untold (
    kind TEXT NOT NULL,
    paper TEXT NOT NULL,
    name TEXT NOT NULL,
    is_telling INTEGER NOT NULL,
    PRIMARY KEY (kind, paper, name, is_telling)
) STRICT, WITHOUT ROWID;
CREATE TABLE telling (is_on INTEGER NOT NULL) STRICT;
INSERT INTO telling VALUES (0);

CREATE TRIGGER mark_set AFTER INSERT ON marks WHEN (SELECT is_on FROM telling) BEGIN
    INSERT INTO untold SELECT 'story', NEW.paper, NEW.guid, 0 WHERE NOT EXISTS (
        SELECT 1 FROM untold WHERE (kind, paper, name, is_telling) = ('story', NEW.paper, NEW.guid, 0)
    );
END;

CREATE TRIGGER mark_changed AFTER UPDATE OF guid, paper, read_us, unread_us, starred_us, unstarred_us, later_us, unlater_us, position_us ON marks WHEN (SELECT is_on FROM telling) BEGIN
    INSERT INTO untold SELECT 'story', NEW.paper, NEW.guid, 0 WHERE NOT EXISTS (
        SELECT 1 FROM untold WHERE (kind, paper, name, is_telling) = ('story', NEW.paper, NEW.guid, 0)
    );
END;

CREATE TRIGGER search_saved AFTER INSERT ON searches WHEN (SELECT is_on FROM telling) BEGIN
    INSERT INTO untold SELECT 'search', '', NEW.name, 0 WHERE NOT EXISTS (
        SELECT 1 FROM untold WHERE (kind, paper, name, is_telling) = ('search', '', NEW.name, 0)
    );
END;

CREATE TRIGGER search_forgotten AFTER INSERT ON forgotten_searches WHEN (SELECT is_on FROM telling) BEGIN
    INSERT INTO untold SELECT 'search', '', NEW.name, 0 WHERE NOT EXISTS (
        SELECT 1 FROM untold WHERE (kind, paper, name, is_telling) = ('search', '', NEW.name, 0)
    );
END;

-- ── passages ──
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

CREATE TRIGGER passage_kept AFTER INSERT ON passages WHEN (SELECT is_on FROM telling) BEGIN
    INSERT INTO untold SELECT 'passage', '', NEW.key, 0 WHERE NOT EXISTS (
        SELECT 1 FROM untold WHERE (kind, paper, name, is_telling) = ('passage', '', NEW.key, 0)
    );
END;

CREATE TRIGGER passage_deleted AFTER INSERT ON deleted_passages WHEN (SELECT is_on FROM telling) BEGIN
    INSERT INTO untold SELECT 'passage', '', NEW.key, 0 WHERE NOT EXISTS (
        SELECT 1 FROM untold WHERE (kind, paper, name, is_telling) = ('passage', '', NEW.key, 0)
    );
END;

-- ── own lists ──
-- A list has a permanent key, the name that it was created under, so two machines that create lists of one name share one list. Its
-- name, its existence and each entry have the time of their last change. Rows of `listed` follow the guid and paper of the story's
-- marks by a foreign key, and are deleted with them.
CREATE TABLE lists (
    key TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    named_us INTEGER NOT NULL,
    is_there INTEGER NOT NULL,
    there_us INTEGER NOT NULL
) STRICT;
CREATE TABLE listed (
    list TEXT NOT NULL,
    guid TEXT NOT NULL,
    paper TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    is_in INTEGER NOT NULL,
    PRIMARY KEY (list, guid, paper),
    FOREIGN KEY (guid, paper) REFERENCES marks (guid, paper) ON UPDATE CASCADE ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX listed_by_story ON listed (guid, paper);

CREATE TRIGGER list_made AFTER INSERT ON lists WHEN (SELECT is_on FROM telling) BEGIN
    INSERT INTO untold SELECT 'list', '', NEW.key, 0 WHERE NOT EXISTS (
        SELECT 1 FROM untold WHERE (kind, paper, name, is_telling) = ('list', '', NEW.key, 0)
    );
END;

CREATE TRIGGER list_changed AFTER UPDATE ON lists WHEN (SELECT is_on FROM telling) BEGIN
    INSERT INTO untold SELECT 'list', '', NEW.key, 0 WHERE NOT EXISTS (
        SELECT 1 FROM untold WHERE (kind, paper, name, is_telling) = ('list', '', NEW.key, 0)
    );
END;

CREATE TRIGGER story_listed AFTER INSERT ON listed WHEN (SELECT is_on FROM telling) BEGIN
    INSERT INTO untold SELECT 'story', NEW.paper, NEW.guid, 0 WHERE NOT EXISTS (
        SELECT 1 FROM untold WHERE (kind, paper, name, is_telling) = ('story', NEW.paper, NEW.guid, 0)
    );
END;

CREATE TRIGGER story_listed_anew AFTER UPDATE OF at_us, is_in ON listed WHEN (SELECT is_on FROM telling) BEGIN
    INSERT INTO untold SELECT 'story', NEW.paper, NEW.guid, 0 WHERE NOT EXISTS (
        SELECT 1 FROM untold WHERE (kind, paper, name, is_telling) = ('story', NEW.paper, NEW.guid, 0)
    );
END;

-- ── undone separations ──
-- Whether the pair is still separated, so that the later of two libraries' changes wins; rows are never deleted (change_store.py).
ALTER TABLE apart ADD COLUMN is_apart INTEGER NOT NULL DEFAULT 1;

CREATE TRIGGER taken_apart AFTER INSERT ON apart WHEN (SELECT is_on FROM telling) BEGIN
    INSERT INTO untold SELECT 'apart', NEW.paper, NEW.guid, 0 WHERE NOT EXISTS (
        SELECT 1 FROM untold WHERE (kind, paper, name, is_telling) = ('apart', NEW.paper, NEW.guid, 0)
    );
END;

CREATE TRIGGER taken_apart_anew AFTER UPDATE OF at_us, is_apart ON apart WHEN (SELECT is_on FROM telling) BEGIN
    INSERT INTO untold SELECT 'apart', NEW.paper, NEW.guid, 0 WHERE NOT EXISTS (
        SELECT 1 FROM untold WHERE (kind, paper, name, is_telling) = ('apart', NEW.paper, NEW.guid, 0)
    );
END;

-- ── mutes ──
CREATE TABLE mutes (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    is_on INTEGER NOT NULL,
    PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER muted AFTER INSERT ON mutes WHEN (SELECT is_on FROM telling) BEGIN
    INSERT INTO untold SELECT 'mute', '', NEW.name, 0 WHERE NOT EXISTS (
        SELECT 1 FROM untold WHERE (kind, paper, name, is_telling) = ('mute', '', NEW.name, 0)
    );
END;

CREATE TRIGGER muted_anew AFTER UPDATE OF at_us, is_on ON mutes WHEN (SELECT is_on FROM telling) BEGIN
    INSERT INTO untold SELECT 'mute', '', NEW.name, 0 WHERE NOT EXISTS (
        SELECT 1 FROM untold WHERE (kind, paper, name, is_telling) = ('mute', '', NEW.name, 0)
    );
END;

-- ── a service ──
-- `service` has one row: the account of the rows in `served`, and the state of its server at the last sync (greader_items.py).
CREATE TABLE service (
    account TEXT NOT NULL,
    digest TEXT NOT NULL,
    has_labels INTEGER,
    is_dated INTEGER NOT NULL,
    at_us INTEGER
) STRICT;
CREATE TABLE served (
    number INTEGER PRIMARY KEY,
    paper TEXT NOT NULL,
    link TEXT NOT NULL,
    link_key TEXT NOT NULL,
    made_ms INTEGER NOT NULL,
    updated_s INTEGER NOT NULL,
    read INTEGER,
    starred INTEGER,
    later INTEGER
) STRICT;

-- ── gaps in peers' files ──
ALTER TABLE machine_files ADD COLUMN has_gap INTEGER NOT NULL DEFAULT 0;

-- ── plain names ──
-- As in stories.db; the values of `kind` stay, since files of other machines hold them. `untold` becomes `unsent_changes`, its
-- `is_telling` the `status` of a change (0: waiting, 1: being sent, 2: rejected), `telling` becomes `change_tracking`.
--
-- The triggers are written out again, 14 times the same five lines: SQLite has no statement that renames a trigger, and a step can't
-- loop. If they stayed, they would work, since ALTER TABLE rewrites their text, but keep their old names. Editing sqlite_master by
-- a mechanism in migrations.py would risk every table for the sake of one step.
DROP TRIGGER mark_set;
DROP TRIGGER mark_changed;
DROP TRIGGER search_saved;
DROP TRIGGER search_forgotten;
DROP TRIGGER passage_kept;
DROP TRIGGER passage_deleted;
DROP TRIGGER list_made;
DROP TRIGGER list_changed;
DROP TRIGGER story_listed;
DROP TRIGGER story_listed_anew;
DROP TRIGGER taken_apart;
DROP TRIGGER taken_apart_anew;
DROP TRIGGER muted;
DROP TRIGGER muted_anew;
DROP INDEX listed_by_story;

ALTER TABLE searches RENAME TO saved_searches;
ALTER TABLE forgotten_searches RENAME TO deleted_searches;
ALTER TABLE deleted_searches RENAME COLUMN forgotten_us TO deleted_us;
ALTER TABLE times RENAME TO reader_events;
ALTER TABLE reader_events RENAME COLUMN what TO event;
ALTER TABLE lists RENAME TO own_lists;
ALTER TABLE own_lists RENAME COLUMN is_there TO is_present;
ALTER TABLE own_lists RENAME COLUMN there_us TO present_us;
ALTER TABLE listed RENAME TO own_list_entries;
ALTER TABLE apart RENAME TO separations;
ALTER TABLE separations RENAME COLUMN is_apart TO is_separated;
ALTER TABLE machine_files RENAME TO peer_files;
ALTER TABLE peer_files RENAME COLUMN good_bytes TO valid_bytes;
ALTER TABLE peer_files RENAME COLUMN good_lines TO valid_lines;
ALTER TABLE untold RENAME TO unsent_changes;
ALTER TABLE unsent_changes RENAME COLUMN is_telling TO status;
ALTER TABLE telling RENAME TO change_tracking;
ALTER TABLE service RENAME TO greader_state;
ALTER TABLE served RENAME TO greader_items;
ALTER TABLE greader_items RENAME COLUMN number TO id;
ALTER TABLE greader_items RENAME COLUMN made_ms TO crawled_ms;

CREATE INDEX own_list_entries_by_story ON own_list_entries (guid, paper);

CREATE TRIGGER mark_added AFTER INSERT ON marks WHEN (SELECT is_on FROM change_tracking) BEGIN
    INSERT INTO unsent_changes SELECT 'story', NEW.paper, NEW.guid, 0 WHERE NOT EXISTS (
        SELECT 1 FROM unsent_changes WHERE (kind, paper, name, status) = ('story', NEW.paper, NEW.guid, 0)
    );
END;

CREATE TRIGGER mark_changed AFTER UPDATE OF guid, paper, read_us, unread_us, starred_us, unstarred_us, later_us, unlater_us, position_us ON marks WHEN (SELECT is_on FROM change_tracking) BEGIN
    INSERT INTO unsent_changes SELECT 'story', NEW.paper, NEW.guid, 0 WHERE NOT EXISTS (
        SELECT 1 FROM unsent_changes WHERE (kind, paper, name, status) = ('story', NEW.paper, NEW.guid, 0)
    );
END;

CREATE TRIGGER search_saved AFTER INSERT ON saved_searches WHEN (SELECT is_on FROM change_tracking) BEGIN
    INSERT INTO unsent_changes SELECT 'search', '', NEW.name, 0 WHERE NOT EXISTS (
        SELECT 1 FROM unsent_changes WHERE (kind, paper, name, status) = ('search', '', NEW.name, 0)
    );
END;

CREATE TRIGGER search_deleted AFTER INSERT ON deleted_searches WHEN (SELECT is_on FROM change_tracking) BEGIN
    INSERT INTO unsent_changes SELECT 'search', '', NEW.name, 0 WHERE NOT EXISTS (
        SELECT 1 FROM unsent_changes WHERE (kind, paper, name, status) = ('search', '', NEW.name, 0)
    );
END;

CREATE TRIGGER passage_added AFTER INSERT ON passages WHEN (SELECT is_on FROM change_tracking) BEGIN
    INSERT INTO unsent_changes SELECT 'passage', '', NEW.key, 0 WHERE NOT EXISTS (
        SELECT 1 FROM unsent_changes WHERE (kind, paper, name, status) = ('passage', '', NEW.key, 0)
    );
END;

CREATE TRIGGER passage_deleted AFTER INSERT ON deleted_passages WHEN (SELECT is_on FROM change_tracking) BEGIN
    INSERT INTO unsent_changes SELECT 'passage', '', NEW.key, 0 WHERE NOT EXISTS (
        SELECT 1 FROM unsent_changes WHERE (kind, paper, name, status) = ('passage', '', NEW.key, 0)
    );
END;

CREATE TRIGGER own_list_added AFTER INSERT ON own_lists WHEN (SELECT is_on FROM change_tracking) BEGIN
    INSERT INTO unsent_changes SELECT 'list', '', NEW.key, 0 WHERE NOT EXISTS (
        SELECT 1 FROM unsent_changes WHERE (kind, paper, name, status) = ('list', '', NEW.key, 0)
    );
END;

CREATE TRIGGER own_list_changed AFTER UPDATE ON own_lists WHEN (SELECT is_on FROM change_tracking) BEGIN
    INSERT INTO unsent_changes SELECT 'list', '', NEW.key, 0 WHERE NOT EXISTS (
        SELECT 1 FROM unsent_changes WHERE (kind, paper, name, status) = ('list', '', NEW.key, 0)
    );
END;

CREATE TRIGGER own_list_entry_added AFTER INSERT ON own_list_entries WHEN (SELECT is_on FROM change_tracking) BEGIN
    INSERT INTO unsent_changes SELECT 'story', NEW.paper, NEW.guid, 0 WHERE NOT EXISTS (
        SELECT 1 FROM unsent_changes WHERE (kind, paper, name, status) = ('story', NEW.paper, NEW.guid, 0)
    );
END;

CREATE TRIGGER own_list_entry_changed AFTER UPDATE OF at_us, is_in ON own_list_entries WHEN (SELECT is_on FROM change_tracking) BEGIN
    INSERT INTO unsent_changes SELECT 'story', NEW.paper, NEW.guid, 0 WHERE NOT EXISTS (
        SELECT 1 FROM unsent_changes WHERE (kind, paper, name, status) = ('story', NEW.paper, NEW.guid, 0)
    );
END;

CREATE TRIGGER separation_added AFTER INSERT ON separations WHEN (SELECT is_on FROM change_tracking) BEGIN
    INSERT INTO unsent_changes SELECT 'apart', NEW.paper, NEW.guid, 0 WHERE NOT EXISTS (
        SELECT 1 FROM unsent_changes WHERE (kind, paper, name, status) = ('apart', NEW.paper, NEW.guid, 0)
    );
END;

CREATE TRIGGER separation_changed AFTER UPDATE OF at_us, is_separated ON separations WHEN (SELECT is_on FROM change_tracking) BEGIN
    INSERT INTO unsent_changes SELECT 'apart', NEW.paper, NEW.guid, 0 WHERE NOT EXISTS (
        SELECT 1 FROM unsent_changes WHERE (kind, paper, name, status) = ('apart', NEW.paper, NEW.guid, 0)
    );
END;

CREATE TRIGGER mute_added AFTER INSERT ON mutes WHEN (SELECT is_on FROM change_tracking) BEGIN
    INSERT INTO unsent_changes SELECT 'mute', '', NEW.name, 0 WHERE NOT EXISTS (
        SELECT 1 FROM unsent_changes WHERE (kind, paper, name, status) = ('mute', '', NEW.name, 0)
    );
END;

CREATE TRIGGER mute_changed AFTER UPDATE OF at_us, is_on ON mutes WHEN (SELECT is_on FROM change_tracking) BEGIN
    INSERT INTO unsent_changes SELECT 'mute', '', NEW.name, 0 WHERE NOT EXISTS (
        SELECT 1 FROM unsent_changes WHERE (kind, paper, name, status) = ('mute', '', NEW.name, 0)
    );
END;

-- ── moved papers ──
-- A paper whose address has changed has another key. Machines that haven't heard of that still send changes under the earlier key.
CREATE TABLE moved_papers (
    paper TEXT PRIMARY KEY,
    address TEXT NOT NULL,
    new_paper TEXT NOT NULL,
    moved_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- ── server's marks ──
-- Last known state of a mark on a server of feeds: at `seen_us`, by the server's clock. `item_ms` is the time when the server first had
-- the story, negative if the server doesn't have the mark. `base_us` is the `seen_us` that the mark's last change was made on.
CREATE TABLE server_marks (
    guid TEXT NOT NULL,
    paper TEXT NOT NULL,
    mark TEXT NOT NULL,
    base_us INTEGER NOT NULL,
    seen_us INTEGER NOT NULL,
    item_ms INTEGER NOT NULL,
    PRIMARY KEY (guid, paper, mark),
    FOREIGN KEY (guid, paper) REFERENCES marks (guid, paper) ON UPDATE CASCADE ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

ALTER TABLE greader_state ADD COLUMN tried_us INTEGER;
ALTER TABLE greader_state ADD COLUMN failure TEXT NOT NULL DEFAULT '';
ALTER TABLE greader_state ADD COLUMN starred_elsewhere INTEGER NOT NULL DEFAULT 0;

CREATE TRIGGER server_mark_seen AFTER INSERT ON server_marks WHEN (SELECT is_on FROM change_tracking) BEGIN
    INSERT INTO unsent_changes SELECT 'story', NEW.paper, NEW.guid, 0 WHERE NOT EXISTS (
        SELECT 1 FROM unsent_changes WHERE (kind, paper, name, status) = ('story', NEW.paper, NEW.guid, 0)
    );
END;

-- ── marks by the server's clock ──
-- `is_synced`: whether the mark's last change has reached the server. `lead_us`: how far this machine's clock is ahead of the server's.
ALTER TABLE server_marks RENAME COLUMN base_us TO is_synced;
UPDATE server_marks SET is_synced = 1;
ALTER TABLE greader_state ADD COLUMN lead_us INTEGER NOT NULL DEFAULT 0;
