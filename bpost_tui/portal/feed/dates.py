"""Dates as feeds write them → moments. Pure.

RSS asks for RFC 2822 §3.3, Atom for RFC 3339; either is tried in both, since many write the other's, or leave the zone out (it is
UTC then), or write it as `GMT+0200`.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import mktime_tz, parsedate_tz

from bpost_tui.portal.parsed import plausible_date

_ISO = re.compile(
    r"(\d{4})(?:[-/]?(\d\d)(?:[-/]?(\d\d))?)?"
    r"(?:[T ]+(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d{1,9})?)?)? *(?:Z|UTC|GMT|([+-]\d\d):?(\d\d)?)?",
    re.ASCII,
)
_DAY = re.compile(r"^[^\d\s,]{1,20},\s*")
_NAMED_ZONE = re.compile(r"\b(?:GMT|UTC?)(?=[+-]\d)|\([^()]{0,40}\)")
_ZONE = re.compile(r"([+-])(\d\d?)(?::?(\d\d))?$")
_NO_YEAR = re.compile(r"(?<![+-])\b0\d{3}\b", re.ASCII)
"""What programs write that have no date."""


def read_date(written: str, now: datetime) -> datetime | None:
    """Return a moment as UTC; None where there is none, or none that can be."""
    written = " ".join(written.split())
    try:
        date = _iso(written) or _rfc2822(written)
        return date and plausible_date(date.astimezone(UTC), now)
    except (ValueError, OverflowError, OSError, TypeError, IndexError):
        return None


def _iso(written: str) -> datetime | None:
    """Return a moment as ISO 8601 has it, from the year alone to fractions of a second."""
    found = _ISO.fullmatch(written)
    if not found:
        return None
    year, month, day, hour, minute, second, zone_hours, zone_minutes = found.groups()
    zone = f"{zone_hours}:{zone_minutes or '00'}" if zone_hours else "+00:00"
    return datetime.fromisoformat(f"{year}-{month or '01'}-{day or '01'}T{hour or '00'}:{minute or '00'}:{second or '00'}{zone}")


def _rfc2822(written: str) -> datetime | None:
    written = _NAMED_ZONE.sub("", _DAY.sub("", written)).strip()
    if ":" not in written:
        written += " 00:00:00"
    else:
        written = _ZONE.sub(lambda zone: f"{zone[1]}{zone[2]:0>2}{zone[3] or '00'}", written)
    parts = None if _NO_YEAR.search(written) else parsedate_tz(written)
    return None if parts is None else datetime.fromtimestamp(mktime_tz((*parts[:9], parts[9] or 0)), UTC)
