"""What fetching remembers: validators of addresses, when things were done, who was asked. Functions over an open library."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime

from bpost_tui.model.story import Validators
from bpost_tui.store.rows import from_us, to_us
from bpost_tui.store.values import Contact


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
