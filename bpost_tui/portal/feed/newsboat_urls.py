"""newsboat's list of feeds, `urls` → the feeds that it lists: an address a line, then its tags. Pure, in the parser process.

Source: newsboat(1), "Feed source configuration": a tag may be in quotes, in which a backslash keeps the next character; `~`
begins the feed's name, `!` hides it, `#` begins a comment. Feeds of programs and queries are no feeds that we can ask.
"""

from __future__ import annotations

import re
from itertools import islice

from bpost_tui.errors import ContentError
from bpost_tui.i18n import Reason
from bpost_tui.limits import MAX_GROUPS, MAX_OPML_LINES
from bpost_tui.model.sanitize import MAX_NAME_CHARS, clean_line
from bpost_tui.portal.parsed import OutlineFeed, ParsedOpml
from bpost_tui.urls import clean_link

_BEGINS = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ \t]*\"?(?:https?://|file://|exec:|filter:|query:)", re.IGNORECASE)
_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"?|([^\s"]+)')
_ESCAPED = re.compile(r"\\(.)")
_MAX_SHOWN_CHARS = 200
_MAX_WORDS = 100


def is_urls(text: str) -> bool:
    """Whether a text is such a list, by its first line that is no comment."""
    return _BEGINS.match(text) is not None


def parse_urls(text: str) -> ParsedOpml:
    """Return the feeds of a list; raises ContentError where there are too many."""
    feeds, unreadable = list[OutlineFeed](), list[OutlineFeed]()
    for number, line in enumerate(text.splitlines(), 1):
        if not (words := _words(line)):
            continue
        if len(feeds) + len(unreadable) >= MAX_OPML_LINES:
            raise ContentError(Reason("more than {n} feeds in one file", n=MAX_OPML_LINES))
        named, *tags = words
        title = clean_line(next((tag[1:] for tag in tags if tag.startswith("~")), ""), MAX_NAME_CHARS)
        groups = dict.fromkeys(clean_line(tag, MAX_NAME_CHARS) for tag in tags if not tag.startswith(("~", "!")))
        if (address := clean_link(named)) is None:
            unreadable.append(OutlineFeed(clean_line(named, _MAX_SHOWN_CHARS), title, "", number))
        else:
            feeds.append(OutlineFeed(address.partition("#")[0], title, "", number, tuple(filter(None, groups))[:MAX_GROUPS]))
    return ParsedOpml(tuple(feeds), tuple(unreadable))


def _words(line: str) -> list[str]:
    """Return the words of a line, without quotes; none of a comment."""
    if line.lstrip().startswith("#"):
        return []
    found = islice(_WORD.finditer(line), _MAX_WORDS)
    return [_ESCAPED.sub(r"\1", quoted) if word is None else word for quoted, word in (match.groups() for match in found)]
