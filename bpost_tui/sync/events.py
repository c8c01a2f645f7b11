"""What a refresh is asked for, and what it tells."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from bpost_tui.errors import BPostError


class Back(NamedTuple):
    """How far back to read, page by page; with nothing said, to the portal's first story."""

    since: datetime | None = None
    """To what was published then."""
    stories: int | None = None
    """On from where reading back ended the last time, until so many are new."""


class Plan(NamedTuple):
    """What to fetch."""

    categories: tuple[str, ...] = ()
    """Slugs whose feeds are read; empty means the front page's feed."""
    pages: int = 1
    """Pages of each feed. A gap to what is saved is closed in any case, to `feeds.CATCH_UP_PAGES`."""
    full: bool = False
    """Fetch the whole text of every story that came as a summary."""
    back: Back | None = None
    """Read back through everything, instead of some pages."""
    keep: timedelta | None = None
    """How old stories may become before they go, once all is read; nothing older is read back. None keeps all."""


class Progress(NamedTuple):
    """A step is about to be taken."""

    done: int
    steps: int | None
    """How many steps there are, where that is known."""
    address: str
    back: bool = False
    """Whether this is on the way back through what is old."""
    stories: bool = False
    """Whether the steps are stories, not pages."""
    left_s: float | None = None
    """How long the rest will take at the pace so far, where that is known."""


class Stored(NamedTuple):
    """Stories were saved."""

    new: tuple[int, ...]
    updated: tuple[int, ...]


class Failed(NamedTuple):
    """An address could not be read, wholly or in part."""

    address: str
    reason: str
    error: BPostError | None = None
    """The error, where nothing at all came of the address."""


class Finished(NamedTuple):
    """The end, always the last event."""

    fetched: int
    """Stories the portal sent."""
    new: int
    updated: int
    errors: tuple[Failed, ...] = ()
    withdrawn: int = 0
    """Stories found to be on the portal no longer."""
    whole: bool = False
    """Whether reading back came to the portal's first story."""


SyncEvent = Progress | Stored | Failed | Finished
