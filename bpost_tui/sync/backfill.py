"""A backfill: feeds are read back into the past, by wp-json where it answers, else by the feed's pages.

The library holds how far back a feed was read (`BackfillCursor`). The cursor is saved after each page, once its stories are, so
that an interrupted backfill goes on where it was. Before it goes on, it reads what was published since the cursor was made; so all
that was published between the cursor's two ends is in the library:

    first story ┄┄┄┄┄┄┄┄ oldest ━━━━━━━━━━━━━ newest ┄┄┄┄┄┄┄┄ now
                ◂ 2. read back   what is there   1. close the gap ▸

It ends, whatever a portal answers: at a page of the feed without a story that is new to this run, after so many pages, and after so
long a time. Of a library, one run at a time reads back.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from bpost_tui.errors import BPostError, ContentError, PortalError
from bpost_tui.model.story import Category
from bpost_tui.store.results import BackfillCursor, BackfillState
from bpost_tui.sync.backfill_api import read_api
from bpost_tui.sync.backfill_feed import read_feed
from bpost_tui.sync.events import BackfillRequest, Failed, Progress
from bpost_tui.sync.feeds import feed_note
from bpost_tui.sync.refresh_job import ENOUGH, RefreshJob

MAX_PAGES = 1000
"""Pages of one feed that a run reads; the next one goes on from there."""
_LONGEST_PAUSE_S = 2.0
_CLOCK_MARGIN = timedelta(days=1)
"""How far ahead of our clock a story's date may be."""


