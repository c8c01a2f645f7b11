"""Which paper is meant by an address: a feed itself, a WordPress portal, or the feed of the site whose page is there.

Nothing but the address's own host is asked, with or without `www.`; a feed elsewhere is only told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple, cast
from urllib.parse import urljoin, urlsplit

from bpost_tui.errors import BPostError, ContentError, PortalError
from bpost_tui.i18n import Reason, about, message
from bpost_tui.portal.client import Client, Response, status_reason
from bpost_tui.portal.parsed import FeedLink, ParsedFeed, ParsedSite, Task
from bpost_tui.portal.parser_process import ParserProcess
from bpost_tui.portal.policy import PortalNotes
from bpost_tui.portal.wordpress.addresses import SiteAddresses
from bpost_tui.urls import feed_address, is_own, portal_base, portal_key, secured

USUAL_PLACES = ("/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml", "/feed.json")
"""Where sites have their feed that don't name it."""
LIMIT_S = 60.0
"""For all of it."""
_MOST_TRIED = 5
"""Of the feeds that a page names."""
_MOST_TOLD = 20


class FoundPaper(NamedTuple):
    """A paper that can be read."""

    address: str
    """Of a WordPress portal its front page, of a feed the feed itself."""
    is_feed: bool
    """Whether it is a feed of any site; else it is a WordPress portal."""
    name: str = ""
    """What it calls itself, if it does."""
    others: tuple[FeedLink, ...] = ()
    """Other feeds on this host that the page names, and that can be added by their own addresses."""
    elsewhere: tuple[FeedLink, ...] = ()
    """Feeds that it names on other hosts, which were not asked."""


class Discovery:
    """Looks at one host for a paper, once.

    Args:
        address: What the reader gave, with or without a scheme.
        notes: What is noted of its requests.
        offline: Make no request.
        clock: The time, aware.

    Raises:
        UsageError: It is no http or https address.
    """

    def __init__(self, address: str, *, notes: PortalNotes | None, offline: bool, clock: Callable[[], datetime]) -> None:
        self._start = feed_address(address)
        self._client = Client(self._start, notes=notes, offline=offline, clock=clock)
        self._parser = ParserProcess()
        self._clock = clock

    async def find(self) -> FoundPaper:
        """Return the paper.

        Raises:
            PortalError: The address can't be fetched.
            ContentError: Nothing there can be a paper.
        """
        try:
            async with asyncio.timeout(LIMIT_S):
                return await self._find()
        except TimeoutError as error:
            what = Reason("no complete answer within {seconds} s", seconds=f"{LIMIT_S:g}")
            raise PortalError(about(self._start, what), address=self._start) from error
        finally:
            await self._client.aclose()
            await self._parser.aclose()

    async def _find(self) -> FoundPaper:
        fetched = await self._client.fetch(self._start, "feed")
        if fetched.status != 200:
            raise PortalError(about(self._start, status_reason(fetched.status)), address=self._start)
        feed = await self._feed(fetched)
        if feed is not None:
            return await self._of_feed(fetched, feed)
        site = cast(ParsedSite, await self._read("site", fetched))
        here, elsewhere = self._by_host(site.feeds)
        wordpress = await self._wordpress(site, fetched)
        if wordpress is not None:
            return wordpress._replace(others=_others(here, SiteAddresses.at(wordpress.address).feed()), elsewhere=elsewhere)
        for address in self._candidates(here, fetched):
            if (found := await self._try(address)) is not None:
                return FoundPaper(self._secured(address, fetched), True, found.name, _others(here, address), elsewhere)
        hint: str = message("Give the address of its feed: RSS, Atom or JSON Feed.")
        if elsewhere:
            hint = Reason("It names a feed on another site; to read that one, add it: {address}", address=elsewhere[0].address)
        raise ContentError(about(self._start, Reason("no feed was found there")), address=self._start, hint=hint)

    async def _of_feed(self, fetched: Response, feed: ParsedFeed) -> FoundPaper:
        """Return the paper of a feed that was given: the WordPress portal whose front page has it, else the feed itself."""
        front, is_front = urlsplit(fetched.address), urlsplit(fetched.address).path.rstrip("/").endswith("/feed")
        if is_front and not front.query:
            base = urljoin(fetched.address, front.path.rstrip("/").removesuffix("/feed") or "/")
            try:
                page = await self._client.fetch(base, "page")
                site = cast(ParsedSite, await self._read("site", page)) if page.status == 200 else ParsedSite()
            except BPostError:
                site = ParsedSite()
            if site.wordpress and portal_key(portal_base(site.wordpress)) == portal_key(portal_base(base)):
                return FoundPaper(portal_base(base), False, feed.name)
        return FoundPaper(self._secured(self._start, fetched), True, feed.name)

    async def _wordpress(self, site: ParsedSite, fetched: Response) -> FoundPaper | None:
        """Return the WordPress portal that made a page, if its feed can be read."""
        if not site.wordpress or not is_own(site.wordpress, self._start):
            return None
        base = self._secured(portal_base(site.wordpress), fetched)
        feed = await self._try(SiteAddresses.at(base).feed())
        return FoundPaper(base, False, feed.name) if feed is not None else None

    def _by_host(self, feeds: Sequence[FeedLink]) -> tuple[tuple[FeedLink, ...], tuple[FeedLink, ...]]:
        here = tuple(link for link in feeds if is_own(link.address, self._start))
        return here[:_MOST_TOLD], tuple(link for link in feeds if link not in here)[:_MOST_TOLD]

    def _candidates(self, named: Sequence[FeedLink], fetched: Response) -> Iterator[str]:
        """Yield where a feed may be, the likeliest first, each once."""
        yield from [link.address for link in named if not link.is_of_comments][:_MOST_TRIED]
        parts = urlsplit(fetched.address)
        root = f"{parts.scheme}://{parts.netloc}"
        for base in dict.fromkeys((root + parts.path.rstrip("/"), root)):
            yield from (base + place for place in USUAL_PLACES)

    async def _try(self, address: str) -> ParsedFeed | None:
        """Return the feed at an address, None where there is none."""
        try:
            fetched = await self._client.fetch(address, "feed")
        except PortalError as error:
            if error.retry_after_s is not None:
                raise
            return None
        return await self._feed(fetched) if fetched.status == 200 else None

    async def _feed(self, fetched: Response) -> ParsedFeed | None:
        try:
            return cast(ParsedFeed, await self._read("feed", fetched))
        except ContentError:
            return None

    async def _read(self, task: str, fetched: Response) -> object:
        await self._parser.start()
        return await self._parser.read(Task(task, fetched.content_type, fetched.address, self._clock()), fetched.body)

    def _secured(self, address: str, fetched: Response) -> str:
        """Return an address with https where its host has led there."""
        return secured(address) if fetched.address.startswith("https:") else address


def _others(named: Sequence[FeedLink], taken: str) -> tuple[FeedLink, ...]:
    """Return the feeds of news that a page names besides the one that is taken."""
    return tuple(link for link in named if not link.is_of_comments and link.address.rstrip("/") != taken.rstrip("/"))
