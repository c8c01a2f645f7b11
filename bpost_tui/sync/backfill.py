"""Back through everything the portal has: by wp-json where it answers, else by the feed's pages.

How far it came is in the library (`BackfillCursor`), saved after each page once its stories are: whatever interrupts, the next run
goes on there. It first reads what has been published since it began, so that a cursor's stretch has no gap.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bpost_tui.errors import BPostError, ContentError, PortalError
from bpost_tui.model.story import Category
from bpost_tui.store.results import BackfillCursor, BackfillState
from bpost_tui.sync.backfill_api import read_posts
from bpost_tui.sync.backfill_feed import read_pages
from bpost_tui.sync.backfill_steps import Way
from bpost_tui.sync.events import Back, Failed
from bpost_tui.sync.feeds import feed_note
from bpost_tui.sync.refresh_job import Run


@dataclass(frozen=True, slots=True)
class Archivist:
    """Reads back through feeds, of which several may be under way at once."""

    run: Run
    back: Back
    known: Sequence[Category]

    async def read(self, category: str | None) -> None:
        """Read back through a feed as far as is wanted."""
        try:
            begun = await asyncio.to_thread(self.run.library.backfill_cursor, category or "")
            if begun is None or not self._goes_on(begun):
                await self._walk(category, None, begun)
            else:
                begun = await self._close_gap(category, begun)
                if not self._is_there(begun):
                    await self._walk(category, begun, begun)
                self.run.whole = self.run.whole or begun.state is BackfillState.EXHAUSTED
        except BPostError as error:
            address = error.address if isinstance(error, PortalError | ContentError) else ""
            self.run.fail(Failed(address or self.run.portal.feed_address(category, 1), error.message, error))

    def _goes_on(self, begun: BackfillCursor) -> bool:
        """Whether to go on where a walk ended: one that came where it should is begun anew, to see what is still on the portal."""
        return begun.state is BackfillState.IN_PROGRESS or self.back.stories is not None

    def _is_there(self, begun: BackfillCursor) -> bool:
        since = self.back.since
        return begun.state is BackfillState.EXHAUSTED or (since is not None and begun.oldest <= since)

    async def _close_gap(self, category: str | None, begun: BackfillCursor) -> BackfillCursor:
        """Read what was published since a walk began, and return the walk with that."""
        newest = begun.newest

        async def keep(cursor: BackfillCursor) -> None:
            nonlocal newest
            newest = max(newest, cursor.newest)

        way = Way(self.run, category, self.known, keep, floor=begun.newest)
        if not await read_posts(way, None):
            await read_pages(way, None)
        begun = begun._replace(newest=newest)
        await self._keep(category, begun)
        await self._note(category, newest)
        return begun

    async def _walk(self, category: str | None, start: BackfillCursor | None, earlier: BackfillCursor | None) -> None:
        covered = start is None and earlier is not None and self.back.since is not None and earlier.oldest <= self.back.since

        async def keep(cursor: BackfillCursor) -> None:
            if earlier is None or not covered:
                await self._keep(category, cursor)
            elif cursor.state is not BackfillState.IN_PROGRESS:  # what lies behind is known already, and stays so
                await self._keep(category, earlier._replace(newest=cursor.newest))
            if start is None:
                await self._note(category, cursor.newest)
            self.run.whole = self.run.whole or cursor.state is BackfillState.EXHAUSTED

        way = Way(self.run, category, self.known, keep, floor=self.back.since, wanted=self.back.stories)
        if earlier is not None and earlier.state is BackfillState.EXHAUSTED and self.back.since is None:
            way.pages_known = earlier.page
        if not await read_posts(way, start):
            await read_pages(way, start)

    async def _keep(self, category: str | None, cursor: BackfillCursor) -> None:
        await asyncio.to_thread(self.run.library.save_backfill_cursor, category or "", cursor)

    async def _note(self, category: str | None, newest: datetime) -> None:
        """Note how far the feed has been read, as a refresh does."""
        await asyncio.to_thread(self.run.library.note, feed_note(category), min(newest, self.run.clock()))
