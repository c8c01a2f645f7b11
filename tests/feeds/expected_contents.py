"""Contents of a feed, counted only with the standard library, so that no fault of bpost's hides in the count.

Of the texts of an item, only the text with the most words counts; other words in another text of the item aren't looked for.
"""

from __future__ import annotations

import codecs
import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import dataclass, field
from email.utils import parseaddr
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

WORD = re.compile(r"\w+")
_UNSEEN = frozenset(("script", "style", "head", "title", "template", "noscript", "svg", "canvas", "button", "select", "annotation"))
_EMBEDS = frozenset(("iframe", "video", "audio", "object", "embed"))
_BREAKING = frozenset(
    ("address", "article", "aside", "blockquote", "br", "caption", "center", "dd", "details", "div", "dl", "dt")
).union(
    ("figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre"),
    ("section", "summary", "table", "td", "th", "tr", "ul", "img", "iframe", "video", "audio"),
)
_BREAK = "\x1e"
"""Mark at the end of a line within a paragraph."""
_BESIDE = frozenset(("pre", "table", "img", "blockquote", "iframe", "video", "audio"))
"""Elements outside the line of a list entry."""
_LONGEST_TITLE = 300
"""Longest title in characters: a longer title is the text."""
_COUNTER = re.compile(
    r"feedsportal\.com|doubleclick\.net|googleadservices\.com|amazon-adsystem\.com|addtoany\.com|stats\.wordpress\.com"
    r"|feeds\.wordpress\.com/1\.0/|feeds\.feedburner\.com/~|/pagead/"
)
"""Addresses of reader counters, advertisements and share buttons."""
_TAG = re.compile(r"<[a-zA-Z/!]")
_TWICE = re.compile(r"&lt;(?:p|br|a|div|img|ul|h[1-6]|span|strong|em|b|i)\b[^<]*?&gt;")
_DECLARED = re.compile(rb"<\?xml[^>]*encoding=[\"']([\w.:-]+)")
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_XHTML = "{http://www.w3.org/1999/xhtml}"
_BASE = "{http://www.w3.org/XML/1998/namespace}base"


@dataclass
class Count:
    """Contents of a feed by kind."""

    items: int = 0
    words: Counter[str] = field(default_factory=Counter)
    links: Counter[str] = field(default_factory=Counter)
    pictures: Counter[str] = field(default_factory=Counter)
    alts: Counter[str] = field(default_factory=Counter)
    list_items: Counter[str] = field(default_factory=Counter)
    paragraphs: Counter[str] = field(default_factory=Counter)
    code_lines: Counter[str] = field(default_factory=Counter)
    embeds: Counter[str] = field(default_factory=Counter)
    media: Counter[str] = field(default_factory=Counter)
    authors: Counter[str] = field(default_factory=Counter)
    categories: Counter[str] = field(default_factory=Counter)
    titles: Counter[str] = field(default_factory=Counter)


class _Html(HTMLParser):
    """Counts a piece of HTML."""

    def __init__(self, base: str) -> None:
        super().__init__(convert_charrefs=True)
        self.base = base
        self.text: list[str] = []
        self.links: list[str] = []
        self.pictures: list[str] = []
        self.alts: list[str] = []
        self.items: list[str] = []
        self.paragraphs: list[str] = []
        self.code: list[str] = []
        self.embeds: list[str] = []
        self._unseen = 0
        self._pre = 0
        self._in_p = False
        self._in_li: list[int] = []
        self._link: str | None = None
        self._link_text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag in _UNSEEN:
            self._unseen += 1
        if self._unseen:
            return
        if tag in _BREAKING:
            self.text.append("\n")
            if self._in_li:
                self.items[self._in_li[-1]] += (
                    _BREAK if tag == "pre" or (tag in _BESIDE and words(self.items[self._in_li[-1]])) else " "
                )
            if self._in_p:
                self.paragraphs[-1] += _BREAK
            if self._pre and tag == "br":
                self.code[-1] += "\n"
        if tag == "a":
            self._link, self._link_text = attributes.get("href", ""), ""
        elif tag == "img":
            src = attributes.get("data-src") or attributes.get("data-lazy-src") or attributes.get("src", "")
            if "wp-smiley" in attributes.get("class", ""):
                self.text.append(attributes.get("alt", ""))
            elif is_picture(attributes, src):
                self.pictures.append(address(src, self.base))
                if attributes.get("alt", "").strip():
                    self.alts.append(attributes["alt"])
                alt, title = attributes.get("alt", ""), attributes.get("title", "")
                if len(title.split()) > 1 or not words(alt):  # one word is mostly a file's name
                    known = words(alt.lower())
                    self.alts.append(" ".join(word for word in words(title) if word.lower() not in known))
        elif tag == "li":
            self._in_li.append(len(self.items))
            self.items.append("")
        elif tag == "p" and not self._pre:
            self._in_p = True
            self.paragraphs.append("")
        elif tag == "pre":
            self._pre += 1
            self.code.append("")
        elif tag in _EMBEDS and (source := attributes.get("src") or attributes.get("data") or "") and not _COUNTER.search(source):
            self.embeds.append(address(attributes.get("src") or attributes.get("data") or "", self.base))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        if tag in _BREAKING:
            self.text.append("\n")
        if tag == "a" and self._link is not None:
            found = address(self._link, self.base) if self._link.strip() and not self._link.startswith("#") else ""
            if found and self._link_text.strip():
                self.links.append(found)
            self._link = None
        elif tag == "li":
            del self._in_li[-1:]
        elif tag == "p":
            self._in_p = False
        elif tag == "pre":
            self._pre = max(0, self._pre - 1)

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        self.text.append(data)
        if self._link is not None:
            self._link_text += data
        if self._in_li:
            self.items[self._in_li[-1]] += data
        if self._in_p:
            self.paragraphs[-1] += data
        if self._pre:
            self.code[-1] += data


