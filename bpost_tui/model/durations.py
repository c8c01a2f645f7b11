"""Ages as a reader types them: 7d, 4w, 6m, 2y. Pure."""

from __future__ import annotations

import re
from datetime import timedelta

_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_AGE = re.compile(r"([0-9]{1,4})([dwmy])")


def age(text: str) -> timedelta | None:
    """Return an age in days, weeks, months of 30 days or years of 365; None if the text is no age."""
    found = _AGE.fullmatch(text)
    return timedelta(days=int(found[1]) * _DAYS[found[2]]) if found else None
