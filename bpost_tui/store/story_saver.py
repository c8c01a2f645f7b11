"""Saving of categories, and of stories that a portal sent, as new stories or new versions.

The caller must have begun a transaction.
"""

# ruff: noqa: S608 (SQL is composed of constants; all values are bound)
from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from bpost_tui.clock import DAY_US, to_us
from bpost_tui.model.blocks import Blocks, Embed, plain_text
from bpost_tui.model.library_results import SaveResult
from bpost_tui.model.story import Category, Story
from bpost_tui.model.story_identity import ambiguous_links, split_shared_guids
from bpost_tui.model.story_merge import merge_resent
from bpost_tui.store.disk_space import require_space
from bpost_tui.store.grouping import fingerprint_store
from bpost_tui.store.lists import own_list_copy, read_versions
from bpost_tui.store.lists.mark_store import marks_for_new_story, move_marks_of_link, set_read, update_copy
from bpost_tui.store.row_mapping import blocks_to_text, to_columns
from bpost_tui.store.search import search_index
from bpost_tui.store.sent_stories import find_resent, find_saved, find_shifted
from bpost_tui.store.stories import as_sent_story
from bpost_tui.urls import link_key

_MAX_SAVED_REVISIONS = 20
"""Maximum number of earlier versions (revisions) saved for a story; older versions are deleted."""
_REVISION_US = DAY_US
"""Minimum time between two revisions of a story, in microseconds."""

# Why saving isn't an upsert. The obvious way is INSERT … ON CONFLICT (guid) DO UPDATE. It fails because portals break the rule
# that it relies on. They change a story's guid, or give one guid or link to several stories. They send a story again cut short by
# another feed, date it in the future, or edit its text without a new date. An upsert would save stories twice, overwrite a full
# text with an excerpt, and keep a misdated story on top for ever. At each refresh, it would rewrite a row, its index entries and
# every list that holds it.
#
# So each sent story is first made unambiguous (`normalise_story`, `model.story_identity`), then looked up by guid, then by link
# (`find_saved`), then by headline, date and text (`find_resent`, `find_shifted`), and merged with the saved version
# (`model.story_merge.merge_resent`). If the merge changes nothing, nothing is written. Only changed words reach the search index
# and the fingerprints for grouping, in one batch after all rows are written, or after the whole refresh (`indexes_now`). Triggers
# of the schema keep lists and counts in step. A whole text that changes leaves a revision, at most one a day. Marks made while a
# story wasn't saved apply at once to the new row (`marks_for_new_story`).
#
# We don't delete stories that a portal no longer sends: a feed has only its latest stories.

# ── stories ─────────────────────────────────────────────────────────────────


def save_stories(
    db: sqlite3.Connection,
    stories: Sequence[Story],
    now: datetime,
    *,
    paper: int,
    limits: tuple[Path, int | None] | None = None,
    part: slice = slice(None),
    indexes_now: bool = True,
    finds_shifted: bool = False,
) -> SaveResult:
    """Save stories of the paper with the id `paper`, and return which stories are new and which changed.

    Args:
        db: An open library. The caller must have begun a transaction.
        stories: Stories as the paper sent them, the newest first.
        now: Time of the save.
        paper: Id of the paper.
        limits: Folder and maximum size in bytes (None for no maximum) of the library. If None, free space isn't checked.
        part: Part of `stories` to save. All `stories` together show which guids and links are ambiguous.
        indexes_now: Whether the stories are indexed and get their fingerprints (words to compare) at once. Otherwise, both are left
            to `Library.index_next` or the next search.
        finds_shifted: Whether saved stories are recognised if guids, links and dates of all stories changed (`find_shifted`).
            An import passes False, because its stories aren't one answer of a site.

    Raises:
        StoreError: There is no space left.
    """
    if limits is not None:
        require_space(db, *limits)
    update_copy(db)
    tidied = split_shared_guids([normalise_story(story, now) for story in stories])
    category_ids = {category.slug: save_category(db, category, paper) for story in tidied[part] for category in story.categories}
    ambiguous = ambiguous_links(tidied)
    # the parts after this one are saved already
    shifted = find_shifted(db, split_shared_guids(stories), paper=paper, unsaved=slice(part.stop)) if finds_shifted else {}
    saver = _StoryWriter(db, paper, category_ids, now)
    is_new: dict[int, bool] = {}
    # backwards, so that the first of two stories of the same moment gets the higher id
    for story in reversed(tidied[part]):
        key = link_key(story.link)
        own_key = None if key in ambiguous else key
        story_id = find_saved(db, story.guid, own_key, paper=paper)
        if story_id is None:
            story_id = find_resent(db, story, paper=paper, others=tidied)
        if story_id is None and (story_id := shifted.get(story.guid)) is not None:
            story = story._replace(modified=None)  # this date has moved as well, so it doesn't show which version is later
        if story_id is None:
            is_new[saver.insert(story, own_key)] = True
        elif saver.update(story_id, story, own_key):
            is_new.setdefault(story_id, False)
    search_index.remove_entries(db, saver.outdated_entries)
    if indexes_now:
        saver.index_stories()
    else:
        saver.queue_stories()
    order = list(reversed(is_new.items()))
    new = tuple(story_id for story_id, is_new_one in order if is_new_one)
    return SaveResult(new, tuple(story_id for story_id, is_new_one in order if not is_new_one), saver.written_bytes)


