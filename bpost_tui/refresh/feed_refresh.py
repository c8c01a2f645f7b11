"""What is new in a feed: its first page, and as many more as it takes to reach what is saved.

Each page is saved in one transaction, and its validators only after its stories.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bpost_tui.errors import BPostError
from bpost_tui.model.story import Category, FeedPage, Story, Validators
from bpost_tui.refresh.refresh_events import FetchFailure, RefreshProgress
from bpost_tui.refresh.refresh_job import RefreshJob

MAX_CATCH_UP_PAGES = 10
"""How many pages a refresh reads by itself to close the gap to what is saved."""


@dataclass
class FeedRefresher:
    """Refreshes feeds, several of them at once."""

    job: RefreshJob
    known: Sequence[Category]
    """The portal's categories, as far as they are known."""
    done: int = 0

    async def refresh(self, category: str | None) -> None:
        """Read as many pages of a feed as the plan asks for, and on to where the last refresh began.

        Validators, and how far the feed was read, are saved once there is no gap: after an interruption the next refresh closes it.
        """
        number, unnoted = 1, list[FeedPage]()
        try:
            read_to = self.job.past_event_time(feed_event(category))
            while True:
                page, stories = await self._read_page(category, number)
                unnoted.append(page)
                last = page.end or not (page.stories or page.skipped or page.not_modified)
                gap = not last and number < MAX_CATCH_UP_PAGES and _is_newer(page, read_to)
                # under one lock: else this feed's next page would wait until all other feeds have saved theirs
                if category is None and number == 1:
                    self.job.moved_to = page.moved_to
                    await self.job.save_name(page)
                notes = [] if gap else list(self._event_writes(category, unnoted, is_front=number == len(unnoted)))
                if stories or notes:
                    async with self.job.writes.lock:
                        await self.job.save_locked(stories, notes)
                if not gap:
                    unnoted.clear()
                for warning in page.warnings:
                    self.job.report_failure(FetchFailure(page.address, warning))
                number += 1
                if last or not (number <= self.job.plan.pages or gap):
                    return
        except BPostError as error:
            self.job.report_failure(FetchFailure(self.job.portal.feed_address(category, number), error.message, error))

    async def _read_page(self, category: str | None, number: int) -> tuple[FeedPage, Sequence[Story]]:
        """Fetch one page; return it, and its stories with what wp-json and their pages add to them."""
        job = self.job
        address = job.portal.feed_address(category, number)
        job.report_progress(RefreshProgress(self.done, job.plan.pages * max(1, len(job.plan.categories)), address))
        self.done += 1
        validators, seen = job.library.fetch_log.cached_validators(address)
        # with --full, all items are parsed: the texts of those that came as summaries are still to be fetched
        page = await job.portal.feed_page(category, number, validators, self.known, "" if job.plan.fetches_full_texts else seen)
        job.answered = True
        job.changed = job.changed or not page.not_modified
        failures = len(job.failures)
        stories = await job.with_full_texts(await job.portal.enrich(page.stories))
        if len(job.failures) > failures:  # of a text that was asked for, too, so that the next refresh asks for it again
            page = page._replace(validators=None)
        return page, stories

    def _event_writes(self, category: str | None, pages: Sequence[FeedPage], *, is_front: bool) -> Iterator[Callable[[], None]]:
        """Yield what notes the validators of saved pages and, if the first page is among them, how far the feed has been read."""
        log, now = self.job.library.fetch_log, self.job.clock()
        dates = [story.published for story in pages[0].stories if story.published and story.published <= now]
        if is_front and dates:
            yield partial(log.set_event_time, feed_event(category), max(dates))
        for page in pages:
            if (page.validators or page.digests) and not page.not_modified:
                validators = page.validators or Validators()
                yield partial(log.save_validators, page.address, validators, items=page.digests, now=now)


def feed_event(category: str | None) -> str:
    """Return the name of the note how far a feed has been read."""
    return f"feed {category}" if category else "feed"


def _is_newer(page: FeedPage, date: datetime | None) -> bool:
    """Whether nothing of a page was read before, and all is newer than a date: between the two there may be a gap."""
    dates = [story.published for story in page.stories if story.published]
    return date is not None and bool(dates) and not page.skipped and min(dates) > date
