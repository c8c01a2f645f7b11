"""Periodic sync of marks with peers that need no network, such as a folder shared with the reader's other machines."""

from __future__ import annotations

from asyncio import to_thread
from functools import partial
from typing import TYPE_CHECKING

from bpost_tui.tui.shared.screen_context import ScreenContext

if TYPE_CHECKING:
    from bpost_tui.mark_sync.peer import Peer

_CHANGED_S = 3.0
"""Interval in seconds for sending marks changed here. Marks made by several keys in a row are thus sent together."""
_LOOK_S = 60.0
"""Interval in seconds for reading marks changed on other machines."""


class PeriodicMarkSync:
    """Syncs marks at the start, after changes, and every minute; marks that it receives appear on the screen soon."""

    def __init__(self, context: ScreenContext) -> None:
        self._context = context
        self._peers = [_PeriodicPeerSync(context, peer) for peer in context.start_options.peers]

    def start(self) -> None:
        """Sync for the first time, and at intervals from now on."""
        for each in self._peers:
            each.start()
            self._context.screen.set_interval(_LOOK_S, each.start)
            self._context.screen.set_interval(_CHANGED_S, partial(each.start, only_if_due=True))


class _PeriodicPeerSync:
    """Syncs marks with one peer; only one sync runs at a time."""

    def __init__(self, context: ScreenContext, peer: Peer) -> None:
        self._context = context
        self._peer = peer
        self._last_error = ""
        self._is_under_way = False

    def start(self, *, only_if_due: bool = False) -> None:
        """Start a sync in the background, unless a sync is running; with `only_if_due`, only if something was changed here."""
        if not self._is_under_way:  # if a folder doesn't answer, only one thread waits for it
            self._is_under_way = True
            self._context.run_worker(partial(self._sync, only_if_due=only_if_due), group="mark_sync")

    async def _sync(self, *, only_if_due: bool) -> None:
        from bpost_tui.mark_sync.peer import sync

        try:
            if only_if_due and not await to_thread(self._peer.is_due):
                return
            error = (await to_thread(sync, self._peer)).error
        finally:
            self._is_under_way = False
        if error is not None and error.message != self._last_error:
            self._context.status.show_error(error)
        self._last_error = error.message if error is not None else ""
