"""Services that the app gives to the reader's screen, and the options for starting a session."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from bpost_tui.config import Command, Settings
from bpost_tui.core.fetcher import Fetcher
from bpost_tui.core.lists.listings import Listings
from bpost_tui.core.session import Session
from bpost_tui.core.state.preferences import Preferences
from bpost_tui.typesetting.text.named_tuple import NamedTuple

if TYPE_CHECKING:
    from bpost_tui.core.picture_cache import PictureCache
    from bpost_tui.core.service_sync import ServiceSync
    from bpost_tui.mark_sync.peer import Peer


def discard_settings(values: Mapping[str, object]) -> None:
    """Do nothing. This function takes the place of writing settings in a session without a config file."""


class StartOptions(NamedTuple):
    """Options for starting a session."""

    open_story: int | None = None
    """Id of a story to open at the start; None to show the list."""
    portals: Command = ()
    """Command to run for changing the papers in the config; empty if an option of the command line has chosen the paper."""
    service: ServiceSync | None = None
    """Sync with the reader's server of feeds (FreshRSS, Miniflux …), or None if there is none."""
    write_config: Callable[[Mapping[str, object]], None] = discard_settings
    """Function that writes settings to the config. Blocks on the disk, and raises StoreError or UsageError if they can't be
    written."""
    peers: tuple[Peer, ...] = ()
    """Peers (other places that keep read marks) to sync marks with while the reader is open."""


class ReaderServices(NamedTuple):
    """Services for reading: the library's lists, settings, fetching of news, and pictures."""

    settings: Settings
    preferences: Preferences
    listings: Listings
    session: Session
    fetcher: Fetcher
    make_images: Callable[[], PictureCache]
    """Function that creates the cache of the pictures in stories. It is called when the first story is shown."""
    start: StartOptions
