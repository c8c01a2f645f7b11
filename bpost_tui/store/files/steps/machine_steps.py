"""The steps of reader.db for what comes from other libraries and goes to other machines (schema.py has the order).

`untold` names what was changed since this machine last wrote its file, `is_telling` what it is writing just now. Triggers fill it,
once telling has begun: whoever changes a mark needn't think of it. Inside a trigger, a conflict is dealt with as the statement
that fires it says, so what is noted already is looked for (https://sqlite.org/lang_createtrigger.html).
"""

from __future__ import annotations

_MARKS = "read_us, unread_us, starred_us, unstarred_us, later_us, unlater_us"

# When a mark was taken away, so that of two libraries' marks the later change holds (transfer.py, other_machines.py).
UNMARKED_STEP = """
ALTER TABLE marks ADD COLUMN unread_us INTEGER;
ALTER TABLE marks ADD COLUMN unstarred_us INTEGER;
ALTER TABLE marks ADD COLUMN unlater_us INTEGER;
"""


def noting(name: str, event: str, table: str, kind: str, paper: str, subject: str) -> str:
    """Return a trigger that notes what a change of a table's row is about, with these values of the row."""
    key = f"'{kind}', {paper}, {subject}, 0"
    return f"""
CREATE TRIGGER {name} AFTER {event} ON {table} WHEN (SELECT is_on FROM telling) BEGIN
    INSERT INTO untold SELECT {key} WHERE NOT EXISTS (
        SELECT 1 FROM untold WHERE (kind, paper, name, is_telling) = ({key})
    );
END;
"""  # noqa: S608 - names of ours


MACHINES_STEP = """
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
""" + "".join(
    (
        noting("mark_set", "INSERT", "marks", "story", "NEW.paper", "NEW.guid"),
        noting("mark_changed", f"UPDATE OF guid, paper, {_MARKS}, position_us", "marks", "story", "NEW.paper", "NEW.guid"),
        noting("search_saved", "INSERT", "searches", "search", "''", "NEW.name"),
        noting("search_forgotten", "INSERT", "forgotten_searches", "search", "''", "NEW.name"),
    )
)
