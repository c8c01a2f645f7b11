"""Parser for ages as people write them in options, settings and queries: 24h, 7d, 4w, 6m, 2y. Pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from bpost_tui.clock import EPOCH

_HOURS = {"h": 1, "d": 24, "w": 7 * 24, "m": 30 * 24, "y": 365 * 24}
_AGE = re.compile(r"([0-9]{1,4})([hdwmy])")


def parse_age(text: str) -> timedelta | None:
    """Return an age such as `7d` as a timedelta, or None if the text is no age. A month is 30 days, a year 365."""
    found = _AGE.fullmatch(text)
    return timedelta(hours=int(found[1]) * _HOURS[found[2]]) if found else None


def time_before(now: datetime, age: timedelta) -> datetime:
    """Return the time that is `age` before `now`, but at the earliest 1970.

    No story is dated before 1970, and Python's calendar begins in the year 1: with the age `9999y`, a subtraction would raise
    OverflowError.
    """
    return now - min(age, now - EPOCH)
