"""Reader of a page's metadata: headline, authors, dates, picture, section and tags, as the page states them. Pure.

The obvious way is to read the visible page: `h1`, `.author`, `time`. Themes name these in any way, so on 128 newspaper pages dates
were right on 58 and authors on 24. But most of these pages state them for search engines, as JSON-LD of schema.org's `Article`
types, and most others in `meta` elements. So each field is read from JSON-LD, else from `meta` (Open Graph, `article:`), else
from microdata (`itemprop`) and `time`, else from the classes of usual themes.

JSON-LD may be written wrongly: a comma before a closing bracket is removed, a comment around the text is cut off. A text that still
isn't JSON counts as missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bpost_tui.bengali.normalise import words
from bpost_tui.errors import ContentError
from bpost_tui.limits import MAX_TERMS
from bpost_tui.model.blocks import Image, Span
from bpost_tui.model.sanitize import (
    MAX_AUTHOR_CHARS,
    MAX_CAPTION_CHARS,
    MAX_EXCERPT_CHARS,
    MAX_NAME_CHARS,
    MAX_TITLE_CHARS,
    clean_line,
)
from bpost_tui.portal.feed.feed_dates import read_date
from bpost_tui.portal.html.article_finder import letters
from bpost_tui.portal.html.block_parser import html_to_line
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.untrusted import Fields, read_json, text_or_empty
from bpost_tui.urls import clean_link

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_SCRIPT = re.compile(r"<script\b[^<>]{0,500}?ld\+json[^<>]{0,500}>", re.IGNORECASE)
_END_OF_SCRIPT = re.compile(r"</script", re.IGNORECASE)
_EXTRA_COMMA = re.compile(r",(\s*[}\]])")
_MAX_SCRIPTS = 30
_MAX_SCRIPT_CHARS = 1 << 20
_MAX_VALUES = 20_000
"""Maximum number of values of one JSON-LD script; articles have some hundreds, with comments some thousands."""
_MAX_OBJECTS = 200
_MAX_AUTHORS = 20
_ARTICLE_TYPE = re.compile(r"(?:Article|Posting|Report)$", re.IGNORECASE)
"""Pattern of the names of schema.org's article types: NewsArticle, ReportageNewsArticle, BlogPosting, …"""
_TITLE = re.compile(r"<title\b[^<>]{0,500}>([^<]{1,2000})", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s+[|–—•·:»-]+\s+|\s*[|»]\s*")
"""Pattern of the signs that separate a headline from the name of the section or site, such as `|`."""
_MAX_SHOWN_TITLES = 8
_MIN_SHARED_WORDS = 1 / 3
"""Minimum share of words that an `h1` must have in common with a headline of the metadata, to be the story's headline.

The share is taken of the words of the `h1` or of the headline, whichever is shorter. With shares from 0.2 to 0.7, less than 1 % of
the headlines of 1,275 pages change.
"""
_MIN_SITE_CHARS = 4
"""Minimum number of letters of a text that counts as the site's name because it is in the host's name."""
_AUTHOR_TAGS = (
    ".wp-block-post-author-name",
    "[itemprop=author] [itemprop=name]",
    "[rel=author]",
    ".author-name",
    ".td-post-author-name a",
    ".byline a",
    "[itemprop=author]",
    "[class*=author-name]",
    "[class*=authorName]",
    "[class*=author] a",
    "[class*=byline]",
)
_BY = re.compile(r"^(?:by|von|par|por|door|di|av|af)[:\s]+", re.IGNORECASE)
_PUBLISHED = tuple("article:published_time datepublished og:article:published_time parsely-pub-date sailthru.date pubdate".split())
_PUBLISHED_TOO = tuple(
    "publishdate publish-date publication_date date dc.date.issued dc.date dcterms.created last-modified".split()
)
"""Names of `meta` elements that have the date of publication on some sites, and another date on others.

They are read only if no other metadata state the date of publication.
"""
_MODIFIED = ("article:modified_time", "og:updated_time", "datemodified", "lastmod")
_AUTHORS = tuple("author article:author dc.creator dcterms.creator parsely-author sailthru.author byl cxenseparse:author".split())
_DESCRIPTION = ("og:description", "description", "twitter:description")
_ADDRESS = re.compile(r"https?://|www\.|@", re.IGNORECASE)


class PageMetadata(NamedTuple):
    """Metadata of an article's page; a field that the page doesn't state is empty."""

    title: str = ""
    titles: tuple[str, ...] = ()
    """All headlines of the page: the title, and longer or shorter headlines in other places."""
    author: str = ""
    published: datetime | None = None
    modified: datetime | None = None
    picture: Image | None = None
    """Lead picture with its caption; None if the page states none."""
    section: str = ""
    tags: tuple[str, ...] = ()
    description: str = ""
    """Summary; many pages show it as the story's standfirst (introduction)."""
    is_free: bool = True
    """Whether everybody may read the text. It is False only if the page says so (schema.org's `isAccessibleForFree`)."""


def read_metadata(html: str, root: LexborNode, url: str, now: datetime) -> PageMetadata:
    """Return the metadata of a page.

    Args:
        html: The page's HTML, with its scripts.
        root: The page's sanitized tree.
        url: Address of the page.
        now: The current time; later dates are left out.
    """
    objects = list(_json_ld(html))
    article = max(filter(_is_article, objects), key=_completeness, default={})
    meta = _meta(root)
    titles = _titles(article, meta, html, root, url)
    return PageMetadata(
        title=next(iter(titles), ""),
        titles=titles,
        author=_authors(article, objects, meta, root),
        published=_date((article.get("datePublished"), *_values(meta, _PUBLISHED), *_times(root, "datePublished")), now)
        or _date((*_values(meta, _PUBLISHED_TOO), *_times(root)), now),
        modified=_date((article.get("dateModified"), *_values(meta, _MODIFIED), *_times(root, "dateModified")), now),
        picture=_picture(article, meta, url),
        section=_line(_first_text(article.get("articleSection")) or meta.get("article:section", ""), MAX_NAME_CHARS),
        tags=_tags(article, root),
        description=next(_lines((article.get("description"), *_values(meta, _DESCRIPTION)), MAX_EXCERPT_CHARS), ""),
        is_free=str(article.get("isAccessibleForFree")).lower() != "false",
    )


# ── JSON-LD ─────────────────────────────────────────────────────────────────


def _json_ld(html: str) -> Iterator[Fields]:
    """Yield the JSON-LD objects of a page: each outermost object, then those in its graph, and the main entity that it names."""
    at = 0
    for _ in range(_MAX_SCRIPTS):
        start = _SCRIPT.search(html, at)
        end = _END_OF_SCRIPT.search(html, start.end()) if start else None
        if start is None or end is None:
            return
        at = end.end()
        yield from _objects(_read(html[start.end() : end.start()]))


def _read(text: str) -> object:
    begins = [at for at in (text.find("{"), text.find("[")) if at >= 0]
    text = text[min(begins, default=0) : max(text.rfind("}"), text.rfind("]")) + 1]
    for written in (text, _EXTRA_COMMA.sub(r"\1", text)) if len(text) <= _MAX_SCRIPT_CHARS else ():
        try:
            return read_json(written, most_values=_MAX_VALUES)
        except ContentError:
            continue
    return None


def _objects(value: object) -> Iterator[Fields]:
    waiting = [value]
    for _ in range(_MAX_OBJECTS):
        if not waiting:
            return
        each = waiting.pop()
        if isinstance(each, list):
            waiting += reversed(each[:_MAX_OBJECTS])
        elif isinstance(each, dict):
            yield each
            waiting += [each.get(name) for name in ("mainEntityOfPage", "mainEntity", "@graph")]


def _is_article(fields: Fields) -> bool:
    kinds = fields.get("@type")
    return any(isinstance(kind, str) and _ARTICLE_TYPE.search(kind) for kind in (kinds if isinstance(kinds, list) else [kinds]))


def _completeness(fields: Fields) -> int:
    return sum(bool(fields.get(name)) for name in ("headline", "datePublished", "author"))


def _first_text(value: object) -> str:
    return next(filter(None, map(text_or_empty, value if isinstance(value, list) else [value])), "")


# ── fields ──────────────────────────────────────────────────────────────────


def _titles(article: Fields, meta: Mapping[str, str], html: str, root: LexborNode, url: str) -> tuple[str, ...]:
    """Return the headlines of the page at `url`, shown or in its metadata (`meta`, `article`); the first is the story's headline.

    The obvious way is to read Open Graph's headline. On 1,275 pages with known headlines, Open Graph's is right on 660, and the
    result of this function on 1,093. An `h1` may also be the name of the site or of a section, so the shown headline is the `h1`
    with the most words of a headline from the metadata. If such a headline is only a part of the shown one, the rest is a kicker or
    the name of a section, and the part is the story's headline, unless the part was cut off at a quotation mark.
    """
    name, host = meta.get("og:site_name", ""), letters((urlsplit(url).hostname or "").removeprefix("www."))
    tag = _TITLE.search(html)
    written = list(_lines((meta.get("og:title"), article.get("headline")), MAX_TITLE_CHARS))
    written = written or list(_lines([meta.get("twitter:title") or (tag[1] if tag else "")], MAX_TITLE_CHARS))
    stated = [_without_site(title, name, host) for title in written if letters(title) != letters(name)]
    headings = (html_to_line(node.inner_html or "", MAX_TITLE_CHARS) for node in root.css("h1")[:_MAX_SHOWN_TITLES])
    shown = [_without_site(title, name, host) for title in headings if title and letters(title) != letters(name)]
    likeness = {title: max((_shared_words(title, each) for each in stated), default=1.0) for title in shown}
    best = max(shown, key=lambda title: (likeness[title], len(title)), default="")
    titles = [best] if best and likeness[best] >= _MIN_SHARED_WORDS else []
    titles += stated
    whole = [title for title in titles[1:] if not _is_cut(title, titles[0])]
    shorter = next((title for title in whole if _is_part(letters(title), letters(titles[0]))), "")
    return tuple(dict.fromkeys(filter(None, [shorter, *titles])))


def _without_site(title: str, name: str, host: str) -> str:
    """Return a headline without the site's name at its end or beginning; the site's name is `name`, or a part of `host`."""
    signs = list(_SEPARATOR.finditer(title))
    for sign in (*signs[-1:], *signs[:1]):
        before, after = title[: sign.start()], title[sign.end() :]
        for part, rest in ((after, before), (before, after)):
            key = letters(part)
            if key and (key == letters(name) or (len(key) >= _MIN_SITE_CHARS and key in host)):
                return rest
    return title


def _shared_words(title: str, other: str) -> float:
    """Return the share (0 to 1) of the words of the shorter headline that are in both headlines; 0 without words."""
    ours, others = set(words(title)), set(words(other))
    return len(ours & others) / min(len(ours), len(others)) if ours and others else 0


def _is_part(part: str, whole: str) -> bool:
    """Whether the headline `whole` begins or ends with the headline `part`, and `part` is at least half of it.

    Both are given as their letters and digits only.
    """
    return len(part) < len(whole) <= 2 * len(part) and (whole.startswith(part) or whole.endswith(part))


def _is_cut(title: str, whole: str) -> bool:
    """Whether the headline `title` is `whole` cut off before a quotation mark.

    That happens in an attribute of HTML if the site doesn't escape the mark.
    """
    return whole.startswith(title) and whole[len(title) :].lstrip().startswith('"')


def _authors(article: Fields, objects: list[Fields], meta: Mapping[str, str], root: LexborNode) -> str:
    people = {name: each for each in objects if isinstance(name := each.get("@id"), str)}
    names = list(_names(article.get("author"), people)) or list(_names(list(_values(meta, _AUTHORS))[:1], people))
    if not names:
        shown = (html_to_line(node.inner_html or "", MAX_NAME_CHARS) for node in map(root.css_first, _AUTHOR_TAGS) if node)
        names = list(filter(None, map(_person, shown)))[:1]
    return clean_line(", ".join(dict.fromkeys(names[:_MAX_AUTHORS])), MAX_AUTHOR_CHARS)


def _names(value: object, people: Mapping[str, Fields]) -> Iterator[str]:
    for each in (value if isinstance(value, list) else [value])[:_MAX_AUTHORS]:
        person = each if isinstance(each, dict) else {"name": each}
        named = person if person.get("name") else people.get(text_or_empty(person.get("@id")), {})
        if name := _person(_line(_first_text(named.get("name")), MAX_NAME_CHARS)):
            yield name


def _person(name: str) -> str:
    """Return an author's name without a leading "By"; empty if it is an address."""
    return "" if _ADDRESS.search(name) else _BY.sub("", name)


def _tags(article: Fields, root: LexborNode) -> tuple[str, ...]:
    stated = article.get("keywords")
    words: list[object] = [*(stated if isinstance(stated, list) else text_or_empty(stated).split(","))]
    words = (
        words if any(words) else [node.attributes.get("content") for node in root.css("meta[property='article:tag']")[:MAX_TERMS]]
    )
    return tuple(dict.fromkeys(_lines(words[:MAX_TERMS], MAX_NAME_CHARS)))


def _picture(article: Fields, meta: Mapping[str, str], url: str) -> Image | None:
    stated = article.get("image")
    first = stated[0] if isinstance(stated, list) and stated else stated
    picture = first if isinstance(first, dict) else {"url": first}
    if address := clean_link(text_or_empty(picture.get("url")) or text_or_empty(picture.get("contentUrl")), url):
        caption = _line(text_or_empty(picture.get("caption")), MAX_CAPTION_CHARS)
        return Image(address, caption=(Span(caption),) if caption else ())
    address = next(filter(None, (clean_link(each, url) for each in _values(meta, ("og:image", "twitter:image")))), None)
    return Image(address) if address else None


def _date(written: Iterable[object], now: datetime) -> datetime | None:
    dates = (read_date(text, now) for text in map(_first_text, written) if text)
    return next(filter(None, dates), None)


def _meta(root: LexborNode) -> dict[str, str]:
    """Map the name or property of each of a page's `meta` elements, in lower case, to the element's content.

    If several elements have the same name, the first one's content is returned.
    """
    found: dict[str, str] = {}
    for node in root.css("meta[content]"):
        attributes = node.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or ""
        if name and (content := attributes.get("content")):
            found.setdefault(name.lower(), content)
    return found


def _values(meta: Mapping[str, str], names: Iterable[str]) -> Iterator[str]:
    return (meta[name] for name in names if name in meta)


def _times(root: LexborNode, prop: str = "") -> Iterator[str]:
    for node in root.css(f"[itemprop={prop}]" if prop else "time[datetime]")[:3]:
        attributes = node.attributes
        yield attributes.get("datetime") or attributes.get("content") or ""


def _lines(values: Iterable[object], limit: int) -> Iterator[str]:
    return filter(None, (_line(text_or_empty(value), limit) for value in values))


def _line(text: str, limit: int) -> str:
    """Return a text of the metadata as one line of at most `limit` characters, without markup and entities.

    Many pages escape such a text twice.
    """
    return html_to_line(unescape(text), limit)
