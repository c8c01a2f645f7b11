"""A feed's bytes → stories. Pure; run in the parser process, since feedparser can be made slow (`feed.xml_guard`)."""

from __future__ import annotations

import io
import re
from calendar import timegm
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import struct_time
from typing import Any, cast

from bpost_tui import __version__
from bpost_tui.errors import ContentError
from bpost_tui.foreign import objects, string
from bpost_tui.i18n import Reason
from bpost_tui.limits import MAX_TERMS
from bpost_tui.model.blocks import Blocks
from bpost_tui.model.identity import guid_of, tell_apart
from bpost_tui.model.sanitize import MAX_NAME_CHARS, MAX_TITLE_CHARS, clean_line
from bpost_tui.model.story import Category, Story
from bpost_tui.portal.feed import xml_guard
from bpost_tui.portal.feed.seen_items import FeedItems
from bpost_tui.portal.html.blocks import blocks, plain
from bpost_tui.portal.html.encoding import decode
from bpost_tui.portal.parsed import ParsedFeed, plausible_date
from bpost_tui.portal.story_fields import first_words, lead_image, read_excerpt
from bpost_tui.urls import clean_link, decoded_path

_NOT_IN_SLUG = re.compile(r"[^\w\u0980-\u09ff\u200c\u200d -]+")


def parse_feed(
    body: bytes, content_type: str, url: str, *, known: Sequence[Category] = (), now: datetime, seen: str = ""
) -> ParsedFeed:
    """Return the stories of a feed.

    Args:
        body: As received, decompressed.
        content_type: The header; only its charset is used, and only if the body isn't UTF-8.
        url: The feed's address, to which links are relative.
        known: The portal's categories, to tell them from tags; if there are none, every term is taken for a category.
        now: The time, to recognise dates that are impossible.
        seen: Digests of items that were parsed before, as an earlier call returned them; these items are left out if possible.

    Raises:
        ContentError: It is no feed.
    """
    text = decode(body, content_type)
    parser = _EntryParser(url, {category.name: category for category in known}, now)
    items = FeedItems(text, "\n".join((__version__, url, *(f"{category.slug} {category.name}" for category in known))))
    rest, left = items.without(seen)
    if left < items.count:
        parsed, dated = _parse(rest, parser, body)
        if not parsed.warnings and len(dated) == left:
            return parsed._replace(digests=items.digests_to_store(seen, dated), skipped=items.count - left)
    parsed, dated = _parse(text, parser, body)
    if parsed.warnings or len(dated) != items.count or not items.are_apart:
        return parsed
    return parsed._replace(digests=items.digests_to_store("", dated))


def _parse(text: str, parser: _EntryParser, body: bytes) -> tuple[ParsedFeed, list[bool]]:
    """Return what a feed says, and for each item whether its date has come; an item from the future is to be parsed again."""
    prepared, warnings = xml_guard.prepare(text)
    entries, name, complaint = _entries(prepared)
    items = [parser.parse(entry) for entry in entries]
    if "\ufffd" in prepared and b"\xef\xbf\xbd" not in body:
        warnings = (*warnings, Reason("the feed has bytes that aren't text; they are shown as \ufffd"))
    stories: dict[str, Story] = {}
    for story in tell_apart(filter(says_something, items)):
        stories.setdefault(story.guid, story)
    dated = [story.published is None or story.published <= parser.now for story in items]
    return ParsedFeed(tuple(stories.values()), (*warnings, *complaint), name=name), dated


def says_something(story: Story) -> bool:
    """Whether an item is more than the beginning of one that was cut off."""
    return bool(story.title or story.link or story.blocks)


def _entries(text: str) -> tuple[list[dict[str, Any]], str, tuple[Reason, ...]]:
    """Return a prepared feed's items as feedparser parses them, one by one if it can't parse them together, and the feed's name."""
    try:
        feed = _feedparser(text)
        name = plain(string(feed["feed"].get("title")), MAX_NAME_CHARS)
        _make_titles_plain(feed)
    except Exception:  # noqa: BLE001 -- on malformed feeds feedparser raises KeyError, TypeError, UnicodeError and others
        entries, complaint = _entries_one_by_one(text)
        return entries, "", complaint
    if not feed.get("bozo"):
        return feed["entries"], name, ()
    said = clean_line(str(feed.get("bozo_exception")), 150)
    return feed["entries"], name, (Reason("the feed is not well-formed ({said})", said=said),)


def _make_titles_plain(feed: dict[str, Any]) -> None:
    """Take the HTML out of an Atom feed's titles that say they are HTML (RFC 4287 §3.1.1); any other is as it is written."""
    if string(feed.get("version")).startswith("atom"):
        for entry in feed["entries"]:
            if string((entry.get("title_detail") or {}).get("type")).endswith("html"):
                entry["title"] = plain(string(entry.get("title")), MAX_TITLE_CHARS)


def _entries_one_by_one(text: str) -> tuple[list[dict[str, Any]], tuple[Reason, ...]]:
    entries: list[dict[str, Any]] = []
    lost = 0
    for item in xml_guard.items(text):
        try:
            entries += _feedparser(item)["entries"]
        except Exception:  # noqa: BLE001 -- as above; this item is lost, its neighbours are not
            lost += 1
    if not entries:
        raise ContentError("the feed can't be read: no story in it is well-formed")
    return entries, (Reason("{n} of the feed's stories can't be read", n=lost),)


def _feedparser(text: str) -> dict[str, Any]:
    import feedparser  # 50 ms

    # as a stream: feedparser takes a str or bytes for an address or a file's name first
    result: dict[str, Any] = feedparser.parse(
        io.BytesIO(text.encode()),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,  # `html.blocks` takes nothing over that would need it
        resolve_relative_uris=False,
    )
    return result


@dataclass(frozen=True, slots=True)
class _EntryParser:
    """Makes stories of feedparser's entries."""

    url: str
    known: Mapping[str, Category]
    now: datetime

    def parse(self, entry: dict[str, Any]) -> Story:
        """Return an item as a story; what is missing or malformed is left empty."""
        link = clean_link(string(entry.get("link")), self.url)
        if link and link.partition("#")[0].removesuffix("?") == self.url:  # a link to the feed itself leads to no story
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
        tags = objects(entry.get("tags"))[:MAX_TERMS]
        # Atom has a label for people beside the term (RFC 4287 §4.2.2)
        terms = [clean_line(string(tag.get("label")) or string(tag.get("term")), MAX_NAME_CHARS) for tag in tags]
        names = list(dict.fromkeys(filter(None, terms)))
        if not self.known:
            directories = decoded_path(link or "").split("/")[:-1]
            return tuple(Category(_slug_in(slug_of(name), directories), name) for name in names), ()
        return (
            tuple(self.known[name] for name in names if name in self.known),
            tuple(name for name in names if name not in self.known),
        )

    def _image(self, entry: Mapping[str, Any], text: Blocks) -> str | None:
        # not entry.enclosures: it raises TypeError where an element is named links, and loses all for one without rel
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
