"""Marks of the reader (read, starred, read later): stored in reader.db, and copied to stories.db, so that lists can be filtered.

reader.db is authoritative; its marks are keyed by guid and paper. stories.db has a copy: the columns `starred` and `later`, and the
table `unread`. Both files contain a stamp: every change of the marks writes one new random stamp into both files. If the stamps
differ (after a crash between the two files' commits, or if a file was replaced), the copy is made again.

Functions over an open library. Before a call that writes, the caller must have begun a transaction.
"""

# ruff: noqa: S608 (SQL is composed of constants; all values are bound)
from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from bpost_tui.clock import to_us
from bpost_tui.mark_changes.field_changes import MARK_FIELDS
from bpost_tui.model.marks import MarkName
from bpost_tui.store.lists import own_list_copy, read_versions
from bpost_tui.store.lists.mark_fields import join_marks
from bpost_tui.store.lists.marks_stamp import is_copy_current, renew_stamps
from bpost_tui.store.papers import assign_keyless_marks
from bpost_tui.store.row_mapping import IS_UNREAD, PAPER_KEY
from bpost_tui.store.schema.migrations import MARKS_LINK_INDEX, UPDATE_UNREAD_COUNTS
from bpost_tui.store.server_marks import set_unsent

_MARKED = {
    mark: f"EXISTS (SELECT 1 FROM reader.marks AS m WHERE (m.guid, m.paper) = (s.guid, {PAPER_KEY}) AND m.{mark}_us IS NOT NULL)"
    for mark in MARK_FIELDS
}
_COPY = {"read": f"NOT {IS_UNREAD}", "starred": "s.starred", "later": "s.later"}
_OUTDATED = " OR ".join(f"{_COPY[mark]} <> {truth}" for mark, truth in _MARKED.items())
_REINDEX_FROM = 10_000
"""Maximum number of new marks that are added to the index of marks by link one by one; more may make bpost rebuild the index."""


def update_copy(db: sqlite3.Connection) -> None:
    """Copy the marks to stories.db again, unless the copy is up to date."""
    if not is_copy_current(db):
        assign_keyless_marks(db)
        _copy_outdated(db)
        renew_stamps(db)


def restore_marks(db: sqlite3.Connection, now: datetime) -> int:
    """Restore marks that reader.db has lost by damage, but that stories.db still has; return the number of restored marks.

    A mark that was removed according to reader.db stays removed.
    """
    restored = 0
    assign_keyless_marks(db)
    for mark, copied in _COPY.items():
        restored += db.execute(
            f"INSERT INTO reader.marks (guid, paper, link_key, {mark}_us) "
            f"SELECT s.guid, {PAPER_KEY}, s.link_key, ? FROM stories AS s "
            f"WHERE {copied} AND NOT EXISTS (SELECT 1 FROM reader.marks AS m WHERE (m.guid, m.paper) = (s.guid, {PAPER_KEY}) "
            f"AND (m.{mark}_us IS NOT NULL OR m.un{mark}_us IS NOT NULL)) "
            f"ON CONFLICT (guid, paper) DO UPDATE SET {mark}_us = excluded.{mark}_us",
            (to_us(now),),
        ).rowcount
    own_list_copy.restore_lists(db, to_us(now))
    _copy_outdated(db)
    renew_stamps(db)
    return restored


def count_outdated(db: sqlite3.Connection) -> int:
    """Return the number of stories whose marks in stories.db differ from the marks in reader.db."""
    (stories,) = db.execute(f"SELECT count(*) FROM stories AS s WHERE {_OUTDATED}").fetchone()
    return int(stories) + own_list_copy.count_outdated(db)


def _copy_outdated(db: sqlite3.Connection) -> None:
    copy_marks(db, [row[0] for row in db.execute(f"SELECT s.id FROM stories AS s WHERE {_OUTDATED}")])


def copy_marks(db: sqlite3.Connection, stories: Iterable[int]) -> None:
    """Copy the marks of `stories` (ids), and all lists that the reader made, from reader.db to stories.db."""
    ids = json.dumps(list(stories))
    columns = ", ".join(f"{mark} = {_MARKED[mark]}" for mark in ("starred", "later"))
    db.execute(f"UPDATE stories AS s SET {columns} WHERE id IN (SELECT value FROM json_each(?))", (ids,))
    query = f"SELECT s.id, {_MARKED['read']} FROM stories AS s WHERE s.id IN (SELECT value FROM json_each(?))"
    found = db.execute(query, (ids,)).fetchall()
    for read in (True, False):
        set_read(db, [story for story, is_read in found if is_read == read], read)
    own_list_copy.update_copy(db)


