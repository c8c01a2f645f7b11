"""Portal → store: fetch, save, tell. Knows no screen; whoever iterates shows what happens.

One failing address never stops the others, and what was saved stays saved: every page is one transaction, and an address's
validators are remembered only after its stories are.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from .errors import BPostError, ContentError, PortalError, StoreError
from .news.model import Category, FeedPage, Story

if TYPE_CHECKING:
    from .portal.portal import Portal
    from .store.library import Library

CATCH_UP_PAGES = 10
"""How far back a refresh goes on its own to close the gap to what is saved."""
CATEGORY_LIST_AGE = timedelta(days=1)
"""How old the portal's category list may be before it is asked for again."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to fetch."""

    categories: tuple[str, ...] = ()
    """Slugs whose feeds are read; empty means the front page's feed."""
    pages: int | None = 1
    """Pages of each feed; None is all there are. A gap to what is saved is closed in any case, to `CATCH_UP_PAGES`."""
    full: bool = False
    """Fetch the whole text of every story that came as a summary."""


@dataclass(frozen=True, slots=True)
class Progress:
    """A step is about to be taken."""

    done: int
    steps: int | None
    """How many steps there are, where that is known."""
    address: str


@dataclass(frozen=True, slots=True)
class Stored:
    """Stories were saved."""

    new: tuple[int, ...]
    updated: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """An address could not be read, wholly or in part."""

    address: str
    reason: str
    error: BPostError | None = None
    """The error, where nothing at all came of the address."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The end, always the last event."""

    fetched: int
    """Stories the portal sent."""
    new: int
    updated: int
    errors: tuple[Failed, ...] = ()


SyncEvent = Progress | Stored | Failed | Finished


async def refresh(portal: Portal, library: Library, plan: Plan, *, clock: Callable[[], datetime]) -> AsyncGenerator[SyncEvent]:
    """Fetch what the plan asks for into the library, and tell each step as it happens."""
    run = _Run(portal, library, plan, clock)
    job = asyncio.create_task(run.everything())
    try:
        while (event := await run.events.get()) is not None:
            yield event
        await job
        yield Finished(run.fetched, run.new, run.updated, tuple(run.failures))
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
    try:
        story = await portal.full_story(known)
    finally:
        await note_contacts(portal, library, clock())
    await asyncio.to_thread(library.save, [story], now=clock())


async def note_contacts(portal: Portal, library: Library, now: datetime) -> None:
    """Keep which hosts were asked; where nothing can be written, what was fetched can't be kept either, and that is told."""
    with suppress(StoreError):
        await asyncio.to_thread(library.note_contacts, portal.take_contacts(), now)


