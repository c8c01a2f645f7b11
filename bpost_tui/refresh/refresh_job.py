"""State of the refresh of one paper, shared by all its steps: portal, library, plan, and numbers of stories."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from bpost_tui import log
from bpost_tui.errors import BPostError, PortalError, StoreError
from bpost_tui.i18n import message
from bpost_tui.model.durations import time_before
from bpost_tui.model.paper_health import move_advice
from bpost_tui.model.story import FeedPage, Story
from bpost_tui.refresh.refresh_events import FetchFailure, RefreshEvent, RefreshPlan, RefreshProgress, RefreshResult, SavedBatch
from bpost_tui.refresh.write_batcher import WriteBatcher

if TYPE_CHECKING:
    from bpost_tui.model.feed_addresses import FeedAddresses
    from bpost_tui.model.library_results import SaveResult
    from bpost_tui.portal.portal import Portal
    from bpost_tui.store.paper_library import PaperLibrary

REFRESH_LIMIT_S = 30.0
"""Maximum time in seconds of a plain refresh of one feed, including every request and document."""
LONG_LIMIT_S = 25 * 60.0
"""Time in seconds after which a long refresh begins no new step.

It is 5 minutes less than the 30 minutes after which the systemd service in docs/systemd/bpost-refresh.service ends the process.
"""
LIMIT_REACHED = message("reached this run's limit; the next run continues from here")
_MOST_AT_ONCE = 50
"""Maximum number of stories saved in one transaction, which takes about 0.1 s. Between two transactions, other processes can write.
"""
MAX_WRITTEN_BYTES = 256 << 20
"""Maximum number of bytes of texts that a refresh saves.

