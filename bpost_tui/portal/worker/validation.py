"""Validation of the answers that a parser process sends: checks their types, and sanitizes their fields.

The process has parsed data from a portal. If hostile data has taken over the parser, the process may answer anything. So after this
validation, an answer can do no more harm than a page or feed that a hostile portal sends.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, NoReturn

from bpost_tui.errors import ContentError
from bpost_tui.i18n import Reason, prefix_reason
from bpost_tui.limits import MAX_FEED_ITEMS, MAX_FRAME_BYTES, MAX_GROUPS, MAX_OPML_LINES, MAX_SITE_FEEDS, MAX_SITEMAP_FILES
from bpost_tui.model.sanitize import MAX_NAME_CHARS, clean_line
from bpost_tui.model.stored_picture import StoredPicture
from bpost_tui.model.story import Story
from bpost_tui.model.story_fields import clean_category, clean_story
from bpost_tui.portal.image_header import read_header
from bpost_tui.portal.image_processing import MAX_RENDERED_PX, MAX_STORED_PX
from bpost_tui.portal.parse_results import (
    MAX_NUMBER,
    OutlineFeed,
    ParsedApi,
    ParsedFeed,
    ParsedOpml,
    ParsedPage,
    ParsedSite,
    ParserTask,
    plausible_date,
)
from bpost_tui.portal.wordpress.wordpress_addresses import PER_PAGE
from bpost_tui.portal.worker import wire
from bpost_tui.portal.worker.sandbox import SandboxState
from bpost_tui.typesetting.typeset.photo import Photo
from bpost_tui.urls import MAX_LINK_CHARS, clean_link

_PICTURES = ("picture", "render")
_MAX_LINE_BYTES = 16 << 20
"""Maximum length in bytes of a line of a parser process's answer.

