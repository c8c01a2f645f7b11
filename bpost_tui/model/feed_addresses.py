"""Addresses that a feed gives itself, and whether they announce that the feed has moved. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.urls import is_private, page_key, server_of

_PROXIES = ("feedblitz.com", "feedburner.com", "feedly.com", "feedpress.it", "feedpress.me", "feedproxy.google.com")
"""Hosts that serve the feeds of other sites. A feed that names such a host hasn't moved: its site only counts its readers there.

The obvious rule is to accept only an address on the site of the feed's stories. But a feed that announces a move to another site
may still link its stories on the old site. So the proxies are listed.
"""
# The obvious way is to take a feed's link to itself (`rel="self"`) on another site for an announcement. But all feeds of Blogger
# give an address of blogger.com, whatever their site, and others the address of the machine that made them. So such a link counts
# only if the feed gave another address, or none, when it was first read. `new-feed-url` means nothing but a move: of 8 real feeds
# with it, 7 give the same address as in their link to themselves, and the eighth has moved.


class FeedAddresses(NamedTuple):
    """Addresses that a feed gives itself; empty if it gives none."""

    own: str = ""
    """Address in the feed's link to itself (RFC 4287, `rel="self"`; JSON Feed, `feed_url`)."""
    new: str = ""
    """New address of the feed, by its own words (Apple's podcast tag `itunes:new-feed-url`)."""

    def elsewhere(self, requested: Iterable[str]) -> FeedAddresses:
        """Return a copy with only the addresses that may announce a move of the feed; an empty text replaces each other address.

        Three kinds of address announce no move: an address in `requested` (also with another scheme, `www.`, slashes or query), a
        feed proxy (host that serves other sites' feeds), and an address in a local network, unless `requested` has one as well.
        """
        asked = [*requested]
        here = {page_key(address) for address in asked}
        is_local = any(map(is_private, asked))

        def is_elsewhere(address: str) -> bool:
            return page_key(address) not in here and (is_local or not is_private(address)) and not _is_proxy(address)

        return FeedAddresses(*(address if address and is_elsewhere(address) else "" for address in self))

    def announced(self, first: str) -> str:
        """Return the new address that the feed announces, or "" if it announces none.

        `first` is the address that the feed gave as its own when it was first read.
        """
        return self.new or (self.own if page_key(self.own) != page_key(first) else "")


def _is_proxy(address: str) -> bool:
    return f".{server_of(address)}".endswith(tuple(f".{host}" for host in _PROXIES))
