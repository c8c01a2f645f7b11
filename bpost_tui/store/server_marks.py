"""Last known states of stories' marks on a server of feeds, in the table `server_marks`. Functions over an open library.

Each row is about a mark of a story. It also records whether the last change of the mark has reached the server
(`mark_changes.merge_rule`). A mark without a row was never sent to the server, nor taken from it.
"""

# ruff: noqa: S608 (SQL is composed of constants; all values are bound)
from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from bpost_tui.mark_changes.field_changes import MARK_FIELDS, SERVER_MARK_FIELDS, ChangedFields, FieldChange, Subject, SubjectKind
from bpost_tui.mark_changes.merge_rule import current_mark
from bpost_tui.store.row_mapping import PAPER_KEY, rows_of_stories

_FIELDS = dict(zip(MARK_FIELDS, SERVER_MARK_FIELDS, strict=True))
"""Maps the name of each mark to the name of the field with the mark's state on the server of feeds."""


def add_server_marks(db: sqlite3.Connection, stories: dict[Subject, dict[str, FieldChange]], *, whole: bool = False) -> None:
    """Add the last known state of each mark on the server to the fields of `stories`.

    Also set for each mark whether its change has reached the server. `whole` means that `stories` contains all stories with marks;
    all states are then read at once.
    """
    rows = rows_of_stories(db, "server_marks", "mark, is_synced, seen_us, item_ms", None if whole else stories)
    for guid, paper, mark, is_synced, seen_us, item_ms in rows:
        fields = stories[Subject(SubjectKind.STORY, guid, paper)]
        fields[_FIELDS[mark]] = FieldChange(seen_us, item_ms)
        if mark in fields:
            fields[mark] = fields[mark]._replace(is_synced=bool(is_synced))


def with_current_marks(fields: ChangedFields, ours: ChangedFields) -> dict[str, FieldChange]:
    """Return `fields`, a story's changes by another machine that are later than ours, with the current value of each changed mark.

    The current value also depends on the mark's last known state on the server. This state is from `fields` or else from `ours`,
    the story's fields in this library, and is also in the result.
    """
    after, result = {**ours, **fields}, dict(fields)
    for mark, field in _FIELDS.items():
        if mark in after and not fields.keys().isdisjoint((mark, field)):
            result[mark] = current_mark(after[mark], after.get(field))
            result |= {field: after[field]} if field in after else {}
    return result


def save_server_marks(db: sqlite3.Connection, subject: Subject, fields: ChangedFields) -> None:
    """Save the server's states of marks that `fields` contains for the story `subject`, with their times.

    The table `marks` must already have a row for the story.
    """
    rows = [
        (subject.name, subject.paper, mark, mark not in fields or fields[mark].is_synced, fields[field].at_us, fields[field].value)
        for mark, field in _FIELDS.items()
        if field in fields
    ]
    db.executemany("INSERT OR REPLACE INTO reader.server_marks VALUES (?, ?, ?, ?, ?, ?)", rows)


def set_unsent(db: sqlite3.Connection, mark: str, stories: Sequence[int]) -> None:
    """Record that the mark `mark` (read, starred) of `stories` (ids) was changed here, and not sent to the server yet."""
    keys = f"SELECT guid, {PAPER_KEY}, ? FROM stories AS s WHERE id IN (SELECT value FROM json_each(?))"
    query = f"UPDATE reader.server_marks SET is_synced = 0 WHERE (guid, paper, mark) IN ({keys})"
    db.execute(query, (mark, json.dumps(stories)))
