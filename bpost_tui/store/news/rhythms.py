"""How often the papers of a library print, by the dates of their newest stories. Functions over an open library."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from bpost_tui.model.rhythm import Rhythm
from bpost_tui.store.rows import from_us

NEWEST = 30
"""Stories by which a paper's pace is known."""
_FEWEST = 5
_DAY_US = 24 * 3600 * 10**6


def rhythms(db: sqlite3.Connection) -> Mapping[str, Rhythm]:
    """Return the rhythm of each paper on the stand, by its key."""
    query = """SELECT p.key, max(n.at_us) FILTER (WHERE n.what = 'refresh'), max(n.at_us) FILTER (WHERE n.what = 'failing'), p.id
        FROM papers AS p LEFT JOIN notes AS n ON n.paper = p.id WHERE p.place IS NOT NULL GROUP BY p.id"""
    return {
        key: _rhythm(db, number, refreshed_us or 0, failing_us or 0) for key, refreshed_us, failing_us, number in db.execute(query)
    }


def _rhythm(db: sqlite3.Connection, paper: int, refreshed_us: int, failing_us: int) -> Rhythm:
    query = """SELECT max(at_us), min(at_us), count(*)
        FROM (SELECT published_us AS at_us FROM shelved WHERE shelf = ? ORDER BY published_us DESC LIMIT ?)"""
    newest_us, oldest_us, count = db.execute(query, (paper, NEWEST)).fetchone()
    days = (newest_us - oldest_us) / _DAY_US if count >= _FEWEST else 0.0
    return Rhythm(
        None if newest_us is None else from_us(newest_us),
        (count - 1) / days if days else 0.0,
        from_us(failing_us) if failing_us > refreshed_us else None,
    )
