"""Parser from a JSON Feed's bytes to stories. Pure, runs in the parser process.

Source: JSON Feed 1.1 (www.jsonfeed.org/version/1.1); 1.0 differs only in `author`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bpost_tui.errors import ContentError
from bpost_tui.i18n import Reason
from bpost_tui.limits import MAX_FEED_ITEMS, MAX_TERMS
from bpost_tui.model.feed_addresses import FeedAddresses
from bpost_tui.model.sanitize import MAX_NAME_CHARS, MAX_TITLE_CHARS, clean_line
from bpost_tui.model.story import Category, Story
from bpost_tui.portal.feed.feed_parser import distinct_stories, slug_of, with_contents
from bpost_tui.portal.feed.item_reader import Enclosure, FeedItem, ItemText, person_name, text_as_html
from bpost_tui.portal.html.text_encoding import decode
from bpost_tui.portal.parse_results import MAX_NUMBER, ParsedFeed, plausible_date
from bpost_tui.untrusted import Fields, objects_in, parse_time, read_each, read_json, text_or_empty
from bpost_tui.urls import clean_link

_VERSION = "https://jsonfeed.org/version/1"
_MAX_ID_CHARS = 8192
_MAX_TEXT_CHARS = 1_000_000


def is_json(body: bytes, content_type: str) -> bool:
    """Whether a body is JSON, not XML, judged by its first character. `content_type` may name the body's encoding."""
    return decode(body[:400], content_type).lstrip()[:1] == "{"


def parse_json_feed(body: bytes, url: str, now: datetime) -> ParsedFeed:
    """Return the stories of a JSON Feed.

    The result has no digests (hashes of known items), so all items are parsed again at the next refresh. That takes next to no
    time.

    Args:
        body: The feed as received, decompressed.
        url: The feed's address; links are relative to it.
        now: The time, to recognise impossible dates.

    Raises:
        ContentError: The body is no JSON Feed.
    """
    feed = _feed(body)
    sent = feed.get("items")
    rows = objects_in(sent)
    read = read_each(rows[:MAX_FEED_ITEMS], lambda row: _story(row, url, now))
    items = [story for story in read if isinstance(story, Story)]
    stories = distinct_stories(items)
    unread = min(len(rows), MAX_FEED_ITEMS) - len(items)
    warnings = tuple(_warnings(sent, len(rows), unread))
    written = text_or_empty(feed.get("feed_url"))
    own = clean_link(written, url) if written else None
    name = clean_line(text_or_empty(feed.get("title")), MAX_NAME_CHARS)
    return ParsedFeed(stories, warnings, name=name, addresses=FeedAddresses(own or ""))


def _feed(body: bytes) -> Fields:
    try:
        feed = read_json(decode(body))
    except ContentError as error:
        raise ContentError("the feed is not well-formed") from error
    if not isinstance(feed, dict) or not text_or_empty(feed.get("version")).replace("http://", "https://").startswith(_VERSION):
        raise ContentError("not a feed but JSON")
    return feed


def _warnings(sent: object, count: int, unread: int) -> Iterator[Reason]:
    lost = unread + (len(sent) - count if isinstance(sent, list) else 0)
    if lost:
        yield Reason("{n} of the feed's stories can't be read", n=lost)
    if count > MAX_FEED_ITEMS:
        yield Reason("only the first {n} stories of the feed were read", n=MAX_FEED_ITEMS)


def _story(row: Fields, url: str, now: datetime) -> Story:
    link = clean_link(text_or_empty(row.get("url")), url) or clean_link(text_or_empty(row.get("external_url")), url)
    item = _item(row, link or url)
    published, modified = (
        plausible_date(parse_time(row.get(f"date_{what}"), is_utc=True), now) for what in ("published", "modified")
    )
    story = with_contents(Story("", clean_line(text_or_empty(row.get("title")), MAX_TITLE_CHARS), link), item, url)
    return story._replace(
        guid=_id(row.get("id")),
        published=published or modified,
        modified=modified,
        categories=_categories(row.get("tags")),
    )


def _id(value: object) -> str:
    """Return an item's id, which should be a string; a number is converted to text."""
    written = str(value) if isinstance(value, int | float) and not isinstance(value, bool) else text_or_empty(value)
    return clean_line(written, _MAX_ID_CHARS)


def _item(row: Fields, base: str) -> FeedItem:
    """Return `row`, an entry of the feed's JSON array `items`, as a feed item. Addresses are resolved against `base`.

    A text in `content_html` or `content_text` counts as whole, one in `summary` doesn't.
    """
    texts = {name: text_or_empty(row.get(name))[:_MAX_TEXT_CHARS] for name in ("content_html", "content_text", "summary")}
    html = {name: text_as_html(text, is_plain=name != "content_html") for name, text in texts.items()}
    attached = [_medium(each) for each in objects_in(row.get("attachments"))[:MAX_TERMS]]
    pictures = [Enclosure(address, "image") for name in ("image", "banner_image") if (address := text_or_empty(row.get(name)))]
    written = tuple(ItemText(text, base, name != "summary") for name, text in html.items() if text)
    return FeedItem(texts=written, authors=_authors(row), media=(*pictures, *attached))


def _medium(attached: Fields) -> Enclosure:
    length_s, size_bytes = (_count_of(attached.get(name)) for name in ("duration_in_seconds", "size_in_bytes"))
    address, kind, title = (text_or_empty(attached.get(name)) for name in ("url", "mime_type", "title"))
    return Enclosure(address, kind, title, length_s, size_bytes)


def _count_of(value: object) -> int:
    return int(value) if isinstance(value, int | float) and 0 < value < MAX_NUMBER else 0


def _authors(row: Fields) -> tuple[str, ...]:
    old = row.get("author")  # JSON Feed 1.0 has a single author
    authors = [*objects_in(row.get("authors"))[:MAX_TERMS], *([old] if isinstance(old, dict) else [])]
    return tuple(dict.fromkeys(filter(None, (person_name(text_or_empty(author.get("name"))) for author in authors))))


def _categories(tags: object) -> tuple[Category, ...]:
    names = [clean_line(text_or_empty(tag), MAX_NAME_CHARS) for tag in tags[:MAX_TERMS]] if isinstance(tags, list) else []
    slugs = {slug: name for name in names if (slug := slug_of(name))}
    return tuple(Category(slug, name) for slug, name in slugs.items())
