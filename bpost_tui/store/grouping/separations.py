"""Changes of the stories that the reader separated, for syncing with other machines (change_store.py).

A pair of separated stories is sent as a change of its first story, which is the story whose guid sorts first. Functions over an
open library. Before a call that writes, the caller must have begun a transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

from bpost_tui.mark_changes.field_changes import (
    ChangedFields,
    FieldChange,
    Subject,
    SubjectKind,
    parse_separation_field,
    separation_field,
)
from bpost_tui.store.row_mapping import rows_of_stories

_SAVED = """SELECT s.id, o.id FROM papers AS p JOIN stories AS s ON (s.guid, s.paper) = (?1, p.id)
    JOIN papers AS q ON q.key = ?4 JOIN stories AS o ON (o.guid, o.paper) = (?3, q.id) WHERE p.key = ?2"""


def separation_changes(db: sqlite3.Connection, subjects: Iterable[Subject] | None = None) -> dict[Subject, ChangedFields]:
    """Return the last change of each pair of stories that the reader separated, or separated and joined again.

    The result's keys are the first stories of the pairs. `subjects` limits the result to pairs with these first stories; None
    means all pairs.
    """
    found: dict[Subject, dict[str, FieldChange]] = {}
    rows = rows_of_stories(db, "separations", "other_guid, other_paper, at_us, is_separated", subjects)
    for guid, paper, other_guid, other_paper, at_us, is_separated in rows:
        found.setdefault(Subject(SubjectKind.SEPARATION, guid, paper), {})[separation_field(other_guid, other_paper)] = FieldChange(
            at_us, bool(is_separated)
        )
    return {**found}


def merge_separations(db: sqlite3.Connection, theirs: Mapping[Subject, ChangedFields]) -> None:
    """Merge `theirs`, another machine's changes of separations (pairs of stories that the reader took out of one group).

    The groups of the stories that are in this library are rebuilt.
    """
    affected: set[int] = set()
    for subject, fields in theirs.items():
        for field, change in fields.items():
            pair = (subject.name, subject.paper, *parse_separation_field(field))
            db.execute(
                "INSERT OR REPLACE INTO reader.separations VALUES (?, ?, ?, ?, ?, ?)", (*pair, change.at_us, bool(change.value))
            )
            affected.update(db.execute(_SAVED, pair).fetchone() or ())
    if affected:
        from bpost_tui.store.grouping import group_builder  # 15 ms, with its list of words

        group_builder.rebuild_groups(db, affected)
