"""Peers that marks are synced with (a sync folder, a server of feeds), and the one way in which that is done. Blocks.

A sync reads the changes made elsewhere, merges them into the library, writes to the peer what was changed here, and reports. `sync`
does so with any `Peer`; a kind of peer only says how its changes are read and written. A new kind is one module with a class like
`folder_peer.FolderPeer`, and its row in `configured_peers`.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from threading import Thread
from typing import TYPE_CHECKING, NamedTuple, Protocol

from bpost_tui import log
from bpost_tui.errors import BPostError, PortalError, StoreError
from bpost_tui.i18n import Reason, prefix_reason, unreadable_reason
from bpost_tui.store.sqlite_files import try_lock

if TYPE_CHECKING:
    from bpost_tui.mark_changes.field_changes import Changes
    from bpost_tui.mark_changes.marks_file import ChangeConsumer
    from bpost_tui.store.library import Library


class SyncResult(NamedTuple):
    """Result of a sync with one peer."""

    received: int = 0
    """Number of stories, searches and the like whose changes came from the peer and won here."""
    sent: int = 0
    """Number of changes made here that the peer has now."""
    error: BPostError | None = None
    """Failure that ended the sync, or a problem that the reader should know although it went on."""


class PeerSession(Protocol):
    """Sync with a peer in progress. Its two steps are taken once, in this order; each raises BPostError if it fails."""

    def read_changes(self, merge: ChangeConsumer) -> None:
        """Give the changes made elsewhere to `merge`, in as many parts as is convenient, then save how far the peer was read.

        Progress is saved only once the changes before it are merged: killed in between, the next sync reads them again.
        """

    def write_changes(self) -> SyncResult:
        """Write to the peer what was changed here, and return how many changes that were, with a problem if there is one."""


class Peer(Protocol):
    """Place that has the reader's marks too."""

    library: Library
    """Library whose marks are synced."""
    setting: str
    """Name of the setting that names the peer; begins the sentence about a failure."""
    lock_name: str
    """Name of the file in the library's folder that is locked during a sync, so that one process at a time syncs with the peer."""
    place: str
    """Path or host of the peer, for messages."""
    timeout_s: float | None
    """Longest time in seconds that a command waits for a sync; None if the peer ends a sync in time by itself."""

    def is_due(self) -> bool:
        """Whether something was changed here that the peer doesn't have yet."""

    def session(self) -> AbstractContextManager[PeerSession]:
        """Begin a sync; raises BPostError if the peer can't be reached."""


def sync(peer: Peer) -> SyncResult:
    """Sync a library's marks with a peer.

    Whatever goes wrong, on either side, is the result's `error`, and what was merged before stays merged. If another thread or
    process is syncing with the peer, nothing is done.
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
    """Sync with a peer in a thread of its own, and give up waiting after `seconds`; without a limit, sync in this thread.

    A thread that is given up goes on until its folder answers, or until the process ends. The next sync sends the rest.
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
    """Sync with each of several peers in turn, and return a sentence for each failure.

    Args:
        peers: Peers, in the order in which to sync.
        is_offline: Whether no paper could be reached just before. Then nothing is said of a peer that can't be reached either.
    """
    failures: list[str] = []
    for peer in peers:
        error = sync_within(peer, peer.timeout_s).error
        if error is not None and not (is_offline and isinstance(error, PortalError)):
            failures.append(prefix_reason(peer.setting, error.message))
    return tuple(failures)