def address(link: str, base: str) -> str:
    """Return an address reduced to host and path, for comparing both sides; "" if it isn't a web address."""
    try:
        parts = urlsplit(urljoin(base, unescape(link.strip())))
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return ""
        return f"{parts.hostname.lower()}{unquote(parts.path).rstrip('/')}".encode("ascii", "ignore").decode()[:80]
    except ValueError:
        return ""


def is_picture(attributes: dict[str, str], src: str) -> bool:
    """Return whether an image is visible."""
    if any(re.fullmatch(r"0*[0-2](px)?", attributes.get(side, "").strip()) for side in ("width", "height")):
        return False
    return bool(src) and not src.startswith(("data:", "file:", "\\")) and not _COUNTER.search(src)


def words(text: str) -> list[str]:
    return WORD.findall(text.replace("\u00ad", ""))


_FALLBACK = re.compile(r"(<(audio|video)\b[^>]*>)(?:(?!<\2\b).)*?</\2>", re.DOTALL | re.IGNORECASE)
"""Fallback inside a player, for browsers without one."""


class SentText:
    """One of the texts of an item."""

    def __init__(self, text: str, base: str, *, is_plain: bool = False) -> None:
        text = re.sub(r"<!\[CDATA\[|\]\]>", "", text)
        if not is_plain and not _TAG.search(text) and _TWICE.search(text):
            text = unescape(text)
        self.html = _Html(base)
        if is_plain:
            self.html.text.append(text)
        else:
            self.html.feed(_FALLBACK.sub(r"\1", text))
            self.html.close()
        self.words = words("".join(self.html.text))


def decoded(body: bytes) -> str:
    for mark, name in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    found = _DECLARED.search(body[:200])
    name = found[1].decode().lower() if found else "utf-8"
    name = {"iso-8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "euc-kr": "cp949", "shift_jis": "cp932"}.get(name, name)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode(name, "replace")
    return text


def count(body: bytes, url: str) -> Count:
    """Return the contents of a feed.

    Raises:
        ValueError: The feed is not well-formed.
    """
    text = decoded(body).lstrip("\ufeff \r\n\t")
    if text.startswith("{"):
        return _count_json(text, url)
    text = re.sub(r"^<\?xml[^>]*\?>", "", text)
    text = re.sub(r"&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)(\w+);", lambda found: unescape(found[0]), text)
    try:
        root = ET.fromstring(re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text).encode())
    except ET.ParseError as error:
        raise ValueError(str(error)) from error
    counted = Count()
    base = urljoin(url, root.get(_BASE, ""))
    items = [each for each in root.iter() if _local(each) in ("item", "entry") and "".join(each.itertext()).strip()]
    for item in {ET.tostring(each).strip(): each for each in items}.values():  # an item sent twice counts once
        _count_item(item, counted, base)
    return counted


