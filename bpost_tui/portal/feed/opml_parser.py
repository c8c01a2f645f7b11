"""Parser of feed lists, OPML or newsboat's `urls`, to feeds with their line numbers. Pure, runs in the parser process.

Sources: OPML 2.0 (opml.org/spec2.opml), and the files that newsboat and eilmeldung write. A feed's groups are its folder and its
categories (an attribute that holds paths, separated by commas). For newsboat's list, see newsboat(1), "Feed source configuration":
each line has an address, then its tags. A tag may be in quotes; there, a backslash makes the next character, even a quote, part of
the tag. `~` begins the feed's name, `!` hides the feed, `#` begins a comment. A line may name a program (`exec:`) or a query
instead of an address; such a feed can't be requested.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import islice
from xml.parsers import expat

from bpost_tui.errors import ContentError
from bpost_tui.i18n import Reason
from bpost_tui.limits import MAX_GROUPS, MAX_OPML_LINES
from bpost_tui.model.sanitize import MAX_NAME_CHARS, clean_line
from bpost_tui.portal.html.text_encoding import decode
from bpost_tui.portal.parse_results import OutlineFeed, ParsedOpml
from bpost_tui.urls import clean_link

_MAX_DEPTH = 64
_MAX_SHOWN_CHARS = 200
_MAX_WORDS = 100
_FOLDER_SEPARATOR = " / "
"""Separator between the names of nested folders, as in `World / Asia`."""
_NEWSBOATS = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ \t]*\"?(?:https?://|file://|exec:|filter:|query:)", re.IGNORECASE)
"""Pattern of the beginning of a newsboat list: comments and blank lines, then the first address."""
_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"?|([^\s"]+)')
_ESCAPED = re.compile(r"\\(.)")


def parse_opml(body: bytes) -> ParsedOpml:
    """Return the feeds of an OPML file or of newsboat's list, and the entries that can't be feeds.

    Raises:
        ContentError: The body is in neither of the two formats, isn't well-formed, declares entities, or lists more feeds than the
            limit.
    """
    text = decode(body)
    listed = _FeedList()
    if _NEWSBOATS.match(text):
        _read_newsboat_urls(text, listed)
        return listed.all()
    try:
        _OpmlHandler(listed).parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        phrase = Reason(clean_line(expat.ErrorString(error.code), 100))
        raise ContentError(Reason("line {line}: not well-formed ({said})", line=str(error.lineno), said=phrase)) from error
    return listed.all()


class _FeedList:
    """Collection of the feeds found in an OPML file or newsboat list."""

    def __init__(self) -> None:
        self._feeds: list[OutlineFeed] = []
        self._unreadable: list[OutlineFeed] = []

    def add(self, named: str, title: str, line: int, groups: Iterable[str], *, site: str = "", kind: str = "") -> None:
        """Add an entry of the list. If its address isn't http or https, the entry counts as unreadable.

        Args:
            named: Address of the feed, as the list has it.
            title: Name of the feed.
            line: Number of the entry's line.
            groups: Names of the feed's folders and tags.
            site: Address of the feed's site; empty if unknown.
            kind: Type that the list gives the feed; empty if none.

        Raises:
            ContentError: The list has more feeds than the limit.
        """
        if len(self._feeds) + len(self._unreadable) >= MAX_OPML_LINES:
            raise ContentError(Reason("more than {n} feeds in one file", n=MAX_OPML_LINES))
        title = clean_line(title, MAX_NAME_CHARS)
        if (address := clean_link(named)) is None:
            self._unreadable.append(OutlineFeed(clean_line(named, _MAX_SHOWN_CHARS), title, "", line))
        else:
            names = dict.fromkeys(filter(None, (clean_line(name, MAX_NAME_CHARS) for name in groups)))
            front = clean_link(site) or ""
            self._feeds.append(OutlineFeed(address.partition("#")[0], title, front, line, tuple(names)[:MAX_GROUPS], kind))

    def all(self) -> ParsedOpml:
        """Return all feeds and unreadable entries that were added."""
        return ParsedOpml(tuple(self._feeds), tuple(self._unreadable))


class _OpmlHandler:
    """Handler of expat's events that collects the feeds in an OPML file's `outline` elements, without building a tree in memory."""

    def __init__(self, listed: _FeedList) -> None:
        self._listed = listed
        self._folders: list[str] = []
        """One name for each open XML element, outermost first: the folder's name, or an empty text if the element is no folder."""
        self.parser = expat.ParserCreate("utf-8")  # whatever the file declares; otherwise expat would look up any codec in Python
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _refuse_doctype(self, *_: object) -> None:
        """Raise ContentError at a document type declaration (DOCTYPE): the entities in it could grow without end or name files."""
        raise ContentError(Reason("line {line}: an OPML file has no DOCTYPE", line=str(self.parser.CurrentLineNumber)))

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        line = self.parser.CurrentLineNumber
        if not self._folders and name.lower() != "opml":
            raise ContentError("not an OPML file")
        if len(self._folders) >= _MAX_DEPTH:
            raise ContentError(Reason("line {line}: nested too deeply", line=str(line)))
        fields = {key.lower(): value for key, value in attributes.items()} if name.lower() == "outline" else {}
        title, address = fields.get("title") or fields.get("text") or "", fields.get("xmlurl", "").strip()
        kind = clean_line(fields.get("type", "").strip().lower(), MAX_NAME_CHARS)
        if address:
            groups = self._groups(fields.get("category", ""))
            self._listed.add(address, title, line, groups, site=fields.get("htmlurl", ""), kind=kind)
        self._folders.append("" if address else clean_line(title, MAX_NAME_CHARS))

    def _end(self, _: str) -> None:
        self._folders.pop()

    def _groups(self, categories: str) -> Iterable[str]:
        paths = [self._folders, *(path.split("/") for path in categories.split(","))]
        return (_FOLDER_SEPARATOR.join(filter(None, map(str.strip, path))) for path in paths)


def _read_newsboat_urls(text: str, listed: _FeedList) -> None:
    for number, line in enumerate(text.splitlines(), 1):
        if words := _words(line):
            named, *tags = words
            title = next((tag[1:] for tag in tags if tag.startswith("~")), "")
            listed.add(named, title, number, (tag for tag in tags if not tag.startswith(("~", "!"))))


def _words(line: str) -> list[str]:
    """Return the words of a line of a newsboat list, without quotes; none for a comment."""
    if line.lstrip().startswith("#"):
        return []
    found = islice(_WORD.finditer(line), _MAX_WORDS)
    return [_ESCAPED.sub(r"\1", quoted) if word is None else word for quoted, word in (match.groups() for match in found)]
