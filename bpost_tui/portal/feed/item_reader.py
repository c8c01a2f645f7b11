"""Reader of a feed's items, as they are written: all texts, names and media, and the address of comments. Pure, linear.

The XML must have been sanitized before (`sanitize_xml`). Each item is read by itself, so that an item that isn't well-formed hides
no other. Sources: RSS 2.0 (rssboard.org), RFC 4287, RSS 1.0's content and Dublin Core modules, Media RSS 1.5.1, Apple's podcast
tags, Google's schemas of sitemaps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from html import escape, unescape
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from bpost_tui.model.feed_addresses import FeedAddresses
from bpost_tui.model.sanitize import MAX_NAME_CHARS, MAX_TITLE_CHARS, clean_line
from bpost_tui.portal.html.block_parser import html_to_line
from bpost_tui.portal.html.text_to_html import text_to_html
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.urls import clean_link

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_PREFIXES = {
    "http://purl.org/rss/1.0/modules/content": "content",
    "http://purl.org/dc/elements/1.1": "dc",
    "http://search.yahoo.com/mrss": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://purl.org/dc/terms": "dcterms",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns": "rdf",
    "http://purl.oclc.org/net/rss_2.0/enc": "enc",
    "http://turbo.yandex.ru": "turbo",
    "http://www.w3.org/xml/1998/namespace": "xml",
    "http://www.google.com/schemas/sitemap-news/0.9": "news",
    "http://www.google.com/schemas/sitemap-image/1.1": "image",
    **dict.fromkeys(("http://www.sitemaps.org/schemas/sitemap/0.9", "http://www.google.com/schemas/sitemap/0.84"), ""),
    **dict.fromkeys(("http://www.w3.org/2005/atom", "http://purl.org/atom/ns"), ""),
    **dict.fromkeys(("http://purl.org/rss/1.0", "http://backend.userland.com/rss2"), ""),
    **dict.fromkeys(("http://my.netscape.com/rdf/simple/0.9", "http://channel.netscape.com/rdf/simple/0.9"), ""),
}
"""Maps namespaces to their usual prefixes. Namespaces are in lower case, without the slash or `#` that some feeds append."""
_USUAL = frozenset(_PREFIXES.values()) - {"", "xml"}
"""Prefixes that identify a vocabulary even if its namespace is unknown, such as `media` in Squarespace's feeds."""
_WHOLE = frozenset(("content:encoded", "content", "body", "xhtml:body", "fullitem", "full-text", "turbo:content"))
"""Elements whose names declare that they hold the whole text of a story."""
_TEXTS = _WHOLE | frozenset(("description", "summary", "abstract", "itunes:summary"))
_OF_ANY = frozenset(("description", "full-text", "category"))
"""Names of elements that have the same meaning in every XML namespace, so that their prefix is ignored."""
_PLAIN = frozenset(("text", "plain", "text/plain"))
_AUTHORS = frozenset(("author", "dc:creator"))
_ENCLOSURES = frozenset(("enclosure", "enc:enclosure"))
_IDS = ("guid", "id", "loc")
_TITLES = ("title", "media:title", "dc:title", "itunes:title", "news:title")
_PUBLISHED = (
    *("pubDate", "published", "issued", "dcterms:issued", "dc:date", "pubdate", "date", "created", "dcterms:created"),
    "news:publication_date",
)
_UPDATED = ("updated", "modified", "dcterms:modified", "lastBuildDate")
_TERMS = frozenset(("category", "dc:subject"))
_KEYWORDS = frozenset(("itunes:keywords", "media:keywords", "keywords"))
_GROUPS = frozenset(("media:group", "media:content", "categories", "authors", "news:news", "image:image"))
_DECLARATION = re.compile(r"\sxmlns:([\w.-]+)\s*=\s*(?:\"([^\"<]*)\"|'([^'<]*)')")
_BASE = re.compile(r"\sxml:base\s*=\s*(?:\"([^\"<]*)\"|'([^'<]*)')")
_PREFIX = re.compile(r"[</\s]([A-Za-z_][\w.-]*):[\w.-]+")
_XMLS_OWN = frozenset(("xml", "xmlns"))
_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>")
_PRESENTATION_TAGS = re.compile(r"</?(?:span|font)\b", re.IGNORECASE)
_TWICE = re.compile(
    r"&lt;(?:/(?:p|a|div|ul|ol|h[1-6]|b|strong|em|i|span|blockquote)|br ?/?|p|img [^<>]{1,2000}?)&gt;", re.IGNORECASE
)
_USUAL_TAG = re.compile(
    r"</(?:p|a|div|ul|ol|li|h[1-6]|blockquote|pre|td|figure)>|<(?:br|p|hr) ?/?>|<(?:img|a|iframe) [^<>]{1,2000}>",
    re.IGNORECASE,
)
_TITLE_TAG = re.compile(r"</(?:b|i|em|strong|u|s|sup|sub|span|a|code|cite|q|small|font|mark|p|div)>|<br ?/?>", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#\d{1,6}|#[xX][0-9a-fA-F]{1,5}|[a-zA-Z]{2,12}\d?);")
_ENDLESS_REFERENCE = re.compile(r"&#(?:\d{8,}|[xX][0-9a-fA-F]{8,});?")
_CHANNEL_TITLE = re.compile(r"<(?:\w+:)?title\b[^>]*>(.{0,5000}?)</(?:\w+:)?title>", re.DOTALL)
_NOT_CHANNEL = re.compile(r"<(?:\w+:)?(image|textInput|textinput)[\s>].{0,20000}?</(?:\w+:)?\1>", re.DOTALL)
_CHANNEL_LINK = re.compile(r"<(?:\w{1,20}:)?link\s[^<>]*>")
_LINK_ATTRIBUTE = re.compile(r"\s(rel|href)=\"([^\"]*)\"")
_NEW_ADDRESS = re.compile(r"<(?:\w{1,20}:)?new-feed-url\s*>([^<]{0,5000}|<!\[CDATA\[[^<\]]{0,5000}\]\]>\s*)</")
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
_DOTS_AT_END = re.compile(r"(?:…|\.\.\.|&#8230;|&hellip;)[\])]?(?:\s|</\w{1,10}>)*$")
_WORD = re.compile(
    "[\u3040-\u30ff\u3400-\u9fff]|[^\\W\u3040-\u30ff\u3400-\u9fff][\\w\u0300-\u036f\u0900-\u0963\u0966-\u109f\u200c\u200d'\u2019]*"
)
"""Pattern of a word in the sense of UAX #29: a letter with the letters, marks and joiners after it, or a single ideograph.

`\\w+` splits Bengali words at their vowel signs: nine words counted as 28, in three times the time.
"""
_MOST_COMPARED = 2000
"""Maximum number of words of a summary that are looked up in the whole text (`_shares`)."""
_MAIL_AND_NAME = re.compile(r"\s*\S{1,200}@\S{1,200}\s*\(([^()]{1,300}(?:\([^()]{0,100}\)[^()]{0,100})?)\)\s*")
_NAME_AND_MAIL = re.compile(r"\s*\"?([^<>\"]{1,300}?)\"?\s*(?:<|&lt;)\S{1,200}@\S{1,200}(?:>|&gt;)\s*")


class ItemText(NamedTuple):
    """One of the texts of a feed's item, such as its description or its full content."""

    html: str
    base: str = ""
    """Address against which relative links in the text are resolved; empty if the feed declares none."""
    is_whole: bool = False
    """Whether the feed declares, by the name of the element, that the text is the whole story, not a description or a summary."""

    @property
    def amount(self) -> TextAmount:
        """Amount of content in the text."""
        tags = _TAG.findall(self.html)
        media = sum(tag[:4].lower() in ("<img", "<ifr", "<vid", "<aud") for tag in tags)
        links = sum(tag[:3].lower() == "<a " for tag in tags)
        meaningful = sum(not _PRESENTATION_TAGS.match(tag) for tag in tags)
        # counted, not listed: 600,000 words take 60 MB
        return TextAmount(sum(1 for _ in self.words()) + media, media + links, meaningful)

    def words(self) -> Iterator[str]:
        """Yield the words of the text."""
        return (found[0] for found in _WORD.finditer(_unescaped(_TAG.sub(" ", self.html))))


class TextAmount(NamedTuple):
    """Amount of content in a text."""

    words: int
    """Number of words; each picture, film or sound also counts as a word."""
    media: int
    """Number of pictures, films, sounds and links."""
    tags: int
    """Number of HTML tags, except tags that only change the look of text, such as `<b>`."""


class Enclosure(NamedTuple):
    """Sound, film, picture or document that comes with an item."""

    address: str
    kind: str = ""
    """Media type (RFC 2046) such as `audio/mpeg`, or only its first half, `audio`; empty if the feed gives none."""
    title: str = ""
    length_s: int = 0
    size_bytes: int = 0
    width_px: int = 0
    group: int = -1
    """Number of the item's group that the file belongs to; below 0 if it belongs to none.

    A group (`media:group`) holds the same picture or film in several sizes.
    """


class FeedItem(NamedTuple):
    """Content of one item (RSS) or entry (Atom) of a feed, which is one story."""

    id: str = ""
    """Id that the feed gives the item (`guid` or `id`), unchanged; empty if it gives none."""
    title: str = ""
    """Title of the item as one line of text, not yet sanitized."""
    link: str = ""
    published: str = ""
    """Publication date as the feed writes it, in any format; empty if the feed has none."""
    updated: str = ""
    terms: tuple[str, ...] = ()
    """Topics of the story: its categories and keywords of every kind."""
    texts: tuple[ItemText, ...] = ()
    authors: tuple[str, ...] = ()
    """Authors' names as the feed writes them, but without mail addresses."""
    media: tuple[Enclosure, ...] = ()
    thumbnail: str = ""
    comments_address: str = ""
    """Address of the readers' comments on the story."""

    @property
    def text(self) -> ItemText:
        """Fullest text of the item: the text with the most pictures and links, among those nearly as long as the longest.

        "Nearly as long" means at least 90 % of the words. If this text ends in dots, and the feed doesn't declare it whole, it was
        probably cut off. A text that the feed declares whole then replaces it, if that text has more than half as many words as the
        longest text, and contains at least half of the words of the text that ends in dots.
        """
        if len(self.texts) < 2:
            return self.texts[0] if self.texts else ItemText(escape(self.title) if len(self.title) > MAX_TITLE_CHARS else "")
        amounts = {text: text.amount for text in self.texts}
        most_words = max(amount.words for amount in amounts.values())
        near = [text for text in self.texts if 10 * amounts[text].words >= 9 * most_words]
        best = max(near, key=lambda text: (amounts[text].media, *amounts[text]))
        if not best.is_whole and _DOTS_AT_END.search(best.html[-80:]):
            whole = (text for text in self.texts if text.is_whole and 2 * amounts[text].words > most_words and _shares(best, text))
            return max(whole, default=best, key=amounts.__getitem__)
        return best


def _shares(summary: ItemText, text: ItemText) -> bool:
    """Whether `text` has at least half of the words in `summary`. If it has fewer, `summary` isn't a summary of `text`."""
    words = set(islice(summary.words(), _MOST_COMPARED))
    return 2 * len(words.intersection(text.words())) >= len(words)


class ItemReader:
    """Reader of one feed's items.

    Args:
        head: The feed's text up to its first item, which declares namespaces and the base address.
        base: The feed's own address.
    """

    def __init__(self, head: str, base: str) -> None:
        self._declared = {
            prefix: double or single for prefix, double, single in _DECLARATION.findall(head) if prefix not in _XMLS_OWN
        }
        found = _BASE.search(head.partition("?>")[2].partition(">")[0])  # xml:base of the root
        self._base = resolve_address(base, found[1] or found[2]) if found else ""
        self._written = "".join(f' xmlns:{prefix}="{escape(address)}"' for prefix, address in self._declared.items() if address)
        self._usual = {_bare(address): prefix for prefix, address in self._declared.items() if prefix in _USUAL}
        self._names: dict[str, str] = {}

    def read(self, item: str) -> FeedItem | None:
        """Return the content of `item`, a text from its start tag to its end tag; None if it isn't well-formed."""
        from xml.etree.ElementTree import ParseError, fromstring  # 3 ms

        for is_again in (False, True):  # a search for undeclared prefixes, only if parsing fails
            declared = self._with_prefixes_of(item) if is_again else self._written
            try:
                element = fromstring(f"<x{declared}>{item}</x>")[0]  # noqa: S314 -- it has no DOCTYPE
                return self._item(element)
            except (ParseError, IndexError):
                continue
        return None

    def _with_prefixes_of(self, item: str) -> str:
        missing = {*_PREFIX.findall(item)} - _XMLS_OWN - self._declared.keys()
        return self._written + "".join(f' xmlns:{prefix}="{prefix.lower()}"' for prefix in missing)

    def _item(self, element: Element) -> FeedItem:
        base = resolve_address(self._base, self._attribute(element, "xml:base"))
        parts = list(self._parts(element))
        return FeedItem(
            self._id(element, parts),
            next(filter(None, (self._title(part) for wanted in _TITLES for name, part in parts if name == wanted)), ""),
            self._link(element, parts, base),
            _first(parts, _PUBLISHED),
            _first(parts, _UPDATED),
            self._terms(parts),
            self._texts(parts, base, _TEXTS) or self._texts(parts, base, {"itunes:subtitle"}),
            self._authors(parts),
            tuple(self._media(parts)),
            next((part.get("url", "") for name, part in parts if name == "media:thumbnail"), "")
            or next((self._attribute(part, "href") for name, part in parts if name == "itunes:image"), "")
            or _first(parts, ("image:loc",)),
            _first(parts, ("comments",)),
        )

    def _name(self, tag: str) -> str:
        """Return the name of an element or attribute with the usual prefix for its namespace, such as `media:content`.

        `tag` is the name as ElementTree gives it: `{namespace}content`.
        """
        if tag not in self._names:
            namespace, _, local = tag.rpartition("}")
            namespace = _bare(namespace[1:])
            prefix = _PREFIXES.get(namespace, self._usual.get(namespace, namespace))
            self._names[tag] = f"{prefix}:{local}" if prefix and local not in _OF_ANY else local
        return self._names[tag]

    def _attribute(self, element: Element, wanted: str) -> str:
        return next((value for name, value in element.attrib.items() if self._name(name) == wanted), "")

    def _parts(self, element: Element) -> Iterator[tuple[str, Element]]:
        """Yield (name, element) for each element directly in an item, and for each in the item's groups of media."""
        for child in element:
            name = self._name(child.tag)
            yield name, child
            if name in _GROUPS:
                yield from self._parts(child)

    # ── id, link, title, terms ──────────────────────────────────────────────

    def _id(self, element: Element, parts: list[tuple[str, Element]]) -> str:
        return _first(parts, _IDS) or self._attribute(element, "rdf:about")

    def _link(self, element: Element, parts: list[tuple[str, Element]], base: str) -> str:
        """Return an item's address, resolved against `base`: its link, or its id if it has no link; empty if neither is an address.

        `element` is the item, and `parts` are the elements in it, by name.
        """
        links = [part for name, part in parts if name == "link" and part.get("rel", "alternate") == "alternate"]
        links.sort(key=lambda part: "html" not in part.get("type", "html"))
        written = next(filter(None, ((part.get("href") or part.text or "").strip() for part in links)), "")
        guid = next((part for name, part in parts if name in _IDS), None)
        if not written and guid is not None and guid.get("isPermaLink", "true").lower() == "true":
            written = (guid.text or "").strip()
        return resolve_address(base, written or self._attribute(element, "rdf:about"))

    def _title(self, element: Element) -> str:
        """Return a title without markup, whether the markup is XML elements, escaped HTML, or HTML that was escaped twice."""
        if len(element):
            return " ".join("".join(element.itertext()).split())
        return _plain_title(element.text or "", is_html=element.get("type", "").lower().endswith("html"))

    def _terms(self, parts: list[tuple[str, Element]]) -> tuple[str, ...]:
        terms: list[str] = []
        for name, part in parts:
            if name in _TERMS:
                # Atom has a readable label beside the term (RFC 4287 §4.2.2)
                terms += [part.get("label") or part.get("term") or part.get("text") or part.text or ""]
                terms += [child.get("text", "") for child in part]
            elif name in _KEYWORDS:
                terms += (part.text or "").split(",")
        return tuple(dict.fromkeys(filter(None, map(str.strip, terms))))

    # ── texts ───────────────────────────────────────────────────────────────

    def _texts(self, parts: list[tuple[str, Element]], base: str, names: Set[str]) -> tuple[ItemText, ...]:
        return tuple(filter(None, (self._text(name, part, base) for name, part in parts if name in names)))

    def _text(self, name: str, element: Element, base: str) -> ItemText | None:
        base = resolve_address(base, self._attribute(element, "xml:base"))
        kind = element.get("type", "text" if name in ("content", "summary") else "html").lower()
        if len(element):
            html = "".join(self._markup(element))
        elif element.get("mode") == "base64":  # Atom 0.3
            html = _from_base64(element.text or "")
        else:
            html = element.text or ""
        html = text_as_html(html, is_plain=kind in _PLAIN and not len(element))
        return ItemText(html, base, name in _WHOLE) if html else None

    def _markup(self, element: Element) -> Iterator[str]:
        """Yield the content of an element, piece by piece, as text with markup."""
        yield escape(element.text or "", quote=False)
        for child in element:
            tag = child.tag.rpartition("}")[2]
            attributes = "".join(f' {name.rpartition("}")[2]}="{escape(value)}"' for name, value in child.attrib.items())
            yield f"<{tag}{attributes}>"
            yield from self._markup(child)
            yield f"</{tag}>"
            yield escape(child.tail or "", quote=False)

    # ── authors ─────────────────────────────────────────────────────────────

    def _authors(self, parts: list[tuple[str, Element]]) -> tuple[str, ...]:
        """Return the authors' names in `parts`, the elements of an item by name; each name once.

        A podcast's `itunes:author`, often its publisher, counts only if there is no other name.
        """
        for kinds in (_AUTHORS, frozenset(("itunes:author",))):
            written = [self._author(part) for name, part in parts if name in kinds]
            if names := {name.casefold(): name for name in reversed(written) if name}:
                return tuple(reversed(names.values()))
        return ()

    def _author(self, element: Element) -> str:
        named = next((child for child in element.iter() if self._name(child.tag).rpartition(":")[2] in ("name", "Name")), element)
        return person_name(named.text or "") or person_name(
            next((child.text or "" for child in element if child.tag.endswith("email")), "")
        )

    # ── media ───────────────────────────────────────────────────────────────

    def _media(self, parts: list[tuple[str, Element]]) -> Iterator[Enclosure]:
        members: set[Element] = set()
        lasts = next((_seconds(part.text or "") for name, part in parts if name == "itunes:duration"), 0)
        group = -1
        for name, part in parts:
            if name == "media:group":
                group += 1
                members = {child for child in part.iter() if self._name(child.tag) == "media:content"}
            if name in _ENCLOSURES or (name == "link" and part.get("rel") == "enclosure"):
                address = part.get("url") or part.get("href") or part.get("resource") or ""
                yield Enclosure(address, part.get("type", ""), part.get("title", ""), lasts, _number(part.get("length", "")))
            elif name == "media:content":
                texts = {self._name(child.tag): (child.text or "").strip() for child in part}
                title = next(filter(None, map(texts.get, ("media:title", "description", "media:text"))), "")
                size, width = (_number(part.get(field, "")) for field in ("fileSize", "width"))
                kind = part.get("type") or part.get("medium") or ""
                lasts_s, at = _seconds(part.get("duration", "")), group if part in members else -1
                player = next((child.get("url", "") for child in part if self._name(child.tag) == "media:player"), "")
                yield Enclosure(part.get("url", "") or player, kind, title, lasts_s, size, width, at)


def _bare(namespace: str) -> str:
    return namespace.lower().replace("https:", "http:", 1).rstrip("/#")


def feed_name(head: str) -> str:
    """Return the title of a feed, found in `head`, the feed's text up to its first item; empty if there is none.

    The title of the feed's logo doesn't count.
    """
    found = _CHANNEL_TITLE.search(_NOT_CHANNEL.sub("", head))
    if found is None:
        return ""
    written = _CDATA.sub("", found[1])
    return clean_line(_plain_title(written if len(written) < len(found[1]) else _unescaped(written)), MAX_NAME_CHARS)


def feed_addresses(head: str, url: str) -> FeedAddresses:
    """Return the addresses that a feed gives itself in `head`, the feed's text up to its first item.

    Relative addresses are resolved against `url`, the address that the feed was requested at.
    """
    links = (dict(_LINK_ATTRIBUTE.findall(found[0])) for found in _CHANNEL_LINK.finditer(head))
    own = next((link.get("href", "") for link in links if link.get("rel", "").lower() == "self"), "")
    new = _NEW_ADDRESS.search(head)
    written = (own, _CDATA.sub("", new[1]).strip() if new else "")
    return FeedAddresses(*(clean_link(_unescaped(address), url) or "" if address else "" for address in written))


def _plain_title(written: str, *, is_html: bool = False) -> str:
    """Return the title `written` as plain text, without markup and character references such as `&amp;`.

    A title counts as HTML if `is_html`, or if it has a common HTML tag such as `<br>` or `</b>`.
    """
    title = _CDATA.sub("", written)
    if is_html or _TITLE_TAG.search(title):
        return html_to_line(title, MAX_TITLE_CHARS)
    return _unescaped(title) if _REFERENCE.search(title) else title


def _unescaped(text: str) -> str:
    """Return a text with its character references resolved; a reference with more digits than any character needs is removed."""
    return unescape(_ENDLESS_REFERENCE.sub("", text))


def _first(parts: list[tuple[str, Element]], names: tuple[str, ...]) -> str:
    """Return the text of the first element in `parts` that has one of `names` and isn't empty; earlier names take precedence.

    Return an empty text if there is none.
    """
    written = ((part.text or "").strip() for wanted in names for name, part in parts if name == wanted)
    return next(filter(None, written), "")


def text_as_html(html: str, *, is_plain: bool = False) -> str:
    """Return a text as HTML, whether it is HTML, text without markup, or HTML that was escaped twice.

    A text that the feed declares plain (`is_plain`) counts as HTML if it has common HTML tags: many feeds declare it wrongly.
    """
    if is_plain and not _USUAL_TAG.search(html):
        return text_to_html(escape(html, quote=False))
    html = _CDATA.sub("", html).strip() if "]]>" in html or "<![" in html else html.strip()
    if html and not _TAG.search(html):
        html = _unescaped(html) if _TWICE.search(html) else html
        return html if _TAG.search(html) else text_to_html(html)
    return html


def person_name(written: str) -> str:
    """Return the person's name in `written`, without the mail address.

    Feeds write both as `a@b.example (Name)` or `Name <a@b.example>`.
    """
    found = _MAIL_AND_NAME.fullmatch(written) or _NAME_AND_MAIL.fullmatch(written)
    return found[1].strip() if found else written.strip()


def resolve_address(base: str, address: str) -> str:
    """Return `address` resolved against `base`; `base` itself if `address` is empty or malformed."""
    try:
        return urljoin(base, address.strip()) if address else base
    except ValueError:  # an unbalanced bracket
        return base


def _from_base64(text: str) -> str:
    from base64 import b64decode

    try:
        return b64decode(text).decode("utf-8", errors="replace")
    except ValueError:
        return ""


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"\d{1,12}", text.strip(), re.ASCII) else 0


def _seconds(text: str) -> int:
    """Return a duration in seconds.

    It is written in seconds, or in hours, minutes and seconds with colons; any other form gives 0.
    """
    parts = text.strip().partition(".")[0].split(":")
    if not 1 <= len(parts) <= 3 or not all(re.fullmatch(r"\d{1,6}", part, re.ASCII) for part in parts):
        return 0
    return sum(int(part) * 60**at for at, part in enumerate(reversed(parts)))
