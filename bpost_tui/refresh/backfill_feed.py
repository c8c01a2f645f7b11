"""Backfill (reading of old stories) by the pages of a feed.

A new post moves stories to later pages, so some stories are read twice, but none is missed. A portal may ignore the page number
`paged`, for example because its cache ignores queries, and then always sends the same page. So a page counts as the end of the feed
if all its stories were read before in this pass.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from bpost_tui.model.backfill_cursor import BackfillCursor, BackfillState
from bpost_tui.model.story import FeedPage
from bpost_tui.refresh.refresh_events import FetchFailure

if TYPE_CHECKING:
    from bpost_tui.refresh.backfill_pass import BackfillPass


async def read_feed_pages(backfill: BackfillPass, cursor: BackfillCursor | None) -> bool:
    """Read pages of a feed from the page that `cursor` (the record of the stories read) names, or from the first if it is None.

    Return whether the pass read as far back as requested.

    Raises:
        PortalError: The portal can't be reached, or asks to wait.
        ContentError: The answer can't be read.
    """
    job = backfill.job
    number = (cursor.page or 1) if cursor else 1
    touches = cursor is None  # whether there is no gap between this page and the stories read before
    backfill.done = number - 1
    seen = set[str]()
    while True:
        address = job.portal.feed_address(backfill.category, number)
        backfill.report_progress(address, _remaining_pages(backfill, cursor, number), stories=False)
        async with backfill.paced_request():
            page = await job.portal.feed_page(backfill.category, number, None, backfill.known)
        job.answered = True
        if backfill.category is None and number == 1:
            await job.save_name(page)
        if not touches and cursor is not None and number > 1 and _is_older(page, cursor.oldest):
            number -= 1  # stories were removed from the portal, and older ones have moved up
            cursor = cursor._replace(page=number)
            await backfill.save_cursor(cursor)
            if backfill.use_page(address):
                return False
            continue
        touches = True
        if seen.issuperset(story.guid for story in page.stories):
            page = page._replace(end=True)
        seen.update(story.guid for story in page.stories)
        for warning in page.warnings:
            job.report_failure(FetchFailure(address, warning))
        backfill.new += await job.save(await job.with_full_texts(await job.portal.enrich(page.stories)))
        backfill.done = number
        cursor = _advance(backfill, cursor, page, number)
        if cursor is None:
            return True
        await backfill.save_cursor(cursor)
        if cursor.state is not BackfillState.IN_PROGRESS:
            return True
        if backfill.use_page(address):
            return False
        number += 1


def _advance(backfill: BackfillPass, cursor: BackfillCursor | None, page: FeedPage, number: int) -> BackfillCursor | None:
    """Return the cursor (the record of the stories read) after page `number` of the feed, or None if the feed has no stories.

    `cursor` is the cursor before this page; None before the first page.
    """
    dates = _dates(page)
    if cursor is None and not dates:
        return None if page.end else BackfillCursor(now := backfill.job.clock(), now, page=number)
    newest = cursor.newest if cursor else max(dates)
    oldest = min([*dates, *([cursor.oldest] if cursor else [])])
    if page.end or not page.stories:
        return BackfillCursor(newest, oldest, (), number - 1, BackfillState.EXHAUSTED)
    is_reached = backfill.has_enough_stories(len(page.stories)) or (backfill.oldest is not None and oldest < backfill.oldest)
    return BackfillCursor(newest, oldest, (), number, BackfillState.REACHED if is_reached else BackfillState.IN_PROGRESS)


def _is_older(page: FeedPage, date: datetime) -> bool:
    """Whether all stories of a page are older than `date`. The result is also true if the page is after the end of the feed."""
    return max(_dates(page), default=date) < date or page.end


def _remaining_pages(backfill: BackfillPass, cursor: BackfillCursor | None, number: int) -> int | None:
    """Estimate the number of pages left from page `number` on, or return None if unknown.

    The estimate uses the number of pages in the last pass, or the share of the requested time that is read already, according to
    `cursor` (the record of the stories read).
    """
    if backfill.pages_known is not None and backfill.pages_known >= number:
        return backfill.pages_known - number + 1
    if backfill.oldest is None or cursor is None or cursor.newest <= backfill.oldest or cursor.oldest >= cursor.newest:
        return None
    covered = (cursor.newest - cursor.oldest) / (cursor.newest - backfill.oldest)
    return max(1, round(backfill.done / covered) - backfill.done)


def _dates(page: FeedPage) -> list[datetime]:
    return [story.published for story in page.stories if story.published]
