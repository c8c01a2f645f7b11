"""The Retry-After header (RFC 9110 §10.2.3): seconds, or a date. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MAX_WAIT_S = 24 * 3600.0
"""The longest we let ourselves be sent away for."""


def retry_after_s(header: str, now: datetime) -> float | None:
    """Return how many seconds to wait, at most a day; None where the header says nothing that can be followed."""
    header = header.strip()
    if re.fullmatch("[0-9]{1,100}", header):
        return min(float(header), MAX_WAIT_S)
    try:
        when = parsedate_to_datetime(header[:100])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    wait_s = (when.replace(tzinfo=when.tzinfo or UTC) - now).total_seconds()
    return min(wait_s, MAX_WAIT_S) if wait_s > 0 else None
