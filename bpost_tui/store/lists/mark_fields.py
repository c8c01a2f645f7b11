"""Marks of stories in reader.db as changes of fields, for syncing with other machines, and for joining two stories' marks.

Functions over an open library. Before a call that writes, the caller must have begun a transaction.
"""

# ruff: noqa: S608 (SQL is composed of constants; all values are bound)
from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from bpost_tui.mark_changes.field_changes import LINK, MARK_FIELDS, POSITION, ChangedFields, FieldChange, Subject, SubjectKind
from bpost_tui.mark_changes.merge_rule import later_fields
from bpost_tui.store.lists import own_list_changes
from bpost_tui.store.row_mapping import MARK_TIMES, rows_of_stories
from bpost_tui.store.server_marks import add_server_marks, save_server_marks, with_current_marks

_MARK_COLUMNS = ", ".join((*MARK_TIMES, "coalesce(position_us, opened_us, 0)", "item", "fraction", "link_key"))
"""Columns of the table `marks` that `_story_fields` converts."""


def story_changes(db: sqlite3.Connection, subjects: Sequence[Subject] | None = None) -> dict[Subject, ChangedFields]:
    """Map the stories among `subjects` (stories, lists …) to the last changes of their marks; None means all stories.

    Stories without a row in the table `marks` are left out.
    """
    rows = rows_of_stories(db, "marks", _MARK_COLUMNS, subjects)
    found = {Subject(SubjectKind.STORY, row[0], row[1]): _story_fields(row[2:]) for row in rows}
    own_list_changes.add_list_entries(db, found, whole=subjects is None)
    add_server_marks(db, found, whole=subjects is None)
    return {**found}


def _story_fields(row: Sequence[Any]) -> dict[str, FieldChange]:
    """Convert a row of the table `marks` (its `_MARK_COLUMNS`) to fields, each with the time of its last change."""
    fields: dict[str, FieldChange] = {}
    for mark, on_us, off_us in zip(MARK_FIELDS, row[0:6:2], row[1:6:2], strict=True):
        if on_us is not None or off_us is not None:
            fields[mark] = FieldChange(off_us if on_us is None else on_us, on_us is not None)
    at_us, item, fraction, link = row[6:]
    if item is not None:
        fields[POSITION] = FieldChange(at_us, (item, fraction))
    if link is not None:
        fields[LINK] = FieldChange(0, link)
    return fields


def merge_story(db: sqlite3.Connection, subject: Subject, fields: ChangedFields) -> None:
    """Write the changed `fields` of story `subject`: marks, marks on a server of feeds, link, reading position and list entries."""
    values: dict[str, object] = {}
    for name, change in fields.items():
        if name in MARK_FIELDS:
            values |= {f"{name}_us": change.at_us if change.value else None, f"un{name}_us": None if change.value else change.at_us}
        elif name == LINK:
            values["link_key"] = change.value
        elif isinstance(change.value, tuple):
            values |= {"position_us": change.at_us, "item": change.value[0], "fraction": change.value[1]}
    columns, assignments = ("guid", "paper", *values), ", ".join(f"{column} = excluded.{column}" for column in values)
    db.execute(
        f"INSERT INTO reader.marks ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))}) ON CONFLICT (guid, paper) "
        f"DO {f'UPDATE SET {assignments}' if assignments else 'NOTHING'}",
        (subject.name, subject.paper, *values.values()),
    )
    own_list_changes.merge_list_entries(db, subject, fields)
    save_server_marks(db, subject, fields)


def join_marks(db: sqlite3.Connection, pairs: Mapping[tuple[str, str], tuple[str, str]]) -> None:
    """Move the marks of stories to other stories, as `pairs` maps them; each story is given as (guid, paper).

    If both stories have changes of a mark, the later change stays. Only reader.db is changed, so the caller must copy the marks of
    saved stories to stories.db afterwards.
    """
    sources = [Subject(SubjectKind.STORY, *source) for source in pairs]
    targets = {source: Subject(SubjectKind.STORY, *pairs[source.name, source.paper]) for source in sources}
    theirs, ours = story_changes(db, sources), story_changes(db, [*targets.values()])
    for source, fields in theirs.items():
        target = targets[source]
        known = ours.get(target, {})
        moved = {name: change for name, change in later_fields(fields, known).items() if name != LINK or LINK not in known}
        merge_story(db, target, with_current_marks(moved, known))
        key = (source.name, source.paper)
        db.execute(
            "UPDATE reader.marks SET opened_us = max(coalesce(opened_us, o.at_us), o.at_us) FROM (SELECT opened_us AS at_us "
            "FROM reader.marks WHERE (guid, paper) = (?, ?)) AS o WHERE (guid, paper) = (?, ?) AND o.at_us IS NOT NULL",
            (*key, target.name, target.paper),
        )
        db.execute("DELETE FROM reader.marks WHERE (guid, paper) = (?, ?)", key)
        ours[target] = {**known, **moved}
