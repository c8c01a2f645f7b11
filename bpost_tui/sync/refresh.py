"""A refresh from beginning to end: the feeds, then the list of categories, then what was edited on the portal.

An address that fails never stops the others, and what was saved stays saved.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bpost_tui import log
from bpost_tui.errors import ContentError, PortalError
from bpost_tui.model.story import Category
from bpost_tui.sync.backfill import Backfiller
from bpost_tui.sync.events import Failed, Plan, SyncEvent
from bpost_tui.sync.feeds import FeedRefresher
from bpost_tui.sync.refresh_job import RefreshJob

if TYPE_CHECKING:
    from bpost_tui.portal.portal import Portal
    from bpost_tui.store.library import Library

CATEGORY_LIST_AGE = timedelta(days=1)
"""How old the portal's list of categories may be before it is fetched again."""
_FEEDS_AT_ONCE = 4
"""Two are being fetched, which is all that the client does at once, one is being parsed and one saved."""
_BACKFILLS_AT_ONCE = 2
_EDITS_NOTE = "edits"
_MAX_EDIT_PAGES = 10
_MARGIN = timedelta(hours=1)
"""How far the portal's clock may differ from ours. Only for the first question; later ones go by the portal's clock."""
_SECOND = timedelta(seconds=1)


async def refresh(portal: Portal, library: Library, plan: Plan, *, clock: Callable[[], datetime]) -> AsyncGenerator[SyncEvent]:
    """Fetch what the plan asks for into the library, and yield each step as it happens; the last event is `Finished`."""
    job = RefreshJob(portal, library, _without_what_would_go(plan, clock()), clock)
    task = asyncio.create_task(_run(job))
    try:
        while (event := await job.events.get()) is not None:
            yield event
        await task
        yield job.finished()
    finally:
        task.cancel()
        await asyncio.wait([task])
        if not task.cancelled() and (bug := task.exception()) is not None:  # raised above, unless the events were given up
            log.fault(bug)


def _without_what_would_go(plan: Plan, now: datetime) -> Plan:
    """Return a plan that reads back only as far as stories are kept."""
    if plan.keep is None or plan.backfill is None:
        return plan
    oldest = now - plan.keep
    return plan._replace(backfill=plan.backfill._replace(since=max(plan.backfill.since or oldest, oldest)))


async def _run(job: RefreshJob) -> None:
    """Do all that the plan asks for; the queue of events ends with None."""
    try:
        try:
            await job.portal.check_wait()
        except PortalError as error:
            job.fail(Failed(error.address, error.message, error))
            return
        known = [count.category for count in await asyncio.to_thread(job.library.categories)]
        await _fetch_feeds(job, known)
        if job.fetched or job.changed:
            await _fetch_categories(job)
            await _fetch_edits(job)
        if job.answered:
            await asyncio.to_thread(job.library.fetch_log.note_refresh, job.clock())
            if job.plan.keep is not None:
                await asyncio.to_thread(job.library.maintenance.prune, job.clock() - job.plan.keep)
    finally:
        job.events.put_nowait(None)


async def _fetch_feeds(job: RefreshJob, known: Sequence[Category]) -> None:
    """Fetch the plan's feeds, several at once, forwards or backwards."""
    feeds: tuple[str | None, ...] = job.plan.categories or (None,)
    waiting = list(reversed(feeds))
    backwards = job.plan.backfill
    fetch = FeedRefresher(job, known).refresh if backwards is None else Backfiller(job, backwards, known).backfill

    async def fetch_in_turn() -> None:
        while waiting:
            await fetch(waiting.pop())

    async with asyncio.TaskGroup() as tasks:
        for _ in range(_FEEDS_AT_ONCE if backwards is None else _BACKFILLS_AT_ONCE):
            tasks.create_task(fetch_in_turn())


async def _fetch_categories(job: RefreshJob) -> None:
    """Fetch the portal's list of categories once a day; where it has none, the feeds' items have named them already."""
    fetched = await asyncio.to_thread(job.library.fetch_log.time_of, "categories")
    if fetched and job.clock() - fetched < CATEGORY_LIST_AGE:
        return
    try:
        categories = await job.portal.api.categories()
    except (PortalError, ContentError) as error:
        job.fail(Failed(error.address, error.message, error))
        return
    if categories is not None:
        await asyncio.to_thread(job.library.save_categories, categories, complete=True)
    await asyncio.to_thread(job.library.fetch_log.note_time, "categories", job.clock())


async def _fetch_edits(job: RefreshJob) -> None:
    """Update the saved stories that were edited on the portal since the last time, by wp-json's `modified_after`.

    If wp-json can't be read now, no time is noted, so that the next refresh asks for these edits, too.
    """
    since = await asyncio.to_thread(job.library.fetch_log.time_of, _EDITS_NOTE)
    if since is not None:
        try:
            if not await _fetch_edits_since(job, since):
                return
        except (PortalError, ContentError):
            return
    latest = job.last_change or (job.clock() - _MARGIN)
    if since is None or latest > since:
        await asyncio.to_thread(job.library.fetch_log.note_time, _EDITS_NOTE, min(latest, job.clock()))


async def _fetch_edits_since(job: RefreshJob, since: datetime) -> bool:
    """Update saved stories, page by page; return False where wp-json doesn't answer."""
    for page in range(1, _MAX_EDIT_PAGES + 1):
        posts = await job.portal.api.posts_page(page=page, modified_after=since - _SECOND)
        if posts is None:
            return False
        changed = [story for story in posts.stories if story.modified and story.modified >= since]
        outdated = await asyncio.to_thread(job.library.fetch_log.outdated, changed)
        if outdated:
            await job.save(outdated)
        # a page with older stories: the end, or a WordPress before 5.7, which ignores `modified_after`
        if posts.end or not changed or len(changed) < len(posts.stories):
            break
    return True
