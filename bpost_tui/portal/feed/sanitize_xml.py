"""Sanitizer that makes a feed's XML safe to parse: no DTD, no control characters, and limits on everything.

Pure, linear in the text.

The obvious way is to hand the bytes to expat, or to feedparser. expat refuses a whole feed for one ESC in it, or for one attribute
without quotes. Of 63 real feeds, feedparser read 33 incompletely. It is also quadratic in the attributes of a tag, the text of
some elements, an item's categories and namespaces.

So the text is rewritten as well-formed XML, once and in linear time, from its root element on. That leaves out PHP warnings, blank
lines, and DOCTYPEs with their entities, which could grow or name files. Attributes get quotes, stray `<` and `&` are escaped,
missing end tags are added. Tags, texts, nesting, items and repeated elements are cut at their limits, and each kind of cut is
reported as a warning. ElementTree then reads each item by itself.

It doesn't interpret elements or dates (`item_reader` does). Nor does it guess the rest of an item that is cut off: half a text
would be saved as the story.
"""

from __future__ import annotations

import re
from collections import Counter
from html.entities import html5

from bpost_tui.errors import ContentError
from bpost_tui.i18n import Reason, message
from bpost_tui.limits import MAX_FEED_ITEMS

MAX_DEPTH = 64
MAX_TAG_CHARS = 8192
MAX_TOKENS = 400_000
MAX_REPEATED = 200
"""Maximum number of elements with the same name in one item, if they are of a kind that describes the item, such as `link`.

`_DESCRIBING` has the names of these elements.
"""
MAX_NAMESPACES = 100
"""Maximum number of different XML namespaces in a feed; WordPress has eight."""

_LIMITS = {
    **dict.fromkeys(("title", "guid", "id", "link", "comments", "url"), 4096),
    **dict.fromkeys(
        ("author", "category", "contributor", "creator", "email", "managingeditor", "name", "rights", "webmaster"), 512
    ),
    **dict.fromkeys(("pubdate", "published", "updated", "date", "lastbuilddate", "modified", "issued", "created"), 128),
}
"""Maximum number of characters kept of an element's text, by the element's local name in lower case."""
_OTHER_LIMIT = 2_000_000
"""Maximum number of characters kept of the text of an element that isn't in `_LIMITS`.

References aren't resolved before counting: `&lt;` is four characters. The limit is this high because a story with coloured program
code had 1,100,000 characters.
"""
_DESCRIBING = frozenset((*_LIMITS, "enclosure", "content", "thumbnail"))

