"""Discovery of the paper at an address: a feed, a news sitemap, a WordPress portal, or any page of a site that has one of these.

Requests go only to the address's own host, with or without `www.`. A feed on another host is mentioned but not requested.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import cast

from bpost_tui.errors import ContentError, PortalError
from bpost_tui.i18n import Reason, message, prefix_reason
from bpost_tui.portal.http.client import HttpClient, HttpResponse, status_reason
from bpost_tui.portal.http.policy import RequestLog, ResourceKind
from bpost_tui.portal.kinds import KINDS
from bpost_tui.portal.kinds.paper_kind import StartResponse
from bpost_tui.portal.parse_results import FeedLink, ParsedFeed, ParsedOpml, ParsedSite, ParserTask
from bpost_tui.portal.worker.parser_process import ParserProcess
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.urls import feed_address, is_own, secured

LIMIT_S = 60.0
"""Maximum time in seconds for the whole discovery."""
_MAX_LISTED = 20


class DiscoveredPaper(NamedTuple):
    """Paper found at an address, with further feeds that the page at this address names."""

    address: str
    """Address of the paper: the front page of a WordPress portal, or the feed or sitemap itself."""
    kind: str
    """Name of the paper's kind, such as `wordpress` or `feed` (a key of `kinds.KINDS`)."""
    name: str = ""
    """Title that the paper gives itself; empty if none."""
    others: tuple[FeedLink, ...] = ()
    """Other feeds that the page names on the paper's host; the reader can add each of them by its own address."""
    elsewhere: tuple[FeedLink, ...] = ()
    """Feeds on other hosts that the page names; bpost didn't request these."""
    failure: str = ""
    """Error message if the front page couldn't be read; otherwise empty.

    It is then unknown whether a feed belongs to a WordPress portal.
    """


class PaperDiscovery:
    """Discovery of a paper on one host. An object is used only once.

    Args:
        address: The reader's input, with or without a scheme. Without one, http is tried if https isn't answered.
        notes: Record of requests.
        offline: Whether requests are forbidden; a request then raises PortalError.
        clock: Function that returns the current time with its time zone.

    Raises:
        UsageError: The address isn't http or https.
    """

    def __init__(self, address: str, *, notes: RequestLog | None, offline: bool, clock: Callable[[], datetime]) -> None:
        self.start = feed_address(address)
        """Address that the reader gave, in its normal form."""
        self.failure = ""
        self._may_try_http = "://" not in address
        self._open_client = partial(HttpClient, notes=notes, offline=offline, clock=clock)
        self._client = self._open_client(self.start)
        self._parser = ParserProcess()
        self._clock = clock

    async def find(self) -> DiscoveredPaper:
        """Return the paper at the address that the reader gave.

        Raises:
            PortalError: The address can't be fetched.
            ContentError: No feed was found at the address, or the parser failed before it could decide whether there is a feed.
        """
        try:
            async with asyncio.timeout(LIMIT_S):
                return await self._find_by_either_scheme()
        except TimeoutError as error:
            what = Reason("no complete answer within {seconds} s", seconds=f"{LIMIT_S:g}")
            raise PortalError(prefix_reason(self.start, what), address=self.start) from error
        finally:
            await self._client.aclose()
            await self._parser.aclose()

    async def _find_by_either_scheme(self) -> DiscoveredPaper:
        try:
            return await self._find()
        except PortalError as error:
            if not (self._may_try_http and error.unanswered):
                raise
        await self._client.aclose()
        self.start = self.start.replace("https:", "http:", 1)
        self._client = self._open_client(self.start)
        return await self._find()

    async def _find(self) -> DiscoveredPaper:
        fetched = await self.fetch(self.start, "feed")
        if fetched.status != 200:
            raise PortalError(prefix_reason(self.start, status_reason(fetched.status, fetched.service)), address=self.start)
        parsers = {kind.parser: name for name, kind in KINDS.items()}  # several kinds may share one parser
        feeds = {parser: await self._feed(fetched, name) for parser, name in parsers.items()}
        site = ParsedSite() if any(feeds.values()) else await self.parse_site(fetched)
        here = tuple(link for link in site.feeds if is_own(link.address, self.start))
        elsewhere = tuple(link for link in site.feeds if link not in here)[:_MAX_LISTED]
        site = site._replace(feeds=here[:_MAX_LISTED])
        for kind in sorted(KINDS.values(), key=lambda kind: feeds[kind.parser] is None):  # first the kinds that can read it
            seen = StartResponse(fetched, feeds[kind.parser], site)
            if (found := await kind.find(self, seen)) is not None:
                others = _others(site.feeds, kind.feed(found.address))
                return DiscoveredPaper(found.address, kind.name, found.name, others, elsewhere, self.failure)
        hint: str = message("Give the address of its feed: RSS, Atom or JSON Feed.")
        if await self._is_list(fetched):
            hint = message("It is a list of feeds: save it as a file, then `bpost portals import FILE`.")
        elif elsewhere:
            hint = Reason("It names a feed on another site; to read that feed, add it: {address}", address=elsewhere[0].address)
        raise ContentError(prefix_reason(self.start, Reason("no feed was found there")), address=self.start, hint=hint)

    # ── the `DiscoveryClient` for kinds of papers ──────────────────────────

    async def fetch(self, address: str, resource: ResourceKind) -> HttpResponse:
        """Fetch an address on the host, and return the response; raises PortalError if that fails.

        `resource` is the kind of content to request, such as a feed, which decides the maximum size.
        """
        return await self._client.fetch(address, resource)

    async def parse_site(self, fetched: HttpResponse) -> ParsedSite:
        """Return the feeds and the WordPress site that the page in the response `fetched` names.

        Raises ContentError if the parser fails.
        """
        return cast(ParsedSite, await self._read("site", fetched, kind=""))

    async def fetch_feed(self, address: str, kind: str) -> ParsedFeed | None:
        """Return the feed at `address`, read by the parser of the kind of paper `kind`; None if no such feed is there.

        Raises:
            PortalError: The host asks us to wait.
        """
        try:
            fetched = await self.fetch(address, "feed")
            return await self._feed(fetched, kind) if fetched.status == 200 else None
        except (PortalError, ContentError) as error:
            if isinstance(error, PortalError) and error.retry_after_s is not None:
                raise
            return None

    async def _feed(self, fetched: HttpResponse, kind: str) -> ParsedFeed | None:
        """Return the feed in the response `fetched`, read by the parser of `kind`, or None if the response isn't a feed.

        Raises ContentError if the parser failed before deciding.
        """
        try:
            return cast(ParsedFeed, await self._read("feed", fetched, kind))
        except ContentError as error:
            if error.is_unread:
                raise
            return None

    async def _is_list(self, fetched: HttpResponse) -> bool:
        """Whether the response `fetched` is a list of feeds: an OPML file, or the `urls` file of the feed reader newsboat."""
        try:
            return bool(cast(ParsedOpml, await self._read("opml", fetched, kind="")).feeds)
        except ContentError:
            return False

    async def _read(self, task: str, fetched: HttpResponse, kind: str) -> object:
        await self._parser.start()
        return await self._parser.parse(ParserTask(task, fetched.content_type, fetched.address, self._clock(), kind), fetched.body)


def _others(named: Sequence[FeedLink], chosen: str) -> tuple[FeedLink, ...]:
    """Return the feeds `named` by a page, except the feed at the address `chosen` and feeds of comments."""
    return tuple(link for link in named if not link.is_of_comments and _bare(link.address) != _bare(chosen))


def _bare(address: str) -> str:
    return secured(address).rstrip("/")