def normalise_story(story: Story, now: datetime) -> Story:
    """Return a story without duplicate categories and without dates in the future.

    A date in the future would keep the story at the top of lists.
    """
    return story._replace(
        published=story.published if story.published and story.published <= now else None,
        modified=min(story.modified, now) if story.modified else None,
        categories=tuple({category.slug: category for category in story.categories}.values()),
    )


class _StoryWriter:
    """Writer for the stories that are saved in one transaction.

    Args:
        db: An open library.
        paper: Id of the stories' paper.
        category_ids: Maps the slugs of all categories of the stories to ids in the table `lists`.
        now: Time of the save.
    """

    def __init__(self, db: sqlite3.Connection, paper: int, category_ids: Mapping[str, int], now: datetime) -> None:
        self._db = db
        self._paper = paper
        self._category_ids = category_ids
        self._now = now
        self.to_index: dict[int, Story] = {}
        """Maps story ids to written stories that aren't yet in the search index and not yet compared with other stories."""
        self.outdated_entries: list[search_index.Entry] = []
        """Entries in the search index of the earlier versions of changed stories."""
        self.written_bytes = 0
        """Number of bytes of the headlines, texts and revisions that were written."""

    def insert(self, story: Story, own_key: str | None) -> int:
        """Save a new story and return its id.

        `own_key` is the key of the story's link, which is the same for all variants of the link. It is None if there is no link,
        or if other stories have the same key.
        """
        marks = marks_for_new_story(self._db, self._paper, story.guid, own_key)
        read = marks.pop("read")
        columns = self._columns(story) | {"first_seen_us": to_us(self._now), "paper": self._paper} | marks
        self.written_bytes += _size_of(columns)
        query = f"INSERT INTO stories ({', '.join(columns)}) VALUES ({', '.join(':' + name for name in columns)}) RETURNING id"
        story_id = int(self._db.execute(query, columns).fetchone()[0])
        self._write_text(story_id, story.blocks)
        self._write_category_entries(story_id, story.categories)
        own_list_copy.copy_entries_of(self._db, story_id)
        if read:
            set_read(self._db, (story_id,), True)
        self.to_index[story_id] = story
        return story_id

    def update(self, story_id: int, sent: Story, own_key: str | None) -> bool:
        """Update a saved story from the version that the portal sent; return whether the saved story changed.

        `own_key` is the key of the story's link, which is the same for all variants of the link. It is None if there is no link,
        or if other stories have the same key.
        """
        self._db.execute("UPDATE stories SET withdrawn_us = NULL WHERE id = ? AND withdrawn_us IS NOT NULL", (story_id,))
        before = as_sent_story(self._db, story_id)
        after = merge_resent(before, sent)
        moved = [category.slug for category in after.categories] != [category.slug for category in before.categories]
        if not moved and after == before._replace(categories=after.categories):
            return False
        if not search_index.has_same_words(before, after):
            if entry := search_index.saved_entry(self._db, story_id, before):
                self.outdated_entries.append(entry)
            self._db.execute("UPDATE stories SET entry = NULL WHERE id = ?", (story_id,))
            self.to_index[story_id] = after
        columns = self._columns(after)
        self.written_bytes += _size_of(columns)
        assignments = ", ".join(f"{name} = :{name}" for name in columns)
        self._db.execute(f"UPDATE stories SET {assignments} WHERE id = :id", {**columns, "id": story_id})
        if own_key is not None and own_key != (key_before := link_key(before.link)):
            move_marks_of_link(self._db, self._paper, story_id, key_before, own_key)
        self._save_revision(story_id, before, after)
        if after.blocks != before.blocks:
            self._write_text(story_id, after.blocks)
        if moved:
            self._db.execute("DELETE FROM list_entries WHERE story = ? AND place >= 0", (story_id,))
            self._write_category_entries(story_id, after.categories)
        return True

    def queue_stories(self) -> None:
        """Queue the written stories if the paper's stories are compared, to make their fingerprints (words to compare) later.

        The search index needs no queue: the stories that it lacks can be found without a queue.
        """
        if fingerprint_store.is_compared(self._db, self._paper):
            rows = [(to_us(story.published or self._now), story_id) for story_id, story in self.to_index.items()]
            fingerprint_store.queue_stories(self._db, rows)

    def index_stories(self) -> None:
        """Add the written stories to the search index, and save their fingerprints (words that are compared between papers)."""
        search_index.index_stories(self._db, self._with_fingerprints())

    def _with_fingerprints(self) -> Iterator[search_index.UnindexedStory]:
        """Yield the written stories, each after its fingerprint is saved if the paper's stories are compared."""
        are_compared = fingerprint_store.is_compared(self._db, self._paper)
        for story_id, story in self.to_index.items():
            published_us = to_us(story.published or self._now)
            if are_compared:
                fingerprint_store.save_fingerprint(self._db, story_id, story, published_us=published_us, paper=self._paper)
            yield search_index.UnindexedStory(story_id, story, published_us, self._paper)

    def _save_revision(self, story_id: int, before: Story, after: Story) -> None:
        """Save the title and text of `before` as a revision if the words changed; the story then counts as updated.

        Only whole stories get revisions. Of a day's revisions only the first is kept, because a text may change at every refresh,
        for example if it contains a number of visitors. But the version that the reader has read is always kept, also a summary.
        """
        if before.full is not after.full:  # a text in place of a summary, or the reverse, is no edit
            read_versions.forget_version(self._db, story_id)
            return
        if _wording(before) == _wording(after):
            return
        (last_us,) = self._db.execute("SELECT max(replaced_us) FROM revisions WHERE story = ?", (story_id,)).fetchone()
        replaced_us = max(to_us(self._now), (last_us or 0) + 1)  # the clock may stop or go back
        is_as_read = read_versions.is_as_read(self._db, story_id)
        is_due = after.full and (last_us is None or not 0 <= to_us(self._now) - last_us < _REVISION_US)
        if is_as_read or is_due:
            text = blocks_to_text(before.blocks)
            self.written_bytes += len(text.encode())
            self._db.execute("INSERT INTO revisions VALUES (?, ?, ?, ?)", (story_id, replaced_us, before.title, text))
        read_versions.note_edit(self._db, story_id, before, after, replaced_us if is_as_read else None)
        trim_revisions(self._db, story_id)
        if after.full or is_as_read:
            edited = after.modified if after.modified and after.modified != before.modified else self._now
            self._db.execute("UPDATE stories SET updated_us = ? WHERE id = ?", (to_us(edited), story_id))

    def _columns(self, story: Story) -> dict[str, object]:
        return to_columns(story._replace(published=story.published or self._now))

    def _write_text(self, story_id: int, blocks: Blocks) -> None:
        if blocks:
            text = blocks_to_text(blocks)
            self.written_bytes += len(text.encode())
            self._db.execute("INSERT OR REPLACE INTO texts VALUES (?, ?)", (story_id, text))

    def _write_category_entries(self, story_id: int, categories: Sequence[Category]) -> None:
        query = "INSERT INTO list_entries SELECT ?, published_us, id, ?, read, starred, later FROM stories WHERE id = ?"
        rows = [(self._category_ids[category.slug], place, story_id) for place, category in enumerate(categories)]
        self._db.executemany(query, rows)


