"""Kind of paper that consists of one feed (RSS, Atom or JSON Feed), known by the feed's own address."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

from bpost_tui.i18n import message
from bpost_tui.portal.kinds.paper_kind import DiscoveryClient, NullApi, PaperApi, PaperKind, PaperMatch, StartResponse
from bpost_tui.urls import feed_address, front_of

if TYPE_CHECKING:
    from bpost_tui.portal.parse_results import OutlineFeed, ParsedFeed, ParserTask
    from bpost_tui.portal.wordpress.wp_json import ApiCallbacks

_NAME: Final = "feed"
COMMON_FEED_PATHS = ("/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml", "/feed.json")
"""Usual paths of feeds, tried on a site whose page names no feed."""
_MAX_TRIED = 5
"""Maximum number of a page's feeds that are tried."""


class FeedSite:
    """Site with one feed, created from the feed's address. Raises UsageError if that isn't an http or https address."""

    is_one_feed = True

    def __init__(self, address: str, _: ApiCallbacks) -> None:
        self.base = feed_address(address)
        """Address of the feed itself."""
        self.api: PaperApi = NullApi()
        """API that requests nothing and returns None, since a feed has no API."""

    def feed(self, category: str | None, page: int) -> str:
        """Return the feed's address. `category` is a category's slug; None for all categories.

        For a category, a fragment (`#…`) is added, which isn't sent. Results of fetching are recorded by address, so each category
        needs an address of its own. `page` is ignored, because a feed has one page.
        """
        return f"{self.base}#{quote(category, safe='')}" if category else self.base


def feed_parser() -> Callable[[ParserTask, bytes], ParsedFeed]:
    """Return a parser for RSS, Atom and JSON Feed."""
    from bpost_tui.portal.feed.feed_parser import parse_feed
    from bpost_tui.portal.feed.json_feed_parser import is_json, parse_json_feed

    def parse(task: ParserTask, body: bytes) -> ParsedFeed:
        if is_json(body, task.content_type):
            return parse_json_feed(body, task.address, task.now)
        return parse_feed(body, task.content_type, task.address, known=task.known_categories, now=task.now, seen=task.seen_digests)

    return parse


def _of_outline(feed: OutlineFeed) -> str:
    return feed_address(feed.address)


async def _find(client: DiscoveryClient, seen: StartResponse) -> PaperMatch | None:
    """Return the feed at the given address, else the first feed that its page names, else the first at a usual path.

    Return None if no feed is found. `seen` is the response from the given address.
    """
    if seen.feed is not None:
        return PaperMatch(seen.secured(client.start), seen.feed.name)
    for address in _candidates(seen):
        if (feed := await client.fetch_feed(address, _NAME)) is not None:
            return PaperMatch(seen.secured(address), feed.name)
    return None


def _candidates(seen: StartResponse) -> Iterator[str]:
    """Yield possible addresses of a feed on the site of the response `seen`, the likeliest first.

    First come the feeds that the page names, then the usual paths of feeds below the page's path, then those below the root.
    """
    yield from [link.address for link in seen.site.feeds if not link.is_of_comments][:_MAX_TRIED]
    parts = urlsplit(seen.response.address)
    root = f"{parts.scheme}://{parts.netloc}"
    for base in dict.fromkeys((root + parts.path.rstrip("/"), root)):
        yield from (base + place for place in COMMON_FEED_PATHS)


KIND: Final = PaperKind(
    name=_NAME,
    label=message("feed"),
    address=feed_address,
    front_page=front_of,
    feed=str,
    from_outline=_of_outline,
    find=_find,
    site=FeedSite,
    parser=feed_parser,
)
