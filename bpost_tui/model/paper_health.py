"""How often a paper prints, and whether it has fallen silent. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

_SHORTEST = timedelta(hours=36)
"""No paper is silent sooner: none prints at night, many don't on Sundays."""
_SILENT_AFTER_GAPS = 5
"""How many of its usual pauses a paper may take before it counts as silent."""


class PaperHealth(NamedTuple):
    """What is known of a paper's pace, by what is saved of it and how its last refreshes ended."""

    newest: datetime | None = None
    """When its newest saved story was published."""
    per_day: float = 0.0
    """How many stories it printed a day, by the newest ones; 0 where that isn't known."""
    failing_since: datetime | None = None
    """When it first failed, since it was last fetched; None where it didn't."""
    failures: int = 0
    """How often it has failed since then, in a row."""
    moved_to: str = ""
    """Where it redirects for good; empty where it doesn't."""
    moved_since: datetime | None = None
    """When it first redirected there."""
    redirects: int = 0
    """How often it has redirected there, in a row."""

    def has_fault(self, now: datetime) -> bool:
        """Whether it fails, has fallen silent, or has moved."""
        return self.failing_since is not None or bool(self.moved_to) or self.is_silent(now)

    def is_silent(self, now: datetime) -> bool:
        """Whether it has printed nothing for much longer than it usually takes."""
        if self.newest is None or not self.per_day:
            return False
        return now - self.newest > max(_SHORTEST, timedelta(days=_SILENT_AFTER_GAPS / self.per_day))
