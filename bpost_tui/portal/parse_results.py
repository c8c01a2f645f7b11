"""Values that the parser process receives and returns, and the limits that both sides know. Pure.

They are apart from the parsers, so that the caller loads no parser.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from bpost_tui.i18n import Reason
from bpost_tui.model.story import Category, Story

MAX_NUMBER = 1 << 40
"""Limit of WordPress's numbers and counts: all are below it."""
_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
_LATEST = timedelta(days=1)
"""Longest time that a date may be ahead of our clock, since clocks differ."""


class ParserTask(NamedTuple):
    """Task for the parser process: how to read a body."""

    name: str
    """Key of the table in `parser_worker`."""
    content_type: str
    address: str
    now: datetime
    kind: str
    """Kind of the paper, a key of `kinds.KINDS`, if the body is a feed; empty otherwise."""
    known_categories: tuple[Category, ...] = ()
    """Categories of the portal, to distinguish them from tags in a feed."""
    size: tuple[int, int, int] = (1, 1, 0)
    """Size for rendering a picture: width and height in pixels, and the greatest number of colours (0 is any number)."""
    seen_digests: str = ""
    """Digests of a feed's items that needn't be parsed again."""


class ParsedFeed(NamedTuple):
    """Content of a feed."""

    stories: tuple[Story, ...]
    warnings: tuple[Reason, ...] = ()
    """Warnings, a line for each kind of thing that couldn't be read. If there is any, the feed wasn't parsed whole."""
    digests: str = ""
    """Digests of the items that needn't be parsed again while they don't change; empty if the feed wasn't parsed whole."""
    skipped: int = 0
    """Number of items left out because they had been parsed before."""
    name: str = ""
    """Title of the feed in one line; empty if unknown."""


class ParsedApi(NamedTuple):
    """Content of an answer of wp-json."""

    stories: tuple[Story, ...] = ()
    categories: tuple[Category, ...] = ()
    warnings: tuple[Reason, ...] = ()
    """Warnings, a line for each kind of thing that couldn't be read."""
    numbers: tuple[int, ...] = ()
    """WordPress's own number of each story or category; 0 if it gives none."""
    rows: int = 0
    """Number of posts received, even if some can't be read."""


class FeedLink(NamedTuple):
    """Feed that a page names."""

    address: str
    title: str = ""
    is_of_comments: bool = False
    """Whether the feed seems to hold readers' comments, not news."""


class ParsedSite(NamedTuple):
    """Feeds and WordPress that a page names."""

    wordpress: str = ""
    """Address of the front page, if WordPress made it; otherwise empty."""
    feeds: tuple[FeedLink, ...] = ()


class OutlineFeed(NamedTuple):
    """Feed that an OPML file lists."""

    address: str
    """Address in ASCII; if it can't be requested, the text found in its place."""
    title: str
    site: str
    """Address of the feed's site, if the file gives it; otherwise empty."""
    line: int
    groups: tuple[str, ...] = ()
    """Folders and tags of the feed; a nested folder by its full name, `World / Asia`."""


class ParsedOpml(NamedTuple):
    """Content of an OPML file."""

    feeds: tuple[OutlineFeed, ...] = ()
    unreadable: tuple[OutlineFeed, ...] = ()
    """Entries without an address that can be requested."""


def plausible_date(date: datetime | None, now: datetime) -> datetime | None:
    """Return a story's date; None if it is before the first news on the web, or further ahead than clocks differ."""
    return date if date is not None and _EARLIEST <= date <= now + _LATEST else None
