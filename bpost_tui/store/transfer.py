"""Whole stories on their way out of a library, and those of another library merged into this one.

Of two libraries' marks the later change holds, whichever way it went. Of two texts the one the portal modified later holds; where
that isn't known, this library's own. Functions over an open library; those that write run inside a transaction.
"""

# ruff: noqa: S608 (statements are put together from our own words; what comes from outside is bound)
from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime

from bpost_tui.errors import NotFound
from bpost_tui.model.blocks_json import blocks_to_json
from bpost_tui.model.story import Category, Story
from bpost_tui.model.versions import reconcile
from bpost_tui.store import revisions, saving, stories
from bpost_tui.store.marks import copy, renew_stamp
from bpost_tui.store.results import Change, ExportedStory, ImportedStory, Marks, Merged, Position
from bpost_tui.store.stories import from_us, to_us
from bpost_tui.urls import link_key

_MARKS = ("read", "starred", "later")
_COLUMNS = tuple(column for mark in _MARKS for column in (f"{mark}_us", f"un{mark}_us"))


def kept(db: sqlite3.Connection, numbers: Sequence[int]) -> tuple[ExportedStory, ...]:
    """Return stories whole, in the order asked for, those left out that have gone meanwhile."""
    return tuple(_kept(db, numbers))


def _kept(db: sqlite3.Connection, numbers: Sequence[int]) -> Iterator[ExportedStory]:
    for number in numbers:
        try:
            saved = stories.readable_story(db, number)
        except NotFound:
            continue
        yield ExportedStory(saved, _marks(db, saved.headline.guid), revisions.of_story(db, number))


def merge(db: sqlite3.Connection, arrivals: Sequence[ImportedStory], now: datetime) -> Merged:
    """Merge stories that another library kept, and their marks; nothing is overwritten that is newer."""
    names = dict(db.execute("SELECT slug, name FROM shelves WHERE slug IS NOT NULL"))
    wanted = [_named(_preferred(db, arrival.story), names) for arrival in arrivals]
    saved = saving.save(db, wanted, now)
    new, marked = set(saved.new), set[int]()
    for arrival in arrivals:
        number = stories.known(db, arrival.story.guid, link_key(arrival.story.link))
        if number is None:  # told apart from another with the same guid (saving.py): whose marks these are can't be known
            continue
        _add_history(db, number, arrival, is_new=number in new)
        if _merge_marks(db, number, arrival.marks, now):
            marked.add(number)
    if marked:
        copy(db, marked)
        renew_stamp(db)
    return Merged(len(saved.new), len(saved.updated), len(marked))


def _preferred(db: sqlite3.Connection, sent: Story) -> Story:
    """Return a story merged with what this library knows of it, where it does."""
    number = stories.known(db, sent.guid, link_key(sent.link))
    if number is None:
        return sent
    return reconcile(stories.stored(db, number), sent)


def _named(story: Story, names: dict[str, str]) -> Story:
    """Return a story whose categories are called as they are here."""
    return story._replace(categories=tuple(Category(each.slug, names.get(each.slug, each.name)) for each in story.categories))


def _add_history(db: sqlite3.Connection, number: int, arrival: ImportedStory, *, is_new: bool) -> None:
    """Add what a story said before, where it isn't known, and what happened to it on the portal."""
    for revision in arrival.revisions:
        text = json.dumps(blocks_to_json(revision.blocks), ensure_ascii=False, separators=(",", ":"))
        row = (number, to_us(revision.replaced), revision.title, text)
        db.execute("INSERT OR IGNORE INTO revisions (story, replaced_us, title, blocks) VALUES (?, ?, ?, ?)", row)
    updated_us, withdrawn_us = (to_us(at) if at else None for at in (arrival.updated, arrival.withdrawn if is_new else None))
    if updated_us or withdrawn_us:
        query = "UPDATE stories SET updated_us = coalesce(updated_us, ?), withdrawn_us = coalesce(withdrawn_us, ?) WHERE id = ?"
        db.execute(query, (updated_us, withdrawn_us, number))


# ── marks ───────────────────────────────────────────────────────────────────


def _marks(db: sqlite3.Connection, guid: str) -> Marks:
    query = f"SELECT {', '.join(_COLUMNS)}, opened_us, item, fraction FROM reader.marks WHERE guid = ?"
    row = db.execute(query, (guid,)).fetchone()
    if not row:
        return Marks()
    pairs = zip(row[0:6:2], row[1:6:2], strict=True)
    read, starred, later = (None if on_us is off_us is None else _change(on_us, off_us) for on_us, off_us in pairs)
    opened_us, item, fraction = row[6:]
    place = None if item is None else Position(item, fraction)
    return Marks(read, starred, later, None if opened_us is None else from_us(opened_us), place)


def _change(on_us: int | None, off_us: int | None) -> Change:
    return Change(on_us is not None, from_us(off_us or 0 if on_us is None else on_us))


def _merge_marks(db: sqlite3.Connection, number: int, theirs: Marks, now: datetime) -> bool:
    """Take over marks that were changed later than here, and return whether there were any."""
    (guid,) = db.execute("SELECT guid FROM stories WHERE id = ?", (number,)).fetchone()
    ours = _marks(db, guid)
    merged = _later(ours, theirs, now)
    if merged == ours:
        return False
    changes = (merged.read, merged.starred, merged.later)
    times = [to_us(each.at) if each and each.on is on else None for each in changes for on in (True, False)]
    values = (*times, to_us(merged.opened) if merged.opened else None, *_place(merged.position))
    columns = (*_COLUMNS, "opened_us", "item", "fraction")
    db.execute(
        f"INSERT INTO reader.marks (guid, link_key, {', '.join(columns)}) "
        f"SELECT guid, link_key, {', '.join('?' * len(columns))} FROM stories WHERE id = ? "
        f"ON CONFLICT (guid) DO UPDATE SET {', '.join(f'{column} = excluded.{column}' for column in columns)}",
        (*values, number),
    )
    return True


def _later(ours: Marks, theirs: Marks, now: datetime) -> Marks:
    """Return of each mark the later change; of two positions that of the library where the story was opened later."""
    changes: dict[str, Change | None] = {}
    for mark in _MARKS:
        own, other = getattr(ours, mark), getattr(theirs, mark)
        if other is not None and (own is None or other.at > own.at):
            own = Change(other.on, min(other.at, now))
        changes[mark] = own
    opened = max(filter(None, (ours.opened, theirs.opened and min(theirs.opened, now))), default=None)
    is_ours = theirs.position is None or (ours.position and (opened == ours.opened))
    return Marks(**changes, opened=opened, position=ours.position if is_ours else theirs.position)


def _place(position: Position | None) -> tuple[object, ...]:
    return position or (None,) * len(Position._fields)
