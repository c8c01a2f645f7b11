"""What a refresh remembers: validators of addresses, and when things were done. Functions over an open library."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from ..news.model import Validators
from .rows import from_us, to_us


def validators(db: sqlite3.Connection, address: str) -> Validators | None:
    """Return an address's validators."""
    row = db.execute("SELECT etag, last_modified FROM validators WHERE address = ?", (address,)).fetchone()
    return Validators(*row) if row else None


def remember(db: sqlite3.Connection, address: str, validators: Validators, now: datetime) -> None:
    """Keep an address's validators."""
    row = (address, validators.etag, validators.last_modified, to_us(now))
    db.execute("INSERT OR REPLACE INTO validators (address, etag, last_modified, saved_us) VALUES (?, ?, ?, ?)", row)


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
