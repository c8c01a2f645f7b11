"""A feed's bytes → stories. Pure, but run in the worker: feedparser can be made slow (`portal.xml`), and is imported here alone."""

from __future__ import annotations

import io
import re
from calendar import timegm
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from time import struct_time
from typing import Any, cast

from bpost_tui import __version__
from bpost_tui.errors import ContentError
from bpost_tui.json_fields import objects, string
from bpost_tui.model.blocks import Blocks
from bpost_tui.model.identity import guid_of, tell_apart
from bpost_tui.model.sanitize import MAX_NAME_CHARS, MAX_TERMS, MAX_TITLE_CHARS, clean_line
from bpost_tui.model.story import Category, Story
from bpost_tui.portal.feed import xml_guard
from bpost_tui.portal.feed.seen_items import FeedItems
from bpost_tui.portal.html.blocks import blocks
from bpost_tui.portal.html.encoding import decode
from bpost_tui.portal.story_fields import first_words, lead_image, plausible_date, read_excerpt
from bpost_tui.urls import clean_link, decoded_path

_NOT_IN_SLUG = re.compile(r"[^\w\u0980-\u09ff\u200c\u200d -]+")


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """What a feed says."""

    stories: tuple[Story, ...]
    warnings: tuple[str, ...] = ()
    """One line for each thing that could not be read; where there is one, the body did not parse whole."""
    digests: str = ""
    """Those of the items that needn't be read again while they are the same; none of a feed that did not parse whole."""
    skipped: int = 0
    """How many items were left out, for they had been read before."""


def parse_feed(
    body: bytes, content_type: str, url: str, *, known: Sequence[Category] = (), now: datetime, seen: str = ""
) -> ParsedFeed:
    """Return the stories of a feed.

    Args:
        body: As received, decompressed.
        content_type: The header; only its charset counts, and only where the body isn't UTF-8.
        url: What links are relative to.
        known: The portal's categories, to tell them from tags; with none, every term is taken for a category.
        now: To tell dates that can't be.
        seen: Digests of items that were read before, from an earlier answer: these are left out, where nothing speaks against it.

    Raises:
        ContentError: It is no feed.
    """
    text = decode(body, content_type)
    reader = _EntryReader(url, {category.name: category for category in known}, now)
    items = FeedItems(text, "\n".join((__version__, url, *(f"{category.slug} {category.name}" for category in known))))
    rest, left = items.without(seen)
    if left < items.count:
        parsed, dated = _parse(rest, reader, body)
        if not parsed.warnings and len(dated) == left:
            return replace(parsed, digests=items.digests_but(seen, dated), skipped=items.count - left)
    parsed, dated = _parse(text, reader, body)
    if parsed.warnings or len(dated) != items.count or not items.are_apart:
        return parsed
    return replace(parsed, digests=items.digests_but("", dated))


def _parse(text: str, reader: _EntryReader, body: bytes) -> tuple[ParsedFeed, list[bool]]:
    """Return what a feed says, and for each of its items whether its date has come: one that hasn't is to be read again."""
    prepared, warnings = xml_guard.prepare(text)
    entries, complaint = _entries(prepared)
    told = [reader.read(entry) for entry in entries]
    if "\ufffd" in prepared and b"\xef\xbf\xbd" not in body:
        warnings = (*warnings, "the feed has bytes that are no text; they are shown as \ufffd")
    stories: dict[str, Story] = {}
    for story in tell_apart(filter(_says_something, told)):
        stories.setdefault(story.guid, story)
    dated = [story.published is None or story.published <= reader.now for story in told]
    return ParsedFeed(tuple(stories.values()), (*warnings, *complaint)), dated


def _says_something(story: Story) -> bool:
    """Say whether an item is more than the stump of one that was cut off."""
    return bool(story.title or story.link or story.blocks)


def _entries(text: str) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """Return a prepared feed's items as feedparser reads them; one by one, where it can't read them together."""
    try:
        feed = _feedparser(text)
    except Exception:  # noqa: BLE001 -- feedparser lets KeyError, TypeError, UnicodeError and others out on malformed feeds
        return _entries_one_by_one(text)
    if not feed.get("bozo"):
        return feed["entries"], ()
    return feed["entries"], (clean_line(f"the feed is not well-formed: {feed.get('bozo_exception')}", 200),)


