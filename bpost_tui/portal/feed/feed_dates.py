"""Parser for the dates of feeds. Pure.

RSS demands RFC 2822 §3.3, Atom RFC 3339; each date is tried as both. Many RSS feeds use Atom's form, and some Atom feeds RSS's. A
date without a time zone is UTC; `GMT+0200` is understood as well. feedparser, which knows more forms, reads all others. A date that
feedparser can only guess counts as none.
"""

from __future__ import annotations

import re
from calendar import timegm
from datetime import UTC, datetime, timedelta
from email.utils import mktime_tz, parsedate_tz
from html import escape
from io import BytesIO

from bpost_tui.portal.parse_results import plausible_date

_ISO = re.compile(
    r"(\d{4})(?:[-/]?(\d\d)(?:[-/]?(\d\d))?)?"
    r"(?:[T ]+(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d{1,9})?)?)? *(?:Z|UTC|GMT|([+-]\d\d):?(\d\d)?)?",
    re.ASCII,
)
_DAY = re.compile(r"^[^\d\s,]{1,20},\s*")
_NAMED_ZONE = re.compile(r"\b(?:GMT|UTC?)(?=[+-]\d)|\([^()]{0,40}\)")
_ZONE = re.compile(r"([+-])(\d\d?)(?::?(\d\d))?$")
_NO_YEAR = re.compile(r"(?<![+-])\b0\d{3}\b", re.ASCII)
"""Pattern of a year before 1000, which programs write if they have no date."""
_MAX_CHARS = 80
_HAS_DAY = re.compile("[0-9].*[0-9]")
_FIGURES = re.compile(r"(?<!\d)\d{1,2}(?!\d)", re.ASCII)


def read_date(written: str, now: datetime) -> datetime | None:
    """Return a written date in UTC; None if it can't be read or is implausible, such as a date far in the future."""
    written = " ".join(written.split())
    try:
        date = _iso(written) or _rfc2822(written) or _unusual(written)
        return date and plausible_date(date.astimezone(UTC), now)
    except (ValueError, OverflowError, OSError, TypeError, IndexError):
        return None


def _iso(written: str) -> datetime | None:
    """Parse `written`, an ISO 8601 date from the year alone to fractions of a second; None if it is in another form."""
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


def _unusual(written: str) -> datetime | None:
    """Return the date `written` in an unusual form, as feedparser reads it; None if feedparser only guesses.

    feedparser reads only whole feeds, so it is given a feed with a single item that has this date.
    """
    if len(written) > _MAX_CHARS or not _HAS_DAY.search(written):
        return None
    import feedparser  # 60 ms, only for such a date

    item = f"<rss version='2.0'><channel><item><pubDate>{escape(written)}</pubDate></item></channel></rss>"
    entries = feedparser.parse(BytesIO(item.encode()), sanitize_html=False, resolve_relative_uris=False).entries
    parts = entries[0].get("published_parsed") if entries else None
    if parts is None:
        return None
    date = datetime.fromtimestamp(timegm(parts), UTC)
    days = {(date + timedelta(days=shift)).day for shift in (-1, 0, 1)}  # the text may have another time zone
    # otherwise feedparser has guessed the day
    return date if days & {int(figures) for figures in _FIGURES.findall(written)} else None
