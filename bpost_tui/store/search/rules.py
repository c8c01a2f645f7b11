"""Whether the search index is whole: asked of every library that is opened, and so without what makes the index (10 ms)."""

from __future__ import annotations

import sqlite3

RULES = 2
"""Raised whenever normalise.py, endings.py or roman.py would make other words of a text: the index is then built anew."""


def complete(db: sqlite3.Connection) -> bool:
    """Whether every story is in the index, by the present rules."""
    (rules,) = db.execute("SELECT rules FROM search_rules").fetchone()
    return rules == RULES and not db.execute("SELECT 1 FROM stories WHERE entry IS NULL LIMIT 1").fetchone()