def set_mark(db: sqlite3.Connection, mark: MarkName, stories: Iterable[int], on: bool, now: datetime) -> tuple[int, ...]:
    """Set a mark of `stories` (ids) if `on`, or else remove it, and return the ids of the stories that changed.

    If marks are synced with a server of feeds, the change is dated by the server's clock, so that all machines use one clock.
    """
    update_copy(db)
    at_us = _server_us(db, now)
    story_ids = list(stories)
    # read from each paper's list of all stories, because the rows of `stories` are wider
    rows = "list IN (SELECT id FROM papers) AND +story" if _are_many(db, len(story_ids)) else "place = -1 AND story"
    entries = f"SELECT story AS id, published_us, starred, later, list AS paper FROM list_entries WHERE {rows} IN"
    query = f"SELECT s.id FROM ({entries} (SELECT value FROM json_each(?))) AS s WHERE {_COPY[mark]} <> ?"
    found = db.execute(query, (json.dumps(story_ids), on))
    changed = tuple(sorted(row[0] for row in found))
    if not changed:
        return ()
    ids = json.dumps(changed)
    with _link_index_built_after(db, len(changed)):
        db.execute(
            f"INSERT INTO reader.marks (guid, paper, link_key, {mark}_us, un{mark}_us) SELECT guid, {PAPER_KEY}, link_key, ?, ? "
            f"FROM stories AS s WHERE id IN (SELECT value FROM json_each(?)) ON CONFLICT (guid, paper) "
            f"DO UPDATE SET {mark}_us = {_next_time(mark, mark)}, un{mark}_us = {_next_time(f'un{mark}', mark)}",
            (at_us if on else None, None if on else at_us, ids),
        )
    set_unsent(db, mark, changed)
    if mark == "read":
        set_read(db, changed, on)
    else:
        db.execute(f"UPDATE stories SET {mark} = ? WHERE id IN (SELECT value FROM json_each(?))", (on, ids))
    renew_stamps(db)
    return changed


def renew_read_mark(db: sqlite3.Connection, story: int, now: datetime) -> None:
    """Give a story's mark "read" the time `now`, if it has the mark, because the reader has opened it again."""
    db.execute(
        f"UPDATE reader.marks SET read_us = max(?, read_us + 1) WHERE read_us IS NOT NULL "
        f"AND (guid, paper) = (SELECT s.guid, {PAPER_KEY} FROM stories AS s WHERE s.id = ?)",
        (_server_us(db, now), story),
    )


def _server_us(db: sqlite3.Connection, now: datetime) -> int:
    """Return `now` in microseconds by the clock of the server of feeds, or by this machine's clock if there is no server."""
    return to_us(now) - sum(int(row[0]) for row in db.execute("SELECT lead_us FROM reader.greader_state"))


def _next_time(column: str, mark: str) -> str:
    """Return the SQL for the time of a change of `mark`: the time to insert, but at least 1 µs after the mark's previous change.

    `column` is the column that the time is inserted into, without the ending `_us`. For the mark `read`, it is `read` if the mark
    is set, and `unread` if it is removed.
    """
    return f"max(excluded.{column}_us, coalesce({mark}_us, un{mark}_us, 0) + 1)"  # NULL if its first argument is NULL


def set_read(db: sqlite3.Connection, stories: Sequence[int], read: bool) -> None:
    """Mark `stories` (ids) in stories.db as read if `read`, else as unread; update each list's number of unread stories."""
    ids = json.dumps(stories)
    if not read:
        read_versions.forget(db, stories)
    query = "DELETE FROM unread" if read else "INSERT OR IGNORE INTO unread SELECT list, published_us, story FROM list_entries"
    if _are_many(db, len(stories)):
        # a plus makes SQLite scan instead of looking each up (https://sqlite.org/optoverview.html#uplus)
        db.execute(f"{query} WHERE +story IN (SELECT value FROM json_each(?))", (ids,))
        db.execute(UPDATE_UNREAD_COUNTS)
    elif stories:
        rows = "SELECT list, published_us, story FROM list_entries WHERE story IN (SELECT value FROM json_each(?))"
        found = db.execute(f"{query} WHERE (list, published_us, story) IN ({rows}) RETURNING list", (ids,))
        changed = Counter(row[0] for row in found)
        counts = [(-count if read else count, list_id) for list_id, count in changed.items()]
        db.executemany("UPDATE lists SET unread = unread + ? WHERE id = ?", counts)


