"""Parser from a feed's bytes to stories. Pure, runs in the parser process."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from bpost_tui import __version__
from bpost_tui.errors import ContentError
from bpost_tui.i18n import Reason
from bpost_tui.limits import MAX_TERMS
from bpost_tui.model.blocks import Embed
from bpost_tui.model.sanitize import MAX_AUTHOR_CHARS, MAX_NAME_CHARS, MAX_TITLE_CHARS, clean_line
from bpost_tui.model.story import Category, Story
from bpost_tui.model.story_identity import assign_guids, deduplicate, split_shared_guids
from bpost_tui.model.story_merge import title_of_excerpt
from bpost_tui.portal.derived_fields import first_words, is_full_text, read_excerpt
from bpost_tui.portal.feed import sanitize_xml
from bpost_tui.portal.feed.enclosures import read_enclosures
from bpost_tui.portal.feed.feed_dates import read_date
from bpost_tui.portal.feed.item_reader import FeedItem, ItemReader, feed_addresses, feed_name, resolve_address
from bpost_tui.portal.feed.seen_items import FeedItems
from bpost_tui.portal.html.block_parser import html_to_line, parse_blocks
from bpost_tui.portal.html.text_encoding import decode
from bpost_tui.portal.parse_results import ParsedFeed
from bpost_tui.urls import clean_link, decoded_path

_PARSER_VERSION = "6"
"""Version of this parser.

It must be raised with each change that makes the parser return other stories for the same feed. Items that are already known are
then parsed again.
"""
_NOT_IN_SLUG = re.compile(r"[^\w\u0980-\u09ff\u200c\u200d -]+")


def parse_feed(
    body: bytes, content_type: str, url: str, *, known: Sequence[Category] = (), now: datetime, seen: str = ""
) -> ParsedFeed:
    """Return the stories of a feed.

    Args:
        body: The feed as received, decompressed.
        content_type: The Content-Type header. Only its charset is used, and only if the body isn't UTF-8.
        url: The feed's address; links are relative to it.
        known: The portal's categories, to distinguish them from tags. If empty, all tags count as categories.
        now: The time, to recognise impossible dates.
        seen: Digests of items parsed before, as an earlier call returned them; these items are left out if possible.

    Raises:
        ContentError: The body is no feed.
    """
    text = decode(body, content_type)
    parser = _ItemParser(url, {category.name: category for category in known}, now)
    items = FeedItems(
        text, "\n".join((__version__, _PARSER_VERSION, url, *(f"{category.slug} {category.name}" for category in known)))
    )
    rest, left = items.without_seen(seen)
    if left < items.count:
        with suppress(ContentError):  # no new item can be read, but perhaps the known ones
            parsed, dated = _parse(rest, parser, body)
            if not parsed.warnings and len(dated) == left:
                return parsed._replace(digests=items.digests_to_store(seen, dated), skipped=items.count - left)
    parsed, dated = _parse(text, parser, body)
    if parsed.warnings or len(dated) != items.count or not items.are_distinct:
        return parsed
    return parsed._replace(digests=items.digests_to_store("", dated))


def _parse(text: str, parser: _ItemParser, body: bytes) -> tuple[ParsedFeed, list[bool]]:
    """Return the feed parsed from `text`, and for each item that was read, whether it is final.

    An item with a date in the future isn't final: it must be parsed again at the next refresh. `parser` converts items to stories.
    `body` has the bytes that `text` was decoded from; it shows whether a U+FFFD in the text is the feed's own or replaces a bad
    byte. Raises ContentError if the text is no feed, or no item in it can be read.
    """
    prepared, warnings = sanitize_xml.sanitize_xml(text)
    spans = sanitize_xml.item_spans(prepared)
    head = prepared[: spans[0][0]] if spans else prepared
    reader = ItemReader(head, parser.url)
    read = [item for start, end in spans if (item := reader.read(prepared[start:end])) is not None]
    if spans and not read:
        raise ContentError("the feed can't be read: no story in it is well-formed")
    items = list(map(parser.story, read))
    if len(read) < len(spans):
        warnings = (*warnings, Reason("{n} of the feed's stories can't be read", n=len(spans) - len(read)))
    if "\ufffd" in prepared and b"\xef\xbf\xbd" not in body:
        warnings = (*warnings, Reason("the feed has bytes that aren't text; they are shown as \ufffd"))
    stories = distinct_stories(items)
    dated = [story.published is None or story.published <= parser.now for story in items]
    return ParsedFeed(stories, warnings, name=feed_name(head), addresses=feed_addresses(head, parser.url)), dated


def distinct_stories(items: Iterable[Story]) -> tuple[Story, ...]:
    """Return the stories of a feed's items, each once and with a guid.

    Items that have neither title nor link nor text are left out, such as the last item of a feed that was cut off.
    """
    stories = (story for story in items if story.title or story.link or story.blocks)
    return deduplicate(split_shared_guids(assign_guids(stories)))


@dataclass(frozen=True, slots=True)
class _ItemParser:
    """Converter from a feed's items to stories."""

    url: str
    known: Mapping[str, Category]
    now: datetime

    def story(self, item: FeedItem) -> Story:
        """Return `item`, an entry of the feed, as a story. A missing or malformed field is empty, even the guid."""
        link = clean_link(item.link, self.url)
        if link and link.partition("#")[0].removesuffix("?") == self.url:  # a link to the feed itself leads to no story
            link = None
        categories, tags = self._terms(item.terms, link)
        updated = read_date(item.updated, self.now)
        story = Story(
            guid=clean_line(item.id, sanitize_xml.MAX_TAG_CHARS),
            title=clean_line(item.title, MAX_TITLE_CHARS),
            link=link,
            published=read_date(item.published, self.now) or updated,
            modified=updated,
            categories=categories,
            tags=tags,
        )
        return with_contents(story, item, self.url)

    def _terms(self, terms: Sequence[str], link: str | None) -> tuple[tuple[Category, ...], tuple[str, ...]]:
        names = list(dict.fromkeys(filter(None, (clean_line(term, MAX_NAME_CHARS) for term in terms[:MAX_TERMS]))))
        if not self.known:
            directories = decoded_path(link or "").split("/")[:-1]
            return tuple(Category(_slug_in(slug_of(name), directories), name) for name in names), ()
        return (
            tuple(self.known[name] for name in names if name in self.known),
            tuple(name for name in names if name not in self.known),
        )