No portal publishes this much in a day, but an endless feed would otherwise fill the disk.
"""


@dataclass
class RefreshJob:
    """Refresh in progress of one paper."""

    portal: Portal
    library: PaperLibrary
    plan: RefreshPlan
    clock: Callable[[], datetime]
    writes: WriteBatcher
    """Queue of writes, shared by all refreshes that use the same library at the same time."""
    events: asyncio.Queue[RefreshEvent | None] = field(default_factory=asyncio.Queue)
    """Events of the refresh that are still to be yielded; None marks their end."""
    failures: list[FetchFailure] = field(default_factory=list)
    fetched: int = 0
    """Number of stories that were fetched so far. Items of a feed that are skipped because they haven't changed don't count."""
    new: int = 0
    updated: int = 0
    withdrawn: int = 0
    reached_first_story: bool = False
    """Whether a backfill has read back to the portal's first story."""
    answered: bool = False
    """Whether the portal has answered any request."""
    changed: bool = False
    """Whether any answer had new content: a status other than 304 (not modified)."""
    has_read_front_feed: bool = False
    """Whether the first page of the front page's feed was read. That page has the portal's name."""
    moved_to: str = ""
    """Address that the paper's feed was permanently redirected to on the same site, and was read at; otherwise empty."""
    addresses: FeedAddresses | None = None
    """Addresses that the feed states for itself in its content: its usual address, and its new one if it moves.

    An address that announces no move, such as the paper's present address, is empty. None if no feed was parsed.
    """
    last_change: datetime | None = None
    """Time of the last change of any story that was read, by the portal's clock; None if unknown."""
    written_bytes: int = 0
    """Number of bytes of texts that this refresh has saved."""
    started_s: float = field(default_factory=monotonic)

    @property
    def limit_s(self) -> float:
        """Maximum time in seconds of this refresh, for all steps together."""
        is_plain = self.plan.backfill is None and not self.plan.fetches_full_texts and self.plan.pages == 1
        return REFRESH_LIMIT_S * max(1, len(self.plan.categories)) if is_plain else LONG_LIMIT_S

    @property
    def remaining_s(self) -> float:
        """Time in seconds that is left until `limit_s` is reached, at least 0."""
        return max(0.0, self.started_s + self.limit_s - monotonic())

    def report_progress(self, progress: RefreshProgress) -> None:
        """Report a step to the caller of the refresh, before the step begins."""
        self.events.put_nowait(progress)

    async def save_name(self, page: FeedPage) -> None:
        """Save the portal's name from the front page's feed. Other feeds aren't used, because their names contain a category."""
        self.has_read_front_feed = True
        if page.name and page.name != self.library.fetch_log.feed_title():
            await self.writes.write(partial(self.library.fetch_log.set_feed_title, page.name))

    def report_failure(self, failure: FetchFailure) -> None:
        """Report a failure to the caller of the refresh. The refresh continues.

        If the paper's feed is redirected to another site, the error gets a hint with the command that moves the paper.
        """
        error, paper = failure.error, self.library.paper
        if isinstance(error, PortalError) and error.redirects_to and paper is not None:
            error.hint = move_advice(paper.address, error.redirects_to)
        log.log_error(failure.error or f"{failure.address}: {failure.reason}")
        self.failures.append(failure)
        self.events.put_nowait(failure)

    def result(self) -> RefreshResult:
        """Return the last event of this refresh, with the numbers of stories."""
        return RefreshResult(
            self.fetched,
            self.new,
            self.updated,
            tuple(self.failures),
            self.withdrawn,
            self.reached_first_story,
            is_offline=not self.answered and any(not isinstance(each.error, StoreError) for each in self.failures),
        )

    async def save(self, stories: Sequence[Story], notes: Sequence[Callable[[], object]] = ()) -> int:
        """Save stories, and call the functions `notes` in the last transaction. Return the number of new stories.

        `notes` save facts about the fetch, such as HTTP validators (ETag, Last-Modified). A save that has begun is finished and
        reported even if the task is cancelled meanwhile.
        """
        saving = asyncio.create_task(self._save(stories, notes))
        try:
            return await asyncio.shield(saving)
        except asyncio.CancelledError:
            await saving
            raise

    async def _save(self, stories: Sequence[Story], notes: Sequence[Callable[[], object]]) -> int:
        self.fetched += len(stories)
        stories, new = self._without_expired(stories), self.new
        for start in reversed(range(0, len(stories) or 1, _MOST_AT_ONCE)):  # the first story gets the highest number
            await self._save_part(stories, slice(start, start + _MOST_AT_ONCE), () if start else notes)
        changes = [story.modified for story in stories if story.modified]
        self.last_change = max([*changes, *([self.last_change] if self.last_change else [])], default=None)
        return self.new - new

    async def _save_part(self, stories: Sequence[Story], part: slice, notes: Sequence[Callable[[], object]]) -> None:
        if self.written_bytes > MAX_WRITTEN_BYTES:
            raise StoreError(LIMIT_REACHED)

        # Words and groups can wait until the stories are shown. A backfill indexes each page: stopped after an hour, it would
        # otherwise leave thousands of stories to the next search.
        indexes_now = self.plan.backfill is not None

        def write() -> SaveResult:
            saved = self.library.save(stories, now=self.clock(), groups_now=False, indexes_now=indexes_now, part=part)
            for note in notes:
                note()
            return saved

        saved = await self.writes.write(write)
        self.new += len(saved.new)
        self.updated += len(saved.updated)
        self.written_bytes += saved.written_bytes
        if saved.new or saved.updated:
            self.events.put_nowait(SavedBatch(saved.new, saved.updated))

    def _without_expired(self, stories: Sequence[Story]) -> Sequence[Story]:
        """Return stories, except new ones that are so old that they would be deleted at the end of this refresh."""
        if self.plan.max_age is None:
            return stories
        oldest = time_before(self.clock(), self.plan.max_age)
        old = {story.guid: story for story in stories if story.published and story.published < oldest}
        saved = self.library.fetch_log.already_saved(tuple(old.values())) if old else ()
        gone = old.keys() - {story.guid for story in saved}
        return [story for story in stories if story.guid not in gone]

    def past_event_time(self, event: str) -> datetime | None:
        """Return the time of an event in the library's log of fetching, or None if there is no such event.

        Also return None for a time in the future, because it was saved while the clock was wrong.
        """
        noted = self.library.fetch_log.event_time(event)
        return noted if noted is not None and noted <= self.clock() else None

    async def with_full_texts(self, stories: Sequence[Story]) -> list[Story]:
        """Return the stories. If the plan asks for full texts, fetch the full text of each story that has only a summary.

        A story isn't fetched if its full text is saved, and the portal reports no change since then.
        """
        if not self.plan.fetches_full_texts:
            return list(stories)
        lacking = {story.guid for story in self.library.fetch_log.without_full_text(stories)}
        return [await self._full(story) if story.guid in lacking else story for story in stories]

    async def _full(self, story: Story) -> Story:
        try:
            return await self.portal.full_story(story)
        except BPostError as error:
            self.report_failure(FetchFailure(story.link or story.guid, error.message, error))
            return story._replace(text_end=error.text_end) if isinstance(error, PortalError) else story
