"""Health of a paper: how often it publishes, and whether it has fallen silent. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

_SHORTEST = timedelta(hours=36)
"""Shortest silence that counts: no paper publishes at night, many don't on Sundays."""
_SILENT_AFTER_GAPS = 5
"""Length of the silence, in usual pauses of the paper, after which it counts as silent."""


class PaperHealth(NamedTuple):
    """Pace and failures of a paper, by its saved stories and its last refreshes."""

    newest: datetime | None = None
    """Time of publication of its newest saved story."""
    per_day: float = 0.0
    """Number of stories published a day, by the newest ones; 0 if unknown."""
    failing_since: datetime | None = None
    """Time of its first failure since the last successful fetch; None if there was no failure."""
    failures: int = 0
    """Number of failures in a row since then."""
    moved_to: str = ""
    """Address of its permanent redirect; empty if there is none."""
    moved_since: datetime | None = None
    """Time of the first redirect there."""
    redirects: int = 0
    """Number of redirects there in a row."""

    def has_fault(self, now: datetime) -> bool:
        """Whether the paper fails, has fallen silent, or has moved."""
        return self.failing_since is not None or bool(self.moved_to) or self.is_silent(now)

    def is_silent(self, now: datetime) -> bool:
        """Whether the paper has published nothing for much longer than usual."""
        if self.newest is None or not self.per_day:
            return False
        return now - self.newest > max(_SHORTEST, timedelta(days=_SILENT_AFTER_GAPS / self.per_day))
