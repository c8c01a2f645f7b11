"""Access to portals. Every portal is opened here, so that the library keeps the history of the requests to each portal."""

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
"""Name of an entry in the library's log of fetching. The entry's time is the end of the wait that the portal asked for."""
FEEDS_END_IN_SLASH = "feeds end in a slash"
"""Name of an entry in the library's log of fetching. A WordPress portal that redirects feeds to addresses with a slash has it."""
_PUBLIC = "public"
"""Name of an entry in the library's log of fetching. For a portal with this entry, bpost never connects to a private network.

The entry is made once the portal's host name leads to a public address, or if somebody other than the reader named the portal.
"""


def open_portal(
    address: str,
    library: PaperLibrary,
    *,
    offline: bool,
    clock: Callable[[], datetime],
    has_screen: bool = False,
    kind: str = WORDPRESS,
    text_selector: str = "",
    writes: WriteBatcher | None = None,
    slots: asyncio.Semaphore | None = None,
    parsers: ParserPool | None = None,
    same_host_papers: Sequence[PaperLibrary] = (),
) -> Portal:
    """Return the portal of a paper, to be used as an async context manager. Blocks while httpx is imported.

    Args:
        address: The front page of a WordPress portal, or the address of a feed or sitemap.
        library: Part of the library that belongs to the paper.
        offline: Whether the portal makes no requests.
        clock: Function that returns the current time with its time zone.
        has_screen: Whether a screen runs in the same process. If so, connections are read in small steps, so that the screen stays
            responsive.
        kind: Name of the paper's kind, a key of `kinds.KINDS`.
        text_selector: CSS selector of the text on the paper's pages; empty if the parser finds the text.
        writes: Queue of the writes of a refresh, in a process without a screen; None to read and write in threads instead.
        slots: Limit on simultaneous requests, shared with other portals on the same host; None for a limit of its own.
        parsers: Parser pool that several papers share; None for a pool of its own.
        same_host_papers: Other papers on the same host. All wait if the host asked any of them to wait.
    """
    from bpost_tui.portal.http.transport import READ_BYTES, SMALL_READ_BYTES
    from bpost_tui.portal.portal import Portal  # 63 ms, httpx

    notes = StoredRequestHistory(library, clock, same_host_papers, writes)
    read_bytes = SMALL_READ_BYTES if has_screen else READ_BYTES
    return Portal(
        address,
        kind=kind,
        text_selector=text_selector,
        notes=notes,
        offline=offline,
        clock=clock,
        read_bytes=read_bytes,
        slots=slots,
        parsers=parsers,
        feeds_end_in_slash=kind == WORDPRESS and library.fetch_log.event_time(FEEDS_END_IN_SLASH) is not None,
    )


async def find_paper(address: str, library: PaperLibrary, *, offline: bool, clock: Callable[[], datetime]) -> DiscoveredPaper:
    """Find the paper at an address that the reader named, and return the paper. The requests are counted in the library.

    Raises:
        UsageError: The address is no http or https address.
        PortalError: The address can't be fetched, or `offline` forbids requests.
        ContentError: There is no feed at the address.
    """
    from bpost_tui.portal.paper_discovery import PaperDiscovery  # 63 ms, httpx

    return await PaperDiscovery(
        address, notes=_ContactHistory(StoredRequestHistory(library, clock)), offline=offline, clock=clock
    ).find()


def require_public(library: Library, papers: Sequence[Paper], now: datetime) -> None:
    """Record in the library that the reader didn't name these papers, so that none of them is fetched from a private network.

    If the host name of such a paper has always led to a private network, the paper can't be fetched at all.
    """

    def note() -> None:
        library.add_papers(papers)
        for paper in papers:
            library.for_paper(paper).fetch_log.set_event_time(_PUBLIC, now)

    library.first_paper.in_one_transaction(note)


def allow_private(paper: PaperLibrary) -> None:
    """Record in the library that the reader named this paper, so that it may be in a private network.

    The permission ends if the paper's host name ever leads to a public address.
    """
    paper.fetch_log.delete_event(_PUBLIC)


class StoredRequestHistory:
    """History of the requests to a paper's portal, kept in the library.

    If the library can't be written, the history is lost when the process ends. In that case, the refresh can't save stories either,
    and reports the error.

    Args:
        library: Part of the library that belongs to the paper.
        clock: Function that returns the current time, with its time zone.
        neighbours: Other papers on the same host. All wait if the host asked any of them to wait.
        writes: Queue of the writes of a refresh, in a process without a screen; None to read and write in threads instead.
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
        """Add one to the saved number of requests to `host`, just before the request is made. Takes a millisecond."""
        self._unsaved[host] += 1
        counts, self._unsaved = self._unsaved, Counter[str]()
        try:
            await self._write_event(partial(self._log.count_requests, counts, self._clock()))
        except StoreError:  # for example, another process is writing; the request is counted with the next one
            self._unsaved += counts

    async def retry_at(self) -> datetime | None:
        """Return the time until which the host asked to wait; None if it never did.

        The latest such time counts, whichever process of bpost and whichever paper on this host received it.
        """
        noted: list[datetime | None] = [self._retry_at]
        for log in (self._log, *self._neighbours):
            with suppress(StoreError):
                noted.append(await self._event_time(log, RETRY_AT))
        return max(filter(None, noted), default=None)

    async def note_retry_at(self, until: datetime) -> None:
        """Save the time until which the portal asked to wait."""
        self._retry_at = until
        with suppress(StoreError):
            await self._write_event(partial(self._log.set_event_time, RETRY_AT, until))

    async def was_public(self) -> bool:
        """Whether the portal's host name must have a public IP address: it had one before, or the reader didn't name the portal."""
        with suppress(StoreError):
            self._is_public = self._is_public or await self._event_time(self._log, _PUBLIC) is not None
        return self._is_public

    async def note_public(self) -> None:
        """Save that the portal's host name has led to a public address."""
        self._is_public = True
        with suppress(StoreError):
            await self._write_event(partial(self._log.set_event_time, _PUBLIC, self._clock()))

    async def _event_time(self, log: FetchLog, event: str) -> datetime | None:
        return await asyncio.to_thread(log.event_time, event) if self._writes is None else log.event_time(event)

    async def _write_event(self, write: Callable[[], object]) -> None:
        await (asyncio.to_thread(write) if self._writes is None else self._writes.write(write))


class _ContactHistory:
    """History of the requests to a site that isn't a paper yet.

    The library stores only the number of requests. Everything else, such as the time to wait, is lost when the process ends.
    """

    def __init__(self, kept: StoredRequestHistory) -> None:
        from bpost_tui.portal.http.policy import InMemoryRequestLog

        site = InMemoryRequestLog()
        self.note_contact = kept.note_contact
        self.retry_at, self.note_retry_at = site.retry_at, site.note_retry_at
        self.was_public, self.note_public = site.was_public, site.note_public
