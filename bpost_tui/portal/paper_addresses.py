"""Forms of a paper's address: as pasted by the reader, as other feed readers have it, as a service's page or feed. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING
from unicodedata import normalize
from urllib.parse import urlencode

from bpost_tui.typesetting.text.lazy_pattern import lazy_pattern
from bpost_tui.urls import TRACKERS, clean_link, page_and_query

if TYPE_CHECKING:
    from bpost_tui.portal.kinds.paper_kind import PaperKind

_MORE_TRACKERS = lazy_pattern(
    r"_g[al]|_hsenc|_hsmi|_openstat|at_(?:campaign|format|link_[a-z]+|medium|ptr_name)|cmpid|dclid|epik|fb_(?:action_ids|ref|source)"
    r"|gbraid|gclsrc|hsa_[a-z]+|hsctatracking|igshi?d?|li_fat_id|mc_[ce]id|mkt_tok|msclkid|mtm_[a-z]+|ncid|ocid|oly_(?:anon|enc)_id"
    r"|phpsessid|pk_(?:campaign|kwd|keyword|medium|source)|srsltid|t[tw]clid|vero_(?:conv|id)|wbraid|wickedid|xtor|ys?clid"
)
"""Pattern of names of a query's fields that record where the reader found an address, or the reader's session.

