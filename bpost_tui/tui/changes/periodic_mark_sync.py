"""The same marks on all of the reader's machines: merged and sent while the reader is open."""

from __future__ import annotations

from asyncio import to_thread
from functools import partial
from typing import TYPE_CHECKING

from bpost_tui.tui.shared.screen_context import ScreenContext

if TYPE_CHECKING:
    from bpost_tui.mark_sync.folder_peer import FolderPeer  # 5 ms

_CHANGED_S = 3.0
"""How soon what was changed here is sent: a few keys later, not after each."""
_LOOK_S = 60.0
"""How often what others sent is looked for."""


class PeriodicMarkSync:
    """Exchanges marks at the start, after changes, and every minute; the library's watcher shows what came of it."""

    def __init__(self, context: ScreenContext) -> None:
        self._context = context
        self._sync = context.start_options.folder_sync
        self._last_error = ""
        self._is_under_way = False

    def start(self) -> None:
        """Exchange for the first time, and from now on."""
        if self._sync is not None:
            self._start(self._sync)
            self._context.screen.set_interval(_LOOK_S, partial(self._start, self._sync))
            self._context.screen.set_interval(_CHANGED_S, partial(self._start, self._sync, only_if_due=True))

    def _start(self, peer: FolderPeer, *, only_if_due: bool = False) -> None:
        if not self._is_under_way:  # a folder that doesn't answer is waited for by one thread alone
            self._is_under_way = True
            self._context.run_worker(partial(self._sync_marks, peer, only_if_due=only_if_due), group="mark_sync")

    async def _sync_marks(self, peer: FolderPeer, *, only_if_due: bool) -> None:
        try:
            if only_if_due and not await to_thread(peer.is_due):
                return
            trouble = (await to_thread(peer.sync)).error
        finally:
            self._is_under_way = False
        if trouble is not None and trouble.message != self._last_error:
            self._context.status.show_error(trouble)
        self._last_error = trouble.message if trouble is not None else ""
