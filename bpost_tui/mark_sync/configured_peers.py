"""Peers that the config names. A peer is a place with a copy of the reader's marks: a sync folder or a server of feeds.

The command line, the screen and the refresh process get their peers from this module. Only `bpost service` and `bpost library`,
which do more than sync, use the modules of a peer directly.

A new kind of peer needs:

- a module of this package with a class that implements `peer.Peer`;
- a row in `_LOCAL_KINDS` or `_NETWORK_KINDS`: a function of this module that makes the peer (a test fails if the row is missing);
- a setting: a field of `config.settings.Settings`, whose default names no peer;
- a field of `PeerSettings` with the name of the setting, empty in `NO_PEERS` and filled in `core.session_config.peer_settings`.
  `core.session_config.without_peers` then switches the kind off for the sample edition and the startup snapshot.

Modules of peers are loaded only if the config names one: 5 ms for the folder, 40 ms for a server of feeds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bpost_tui.typesetting.text.named_tuple import NamedTuple

if TYPE_CHECKING:
    from bpost_tui.mark_sync.peer import Peer
    from bpost_tui.store.library import Library


class PeerSettings(NamedTuple):
    """Settings from the config that name peers (a sync folder, a server of feeds). Can be pickled for the refresh process."""

    sync_folder: str
    """Path of the sync folder; empty if the config names none."""
    service: Mapping[str, Any]
    """Table `[service]` of the config, which gives the reader's account on a server of feeds; empty if there is none."""


NO_PEERS: Final = PeerSettings("", {})
"""Settings that name no peer, for a session that syncs with nothing."""


def local_peers(library: Library, settings: PeerSettings) -> tuple[Peer, ...]:
    """Return the peers (places to sync marks with) that need no network.

    A sync with such a peer is quick, so bpost syncs when it starts, after each change of marks, and when it ends.
    """
    return _make(_LOCAL_KINDS, library, settings)


def network_peers(library: Library, settings: PeerSettings) -> tuple[Peer, ...]:
    """Return the peers (places to sync marks with) on the network, such as a server of feeds.

    They are synced after a refresh, but not if bpost is offline.
    """
    return _make(_NETWORK_KINDS, library, settings)


_PeerMaker = Callable[["Library", PeerSettings], "Peer | None"]


def _make(kinds: tuple[_PeerMaker, ...], library: Library, settings: PeerSettings) -> tuple[Peer, ...]:
    return tuple(peer for make in kinds if (peer := make(library, settings)) is not None)


def _folder_peer(library: Library, settings: PeerSettings) -> Peer | None:
    if not settings.sync_folder:
        return None
    from bpost_tui.mark_sync.folder_peer import FolderPeer

    return FolderPeer(library, Path(settings.sync_folder))


def _greader_peer(library: Library, settings: PeerSettings) -> Peer | None:
    if not settings.service:
        return None
    from bpost_tui.mark_sync.greader_account import account_from_config

    if (account := account_from_config(settings.service)) is None:
        return None
    from bpost_tui.clock import utc_now
    from bpost_tui.mark_sync.greader_peer import GreaderPeer

    return GreaderPeer(library, account, utc_now)


_LOCAL_KINDS: Final[tuple[_PeerMaker, ...]] = (_folder_peer,)
_NETWORK_KINDS: Final[tuple[_PeerMaker, ...]] = (_greader_peer,)
