"""Parser of the responses of wp-json (WordPress's API): makes stories and categories. Pure, runs in the parser process.

Source: the REST API handbook (developer.wordpress.org/rest-api), and the answers of a WordPress 6.8.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import unquote

from bpost_tui.errors import ContentError
from bpost_tui.i18n import Reason
from bpost_tui.limits import MAX_TERMS
from bpost_tui.model.sanitize import MAX_EXCERPT_CHARS, MAX_NAME_CHARS, MAX_TITLE_CHARS, clean_line
from bpost_tui.model.story import Category, Story
from bpost_tui.model.story_merge import title_of_excerpt
from bpost_tui.portal.derived_fields import first_words, lead_image, read_excerpt
from bpost_tui.portal.html.block_parser import html_to_line, parse_blocks
from bpost_tui.portal.html.text_encoding import decode
from bpost_tui.portal.parse_results import MAX_NUMBER, ParsedApi, plausible_date
from bpost_tui.portal.wordpress.wordpress_addresses import PER_PAGE
from bpost_tui.untrusted import Fields, objects_in, parse_time, read_each, read_json, text_or_empty, value_or_none
from bpost_tui.urls import clean_link

_MAX_GUID_CHARS = 512


def read_categories(body: bytes) -> ParsedApi:
    """Return the categories on a page of WordPress's list of categories (`/wp/v2/categories`).

    A category has the slug of its parent category only if the parent is on the same page of the list.

    Raises:
        ContentError: The body is no list in JSON.
    """
    rows = [row for row in _rows(body) if text_or_empty(row.get("slug")) and text_or_empty(row.get("name"))]
    slugs = {row.get("id"): _slug(row) for row in rows if isinstance(row.get("id"), int)}
    return ParsedApi(
        categories=tuple(
            Category(_slug(row), _name(row), slugs.get(_number(row.get("parent"))), _number(row.get("count"))) for row in rows
        ),
        numbers=tuple(_number(row.get("id")) or 0 for row in rows),
    )


def read_posts(body: bytes, url: str, now: datetime) -> ParsedApi:
    """Return the stories on a page of WordPress's list of posts (`/wp/v2/posts`).

    Posts that can't be read are left out; a warning in the result has their number.

    Raises:
        ContentError: The body is no list in JSON.
    """
    rows = _rows(body)
    stories = read_each(rows, lambda row: _story(row, url, now))
    read = [(story, _number(row.get("id")) or 0) for row, story in zip(rows, stories, strict=True) if isinstance(story, Story)]
    lost = len(rows) - len(read)
    return ParsedApi(
        stories=tuple(story for story, _ in read),
        warnings=(Reason("{n} of {all} stories can't be read", n=lost, all=len(rows)),) if lost else (),
        numbers=tuple(number for _, number in read),
        rows=len(rows),
    )


def _rows(body: bytes) -> list[Fields]:
    data = read_json(decode(body))
    if not isinstance(data, list):
        phrase = clean_line(text_or_empty(data.get("message")), 200) if isinstance(data, dict) else ""
        if not phrase:
            raise ContentError("not a list of stories or categories")
        raise ContentError(Reason("not a list of stories or categories ({said})", said=phrase))
    return objects_in(data[:PER_PAGE])


def _story(row: Fields, url: str, now: datetime) -> Story | None:
    link = clean_link(text_or_empty(row.get("link")), url)
    guid = clean_line(html_to_line(_rendered(row.get("guid")), _MAX_GUID_CHARS), _MAX_GUID_CHARS) or link
    if not guid:
        return None
    content = row.get("content")
    protected = isinstance(content, dict) and content.get("protected") is True
    text = () if protected else parse_blocks(_rendered(content), link or url)
    excerpt = read_excerpt(_rendered(row.get("excerpt"))) or first_words(text)
    embedded = value_or_none(row.get("_embedded"), dict) or {}
    terms = list(_terms(embedded))
    return Story(
        guid=guid,
        title=html_to_line(_rendered(row.get("title")), MAX_TITLE_CHARS) or title_of_excerpt(excerpt),
        link=link,
        author=", ".join(dict.fromkeys(filter(None, map(_name, objects_in(embedded.get("author")))))),
        published=plausible_date(parse_time(row.get("date_gmt"), is_utc=True), now),  # UTC, though it doesn't carry a zone
        modified=plausible_date(parse_time(row.get("modified_gmt"), is_utc=True), now),
        categories=tuple(Category(_slug(term), _name(term)) for term in terms if term.get("taxonomy") == "category"),
        tags=tuple(_name(term) for term in terms if term.get("taxonomy") == "post_tag"),
        excerpt=clean_line(excerpt, MAX_EXCERPT_CHARS),
        blocks=text,
        image=_picture(embedded, url) or lead_image(text),
        full=isinstance(content, dict) and not protected,
        source="wp-json",
    )


def _terms(embedded: Fields) -> Iterable[Fields]:
    terms = [term for group in value_or_none(embedded.get("wp:term"), list) or [] for term in objects_in(group)]
    return (term for term in terms[:MAX_TERMS] if text_or_empty(term.get("slug")) and text_or_empty(term.get("name")))


def _picture(embedded: Fields, url: str) -> str | None:
    sources = (clean_link(text_or_empty(media.get("source_url")), url) for media in objects_in(embedded.get("wp:featuredmedia")))
    return next(filter(None, sources), None)


def _rendered(value: object) -> str:
    return text_or_empty(value.get("rendered")) if isinstance(value, dict) else text_or_empty(value)


def _name(row: Fields) -> str:
    return html_to_line(text_or_empty(row.get("name")), MAX_NAME_CHARS)


def _slug(row: Fields) -> str:
    return clean_line(unquote(text_or_empty(row.get("slug"))), MAX_NAME_CHARS)


def _number(value: object) -> int | None:
    number = value_or_none(value, int)
    return number if number is not None and 0 <= number < MAX_NUMBER else None
