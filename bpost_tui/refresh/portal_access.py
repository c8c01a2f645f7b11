"""The portal, opened so that what is noted of its requests is kept in the library: everything that asks it does so through here."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from bpost_tui.errors import StoreError
from bpost_tui.model.paper import WORDPRESS, Paper

if TYPE_CHECKING:
    from bpost_tui.portal.paper_discovery import DiscoveredPaper
    from bpost_tui.portal.portal import Portal
    from bpost_tui.portal.worker.parser_process import ParserPool
    from bpost_tui.refresh.write_batcher import WriteBatcher
    from bpost_tui.store.fetch_log import FetchLog
    from bpost_tui.store.library import Library
    from bpost_tui.store.paper_library import PaperLibrary

RETRY_AT = "closed until"
"""The name of the note when the portal may be asked again."""
_PUBLIC = "public"
"""The name of the note when the portal's name was last found to lead to a public address, or somebody else named it."""


def open_portal(
    address: str,
    library: PaperLibrary,
    *,
    offline: bool,
    clock: Callable[[], datetime],
    has_screen: bool = False,
    kind: str = WORDPRESS,
    writes: WriteBatcher | None = None,
    slots: asyncio.Semaphore | None = None,
    parsers: ParserPool | None = None,
    same_host_papers: Sequence[PaperLibrary] = (),
) -> Portal:
    """Return a library's portal; an async context manager. Blocks while httpx is imported.

    With a screen, which waits for its turn, connections are read in small steps. For `kind`, `slots`
    and `parsers` see `Portal`; for `writes` and `same_host_papers`, `StoredRequestHistory`.
    """
    from bpost_tui.portal.http.transport import READ_BYTES, SMALL_READ_BYTES
    from bpost_tui.portal.portal import Portal  # 63 ms, httpx

    notes = StoredRequestHistory(library, clock, same_host_papers, writes)
    read_bytes = SMALL_READ_BYTES if has_screen else READ_BYTES
    return Portal(
        address, kind=kind, notes=notes, offline=offline, clock=clock, read_bytes=read_bytes, slots=slots, parsers=parsers
    )


async def find_paper(address: str, library: PaperLibrary, *, offline: bool, clock: Callable[[], datetime]) -> DiscoveredPaper:
    """Return the paper that is meant by an address, of which nothing is known yet but is noted in the library whom that asked.

    Raises:
        UsageError: It is no http or https address.
        PortalError: It can't be fetched.
        ContentError: Nothing there can be a paper.
    """
    from bpost_tui.portal.paper_discovery import PaperDiscovery  # 63 ms, httpx

    return await PaperDiscovery(
        address, notes=_ContactHistory(StoredRequestHistory(library, clock)), offline=offline, clock=clock
    ).find()


def require_public(library: Library, papers: Sequence[Paper], now: datetime) -> None:
    """Note of papers that others named: a name that leads into a private network is not followed, even if it always did."""

    def note() -> None:
        library.add_papers(papers)
        for paper in papers:
            library.for_paper(paper).fetch_log.set_event_time(_PUBLIC, now)

    library.first_paper.in_one_transaction(note)


def allow_private(paper: PaperLibrary) -> None:
    """Note of a paper that the reader named: it may be in a private network, as long as its name never leads out of it."""
    paper.fetch_log.delete_event(_PUBLIC)


class StoredRequestHistory:
    """Notes of requests that a library keeps.

    Where it can't be written, they last as long as the process: what is fetched can't be saved either, and that is reported.

    Args:
        library: The library's part for the paper.
        clock: The time, aware.
        neighbours: Papers on the same host, which wait where one of them was asked to.
        writes: Of a refresh; then there is no screen that waits for what is read here. None: all is done in threads.
    """

    def __init__(
        self,
        library: PaperLibrary,
        clock: Callable[[], datetime],
        neighbours: Sequence[PaperLibrary] = (),
        writes: WriteBatcher | None = None,
    ) -> None:
        self._log = library.fetch_log
        self._neighbours = [each.fetch_log for each in neighbours]
        self._clock = clock
        self._unsaved = Counter[str]()
        self._retry_at: datetime | None = None
        self._is_public = False
        self._writes = writes

    async def note_contact(self, host: str) -> None:
        """Note that a request of a host is about to be made; it takes a millisecond."""
        self._unsaved[host] += 1
        counts, self._unsaved = self._unsaved, Counter[str]()
        try:
            await self._write_event(partial(self._log.count_requests, counts, self._clock()))
        except StoreError:  # such as of a library that another process writes just now: noted with the next request
            self._unsaved += counts

    async def retry_at(self) -> datetime | None:
        """Return when the portal's host may be asked again, as it said to any process, also where that asked for another paper."""
        noted: list[datetime | None] = [self._retry_at]
        for log in (self._log, *self._neighbours):
            with suppress(StoreError):
                noted.append(await self._event_time(log, RETRY_AT))
        return max(filter(None, noted), default=None)

    async def note_retry_at(self, until: datetime) -> None:
        """Note when the portal may be asked again."""
        self._retry_at = until
        with suppress(StoreError):
            await self._write_event(partial(self._log.set_event_time, RETRY_AT, until))

    async def was_public(self) -> bool:
        """Whether the portal's name ever led to a public address."""
        with suppress(StoreError):
            self._is_public = self._is_public or await self._event_time(self._log, _PUBLIC) is not None
        return self._is_public

    async def note_public(self) -> None:
        """Note that the portal's name leads to a public address."""
        self._is_public = True
        with suppress(StoreError):
            await self._write_event(partial(self._log.set_event_time, _PUBLIC, self._clock()))

    async def _event_time(self, log: FetchLog, event: str) -> datetime | None:
        return await asyncio.to_thread(log.event_time, event) if self._writes is None else log.event_time(event)

    async def _write_event(self, write: Callable[[], object]) -> None:
        await (asyncio.to_thread(write) if self._writes is None else self._writes.defer(write))


class _ContactHistory:
    """Notes of a site that is no paper yet: whom it asked is kept in the library, all else ends with the process."""

    def __init__(self, kept: StoredRequestHistory) -> None:
        from bpost_tui.portal.http.policy import InMemoryRequestLog

        site = InMemoryRequestLog()
        self.note_contact = kept.note_contact
        self.retry_at, self.note_retry_at = site.retry_at, site.note_retry_at
        self.was_public, self.note_public = site.was_public, site.note_public
