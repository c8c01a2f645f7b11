"""Changes of the reader's own lists, for syncing with other machines (change_store.py)."""

# ruff: noqa: S608 (SQL is composed of constants; all values are bound)
from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from bpost_tui.mark_changes.field_changes import IN_LIST_PREFIX, IS_PRESENT, NAME, ChangedFields, FieldChange, Subject, SubjectKind
from bpost_tui.store.row_mapping import is_named, rows_of_stories


def add_list_entries(db: sqlite3.Connection, stories: dict[Subject, dict[str, FieldChange]], *, whole: bool = False) -> None:
    """Add to `stories`, which maps stories to changed fields, a field for each list that a story is or was in.

    `whole` means that `stories` contains all stories with marks; all list entries are then read at once.
    """
    rows = rows_of_stories(db, "own_list_entries", "list, at_us, is_in", None if whole else stories)
    for guid, paper, key, at_us, is_in in rows:
        stories[Subject(SubjectKind.STORY, guid, paper)][f"{IN_LIST_PREFIX}{key}"] = FieldChange(at_us, bool(is_in))


def list_changes(db: sqlite3.Connection, subjects: Iterable[Subject] | None = None) -> dict[Subject, ChangedFields]:
    """Map the lists among `subjects` (lists, stories …), also deleted lists, to the last changes of their names and existence.

    A list's existence changes when the list is created, deleted or restored. None means all lists.
    """
    condition, values = is_named("key", subjects)
    rows = db.execute(f"SELECT key, name, named_us, is_present, present_us FROM reader.own_lists WHERE {condition}", values)
    return {
        Subject(SubjectKind.LIST, key): {NAME: FieldChange(named_us, name), IS_PRESENT: FieldChange(present_us, bool(is_present))}
        for key, name, named_us, is_present, present_us in rows
    }


def merge_list(db: sqlite3.Connection, key: str, fields: ChangedFields) -> None:
    """Merge `fields`, another machine's changes of the list with the key `key`: a new name, or whether the list exists."""
    db.execute("INSERT OR IGNORE INTO reader.own_lists VALUES (?, ?, 0, 0, 0)", (key, key))
    for field, columns in ((NAME, "(name, named_us)"), (IS_PRESENT, "(is_present, present_us)")):
        if field in fields:
            db.execute(
                f"UPDATE reader.own_lists SET {columns} = (?, ?) WHERE key = ?", (fields[field].value, fields[field].at_us, key)
            )


def merge_list_entries(db: sqlite3.Connection, subject: Subject, fields: ChangedFields) -> None:
    """Merge `fields`, another machine's changes that put the story `subject` on lists or take it off them.

    The table `marks` must already have a row for the story; the row need not contain a mark.
    """
    rows = [
        (name.removeprefix(IN_LIST_PREFIX), subject.name, subject.paper, change.at_us, bool(change.value))
        for name, change in fields.items()
        if name.startswith(IN_LIST_PREFIX)
    ]
    db.executemany("INSERT OR REPLACE INTO reader.own_list_entries VALUES (?, ?, ?, ?, ?)", rows)
