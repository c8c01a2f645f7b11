"""Parser from a sitemap's bytes to stories, or to the files that an index of sitemaps lists. Pure, runs in the parser process.

A news sitemap is rewritten as a feed, whose items are the sitemap's entries; `parse_feed` then does all the rest. The obvious way
is to parse the whole sitemap. But a sitemap may have 50,000 entries, and the reader wants only the newest. So entries are found and
dated by patterns first, and only the newest are parsed.

A sitemap lists addresses of its own host only, so other addresses are left out. `lastmod` is left out of news, since many sites
write the time of the request there: each story would change at each refresh.

Sources: sitemaps.org (0.9), Google's schemas sitemap-news (0.9) and sitemap-image (1.1).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from html import unescape

from bpost_tui.errors import ContentError
from bpost_tui.i18n import Reason
from bpost_tui.limits import MAX_SITEMAP_BYTES, MAX_SITEMAP_ENTRIES, MAX_SITEMAP_FILES, MAX_SITEMAP_STORIES
from bpost_tui.portal.feed.feed_parser import parse_feed
from bpost_tui.portal.feed.sanitize_xml import CUT
from bpost_tui.portal.html.text_encoding import decode
from bpost_tui.portal.parse_results import ParsedFeed
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.urls import clean_link, is_own

_GZIP = b"\x1f\x8b"
_PREFIX = r"(?:[A-Za-z_][\w.-]{0,20}:)?"
_ROOT = re.compile(rf"<{_PREFIX}(urlset|sitemapindex)((?:\s[^<>]*)?)>", re.IGNORECASE)
_ENTRY_START = re.compile(rf"<{_PREFIX}(?:url|sitemap)(?:\s[^<>]*)?>", re.IGNORECASE)
_ENTRY_END = re.compile(rf"</{_PREFIX}(?:url|sitemap)\s*>", re.IGNORECASE)
_BEGIN = r"\s*>\s*(?:<!\[CDATA\[\s*)?"
_LOCATION = re.compile(rf"<(?!image:|video:){_PREFIX}loc{_BEGIN}([^<>\]\s]{{1,4096}})", re.IGNORECASE)
_PUBLISHED = re.compile(rf"<{_PREFIX}publication_date{_BEGIN}([^<>\]]{{1,100}})", re.IGNORECASE)
_CHANGED = re.compile(rf"<{_PREFIX}lastmod{_BEGIN}([^<>\]]{{1,100}})", re.IGNORECASE)
_CHANGED_ELEMENT = re.compile(rf"<{_PREFIX}lastmod\s*>[^<]*</{_PREFIX}lastmod\s*>", re.IGNORECASE)
_IS_NEWS = re.compile(rf"<{_PREFIX}(?:news|publication)\s*>", re.IGNORECASE)
_NEWS_SCHEMA = "sitemap-news"
_NAME = re.compile(
    rf"<{_PREFIX}publication\s*>\s*(?:<{_PREFIX}language\s*>[^<]{{0,50}}</{_PREFIX}language\s*>\s*)?"
    rf"<{_PREFIX}name\s*>([^<]{{0,300}}|<!\[CDATA\[[^\]]{{0,300}}\]\]>)</",
    re.IGNORECASE,
)
"""Pattern of the `publication` element of a news sitemap, from its start tag to the newspaper's name, which is group 1.

A `language` element may precede the name.
"""
_FIGURES = re.compile(r"\d{1,12}")
_LONG_AGO = datetime(1, 1, 2, tzinfo=UTC)


class _Entry(NamedTuple):
    """Entry of a sitemap, with an address on the sitemap's own host."""

    xml: str
    """XML inside the entry's element, without the element's start and end tag."""
    address: str
    date: datetime
    """Date of publication or change, to find the newest entries; the year 1 if the entry has no date in ISO 8601."""


