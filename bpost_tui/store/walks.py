"""How far back a feed was read without a gap, so that nothing is read twice when going on. Functions over an open library."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

from bpost_tui.model.story import Story
from bpost_tui.store.links import link_key
from bpost_tui.store.rows import from_us, known, stored, to_us
from bpost_tui.store.values import Walk, WalkState


def walk(db: sqlite3.Connection, feed: str) -> Walk | None:
    """Return the walk of a feed, by its category's slug; the front page's is empty."""
    query = "SELECT newest_us, oldest_us, at_oldest, page, state FROM walks WHERE feed = ?"
    row = db.execute(query, (feed,)).fetchone()
    if not row:
        return None
    return Walk(from_us(row[0]), from_us(row[1]), tuple(json.loads(row[2])), row[3], WalkState(row[4]))


def keep_walk(db: sqlite3.Connection, feed: str, walk: Walk) -> None:
    """Keep a walk in place of the one that was kept."""
    row = (feed, to_us(walk.newest), to_us(walk.oldest), json.dumps(walk.at_oldest), walk.page, walk.state.value)
    db.execute("INSERT OR REPLACE INTO walks (feed, newest_us, oldest_us, at_oldest, page, state) VALUES (?, ?, ?, ?, ?, ?)", row)


def outdated(db: sqlite3.Connection, stories: Sequence[Story]) -> tuple[Story, ...]:
    """Return those of some stories, as they were sent, that the library has as they were before their last modification."""
    found: list[Story] = []
    for story in stories:
        number = known(db, story.guid, link_key(story.link))
        if number is not None and story.modified:
            (modified_us,) = db.execute("SELECT modified_us FROM stories WHERE id = ?", (number,)).fetchone()
            found += [story] if modified_us is None or modified_us < to_us(story.modified) else []
    return tuple(found)


def not_among(db: sqlite3.Connection, stories: Sequence[Story], after: datetime, before: datetime) -> tuple[Story, ...]:
    """Return what the library has from between two moments, not withdrawn, and what isn't among some stories the portal has."""
    numbers = {known(db, story.guid, link_key(story.link)) for story in stories}
    query = """SELECT s.id FROM shelved AS k JOIN stories AS s ON s.id = k.story
        WHERE k.shelf = 0 AND k.published_us > ? AND k.published_us < ? AND s.withdrawn_us IS NULL"""
    rows = db.execute(query, (to_us(after), to_us(before))).fetchall()
    return tuple(stored(db, number) for (number,) in rows if number not in numbers)


def withdraw(db: sqlite3.Connection, guids: Iterable[str], now: datetime) -> None:
    """Note that stories are on the portal no longer."""
    query = "UPDATE stories SET withdrawn_us = ? WHERE guid = ? AND withdrawn_us IS NULL"
    db.executemany(query, [(to_us(now), guid) for guid in guids])
