"""Cursor of a backfill, which reads a feed into the past. Pure."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import NamedTuple


class BackfillState(Enum):
    """State of a backfill; the values are stored in the column `backfills.state`."""

    IN_PROGRESS = 0
    REACHED = 1
    """The backfill has reached the date that was asked for."""
    EXHAUSTED = 2
    """The portal has nothing older."""


class BackfillCursor(NamedTuple):
    """Range of a feed that was read: all stories published from `oldest` to `newest` are saved, without a gap."""

    newest: datetime
    oldest: datetime
    at_oldest: tuple[int, ...] = ()
    """WordPress numbers of the posts already read that were published in the same second as `oldest`."""
    page: int | None = None
    """Last page of the feed that was read, or None if wp-json was read."""
    state: BackfillState = BackfillState.IN_PROGRESS