def _entries_one_by_one(text: str) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    entries: list[dict[str, Any]] = []
    lost = 0
    for item in xml_guard.items(text):
        try:
            entries += _feedparser(item)["entries"]
        except Exception:  # noqa: BLE001 -- as above; this item is lost, its neighbours are not
            lost += 1
    if not entries:
        raise ContentError("the feed can't be read: no story in it is well-formed")
    return entries, (f"{lost} of the feed's stories can't be read",)


def _feedparser(text: str) -> dict[str, Any]:
    import feedparser  # 50 ms

    # a stream, never a str or bytes: those feedparser takes for an address or a file's name first
    result: dict[str, Any] = feedparser.parse(
        io.BytesIO(text.encode()),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,  # `html.blocks` keeps nothing that could need it
        resolve_relative_uris=False,
    )
    return result


@dataclass(frozen=True, slots=True)
class _EntryReader:
    """Reads feedparser's entries."""

    url: str
    known: Mapping[str, Category]
    now: datetime

    def read(self, entry: dict[str, Any]) -> Story:
        """Return one item as a story; what is missing or malformed in it is left empty."""
        link = clean_link(string(entry.get("link")), self.url)
        if link and link.partition("#")[0].removesuffix("?") == self.url:  # "#" and the like lead to no story
            link = None
        summary = string(entry.get("summary"))
        content = next((string(part.get("value")) for part in objects(entry.get("content"))), "")
        text = blocks(content, link or self.url) if content else ()
        categories, tags = self._terms(entry, link)
        updated = read_date(dict.get(entry, "updated_parsed"), self.now)  # not entry.get, which falls back to the other date
        published = read_date(dict.get(entry, "published_parsed"), self.now) or updated
        excerpt = read_excerpt(summary) if summary else first_words(text)
        title = clean_line(string(entry.get("title")), MAX_TITLE_CHARS) or clean_line(excerpt, 80)
        return Story(
            guid=guid_of(clean_line(string(entry.get("id")), xml_guard.MAX_TAG_CHARS), link, title, published),
            title=title,
            link=link,
            author=clean_line(string(entry.get("author")), MAX_NAME_CHARS),
            published=published,
            modified=updated,
            categories=categories,
            tags=tags,
            excerpt=excerpt,
            blocks=text,
            image=self._image(entry, text),
            full=bool(text),
        )

    def _terms(self, entry: Mapping[str, Any], link: str | None) -> tuple[tuple[Category, ...], tuple[str, ...]]:
        terms = [clean_line(string(tag.get("term")), MAX_NAME_CHARS) for tag in objects(entry.get("tags"))[:MAX_TERMS]]
        names = list(dict.fromkeys(filter(None, terms)))
        if not self.known:
            directories = decoded_path(link or "").split("/")[:-1]
            return tuple(Category(_slug_in(slug_of(name), directories), name) for name in names), ()
        return (
            tuple(self.known[name] for name in names if name in self.known),
            tuple(name for name in names if name not in self.known),
        )

    def _image(self, entry: Mapping[str, Any], text: Blocks) -> str | None:
        # not `enclosures`: that lets TypeError out where an element is named links, and forgets all for one without rel
        enclosures = [link for link in objects(entry.get("links")) if link.get("rel") == "enclosure"]
        for item in (*objects(entry.get("media_content")), *enclosures):
            kind = string(item.get("medium")) or string(item.get("type"))
            link = clean_link(string(item.get("url")) or string(item.get("href")), self.url)
            if link and kind.startswith("image"):
                return link
        return lead_image(text)


def read_date(when: object, now: datetime) -> datetime | None:
    """Return feedparser's time tuple as UTC; None where there is none, or none that can be."""
    try:
        date = datetime.fromtimestamp(timegm(cast(struct_time, when)), UTC)
    except (AttributeError, TypeError, ValueError, OverflowError, OSError):
        return None
    return plausible_date(date, now)


def slug_of(name: str) -> str:
    """Return the slug WordPress would give a name (`sanitize_title`), decoded: lower case, hyphens for blanks and dots."""
    slug = _NOT_IN_SLUG.sub("", name.lower().replace(".", "-").replace("\xa0", " "))
    return re.sub(r"[\s-]+", "-", slug).strip("-")


def _slug_in(slug: str, directories: Iterable[str]) -> str:
    """Return the slug as the story's own address has it: WordPress numbers a slug that is taken (`politics-2`)."""
    return next((name for name in directories if re.fullmatch(rf"{re.escape(slug)}-\d{{1,3}}", name)), slug)
