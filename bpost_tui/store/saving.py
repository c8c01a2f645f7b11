"""What the portal sent, put where it belongs: who a story is, and what of it is news. Runs inside a transaction."""

# ruff: noqa: S608 (statements are put together from our own words; what comes from outside is bound)
from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from bpost_tui.model.blocks_json import blocks_to_json
from bpost_tui.model.identity import ambiguous_links, tell_apart
from bpost_tui.model.story import Blocks, Category, Story
from bpost_tui.model.versions import update
from bpost_tui.store import revisions, stories
from bpost_tui.store.marks import align, marks_of
from bpost_tui.store.results import Saved
from bpost_tui.store.search import index
from bpost_tui.store.stories import known, to_us
from bpost_tui.urls import link_key


def save(db: sqlite3.Connection, stories: Sequence[Story], now: datetime) -> Saved:
    """Save stories, newest first as feeds have them, and say which are new and which changed."""
    align(db)
    tidied = tell_apart([tidy(story, now) for story in stories])
    shelves = {category.slug: save_category(db, category) for story in tidied for category in story.categories}
    shared = ambiguous_links(tidied)
    outcome: dict[int, bool] = {}
    entered: dict[int, Story] = {}
    # backwards, so that of two stories of the same moment the one the feed has first gets the higher number
    for story in reversed(tidied):
        key = link_key(story.link)
        own_key = None if key in shared else key
        found = known(db, story.guid, own_key)
        if found is None:
            outcome[_insert(db, story, own_key, shelves, now, entered)] = True
        elif _update(db, found, story, shelves, now, entered):
            outcome.setdefault(found, False)
    index.add(db, entered)
    order = list(reversed(outcome.items()))
    return Saved(tuple(story for story, new in order if new), tuple(story for story, new in order if not new))


def tidy(story: Story, now: datetime) -> Story:
    """Return a story without dates in the future (it would stay on top for ever) and with each category once."""
    return story._replace(
        published=story.published if story.published and story.published <= now else None,
        modified=min(story.modified, now) if story.modified else None,
        categories=tuple({category.slug: category for category in story.categories}.values()),
    )


def save_category(db: sqlite3.Connection, category: Category, *, listed: bool = False) -> int:
    """Save a category and return its shelf; what the portal's own list says is not undone by a story's."""
    slug, name, parent, portal_count = category.slug, category.name, category.parent, category.portal_count
    row = db.execute("SELECT id, name, parent, portal_count, listed FROM shelves WHERE slug = ?", (slug,)).fetchone()
    if not row:
        query = "INSERT INTO shelves (slug, name, parent, portal_count, listed) VALUES (?, ?, ?, ?, ?) RETURNING id"
        return int(db.execute(query, (slug, name or slug, parent, portal_count, listed)).fetchone()[0])
    shelf, known = int(row[0]), row[1:]
    if listed:
        wanted = (name or known[0], parent, portal_count, 1)
    elif known[3]:
        wanted = known
    else:
        wanted = (name or known[0], parent or known[1], known[2] if portal_count is None else portal_count, 0)
    if wanted != known:
        db.execute("UPDATE shelves SET name = ?, parent = ?, portal_count = ?, listed = ? WHERE id = ?", (*wanted, shelf))
    return shelf


def save_categories(db: sqlite3.Connection, categories: Sequence[Category], complete: bool) -> None:
    """Save categories; of a complete list, those it leaves out go where they hold nothing."""
    for category in categories:
        save_category(db, category, listed=complete)
    if complete:
        slugs = json.dumps([category.slug for category in categories])
        left_out = "slug IS NOT NULL AND slug NOT IN (SELECT value FROM json_each(?))"
        db.execute(f"DELETE FROM shelves WHERE total = 0 AND {left_out}", (slugs,))
        db.execute(f"UPDATE shelves SET listed = 0 WHERE listed = 1 AND {left_out}", (slugs,))


def _insert(
    db: sqlite3.Connection, story: Story, own_key: str | None, shelves: dict[str, int], now: datetime, entered: dict[int, Story]
) -> int:
    columns = _columns(story, story.published or now) | {"guid": story.guid, "first_seen_us": to_us(now)}
    columns.update(marks_of(db, story.guid, own_key))
    query = f"INSERT INTO stories ({', '.join(columns)}) VALUES ({', '.join(':' + name for name in columns)}) RETURNING id"
    number = int(db.execute(query, columns).fetchone()[0])
    _write_text(db, number, story.blocks)
    _shelve(db, number, story.categories, shelves)
    entered[number] = story
    return number


def _update(
    db: sqlite3.Connection, number: int, sent: Story, shelves: dict[str, int], now: datetime, entered: dict[int, Story]
) -> bool:
    """Bring a story up to date, and say whether that changed it."""
    db.execute("UPDATE stories SET withdrawn_us = NULL WHERE id = ? AND withdrawn_us IS NOT NULL", (number,))
    known = stories.stored(db, number)
    merged = update(known, sent)
    reshelved = [c.slug for c in merged.categories] != [c.slug for c in known.categories]
    if not reshelved and merged == known._replace(categories=merged.categories):
        return False
    if not index.same_entry(known, merged):
        index.remove(db, number, known)
        entered[number] = merged
    columns = _columns(merged, merged.published or now)
    db.execute(f"UPDATE stories SET {', '.join(f'{name} = :{name}' for name in columns)} WHERE id = :id", {**columns, "id": number})
    revisions.keep(db, number, known, merged, now)
    if merged.blocks != known.blocks:
        _write_text(db, number, merged.blocks)
    if reshelved:
        db.execute("DELETE FROM shelved WHERE story = ? AND place >= 0", (number,))
        _shelve(db, number, merged.categories, shelves)
    return True


def _columns(story: Story, published: datetime) -> dict[str, object]:
    return {
        "link_key": link_key(story.link),
        "link": story.link,
        "title": story.title,
        "author": story.author,
        "excerpt": story.excerpt,
        "image": story.image,
        "tags": json.dumps(story.tags, ensure_ascii=False),
        "published_us": to_us(published),
        "modified_us": to_us(story.modified) if story.modified else None,
        "full": story.full,
    }


def _write_text(db: sqlite3.Connection, number: int, blocks: Blocks) -> None:
    if blocks:
        text = json.dumps(blocks_to_json(blocks), ensure_ascii=False, separators=(",", ":"))
        db.execute("INSERT OR REPLACE INTO texts VALUES (?, ?)", (number, text))


def _shelve(db: sqlite3.Connection, number: int, categories: Sequence[Category], shelves: dict[str, int]) -> None:
    query = "INSERT INTO shelved SELECT ?, published_us, id, ?, read, starred, later FROM stories WHERE id = ?"
    db.executemany(query, [(shelves[category.slug], place, number) for place, category in enumerate(categories)])