def parse_sitemap(body: bytes, content_type: str, url: str, *, now: datetime, seen: str = "") -> ParsedFeed:
    """Return the newest stories of a news sitemap, or the files that an index of sitemaps lists, the likeliest news sitemap first.

    Args:
        body: The sitemap as received; it may be a gzip file.
        content_type: The Content-Type header, for the charset.
        url: The sitemap's address.
        now: The time, to recognise impossible dates.
        seen: Digests of entries parsed before, as an earlier call returned them; these entries are left out if possible.

    Raises:
        ContentError: The body is no sitemap, or a sitemap without news, or an index without a sitemap on the same host.
    """
    text = _without_comments(decode(_decompressed(body), content_type))
    root = _ROOT.search(text)
    if root is None:
        raise ContentError("not a sitemap but something else")
    parts = _ENTRY_START.split(text[root.end() :], MAX_SITEMAP_ENTRIES + 1)[1:]
    warnings: tuple[Reason, ...] = ()
    if len(parts) > MAX_SITEMAP_ENTRIES:
        warnings = (Reason("only the first {n} addresses of the sitemap were read", n=MAX_SITEMAP_ENTRIES),)
    elif parts and not _ENTRY_END.search(parts[-1]):
        warnings = (CUT,)
    entries = list(_entries(parts[:MAX_SITEMAP_ENTRIES], url))
    if root[1].lower() == "sitemapindex":
        if not (files := _likeliest(entries, url)):
            raise ContentError("the index lists no sitemap of this site")
        return ParsedFeed((), warnings, files=files)
    news = [entry for entry in entries if _IS_NEWS.search(entry.xml)]
    if not news and (parts or _NEWS_SCHEMA not in root[2]):  # programs declare the schema of news in any sitemap
        raise ContentError("the sitemap lists no news")
    parsed = parse_feed(_as_feed(root[2], _newest(news)).encode("utf-8", "replace"), "", url, now=now, seen=seen)
    return parsed._replace(warnings=(*warnings, *parsed.warnings), digests="" if warnings else parsed.digests)


def _decompressed(body: bytes) -> bytes:
    """Return a body that may be a gzip file, without its compression.

    Raises ContentError if it is damaged, or too large when decompressed.
    """
    if not body.startswith(_GZIP):
        return body
    stream = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        text = stream.decompress(body, MAX_SITEMAP_BYTES + 1)
    except zlib.error as error:
        raise ContentError("the compressed answer is damaged") from error
    if len(text) > MAX_SITEMAP_BYTES:
        raise ContentError(Reason("the answer is too big (more than {n} MiB)", n=MAX_SITEMAP_BYTES >> 20))
    if not stream.eof:
        raise ContentError("the compressed answer is damaged")
    return text


def _without_comments(text: str) -> str:
    first, *others = text.split("<!--")
    return first + "".join(other.partition("-->")[2] for other in others)


def _entries(parts: Sequence[str], url: str) -> Iterator[_Entry]:
    """Yield the entries on the sitemap's own host. `url` is the sitemap's address.

    Each of `parts` is the text from the end of an entry's start tag to the next entry.
    """
    for part in parts:
        end = _ENTRY_END.search(part)
        xml = part[: end.start()] if end else ""
        found = _LOCATION.search(xml)
        address = clean_link(unescape(found[1]), url) if found else None
        if address is not None and is_own(address, url):
            yield _Entry(xml, address, _date(_PUBLISHED.search(xml) or _CHANGED.search(xml)))


def _date(found: re.Match[str] | None) -> datetime:
    try:
        date = datetime.fromisoformat(found[1].strip()) if found else _LONG_AGO
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return _LONG_AGO


def _newest(entries: Sequence[_Entry]) -> Sequence[_Entry]:
    """Return the newest entries of a sitemap, at most the number that is parsed, in the sitemap's order."""
    if len(entries) <= MAX_SITEMAP_STORIES:
        return entries
    numbers = sorted(range(len(entries)), key=lambda number: entries[number].date, reverse=True)[:MAX_SITEMAP_STORIES]
    return [entries[number] for number in sorted(numbers)]


def _likeliest(entries: Sequence[_Entry], url: str) -> tuple[str, ...]:
    """Return the addresses of files that an index of sitemaps lists (`entries`), the likeliest news sitemap first.

    Files with `news` in their name come first, then the newest. Without dates, a file without a number in its name comes first,
    then the highest numbers, because WordPress's first file is the oldest. `url`, the address of the index itself, is left out. At
    most `MAX_SITEMAP_FILES` addresses are returned.
    """

    def rank(entry: _Entry) -> tuple[bool, datetime, bool, list[int]]:
        name = entry.address.partition("://")[2].partition("/")[2]
        numbers = [int(figures) for figures in _FIGURES.findall(name)]
        return "news" in name.lower(), entry.date, not numbers, numbers

    ranked = sorted((entry for entry in entries if entry.address != url), key=rank, reverse=True)
    return tuple(dict.fromkeys(entry.address for entry in ranked))[:MAX_SITEMAP_FILES]


def _as_feed(namespaces: str, entries: Sequence[_Entry]) -> str:
    """Return a sitemap's entries as the XML text of a feed, so that the feed parser can read them.

    The feed declares the sitemap's `namespaces`, and its title is the first name of a newspaper in the entries.
    """
    name = next((found[1] for entry in entries if (found := _NAME.search(entry.xml))), "")
    items = (f"<item>{_CHANGED_ELEMENT.sub('', entry.xml)}</item>" for entry in entries)
    return f"<feed{namespaces.rstrip('/')}><title>{name}</title>{''.join(items)}</feed>"
