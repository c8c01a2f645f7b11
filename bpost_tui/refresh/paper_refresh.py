"""Refresh of one paper: reads its feeds, then its list of categories, then edits of saved stories.

If an address fails, the other addresses are still read, and saved stories stay saved. One time limit applies to all steps together.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import aclosing, suppress
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from bpost_tui import log
from bpost_tui.errors import BPostError, ContentError, PortalError, StoreError
from bpost_tui.i18n import Reason, message, prefix_reason
from bpost_tui.model.durations import time_before
from bpost_tui.model.story import Category
from bpost_tui.refresh.edited_stories import fetch_edited_stories
from bpost_tui.refresh.feed_refresh import FeedRefresher
from bpost_tui.refresh.refresh_events import BackfillRequest, FetchFailure, RefreshEvent, RefreshPlan
from bpost_tui.refresh.refresh_job import LIMIT_REACHED, RefreshJob
from bpost_tui.refresh.write_batcher import WriteBatcher

if TYPE_CHECKING:
    from bpost_tui.portal.portal import Portal
    from bpost_tui.store.paper_library import PaperLibrary

T = TypeVar("T")

CATEGORY_LIST_AGE = timedelta(days=1)
"""Maximum age of the portal's list of categories. An older list is fetched again."""
_FEEDS_AT_ONCE = 4
"""Maximum number of feeds read at once: two are fetched (the client's limit) while a third is parsed and a fourth saved."""
_BACKFILLS_AT_ONCE = 2
"""Maximum number of feeds that are backfilled (read back into the past) at once."""
LAST_PAGE_LIMIT_S = 120.0
"""Time in seconds that a backfill has, after the refresh's time limit, to finish the pages that it has begun.

With the option --full, finishing a page includes fetching the full texts of its stories.
"""
_TIME_LIMIT_HINT = message("What arrived is saved; the next refresh fetches the rest.")
_NOTHING_SELECTED = message("the config's selector `text` finds nothing on this page; bpost found the text without it")
_BACKFILL_IN_PROGRESS = message("Another bpost is loading older stories into this library")


async def refresh_paper(
    portal: Portal,
    library: PaperLibrary,
    plan: RefreshPlan,
    *,
    clock: Callable[[], datetime],
    writes: WriteBatcher | None = None,
) -> AsyncGenerator[RefreshEvent]:
    """Refresh a paper by its plan, and yield an event for each step as it happens. The last event is a `RefreshResult`.

    `writes` is the queue of writes into the library, shared by all refreshes that run at the same time; None if no other refresh
    runs.
    """
    job = RefreshJob(portal, library, _limit_backfill_to_max_age(plan, clock()), clock, writes or WriteBatcher(library))
    async with aclosing(stream_events(_run(job), job.events)) as events:
        async for event in events:
            yield event
    yield job.result()


async def stream_events(work: Coroutine[None, None, None], events: asyncio.Queue[T | None]) -> AsyncGenerator[T]:
    """Run `work` in a task, and yield the events that it puts into the queue `events`, until it puts None.

    If the generator is closed, the task is cancelled.
    """
    task = asyncio.create_task(work)
    try:
        while (event := await events.get()) is not None:
            yield event
        await task
    finally:
        task.cancel()
        await asyncio.wait([task])
        if not task.cancelled() and (bug := task.exception()) is not None:  # not raised above if the generator was closed
            log.log_error(bug)


def _limit_backfill_to_max_age(plan: RefreshPlan, now: datetime) -> RefreshPlan:
    """Return the plan with a limit to its backfill, so that the backfill reads no stories older than the plan's `max_age`.

    Such stories would be deleted at the end of the refresh.
    """
    if plan.max_age is None or plan.backfill is None:
        return plan
    oldest = time_before(now, plan.max_age)
    return plan._replace(backfill=plan.backfill._replace(since=max(plan.backfill.since or oldest, oldest)))


async def _run(job: RefreshJob) -> None:
    """Refresh the paper step by step, and put None into the queue of events at the end.

    Each step ends at the time limit at the latest. Stories that weren't read by then are left to the next refresh.
    """
    try:
        if not await _may_request(job):
            return
        if job.plan.backfill is None:
            is_complete = await _read_new_stories(job)
        else:
            is_complete = await _read_old_stories(job, job.plan.backfill)
        if is_complete and job.remaining_s and (job.fetched or job.changed):  # a backfill may have used all the time
            await _read_categories(job)
            await _read_edits(job)
        _report_selector(job)
        await _record_outcome(job)
        await _prune(job)
    finally:
        job.events.put_nowait(None)


async def _may_request(job: RefreshJob) -> bool:
    """Return whether requests to the portal are allowed now.

    If the portal asked bpost to wait and that time isn't over, report a failure and return False.
    """
    try:
        await job.portal.check_wait()
    except PortalError as error:
        job.report_failure(FetchFailure(error.address, error.message, error))
        return False
    return True


