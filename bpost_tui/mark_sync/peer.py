"""Sync of marks with a peer: a sync folder, a server of feeds, or another place with a copy of the marks. Its functions block.

A sync reads the changes made elsewhere, merges them into the library, and writes the changes made on this machine to the peer. A
new kind of peer is one module with a class like `folder_peer.FolderPeer`; `configured_peers` lists the other changes needed.
"""

from __future__ import annotations

from collections.abc import Iterable
from threading import Thread
from typing import TYPE_CHECKING, Protocol

from bpost_tui import log
from bpost_tui.atomic import try_lock
from bpost_tui.errors import BPostError, PortalError, StoreError
from bpost_tui.i18n import Reason, prefix_reason, unreadable_reason

if TYPE_CHECKING:
    from bpost_tui.store.library import Library


class Peer(Protocol):
    """Storage outside the library with a copy of the reader's marks, such as a sync folder.

    Each object is made for one library, and its attributes never change.
    """

    library: Library
    """Library whose marks are synced."""
    setting: str
    """Name of the config setting that names the peer. A sentence about a failure begins with this name."""
    lock_name: str
    """Name of the lock file in the library's folder. It keeps two processes from syncing with the peer at the same time.

    The name never changes, because the processes may run different versions of bpost.
    """
    place: str
    """Path of the peer's folder, or host name of the peer's server, for messages."""
    timeout_s: float | None
    """Maximum time in seconds that a command waits for a sync, or None if the peer has a time limit of its own."""

    def is_due(self) -> bool:
        """Whether marks were changed on this machine since the last sync."""

    def sync_locked(self) -> BPostError | None:
        """Merge the changes made elsewhere into the library, then write the changes made on this machine. The caller has the lock.

        Changes are merged before the peer's data counts as read, and written before they count as sent. So if the process is killed
        in between, the next sync does the rest. Return a problem to report although the sync was completed, or None if there is
        none. Raises BPostError if the sync fails.
        """


def sync(peer: Peer) -> BPostError | None:
    """Sync a library's marks with a peer (sync folder or server of feeds). Return the error or the problem, or None if all is well.

    Changes that were merged before an error stay merged. If another thread or process is syncing with the peer, do nothing, and
    return None.
    """
    try:
        with try_lock(peer.library.folder / peer.lock_name) as is_alone:
            return peer.sync_locked() if is_alone else None
    except BPostError as error:
        return error
    except Exception as bug:  # noqa: BLE001 -- a fault of the sync must not end reading
        log.log_error(bug)
        fault = StoreError(prefix_reason(peer.place, unreadable_reason(bug)))
        fault.__cause__ = bug
        return fault


def sync_within(peer: Peer, seconds: float | None) -> BPostError | None:
    """Sync with a peer (a sync folder, for example) in a separate thread, and return after `seconds` at the latest.

    If `seconds` is None, sync in this thread. Return the error or the problem, or None if all is well.

    If the time isn't enough, the result is an error, and the thread continues until the peer's folder answers or the process ends.
    The next sync sends the changes that weren't sent.
    """
    if seconds is None:
        return sync(peer)
    results: list[BPostError | None] = []
    thread = Thread(target=lambda: results.append(sync(peer)), name="mark-sync", daemon=True)
    thread.start()
    thread.join(seconds)
    if results:
        return results[0]
    return StoreError(prefix_reason(peer.place, Reason("the folder doesn't answer")))


def sync_all(peers: Iterable[Peer], *, is_offline: bool = False) -> tuple[str, ...]:
    """Sync with several peers, one after another, and return a sentence for each failure.

    When all peers were synced, each peer but the last is synced again if later peers brought changes. So other machines learn
    from the sync folder which marks have reached a server.

    Args:
        peers: Peers in the order of syncing.
        is_offline: Whether no paper could be reached just before. If so, no sentence is returned for a peer that can't be reached.
    """
    failures: list[str] = []
    all_peers, synced = tuple(peers), list[Peer]()
    for peer in all_peers:
        error = sync_within(peer, peer.timeout_s)
        if error is None:
            synced.append(peer)
        elif not (is_offline and isinstance(error, PortalError) and error.unanswered):
            failures.append(prefix_reason(peer.setting, error.message))
    for peer in all_peers[:-1]:
        if peer in synced and peer.is_due():
            sync_within(peer, peer.timeout_s)
    return tuple(failures)
