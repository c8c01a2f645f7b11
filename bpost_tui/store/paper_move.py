"""Move of a paper to another address. The paper's key changes with the address, and so does all data that contains the key."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from bpost_tui.clock import to_us
from bpost_tui.model.exported_story import ExportedStory, ImportedStory
from bpost_tui.model.paper import Paper
from bpost_tui.model.story import to_story
from bpost_tui.store import import_export, papers, stories
from bpost_tui.store.lists import mark_store, marks_stamp
from bpost_tui.store.lists.mark_fields import join_marks
from bpost_tui.store.maintenance import delete_stories
from bpost_tui.store.papers import IS_FAULT, OWN_ADDRESS
from bpost_tui.store.sent_stories import find_saved
from bpost_tui.urls import link_key

if TYPE_CHECKING:
    from bpost_tui.store.database_access import DatabaseAccess

_StoryKey = tuple[str, str]
"""Guid of a story, and key of its paper."""
_JOINED_BATCH = 25
"""Number of stories joined in one transaction. Between two transactions, other processes can write."""

# Why the old paper's row stays and gets the new address. The obvious way is to copy its stories to the new paper. But then every
# story gets another id, is compared for same news and indexed again, and counts as new.
#
# So the old paper's row gets the new key and address: a year of stories isn't touched. Only reader.db repeats the key in its rows.
# If the reader has followed the new address as well, as was advised before papers could be moved, the stories that came from there
# are joined with the old paper first. One transaction for all of them would keep other writers waiting, so they are joined in
# batches. A kill between two batches leaves each story in one of the two papers, and a second move completes the first. The row is
# changed in the transaction that finds no more stories to join: a refresh may save stories of the new paper after any batch.


def move_paper(database: DatabaseAccess, old: Paper, new: Paper, now: datetime) -> None:
    """Give the paper `old` the key and address of `new`; its stories, marks, lists and groups stay.

    If the library has stories of `new` already, they are joined with the stories of `old`.
    """

    def move_part(db: sqlite3.Connection) -> bool:
        if _join_batch(db, old, new, now):
            return True
        _rename_paper(db, old, new, now)
        return False

    while database.write(move_part):
        pass


def _join_batch(db: sqlite3.Connection, old: Paper, new: Paper, now: datetime) -> int:
    """Move at most `_JOINED_BATCH` stories of `new` to `old`, and return their number; 0 means that all are moved.

    If `old` has the same story already, the two are merged into one.
    """
    target, source = papers.id_of(db, old.key), papers.id_of(db, new.key)
    if target is None or source is None or target == source:
        return 0
    query = "SELECT id, guid, first_seen_us FROM stories WHERE paper = ? ORDER BY id LIMIT ?"
    rows = db.execute(query, (source, _JOINED_BATCH)).fetchall()
    joined = [_to_import(each) for each in import_export.export_stories(db, [row[0] for row in rows])]
    import_export.merge(db, target, joined, now)
    for (_, guid, first_seen_us), each in zip(rows, joined, strict=True):
        story_id = find_saved(db, guid, link_key(each.story.link), paper=target)
        own_guid = guid if story_id is None else stories.headline(db, story_id).guid
        _rename_stories(db, {(guid, new.key): (own_guid, old.key)})
        db.execute("UPDATE stories SET first_seen_us = min(first_seen_us, ?) WHERE id = ?", (first_seen_us, story_id))
    delete_stories(db, [row[0] for row in rows])
    return len(rows)


def _to_import(each: ExportedStory) -> ImportedStory:
    row = each.saved.headline
    return ImportedStory(
        to_story(each.saved), each.marks, each.revisions, row.updated, row.withdrawn, version_read=each.version_read
    )


def _rename_paper(db: sqlite3.Connection, old: Paper, new: Paper, now: datetime) -> None:
    mark_store.update_copy(db)
    target, source = papers.id_of(db, old.key), papers.id_of(db, new.key)
    if target is not None:
        if source is not None and source != target:
            for row in ("fetch_events WHERE paper", "backfills WHERE paper", "papers WHERE id", "lists WHERE paper"):
                db.execute(f"DELETE FROM {row} = ?", (source,))  # noqa: S608 (a constant)
        db.execute("UPDATE papers SET key = ?, address = ? WHERE id = ?", (new.key, new.address, target))
        db.execute(f"DELETE FROM fetch_events WHERE paper = ? AND ({IS_FAULT} OR event LIKE '{OWN_ADDRESS}%')", (target,))  # noqa: S608 (constants)
    if old.key == new.key:
        return
    query = "SELECT guid FROM reader.marks WHERE paper = ?"
    ahead = [guid for (guid,) in db.execute(query, (new.key,))]  # marks of a machine that has moved the paper earlier
    db.execute("UPDATE OR IGNORE reader.marks SET paper = ? WHERE paper = ?", (new.key, old.key))
    left = [guid for (guid,) in db.execute(query, (old.key,))]  # marks under both keys
    _rename_stories(db, {(guid, old.key): (guid, new.key) for guid in left})
    for table in ("passages", "greader_items"):
        db.execute(f"UPDATE reader.{table} SET paper = ? WHERE paper = ?", (new.key, old.key))  # noqa: S608 (a constant)
    _rename_separations(db, lambda guid, paper: (guid, new.key if paper == old.key else paper))
    db.execute("DELETE FROM reader.moved_papers WHERE paper = ?", (new.key,))
    db.execute("UPDATE reader.moved_papers SET new_paper = ? WHERE new_paper = ?", (new.key, old.key))
    db.execute("INSERT OR REPLACE INTO reader.moved_papers VALUES (?, ?, ?, ?)", (old.key, old.address, new.key, to_us(now)))
    query = "SELECT id FROM stories WHERE paper = ? AND guid IN (SELECT value FROM json_each(?))"
    mark_store.copy_marks(db, [row[0] for row in db.execute(query, (target, json.dumps(ahead)))])
    marks_stamp.renew_stamps(db)


def _rename_stories(db: sqlite3.Connection, names: Mapping[_StoryKey, _StoryKey]) -> None:
    """Transfer the marks, passages and separations of stories to other stories, as `names` maps them.

    Of two changes of a mark, the later one stays.
    """
    join_marks(db, names)
    query = "UPDATE reader.passages SET (guid, paper) = (?, ?) WHERE (guid, paper) = (?, ?)"
    db.executemany(query, [(*after, *before) for before, after in names.items()])
    _rename_separations(db, lambda *before: names.get(before, before))


def _rename_separations(db: sqlite3.Connection, rename: Callable[[str, str], _StoryKey]) -> None:
    """Rename the stories of separated pairs: `rename` maps a story's guid and paper key to the new guid and paper key.

    The two stories of a pair are sorted, so their order may change.
    """
    delete = "DELETE FROM reader.separations WHERE (guid, paper, other_guid, other_paper) = (?, ?, ?, ?)"
    insert = """INSERT INTO reader.separations VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (guid, paper, other_guid, other_paper)
        DO UPDATE SET at_us = excluded.at_us, is_separated = excluded.is_separated WHERE excluded.at_us > at_us"""
    query = "SELECT guid, paper, other_guid, other_paper, at_us, is_separated FROM reader.separations"
    for guid, paper, other_guid, other_paper, at_us, is_separated in db.execute(query).fetchall():
        first, second = sorted((rename(guid, paper), rename(other_guid, other_paper)))
        if (*first, *second) != (guid, paper, other_guid, other_paper):
            db.execute(delete, (guid, paper, other_guid, other_paper))
            db.execute(insert, (*first, *second, at_us, is_separated))
