"""Clock of bpost: the current time, and times as whole microseconds since 1970 UTC, as files hold them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_US = timedelta(microseconds=1)
_MAX_US = 1 << 57
"""Greatest distance from 1970 in microseconds that counts as a time: the year 6536 (Python's calendar ends in 9999)."""


def utc_now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


def to_us(time: datetime) -> int:
    """Return an aware time as microseconds since 1970 UTC."""
    return (time - _EPOCH) // _US


def from_us(time_us: int) -> datetime:
    """Return microseconds since 1970 as a time in UTC; a damaged number as 1970."""
    return _EPOCH + time_us * _US if abs(time_us) < _MAX_US else _EPOCH


def optional_time(time_us: int | None) -> datetime | None:
    """Return `from_us` of a column that may be empty, or None if it is."""
    return None if time_us is None else from_us(time_us)
