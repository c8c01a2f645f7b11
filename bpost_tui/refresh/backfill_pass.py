"""Pass of a backfill, which reads old stories from one feed: how far back to read, how fast, and when to end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from bpost_tui.model.backfill_cursor import BackfillCursor
from bpost_tui.model.story import Category
from bpost_tui.refresh.refresh_events import FetchFailure, RefreshProgress
from bpost_tui.refresh.refresh_job import LIMIT_REACHED, RefreshJob

MAX_PAGES = 1000
"""Maximum number of pages of a feed that one run reads. The next run continues after them."""
_LONGEST_PAUSE_S = 2.0


@dataclass
class BackfillPass:
    """Pass of a backfill: reads one feed from newer to older stories, and records the progress."""

    job: RefreshJob
    category: str | None
    known: Sequence[Category]
    """Categories of the portal that the library knows."""
    save_cursor: Callable[[BackfillCursor], Awaitable[None]]
    """Function that saves the cursor (the record of the stories read).

    It is called after each page, once the page's stories are saved.
    """
    oldest: datetime | None = None
    """Date of the oldest stories to read, or None to read back to the portal's first story."""
    max_new_stories: int | None = None
    """Number of new stories after which the pass ends, or None if there is no limit.

    The number of stories read may be up to half a page smaller or larger.
    """
    pages_known: int | None = None
    """Number of pages that the feed had when it was last read to its end, or None if unknown."""
    new: int = 0
    done: int = 0
    """Number of stories read so far; if the pages of a feed are read, the number of pages instead."""
    elapsed_s: float = 0.0
    pages: int = 0
    """Number of pages read so far in this pass."""

    @asynccontextmanager
    async def paced_request(self) -> AsyncIterator[None]:
        """After the request that is made in the `with` block, pause for as long as it took, but for at most 2 s.

        So reading old stories doesn't keep the portal busy all the time. The time of request and pause is added to `elapsed_s`.
        """
        loop = asyncio.get_running_loop()
        began = loop.time()
        yield
        await asyncio.sleep(min(loop.time() - began, _LONGEST_PAUSE_S))
        self.elapsed_s += loop.time() - began

    def report_progress(self, address: str, left: int | None, *, stories: bool) -> None:
        """Report that a request to `address` comes next.

        `left` is the number of stories still to be read, or of pages if `stories` is false; None if unknown.
        """
        if self.max_new_stories is not None and stories:
            left = max(0, min(self.max_new_stories - self.new, left if left is not None else self.max_new_stories))
        pace_s = self.elapsed_s / self.done if self.done else None
        left_s = pace_s * left if pace_s is not None and left is not None else None
        steps = None if left is None else self.done + left
        self.job.report_progress(
            RefreshProgress(self.done, steps, address, is_backfill=True, counts_stories=stories, remaining_s=left_s)
        )

    def use_page(self, address: str) -> bool:
        """Count a page that was read at `address`, and return whether the pass must end, because it may read no more pages.

        If it must end (`MAX_PAGES` pages were read, or the time is over), that is also reported as a failure.
        """
        self.pages += 1
        if self.pages < MAX_PAGES and self.job.remaining_s:
            return False
        self.job.report_failure(FetchFailure(address, LIMIT_REACHED))
        return True

    def has_enough_stories(self, page_stories: int) -> bool:
        """Whether the pass may end because nearly as many new stories were found as were requested (`max_new_stories`).

        The number that is still missing may be at most half of a page, which has `page_stories` stories, and at most half of
        `max_new_stories`. The result is False if `max_new_stories` is None.
        """
        return self.max_new_stories is not None and 2 * (self.max_new_stories - self.new) <= min(page_stories, self.max_new_stories)
