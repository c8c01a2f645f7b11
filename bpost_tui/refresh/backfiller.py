"""Backfill: reads old stories of feeds, by the API wp-json if it answers, otherwise by the feed's pages.

For each feed, the library keeps a cursor (`BackfillCursor`), which has two dates. All stories published between them are in the
library. The cursor is saved after each page, once the page's stories are saved, so that an interrupted backfill continues from
there. Before a backfill continues, it reads the stories published since the cursor was saved:

    first story ┄┄┄┄┄┄┄┄ oldest ━━━━━━━━━━━━━ newest ┄┄┄┄┄┄┄┄ now
                ◂ 2. read back      saved       1. close the gap ▸

Every backfill ends, whatever the portal answers, because it stops at a feed page without a story that is new to this run, after a
number of pages, and after a length of time. Only one run at a time reads back in a library.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bpost_tui.errors import BPostError, ContentError, PortalError
from bpost_tui.model.backfill_cursor import BackfillCursor, BackfillState
from bpost_tui.model.story import Category
from bpost_tui.refresh.backfill_api import read_api
from bpost_tui.refresh.backfill_feed import read_feed_pages
from bpost_tui.refresh.backfill_pass import BackfillPass
from bpost_tui.refresh.feed_refresh import feed_event
from bpost_tui.refresh.refresh_events import BackfillRequest, FetchFailure
from bpost_tui.refresh.refresh_job import RefreshJob

_CLOCK_MARGIN = timedelta(days=1)
"""Maximum time that a story's date may be ahead of this machine's clock."""


@dataclass(frozen=True, slots=True)
class Backfiller:
    """Backfill of feeds: reads their old stories, as far back as a request says. Several feeds may be read at once."""

    job: RefreshJob
    request: BackfillRequest
    known: Sequence[Category]

    async def backfill(self, category: str | None) -> None:
        """Read old stories of a category's feed, or of the front page's feed if `category` is None, as far back as requested."""
        try:
            cursor = await asyncio.to_thread(self.job.library.fetch_log.backfill_cursor, category or "")
            if cursor is not None and cursor.newest > self.job.clock() + _CLOCK_MARGIN:
                cursor = None  # the cursor was saved while the clock was wrong
            if cursor is None or not self._resumes(cursor):
                await self._read_back(category, None, cursor)
            else:
                closed = await self._close_gap(category, cursor)
                if closed is None:
                    return
                if not self._reaches_far_enough(closed):
                    await self._read_back(category, closed, closed)
                self.job.reached_first_story = self.job.reached_first_story or closed.state is BackfillState.EXHAUSTED
        except BPostError as error:
            address = error.address if isinstance(error, PortalError | ContentError) else ""
            self.job.report_failure(FetchFailure(address or self.job.portal.feed_address(category, 1), error.message, error))

    def _resumes(self, cursor: BackfillCursor) -> bool:
        """Whether to continue a backfill (reading of old stories) from a cursor (the record of the stories read).

        A finished backfill isn't continued but starts again, to find stories that the portal has withdrawn since. Exception: a
        request for a number of further stories always continues.
        """
        return cursor.state is BackfillState.IN_PROGRESS or self.request.stories is not None

    def _reaches_far_enough(self, cursor: BackfillCursor) -> bool:
        since = self.request.since
        return cursor.state is BackfillState.EXHAUSTED or (since is not None and cursor.oldest <= since)

    async def _close_gap(self, category: str | None, cursor: BackfillCursor) -> BackfillCursor | None:
        """Read the stories of a feed that were published since its cursor (the record of the stories read) was saved.

        `category` is the feed's category, or None for the front page's feed. Return the cursor extended to the newest story, or
        None if this run can't read all these stories.
        """
        newest = cursor.newest

        async def note_newest(passed: BackfillCursor) -> None:
            nonlocal newest
            newest = max(newest, passed.newest)

        if not await _read(BackfillPass(self.job, category, self.known, note_newest, oldest=cursor.newest), None):
            return None
        cursor = cursor._replace(newest=newest)
        await self._save_cursor(category, cursor)
        await self._note_newest(category, newest)
        return cursor

    async def _read_back(self, category: str | None, start: BackfillCursor | None, earlier: BackfillCursor | None) -> None:
        """Read old stories of a feed, from the cursor `start` (the record of the stories read) on.

        Read from the newest story on if `start` is None. `category` is the feed's category, or None for the front page's feed.
        `earlier` is the cursor that earlier runs saved, or None if they saved none. If earlier runs read further back than this run
        will, their cursor must not be lost: this run then changes only its newest date, not its oldest. For example, if the library
        has the stories from 2020 to today, then after `--since 2026` the cursor still reaches back to 2020.
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
            self.job.reached_first_story = self.job.reached_first_story or cursor.state is BackfillState.EXHAUSTED

        backfill = BackfillPass(self.job, category, self.known, save_cursor, oldest=since, max_new_stories=self.request.stories)
        if earlier is not None and earlier.state is BackfillState.EXHAUSTED and since is None:
            backfill.pages_known = earlier.page
        await _read(backfill, start)

    async def _save_cursor(self, category: str | None, cursor: BackfillCursor) -> None:
        await asyncio.to_thread(self.job.library.fetch_log.save_backfill_cursor, category or "", cursor)

    async def _note_newest(self, category: str | None, newest: datetime) -> None:
        """Save `newest`, the date of the newest story that was read in a feed.

        `category` is the feed's category, or None for the front page's feed. The next refresh reads new stories only as far back as
        this date.
        """
        await asyncio.to_thread(self.job.library.fetch_log.set_event_time, feed_event(category), min(newest, self.job.clock()))


async def _read(backfill: BackfillPass, cursor: BackfillCursor | None) -> bool:
    """Read old stories from `cursor` (the record of the stories read) on, or from the newest story if it is None.

    Return whether the pass read as far back as requested.

    Raises:
        PortalError: The portal can't be reached, or asks to wait.
        ContentError: The answer can't be read.
    """
    by_api = await read_api(backfill, cursor)
    return await read_feed_pages(backfill, cursor) if by_api is None else by_api