These fields are removed only from addresses of papers, not from stories' links: the library has stored keys made from the links.
"""
_FEED_FORMATS = ("feed", "rss", "rss2", "rdf", "atom")
_AMP_FIELDS = ("amp", "noamp", "nonamp")
"""Names of a query's fields that choose between a page and its AMP version."""
_MOBILE_HOST = lazy_pattern(r"(?:m|amp)\.(?=[^/.]+\.)")
"""Pattern of the prefix (`m.`, `amp.`) of a mobile site's host name. The rest of the name must have a dot."""
_SESSION = lazy_pattern(r";jsessionid=[^/?]*", re.IGNORECASE)
"""Pattern of the session id (`;jsessionid=…`) that Java's web servers add to a path."""
_OLD_WORDPRESS_FEED = lazy_pattern(r"/wp-(?:rss2?|rdf|atom|feed)\.php$")
"""Pattern of the ends of paths that WordPress redirects to its feed (`redirect_canonical`)."""
_WORDPRESS_FEED = lazy_pattern(r"(?:/index\.(?:php|html?))?(?:(/feed)(?:/(?:rss2?|rdf|atom))?)?$")
"""Pattern that matches the end of any path. Group 1 is `/feed` if the path leads to a WordPress feed; else there is no group 1.

Source: developer.wordpress.org/advanced-administration/wordpress/feeds.
"""
_DRUPAL_FEED = lazy_pattern(r"(?:.*/feed|rss\.xml)")
"""Pattern of the path of a Drupal feed that is in the query's field `q`, as on a server that can't rewrite paths."""
_BLOGGER_FORMATS = ("alt", "max-results", "orderby", "redirect", "start-index", "v")
_FEEDS_OF_SERVICES = (
    (
        lazy_pattern(r"(?:feeds2?\.feedburner\.com|feedproxy\.google\.com)/([^~].*)"),
        r"feeds.feedburner.com/\1",
        ("fmt", "format"),
    ),
    (
        lazy_pattern(r"([^/.]+\.blogspot)\.[a-z.]+(?:/feeds/posts/(?:default|full|summary)|/(?:atom|rss)\.xml)"),
        r"\1.com/feeds/posts/default",
        _BLOGGER_FORMATS,
    ),
    (
        lazy_pattern(r"([^/]+)/feeds/posts/(?:default|full|summary)"),
        r"\1/feeds/posts/default",
        _BLOGGER_FORMATS,
    ),
    (lazy_pattern(r"([^/.]+)\.medium\.com/feed"), r"medium.com/feed/@\1", ("source",)),
    (lazy_pattern(r"(?:(?:i|new|np|old)\.)?reddit\.com/(?:(r)|u(?:ser)?)/([^/]+?)/?\.rss"), r"reddit.com/u\1/\2/.rss", ("limit",)),
    (lazy_pattern(r"(github\.com/[^/]+/[^/]+/(?:releases|tags)\.atom)"), r"\1", ()),
)
"""Services that have one feed at several addresses. All these addresses get the same key (text to compare addresses by).

Each entry has a pattern of the feed's host and path, a template for the host and path in the key, and the names of the query's
fields that change only the feed's format, length or order. Sources: softwareas.com/feedburner-urls,
developers.google.com/blogger/docs/2.0/reference, help.medium.com, reddit.com/wiki/rss.
"""
_UPLOADS = lazy_pattern(r"(youtube\.com/feeds/videos\.xml\?)playlist_id=UU([\w-]{22})")
"""Pattern of a YouTube feed that lists a channel's uploads as a playlist, in the form of a key (text to compare addresses by).

Group 2 is the channel's id without `UC`; the key with this id in place of the playlist is the key of the channel's own feed.
"""
_PAGES_OF_SERVICES = (
    (lazy_pattern(r"([^/.]+\.blogspot\.[a-z.]+)"), r"\1/feeds/posts/default"),
    (lazy_pattern(r"medium\.com/(@[^/]+)"), r"medium.com/feed/\1"),
    (lazy_pattern(r"([^/.]+\.medium\.com)"), r"\1/feed"),
    (lazy_pattern(r"open\.substack\.com/pub/([^/]+)|([^/.]+)\.substack\.com(?:/archive)?"), r"\1\2.substack.com/feed"),
    (lazy_pattern(r"tumblr\.com/([^/]+)|([^/.]+)\.tumblr\.com"), r"\1\2.tumblr.com/rss"),
    (lazy_pattern(r"((?:(?:new|np|old)\.)?reddit\.com/(?:r|u|user)/[^/]+)(?<!\.rss)"), r"\1/.rss"),
    (lazy_pattern(r"youtube\.com/channel/(UC[\w-]{22})(?:/.*)?"), r"youtube.com/feeds/videos.xml?channel_id=\1"),
    (lazy_pattern(r"youtube\.com/playlist\?list=([\w-]+)"), r"youtube.com/feeds/videos.xml?playlist_id=\1"),
    (lazy_pattern(r"(github\.com/[^/]+/[^/]+/(?:releases|tags))"), r"\1.atom"),
)
"""Pages of services whose feed has a known address.

Each entry has a pattern of the page's host and path, and a template for the feed's address. The pattern is matched without the
page's query, except its field `list`.
"""
_BEFORE_ADDRESS = " \t\r\n\xa0\u200b\ufeff<(\"'“‘«"
_AFTER_ADDRESS = " \t\r\n\xa0\u200b\ufeff>\"'”’».,;:!।"
"""Characters to remove from the end of a pasted address, such as quotes and full stops; `_BEFORE_ADDRESS` are for its beginning."""
_SCHEME_OF_READERS = lazy_pattern(r"view-source:|feeds?:(?://)?|(?:itpc|pcast|podcast|rss):(?://|(?=https?:))", re.IGNORECASE)
"""Pattern of a scheme to remove from an address: a browser's `view-source:`, or a scheme that opens a feed reader (`feed:`)."""


def pasted_address(text: str) -> str:
    """Return the address in a text that the reader pasted, as a browser, a mail or a sentence has it.

    Quotes and brackets around the address, punctuation after it, the scheme `feed:` and trackers in its query are left out.

    >>> pasted_address("<feed:https://example.org/rss?id=5&utm_source=mail>.")
    'https://example.org/rss?id=5'
    """
    address = text.lstrip(_BEFORE_ADDRESS).rstrip(_AFTER_ADDRESS)
    if "(" not in address:
        address = address.rstrip(f"){_AFTER_ADDRESS}")
    if scheme := _SCHEME_OF_READERS.match(address):
        address = address[scheme.end() :]
    page, mark, query = address.partition("?")
    query = "&".join(field for field in query.replace("&amp;", "&").split("&") if not _is_tracker(field.partition("=")[0]))
    return page + (mark if query else "") + query


