"""What the reader's screen is given: what it reads, and how it begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from bpost_tui.config import Command, Settings
from bpost_tui.core.fetcher import Fetcher
from bpost_tui.core.lists.listings import Listings
from bpost_tui.core.picture_cache import PictureCache
from bpost_tui.core.session import Session
from bpost_tui.core.state.preferences import Preferences

if TYPE_CHECKING:
    from bpost_tui.mark_sync.peer import Peer


def discard_settings(values: Mapping[str, object]) -> None:
    """Where there is no config."""


class StartOptions(NamedTuple):
    """What a session begins with."""

    open_story: int | None = None
    """A story to open at once, by the library's number."""
    portals: Command = ()
    """The command that changes which papers are read; empty where that isn't the config's to say."""
    service: Command = ()
    """The command that says whether the reader's service answers; empty where there is none."""
    write_config: Callable[[Mapping[str, object]], None] = discard_settings
    """Writes settings into the config; blocks on the disk, and raises StoreError or UsageError."""
    peers: tuple[Peer, ...] = ()
    """Peers to sync marks with while the reader is open."""
    allows_writes: bool = True
    """Whether changes of the library, and where the reader is, are written down."""
    allows_requests: bool = True
    """Whether portals, programs and other machines are asked for anything."""
    shows_time: bool = True
    """Whether the day and what is said are shown, which time makes untrue; otherwise their place stays free."""
    paints_early: bool = True
    """Whether somebody waits for the first frame; otherwise it is painted once it is whole."""


class ReaderServices(NamedTuple):
    """What is read, and how the reader reads it."""

    settings: Settings
    preferences: Preferences
    listings: Listings
    session: Session
    fetcher: Fetcher
    images: PictureCache
    start: StartOptions