def _are_many(db: sqlite3.Connection, stories: int) -> bool:
    """Whether a scan of all stories is faster than looking up this number of `stories`."""
    (total,) = db.execute("SELECT sum(total) FROM lists WHERE id IN (SELECT id FROM papers)").fetchone()
    return 4 * stories > int(total or 0)


@contextmanager
def _link_index_built_after(db: sqlite3.Connection, adding: int) -> Iterator[None]:
    """Drop the index of marks by link before the `with` block, and rebuild it afterwards, if most of its rows will be new.

    `adding` is the number of rows that the block adds. To sort all rows at once is faster than to insert most of them one by one,
    unordered.
    """
    if adding <= max(_REINDEX_FROM, db.execute("SELECT count(*) FROM reader.marks").fetchone()[0]):
        yield
        return
    db.execute("DROP INDEX reader.marks_by_link")
    yield
    db.execute(f"CREATE INDEX reader.{MARKS_LINK_INDEX}")


def marks_for_new_story(db: sqlite3.Connection, paper: int, guid: str, key: str | None) -> dict[str, bool]:
    """Return for each mark, by name, whether reader.db has it for a story that is about to be saved.

    The story may have marks from before its deletion, for example. `paper` is the id of its paper, and `key` the key of its link,
    which is the same for all variants of the link (None without a link). Marks under another guid are moved to `guid` if their link
    is the same and no story of the paper has the other guid now.
    """
    is_of_paper = "m.paper = (SELECT key FROM papers WHERE id = :paper)"
    values = {"guid": guid, "link": key, "paper": paper}
    db.execute(
        f"UPDATE OR IGNORE reader.marks AS m SET guid = :guid WHERE m.link_key = :link AND {is_of_paper} "
        "AND NOT EXISTS (SELECT 1 FROM stories AS s WHERE (s.guid, s.paper) = (m.guid, :paper))",
        values,
    )
    times = ", ".join(f"m.{mark}_us" for mark in _MARKED)
    row = db.execute(f"SELECT {times} FROM reader.marks AS m WHERE m.guid = :guid AND {is_of_paper}", values).fetchone()
    return {mark: row is not None and row[at] is not None for at, mark in enumerate(_MARKED)}


def move_marks_of_link(db: sqlite3.Connection, paper: int, story: int, before: str | None, key: str) -> None:
    """Note in reader.db that the link of a story has the key `key` now, so that other machines find the story by its new link.

    `story` is the story's id, and `paper` the id of its paper.

    Marks that were made on other machines under another guid with the new link are joined with the story's marks. The story's item
    (entry on a server of feeds) also gets the new key, so that it still belongs to the story, although the server may keep the old
    link. `before` is the key of the old link; None if the story had no link.
    """
    query = "SELECT s.guid, p.key FROM stories AS s JOIN papers AS p ON p.id = s.paper WHERE s.id = ?"
    target = db.execute(query, (story,)).fetchone()
    db.execute("UPDATE reader.greader_items SET link_key = ? WHERE (link_key, paper) = (?, ?)", (key, before, target[1]))
    # the guid is written again because the trigger that queues the change watches it
    db.execute("UPDATE reader.marks SET link_key = ?, guid = guid WHERE (guid, paper) = (?, ?)", (key, *target))
    query = """SELECT guid, paper FROM reader.marks AS m WHERE link_key = ? AND paper = ? AND guid <> ?
        AND NOT EXISTS (SELECT 1 FROM stories AS s WHERE (s.guid, s.paper) = (m.guid, ?))"""
    if sources := db.execute(query, (key, target[1], target[0], paper)).fetchall():
        join_marks(db, dict.fromkeys(sources, target))
        copy_marks(db, [story])
        renew_stamps(db)
