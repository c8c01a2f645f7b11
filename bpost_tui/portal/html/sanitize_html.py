"""Sanitizer that makes HTML safe to parse: linear work and bounded depth. Pure.

The obvious way is to hand a page to Lexbor as it came: it follows the HTML standard and was linear in all shapes tried but two.
Elements nested 100,000 deep took it 21 s, and as many attributes on one tag 35 s. The functions that walk the finished tree
recurse, so depth alone would also end them with an error.

`sanitize_html` prevents both in one linear pass. It tokenises as the HTML standard does (WHATWG HTML §13.2.5), and keeps the few
attributes that are used. It drops elements that are never text (scripts, styles, comments), and balances the tags. Tags nested
deeper than `MAX_DEPTH` are left out, but not their text. Ready-made sanitizers and extractors (nh3, readability, trafilatura) have
no budget, and none gives blocks.

It doesn't build a tree and doesn't judge content: which elements are text is decided in `block_parser`, after Lexbor has parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

MAX_DEPTH = 64
"""Maximum nesting depth of elements, so that functions may recurse over the tree. Pages made with page builders have about 40."""
MAX_TAGS = 100_000
"""Maximum number of tags and texts read of one document; the rest is left out."""
MAX_ATTRIBUTE_CHARS = 4096

_VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"])
_RAW = frozenset(["script", "style", "iframe", "title", "xmp", "noembed", "noframes", "noscript", "template"])
_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
TEXT_FIELD_TAG = "x-written"
"""Name of the tag that replaces `textarea`, because its content may look like markup.

The content is dropped from a page and is text in a feed.
"""
_HIDDEN_ELEMENTS = frozenset(("audio", "canvas", "object", "select", "video", TEXT_FIELD_TAG))
"""Elements whose content is never shown as text. An unclosed or self-closing (`/>`) element counts as empty and hides nothing."""
_PLAYERS = frozenset(("audio", "video"))
_SOURCES = frozenset(("embed", "param", "source", "track"))
_CELL = frozenset(("td", "th"))
_TERM = frozenset(("dt", "dd"))
_TABLE = frozenset(("table",))
_LISTS = frozenset(("ul", "ol", "dl", "table"))
_FLOW = _LISTS | frozenset(["article", "aside", "blockquote", "div", "figure", "li", "main", "section", "td", "th"])
_ENDS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "p": (frozenset(("p",)), _FLOW),
    "li": (frozenset(("li",)), _LISTS),
    **dict.fromkeys(_CELL, (_CELL, _TABLE)),
    **dict.fromkeys(_TERM, (_TERM, _LISTS)),
    "tr": (frozenset(("tr",)), _TABLE),
    **dict.fromkeys(_HEADINGS, (_HEADINGS, _FLOW)),
}
"""Maps the name of a start tag to two sets of elements: those that the tag closes if they are open, and those that prevent this.

