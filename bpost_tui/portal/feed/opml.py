"""An OPML file's bytes → the feeds that it lists, each with its line. Pure, run in the parser process.

Source: OPML 2.0 (opml.org/spec2.opml), and what newsboat and eilmeldung write. A feed's groups are the folder that it is in, and
its categories (an attribute of paths, parted by commas). newsboat's own list is read too (newsboat_urls.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.parsers import expat

from bpost_tui.errors import ContentError
from bpost_tui.i18n import Reason
from bpost_tui.limits import MAX_GROUPS, MAX_OPML_LINES
from bpost_tui.model.sanitize import MAX_NAME_CHARS, clean_line
from bpost_tui.portal.feed.newsboat_urls import is_urls, parse_urls
from bpost_tui.portal.html.encoding import decode
from bpost_tui.portal.parsed import OutlineFeed, ParsedOpml
from bpost_tui.urls import clean_link

_MAX_DEPTH = 64
_MAX_SHOWN_CHARS = 200
_PARTED = " / "
"""What is between the names of folders in each other."""


def parse_opml(body: bytes) -> ParsedOpml:
    """Return the feeds of an OPML file, and what is in a feed's place there and can't be one.

    Raises:
        ContentError: It is no OPML, not well-formed, or has entities of its own or more than can be.
    """
    text = decode(body)
    if is_urls(text):
        return parse_urls(text)
    reader = _Reader()
    try:
        reader.parser.Parse(text.encode(), True)
    except expat.ExpatError as error:
        said = Reason(clean_line(expat.ErrorString(error.code), 100))
        raise ContentError(Reason("line {line}: not well-formed ({said})", line=str(error.lineno), said=said)) from error
    return ParsedOpml(tuple(reader.feeds), tuple(reader.unreadable))


class _Reader:
    """Takes the outlines out of a document as expat comes by them; it has no text in memory but theirs."""

    def __init__(self) -> None:
        self.feeds: list[OutlineFeed] = []
        self.unreadable: list[OutlineFeed] = []
        self._open: list[str] = []
        self._folders: list[str] = []
        """Of each open element the name that it has as a folder, empty where it is none."""
        self.parser = expat.ParserCreate("utf-8")  # whatever the file says; else expat would ask Python for any codec
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _refuse_doctype(self, *_: object) -> None:
        """No document type, so no entities: neither those that grow without end nor those that name files."""
        raise ContentError(Reason("line {line}: an OPML file has no DOCTYPE", line=str(self.parser.CurrentLineNumber)))

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        line = self.parser.CurrentLineNumber
        if not self._open and name.lower() != "opml":
            raise ContentError("not an OPML file")
        if len(self._open) >= _MAX_DEPTH:
            raise ContentError(Reason("line {line}: nested too deeply", line=str(line)))
        self._open.append(name)
        said = {key.lower(): value for key, value in attributes.items()} if name.lower() == "outline" else {}
        is_feed = bool(said.get("xmlurl", "").strip())
        if is_feed:
            self._feed(said, line)
        self._folders.append("" if is_feed else _name(said))

    def _end(self, _: str) -> None:
        self._open.pop()
        self._folders.pop()

    def _feed(self, said: Mapping[str, str], line: int) -> None:
        if len(self.feeds) + len(self.unreadable) >= MAX_OPML_LINES:
            raise ContentError(Reason("more than {n} feeds in one file", n=MAX_OPML_LINES))
        named, title = said["xmlurl"].strip(), _name(said)
        address = clean_link(named)
        if address is None:
            self.unreadable.append(OutlineFeed(clean_line(named, _MAX_SHOWN_CHARS), title, "", line))
        else:
            site, groups = clean_link(said.get("htmlurl", "")) or "", self._groups(said.get("category", ""))
            self.feeds.append(OutlineFeed(address.partition("#")[0], title, site, line, groups))

    def _groups(self, categories: str) -> tuple[str, ...]:
        paths = [self._folders, *(path.split("/") for path in categories.split(","))]
        names = (_PARTED.join(filter(None, map(str.strip, path))) for path in paths)
        cleaned = (clean_line(name, MAX_NAME_CHARS) for name in names)
        return tuple(dict.fromkeys(filter(None, cleaned)))[:MAX_GROUPS]


def _name(said: Mapping[str, str]) -> str:
    return clean_line(said.get("title") or said.get("text") or "", MAX_NAME_CHARS)