def _local(element: ET.Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _count_item(item: ET.Element, counted: Count, base: str) -> None:
    counted.items += 1
    links = (each for each in item if _local(each) == "link" and each.get("rel", "alternate") == "alternate")
    named = next((each.text for each in item if _local(each) in ("id", "guid") and (each.text or "").startswith("http")), "")
    link = next((each.text or each.get("href") or "" for each in links), named or "")
    base = urljoin(urljoin(base, item.get(_BASE, "")), link.strip()) if not item.get(_BASE) else urljoin(base, item.get(_BASE, ""))
    texts = [SentText(*each) if len(each) == 2 else SentText(each[0], each[1], is_plain=True) for each in _texts(item, base)]
    _add(counted, texts)
    media: set[str] = set()
    authors: set[str] = set()
    categories: set[str] = set()
    for each in item.iter():
        name = _local(each)
        if (
            name == "title"
            and len("".join(each.itertext())) <= _LONGEST_TITLE
            and each in list(item)
            and ("}" not in each.tag or "tom" in each.tag or "rss/1.0/}" in each.tag)
        ):
            counted.titles.update(SentText("".join(each.itertext()), "").words)
        elif name == "enclosure" or (name == "link" and each.get("rel") == "enclosure"):
            addresses = (value for key, value in each.items() if key.rpartition("}")[2] in ("url", "href", "resource"))
            media.update(address(value, base) for value in addresses if value.strip())
        elif name == "content" and each.get("url"):  # Media RSS, in any of its namespaces
            media.update([address(each.get("url", ""), base)] if each.get("url", "").strip() else [])
        elif name in ("author", "creator") and each in list(item):
            authors |= set() if "itunes" in each.tag.lower() else set(SentText(_name(each), "").words)
        elif name == "category" and each in list(item):
            categories |= set(words(each.get("label") or each.get("term") or each.get("text") or each.text or ""))
    counted.media.update(each for each in media if each and "gravatar.com" not in each)
    counted.authors.update(authors)
    counted.categories.update(categories)


def _name(element: ET.Element) -> str:
    named = next((each.text or "" for each in element if _local(each) == "name"), None)
    text = named if named is not None else (element.text or "")
    if found := re.fullmatch(r"\s*\S+@\S+\s*\((.+)\)\s*", text):
        return found[1]
    if "@" in text and (named := parseaddr(text)[0]):
        return named
    return text


def _texts(item: ET.Element, base: str) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    for each in item.iter():
        name = _local(each)
        here = urljoin(base, each.get(_BASE, ""))
        if each.tag == CONTENT or (name in ("description", "summary", "content", "fulltext", "full-text") and not each.get("url")):
            kind = each.get("type", "html" if name in ("description", "encoded") or "itunes" in str(each.tag) else "text")
            if kind == "xhtml" or len(each):
                found.append((ET.tostring(each, "unicode", method="html").replace("html:", ""), here))
            elif kind in ("text", "text/plain", "plain") and each.tag != CONTENT:
                found.append((each.text or "", here, True) if not _TAG.search(each.text or "") else (each.text or "", here))
            else:
                found.append((each.text or "", here))
        elif each.tag == f"{_XHTML}body":
            found.append((ET.tostring(each, "unicode", method="html").replace("html:", ""), here))
    return found


def _add(counted: Count, texts: list[SentText]) -> None:
    if not texts:
        return
    best = max(texts, key=lambda each: len(each.words) + len(each.html.pictures))
    counted.words.update(best.words)
    counted.links.update(filter(None, set(best.html.links)))
    counted.pictures.update(filter(None, best.html.pictures))
    counted.alts.update(word for alt in best.html.alts for word in words(alt))
    counted.list_items.update(key for each in best.html.items if (key := " ".join(words(each.partition(_BREAK)[0])[:4])))
    lines = (each.strip(f" \n{_BREAK}").partition(_BREAK)[0] for each in best.html.paragraphs)
    counted.paragraphs.update(key for line in lines if (key := " ".join(words(line)[:4])))
    counted.code_lines.update(key for each in best.html.code for line in each.split("\n") if (key := " ".join(words(line))))
    counted.embeds.update("embed" for _ in filter(None, best.html.embeds))


def _count_json(text: str, url: str) -> Count:
    counted = Count()
    for item in json.loads(text)["items"]:
        counted.items += 1
        base = item.get("url") or url
        texts = [SentText(item["content_html"], base)] if item.get("content_html") else []
        plain = item.get("content_text") or ""
        texts += [SentText(plain, base, is_plain=not _TAG.search(plain))] if plain else []
        texts += [SentText(item["summary"], base, is_plain=True)] if item.get("summary") else []
        _add(counted, texts)
        counted.titles.update(words(item.get("title") or ""))
        counted.media.update(filter(None, (address(each.get("url", ""), base) for each in item.get("attachments") or ())))
        people = item.get("authors") or ([item["author"]] if item.get("author") else [])
        counted.authors.update({word for each in people for word in words(each.get("name") or "")})
        counted.categories.update({word for tag in item.get("tags") or () for word in words(tag)})
    return counted