def trim_revisions(db: sqlite3.Connection, story: int) -> None:
    """Delete the older revisions of a story.

    The newest `_MAX_SAVED_REVISIONS` revisions stay, and so does the version that the reader read.
    """
    query = """DELETE FROM revisions WHERE story = ? AND replaced_us IN
        (SELECT replaced_us FROM revisions WHERE story = ? ORDER BY replaced_us DESC LIMIT -1 OFFSET ?)
        AND replaced_us NOT IN (SELECT replaced_us FROM read_versions WHERE story = ?)"""
    db.execute(query, (story, story, _MAX_SAVED_REVISIONS, story))


def _size_of(columns: Mapping[str, object]) -> int:
    """Return the total size in bytes of the texts among the values of `columns`."""
    return sum(len(value.encode()) for value in columns.values() if isinstance(value, str))


def _wording(story: Story) -> tuple[list[str], list[str]]:
    """Return the words of a story's title and text, to compare two versions. If they differ, the earlier version is saved.

    A change of spacing or style alone thus makes no revision.
    """
    text = tuple(block for block in story.blocks if not isinstance(block, Embed))  # older versions left them out
    return story.title.split(), plain_text(text).split()


# ── categories ──────────────────────────────────────────────────────────────


def save_category(db: sqlite3.Connection, category: Category, paper: int, *, from_portal: bool = False) -> int:
    """Save a paper's category and return its id in the table `lists`.

    `from_portal` means that the category comes from the paper's own list. Its data then replace data from stories. Data from
    stories never replace data from the paper's own list.
    """
    slug, name, parent, portal_count = category.slug, category.name, category.parent, category.portal_count
    row = db.execute(
        "SELECT id, name, parent, portal_count, from_portal FROM lists WHERE (paper, slug) = (?, ?)", (paper, slug)
    ).fetchone()
    if not row:
        query = "INSERT INTO lists (slug, name, parent, portal_count, from_portal, paper) VALUES (?, ?, ?, ?, ?, ?) RETURNING id"
        return int(db.execute(query, (slug, name or slug, parent, portal_count, from_portal, paper)).fetchone()[0])
    category_id, before = int(row[0]), row[1:]
    if from_portal:
        after = (name or before[0], parent, portal_count, 1)
    elif before[3]:
        after = before
    else:
        after = (name or before[0], parent or before[1], before[2] if portal_count is None else portal_count, 0)
    if after != before:
        db.execute("UPDATE lists SET name = ?, parent = ?, portal_count = ?, from_portal = ? WHERE id = ?", (*after, category_id))
    return category_id


def save_categories(db: sqlite3.Connection, categories: Sequence[Category], complete: bool, *, paper: int) -> None:
    """Save `categories`, from the list that a paper itself publishes.

    If the list is `complete`, other categories of the paper are deleted if they have no stories. Else they are kept, and stories
    that are saved in future may rename them.
    """
    for category in categories:
        save_category(db, category, paper, from_portal=True)
    if complete:
        slugs = json.dumps([category.slug for category in categories])
        left_out = "paper = ? AND slug IS NOT NULL AND slug NOT IN (SELECT value FROM json_each(?))"
        db.execute(f"DELETE FROM lists WHERE total = 0 AND {left_out}", (paper, slugs))
        db.execute(f"UPDATE lists SET from_portal = 0 WHERE from_portal = 1 AND {left_out}", (paper, slugs))