async def _read_new_stories(job: RefreshJob) -> bool:
    """Read the new stories of all feeds. Return whether that was done before the time limit was reached."""
    try:
        async with asyncio.timeout(job.remaining_s):
            await _for_each_feed(job, FeedRefresher(job, _known_categories(job)).refresh, _FEEDS_AT_ONCE)
    except TimeoutError:
        address = job.portal.feed_address(None, 1)
        what = Reason("not everything was read within {seconds} s", seconds=f"{job.limit_s:g}")
        job.report_failure(
            FetchFailure(address, what, PortalError(prefix_reason(address, what), address=address, hint=_TIME_LIMIT_HINT))
        )
        return False
    return True


async def _read_old_stories(job: RefreshJob, request: BackfillRequest) -> bool:
    """Read old stories of the feeds, as far back as `request` says.

    Return False if nothing was read, because another process is reading old stories into this library; otherwise True.
    """
    from bpost_tui.refresh.backfiller import Backfiller  # 4 ms

    with job.library.fetch_log.backfill_lock() as is_alone:
        if is_alone:
            try:
                async with asyncio.timeout(job.remaining_s + LAST_PAGE_LIMIT_S):
                    await _for_each_feed(job, Backfiller(job, request, _known_categories(job)).backfill, _BACKFILLS_AT_ONCE)
            except TimeoutError:
                job.report_failure(FetchFailure(job.portal.feed_address(None, 1), LIMIT_REACHED))
        else:
            job.report_failure(
                FetchFailure(job.portal.feed_address(None, 1), _BACKFILL_IN_PROGRESS, StoreError(_BACKFILL_IN_PROGRESS))
            )
    if is_alone:
        await _fetch_missing_name(job)
    return is_alone


async def _fetch_missing_name(job: RefreshJob) -> None:
    """Save the portal's name from the front page's feed, if it isn't known.

    A backfill (reading of older stories) by WordPress's API reads no feed that has the name.
    """
    name = job.library.fetch_log.feed_title()
    if name or job.has_read_front_feed or not job.answered:
        return
    with suppress(BPostError, TimeoutError):  # the next refresh tries again
        async with asyncio.timeout(job.remaining_s):
            page = await job.portal.feed_page()
        await job.save_name(page)


def _known_categories(job: RefreshJob) -> list[Category]:
    return [count.category for count in job.library.categories()]


async def _for_each_feed(job: RefreshJob, read: Callable[[str | None], Awaitable[None]], at_once: int) -> None:
    """Call `read` for each feed of the plan, at most `at_once` at a time.

    The argument of `read` is the feed's category, or None for the front page's feed.
    """
    feeds: tuple[str | None, ...] = job.plan.categories or (None,)
    waiting = list(reversed(feeds))

    async def read_in_turn() -> None:
        while waiting:
            await read(waiting.pop())

    async with asyncio.TaskGroup() as tasks:
        for _ in range(at_once):
            tasks.create_task(read_in_turn())


async def _read_categories(job: RefreshJob) -> None:
    """Fetch the portal's list of categories once a day.

    If the portal has no list, the categories of the stories in the feeds are used.
    """
    fetched = job.past_event_time("categories")
    if fetched and job.clock() - fetched < CATEGORY_LIST_AGE:
        return
    found = None
    try:
        async with asyncio.timeout(job.remaining_s):
            found = await job.portal.api.categories()
    except TimeoutError:
        pass  # the list counts as fetched: otherwise each refresh would request a slow list again, and never the edits
    except (PortalError, ContentError) as error:
        job.report_failure(FetchFailure(error.address, error.message, error))
        return
    if found is not None:
        await job.writes.write(partial(job.library.save_categories, found.categories, complete=found.is_complete))
    await job.writes.write(partial(job.library.fetch_log.set_event_time, "categories", job.clock()))


async def _read_edits(job: RefreshJob) -> None:
    """Update the saved stories that were edited on the portal since the last refresh."""
    with suppress(TimeoutError):
        async with asyncio.timeout(job.remaining_s):
            await fetch_edited_stories(job)


def _report_selector(job: RefreshJob) -> None:
    """If the CSS selector in the config matched nothing on a story's page, report that once.

    The report names the page, not the feed: the feed could be read, and fetching it again wouldn't help.
    """
    if job.portal.unselected_page:
        job.report_failure(FetchFailure(job.portal.unselected_page, _NOTHING_SELECTED))


async def _record_outcome(job: RefreshJob) -> None:
    """Save in the library whether the portal has answered during this refresh."""
    if job.answered:
        record = partial(job.library.fetch_log.record_refresh, job.clock(), moved_to=job.moved_to, addresses=job.addresses)
        await job.writes.write(record)
    elif job.failures and not job.portal.is_offline:
        errors = (each.error for each in job.failures)
        moved_to = next((error.moved_to for error in errors if isinstance(error, PortalError) and error.moved_to), "")
        with suppress(StoreError):  # a write that matters reports this error
            await job.writes.write(partial(job.library.fetch_log.record_failure, job.clock(), moved_to=moved_to))


async def _prune(job: RefreshJob) -> None:
    """Delete stories older than the plan's `max_age`. If the portal didn't answer, delete none."""
    if job.answered and job.plan.max_age is not None:
        await asyncio.to_thread(job.library.maintenance.prune, time_before(job.clock(), job.plan.max_age))
