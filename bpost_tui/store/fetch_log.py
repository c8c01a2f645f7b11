"""What fetching remembers: validators of addresses, when things were done, who was asked. Functions over an open library."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from bpost_tui.model.story import Story, Validators
from bpost_tui.store.results import BackfillCursor, BackfillState, Contact
from bpost_tui.store.stories import from_us, known, stored, to_us
from bpost_tui.urls import link_key


def validators(db: sqlite3.Connection, address: str) -> Validators | None:
    """Return an address's validators."""
    row = db.execute("SELECT etag, last_modified FROM validators WHERE address = ?", (address,)).fetchone()
    return Validators(*row) if row and any(row) else None


def remember(db: sqlite3.Connection, address: str, validators: Validators, items: str, now: datetime) -> None:
    """Keep an address's validators, and the digests of what it said."""
    row = (address, validators.etag, validators.last_modified, items, to_us(now))
    db.execute("INSERT OR REPLACE INTO validators (address, etag, last_modified, items, saved_us) VALUES (?, ?, ?, ?, ?)", row)


def seen_items(db: sqlite3.Connection, address: str) -> str:
    """Return the digests of what an address said the last time."""
    row = db.execute("SELECT items FROM validators WHERE address = ?", (address,)).fetchone()
    return str(row[0]) if row else ""


def forget(db: sqlite3.Connection, address: str) -> None:
    """Drop an address's validators."""
    db.execute("DELETE FROM validators WHERE address = ?", (address,))


def noted(db: sqlite3.Connection, what: str) -> datetime | None:
    """Return when something was last noted."""
    row = db.execute("SELECT at_us FROM notes WHERE what = ?", (what,)).fetchone()
    return from_us(row[0]) if row else None


def note(db: sqlite3.Connection, what: str, now: datetime) -> None:
    """Note that something was done."""
    db.execute("INSERT OR REPLACE INTO notes (what, at_us) VALUES (?, ?)", (what, to_us(now)))


def note_contacts(db: sqlite3.Connection, requests: Mapping[str, int], now: datetime) -> None:
    """Add to how often hosts were asked."""
    db.executemany(
        "INSERT INTO contacts (host, requests, last_us) VALUES (?, ?, ?) "
        "ON CONFLICT (host) DO UPDATE SET requests = requests + excluded.requests, last_us = excluded.last_us",
        [(host, count, to_us(now)) for host, count in requests.items()],
    )


def contacts(db: sqlite3.Connection) -> tuple[Contact, ...]:
    """Return the hosts that were ever asked, the last one first."""
    query = "SELECT host, requests, last_us FROM contacts ORDER BY last_us DESC, host"
    return tuple(Contact(host, requests, from_us(last_us)) for host, requests, last_us in db.execute(query))


def backfill_cursor(db: sqlite3.Connection, feed: str) -> BackfillCursor | None:
    """Return how far back a feed was read, by its category's slug, or "" for the front page's."""
    query = "SELECT newest_us, oldest_us, at_oldest, page, state FROM walks WHERE feed = ?"
    row = db.execute(query, (feed,)).fetchone()
    if not row:
        return None
    return BackfillCursor(from_us(row[0]), from_us(row[1]), tuple(json.loads(row[2])), row[3], BackfillState(row[4]))


def save_backfill_cursor(db: sqlite3.Connection, feed: str, cursor: BackfillCursor) -> None:
    """Save how far back a feed was read, in place of what was saved before."""
    row = (feed, to_us(cursor.newest), to_us(cursor.oldest), json.dumps(cursor.at_oldest), cursor.page, cursor.state.value)
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
