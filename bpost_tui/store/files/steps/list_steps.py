"""The step of reader.db for lists of the reader's own, and their numbers in stories.db.

A list has a key that never changes, the name it was made under: two machines that make a list of one name have made the same one.
What it is called, whether it is there and which stories are in it have each the time of their last change (other_machines.py).
In stories.db, a list that is there is a shelf as any other, its key the slug (list_copies.py).
"""

from __future__ import annotations

from bpost_tui.store.files.steps.machine_steps import noting

OWN = -10
"""The greatest `shelves.id` of such a list; the others lie below."""
OWN_PAPER = -3
"""Their `shelves.paper`: they are of no paper."""
OWN_PLACE = -4
"""The `shelved.place` of a story on one."""

# `listed` follows the guid and the paper of the story's marks, whoever changes them, and goes with them.
READER_STEP = """
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
""" + "".join(
    (
        noting("list_made", "INSERT", "lists", "list", "''", "NEW.key"),
        noting("list_changed", "UPDATE", "lists", "list", "''", "NEW.key"),
        noting("story_listed", "INSERT", "listed", "story", "NEW.paper", "NEW.guid"),
        noting("story_listed_anew", "UPDATE OF at_us, is_in", "listed", "story", "NEW.paper", "NEW.guid"),
    )
)
