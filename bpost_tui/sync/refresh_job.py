"""What all parts of a refresh share: where from, where to, what came of it so far."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from bpost_tui import log
from bpost_tui.errors import BPostError, StoreError
from bpost_tui.model.story import Story
from bpost_tui.sync.events import Failed, Finished, Plan, Progress, Stored, SyncEvent

if TYPE_CHECKING:
    from bpost_tui.portal.portal import Portal
    from bpost_tui.store.library import Library

CLOSED = "closed until"
"""The note of when the portal may be asked again."""


@dataclass
class Run:
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
    withdrawn: int = 0
    whole: bool = False
    answered: bool = False
    """Whether the portal answered at all."""
    changed: bool = False
    """Whether it answered anything else than that nothing has changed."""
    last_change: datetime | None = None
    """The latest change of any story, by the portal's clock."""
    writing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Who waits here goes on at once; who waits for SQLite looks every 25 ms whether it's free."""

    def tell(self, progress: Progress) -> None:
        """Tell of a step."""
        self.events.put_nowait(progress)

    def fail(self, failure: Failed) -> None:
        """Tell of a failure, and go on."""
        log.fault(failure.error or f"{failure.address}: {failure.reason}")
        self.failures.append(failure)
        self.events.put_nowait(failure)

    def finished(self) -> Finished:
        """Return what came of it all."""
        return Finished(self.fetched, self.new, self.updated, tuple(self.failures), self.withdrawn, self.whole)

    async def save(self, stories: Sequence[Story]) -> int:
        """Save stories, and return how many are new."""
        async with self.writing:
            return await self.save_in_turn(stories)

    async def save_in_turn(self, stories: Sequence[Story]) -> int:
        """Save stories while `writing` is held."""
        saved = await asyncio.to_thread(self.library.save, stories, now=self.clock())
        self.fetched += len(stories)
        self.new += len(saved.new)
        self.updated += len(saved.updated)
        changes = [story.modified for story in stories if story.modified]
        self.last_change = max([*changes, *([self.last_change] if self.last_change else [])], default=None)
        if saved.new or saved.updated:
            self.events.put_nowait(Stored(saved.new, saved.updated))
        return len(saved.new)

    async def complete(self, stories: Sequence[Story]) -> list[Story]:
        """Add, where the plan asks for it, the text of what is still a summary."""
        if not self.plan.full:
            return list(stories)
        return [story if story.full else await self._full(story) for story in stories]

    async def _full(self, story: Story) -> Story:
        try:
            return await self.portal.full_story(story)
        except BPostError as error:
            self.fail(Failed(story.link or story.guid, error.message, error))
            return story


async def heed_earlier_wait(portal: Portal, library: Library) -> None:
    """Let the portal's doors stay closed for as long as it asked of an earlier run (Retry-After)."""
    until = await asyncio.to_thread(library.noted, CLOSED)
    if until is not None:
        portal.set_retry_at(until)


async def note_wait(portal: Portal, library: Library) -> None:
    """Keep for the next run how long the portal wants to be left alone, where it said so in this one.

    Where nothing can be written, what was fetched can't be kept either, and that is told.
    """
    until = portal.retry_at
    with suppress(StoreError):
        if until is not None and until != await asyncio.to_thread(library.noted, CLOSED):
            await asyncio.to_thread(library.note, CLOSED, until)


async def note_contacts(portal: Portal, library: Library, now: datetime) -> None:
    """Keep which hosts were asked, as far as anything can be written."""
    with suppress(StoreError):
        await asyncio.to_thread(library.note_contacts, portal.take_contacts(), now)
