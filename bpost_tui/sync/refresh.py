"""A refresh from its beginning to its end. One failing address never stops the others, and what was saved stays saved."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bpost_tui.errors import ContentError, PortalError
from bpost_tui.model.story import Category, Story
from bpost_tui.sync.backfill import Archivist
from bpost_tui.sync.edits import read_edits
from bpost_tui.sync.events import Failed, Plan, SyncEvent
from bpost_tui.sync.feeds import FeedReader
from bpost_tui.sync.refresh_job import Run, heed_earlier_wait, note_contacts, note_wait

if TYPE_CHECKING:
    from bpost_tui.portal.portal import Portal
    from bpost_tui.store.library import Library

CATEGORY_LIST_AGE = timedelta(days=1)
"""How old the portal's category list may be before it is asked for again."""
_FEEDS_AT_ONCE = 4
"""Two that are asked for, which is all the client does at once, while one is read and one is saved."""
_WAYS_BACK_AT_ONCE = 2


async def refresh(portal: Portal, library: Library, plan: Plan, *, clock: Callable[[], datetime]) -> AsyncGenerator[SyncEvent]:
    """Fetch what the plan asks for into the library, and tell each step as it happens."""
    run = Run(portal, library, _within_what_is_kept(plan, clock()), clock)
    job = asyncio.create_task(_everything(run))
    try:
        while (event := await run.events.get()) is not None:
            yield event
        await job
        yield run.finished()
    finally:
        job.cancel()
        await asyncio.wait([job])


async def fetch_full(portal: Portal, library: Library, story_id: int, *, clock: Callable[[], datetime]) -> None:
    """Fetch and save the whole text of a story that came as a summary.

    Raises:
        PortalError: It can't be fetched.
        ContentError: What came can't be read.
    """
    saved = await asyncio.to_thread(library.story, story_id)
    row = saved.headline
    known = Story(row.guid, row.title, row.link, row.author, row.published, row.modified, row.categories, saved.tags, row.excerpt)
    await heed_earlier_wait(portal, library)
    try:
        story = await portal.full_story(known)
    finally:
        await note_wait(portal, library)
        await note_contacts(portal, library, clock())
    await asyncio.to_thread(library.save, [story], now=clock())


async def fetch_link(portal: Portal, library: Library, link: str, *, clock: Callable[[], datetime]) -> int | None:
    """Fetch and save the story that a link leads to; return its number, None where the portal has no such story.

    Raises:
        PortalError: It can't be fetched.
        ContentError: What came can't be read.
    """
    story = await portal.story_at(link)
    if story is None:
        return None
    await asyncio.to_thread(library.save, [story], now=clock())
    return await asyncio.to_thread(library.find, story.link or story.guid)


async def _everything(run: Run) -> None:
    """Read what the plan asks for, feed beside feed, then what the feeds don't say."""
    try:
        await heed_earlier_wait(run.portal, run.library)
        try:
            run.portal.check_wait()
        except PortalError as error:
            run.fail(Failed(error.address, error.message, error))
            return
        known = [count.category for count in await asyncio.to_thread(run.library.categories)]
        await _read_feeds(run, known)
        if run.fetched or run.changed:
            await _read_categories(run)
            await read_edits(run)
        await note_contacts(run.portal, run.library, run.clock())
        if run.answered:
            await asyncio.to_thread(run.library.note_refresh, run.clock())
            if run.plan.keep is not None:
                await asyncio.to_thread(run.library.prune, run.clock() - run.plan.keep)
        await note_wait(run.portal, run.library)
    finally:
        run.events.put_nowait(None)


def _within_what_is_kept(plan: Plan, now: datetime) -> Plan:
    if plan.keep is None or plan.back is None:
        return plan
    oldest = now - plan.keep
    return plan._replace(back=plan.back._replace(since=max(plan.back.since or oldest, oldest)))


async def _read_feeds(run: Run, known: list[Category]) -> None:
    feeds: tuple[str | None, ...] = run.plan.categories or (None,)
    waiting = list(reversed(feeds))
    read = FeedReader(run, known).read if run.plan.back is None else Archivist(run, run.plan.back, known).read

    async def reader() -> None:
        while waiting:
            await read(waiting.pop())

    async with asyncio.TaskGroup() as readers:
        for _ in range(_FEEDS_AT_ONCE if run.plan.back is None else _WAYS_BACK_AT_ONCE):
            readers.create_task(reader())


async def _read_categories(run: Run) -> None:
    """Ask for the portal's own list now and then; where it isn't told, the feed's items have named them already."""
    asked = await asyncio.to_thread(run.library.noted, "categories")
    if asked and run.clock() - asked < CATEGORY_LIST_AGE:
        return
    try:
        categories = await run.portal.api.categories()
    except (PortalError, ContentError) as error:
        run.fail(Failed(error.address, error.message, error))
        return
    if categories is not None:
        await asyncio.to_thread(run.library.save_categories, categories, complete=True)
    await asyncio.to_thread(run.library.note, "categories", run.clock())
