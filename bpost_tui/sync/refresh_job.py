"""What all parts of a refresh share: the portal, the library, what was done so far."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from bpost_tui import log
from bpost_tui.errors import BPostError
from bpost_tui.model.story import Story
from bpost_tui.sync.events import Failed, Finished, Plan, Progress, Stored, SyncEvent

if TYPE_CHECKING:
    from bpost_tui.portal.portal import Portal
    from bpost_tui.store.library import Library


@dataclass
class RefreshJob:
    """One refresh in progress."""

    portal: Portal
    library: Library
    plan: Plan
    clock: Callable[[], datetime]
    events: asyncio.Queue[SyncEvent | None] = field(default_factory=asyncio.Queue)
    """What happened and wasn't yielded yet; None ends it."""
    failures: list[Failed] = field(default_factory=list)
    fetched: int = 0
    """Stories that the portal sent."""
    new: int = 0
    updated: int = 0
    withdrawn: int = 0
    whole: bool = False
    """Whether a backfill came to the portal's first story."""
    answered: bool = False
    """Whether the portal answered at all."""
    changed: bool = False
    """Whether it answered anything but 304 (not modified)."""
    last_change: datetime | None = None
    """The last change of any story, by the portal's clock."""
    write_lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Makes writers wait here: this lock wakes them at once, while SQLite's busy handler looks every 25 ms."""

    def report(self, progress: Progress) -> None:
        """Report that a step is about to be taken."""
        self.events.put_nowait(progress)

    def fail(self, failure: Failed) -> None:
        """Report a failure; the job goes on."""
        log.fault(failure.error or f"{failure.address}: {failure.reason}")
        self.failures.append(failure)
        self.events.put_nowait(failure)

    def finished(self) -> Finished:
        """Return the last event: what was done in all."""
        return Finished(self.fetched, self.new, self.updated, tuple(self.failures), self.withdrawn, self.whole)

    async def save(self, stories: Sequence[Story]) -> int:
        """Save stories, and return how many are new."""
        async with self.write_lock:
            return await self.save_locked(stories)

    async def save_locked(self, stories: Sequence[Story]) -> int:
        """Save stories, and return how many are new; the caller holds `write_lock`."""
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
        """Return stories, those that are summaries with their whole texts if the plan asks for them."""
        if not self.plan.full:
            return list(stories)
        return [story if story.full else await self._full(story) for story in stories]

    async def _full(self, story: Story) -> Story:
        try:
            return await self.portal.full_story(story)
        except BPostError as error:
            self.fail(Failed(story.link or story.guid, error.message, error))
            return story
