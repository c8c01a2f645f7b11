"""Sync of marks with a peer: a sync folder, a server of feeds, or another place with a copy of the marks. Its functions block.

A sync reads the changes made elsewhere, merges them into the library, and writes the changes made on this machine to the peer.
`sync` does so with any `Peer`; a kind of peer only defines how changes are read from it and written to it. A new kind of peer is
one module with a class like `folder_peer.FolderPeer`; `configured_peers` lists the other places that it takes.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from threading import Thread
from typing import TYPE_CHECKING, Protocol

from bpost_tui import log
from bpost_tui.atomic import try_lock
from bpost_tui.errors import BPostError, PortalError, StoreError
from bpost_tui.i18n import Reason, prefix_reason, unreadable_reason
from bpost_tui.typesetting.text.named_tuple import NamedTuple

if TYPE_CHECKING:
    from bpost_tui.mark_changes.field_changes import Changes
    from bpost_tui.mark_changes.marks_file import ChangeConsumer
    from bpost_tui.store.library import Library


class SyncResult(NamedTuple):
    """Result of one sync of marks with one peer (sync folder or server of feeds)."""

    received: int = 0
    """Number of stories, searches, lists and other things that the sync changed in the library."""
    sent: int = 0
    """Number of changes made on this machine that were written to the peer."""
    error: BPostError | None = None
    """Error that ended the sync, or a problem to report although the sync continued; None if there was neither."""


class PeerSession(Protocol):
    """Sync in progress with a peer, such as a sync folder or a server of feeds.

    `read_changes` is called once, then `write_changes` once. Each raises BPostError if it fails.
    """

    def read_changes(self, merge: ChangeConsumer) -> None:
        """Pass the changes made elsewhere to `merge`, in one or more parts, then save how much of the peer's data was read.

        The position is saved only after the changes are merged. So if the process is killed in between, the next sync reads the
        same changes again.
        """

    def write_changes(self) -> SyncResult:
        """Write the changes made on this machine to the peer. Return the number of changes written, and a problem, if any."""


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

    def session(self) -> AbstractContextManager[PeerSession]:
        """Return a context manager for one sync with this peer. Raises BPostError if the peer can't be reached."""


def sync(peer: Peer) -> SyncResult:
    """Sync a library's marks with a peer (sync folder or server of feeds), and return the result.

    If the peer or the library fails, the failure is the result's `error`; changes that were merged before it stay merged. If
    another thread or process is syncing with the peer, don't wait for it, and return an empty result.
    """
    received = 0

    def merge(changes: Changes) -> None:
        nonlocal received
        received += peer.library.changes.merge(changes)

    try:
        with try_lock(peer.library.folder / peer.lock_name) as is_alone:
            if not is_alone:
                return SyncResult()
            with peer.session() as session:
                session.read_changes(merge)
                return session.write_changes()._replace(received=received)
    except BPostError as error:
        return SyncResult(received, error=error)
    except Exception as bug:  # noqa: BLE001 -- a fault of the sync must not end reading
        log.log_error(bug)
        fault = StoreError(prefix_reason(peer.place, unreadable_reason(bug)))
        fault.__cause__ = bug
        return SyncResult(received, error=fault)


def sync_within(peer: Peer, seconds: float | None) -> SyncResult:
    """Sync with a peer (a sync folder, for example) in a separate thread, and return after `seconds` at the latest.

    If `seconds` is None, sync in this thread.

    If the time isn't enough, the result has an error, and the thread continues until the peer's folder answers or the process ends.
    The next sync sends the changes that weren't sent.
    """
    if seconds is None:
        return sync(peer)
    results: list[SyncResult] = []
    thread = Thread(target=lambda: results.append(sync(peer)), name="mark-sync", daemon=True)
    thread.start()
    thread.join(seconds)
    if results:
        return results[0]
    return SyncResult(error=StoreError(prefix_reason(peer.place, Reason("the folder doesn't answer"))))


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
        error = sync_within(peer, peer.timeout_s).error
        if error is None:
            synced.append(peer)
        elif not (is_offline and isinstance(error, PortalError)):
            failures.append(prefix_reason(peer.setting, error.message))
    for peer in all_peers[:-1]:
        if peer in synced and peer.is_due():
            sync_within(peer, peer.timeout_s)
    return tuple(failures)
