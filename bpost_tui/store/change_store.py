"""Changes of marks, lists, searches and so on that are sent to the reader's other machines, and merging of their changes.

Marks, reading positions, saved searches, lists, mutes and separations (stories that the reader took out of their group) each have
the time of their last change, which is always later than the time of the previous change (`mark_changes.merge_rule.next_time_us`).
Of two changes of the same mark, list and so on, the later wins, whichever machine made it. Marks on stories that aren't saved here
are kept under the story's guid. So are marks on deleted stories.
"""

# ruff: noqa: S608 (SQL is composed of constants; all values are bound)
from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from bpost_tui.clock import to_us
from bpost_tui.limits import MAX_LISTS, MAX_PASSAGES, MAX_SEARCHES
from bpost_tui.mark_changes.field_changes import (
    KEPT_PASSAGE,
    LINK,
    POSITION,
    QUERY,
    ChangedFields,
    Changes,
    FieldChange,
    Subject,
    SubjectKind,
)
from bpost_tui.mark_changes.marks_file import FileProgress
from bpost_tui.mark_changes.merge_rule import later_fields, merge_into
from bpost_tui.mark_changes.passage_value import passage_from_value, passage_to_value
from bpost_tui.store import server_marks
from bpost_tui.store.grouping import separations
from bpost_tui.store.lists import mark_store, marks_stamp, own_list_changes, read_versions
from bpost_tui.store.lists.mark_fields import merge_story, story_changes
from bpost_tui.store.lists.mute_store import merge_mute, mute_changes
from bpost_tui.store.moved_papers import with_present_papers
from bpost_tui.store.papers import assign_keyless_marks
from bpost_tui.store.passage_rows import select_passages, write_passage
from bpost_tui.store.row_mapping import is_named
from bpost_tui.store.search.saved_search_store import write_search

if TYPE_CHECKING:
    from bpost_tui.store.database_access import DatabaseAccess

_LIMITS = {
    SubjectKind.SEARCH: ("saved_searches", MAX_SEARCHES),
    SubjectKind.LIST: ("own_lists", MAX_LISTS),
    SubjectKind.PASSAGE: ("passages", MAX_PASSAGES),
}
"""Maps each kind of subject (thing that a change is about) to its table and the maximum number of rows in that table.

With these limits, a file that another machine wrote can't fill a table. Reading a very large table would slow down every key press.
Mutes have a limit of their own (`mute_store`); marks are limited by the number of stories.
"""
_REJECTED = 2
"""Value of `status` in the table `unsent_changes` for a subject (story, list …) whose changes other machines would reject.

The subject isn't sent until it changes again.
"""
_SAVE_PROGRESS = f"""INSERT INTO reader.peer_files VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE
    SET ({", ".join(FileProgress._fields[1:])}) = ({", ".join(f"excluded.{name}" for name in FileProgress._fields[1:])})"""
_MERGE_BATCH = 500
"""Number of subjects (stories, lists …) merged in one transaction, which is short, so that waiting processes notice no delay."""
_KEYS = """SELECT s.id, k.guid, p.key, s.guid FROM (
    SELECT json_extract(value, '$[0]') AS guid, json_extract(value, '$[1]') AS paper, json_extract(value, '$[2]') AS link
    FROM json_each(?)) AS k CROSS JOIN papers AS p ON p.key = k.paper"""
"""Beginning of the SQL query that finds saved stories by (guid, paper key) or by (link key, paper key).

Its parameter is a JSON list of [guid, paper key, link key]; all variants of a link have one link key. The caller appends the join
with `stories AS s`, by guid or by link.
"""


