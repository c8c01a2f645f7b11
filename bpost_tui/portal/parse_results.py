"""What the parser process is asked and what it answers, as values; and the limits that both sides know.

They are apart from the parsers, so that the caller loads none of them. Pure.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from bpost_tui.i18n import Reason
from bpost_tui.model.story import Category, Story

MAX_NUMBER = 1 << 40
"""WordPress's numbers, and its counts, are below this."""
_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
_LATEST = timedelta(days=1)
"""How far ahead of our clock a date may be, since clocks differ."""


class ParserTask(NamedTuple):
    """What to read a body as."""

    name: str
    """A key of `parser_worker`'s table."""
    content_type: str
    address: str
    now: datetime
    kind: str
    """Of a feed: whose kind of paper it is, one of `kinds.KINDS`; empty for all else."""
    known_categories: tuple[Category, ...] = ()
    """Of a feed: the portal's categories, to tell them from tags."""
    size: tuple[int, int, int] = (1, 1, 0)
    """Of a picture that is rendered: its width and height in pixels, and how many colours it may have (0 is any number)."""
    seen_digests: str = ""
    """Of a feed: the digests of items that needn't be parsed again."""


class ParsedFeed(NamedTuple):
    """What a feed says."""

    stories: tuple[Story, ...]
    warnings: tuple[Reason, ...] = ()
    """One line for each thing that could not be read; with one, the feed was not parsed whole."""
    digests: str = ""
    """Of the items that needn't be parsed again while they are the same; empty where the feed was not parsed whole."""
    skipped: int = 0
    """How many items were left out because they had been parsed before."""
    name: str = ""
    """What the feed calls itself, in one line; empty where that isn't known."""


class ParsedApi(NamedTuple):
    """What an answer of wp-json says."""

    stories: tuple[Story, ...] = ()
    categories: tuple[Category, ...] = ()
    warnings: tuple[Reason, ...] = ()
    """One line for each thing that could not be read."""
    numbers: tuple[int, ...] = ()
    """WordPress's own number of each story, or of each category; 0 where it gives none."""
    rows: int = 0
    """How many posts came, including those that can't be read."""


class FeedLink(NamedTuple):
    """A feed that a page names."""

    address: str
    title: str = ""
    is_of_comments: bool = False
    """Whether it seems to have readers' comments in it, not news."""


class ParsedSite(NamedTuple):
    """What a page says of its site."""

    wordpress: str = ""
    """The front page's address where WordPress made it; else empty."""
    feeds: tuple[FeedLink, ...] = ()


class OutlineFeed(NamedTuple):
    """A feed that an OPML file lists."""

    address: str
    """In ASCII; where it can't be asked, what stood in its place."""
    title: str
    site: str
    """The address of the site whose feed it is, where the file says so; else empty."""
    line: int
    groups: tuple[str, ...] = ()
    """The folders and tags that it is in; of a folder within others the names of all, `World / Asia`."""


class ParsedOpml(NamedTuple):
    """What an OPML file lists."""

    feeds: tuple[OutlineFeed, ...] = ()
    unreadable: tuple[OutlineFeed, ...] = ()
    """Those without an address that can be asked."""


def plausible_date(date: datetime | None, now: datetime) -> datetime | None:
    """Return a date that a story can have; None for one before there was news on the web, or further ahead than clocks differ."""
    return date if date is not None and _EARLIEST <= date <= now + _LATEST else None
