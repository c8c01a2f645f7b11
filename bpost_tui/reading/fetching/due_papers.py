"""When each paper's news is fetched again by itself, while the reader is open. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta


class DuePapers:
    """Which papers are due.

    Args:
        every: How long after a paper was asked it is due, by its key; zero is never.
    """

    def __init__(self, every: Mapping[str, timedelta]) -> None:
        self._every = {key: wait for key, wait in every.items() if wait}
        self._asked: dict[str, datetime] = {}

    def asked(self, keys: Collection[str], now: datetime) -> None:
        """Take note that papers are asked."""
        self._asked |= dict.fromkeys(keys, now)

    def due(self, now: datetime, pace: float) -> tuple[str, ...]:
        """Return the keys of those that are due; `pace` stretches all waits, so that not all readers ask at the same second."""
        return tuple(key for key, wait in self._every.items() if key not in self._asked or now - self._asked[key] >= wait * pace)
