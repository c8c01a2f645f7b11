"""The steps of both files for the same news of several papers."""

from __future__ import annotations

from bpost_tui.store.files.steps.machine_steps import noting

FOLDED = -2
"""The `shelves.id` of the list of all papers with the same news once (same_news.py)."""

# A row of `same_news` is an account of news that other stories tell, too; `leader` is the account that stands for all of them, and
# has a row as well. The shelf -2 is the list of all papers without the accounts that another one stands for: a list as any other.
STORIES_STEP = """
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
"""

# Groups are made of what is saved. `traits` is what of a story is compared (same_news/traits.py), with the mark that regular
# headlines share; `comparable` has the pairs that are compared, the lower number first, and how alike they are; `to_compare` has
# days, by script, of which stories came, changed or went since, with those that did (0: one that has gone). An account
# `differs` that counts something otherwise than the one that leads. What was found by earlier rules goes: one in five was wrong.
DERIVED_STEP = """
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
"""

# Pairs that the reader took apart, each in one order only; by guid and paper, as marks are.
READER_STEP = """
CREATE TABLE apart (
    guid TEXT NOT NULL,
    paper TEXT NOT NULL,
    other_guid TEXT NOT NULL,
    other_paper TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    PRIMARY KEY (guid, paper, other_guid, other_paper)
) STRICT, WITHOUT ROWID;
"""

# Whether they still are apart, so that of two libraries' changes the later one holds; the rows are kept (other_machines.py).
TOGETHER_AGAIN_STEP = """
ALTER TABLE apart ADD COLUMN is_apart INTEGER NOT NULL DEFAULT 1;
""" + "".join(
    (
        noting("taken_apart", "INSERT", "apart", "apart", "NEW.paper", "NEW.guid"),
        noting("taken_apart_anew", "UPDATE OF at_us, is_apart", "apart", "apart", "NEW.paper", "NEW.guid"),
    )
)