class ChangeStore:
    """Changes that this library sends to other machines or merges from them: of stories' marks, lists, searches and so on."""

    def __init__(self, database: DatabaseAccess) -> None:
        self._read, self._write = database.read, database.write

    def file_progress(self) -> Mapping[str, FileProgress]:
        """Map the names of the machines' files in the sync folder to how far each was read, the file known longest first."""
        query = f"SELECT {', '.join(FileProgress._fields)} FROM reader.peer_files ORDER BY rowid"
        return self._read(lambda db: {row[0]: FileProgress(*row) for row in db.execute(query)})

    def merge(self, changes: Changes, *, is_new: bool = False) -> int:
        """Merge `changes` from other machines, and return the number of subjects (stories, lists …) that changed.

        A change is merged only if it is later than this library's change of the same field. Merged changes are queued for
        sending only if `is_new`, which means that no other machine knows them yet.
        """
        remaining, merged = iter(changes.items()), 0
        while batch := dict(islice(remaining, _MERGE_BATCH)):
            if self._read(lambda db, batch=batch: bool(_later_changes(db, batch))):  # type: ignore[misc]
                merged += self._write(lambda db, batch=batch: _merge(db, batch, is_new=is_new))  # type: ignore[misc]
        return merged

    def save_progress(self, states: Sequence[FileProgress], gone: Iterable[str] = ()) -> None:
        """Save how far other machines' files were read (`states`), and forget the files named in `gone`.

        The files in `gone` no longer exist.
        """

        def save_progress(db: sqlite3.Connection) -> None:
            db.executemany("DELETE FROM reader.peer_files WHERE name = ?", [(name,) for name in gone])
            db.executemany(_SAVE_PROGRESS, states)

        self._write(save_progress)

    def mark_sent(self, state: FileProgress, refused: Iterable[Subject] = ()) -> None:
        """Record that this machine's file in the sync folder has all changes that `begin_sending` returned last, except `refused`.

        `refused` are the subjects (stories, lists …) that other machines would refuse. `state` describes the file as written, and
        is saved.
        """

        def save_progress(db: sqlite3.Connection) -> None:
            db.execute(_SAVE_PROGRESS, state)
            db.execute(
                "DELETE FROM reader.unsent_changes WHERE status > 0 AND (kind, paper, name) IN "
                "(SELECT kind, paper, name FROM reader.unsent_changes WHERE status = 1)"
            )
            rows = [(each.kind, each.paper, each.name, _REJECTED) for each in refused]
            db.executemany("INSERT OR IGNORE INTO reader.unsent_changes VALUES (?, ?, ?, ?)", rows)

        self._write(save_progress)

    def begin_sending(self, *, whole: bool) -> Changes:
        """Return this library's changes that weren't sent yet or, if `whole`, the last change of every subject (story, list …).

        The returned changes count as sent after the next `mark_sent`. A library doesn't queue its changes for sending until the
        first call with `whole`.
        """
        if whole or self.has_unsent():
            self._write(lambda db: _mark_sending(db, whole=whole))
        return self._read(_all_changes if whole else _unsent_changes)

    def queue_again(self, subjects: Iterable[Subject]) -> None:
        """Queue subjects (stories, lists …) for the next sending, even if another machine made their last changes.

        This is needed if another machine's file has lost changes, because this machine may be the only one that still has them.
        """
        rows = [(each.kind, each.paper, each.name) for each in subjects]
        self._write(lambda db: db.executemany("INSERT OR IGNORE INTO reader.unsent_changes VALUES (?, ?, ?, 0)", rows))

    def all_changes(self) -> Changes:
        """Return the last changes of all subjects that can be sent to other machines: marks, lists, searches and so on."""
        return self._read(_all_changes)

    def has_unsent(self) -> bool:
        """Whether anything changed here since the last sending. Changes that other machines would reject don't count."""
        query = "SELECT 1 FROM reader.unsent_changes WHERE status <> ? LIMIT 1"
        return self._read(lambda db: db.execute(query, (_REJECTED,)).fetchone() is not None)


def _mark_sending(db: sqlite3.Connection, *, whole: bool) -> None:
    db.execute("UPDATE reader.change_tracking SET is_on = 1")
    db.execute("UPDATE OR REPLACE reader.unsent_changes SET status = 1 WHERE ? OR status <> ?", (whole, _REJECTED))


# ── changes to send ─────────────────────────────────────────────────────────


def _all_changes(db: sqlite3.Connection) -> dict[Subject, ChangedFields]:
    return {**_with_changes(story_changes(db)), **_non_story_changes(db)}


