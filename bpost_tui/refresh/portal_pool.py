"""Portals of several papers, with the resources that they share: parser processes, and limits for papers on the same host.

Papers on one host share the number of requests made to the host at once, and the time until which the host asked to wait.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Self

from bpost_tui.model.paper import Paper
from bpost_tui.portal.worker.parser_process import ParserPool
from bpost_tui.refresh.portal_access import open_portal
from bpost_tui.refresh.refresh_events import PaperPlan
from bpost_tui.refresh.write_batcher import WriteBatcher
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.urls import server_of

if TYPE_CHECKING:
    from bpost_tui.portal.portal import Portal
    from bpost_tui.store.library import Library
    from bpost_tui.store.paper_library import PaperLibrary

MAX_PAPERS_AT_ONCE = 32
"""Maximum number of papers that are fetched at once. A paper that doesn't answer delays the next one by at most half a minute."""


class PortalPool:
    """Pool of connections to the websites of papers, which share parser processes and a queue of writes into the library.

    It is an async context manager: when it is left, the writes are finished and the parser processes end.
    """

    def __init__(self, plans: Sequence[PaperPlan], library: Library, *, offline: bool, clock: Callable[[], datetime]) -> None:
        self._plans = {each.paper.key: each for each in plans}
        self._library = library
        self.writes = WriteBatcher(library.first_paper)
        """Queue for the writes of all papers of this pool into their common library."""
        self._offline = offline
        self._clock = clock
        self._hosts: dict[str, _SharedHost] = {}
        self._parsers = ParserPool()

    async def __aenter__(self) -> Self:
        # A paper's first feed is always parsed, so the parser process starts now, and loads its libraries while this process loads
        # httpx; the first paper's stories are listed 80 ms earlier. In a later refresh, most feeds haven't changed, and a process
        # only starts if a feed has to be parsed (`Portal.feed_page`). All papers aren't checked, because 60 reads take 10 ms.
        first = next(iter(self._plans), None)
        if first is not None and not self._offline and self.library(first).fetch_log.last_refresh() is None:
            await self._parsers.start()
        self._hosts = _hosts_by_paper([*self._plans.values()])
        return self

    async def __aexit__(self, *_: object) -> None:
        try:
            await self.writes.flush()
        finally:
            await self._parsers.aclose()

    def __contains__(self, key: str) -> bool:
        """Whether the pool has the paper with this `key` (id in the library)."""
        return key in self._plans

    def library(self, key: str) -> PaperLibrary:
        """Return the part of the library that belongs to the paper with this `key`."""
        return self._library.for_paper(self._plans[key].paper)

    def open(self, key: str) -> Portal:
        """Return the portal of the paper with this `key`, to be used as an async context manager."""
        each, host = self._plans[key], self._hosts[key]
        return open_portal(
            each.paper.address,
            self.library(key),
            offline=self._offline,
            clock=self._clock,
            kind=each.kind,
            text_selector=each.text_selector,
            writes=self.writes,
            slots=host.slots,
            parsers=self._parsers,
            same_host_papers=[self._library.for_paper(other) for other in host.papers if other.key != key],
        )


class _SharedHost(NamedTuple):
    """Resources that the papers on one host share."""

    slots: asyncio.Semaphore
    papers: list[Paper]


def _hosts_by_paper(plans: Sequence[PaperPlan]) -> dict[str, _SharedHost]:
    """Map the key of each paper in `plans` to the resources that it shares with the other papers on its host."""
    from bpost_tui.portal.http.client import MAX_REQUESTS_AT_ONCE  # 63 ms, httpx

    hosts: dict[str, _SharedHost] = {}
    for each in plans:
        host = hosts.setdefault(server_of(each.paper.address), _SharedHost(asyncio.Semaphore(MAX_REQUESTS_AT_ONCE), []))
        host.papers.append(each.paper)
    return {each.paper.key: hosts[server_of(each.paper.address)] for each in plans}
