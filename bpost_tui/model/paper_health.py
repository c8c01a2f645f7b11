"""Health of a paper: how often it publishes, whether it has been silent for unusually long, and the share of whole texts. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from bpost_tui.i18n import Reason
from bpost_tui.typesetting.text.named_tuple import NamedTuple

_SHORTEST = timedelta(hours=36)
"""Minimum time without a new story before a paper counts as silent. Papers publish nothing at night, and many don't publish on
Sundays.
"""
_SILENT_AFTER_GAPS = 5
"""Length of a silence, as a multiple of the usual time between two stories, after which a paper counts as silent."""


RECENT = timedelta(days=30)
"""Maximum age of the stories of a paper that are counted to find out how many of them have their whole text."""


class TextCount(NamedTuple):
    """Number of a paper's saved stories of the last 30 days (`RECENT`), and how many of them have their whole text."""

    stories: int
    whole: int


class PaperHealth(NamedTuple):
    """Publishing rate and failures of a paper, computed from its saved stories and its last refreshes."""

    newest: datetime | None = None
    """Publication time of the paper's newest saved story; None without stories."""
    per_day: float = 0.0
    """Number of stories that the paper publishes per day, by its newest stories; 0 if unknown."""
    failing_since: datetime | None = None
    """Time of the first failure since the last successful fetch; None if no fetch has failed since then."""
    failures: int = 0
    """Number of failures in a row, the first at `failing_since`."""
    moved_to: str = ""
    """New address of a paper that redirects permanently, or whose feed announces another address; otherwise empty."""
    moved_since: datetime | None = None
    """Time of the first redirect to `moved_to`, or of the first announcement; None if the paper hasn't moved."""
    redirects: int = 0
    """Number of redirects to `moved_to` in a row; 0 if the feed announces it."""

    def is_silent(self, now: datetime) -> bool:
        """Whether the paper has published nothing for much longer than usual."""
        if self.newest is None or not self.per_day:
            return False
        return now - self.newest > max(_SHORTEST, timedelta(days=_SILENT_AFTER_GAPS / self.per_day))


def move_advice(old: str, new: str = "") -> str:
    """Return a sentence with the command that moves the paper at the address `old` to the address `new`.

    If `new` is empty, the command has no new address. It then moves the paper to the address that the paper has announced or
    redirects to.
    """
    from shlex import quote  # 2 ms, and few papers move

    command = " ".join(("bpost portals move", quote(old), *([quote(new)] if new else ())))
    return Reason("If the paper has moved, `{command}` takes its stories and marks to its new address.", command=command)