_ITEMS = ("item", "entry")
_ITEM_MARK = re.compile(r"<(?:((?:(?:atom|rss|a|ns\d):)?(?:item|entry))(?=[\s>])|/((?:\w{1,8}:)?(?:item|entry))\s*>|!\[CDATA\[)")
_MALFORMED = Reason("the feed is not well-formed")
CUT = Reason("the feed ends in the middle")
_ROOT = re.compile(r"<(?:\w{1,20}:)?(?:rss|feed|rdf|channel)(?=[\s>])", re.IGNORECASE)
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body)(?=[\s>])", re.IGNORECASE)
_PROLOG = re.compile(r"(?:\s|<\?[^<>]*>|<![^<>]*>)*+")
"""Pattern of the content that XML allows before the root element, such as comments; some feeds have a DOCTYPE of HTML there."""
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&(?:#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,9}))|([A-Za-z]{2,31}[0-9]{0,2}));")
_TOKEN = re.compile(r"<(?:(!\[CDATA\[)|(!--)|[!?]|(/?)((?:[^\W\d][\w.-]{0,60}:)?([^\W\d][\w.-]{0,60}))(?=[\s/>]))")
_STRAY = re.compile(r"<|\]\]>|&(?!(?:#x?[0-9a-fA-F]{1,8}|amp|lt|gt|quot|apos);)")
_NAMESPACE = re.compile(r"\sxmlns(?::[\w.-]+)?\s*=\s*(?:\"([^\"]*)|'([^']*))")
_ATTRIBUTE = re.compile(r"\s((?:[^\W\d][\w.-]{0,60}:)?[^\W\d][\w.-]{0,60})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]+))")
_PARTIAL_REFERENCE = re.compile(r"&[^;&]{0,40}\Z")


def sanitize_xml(text: str) -> tuple[str, tuple[Reason, ...]]:
    """Return a feed's text as well-formed XML, and a warning for each kind of content that was cut off.

    Raises:
        ContentError: The text is no feed.
    """
    text = _CONTROLS.sub("", text)
    root = _ROOT.search(text)
    if root is None or (_HTML.search(text, 0, root.start()) and not _PROLOG.fullmatch(text, 0, root.start())):
        raise ContentError(
            _describe_non_feed(text), hint="The portal may be down for maintenance, or may want you to log in first."
        )
    pruner = _XmlPruner(_REFERENCE.sub(_reference, text[root.start() :]))
    pruner.run()
    return '<?xml version="1.0" encoding="utf-8"?>' + "".join(pruner.out), tuple(pruner.warnings)


def item_spans(text: str) -> list[tuple[int, int]]:
    """Return the index where each item's start tag begins and where its end tag ends; a tag inside CDATA doesn't count.

    >>> item_spans("<item><![CDATA[</item>]]></item> <entry></entry>")
    [(0, 32), (33, 48)]
    """
    spans: list[tuple[int, int]] = []
    name, start, at = "", 0, 0
    while found := _ITEM_MARK.search(text, at):
        at = found.end()
        opened, closed = found.groups()
        if not opened and not closed:
            end = text.find("]]>", at)
            at = len(text) if end < 0 else end + 3
        elif opened and not name:
            name, start = opened, found.start()
        elif closed and closed == name:
            spans.append((start, at))
            name = ""
    return spans


def _describe_non_feed(text: str) -> str:
    """Return the error message for a text that is no feed, such as a web page."""
    start = text.lstrip()[:1]
    if not start:
        return message("not a feed but an empty page")
    if start in "{[":
        return message("not a feed but JSON")
    return message("not a feed but a web page") if _HTML.search(text) else message("not a feed but something else")


def _reference(found: re.Match[str]) -> str:
    """Return the matched character or entity reference, in a form that is valid in XML without a DTD.

    Return an empty text if the reference is to a forbidden character.
    """
    hexadecimal, decimal, name = found.groups()
    if name:
        char = html5.get(f"{name};", "")
        return found[0] if char in ("", *"<>&\"'") else char
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    if code > 0x10FFFF or _CONTROLS.match(chr(code)):
        return ""
    return found[0]


def _well_formed(tag: str, name: str, *, empty: bool) -> str:
    """Return the start tag `tag` of the element `name` in XML's form: each attribute once, its value in quotes, nothing else.

    `empty` is whether the tag also ends the element (`/>`).
    """
    attributes: dict[str, str] = {}
    for found in _ATTRIBUTE.finditer(tag, len(name) + 1):
        attributes.setdefault(found[1], found[2] or found[3] or found[4] or "")
    written = "".join(f' {key}="{_STRAY.sub(_escaped, value).replace(chr(34), "&quot;")}"' for key, value in attributes.items())
    return f"<{name}{written}{'/' if empty else ''}>"


def _escaped(stray: re.Match[str]) -> str:
    return {"<": "&lt;", "]]>": "]]&gt;"}.get(stray[0], "&amp;")


class _XmlPruner:
    """Copier of a feed's tags and texts that leaves out everything over the limits.

    The limits are on depth, number of items and elements, and length of texts. The copy is the list of texts `out`.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._open: list[str] = []
        self._shown: list[bool] = [True]
        self._left: list[int] = [_OTHER_LIMIT]
        self._items = 0
        self._item_start = 0
        """Index in the list `out` of the start tag of the item that began last."""
        self._alike: Counter[str] = Counter()
        self._namespaces: set[str] = set()
        self.out: list[str] = []
        self.warnings: list[Reason] = []

    def run(self) -> None:
        text, at = self._text, 0
        for _ in range(MAX_TOKENS):
            found = _TOKEN.search(text, at)
            if found is None:
                self._copy_text(text[at:])
                self._leave_out_cut_item()
                break
            self._copy_text(text[at : found.start()])
            if found[1]:
                end, at = self._find("]]>", found.end())
                self._copy_cdata(text[found.end() : end])
            elif found[4] is None:
                _, at = self._find("-->" if found[2] else ">", found.end())
            else:
                end, at = self._find(">", found.end())
                if not self._copy_tag(found, text[found.start() : at]):
                    break
        self._end(len(self._open), None if self.warnings else CUT)

    def _find(self, mark: str, start: int) -> tuple[int, int]:
        end = self._text.find(mark, start)
        return (len(self._text),) * 2 if end < 0 else (end, end + len(mark))

    def _copy_text(self, text: str) -> None:
        if len(text) > self._left[-1]:
            text = _PARTIAL_REFERENCE.sub("", text[: self._left[-1]])
        self._left[-1] -= len(text)
        self.out.append(_STRAY.sub(_escaped, text))

    def _copy_cdata(self, text: str) -> None:
        text = text[: self._left[-1]]
        self._left[-1] -= len(text)
        self.out.append(f"<![CDATA[{text}]]>")

    def _copy_tag(self, found: re.Match[str], tag: str) -> bool:
        """Copy a tag to the list `out`, unless it exceeds the limits on depth and number of elements.

        Return whether copying goes on: False if the tag begins an item and the feed may have no more items. `found` is the match of
        the tag, and `tag` its text.
        """
        closing, name, local = found[3], found[4], found[5].lower()
        if closing:
            self._close(name)
            return True
        if local in _ITEMS and tag.endswith("/>"):  # an empty item, which some feeds have inside another
            return True
        if local in _ITEMS:
            self._end_previous_item()
            self._item_start = len(self.out)
            self._items += 1
            self._alike.clear()
            if self._items > MAX_FEED_ITEMS:
                self.warnings.append(Reason("only the first {n} stories of the feed were read", n=MAX_FEED_ITEMS))
                return False
        empty = tag.endswith("/>")
        if len(tag) > MAX_TAG_CHARS or not tag.endswith(">"):
            tag = f"<{name}{'/' if empty else ''}>"
        cut = self._exceeds_limit(local, tag)
        shown = self._shown[-1] and not cut and len(self._open) < MAX_DEPTH
        if shown:
            self.out.append(_well_formed(tag, name, empty=empty) if "=" in tag else tag)
        if not empty:
            self._open.append(name)
            self._shown.append(shown)
            self._left.append(0 if cut else _LIMITS.get(local, _OTHER_LIMIT))
        return True

    def _exceeds_limit(self, local: str, tag: str) -> bool:
        if local in _DESCRIBING:
            self._alike[local] += 1
        if "xmlns" in tag and len(self._namespaces) <= MAX_NAMESPACES:
            self._namespaces.update(double or single for double, single in _NAMESPACE.findall(tag))
            return len(self._namespaces) > MAX_NAMESPACES
        return self._alike[local] > MAX_REPEATED or "xmlns" in tag

    def _close(self, name: str) -> None:
        inner = self._open[: -MAX_DEPTH - 1 : -1]
        if name in inner:
            self._end(inner.index(name), _MALFORMED)
            self._end(1)
        else:
            self._warn(_MALFORMED)

    def _end_previous_item(self) -> None:
        """End the elements that the previous item left open, since no item is inside another."""
        depth = self._item_depth()
        if depth is not None:
            self._end(len(self._open) - depth, _MALFORMED)

    def _leave_out_cut_item(self) -> None:
        """Leave out the item that the end of the feed cuts off.

        Otherwise half a text would be saved, often without the item's guid.
        """
        depth = self._item_depth()
        if depth is not None:
            self._end(len(self._open) - depth, CUT)
            del self.out[self._item_start :]

    def _item_depth(self) -> int | None:
        """Return the number of open elements that enclose the open item (the item being copied); None if no item is open."""
        return next((at for at, name in enumerate(self._open[:MAX_DEPTH]) if name.rpartition(":")[2].lower() in _ITEMS), None)

    def _end(self, count: int, complaint: Reason | None = None) -> None:
        """Close the `count` innermost open elements by adding end tags.

        If `complaint` isn't None, add it to the warnings, because the feed lacked these end tags.
        """
        for _ in range(count):
            self._left.pop()
            name = self._open.pop()
            if self._shown.pop():
                self.out.append(f"</{name}>")
        if count and complaint:
            self._warn(complaint)

    def _warn(self, line: Reason) -> None:
        if line not in self.warnings:
            self.warnings.append(line)
