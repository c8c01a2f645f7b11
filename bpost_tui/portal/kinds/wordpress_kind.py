"""Kind of paper that is a WordPress portal: wp-json, and a feed for each category."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from bpost_tui.errors import BPostError
from bpost_tui.model.paper import WORDPRESS
from bpost_tui.portal.kinds.feed_kind import feed_parser
from bpost_tui.portal.kinds.paper_kind import DiscoveryClient, PaperApi, PaperKind, PaperMatch, StartResponse
from bpost_tui.portal.wordpress.wordpress_addresses import WordPressAddresses
from bpost_tui.urls import feed_address, is_own, portal_address, portal_base, portal_key

if TYPE_CHECKING:
    from bpost_tui.portal.parse_results import OutlineFeed, ParsedFeed
    from bpost_tui.portal.wordpress.wp_json import ApiCallbacks


class WordPressSite:
    """WordPress portal, created from its front page's address. Raises UsageError if that isn't an http or https address."""

    is_one_feed = False

    def __init__(self, address: str, callbacks: ApiCallbacks) -> None:
        from bpost_tui.portal.wordpress.wp_json import WordPressApi  # with httpx, which the caller has loaded

        self._addresses = WordPressAddresses(portal_base(address))
        self.api: PaperApi = WordPressApi(self._addresses, callbacks)
        """API of the portal, called wp-json."""
        self.base = self._addresses.base
        """Address of the front page."""

    def feed(self, category: str | None, page: int) -> str:
        """Return the address of a page of a feed: a category's, or the front page's if `category` is None."""
        return self._addresses.feed(category, page)


def _feed(address: str) -> str:
    return WordPressAddresses(address).feed()


def _other_feeds(address: str) -> tuple[str, ...]:
    """Return the short addresses of a site's feed that WordPress redirects to the usual address (`WP_Rewrite`)."""
    return tuple(f"{address}/{feed}" for feed in ("rss", "rss2", "rdf", "atom"))


def _of_outline(feed: OutlineFeed) -> str | None:
    """Return a site's address if the path of `feed` shows that it is the feed of the site's front page; otherwise None.

    If the site isn't a WordPress portal, its `/feed` can still be read; only the request to WordPress's API is useless then.
    """
    is_front = feed.site and feed_address(feed.address).rstrip("/") == _feed(portal_address(feed.site))
    return portal_address(feed.site) if is_front else None


async def _find(client: DiscoveryClient, seen: StartResponse) -> PaperMatch | None:
    """Return the WordPress portal that made the page in `seen`, the response at the reader's address, if its feed can be read.

    If `seen` is a feed, return the portal whose front page has this feed. Return None if there is no such portal.
    """
    if seen.feed is not None:
        return await _of_feed(client, seen, seen.feed)
    if not seen.site.wordpress or not is_own(seen.site.wordpress, client.start):
        return None
    base = seen.secured(portal_base(seen.site.wordpress))
    feed = await client.fetch_feed(_feed(base), WORDPRESS)
    return PaperMatch(base, feed.name) if feed is not None else None


async def _of_feed(client: DiscoveryClient, seen: StartResponse, feed: ParsedFeed) -> PaperMatch | None:
    address = urlsplit(seen.response.address)
    path = address.path.rstrip("/")
    if not path.endswith("/feed") or address.query:
        return None
    base = urljoin(seen.response.address, path.removesuffix("/feed") or "/")
    try:
        page = await client.fetch(base, "page")
        front = (await client.parse_site(page)).wordpress if page.status == 200 else ""
    except BPostError as error:
        client.failure = error.message
        return None
    is_front = front and portal_key(portal_base(front)) == portal_key(portal_base(base))
    return PaperMatch(portal_base(base), feed.name) if is_front else None


KIND: Final = PaperKind(
    name=WORDPRESS,
    label="WordPress",
    address=portal_address,
    front_page=str,
    feed=_feed,
    other_feeds=_other_feeds,
    from_outline=_of_outline,
    find=_find,
    site=WordPressSite,
    parser=feed_parser,
)
