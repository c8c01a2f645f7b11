"""Refresh of a feed: its first page, and further pages until a page has stories that are saved already.

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
"""Most pages that a refresh reads by itself to close the gap to the saved stories."""


@dataclass
class FeedRefresher:
    """Reader of new stories in feeds, several feeds at once."""

    job: RefreshJob
    known: Sequence[Category]
    """Categories of the portal that are known."""
    done: int = 0

    async def refresh(self, category: str | None) -> None:
        """Read the pages of a feed that the plan asks for, and further pages back to the first story of the last refresh.

        Validators and the date of the newest story are saved once there is no gap: the next refresh closes a gap that is left.
        """
        number, unnoted = 1, list[FeedPage]()
        try:
            read_to = self.job.past_event_time(feed_event(category))
            while True:
                page, stories = await self._read_page(category, number)
                unnoted.append(page)
                last = page.end or not (page.stories or page.skipped or page.not_modified)
                gap = not last and number < MAX_CATCH_UP_PAGES and _is_newer(page, read_to)
                # one lock for stories and notes: otherwise this feed's next page would wait for the saves of all other feeds
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
        """Fetch one page. Return it, and its stories with the details that wp-json and their own pages add."""
        job = self.job
        address = job.portal.feed_address(category, number)
        job.report_progress(RefreshProgress(self.done, job.plan.pages * max(1, len(job.plan.categories)), address))
        self.done += 1
        validators, seen = job.library.fetch_log.cached_validators(address)
        # with --full, known items are parsed again: the full texts of summaries are still to be fetched
        page = await job.portal.feed_page(category, number, validators, self.known, "" if job.plan.fetches_full_texts else seen)
        job.answered = True
        job.changed = job.changed or not page.not_modified
        failures = len(job.failures)
        stories = await job.with_full_texts(await job.portal.enrich(page.stories))
        if len(job.failures) > failures:  # also of a full text; without validators, the next refresh requests it again
            page = page._replace(validators=None)
        return page, stories

    def _event_writes(self, category: str | None, pages: Sequence[FeedPage], *, is_front: bool) -> Iterator[Callable[[], None]]:
        """Yield writes that save the validators of pages and, with `is_front`, the date of the newest story on the first page."""
        log, now = self.job.library.fetch_log, self.job.clock()
        dates = [story.published for story in pages[0].stories if story.published and story.published <= now]
        if is_front and dates:
            yield partial(log.set_event_time, feed_event(category), max(dates))
        for page in pages:
            if (page.validators or page.digests) and not page.not_modified:
                validators = page.validators or Validators()
                yield partial(log.save_validators, page.address, validators, items=page.digests, now=now)


def feed_event(category: str | None) -> str:
    """Return the name of the event in the fetch log whose time is the date of the newest story read in a feed."""
    return f"feed {category}" if category else "feed"


def _is_newer(page: FeedPage, date: datetime | None) -> bool:
    """Whether no story of a page was read before and all are newer than `date`: there may be a gap between the two."""
    dates = [story.published for story in page.stories if story.published]
    return date is not None and bool(dates) and not page.skipped and min(dates) > date
