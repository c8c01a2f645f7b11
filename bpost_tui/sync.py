"""Portal → store: fetch, save, tell. Knows no screen; whoever iterates shows what happens.

One failing address never stops the others, and what was saved stays saved: every page is one transaction, and an address's
validators are remembered only after its stories are.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from .errors import BPostError, PortalError
from .news.model import Category, Shelf, Story

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


async def refresh(portal: Portal, library: Library, plan: Plan, *, clock: Callable[[], datetime]) -> AsyncIterator[SyncEvent]:
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


async def fetch_full(portal: Portal, library: Library, story_id: int, *, clock: Callable[[], datetime]) -> None:
    """Fetch and save the whole text of a story that came as a summary.

    Raises:
        PortalError: It can't be fetched.
        ContentError: What came can't be read.
    """
    saved = await asyncio.to_thread(library.story, story_id)
    row = saved.headline
    known = Story(row.guid, row.title, row.link, row.author, row.published, row.modified, row.categories, saved.tags, row.excerpt)
    story = await portal.full_story(known)
    await asyncio.to_thread(library.save, [story], now=clock())


@dataclass(frozen=True, slots=True)
class _New:
    """How new a page was."""

    all: bool
    """Whether no story of it had been saved before: there may be a gap behind it."""


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

    async def everything(self) -> None:
        """Read all feeds of the plan, two at once, then what the feeds don't say."""
        try:
            feeds: tuple[str | None, ...] = self.plan.categories or (None,)
            known = [count.category for count in await asyncio.to_thread(self.library.categories)]
            waiting = list(reversed(feeds))

            async def reader() -> None:
                while waiting:
                    await self._read_feed(waiting.pop(), known)

            await asyncio.gather(reader(), reader())
            if self.fetched:
                await self._read_categories()
            if len(self.failures) < len(feeds):
                await asyncio.to_thread(self.library.note_refresh, self.clock())
        finally:
            self.events.put_nowait(None)

    async def _read_feed(self, category: str | None, known: Sequence[Category]) -> None:
        was_empty = await asyncio.to_thread(self.library.count, Shelf()) == 0
        page = 1
        while True:
            new = await self._read_page(category, page, known)
            if new is None:
                return
            page += 1
            wanted = self.plan.pages is None or page <= self.plan.pages
            gap = new.all and not was_empty and page <= CATCH_UP_PAGES
            if not (wanted or gap):
                return

    async def _read_page(self, category: str | None, page: int, known: Sequence[Category]) -> _New | None:
        """Fetch and save one page; None where there is no next one, or this one failed."""
        address = self.portal.feed_address(category, page)
        self.events.put_nowait(Progress(self.done, self._steps, address))
        self.done += 1
        try:
            held = await asyncio.to_thread(self.library.validators, address)
            result = await self.portal.feed_page(category, page, held, known)
            new = await self._save(await self._complete(result.stories))
            if result.validators:
                await asyncio.to_thread(self.library.remember, address, result.validators, now=self.clock())
        except BPostError as error:
            self._fail(Failed(address, error.message, error))
            return None
        for warning in result.warnings:
            self._fail(Failed(address, warning))
        return new if result.stories and not result.end else None

    async def _complete(self, stories: Sequence[Story]) -> list[Story]:
        """Add what wp-json knows; with `full`, the text of what is still a summary."""
        enriched = list(await self.portal.enrich(stories)) if stories else []
        if not self.plan.full:
            return enriched
        return [story if story.full else await self._full(story) for story in enriched]

    async def _full(self, story: Story) -> Story:
        try:
            return await self.portal.full_story(story)
        except BPostError as error:
            self._fail(Failed(story.link or story.guid, error.message))
            return story

    async def _save(self, stories: Sequence[Story]) -> _New:
        saved = await asyncio.to_thread(self.library.save, stories, now=self.clock())
        self.fetched += len(stories)
        self.new += len(saved.new)
        self.updated += len(saved.updated)
        if saved.new or saved.updated:
            self.events.put_nowait(Stored(saved.new, saved.updated))
        return _New(all=len(saved.new) == len(stories))

    async def _read_categories(self) -> None:
        """Ask for the portal's own list now and then; where it isn't told, the feed's items have named them already."""
        asked = await asyncio.to_thread(self.library.noted, "categories")
        if asked and self.clock() - asked < CATEGORY_LIST_AGE:
            return
        try:
            categories = await self.portal.categories()
        except PortalError as error:
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
