"""Export of complete stories with the reader's marks, and import of another library's export.

If two libraries have changed the same mark, the later change wins, whether it set or removed the mark.
`model.story_merge.merge_imported` chooses between two versions of a story.
"""

# ruff: noqa: S608 (SQL is composed of constants; all values are bound)
from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bpost_tui.clock import from_us, to_us
from bpost_tui.errors import NotFoundError
from bpost_tui.mark_changes.field_changes import MARK_FIELDS
from bpost_tui.model.exported_story import ExportedStory, ImportedStory, ImportResult
from bpost_tui.model.marks import MarkState, ReadingPosition, StoryMarks
from bpost_tui.model.paper import Paper
from bpost_tui.model.story import Category, Headline, Story
from bpost_tui.model.story_merge import merge_imported
from bpost_tui.store import papers, stories, story_saver
from bpost_tui.store.disk_space import require_space
from bpost_tui.store.lists import read_versions
from bpost_tui.store.lists.mark_store import copy_marks
from bpost_tui.store.lists.marks_stamp import renew_stamps
from bpost_tui.store.row_mapping import MARK_TIMES, PAPER_KEY, blocks_to_text
from bpost_tui.store.sent_stories import find_saved
from bpost_tui.store.server_marks import set_unsent
from bpost_tui.store.story_saver import trim_revisions
from bpost_tui.urls import link_key

if TYPE_CHECKING:
    from bpost_tui.store.database_access import DatabaseAccess

_NEXT = timedelta(microseconds=1)
"""Minimum time between two changes of a mark, so that the later change always has a later time."""


class ImportExport:
    """Export of a library's stories, and import of another library's export."""

    def __init__(self, database: DatabaseAccess, most_bytes: int | None = None, alone: Paper | None = None) -> None:
        self._database = database
        self._read, self._write = database.read, database.write
        self._alone = alone
        self._limits = (database.folder, most_bytes)

    def export(self, story_ids: Sequence[int]) -> tuple[ExportedStory, ...]:
        """Return complete stories in the order of `story_ids`, without stories that were deleted meanwhile."""
        return self._read(lambda db: tuple(export_stories(db, story_ids)))

    def merge(self, imported: Sequence[ImportedStory], *, now: datetime) -> ImportResult:
        """Merge another library's stories and marks (`imported`) in one transaction.

        Return the numbers of new stories, of changed stories, and of stories with changed marks. Newer versions here are never
        overwritten.

        A paper that the library lacks is added for its stories, without subscribing to it.
        """
        by_paper: dict[Paper | None, list[ImportedStory]] = {}
        for each in imported:
            by_paper.setdefault(each.paper or self._alone, []).append(each)

        def merge_all(db: sqlite3.Connection) -> ImportResult:
            require_space(db, *self._limits)
            merged = [ImportResult()]
            for paper, theirs in by_paper.items():
                story_id = papers.ensure_paper_or_first(db, paper)
                papers.set_initial_name(db, story_id, paper.name if paper is not None else "")
                merged.append(merge(db, story_id, theirs, now))
            return ImportResult(*map(sum, zip(*merged, strict=True)))

        merged = self._write(merge_all)
        from bpost_tui.store.grouping.group_builder import GroupBuilder  # 15 ms, with the IDF of common words

        GroupBuilder(self._database).update_groups()
        return merged


def export_stories(db: sqlite3.Connection, story_ids: Sequence[int]) -> Iterator[ExportedStory]:
    """Yield complete stories in the order of `story_ids`, without stories that don't exist."""
    for story_id in story_ids:
        try:
            saved = stories.story_or_headline(db, story_id)
        except NotFoundError:
            continue
        version_us = read_versions.version_us(db, story_id)
        version_read = None if version_us is None else from_us(version_us)
        yield ExportedStory(saved, _marks(db, saved.headline), stories.revisions(db, story_id), version_read)


def merge(db: sqlite3.Connection, paper: int, imported: Sequence[ImportedStory], now: datetime) -> ImportResult:
    """Merge `imported`, another library's stories and marks, into the paper with the id `paper`.

    Return the numbers of new stories, of changed stories, and of stories with changed marks. The caller must have begun a
    transaction.
    """
    names = dict(db.execute("SELECT slug, name FROM lists WHERE paper = ? AND slug IS NOT NULL", (paper,)))
    saved = story_saver.save_stories(
        db, [_with_local_category_names(_reconcile_story(db, paper, each.story), names) for each in imported], now, paper=paper
    )
    new, marked, versions = set(saved.new), set[int](), dict[int, datetime]()
    for each in imported:
        story_id = find_saved(db, each.story.guid, link_key(each.story.link), paper=paper)
        if story_id is None:  # its guid was shared, so saving changed it: nobody can know which story these marks belong to
            continue
        _add_history(db, story_id, each, is_new=story_id in new)
        if _merge_marks(db, story_id, each.marks, now):
            marked.add(story_id)
        if each.version_read is not None:
            versions[story_id] = each.version_read
    if marked:
        copy_marks(db, marked)
        renew_stamps(db)
    for story_id, version in versions.items():
        read_versions.set_version(db, story_id, to_us(version))
    return ImportResult(len(saved.new), len(saved.updated), len(marked))


def _reconcile_story(db: sqlite3.Connection, paper: int, theirs: Story) -> Story:
    """Return `theirs`, another library's story, merged with this library's version if there is one; `paper` is the paper's id."""
    story_id = find_saved(db, theirs.guid, link_key(theirs.link), paper=paper)
    return theirs if story_id is None else merge_imported(stories.as_sent_story(db, story_id), theirs)


