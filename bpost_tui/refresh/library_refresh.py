"""A refresh of several papers at once: each has its own portal, waits and limit of time, so that none holds up another."""

from __future__ import annotations

import asyncio
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


async def refresh_papers(
    plans: Sequence[PaperPlan], library: Library, *, offline: bool, clock: Callable[[], datetime]
) -> AsyncGenerator[RefreshEvent]:
    """Fetch what the plans ask for into the library; yield each step with its paper's key.

    The last event is one `RefreshResult` for all papers.
    A paper that can't be fetched or saved is a `FetchFailure` among the others' events; where there is no other, see `refresh`.
    """
    job = _LibraryRefresh(plans, library, offline, clock)
    async with aclosing(stream_events(job.run(), job.events)) as events:
        async for event in events:
            yield event
    yield job.result()


@dataclass
class _LibraryRefresh:
    """One refresh of several papers in progress."""

    plans: Sequence[PaperPlan]
    library: Library
    offline: bool
    clock: Callable[[], datetime]
    events: asyncio.Queue[RefreshEvent | None] = field(default_factory=asyncio.Queue)
    """What happened and wasn't yielded yet; None ends it."""
    results: list[RefreshResult] = field(default_factory=list)
    """How each paper's refresh has ended."""

    async def run(self) -> None:
        """Refresh all papers; the queue of events ends with None."""
        try:
            async with PortalPool(self.plans, self.library, offline=self.offline, clock=self.clock) as portals:
                if len(self.plans) == 1:  # then what goes wrong with it, such as with its library, ends all
                    await self._refresh_paper(self.plans[0], portals)
                else:
                    await self._refresh_several(portals)
            with suppress(StoreError):  # the next refresh does it
                await asyncio.to_thread(self._group_and_check)
        except ExceptionGroup as bugs:
            raise bugs.exceptions[0] from bugs
        finally:
            self.events.put_nowait(None)

    async def _refresh_several(self, portals: PortalPool) -> None:
        """Refresh papers, many at once; one that fails is a failure among the events, and no other's concern."""
        # of a library, one run at a time reads back
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

    def _group_and_check(self) -> None:
        """Look for the same news among what came, and for damage where that is due."""
        if self.library.story_groups.is_outdated():
            self.library.group_builder.update_groups()
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
        """Return the last event: what was done in all."""
        return RefreshResult(
            sum(end.fetched for end in self.results),
            sum(end.new for end in self.results),
            sum(end.updated for end in self.results),
            tuple(failed for end in self.results for failed in end.errors),
            sum(end.withdrawn for end in self.results),
            bool(self.results) and all(end.whole for end in self.results),
        )
