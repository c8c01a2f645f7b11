"""Values that the parser process receives and returns, and limits that parser and caller share. Pure.

This module is separate from the parsers, so that the caller needn't load a parser.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bpost_tui.i18n import Reason
from bpost_tui.model.feed_addresses import FeedAddresses
from bpost_tui.model.story import Category, Story
from bpost_tui.typesetting.text.named_tuple import NamedTuple

MAX_NUMBER = 1 << 40
"""Limit of the ids and counts that WordPress sends; a number that isn't below the limit counts as invalid."""
_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
_LATEST = timedelta(days=1)
"""Maximum time that a story's date may be in the future, because the site's clock may be fast."""


class ParserTask(NamedTuple):
    """Task for the parser process: the name of the parser for a body, and the parser's further input."""

    name: str
    """Name of the task, such as `feed` or `page`. It selects the parser (`parser_worker._TASKS`)."""
    content_type: str
    address: str
    now: datetime
    kind: str
    """Name of the kind of the paper whose feed is parsed, such as `wordpress`; empty if the body is no feed."""
    known_categories: tuple[Category, ...] = ()
    """Categories of the portal, to distinguish them from tags in a feed."""
    size: tuple[int, int, int] = (1, 1, 0)
    """Size for rendering a picture: width and height in pixels, and the maximum number of colours (0 for no limit)."""
    text_selector: str = ""
    """CSS selector of the text on a page, by the reader's config; empty if the parser finds the text."""
    seen_digests: str = ""
    """Digests of items of the feed that were parsed before and needn't be parsed again."""


class ParsedFeed(NamedTuple):
    """Content of a feed."""

    stories: tuple[Story, ...]
    warnings: tuple[Reason, ...] = ()
    """Warnings, one for each kind of content that couldn't be read. If there are any, the feed wasn't parsed completely."""
    digests: str = ""
    """Digests of items that needn't be parsed again while their text doesn't change; empty if the feed wasn't parsed completely."""
    skipped: int = 0
    """Number of items left out because they had been parsed before."""
    name: str = ""
    """Title of the feed in one line; empty if unknown."""
    files: tuple[str, ...] = ()
    """Addresses of the sitemaps that an index of sitemaps lists, the likeliest news sitemap first; empty for other feeds."""
    addresses: FeedAddresses = FeedAddresses()
    """Addresses that the feed gives itself."""


class ParsedPage(NamedTuple):
    """Content of an article's page."""

    story: Story
    lacks_selected: bool = False
    """Whether the task's selector finds nothing on the page, so that the parser found the text by itself."""


class ParsedApi(NamedTuple):
    """Content of a response of wp-json, WordPress's API."""

    stories: tuple[Story, ...] = ()
    categories: tuple[Category, ...] = ()
    warnings: tuple[Reason, ...] = ()
    """Warnings, one for each kind of content that couldn't be read."""
    numbers: tuple[int, ...] = ()
    """WordPress's id of each story in `stories`, or of each category in `categories`, in their order; 0 for one without an id."""
    rows: int = 0
    """Number of posts in the response, including posts that can't be read."""


class FeedLink(NamedTuple):
    """Feed that a page names."""

    address: str
    title: str = ""
    is_of_comments: bool = False
    """Whether the feed seems to hold readers' comments, not news."""


class ParsedSite(NamedTuple):
    """Feeds and WordPress site that a page names."""

    wordpress: str = ""
    """Address of the site's front page, if WordPress made the page; otherwise empty."""
    feeds: tuple[FeedLink, ...] = ()
    sitemaps: tuple[str, ...] = ()
    """Addresses of the sitemaps that the site's `robots.txt` names, if it is the page."""


class OutlineFeed(NamedTuple):
    """Feed that an OPML file lists."""

    address: str
    """Address of the feed in ASCII. For an entry without an address that can be requested, the file's text, shortened."""
    title: str
    site: str
    """Address of the feed's site, if the file gives it; otherwise empty."""
    line: int
    groups: tuple[str, ...] = ()
    """Folders and tags of the feed; a nested folder by its full name, `World / Asia`."""
    type: str = ""
    """Type that the file gives the feed, in lower case; empty if none."""


class ParsedOpml(NamedTuple):
    """Content of an OPML file."""

    feeds: tuple[OutlineFeed, ...] = ()
    unreadable: tuple[OutlineFeed, ...] = ()
    """Entries without an address that can be requested."""


def plausible_date(date: datetime | None, now: datetime) -> datetime | None:
    """Return the date of a story, `date`, if it is plausible; None if it is None, before 1995, or more than a day after `now`."""
    return date if date is not None and _EARLIEST <= date <= now + _LATEST else None