@dataclass
class Backfill:
    """One pass back through a feed."""

    job: RefreshJob
    category: str | None
    known: Sequence[Category]
    """The portal's categories, as far as they are known."""
    save_cursor: Callable[[BackfillCursor], Awaitable[None]]
    """Called after each page, once its stories are saved."""
    floor: datetime | None = None
    """How far back to read; None is to the portal's first story."""
    max_new: int | None = None
    """After how many new stories to stop, to within half a page."""
    pages_known: int | None = None
    """How many pages the feed had the last time."""
    new: int = 0
    done: int = 0
    """Stories that were read; or pages, where the feed's pages are read."""
    spent_s: float = 0.0
    pages: int = 0
    """Pages that were read in this pass."""

    @asynccontextmanager
    async def paced(self) -> AsyncIterator[None]:
        """Time a request; after it, make a pause as long as the portal took to answer, but at most 2 s."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        yield
        await asyncio.sleep(min(loop.time() - began, _LONGEST_PAUSE_S))
        self.spent_s += loop.time() - began

    def report(self, address: str, left: int | None, *, stories: bool) -> None:
        """Report the next request; `left` is how many stories or pages are still to be read, if that is known."""
        if self.max_new is not None and stories:
            left = max(0, min(self.max_new - self.new, left if left is not None else self.max_new))
        pace_s = self.spent_s / self.done if self.done else None
        left_s = pace_s * left if pace_s is not None and left is not None else None
        steps = None if left is None else self.done + left
        self.job.report(Progress(self.done, steps, address, backfill=True, stories=stories, left_s=left_s))

    def spend_page(self, address: str) -> bool:
        """Take a page off what a run may read; return whether that is all, and report it then."""
        self.pages += 1
        if self.pages < MAX_PAGES and self.job.left_s:
            return False
        self.job.fail(Failed(address, ENOUGH))
        return True

    def has_enough(self, page_stories: int) -> bool:
        """Whether about as many stories are new as were asked for: another page of so many would bring more than are lacking."""
        return self.max_new is not None and 2 * (self.max_new - self.new) <= min(page_stories, self.max_new)

    async def run(self, cursor: BackfillCursor | None) -> bool:
        """Read back from a cursor, or from the newest story; return whether it came as far as it should.

        Raises:
            PortalError: The portal can't be reached, or asks us to wait.
            ContentError: What came can't be read.
        """
        by_api = await read_api(self, cursor)
        return await read_feed(self, cursor) if by_api is None else by_api


@dataclass(frozen=True, slots=True)
class Backfiller:
    """Reads feeds back as far as a request says, several of them at once."""

    job: RefreshJob
    request: BackfillRequest
    known: Sequence[Category]

    async def backfill(self, category: str | None) -> None:
        """Read a feed back as far as is asked for."""
        try:
            cursor = await asyncio.to_thread(self.job.library.fetch_log.backfill_cursor, category or "")
            if cursor is not None and cursor.newest > self.job.clock() + _CLOCK_MARGIN:
                cursor = None  # made while the clock was wrong
            if cursor is None or not self._goes_on(cursor):
                await self._read_back(category, None, cursor)
            else:
                closed = await self._close_gap(category, cursor)
                if closed is None:
                    return
                if not self._reaches_far_enough(closed):
                    await self._read_back(category, closed, closed)
                self.job.whole = self.job.whole or closed.state is BackfillState.EXHAUSTED
        except BPostError as error:
            address = error.address if isinstance(error, PortalError | ContentError) else ""
            self.job.fail(Failed(address or self.job.portal.feed_address(category, 1), error.message, error))

    def _goes_on(self, cursor: BackfillCursor) -> bool:
        """Whether to go on from a cursor. One that came as far as it should starts anew, to find what has gone from the portal."""
        return cursor.state is BackfillState.IN_PROGRESS or self.request.stories is not None

    def _reaches_far_enough(self, cursor: BackfillCursor) -> bool:
        since = self.request.since
        return cursor.state is BackfillState.EXHAUSTED or (since is not None and cursor.oldest <= since)

    async def _close_gap(self, category: str | None, cursor: BackfillCursor) -> BackfillCursor | None:
        """Read what was published since a cursor was made; return the cursor that includes it, None if that takes too long."""
        newest = cursor.newest

        async def note_newest(passed: BackfillCursor) -> None:
            nonlocal newest
            newest = max(newest, passed.newest)

        if not await Backfill(self.job, category, self.known, note_newest, floor=cursor.newest).run(None):
            return None
        cursor = cursor._replace(newest=newest)
        await self._save_cursor(category, cursor)
        await self._note_newest(category, newest)
        return cursor

    async def _read_back(self, category: str | None, start: BackfillCursor | None, earlier: BackfillCursor | None) -> None:
        """Read back from `start`, or from the newest story where it is None.

        `earlier` is the cursor of the runs before. If they came farther back than this one is to come, their cursor is still right
        and must not be lost: it is only moved up to the newest story, and that at the end. With stories of 2020 to today in the
        library and `--since 2026`, the cursor reaches back to 2020 before, during and after the run.
        """
        since = self.request.since
        is_covered = start is None and earlier is not None and since is not None and earlier.oldest <= since

        async def save_cursor(cursor: BackfillCursor) -> None:
            if earlier is None or not is_covered:
                await self._save_cursor(category, cursor)
            elif cursor.state is not BackfillState.IN_PROGRESS:
                await self._save_cursor(category, earlier._replace(newest=cursor.newest))
            if start is None:
                await self._note_newest(category, cursor.newest)
            self.job.whole = self.job.whole or cursor.state is BackfillState.EXHAUSTED

        backfill = Backfill(self.job, category, self.known, save_cursor, floor=since, max_new=self.request.stories)
        if earlier is not None and earlier.state is BackfillState.EXHAUSTED and since is None:
            backfill.pages_known = earlier.page
        await backfill.run(start)

    async def _save_cursor(self, category: str | None, cursor: BackfillCursor) -> None:
        await asyncio.to_thread(self.job.library.fetch_log.save_backfill_cursor, category or "", cursor)

    async def _note_newest(self, category: str | None, newest: datetime) -> None:
        """Note how far the feed has been read, as a refresh does."""
        await asyncio.to_thread(self.job.library.fetch_log.note_time, feed_note(category), min(newest, self.job.clock()))
