"""One feed of any site: RSS, Atom or JSON Feed, by its own address."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

from bpost_tui.i18n import message
from bpost_tui.portal.kinds.kind import Api, Found, Kind, Look, NoApi, Seen
from bpost_tui.urls import feed_address, front_of

if TYPE_CHECKING:
    from bpost_tui.portal.parsed import OutlineFeed, ParsedFeed, Task
    from bpost_tui.portal.wordpress.api import Asks

_NAME: Final = "feed"
USUAL_PLACES = ("/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml", "/feed.json")
"""Where sites have their feed that don't name it."""
_MOST_TRIED = 5
"""Of the feeds that a page names."""


class FeedSite:
    """A site with one feed that is read, by the feed's address; raises UsageError where it is no http or https address."""

    is_one_feed = True

    def __init__(self, address: str, _: Asks) -> None:
        self.base = feed_address(address)
        """The feed itself."""
        self.api: Api = NoApi()
        """One that never answers."""

    def feed(self, category: str | None, page: int) -> str:
        """Return the feed's address; a category's differs in what isn't sent, since what came of it is noted by address."""
        return f"{self.base}#{quote(category, safe='')}" if category else self.base


def feed_parser() -> Callable[[Task, bytes], ParsedFeed]:
    """Return what parses RSS, Atom and JSON Feed."""
    from bpost_tui.portal.feed.json_feed import is_json, parse_json_feed
    from bpost_tui.portal.feed.parser import parse_feed

    def parse(task: Task, body: bytes) -> ParsedFeed:
        if is_json(body, task.content_type):
            return parse_json_feed(body, task.address, task.now)
        return parse_feed(body, task.content_type, task.address, known=task.known, now=task.now, seen=task.seen)

    return parse


def _of_outline(feed: OutlineFeed) -> str:
    return feed_address(feed.address)


async def _find(look: Look, seen: Seen) -> Found | None:
    """Return the feed that was given, else the first that a page names, or that is found where feeds usually are."""
    if seen.feed is not None:
        return Found(seen.secured(look.start), seen.feed.name)
    for address in _candidates(seen):
        if (feed := await look.feed_at(address, _NAME)) is not None:
            return Found(seen.secured(address), feed.name)
    return None


def _candidates(seen: Seen) -> Iterator[str]:
    """Yield where a feed may be, the likeliest first; usual places each once."""
    yield from [link.address for link in seen.site.feeds if not link.is_of_comments][:_MOST_TRIED]
    parts = urlsplit(seen.fetched.address)
    root = f"{parts.scheme}://{parts.netloc}"
    for base in dict.fromkeys((root + parts.path.rstrip("/"), root)):
        yield from (base + place for place in USUAL_PLACES)


KIND: Final = Kind(
    name=_NAME,
    label=message("feed"),
    address=feed_address,
    front=front_of,
    feed=str,
    of_outline=_of_outline,
    find=_find,
    site=FeedSite,
    parser=feed_parser,
)
