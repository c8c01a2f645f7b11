"""Refresh of all papers at once. Each paper has its own portal, pauses and time limit, so that no paper delays another paper."""

# The obvious way is one paper after the other. It takes the sum of all answers, and a paper that doesn't answer holds up the others
# for 30 s (`refresh_job.REFRESH_LIMIT_S`). With all papers at once, a slow paper costs only itself: 60 papers with nothing new take
# 267 ms (docs/benchmarks.md). But they share three things that have to be limited:
#
# - The library. SQLite has one writer, so all papers save through one `WriteBatcher`, page by page, and none waits for long.
# - Hosts and parser processes. `PortalPool` limits the requests to a host that several papers share, and the parsers to two.
# - Open papers: at most MAX_PAPERS_AT_ONCE. A paper that doesn't answer is closed after its time limit, so that another can open.
#
# The stories aren't indexed and grouped with each page saved, but after the result: nobody waits for words and groups, while the
# first headlines are waited for. So with 60 papers, all stories are listed after two thirds of the time. The caller handles the
# result, such as the summary and the hook, before it asks for the next event, and that continues the generator with the work
# that is left. If it stops here, the next refresh or search goes on (`search_index`, `comparison_queue`). A paper that
# fails is an event among the others' events. If there is only one paper, its failure (such as a full disk) is raised as the failure
# of the refresh.

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from bpost_tui.errors import BPostError, StoreError
from bpost_tui.refresh.paper_refresh import refresh_paper, stream_events
from bpost_tui.refresh.portal_pool import MAX_PAPERS_AT_ONCE, PortalPool
from bpost_tui.refresh.refresh_events import FetchFailure, PaperPlan, RefreshEvent, RefreshResult

if TYPE_CHECKING:
    from bpost_tui.store.library import Library

COMPARING_S = 10.0
"""Maximum time in seconds for comparing new stories with other papers' stories after a refresh.

Days whose stories weren't compared in this time are left to the next refresh.
"""


async def refresh_papers(
    plans: Sequence[PaperPlan], library: Library, *, offline: bool, clock: Callable[[], datetime]
) -> AsyncGenerator[RefreshEvent]:
    """Refresh papers by their plans, and yield an event for each step. The event has the key (id in the library) of its paper.

    If `offline`, no requests are made. The last event is a `RefreshResult` for all papers. After it, before the generator ends, the
    stories are indexed and grouped. If a paper can't be fetched or saved, a `FetchFailure` is among the events, and the other
    papers go on. If there is only one paper, its errors are raised instead.
    """
    job = _LibraryRefresh(plans, library, offline, clock)
    async with aclosing(stream_events(job.run(), job.events)) as events:
        async for event in events:
            yield event
    yield job.result()
    with suppress(StoreError):  # the next refresh repeats it
        await job.index_and_group()


@dataclass
class _LibraryRefresh:
    """Refresh in progress of several papers."""

    plans: Sequence[PaperPlan]
    library: Library
    offline: bool
    clock: Callable[[], datetime]
    events: asyncio.Queue[RefreshEvent | None] = field(default_factory=asyncio.Queue)
    """Events of the refresh that are still to be yielded; None marks their end."""
    results: list[RefreshResult] = field(default_factory=list)
    """Results of the papers whose refresh has ended."""

    async def run(self) -> None:
        """Refresh all papers, and put None into the queue of events at the end."""
        try:
            async with PortalPool(self.plans, self.library, offline=self.offline, clock=self.clock) as portals:
                if len(self.plans) == 1:  # its errors, such as of the library, are errors of the whole refresh
                    await self._refresh_paper(self.plans[0], portals)
                else:
                    await self._refresh_several(portals)
        except ExceptionGroup as bugs:
            raise bugs.exceptions[0] from bugs
        finally:
            self.events.put_nowait(None)

    async def _refresh_several(self, portals: PortalPool) -> None:
        """Refresh papers, many at the same time, each with its portal from `portals`.

        Report the failure of a paper as an event, and go on with the others.
        """
        # backfills run one after the other: a library allows one at a time
        at_once = 1 if any(each.plan.backfill for each in self.plans) else MAX_PAPERS_AT_ONCE
        slots = asyncio.Semaphore(at_once)

        async def refresh_in_slot(each: PaperPlan) -> None:
            async with slots:
                try:
                    await self._refresh_paper(each, portals)
                except BPostError as error:
                    failure = FetchFailure(each.paper.address, error.message, error, each.paper.key)
                    self.events.put_nowait(failure)
                    self.results.append(RefreshResult(0, 0, 0, (failure,)))

        async with asyncio.TaskGroup() as tasks:
            for each in self.plans:
                tasks.create_task(refresh_in_slot(each))

    async def index_and_group(self) -> None:
        """Index the new stories for search, group stories about the same news, then check the library's files if a check is due.

        Between two transactions, other processes can write, and the caller can cancel.
        """
        while await asyncio.to_thread(self.library.index_next):
            pass
        await asyncio.to_thread(self._group_and_check)

    def _group_and_check(self) -> None:
        """Group new stories about the same news. Then check the library's files for damage, if a check is due.

        Grouping has no time limit if old stories were read, because reading these takes long anyway.
        """
        if self.library.story_groups.is_outdated():
            limit_s = math.inf if any(each.plan.backfill for each in self.plans) else COMPARING_S
            self.library.group_builder.update_groups(limit_s)
        self.library.maintenance.check_if_due(self.clock())

    async def _refresh_paper(self, each: PaperPlan, portals: PortalPool) -> None:
        paper = portals.library(each.paper.key)
        async with (
            portals.open(each.paper.key) as portal,
            aclosing(refresh_paper(portal, paper, each.plan, clock=self.clock, writes=portals.writes)) as events,
        ):
            async for event in events:
                if isinstance(event, RefreshResult):
                    errors = tuple(failed._replace(paper=each.paper.key) for failed in event.errors)
                    self.results.append(event._replace(errors=errors))
                else:
                    self.events.put_nowait(event._replace(paper=each.paper.key))

    def result(self) -> RefreshResult:
        """Return the last event: the numbers of stories, added up over all papers."""
        return RefreshResult(
            sum(end.fetched for end in self.results),
            sum(end.new for end in self.results),
            sum(end.updated for end in self.results),
            tuple(failed for end in self.results for failed in end.errors),
            sum(end.withdrawn for end in self.results),
            bool(self.results) and all(end.reached_first_story for end in self.results),
            is_offline=bool(self.results) and all(end.is_offline for end in self.results),
        )