def _unsent_changes(db: sqlite3.Connection) -> dict[Subject, ChangedFields]:
    rows = db.execute(
        "SELECT DISTINCT kind, name, paper FROM reader.unsent_changes WHERE status = 1 AND (kind <> 'story' OR paper <> '')"
    )
    subjects = [Subject(SubjectKind(kind), name, paper) for kind, name, paper in rows]
    stories = story_changes(db, [each for each in subjects if each.kind == SubjectKind.STORY])
    return {**_with_changes(stories), **_non_story_changes(db, subjects)}


def _non_story_changes(db: sqlite3.Connection, subjects: Sequence[Subject] | None = None) -> dict[Subject, ChangedFields]:
    """Return the last changes of searches, passages, lists, mutes and separated stories in this library.

    The result maps each subject (search, list …) to its changed fields. Only changes of `subjects` are returned (stories among them
    are ignored), or all changes if `subjects` is None.
    """
    readers = {
        SubjectKind.SEARCH: _searches,
        SubjectKind.PASSAGE: _passages,
        SubjectKind.LIST: own_list_changes.list_changes,
        SubjectKind.MUTE: mute_changes,
        SubjectKind.SEPARATION: separations.separation_changes,
    }
    changes: dict[Subject, ChangedFields] = {}
    for kind, read in readers.items():
        changes |= read(db, None if subjects is None else [each for each in subjects if each.kind == kind])
    return changes


def _with_changes(found: Mapping[Subject, ChangedFields]) -> dict[Subject, ChangedFields]:
    """Return `found`, changed fields by subject (story, list …), without the subjects whose only field is the link.

    A link is no change: it identifies the story for other machines.
    """
    return {subject: fields for subject, fields in found.items() if fields.keys() - {LINK}}


def _searches(db: sqlite3.Connection, subjects: Iterable[Subject] | None) -> dict[Subject, ChangedFields]:
    """Map the saved searches among `subjects` (searches, lists …), also deleted searches, to their last changes.

    None means all searches.
    """
    condition, values = is_named("name", subjects)
    rows = db.execute(
        f"SELECT name, deleted_us, NULL FROM reader.deleted_searches WHERE {condition} "
        f"UNION ALL SELECT name, saved_us, query FROM reader.saved_searches WHERE {condition}",
        values,
    )
    return {Subject(SubjectKind.SEARCH, name): {QUERY: FieldChange(at_us, query)} for name, at_us, query in rows}


def _passages(db: sqlite3.Connection, subjects: Iterable[Subject] | None) -> dict[Subject, ChangedFields]:
    """Map the saved and deleted passages among `subjects` (passages, lists …) to their last changes; None means all passages."""
    condition, values = is_named("key", subjects)
    deleted = db.execute(f"SELECT key, deleted_us FROM reader.deleted_passages WHERE {condition}", values)
    found: dict[Subject, ChangedFields] = {
        Subject(SubjectKind.PASSAGE, key): {KEPT_PASSAGE: FieldChange(at_us, None)} for key, at_us in deleted
    }
    for passage in select_passages(db, f"WHERE {condition}", values):
        found[Subject(SubjectKind.PASSAGE, passage.key)] = {
            KEPT_PASSAGE: FieldChange(to_us(passage.changed_at), passage_to_value(passage))
        }
    return found


# ── changes to merge ────────────────────────────────────────────────────────


def _later_changes(db: sqlite3.Connection, theirs: Changes) -> dict[Subject, dict[str, FieldChange]]:
    """Return the changes in `theirs` that are later than this library's changes of the same fields, by subject (story, list …).

    Subjects are returned with the guids and paper keys of this library. A changed mark is returned with its state on the server of
    feeds (Miniflux, FreshRSS …), if `theirs` or this library contains that state. New subjects are left out if their table has its
    maximum number of rows (`_LIMITS`).
    """
    here: dict[Subject, dict[str, FieldChange]] = {}
    for subject, fields in _under_own_guids(db, with_present_papers(db, theirs)):
        merge_into(here, subject, fields)
    ours = {**story_changes(db, [each for each in here if each.kind == SubjectKind.STORY]), **_non_story_changes(db, tuple(here))}
    found = ((subject, later_fields(fields, ours.get(subject, {}))) for subject, fields in here.items())
    changed = {
        subject: server_marks.with_current_marks(fields, ours.get(subject, {}))
        for subject, fields in found
        if fields.keys() - {LINK}
    }
    for kind, (table, most) in _LIMITS.items():
        (rows,) = db.execute(f"SELECT count(*) FROM reader.{table}").fetchone()
        new = [subject for subject in changed if subject.kind == kind and subject not in ours]
        for subject in new[max(most - rows, 0) :]:
            del changed[subject]
    return changed