An element of the second set prevents it if it is open inside the element to be closed: in a table inside a list entry, `<li>`
doesn't close that entry. Source: WHATWG HTML §13.1.2.4.
"""
_ATTRIBUTES = frozenset(("href", "src", "data-src", "data-lazy-src", "alt", "width", "height", "class", "id", "rel")).union(
    ("itemprop", "property", "content", "datetime", "colspan", "rowspan", "title", "data", "type", "name"),
    ("srcset", "data-srcset", "start", "hidden", "aria-hidden"),
)

_MARKUP = re.compile(r"<(?:!--|(/?)([a-zA-Z][a-zA-Z0-9:_-]{0,40})|[!?])")
_FALLBACK = re.compile(r"<a\s[^<>]{0,500}?href=[\"'](https?://[^\"'<>]{1,1000})[\"'][^<>]{0,500}>([^<>]{1,500})</a>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"[\s/]*([^\s/>][^\s/>=]*)(?:\s*=\s*(?:([\"'])|([^\s>]*)))?")


def sanitize_html(html: str) -> str:
    """Return `html` with only the tags and attributes that are used, every tag closed, none deeper than `MAX_DEPTH`.

    >>> sanitize_html('<p onclick="x">এক<p class="a">দুই<script>x()</script>')
    '<p>এক</p><p class="a">দুই</p>'
    """
    out: list[str] = []
    stack: list[str] = []
    at = 0
    unclosed = ""
    while len(out) < 2 * MAX_TAGS and (found := _MARKUP.search(html, at)):
        text, name = html[at : found.start()], (found[2] or "").lower()
        name = TEXT_FIELD_TAG if name == "textarea" else name
        if unclosed and (text.strip() or name not in _SOURCES):
            _close(unclosed, stack, out)
            unclosed = ""
        if text:
            out.append(text)
        if not name:
            at = _after(html, "-->" if found[0] == "<!--" else ">", found.start() + 2)
            continue
        attributes, at = _read_attributes(html, found.end())
        if found[1]:
            _close(name, stack, out)
        elif name in _RAW:
            start = at
            end = _next(name, html, at)
            if (end and end[1]) or (html[at - 2] != "/" and name != "iframe"):  # otherwise it is empty, as in XML
                at = end.start() if end else len(html)
            if name == "iframe":
                out.append(_start_tag(name, _with_fallback(attributes, html[start:at])) + "</iframe>")
            elif name == "xmp":  # the predecessor of `pre`
                out.append(f"<pre>{escape(html[start:at], quote=False)}</pre>")
        elif name != "plaintext":  # after it a browser reads only text, but in a feed its content is markup
            _open(name, attributes, stack, out)
            if name in _HIDDEN_ELEMENTS and (html[at - 2] == "/" or (name in _PLAYERS and not _is_closed(name, html, at))):
                unclosed = name
    if unclosed:
        _close(unclosed, stack, out)
    out.append(html[at:] if len(out) < 2 * MAX_TAGS else "")
    out.extend(f"</{name}>" for name in reversed(stack))
    return "".join(out)


def _next(name: str, html: str, at: int) -> re.Match[str] | None:
    """Return the match of the next start or end tag of an element `name` after index `at`; None if there is no such tag.

    Group 1 isn't empty for an end tag.
    """
    return re.compile(f"<(/?){name}(?![a-z0-9])", re.IGNORECASE).search(html, at)


def _is_closed(name: str, html: str, at: int) -> bool:
    """Whether an element is closed: after index `at`, an end tag `name` comes before another start tag `name`.

    `at` is the index in `html` where the element's start tag ends.
    """
    return (following := _next(name, html, at)) is not None and bool(following[1])


def _with_fallback(attributes: dict[str, str], inside: str) -> dict[str, str]:
    """Return the attributes of an `iframe`, with the address and title of the link in `inside`, if there is one.

    `inside` is the content of the element, which only browsers without frames show.
    """
    if (link := _FALLBACK.search(inside)) is None:
        return attributes
    return {"title": unescape(link[2].strip()), **attributes, "href": unescape(link[1])}


def _after(html: str, mark: str, start: int) -> int:
    end = html.find(mark, start)
    return len(html) if end < 0 else end + len(mark)


def _read_attributes(html: str, at: int) -> tuple[dict[str, str], int]:
    """Return those attributes of a tag that bpost uses (`_ATTRIBUTES`), and the index in `html` after the tag.

    `at` is the index after the tag's name. If the tag isn't closed, the returned index is the end of `html`.
    """
    attributes: dict[str, str] = {}
    while found := _ATTRIBUTE.match(html, at):
        at = found.end()
        value = found[3] or ""
        if quote := found[2]:
            end = html.find(quote, at)
            if end < 0:
                return attributes, len(html)
            value, at = html[at : min(end, at + MAX_ATTRIBUTE_CHARS)], end + 1
        name = found[1].lower()
        if name in _ATTRIBUTES and len(value) <= MAX_ATTRIBUTE_CHARS:
            attributes.setdefault(name, value)
    return attributes, _after(html, ">", at)


def _open(name: str, attributes: dict[str, str], stack: list[str], out: list[str]) -> None:
    if name in _ENDS:
        ended, between = _ENDS[name]
        nearest = next((inner for inner in reversed(stack) if inner in ended or inner in between), "")
        if nearest in ended:
            _close(nearest, stack, out)
    if name not in _VOID:
        if len(stack) >= MAX_DEPTH:
            return
        stack.append(name)
    out.append(_start_tag(name, attributes))


def _start_tag(name: str, attributes: dict[str, str]) -> str:
    written = "".join(' {}="{}"'.format(key, value.replace('"', "&quot;")) for key, value in attributes.items())
    return f"<{name}{written}>"


def _close(name: str, stack: list[str], out: list[str]) -> None:
    """Close the innermost open element `name` and the elements open in it: remove them from `stack`, add end tags to `out`.

    The end tag of any heading level closes a heading (WHATWG HTML §13.2.6.4.7).
    """
    ended = _HEADINGS if name in _HEADINGS else frozenset((name,))
    if not ended.isdisjoint(stack):
        while stack:
            innermost = stack.pop()
            out.append(f"</{innermost}>")
            if innermost in ended:
                break


def parse(html: str) -> LexborNode | None:
    """Return the sanitized tree of `html`, beginning at its `html` element; None if it is empty."""
    from selectolax.lexbor import LexborHTMLParser  # 9 ms

    return LexborHTMLParser(sanitize_html(html)).root


def children(node: LexborNode) -> Iterator[LexborNode]:
    """Yield an element's child elements and texts."""
    child = node.first_child
    while child is not None:
        yield child
        child = child.next
