"""Backfill (reading of old stories) by wp-json, the API of WordPress.

Each request is for posts older than the oldest post read, so that newly published posts don't move older posts to other pages.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from bpost_tui.clock import EPOCH
from bpost_tui.errors import ContentError, PortalError
from bpost_tui.i18n import Reason, prefix_reason
from bpost_tui.model.backfill_cursor import BackfillCursor, BackfillState
from bpost_tui.model.story import PostsPage, Story
from bpost_tui.refresh.refresh_events import FetchFailure

if TYPE_CHECKING:
    from bpost_tui.refresh.backfill_pass import BackfillPass

PAGE_SIZES = (100, 20)
"""Numbers of stories to request in a page. The second is used if the portal fails with the first, or if its answer is too big."""
MAX_WITHDRAWAL_CHECKS = 400
"""Maximum number of saved stories that are checked for withdrawal after one page of the portal, because the page lacks them.

Further stories are left to the next run.
"""
_MAX_EXCLUDED = 400
"""Maximum number of posts that a request excludes by naming their numbers."""
_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)


async def read_api(backfill: BackfillPass, cursor: BackfillCursor | None) -> bool | None:
    """Read old posts for `backfill`, from `cursor` (the record of the posts read) on, or from the newest post if it is None.

    Return whether the pass read as far back as requested; None if WordPress's API doesn't answer, or ignores parameters of the
    request.

    Raises:
        PortalError: The portal can't be reached, or asks to wait.
        ContentError: The answer can't be read.
    """
    sizes = list(PAGE_SIZES)
    left: int | None = None
    before: Sequence[Story] = ()
    while True:
        backfill.report_progress(backfill.job.portal.feed_address(backfill.category, 1), left, stories=True)
        async with backfill.paced_request():
            page = await _page(backfill, cursor, sizes)
        if page is None:
            return None
        backfill.job.answered = True
        advanced = _advance(backfill, cursor, page)
        if advanced is None:
            return None
        for warning in page.warnings:
            backfill.job.report_failure(FetchFailure(page.address, warning))
        backfill.new += await backfill.job.save(page.stories)
        backfill.done += len(page.stories)
        await _save_withdrawn(backfill, cursor, page, before)
        cursor, before = advanced, page.stories
        if backfill.has_enough_stories(len(page.stories)) and cursor.state is BackfillState.IN_PROGRESS:
            cursor = BackfillCursor(cursor.newest, cursor.oldest, cursor.at_oldest, None, BackfillState.REACHED)
        await backfill.save_cursor(cursor)
        if cursor.state is not BackfillState.IN_PROGRESS:
            return True
        if backfill.use_page(page.address):
            return False
        left = None if page.total is None else max(0, page.total - len(page.stories))


async def _page(backfill: BackfillPass, cursor: BackfillCursor | None, sizes: list[int]) -> PostsPage | None:
    """Return the page of posts after `cursor`, or None if WordPress's API doesn't answer.

    If `cursor` (the record of the posts read) is None, return the page with the newest posts. The page has the first size in
    `sizes`; if the portal fails with this size, it is removed from the list, and the next size is tried.
    """
    while True:
        try:
            return await backfill.job.portal.api.posts_page(
                size=sizes[0],
                category=backfill.category,
                before=cursor.oldest + _SECOND if cursor else None,
                after=backfill.oldest - _SECOND if backfill.oldest else None,
                exclude=cursor.at_oldest[:_MAX_EXCLUDED] if cursor else (),
            )
        except (PortalError, ContentError) as error:
            if len(sizes) == 1 or (isinstance(error, PortalError) and error.retry_after_s is not None):
                raise
            sizes.pop(0)


def _advance(backfill: BackfillPass, cursor: BackfillCursor | None, page: PostsPage) -> BackfillCursor | None:
    """Return the cursor after a page, or None if the page doesn't match the request.

    Times in WordPress have no fractions, and several posts may share a second. So a request has `before`, the second after the
    oldest story read, and `exclude`, the numbers of the posts that were read and share that story's second. If the cursor (the
    record of the stories read) is at 12:00:05, and posts 7 and 8 of this second were read:

        request: before=12:00:06, exclude=7,8
        page: 9 (12:00:05), 6 (12:00:01)      the cursor is at 12:00:01, with 6
        page: 9 (12:00:05), 10 (12:00:05)     the cursor is at 12:00:05, with 7, 8, 9, 10
        page: 7 (12:00:05), 8 (12:00:05)      `exclude` was ignored: the cursor is at 12:00:04, so that it goes on
        page: 20 (12:30:00)                   `before` was ignored: None

    Raises:
        ContentError: No story on the page has a date.
    """
    end = BackfillState.EXHAUSTED if backfill.oldest is None else BackfillState.REACHED
    dated = [(story.published, number) for story, number in zip(page.stories, page.numbers, strict=True) if story.published]
    if not dated:
        if not page.end:
            raise ContentError(prefix_reason(page.address, Reason("no story in it has a date")), address=page.address)
        if cursor:
            return BackfillCursor(cursor.newest, cursor.oldest, cursor.at_oldest, None, end)
        now = backfill.job.clock()
        return BackfillCursor(now, now, (), None, end)
    oldest = min(when for when, _ in dated)
    at_oldest = {number for when, number in dated if when == oldest and number}
    if cursor and oldest >= cursor.oldest:
        if oldest > cursor.oldest:
            return None
        if at_oldest.issubset(cursor.at_oldest) and not page.end:
            oldest, at_oldest = oldest - _SECOND, set()
        else:
            at_oldest.update(cursor.at_oldest)
    newest = cursor.newest if cursor else max(when for when, _ in dated)
    return BackfillCursor(newest, oldest, tuple(sorted(at_oldest)), None, end if page.end else BackfillState.IN_PROGRESS)


async def _save_withdrawn(backfill: BackfillPass, cursor: BackfillCursor | None, page: PostsPage, before: Sequence[Story]) -> None:
    """Mark saved stories as withdrawn if the portal no longer has them.

    Only saved stories from the period that `page` covers are checked. The period begins at the page's oldest story, and ends at
    the oldest story in `cursor` (the record of the stories read), or now if `cursor` is None. Stories on this page, and on the page
    read before it (`before`), aren't checked.

    Raises:
        PortalError: The portal can't be reached.
        ContentError: The answer can't be read.
    """
    dates = [story.published for story in page.stories if story.published]
    witness = next((pair for pair in zip(page.stories, page.numbers, strict=True) if pair[1] and pair[0].link), None)
    if backfill.category is not None or page.warnings or witness is None:
        return
    oldest = (backfill.oldest - _SECOND if backfill.oldest else EPOCH) if page.end else min(dates, default=backfill.job.clock())
    newest = cursor.oldest + _SECOND if cursor else backfill.job.clock() + _DAY
    library = backfill.job.library
    suspects = await asyncio.to_thread(library.fetch_log.absent_stories, [*page.stories, *before], after=oldest, before=newest)
    if suspects:
        gone = await backfill.job.portal.api.find_withdrawn(suspects[:MAX_WITHDRAWAL_CHECKS], witness)
        await asyncio.to_thread(library.fetch_log.mark_withdrawn, gone, now=backfill.job.clock())
        backfill.job.withdrawn += len(gone)
