"""Refresh of a feed: reads its first page, and further pages until a page has stories that are saved already.

The stories of each page are saved in one transaction. The page's validators (ETag and Last-Modified) are saved only afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bpost_tui.errors import BPostError
from bpost_tui.model.story import Category, FeedPage, Story, Validators
from bpost_tui.refresh.portal_access import FEEDS_END_IN_SLASH
from bpost_tui.refresh.refresh_events import FetchFailure, RefreshProgress
from bpost_tui.refresh.refresh_job import RefreshJob

MAX_CATCH_UP_PAGES = 10
"""Maximum number of a feed's pages that a refresh reads until it reaches the stories that are already saved."""


@dataclass
class FeedRefresher:
    """Reader of new stories from the feeds of one paper. Several feeds may be read at once."""

    job: RefreshJob
    known: Sequence[Category]
    """Categories of the portal that the library knows."""
    done: int = 0

    async def refresh(self, category: str | None) -> None:
        """Read the pages of a feed that the plan requests, then older pages up to the first story known from the last refresh.

        `category` is the slug of the feed's category, or None for the front page's feed. The pages' validators (ETag and
        Last-Modified) and the date of the newest story are saved only once all stories since the last refresh were read. So after a
        failure, the next refresh reads the missing stories. Exception: once `MAX_CATCH_UP_PAGES` pages were read, validators and
        date are saved in any case; stories on further pages are read only if the plan requests these pages.
        """
        number, unnoted = 1, list[FeedPage]()
        try:
            read_to = self.job.past_event_time(feed_event(category))
            while True:
                page, stories = await self._read_page(category, number)
                unnoted.append(page)
                last = page.end or not (page.stories or page.skipped or page.not_modified)
                gap = not last and number < MAX_CATCH_UP_PAGES and _is_newer(page, read_to)
                if category is None and number == 1:
                    self.job.moved_to, self.job.addresses = page.moved_to, page.addresses
                    await self.job.save_name(page)
                notes = [] if gap else list(self._event_writes(category, unnoted, is_front=number == len(unnoted)))
                if stories or notes:
                    await self.job.save(stories, notes)
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
        """Fetch page `number` (from 1) of a feed. Return (page, its stories with facts that the feed lacks).

        The facts, such as categories, are fetched from WordPress's API. Full texts are fetched as well if the plan asks for them.

        `category` is the slug of the feed's category, or None for the front page's feed. Raises NotFoundError if the portal has no
        such category, PortalError if the page can't be fetched, and ContentError if it can't be read.
        """
        job = self.job
        address = job.portal.feed_address(category, number)
        job.report_progress(RefreshProgress(self.done, job.plan.pages * max(1, len(job.plan.categories)), address))
        self.done += 1
        validators, seen = self._cached(address)
        page = await job.portal.feed_page(category, number, validators, self.known, seen, self._cached)
        job.answered = True
        job.changed = job.changed or not page.not_modified
        failures = len(job.failures)
        stories = await job.with_full_texts(await job.portal.enrich(page.stories))
        if len(job.failures) > failures:  # for example of a full text: without validators, the next refresh requests the page again
            page = page._replace(validators=None)
        return page, stories

    def _cached(self, address: str) -> tuple[Validators | None, str]:
        """Return the HTTP validators of a feed's address, and digests (hashes) of the items that needn't be parsed again.

        With the option --full, there are no digests: known items are parsed again, since the full texts of summaries are still to
        be fetched.
        """
        validators, seen = self.job.library.fetch_log.cached_validators(address)
        return validators, "" if self.job.plan.fetches_full_texts else seen

    def _event_writes(self, category: str | None, pages: Sequence[FeedPage], *, is_front: bool) -> Iterator[Callable[[], None]]:
        """Yield functions that each write a result of reading a feed's `pages` into the library.

        The main result is the pages' validators (ETag and Last-Modified), for conditional requests.

        `category` is the slug of the feed's category, or None for the front page's feed. With `is_front`, the first page is the
        feed's newest, so the date of its newest story is also written. If the portal has shown whether the addresses of its feeds
        end in a slash, that fact is also written.
        """
        log, now = self.job.library.fetch_log, self.job.clock()
        dates = [story.published for story in pages[0].stories if story.published and story.published <= now]
        if is_front and dates:
            yield partial(log.set_event_time, feed_event(category), max(dates))
        if pages[0].ends_in_slash is not None:
            yield (
                partial(log.set_event_time, FEEDS_END_IN_SLASH, now)
                if pages[0].ends_in_slash
                else partial(log.delete_event, FEEDS_END_IN_SLASH)
            )
        for page in pages:
            if page.is_file:
                yield partial(log.keep_only_file, page.address, now)
            if (page.validators or page.digests) and not page.not_modified:
                validators = page.validators or Validators()
                yield partial(log.save_validators, page.address, validators, items=page.digests, now=now)


def feed_event(category: str | None) -> str:
    """Return the name of a feed's entry in the library's log of fetching.

    The entry has the date of the newest story that was read in the feed. `category` is the slug of the feed's category; it is
    None for the front page's feed.
    """
    return f"feed {category}" if category else "feed"


def _is_newer(page: FeedPage, date: datetime | None) -> bool:
    """Whether all stories of a page are newer than `date`, the date of the newest story known from the last refresh.

    If so, the next page may have further new stories. False if `date` is None, if the page has a story that is saved already, or
    if no story has a date.
    """
    dates = [story.published for story in page.stories if story.published]
    return date is not None and bool(dates) and not page.skipped and min(dates) > date