def _with_local_category_names(story: Story, names: Mapping[str, str]) -> Story:
    """Return a story with its categories named as in this library: `names` has the names by slug; other categories keep theirs."""
    return story._replace(categories=tuple(Category(each.slug, names.get(each.slug, each.name)) for each in story.categories))


def _add_history(db: sqlite3.Connection, story_id: int, imported: ImportedStory, *, is_new: bool) -> None:
    """Add to a story the imported revisions that this library lacks, and the times when the story was edited or withdrawn.

    `is_new` is whether the import has just added the story to the library; only such a story can become withdrawn.
    """
    for revision in imported.revisions:
        row = (story_id, to_us(revision.replaced), revision.title, blocks_to_text(revision.blocks))
        db.execute("INSERT OR IGNORE INTO revisions (story, replaced_us, title, blocks) VALUES (?, ?, ?, ?)", row)
    trim_revisions(db, story_id)
    updated_us, withdrawn_us = (to_us(at) if at else None for at in (imported.updated, imported.withdrawn if is_new else None))
    if updated_us or withdrawn_us:
        query = "UPDATE stories SET updated_us = coalesce(updated_us, ?), withdrawn_us = coalesce(withdrawn_us, ?) WHERE id = ?"
        db.execute(query, (updated_us, withdrawn_us, story_id))


# ── marks ───────────────────────────────────────────────────────────────────


def _marks(db: sqlite3.Connection, story: Headline) -> StoryMarks:
    query = f"SELECT {', '.join(MARK_TIMES)}, opened_us, item, fraction FROM reader.marks WHERE (guid, paper) = (?, ?)"
    row = db.execute(query, (story.guid, story.paper)).fetchone()
    if not row:
        return StoryMarks()
    pairs = zip(row[0:6:2], row[1:6:2], strict=True)
    read, starred, later = (None if on_us is off_us is None else _change(on_us, off_us) for on_us, off_us in pairs)
    opened_us, item, fraction = row[6:]
    position = None if item is None else ReadingPosition(item, fraction)
    query = "SELECT list, is_in, at_us FROM reader.own_list_entries WHERE (guid, paper) = (?, ?) ORDER BY list"
    lists = tuple(
        (key, MarkState(bool(is_in), from_us(at_us))) for key, is_in, at_us in db.execute(query, (story.guid, story.paper))
    )
    return StoryMarks(read, starred, later, None if opened_us is None else from_us(opened_us), position, lists)


def _change(on_us: int | None, off_us: int | None) -> MarkState:
    return MarkState(on_us is not None, from_us(off_us or 0 if on_us is None else on_us))


def _merge_marks(db: sqlite3.Connection, story_id: int, theirs: StoryMarks, now: datetime) -> bool:
    """Merge into a story's marks those in `theirs` that another library changed later than this; return whether any changed."""
    ours = _marks(db, stories.headline(db, story_id))
    merged = merge_marks(ours, theirs, now)
    if merged == ours:
        return False
    changes = (merged.read, merged.starred, merged.later)
    times = [to_us(each.at) if each and each.on is on else None for each in changes for on in (True, False)]
    values = (*times, to_us(merged.opened) if merged.opened else None, *(merged.position or (None, None)))
    columns = (*MARK_TIMES, "opened_us", "item", "fraction")
    assignments = ", ".join(f"{column} = excluded.{column}" for column in columns)
    moved = f"max({to_us(now)}, coalesce(position_us, 0) + 1)" if merged.position != ours.position else "position_us"
    db.execute(
        f"INSERT INTO reader.marks (guid, paper, link_key, {', '.join(columns)}) "
        f"SELECT guid, {PAPER_KEY}, link_key, {', '.join('?' * len(columns))} FROM stories AS s WHERE id = ? "
        f"ON CONFLICT (guid, paper) DO UPDATE SET {assignments}, position_us = {moved}",
        (*values, story_id),
    )
    for mark in MARK_FIELDS:
        before, after = getattr(ours, mark), getattr(merged, mark)
        if (after is not None and after.on) is not (before is not None and before.on):
            set_unsent(db, mark, [story_id])
    rows = [(key, to_us(change.at), change.on, story_id) for key, change in merged.lists]
    query = f"INSERT OR REPLACE INTO reader.own_list_entries SELECT ?, s.guid, {PAPER_KEY}, ?, ? FROM stories AS s WHERE id = ?"
    db.executemany(query, rows)
    return True


def merge_marks(ours: StoryMarks, theirs: StoryMarks, now: datetime) -> StoryMarks:
    """Return two libraries' marks of a story merged: the later change of each mark wins.

    The reading position comes from the library that opened the story later. A change dated in the future, because of a wrong clock,
    counts as made now.
    """
    read, starred, later = (_later_change(getattr(ours, mark), getattr(theirs, mark), now) for mark in MARK_FIELDS)
    own, others = dict(ours.lists), dict(theirs.lists)
    lists = [(key, _later_change(own.get(key), others.get(key), now)) for key in sorted(own.keys() | others.keys())]
    opened = max(filter(None, (ours.opened, theirs.opened and min(theirs.opened, now))), default=None)
    is_ours = theirs.position is None or (ours.position and (opened == ours.opened))
    position = ours.position if is_ours else theirs.position
    return StoryMarks(read, starred, later, opened, position, tuple((key, change) for key, change in lists if change))


def _later_change(own: MarkState | None, other: MarkState | None, now: datetime) -> MarkState | None:
    if other is not None and (own is None or other.at > own.at):
        return MarkState(other.on, min(other.at, now) if own is None else max(min(other.at, now), own.at + _NEXT))
    return own