A line is a list of feeds, or a story as JSON with its markup; a Bengali character takes three bytes.
"""
_MAX_WARNINGS = 20
_MAX_LINE_CHARS = 300
_DIGESTS = re.compile(r"(?:[0-9a-f]{16}(?: (?=.)|$))*", re.DOTALL)


def validate_answer(task: ParserTask, data: bytes) -> object:
    """Return the value in `data`, a parser process's answer to a task, after checking it in small steps so that other threads run.

    Raises:
        ContentError: The process reports that the body can't be read; the error has the address.
        ValueError: The bytes are no answer to this task.
    """
    answer, stories = wire.load_answer(data, MAX_FRAME_BYTES if task.name in _PICTURES else _MAX_LINE_BYTES)
    match answer:
        case ("ok", value):
            try:
                return _checked(task, value, stories)
            except ContentError as error:
                raise ValueError(error.message) from error
        case ("error", str(line), str(hint)):
            raise ContentError(prefix_reason(task.address, _line(line)), address=task.address, hint=_line(hint))
        case _:
            return _reject("neither a value nor an error")


def _checked(task: ParserTask, value: object, stories: Iterator[object]) -> object:
    kind, check = _CHECKS[task.name]
    if type(value) is not kind:
        _reject(f"no {kind.__name__}")
    return check(task, value, stories)


def _feed(task: ParserTask, feed: ParsedFeed, stories: Iterator[object]) -> ParsedFeed:
    if not _DIGESTS.fullmatch(feed.digests) or not 0 <= feed.skipped <= MAX_FEED_ITEMS:
        _reject("a feed that can't be")
    if len(feed.files) > MAX_SITEMAP_FILES or not _are_links((*feed.files, *filter(None, feed.addresses))):
        _reject("more or something else than addresses")
    read = tuple(_stories(task, (*feed.stories, *stories), MAX_FEED_ITEMS))
    return feed._replace(stories=read, warnings=_lines(feed.warnings), name=clean_line(feed.name, MAX_NAME_CHARS))


def _posts(task: ParserTask, answer: ParsedApi, stories: Iterator[object]) -> ParsedApi:
    read = tuple(_stories(task, (*answer.stories, *stories), PER_PAGE))
    categories = tuple(map(clean_category, answer.categories[:PER_PAGE]))
    if len(answer.numbers) != len(read or categories) or not all(0 <= number < MAX_NUMBER for number in answer.numbers):
        _reject("other numbers than stories or categories")
    rows = min(max(answer.rows, 0), PER_PAGE)
    return answer._replace(stories=read, categories=categories, warnings=_lines(answer.warnings), rows=rows)


def _stories(task: ParserTask, stories: Iterable[object], most: int) -> Iterator[Story]:
    for number, story in enumerate(stories):
        if not isinstance(story, Story) or number >= most:
            _reject("more or something else than stories")
        yield _story(task, story)


def _story(task: ParserTask, story: Story, _: object = None) -> Story:
    cleaned = clean_story(story)
    return cleaned._replace(published=_date(story.published, task.now), modified=_date(story.modified, task.now))


def _page(task: ParserTask, page: ParsedPage, _: object) -> ParsedPage:
    return page._replace(story=_story(task, page.story))


def _date(date: datetime | None, now: datetime) -> datetime | None:
    return plausible_date(date, now) if date is not None and date.tzinfo is not None else None


def _lines(lines: tuple[Reason, ...]) -> tuple[Reason, ...]:
    return tuple(map(_reason, lines[:_MAX_WARNINGS]))


def _line(line: str) -> str:
    """Return `line` sanitized, as one line. A `Reason`, a message that can be translated, stays a `Reason`."""
    return _reason(line) if isinstance(line, Reason) else clean_line(line, _MAX_LINE_CHARS)


def _reason(reason: Reason) -> Reason:
    if reason.message != clean_line(reason.message, _MAX_LINE_CHARS):
        _reject("a message that none of ours is")
    return Reason(
        reason.message, **{name: _line(field) if isinstance(field, str) else field for name, field in reason.fields.items()}
    )


def _site(_: ParserTask, site: ParsedSite, __: object) -> ParsedSite:
    addresses = [*(link.address for link in site.feeds), *site.sitemaps]
    if len(site.feeds) > MAX_SITE_FEEDS or len(site.sitemaps) > MAX_SITEMAP_FILES or not _are_links(addresses):
        _reject("more or something else than addresses")
    if site.wordpress and clean_link(site.wordpress) != site.wordpress:
        _reject("a front page without an address")
    return site._replace(feeds=tuple(link._replace(title=clean_line(link.title, MAX_NAME_CHARS)) for link in site.feeds))


def _are_links(addresses: Iterable[str]) -> bool:
    return all(clean_link(address) == address for address in addresses)


def _opml(_: ParserTask, opml: ParsedOpml, __: object) -> ParsedOpml:
    if len(opml.feeds) + len(opml.unreadable) > MAX_OPML_LINES:
        _reject("more feeds than can be")
    if not _are_links(address for feed in opml.feeds for address in (feed.address, feed.site) if address):
        _reject("something else than addresses")
    return ParsedOpml(tuple(map(_outline, opml.feeds)), tuple(map(_outline, opml.unreadable)))


def _outline(feed: OutlineFeed) -> OutlineFeed:
    line = min(max(feed.line, 1), MAX_NUMBER)
    address, site = (clean_line(text, MAX_LINK_CHARS) for text in (feed.address, feed.site))
    groups = tuple(clean_line(name, MAX_NAME_CHARS) for name in feed.groups[:MAX_GROUPS])
    title, kind = (clean_line(text, MAX_NAME_CHARS) for text in (feed.title, feed.type))
    return OutlineFeed(address, title, site, line, tuple(filter(None, groups)), kind)


def _picture(_: ParserTask, picture: StoredPicture, __: object) -> StoredPicture:
    header = read_header(picture.data)
    is_ours = header.format in ("PNG", "JPEG") and (header.width_px, header.height_px) == (picture.width_px, picture.height_px)
    if not is_ours or picture.width_px > max(MAX_STORED_PX) or picture.height_px > max(MAX_STORED_PX):
        _reject("a picture of another size or format")
    return picture


def _photo(task: ParserTask, photo: Photo, _: object) -> Photo:
    size = tuple(max(1, min(side, most)) for side, most in zip(task.size, MAX_RENDERED_PX, strict=False))
    of_each = 1 if photo.palette else 3
    if (photo.width_px, photo.height_px) != size or len(photo.pixels) != of_each * photo.width_px * photo.height_px:
        _reject("a picture of another size")
    shades = [shade for colour in photo.palette for shade in colour]
    if photo.palette and (max(photo.pixels) >= len(photo.palette) or not all(0 <= shade <= 255 for shade in shades)):
        _reject("colours that can't be")
    return photo


_CHECKS: dict[str, tuple[type, Callable[[ParserTask, Any, Iterator[object]], object]]] = {
    "feed": (ParsedFeed, _feed),
    "page": (ParsedPage, _page),
    "site": (ParsedSite, _site),
    "opml": (ParsedOpml, _opml),
    "markdown": (Story, _story),
    "posts": (ParsedApi, _posts),
    "categories": (ParsedApi, _posts),
    "picture": (StoredPicture, _picture),
    "render": (Photo, _photo),
    "sandbox": (SandboxState, lambda _, state, __: state),
}


def _reject(why: str) -> NoReturn:
    raise ValueError(f"the parser answered {why}")
