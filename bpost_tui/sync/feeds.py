"""What is new: a feed's first page, and as many more as it takes to meet what is saved.

Every page is one transaction, and an address's validators are remembered only after its stories are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bpost_tui.errors import BPostError
from bpost_tui.model.story import Category, FeedPage, Story, Validators
from bpost_tui.sync.events import Failed, Progress
from bpost_tui.sync.refresh_job import Run

CATCH_UP_PAGES = 10
"""How far back a refresh goes on its own to close the gap to what is saved."""


@dataclass
class FeedReader:
    """Reads feeds, of which several may be under way at once."""

    run: Run
    known: Sequence[Category]
    """The portal's categories, as far as they are known."""
    done: int = 0

    async def read(self, category: str | None) -> None:
        """Read a feed as far as is wanted, and on to where the last refresh began.

        That, and the validators, are remembered once no gap is left: a refresh that was cut short is made good by the next.
        """
        number, unsettled = 1, list[FeedPage]()
        try:
            held_to = await asyncio.to_thread(self.run.library.noted, feed_note(category))
            while True:
                page, stories = await self._read_page(category, number)
                unsettled.append(page)
                last = page.end or not (page.stories or page.skipped or page.not_modified)
                gap = not last and number < CATCH_UP_PAGES and _is_newer(page, held_to)
                # both at once: to settle it after all other feeds' stories would keep it from its next
                async with self.run.writing:
                    if stories:
                        await self.run.save_in_turn(stories)
                    if not gap:
                        await self._settle(category, unsettled, is_front=number == len(unsettled))
                        unsettled.clear()
                for warning in page.warnings:
                    self.run.fail(Failed(page.address, warning))
                number += 1
                if last or not (number <= self.run.plan.pages or gap):
                    return
        except BPostError as error:
            self.run.fail(Failed(self.run.portal.feed_address(category, number), error.message, error))

    async def _read_page(self, category: str | None, number: int) -> tuple[FeedPage, Sequence[Story]]:
        """Fetch one page; return it, and its stories with what else is to be had of them."""
        run = self.run
        address = run.portal.feed_address(category, number)
        run.tell(Progress(self.done, run.plan.pages * max(1, len(run.plan.categories)), address))
        self.done += 1
        held = await asyncio.to_thread(run.library.validators, address)
        # a story that came as a summary is asked for its text again
        seen = "" if run.plan.full else await asyncio.to_thread(run.library.seen_items, address)
        page = await run.portal.feed_page(category, number, held, self.known, seen)
        run.answered = True
        run.changed = run.changed or not page.not_modified
        return page, await run.complete(await run.portal.enrich(page.stories))

    async def _settle(self, category: str | None, pages: Sequence[FeedPage], *, is_front: bool) -> None:
        """Remember the validators of saved pages and, if the first is among them, how far the feed has now been read."""
        library, now = self.run.library, self.run.clock()
        dates = [story.published for story in pages[0].stories if story.published and story.published <= now]
        if is_front and dates:
            await asyncio.to_thread(library.note, feed_note(category), max(dates))
        for page in pages:
            if (page.validators or page.digests) and not page.not_modified:
                validators = page.validators or Validators()
                await asyncio.to_thread(library.remember, page.address, validators, items=page.digests, now=now)


def feed_note(category: str | None) -> str:
    """Return the name under which it is noted how far a feed has been read."""
    return f"feed {category}" if category else "feed"


def _is_newer(page: FeedPage, date: datetime | None) -> bool:
    """Whether a page of which nothing was read before is all newer than a date: between the two there may be a gap."""
    dates = [story.published for story in page.stories if story.published]
    return date is not None and bool(dates) and not page.skipped and min(dates) > date