def _under_own_guids(db: sqlite3.Connection, theirs: Changes) -> Iterator[tuple[Subject, ChangedFields]]:
    """Yield (subject, changes) for all changes in `theirs`, which come from another machine, with this library's guids of stories.

    A story that has another guid in this library is found by its link.
    """
    keys = [[subject.name, subject.paper, fields[LINK].value] for subject, fields in theirs.items() if LINK in fields]
    rows = db.execute(
        f"{_KEYS} CROSS JOIN stories AS s ON (s.link_key, s.paper) = (k.link, p.id) "
        "WHERE NOT EXISTS (SELECT 1 FROM stories AS o WHERE (o.guid, o.paper) = (k.guid, p.id))",
        (json.dumps(keys),),
    )
    renamed = {Subject(SubjectKind.STORY, guid, paper): Subject(SubjectKind.STORY, own, paper) for _, guid, paper, own in rows}
    for subject, fields in theirs.items():
        yield renamed.get(subject, subject), fields


def _merge(db: sqlite3.Connection, theirs: Changes, *, is_new: bool) -> int:
    """Apply the changes in `theirs` that are later than the library's own, and return the number of changed subjects.

    A subject is a story, search, list or the like that changes are about. The changes are queued for sending to other machines
    only if `is_new`.
    """
    mark_store.update_copy(db)
    assign_keyless_marks(db)
    changes = _later_changes(db, theirs)
    (is_on,) = db.execute("SELECT is_on FROM reader.change_tracking").fetchone()
    db.execute("UPDATE reader.change_tracking SET is_on = is_on AND ?", (is_new,))
    keys = [[each.name, each.paper] for each in changes if each.kind == SubjectKind.STORY]
    numbers = {
        Subject(SubjectKind.STORY, guid, paper): number
        for number, guid, paper, _ in db.execute(
            f"{_KEYS} CROSS JOIN stories AS s ON (s.guid, s.paper) = (k.guid, p.id)", (json.dumps(keys),)
        )
    }
    read_versions.note_read_elsewhere(db, {number: _reading_times(changes[subject]) for subject, number in numbers.items()})
    for subject, fields in changes.items():
        if subject.kind == SubjectKind.STORY:
            merge_story(db, subject, fields)
        elif subject.kind == SubjectKind.PASSAGE:
            value, at_us = fields[KEPT_PASSAGE].value, fields[KEPT_PASSAGE].at_us
            write_passage(db, subject.name, passage_from_value(value, at_us) if isinstance(value, tuple) else None, at_us)
        elif subject.kind == SubjectKind.LIST:
            own_list_changes.merge_list(db, subject.name, fields)
        elif subject.kind == SubjectKind.MUTE:
            merge_mute(db, subject.name, fields)
        elif subject.kind == SubjectKind.SEPARATION:
            continue
        elif (query := fields[QUERY].value) is None or isinstance(query, str):
            write_search(db, subject.name, query, fields[QUERY].at_us)
    separations.merge_separations(
        db, {subject: fields for subject, fields in changes.items() if subject.kind == SubjectKind.SEPARATION}
    )
    db.execute("UPDATE reader.change_tracking SET is_on = ?", (is_on,))
    mark_store.copy_marks(db, numbers.values())
    marks_stamp.renew_stamps(db)
    return len(changes)


def _reading_times(fields: ChangedFields) -> tuple[int, int]:
    """Return the times (microseconds since 1970) of the mark "read" and of the reading position in `fields`, 0 if missing."""
    read, position = fields.get("read"), fields.get(POSITION)
    return read.at_us if read is not None and read.value else 0, position.at_us if position is not None else 0
