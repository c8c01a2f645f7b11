"""Versions of stories that the reader read, and the changes since then that matter, in the table `read_versions` of stories.db.

Functions over an open library. Before a call that writes, the caller must have begun a transaction.
"""

# ruff: noqa: S608 (SQL is composed of constants; all values are bound)
from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping

from bpost_tui.clock import from_us, to_us
from bpost_tui.errors import ContentError
from bpost_tui.model.library_results import ReadVersion
from bpost_tui.model.story import Revision, Story
from bpost_tui.store.row_mapping import IS_UNREAD, PAPER_KEY, blocks_from_text
from bpost_tui.store.stories import as_sent_story

# The version that was read. The obvious way is to compare the time of the mark "read" with the times of the revisions. It fails in
# three ways. A machine hears late of a mark that another machine made, perhaps on a version that this machine has never had.
# Marks of a whole list, and of other papers' accounts of the same news, are on stories that nobody has opened. And of a day's
# revisions only the first is kept, so the version that was read may be missing.
#
# So a story counts as read if it has the mark and was opened on this machine. The version that was read is the text that the
# first edit after that replaces. Its revision is saved, even if the day has another, and a row of `read_versions` names it. The
# row stays until the story is opened again or marked unread. Every later edit is compared with this version: small edits may add
# up, and a text may go back to it. If the story is read later on another machine, the version isn't known here, so the row gets
# the revision 0: there is no sign until the story is opened here. So a sign may be missing on a second machine, but it is never
# false.
#
# The times of other machines' readings decide nothing: clocks differ, and a version that was read there may never have come here.
# Opening a read story renews the time of its mark (`reading_log`), so that other machines hear of it.
#
# A page's text isn't compared with a feed's, because their paragraphs differ without an edit, nor a summary with a whole text.

_UNKNOWN_VERSION = 0
"""Value of `replaced_us` if the story was last read on another machine, so that the version that was read isn't known here."""
_OFF = "read versions off"
"""Name of an event in the table `reader_events`. While its row exists, changes of read stories aren't tracked."""
_IS_OFF = f"EXISTS (SELECT 1 FROM reader.reader_events WHERE event = '{_OFF}')"
_OF_STORY = f"JOIN reader.marks AS m ON (m.guid, m.paper) = (s.guid, {PAPER_KEY})"


_COLUMNS = ", ".join(ReadVersion._fields)


def is_tracking(db: sqlite3.Connection) -> bool:
    """Whether changes of read stories are tracked, which is so unless the reader turned it off."""
    return not db.execute(f"SELECT {_IS_OFF}").fetchone()[0]


def set_tracking(db: sqlite3.Connection, on: bool) -> None:
    """Track changes of read stories if `on`, else stop tracking them and delete all saved changes."""
    if on:
        db.execute("DELETE FROM reader.reader_events WHERE event = ?", (_OFF,))
    else:
        db.execute("INSERT OR REPLACE INTO reader.reader_events (event, at_us) VALUES (?, 0)", (_OFF,))
        db.execute("DELETE FROM read_versions")


def is_as_read(db: sqlite3.Connection, story: int) -> bool:
    """Whether the present text of the story with the id `story` is the version that was read on this machine.

    False also if the reader has switched off the list of changed stories.
    """
    query = f"""SELECT 1 FROM stories AS s {_OF_STORY} WHERE s.id = ? AND NOT {IS_UNREAD} AND m.opened_us IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM read_versions AS v WHERE v.story = s.id) AND NOT {_IS_OFF}"""
    return db.execute(query, (story,)).fetchone() is not None


def note_edit(db: sqlite3.Connection, story: int, before: Story, after: Story, replaced_us: int | None) -> None:
    """Compare the new version of a story with the version that the reader read, and save whether the changes matter.

    `story` is the story's id, and `before` and `after` are the versions before and after an edit. `replaced_us` identifies the
    revision that `before` was saved as, by its time in microseconds; None unless `before` is the version that was read.
    """
    if (before.source == "page") is not (after.source == "page"):
        forget_version(db, story)
        return
    known = _row(db, story) if replaced_us is None else ReadVersion(story, replaced_us)
    if known is None or known.replaced_us == _UNKNOWN_VERSION:
        return
    edited_us = to_us(after.modified) if after.modified and after.modified != before.modified else None
    read = before if replaced_us is not None else _revision(db, known)
    _write(db, _compared(known, read, after)._replace(edited_us=edited_us))


def _compared(known: ReadVersion, read: Story | Revision | None, after: Story) -> ReadVersion:
    """Return the record `known` of the version that the reader read, with the change from that version to the version `after`.

    `read` is the version that was read, or None if it is unavailable. If so, or if the change doesn't matter, the returned record
    has no change. If `after` is only a summary, more or less text doesn't matter, because a paper's feeds may cut it differently.
    """
    from bpost_tui.edits.edit_weight import EditKind, StoryVersion, significant_edit  # 15 ms, only if a read story was edited

    edit = read and significant_edit(StoryVersion(read.title, read.blocks), StoryVersion(after.title, after.blocks))
    matters = edit and (after.full or edit.kind is not EditKind.TEXT)
    return known._replace(**edit._asdict()) if edit and matters else ReadVersion(known.story, known.replaced_us)


