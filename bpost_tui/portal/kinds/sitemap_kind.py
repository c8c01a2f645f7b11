"""Kind of paper that has no feed, but a news sitemap by Google's schema: headlines, dates and pictures; the texts are on its pages.

The sitemap is found by the site's `robots.txt`. If an index lists the sitemap under an address with a number, such as
`news-2026-12-01.xml`, later news will be in other files. The paper's address is then the index, and each refresh reads the newest
file. Otherwise the paper's address is the sitemap.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from bpost_tui.errors import ContentError, PortalError
from bpost_tui.i18n import message
from bpost_tui.portal.kinds.feed_kind import KIND as FEED_KIND
from bpost_tui.portal.kinds.paper_kind import DiscoveryClient, PaperMatch, StartResponse
from bpost_tui.urls import is_own

if TYPE_CHECKING:
    from bpost_tui.portal.parse_results import ParsedFeed, ParserTask

_NAME: Final = "sitemap"
_MAX_TRIED = 8
"""Maximum number of files that are requested to find a news sitemap."""


def _parser() -> Callable[[ParserTask, bytes], ParsedFeed]:
    from bpost_tui.portal.feed.sitemap_parser import parse_sitemap

    return lambda task, body: parse_sitemap(body, task.content_type, task.address, now=task.now, seen=task.seen_digests)


async def _find(client: DiscoveryClient, seen: StartResponse) -> PaperMatch | None:
    """Return the news sitemap at the reader's address, or else the first one that the site's `robots.txt` leads to.

    `robots.txt` may name the news sitemap itself, or an index that lists it. Return None if there is no news sitemap. `seen` is the
    response from the reader's address.
    """
    search = _SitemapSearch(client, seen)
    if seen.feed is not None:
        return await search.match(client.start, seen.feed)
    return await search.first(await _named_sitemaps(client, seen))


async def _named_sitemaps(client: DiscoveryClient, seen: StartResponse) -> list[str]:
    """Return the addresses of the sitemaps named by the `robots.txt` of a host, the likeliest first.

    `seen` is the host's response to the address that the reader gave. The list is empty if `robots.txt` is missing, names none, or
    can't be read. Raises PortalError if the host asks to wait.
    """
    try:
        robots = await client.fetch(urljoin(seen.response.address, "/robots.txt"), "page")
        named = (await client.parse_site(robots)).sitemaps if robots.status == 200 else ()
    except (PortalError, ContentError) as error:
        if isinstance(error, PortalError) and error.retry_after_s is not None:
            raise
        return []
    return sorted((address for address in named if is_own(address, client.start)), key=lambda address: "news" not in address)


class _SitemapSearch:
    """Search for a news sitemap in several files, with a limit on their number."""

    def __init__(self, client: DiscoveryClient, seen: StartResponse) -> None:
        self._client = client
        self._seen = seen
        self._left = _MAX_TRIED

    async def first(self, addresses: Iterable[str], *, are_files: bool = False) -> PaperMatch | None:
        """Return the paper of the first of `addresses` that is a news sitemap; None if none is, or too many files were requested.

        An index of sitemaps counts as well if it lists a news sitemap. With `are_files`, `addresses` are from an index, so that an
        index among them doesn't count.
        """
        for address in addresses:
            if self._left <= 0:
                break
            self._left -= 1
            feed = await self._client.fetch_feed(address, _NAME)
            if feed is not None and not (are_files and feed.files) and (match := await self.match(address, feed)):
                return match
        return None

    async def match(self, address: str, feed: ParsedFeed) -> PaperMatch | None:
        """Return the paper of the sitemap `feed`, read at `address`.

        For an index, return the paper of the first news sitemap that it lists, or None if it lists none. If the first file of the
        index is that sitemap and has a number in its path, the paper's address is the index, because later news will be in other
        files.
        """
        address = self._seen.secured(address)
        if not feed.files:
            return PaperMatch(address, feed.name)
        file = await self.first(feed.files, are_files=True)
        is_read_by_index = file is not None and file.address == self._seen.secured(feed.files[0]) and _is_numbered(file.address)
        return file._replace(address=address) if file is not None and is_read_by_index else file


def _is_numbered(address: str) -> bool:
    parts = urlsplit(address)
    return re.search(r"\d", parts.path + parts.query) is not None


KIND: Final = FEED_KIND._replace(
    name=_NAME,
    label=message("sitemap"),
    find=_find,
    parser=_parser,
    may_be_empty=True,
    outline_type=_NAME,
)
