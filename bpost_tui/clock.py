"""Clock of bpost: the current time, and the conversion of times to whole microseconds since 1970 UTC, the form used in files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_US = timedelta(microseconds=1)
DAY_US = timedelta(days=1) // _US
"""Length of a day in microseconds."""
_MAX_US = 1 << 57
"""Maximum distance of a valid time from 1970, in microseconds. The last valid year is 6536, within Python's calendar (to 9999)."""


def utc_now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


def to_us(time: datetime) -> int:
    """Return a time (with a time zone) as microseconds since 1970 UTC."""
    return (time - EPOCH) // _US


def from_us(time_us: int) -> datetime:
    """Return microseconds since 1970 as a time in UTC. A number that is too large, from a damaged file, becomes 1970."""
    return EPOCH + time_us * _US if abs(time_us) < _MAX_US else EPOCH


def optional_time(time_us: int | None) -> datetime | None:
    """Return `time_us`, the microseconds since 1970 in a database column, as a time in UTC; None if the column is empty.

    A number that is too large, from a damaged file, becomes 1970.
    """
    return None if time_us is None else from_us(time_us)