def version_read(db: sqlite3.Connection, story: int) -> Revision | None:
    """Return the version of `story` (an id) that the reader read; None unless later changes matter and weren't seen yet."""
    known = _row(db, story)
    return _revision(db, known) if known is not None and known.kind else None


def version_us(db: sqlite3.Connection, story: int) -> int | None:
    """Return the time that identifies the revision of `story` (an id) that the reader read; None if it isn't known.

    It is in microseconds since 1970.
    """
    known = _row(db, story)
    return None if known is None or known.replaced_us == _UNKNOWN_VERSION else known.replaced_us


def set_version(db: sqlite3.Connection, story: int, replaced_us: int) -> None:
    """Save which revision of a story another library's reader has read, unless this library knows a version that was read here.

    `replaced_us` identifies the revision: it is the time when the next version replaced it, in microseconds since 1970.
    """
    known = ReadVersion(story, replaced_us)
    if is_as_read(db, story) and (read := _revision(db, known)) is not None:
        _write(db, _compared(known, read, as_sent_story(db, story)))


def note_seen(db: sqlite3.Connection, story: int) -> ReadVersion | None:
    """Delete the record of a story's changes since it was read, because the reader has now seen its present version.

    Return the deleted record, so that `restore` can restore it; None if there was no record, or if it had no change that matters.
    """
    known = _row(db, story)
    forget(db, (story,))
    return known if known is not None and known.kind else None


def restore(db: sqlite3.Connection, known: ReadVersion) -> None:
    """Restore `known`, a record that `note_seen` has deleted and returned: the version of a story that was read, and its changes.

    Do nothing if the story was edited since, or is unread or deleted.
    """
    query = f"SELECT 1 FROM stories AS s WHERE s.id = ? AND NOT {IS_UNREAD}"
    if _row(db, known.story) is None and db.execute(query, (known.story,)).fetchone():
        _write(db, known)


def note_read_elsewhere(db: sqlite3.Connection, times: Mapping[int, tuple[int, int]]) -> None:
    """Record which stories were read on another machine later than here; call this before its changes are merged.

    `times` maps each story to two times from the other machine, of its mark "read" and of its reading position. The times are in
    microseconds since 1970; 0 means that the machine has no mark or position.
    """
    query = f"""SELECT s.id FROM json_each(?) AS t CROSS JOIN stories AS s ON s.id = json_extract(t.value, '$[0]') {_OF_STORY}
        WHERE m.opened_us IS NOT NULL AND (json_extract(t.value, '$[1]') > coalesce(m.read_us, m.unread_us, 0)
        OR json_extract(t.value, '$[2]') > coalesce(m.position_us, m.opened_us))"""
    rows = [(story, *of_story) for story, of_story in times.items()]
    for (story,) in db.execute(query, (json.dumps(rows),)).fetchall():
        _write(db, ReadVersion(story, _UNKNOWN_VERSION))


def forget(db: sqlite3.Connection, stories: Iterable[int]) -> None:
    """Delete the records of read versions for `stories` (ids), because the stories were opened again or marked unread."""
    db.execute("DELETE FROM read_versions WHERE story IN (SELECT value FROM json_each(?))", (json.dumps(list(stories)),))


def forget_version(db: sqlite3.Connection, story: int) -> None:
    """Count the present text of a story as the version read here, because it can't be compared with the earlier version.

    Do nothing for a story that was last read on another machine, because no version of it counts as read here.
    """
    db.execute("DELETE FROM read_versions WHERE story = ? AND replaced_us <> ?", (story, _UNKNOWN_VERSION))


def _row(db: sqlite3.Connection, story: int) -> ReadVersion | None:
    row = db.execute(f"SELECT {_COLUMNS} FROM read_versions WHERE story = ?", (story,)).fetchone()
    return ReadVersion(*row) if row else None


def _write(db: sqlite3.Connection, row: ReadVersion) -> None:
    forget(db, (row.story,))  # REPLACE would run no trigger for the deleted row
    db.execute(f"INSERT INTO read_versions ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)", row)


def _revision(db: sqlite3.Connection, known: ReadVersion) -> Revision | None:
    """Return the revision that `known`, a row of `read_versions`, names as read by the reader; None if damaged or missing."""
    query = "SELECT replaced_us, title, blocks FROM revisions WHERE (story, replaced_us) = (?, ?)"
    row = db.execute(query, (known.story, known.replaced_us)).fetchone()
    try:
        return Revision(from_us(row[0]), row[1], blocks_from_text(row[2])) if row else None
    except ContentError:
        return None
