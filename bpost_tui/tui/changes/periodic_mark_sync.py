"""Periodic sync of marks (read, starred, read later): with a folder that several machines share, and with a server of feeds."""

from __future__ import annotations

import time
from asyncio import Lock, to_thread
from functools import partial
from typing import TYPE_CHECKING

from bpost_tui.errors import BPostError, ProgramError
from bpost_tui.tui.changes.paper_commands import failure_line
from bpost_tui.tui.shared.screen_context import ScreenContext
from bpost_tui.tui.story.reader_programs import ProgramRunner

if TYPE_CHECKING:
    from bpost_tui.mark_sync.peer import Peer

_CHANGED_S = 3.0
"""Interval in seconds for sending marks changed on this machine. Marks made by several keys in a row are thus sent together."""
_LOOK_S = 60.0
"""Interval in seconds for reading marks changed on other machines."""
_SERVICE_LOOK_S = 300.0
"""Interval in seconds for syncing with the server of feeds (FreshRSS, Miniflux …), and the wait after a failed sync."""
_SERVICE_LIMIT_S = 1800.0
"""Maximum time in seconds of a sync with the server; the process that syncs has a lower limit itself."""


class PeriodicMarkSync:
    """Syncs marks with shared folders and a server of feeds (FreshRSS …): after changes on this machine, and at intervals.

    Received marks appear on the screen within seconds.

    Args:
        run_program: Runs `bpost service`, which syncs with a server of feeds, and ends it if the reader leaves bpost.
    """

    def __init__(self, context: ScreenContext, run_program: ProgramRunner) -> None:
        self._context = context
        self._service = PeriodicServiceSync(context, run_program)
        self._peers = [_PeriodicPeerSync(context, peer) for peer in context.start_options.peers]

    def start(self) -> None:
        """Sync with all peers (such as a shared folder) now. Later, sync with the peers and the server of feeds at intervals."""
        for each in self._peers:
            each.start()
            self._context.screen.set_interval(_LOOK_S, each.start)
            self._context.screen.set_interval(_CHANGED_S, partial(each.start, only_if_due=True))
        self._service.start()

    async def sync_with_service(self) -> None:
        """Sync with the server of feeds after a refresh. If such a sync is running, only wait for its end.

        Do nothing if no server is set in the config.
        """
        await self._service.sync()


class _PeriodicPeerSync:
    """Syncs marks with one peer, such as a shared folder; only one sync runs at a time."""

    def __init__(self, context: ScreenContext, peer: Peer) -> None:
        self._context = context
        self._peer = peer
        self._last_error = ""
        self._is_under_way = False

    def start(self, *, only_if_due: bool = False) -> None:
        """Start a sync with the peer in the background, unless such a sync is running.

        With `only_if_due`, sync only if marks were changed on this machine since the last sync.
        """
        if not self._is_under_way:  # if a folder doesn't answer, only one thread waits for it
            self._is_under_way = True
            self._context.run_worker(partial(self._sync, only_if_due=only_if_due), group="mark_sync")

    async def _sync(self, *, only_if_due: bool) -> None:
        from bpost_tui.mark_sync.peer import sync

        try:
            if only_if_due and not await to_thread(self._peer.is_due):
                return
            error = await to_thread(sync, self._peer)
        finally:
            self._is_under_way = False
        if error is not None and error.message != self._last_error:
            self._context.status.show_error(error)
        self._last_error = error.message if error is not None else ""


class PeriodicServiceSync:
    """Syncs marks with the server of feeds (FreshRSS, Miniflux …), if there is one; only one sync runs at a time.

    Args:
        run_program: Runs `bpost service`, and ends it if the reader leaves bpost.
    """

    def __init__(self, context: ScreenContext, run_program: ProgramRunner) -> None:
        self._context = context
        self._run_program = run_program
        self._service = context.start_options.service
        self._lock = Lock()
        self._failed_s = -_SERVICE_LOOK_S
        """Time of the last failed sync in seconds, by the monotonic clock. The initial value is too low to delay the first sync."""
        self._last_error = ""

    def start(self) -> None:
        """Start to sync soon after changes on this machine, and every 5 minutes. Do nothing if there is no server."""
        if self._service is not None:
            self._context.screen.set_interval(_CHANGED_S, partial(self._run, only_if_due=True))
            self._context.screen.set_interval(_SERVICE_LOOK_S, self._run)

    def _run(self, *, only_if_due: bool = False) -> None:
        if not self._lock.locked():
            self._context.run_worker(partial(self._sync_if_due, only_if_due=only_if_due), group="mark_sync")

    async def _sync_if_due(self, *, only_if_due: bool) -> None:
        if self._service is None or (only_if_due and time.monotonic() < self._failed_s + _SERVICE_LOOK_S):
            return
        if not only_if_due or await to_thread(self._service.is_due):
            await self.sync()

    async def sync(self) -> None:
        """Sync with the server now. If a sync is running, only wait for its end; if there is no server, do nothing.

        If the sync fails, show the error, unless the last sync failed with the same message.
        """
        if self._service is None:
            return
        if self._lock.locked():
            async with self._lock:
                return
        async with self._lock:
            stamp, error = await to_thread(self._service.begin), ""
            try:
                result = await self._run_program(self._service.command("sync"), _SERVICE_LIMIT_S)
                error = failure_line(result, "service") if result.status else ""
            except ProgramError as failure:
                error = failure.message
            if not error:
                self._service.end(stamp)
            else:
                self._failed_s = time.monotonic()
            if error and error != self._last_error:
                self._context.status.show_error(BPostError(error))
            self._last_error = error
