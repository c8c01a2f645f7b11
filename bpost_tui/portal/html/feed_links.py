"""Parser from a web page to the feeds that it names, and to the WordPress site that made it. Pure, runs in the parser process.

Sources: RSS Autodiscovery and the HTML standard's `alternate` (§4.6.7.1); the REST API handbook ("Discovery").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from bpost_tui.limits import MAX_SITE_FEEDS, MAX_SITEMAP_FILES
from bpost_tui.model.sanitize import MAX_NAME_CHARS, clean_line
from bpost_tui.portal.html.sanitize_html import parse
from bpost_tui.portal.html.text_encoding import decode
from bpost_tui.portal.parse_results import FeedLink, ParsedSite
from bpost_tui.urls import clean_link

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_FEED_TYPES = frozenset(("application/rss+xml", "application/atom+xml", "application/feed+json", "application/json"))
_OF_JSON = "application/json"
"""Media type of links to a JSON Feed (before 1.1), but also of links to WordPress's API.

A link with this type counts as a feed only if its address has `feed` in it.
"""
_API = "https://api.w.org/"
_SITEMAP = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S{1,2048})", re.IGNORECASE | re.MULTILINE)
_FEED_WORDS = re.compile(r"(?:(?:rss|atom|xml|news) ?)?(?:feeds?|rss|atom)(?: ?\d(?:\.\d)?)?|আরএসএস(?: ফিড)?|ফিড", re.IGNORECASE)
_FEED_PATH = re.compile(r"/(?:rss|feed|atom)(?:\.(?:xml|php|aspx?|cms))?/?$|\.(?:rss|atom)$", re.IGNORECASE)
_COMMENTS = ("comment", "মন্তব্য")


def read_site(body: bytes, content_type: str, url: str) -> ParsedSite:
    """Return the feeds and the WordPress site that a page names; empty if the body is no web page.

    `url` is the page's own address, and `content_type` the Content-Type header. For a `robots.txt`, return the sitemaps that it
    names (sitemaps.org, "Informing search engines").
    """
    if urlsplit(url).path == "/robots.txt":
        return ParsedSite(sitemaps=tuple(_sitemaps(decode(body, content_type), url)))
    root = parse(decode(body, content_type))
    if root is None:
        return ParsedSite()
    named = root.css_first("base[href]")
    base = (clean_link(named.attributes.get("href") or "", url) if named is not None else None) or url
    feeds = tuple(islice(_feeds(root, base), MAX_SITE_FEEDS)) or tuple(islice(_linked_feeds(root, base), MAX_SITE_FEEDS))
    return ParsedSite(_wordpress(root, feeds, url), feeds)


def _sitemaps(text: str, url: str) -> list[str]:
    named = (clean_link(found[1], url) for found in islice(_SITEMAP.finditer(text), MAX_SITEMAP_FILES))
    return list(dict.fromkeys(filter(None, named)))


def _feeds(root: LexborNode, url: str) -> Iterator[FeedLink]:
    seen = set[str]()
    for node in root.css("link[rel~=alternate i][href]"):
        kind = (node.attributes.get("type") or "").partition(";")[0].strip().lower()
        address = clean_link(node.attributes.get("href") or "", url)
        if kind not in _FEED_TYPES or address is None or address in seen or (kind == _OF_JSON and "feed" not in address):
            continue
        seen.add(address)
        title = clean_line(node.attributes.get("title") or "", MAX_NAME_CHARS)
        yield _feed_link(address, title)


def _linked_feeds(root: LexborNode, url: str) -> Iterator[FeedLink]:
    """Yield the feeds that a page links to, recognised by the text or address of the link. Used if a page names no feed."""
    seen = set[str]()
    for node in root.css("a[href]"):
        address = clean_link(node.attributes.get("href") or "", url)
        if address is None or address in seen:
            continue
        title = clean_line(node.text(deep=False) or node.attributes.get("title") or "", MAX_NAME_CHARS)
        if _FEED_WORDS.fullmatch(title) or _FEED_PATH.search(urlsplit(address).path):
            seen.add(address)
            yield _feed_link(address, title)


def _feed_link(address: str, title: str) -> FeedLink:
    return FeedLink(address, title, any(word in f"{urlsplit(address).path} {title}".lower() for word in _COMMENTS))


def _wordpress(root: LexborNode, feeds: tuple[FeedLink, ...], url: str) -> str:
    """Return the address of the front page if a WordPress site made this page; otherwise an empty text.

    The address is derived from the site's WordPress API, or else from one of `feeds`, the feeds that the page names. `url` is the
    page's own address.
    """
    api = root.css_first(f"link[rel='{_API}'][href]")
    found = clean_link(api.attributes.get("href") or "", url) if api is not None else None
    if found is not None:
        path = urlsplit(found).path.removesuffix("/").removesuffix("/wp-json").removesuffix("/index.php")
        return _at(found, path)
    generator = root.css_first("meta[name=generator i]")
    if generator is None or not (generator.attributes.get("content") or "").lower().startswith("wordpress"):
        return ""
    paths = (urlsplit(feed.address).path.removesuffix("/") for feed in feeds if not feed.is_of_comments)
    return _at(url, next((path.removesuffix("/feed") for path in paths if path.endswith("/feed")), ""))


def _at(address: str, path: str) -> str:
    """Return the address of `path` on the host of `address`."""
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))
