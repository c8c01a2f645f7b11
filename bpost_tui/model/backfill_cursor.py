"""Cursor of a backfill (reading of a feed's older stories): how much has been read, from new stories to old ones. Pure."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from bpost_tui.typesetting.text.named_tuple import NamedTuple


class BackfillState(Enum):
    """State of a backfill (reading a feed's older stories); the values are stored in the column `backfills.state`."""

    IN_PROGRESS = 0
    REACHED = 1
    """State of a backfill that has reached the date that the reader asked for."""
    EXHAUSTED = 2
    """State of a backfill that has read everything: the portal has no older stories."""


class BackfillCursor(NamedTuple):
    """Range of a feed that a backfill has read: all stories published from `oldest` to `newest` are saved, without a gap."""

    newest: datetime
    oldest: datetime
    at_oldest: tuple[int, ...] = ()
    """WordPress numbers of the posts already read that were published in the same second as `oldest`; the next request
    excludes them.
    """
    page: int | None = None
    """Number of the feed's page that was read last, or None if the stories were read from WordPress's API."""
    state: BackfillState = BackfillState.IN_PROGRESS