def with_contents(story: Story, item: FeedItem, url: str) -> Story:
    """Return `story` completed from its feed item: text, excerpt, names of the authors, media.

    Args:
        story: The story with its title, link and dates.
        item: The item.
        url: The feed's address.
    """
    sent = item.text
    base = resolve_address(story.link or url, sent.base)
    text = parse_blocks(sent.html, base) if sent.html else ()
    image, before, after = read_enclosures(item, text, base, story.link)
    has_media = any(isinstance(block, Embed) for block in before)
    full = is_full_text(text, title=story.title, is_called_whole=sent.is_whole) or (has_media and bool(text))
    summary = next((each.html for each in item.texts if sent.is_whole and not each.is_whole), "")
    excerpt = read_excerpt(summary) or first_words(text)
    names = dict.fromkeys(html_to_line(name, MAX_AUTHOR_CHARS if "," in name else MAX_NAME_CHARS) for name in item.authors)
    return story._replace(
        title=story.title or title_of_excerpt(excerpt),
        author=clean_line(", ".join(filter(None, names)), MAX_AUTHOR_CHARS),
        excerpt=excerpt,
        blocks=(*before, *text, *after),
        image=image,
        full=full,
        source="feed" if text or before or after else "",
    )


def slug_of(name: str) -> str:
    """Return the slug that WordPress makes of a category's name: lower case, with hyphens for spaces and dots.

    Bengali letters stay as they are, not percent-encoded as in addresses. Source: WordPress's function `sanitize_title`.
    """
    slug = _NOT_IN_SLUG.sub("", name.lower().replace(".", "-").replace("\xa0", " "))
    return re.sub(r"[\s-]+", "-", slug).strip("-")


def _slug_in(slug: str, directories: Iterable[str]) -> str:
    """Return a category's slug in the form that it has in a story's address: `slug`, or `slug` with a number (`politics-2`).

    WordPress adds the number if another category or tag already has the slug. `directories` are the parts of the address's path. If
    none of them is the slug with a number, return `slug`.
    """
    return next((name for name in directories if re.fullmatch(rf"{re.escape(slug)}-\d{{1,3}}", name)), slug)