def paper_variants_key(address: str) -> str:
    """Return the key of a paper's address: a text that is the same for all variants of the address, to recognise a known paper.

    Variants differ in trackers, scheme, slashes, the order of the query's fields, a host for telephones, or the format of a feed of
    WordPress, Joomla, Drupal or a service (`_FEEDS_OF_SERVICES`).

    >>> paper_variants_key("http://www.example.org//?feed=rss2&utm_source=mail"), paper_variants_key("https://example.org/feed/atom/")
    ('example.org/feed', 'example.org/feed')
    """
    page, pairs = _paper_page(address)
    for pattern, feed, formats in _FEEDS_OF_SERVICES:
        if pattern.fullmatch(page):
            page, pairs = pattern.sub(feed, page).lower(), [pair for pair in pairs if pair[0] not in formats]
    fields = sorted(pair for pair in pairs if not _is_tracker(pair[0]) and pair[0] not in _AMP_FIELDS)
    others = [(name, value) for name, value in fields if name != "feed" or value not in _FEED_FORMATS]
    path = _WORDPRESS_FEED.sub(r"\1", _OLD_WORDPRESS_FEED.sub("/feed", page + "/feed" * (len(others) < len(fields))))
    if "/" in path and path.endswith(".feed"):  # Joomla's short form of `format=feed`
        path, others = path.removesuffix(".feed"), [("format", "feed"), *others]
    if ("format", "feed") in others:
        others = [(name, value) for name, value in others if name != "type" or value not in _FEED_FORMATS]
    if "/" not in path and (at := dict(others).get("q")) and _DRUPAL_FEED.fullmatch(at):
        path, others = f"{path}/{at}", [pair for pair in others if pair != ("q", at)]
    query = urlencode(others)
    return _UPLOADS.sub(r"\1channel_id=UC\2", path + (f"?{query}" if query else ""))


def paper_keys(address: str, kinds: Iterable[PaperKind]) -> set[str]:
    """Return all keys (texts to compare addresses by) under which a paper may be known.

    They are the keys of its address, and of the addresses that its feed would have if the paper were of each of `kinds`. A key is
    the same for all variants of an address (`paper_variants_key`).
    """
    feeds = (feed for kind in kinds for feed in (kind.feed(address), *kind.other_feeds(address)))
    return {paper_variants_key(each) for each in (address, *feeds) if each}


def service_feed(address: str) -> str:
    """Return the feed's address if `address` is a service's page with a known feed, such as a YouTube channel; else `address`.

    >>> service_feed("https://www.youtube.com/playlist?list=PL6nSFpj9HTCZ5t")
    'https://youtube.com/feeds/videos.xml?playlist_id=PL6nSFpj9HTCZ5t'
    """
    page, pairs = _paper_page(address)
    page += "".join(f"?list={value}" for name, value in pairs if name == "list")
    return next((f"https://{pattern.sub(feed, page)}" for pattern, feed in _PAGES_OF_SERVICES if pattern.fullmatch(page)), address)


def _paper_page(address: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the site and path of a paper's address as one text, and the fields of its query as (name, value).

    The site has no `www.`, and no `m.` or `amp.` of a version for telephones. The path has no empty parts and no session id.
    """
    page, pairs = page_and_query(clean_link(address) or address)
    page = "/".join(filter(None, normalize("NFC", _SESSION.sub("", page)).split("/")))
    return page[host.end() :] if (host := _MOBILE_HOST.match(page)) else page, pairs


def _is_tracker(field: str) -> bool:
    """Whether the query field named `field` only records where the reader found the address, or the reader's session."""
    name = field.lower()
    return name.startswith(TRACKERS) or _MORE_TRACKERS.fullmatch(name) is not None