@dataclass
class _Run:
    """One refresh under way."""

    portal: Portal
    library: Library
    plan: Plan
    clock: Callable[[], datetime]
    events: asyncio.Queue[SyncEvent | None] = field(default_factory=asyncio.Queue)
    failures: list[Failed] = field(default_factory=list)
    fetched: int = 0
    new: int = 0
    updated: int = 0
    done: int = 0
    answered: bool = False
    """Whether the portal answered at all."""

    async def everything(self) -> None:
        """Read all feeds of the plan, two at once, then what the feeds don't say."""
        try:
            feeds: tuple[str | None, ...] = self.plan.categories or (None,)
            known = [count.category for count in await asyncio.to_thread(self.library.categories)]
            waiting = list(reversed(feeds))

            async def reader() -> None:
                while waiting:
                    await self._read_feed(waiting.pop(), known)

            async with asyncio.TaskGroup() as readers:
                for _ in range(2):
                    readers.create_task(reader())
            if self.fetched:
                await self._read_categories()
            await note_contacts(self.portal, self.library, self.clock())
            if self.answered:
                await asyncio.to_thread(self.library.note_refresh, self.clock())
        finally:
            self.events.put_nowait(None)

    async def _read_feed(self, category: str | None, known: Sequence[Category]) -> None:
        """Read a feed as far as is wanted, and on to where the last refresh began.

        That, and the validators, are remembered once no gap is left: a refresh that was cut short is made good by the next.
        """
        number, unsettled = 1, list[FeedPage]()
        what = f"feed {category}" if category else "feed"
        try:
            held_to = await asyncio.to_thread(self.library.noted, what)
            while True:
                page = await self._read_page(category, number, known)
                unsettled.append(page)
                last = page.end or not (page.stories or page.not_modified)
                gap = not last and number < CATCH_UP_PAGES and _is_newer(page, held_to)
                if not gap:
                    await self._settle(what, unsettled, is_front=number == len(unsettled))
                    unsettled.clear()
                number += 1
                wanted = self.plan.pages is None or number <= self.plan.pages
                if last or not (wanted or gap):
                    return
        except BPostError as error:
            self._fail(Failed(self.portal.feed_address(category, number), error.message, error))

    async def _read_page(self, category: str | None, number: int, known: Sequence[Category]) -> FeedPage:
        """Fetch and save one page."""
        address = self.portal.feed_address(category, number)
        self.events.put_nowait(Progress(self.done, self._steps, address))
        self.done += 1
        held = await asyncio.to_thread(self.library.validators, address)
        page = await self.portal.feed_page(category, number, held, known)
        self.answered = True
        if page.stories:
            await self._save(await self._complete(page.stories))
        for warning in page.warnings:
            self._fail(Failed(address, warning))
        return page

    async def _settle(self, what: str, pages: Sequence[FeedPage], *, is_front: bool) -> None:
        """Remember the validators of saved pages and, if the first is among them, how far the feed has now been read."""
        now = self.clock()
        dates = [story.published for story in pages[0].stories if story.published and story.published <= now]
        if is_front and dates:
            await asyncio.to_thread(self.library.note, what, max(dates))
        for page in pages:
            if page.validators and not page.not_modified:
                await asyncio.to_thread(self.library.remember, page.address, page.validators, now=now)

    async def _complete(self, stories: Sequence[Story]) -> list[Story]:
        """Add what wp-json knows; with `full`, the text of what is still a summary."""
        enriched = list(await self.portal.enrich(stories))
        if not self.plan.full:
            return enriched
        return [story if story.full else await self._full(story) for story in enriched]

    async def _full(self, story: Story) -> Story:
        try:
            return await self.portal.full_story(story)
        except BPostError as error:
            self._fail(Failed(story.link or story.guid, error.message))
            return story

    async def _save(self, stories: Sequence[Story]) -> None:
        saved = await asyncio.to_thread(self.library.save, stories, now=self.clock())
        self.fetched += len(stories)
        self.new += len(saved.new)
        self.updated += len(saved.updated)
        if saved.new or saved.updated:
            self.events.put_nowait(Stored(saved.new, saved.updated))

    async def _read_categories(self) -> None:
        """Ask for the portal's own list now and then; where it isn't told, the feed's items have named them already."""
        asked = await asyncio.to_thread(self.library.noted, "categories")
        if asked and self.clock() - asked < CATEGORY_LIST_AGE:
            return
        try:
            categories = await self.portal.categories()
        except (PortalError, ContentError) as error:
            self._fail(Failed(error.address, error.message))
            return
        if categories is not None:
            await asyncio.to_thread(self.library.save_categories, categories, complete=True)
        await asyncio.to_thread(self.library.note, "categories", self.clock())

    def _fail(self, failure: Failed) -> None:
        self.failures.append(failure)
        self.events.put_nowait(failure)

    @property
    def _steps(self) -> int | None:
        return None if self.plan.pages is None else self.plan.pages * max(1, len(self.plan.categories))


def _is_newer(page: FeedPage, date: datetime | None) -> bool:
    """Whether all that is dated on a page is newer than a date: between the two there may be a gap."""
    dates = [story.published for story in page.stories if story.published]
    return date is not None and bool(dates) and min(dates) > date
