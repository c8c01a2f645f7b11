"""Services that the app gives to the reader's screen, and the options of a session."""

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
    """Ignore settings: the default if there is no config to write to."""


class StartOptions(NamedTuple):
    """Options of a session."""

    open_story: int | None = None
    """Number of a story to open at once."""
    portals: Command = ()
    """Command that changes which papers are read; empty if the config doesn't decide that."""
    service: Command = ()
    """Command that checks the reader's service; empty if there is none."""
    write_config: Callable[[Mapping[str, object]], None] = discard_settings
    """Writes settings to the config; blocks on the disk, and raises StoreError or UsageError."""
    peers: tuple[Peer, ...] = ()
    """Peers to sync marks with while the reader is open."""


class ReaderServices(NamedTuple):
    """Services for reading: the library's lists, settings, fetching and pictures."""

    settings: Settings
    preferences: Preferences
    listings: Listings
    session: Session
    fetcher: Fetcher
    images: PictureCache
    start: StartOptions
