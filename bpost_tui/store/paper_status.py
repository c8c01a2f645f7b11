"""Health of papers: how often they publish, and whether fetching them fails. Functions over an open library."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime

from bpost_tui.clock import DAY_US, from_us, to_us
from bpost_tui.model.paper_health import RECENT, PaperHealth, TextCount
from bpost_tui.store.papers import ANNOUNCED, FAILING, IS_FAULT, MOVED

SAMPLE_STORIES = 30
"""Number of newest stories used to compute a paper's publishing rate."""
_MIN_STORIES = 5


def paper_health(db: sqlite3.Connection) -> Mapping[str, PaperHealth]:
    """Return the health of each subscribed paper, by the paper's key."""
    papers = db.execute("SELECT key, id FROM papers WHERE position IS NOT NULL").fetchall()
    return {key: health(db, number) for key, number in papers}


def text_counts(db: sqlite3.Connection, now: datetime) -> Mapping[str, TextCount]:
    """Map keys of subscribed papers to two numbers: of the paper's recent stories, and of its recent stories with whole text.

    Papers without recent stories are left out.
    """
    query = """SELECT key, count(*), sum(full) FROM papers
        JOIN list_entries AS e ON e.list = papers.id AND e.published_us > ? JOIN stories AS s ON s.id = e.story
        WHERE position IS NOT NULL GROUP BY papers.id"""
    return {key: TextCount(stories, whole) for key, stories, whole in db.execute(query, (to_us(now - RECENT),))}


def health(db: sqlite3.Connection, paper: int) -> PaperHealth:
    """Return the health of the paper with this id: how often it publishes, and whether fetching it fails."""
    faults = db.execute(f"SELECT event, at_us, repeats FROM fetch_events WHERE paper = ? AND {IS_FAULT}", (paper,))  # noqa: S608 (a constant)
    by_event = {event: (from_us(at_us), repeats) for event, at_us, repeats in faults.fetchall()}
    failing_since, failures = by_event.get(FAILING, (None, 0))
    moved = next((event for event in by_event if event.startswith(MOVED)), MOVED)
    moved_since, redirects = by_event.get(moved, (None, 0))
    if moved_since is None and (announced := next((event for event in by_event if event.startswith(ANNOUNCED)), "")):
        moved, moved_since = MOVED + announced.removeprefix(ANNOUNCED), by_event[announced][0]
    query = """SELECT max(at_us), min(at_us), count(*)
        FROM (SELECT published_us AS at_us FROM list_entries WHERE list = ? ORDER BY published_us DESC LIMIT ?)"""
    newest_us, oldest_us, count = db.execute(query, (paper, SAMPLE_STORIES)).fetchone()
    days = (newest_us - oldest_us) / DAY_US if count >= _MIN_STORIES else 0.0
    return PaperHealth(
        None if newest_us is None else from_us(newest_us),
        (count - 1) / days if days else 0.0,
        failing_since,
        failures,
        moved.removeprefix(MOVED),
        moved_since,
        redirects,
    )
