"""WordPress: the shape of its addresses, and what its JSON says. Pure.

Source: the REST API handbook (developer.wordpress.org/rest-api), and what a WordPress 6.8 answered.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from bpost_tui.errors import ContentError
from bpost_tui.model.sanitize import MAX_EXCERPT_CHARS, MAX_NAME_CHARS, MAX_TERMS, MAX_TITLE_CHARS, clean_line
from bpost_tui.model.story import Category, Story
from bpost_tui.portal.feed.parser import first_words, lead_image, read_excerpt, within
from bpost_tui.portal.html.blocks import blocks, plain
from bpost_tui.portal.html.encoding import decode
from bpost_tui.urls import clean_link, last_part, portal_base

PER_PAGE = 100
"""The most WordPress gives at once."""
MAX_PAGES = 1000
_POST_FIELDS = "id,guid,date_gmt,modified_gmt,slug,link,title,content,excerpt,_links,_embedded"
_EMBEDDED = "author,wp:term,wp:featuredmedia"
_NO_POST = re.compile("/(?:category|tag|author|page|feed|comments|wp-(?:admin|content|includes|json))(?:/|$)")
_CATEGORY_FIELDS = "id,name,slug,parent,count"


@dataclass(frozen=True, slots=True)
class Answer:
    """What wp-json said."""

    stories: tuple[Story, ...] = ()
    categories: tuple[Category, ...] = ()
    warnings: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    """WordPress's own number of each story, or of each category; 0 where it says none."""
    rows: int = 0
    """How many posts came, those that can't be read too."""


@dataclass(frozen=True, slots=True)
class Site:
    """A WordPress site's addresses."""

    base: str
    """Without a slash at the end; may have a path."""

    @classmethod
    def at(cls, address: str) -> Site:
        """Return the site whose front page is at an address; without a scheme, https is meant.

        Raises:
            UsageError: It is no http or https address.
        """
        return cls(portal_base(address))

    def feed(self, category: str | None = None, page: int = 1) -> str:
        """Return the address of a page of the front page's feed, or a category's."""
        path = f"/category/{quote(category, safe='')}/feed" if category else "/feed"
        return f"{self.base}{path}" + (f"?paged={page}" if page > 1 else "")

    def rest(self, route: str, query: Mapping[str, str | int], *, pretty: bool = True) -> str:
        """Return a REST address; not pretty is how it is where permalinks are off."""
        if pretty:
            return f"{self.base}/wp-json/wp/v2/{route}" + (f"?{urlencode(query)}" if query else "")
        return f"{self.base}/?{urlencode({'rest_route': f'/wp/v2/{route}', **query})}"

    def categories(self, query: Mapping[str, str | int], *, pretty: bool = True) -> str:
        """Return the address of a page of the list of categories, narrowed as posts are."""
        return self.rest("categories", {"per_page": PER_PAGE, **query, "_fields": _CATEGORY_FIELDS}, pretty=pretty)

    def posts(self, query: Mapping[str, str | int], *, pretty: bool = True) -> str:
        """Return the address of posts with their whole text, narrowed by WordPress's own query arguments."""
        return self.rest("posts", {**query, "_embed": _EMBEDDED, "_fields": _POST_FIELDS}, pretty=pretty)


def post_id(guid: str) -> int | None:
    """Return the number in a guid like `https://…/?p=423`."""
    number = parse_qs(urlsplit(guid).query).get("p", [""])[0]
    return int(number) if re.fullmatch("[0-9]{1,12}", number) else None


def post_slug(link: str) -> str | None:
    """Return the slug in a post's address, decoded: the last part of its path without `.html`."""
    return last_part(link).removesuffix(".html") or None


def total_count(header: str) -> int | None:
    """Return how many there are by an X-WP-Total header; None where it says nothing."""
    return int(header) if re.fullmatch("[0-9]{1,9}", header) else None


def is_archive(link: str) -> bool:
    """Whether an address is, by WordPress's usual bases, a list of posts or a file, and no post."""
    return _NO_POST.search(urlsplit(link).path) is not None


def page_count(header: str) -> int:
    """Return how many pages an X-WP-TotalPages header promises, within reason; 1 where it promises nothing."""
    return min(max(int(header), 1), MAX_PAGES) if re.fullmatch("[0-9]{1,9}", header) else 1


# ── what wp-json says ───────────────────────────────────────────────────────


def read_json(body: bytes) -> object:
    """Return a body's JSON; NaN and infinities are None.

    Raises:
        ContentError: It is no JSON, or a deeper one than Python's stack.
    """
    try:
        return json.loads(decode(body), strict=False, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise ContentError("not the JSON it should be") from error


def read_categories(body: bytes) -> Answer:
    """Return the categories of a page of `/wp/v2/categories`, parents by their slugs as far as they are on the page."""
    rows = [row for row in _rows(body) if _text(row.get("slug")) and _text(row.get("name"))]
    slugs = {row.get("id"): _slug(row) for row in rows if isinstance(row.get("id"), int)}
    return Answer(
        categories=tuple(
            Category(_slug(row), _name(row), slugs.get(_number(row.get("parent"))), _number(row.get("count"))) for row in rows
        ),
        numbers=tuple(_number(row.get("id")) or 0 for row in rows),
    )


def read_posts(body: bytes, url: str, now: datetime) -> Answer:
    """Return the stories of a page of `/wp/v2/posts`; a post that is no post is left out and told of."""
    rows = _rows(body)
    read = [(story, _number(row.get("id")) or 0) for row in rows if (story := _story(row, url, now)) is not None]
    lost = len(rows) - len(read)
    return Answer(
        stories=tuple(story for story, _ in read),
        warnings=(f"{lost} of {len(rows)} stories can't be read",) if lost else (),
        numbers=tuple(number for _, number in read),
        rows=len(rows),
    )


def _rows(body: bytes) -> list[Mapping[str, Any]]:
    data = read_json(body)
    if not isinstance(data, list):
        said = clean_line(_text(data.get("message")), 200) if isinstance(data, dict) else ""
        raise ContentError(f"no list of stories or categories{f': {said}' if said else ''}")
    return [row for row in data[:PER_PAGE] if isinstance(row, dict)]


def _story(row: Mapping[str, Any], url: str, now: datetime) -> Story | None:
    link = clean_link(_text(row.get("link")), url)
    guid = clean_line(plain(_rendered(row.get("guid")), 512), 512) or link
    if not guid:
        return None
    content = row.get("content")
    protected = isinstance(content, dict) and content.get("protected") is True
    text = () if protected else blocks(_rendered(content), link or url)
    excerpt = read_excerpt(_rendered(row.get("excerpt"))) or first_words(text)
    embedded = row.get("_embedded")
    embedded = embedded if isinstance(embedded, dict) else {}
    terms = list(_terms(embedded))
    return Story(
        guid=guid,
        title=plain(_rendered(row.get("title")), MAX_TITLE_CHARS) or clean_line(excerpt, 80),
        link=link,
        author=next((_name(author) for author in _maps(embedded.get("author"))), ""),
        published=_date(row.get("date_gmt"), now),
        modified=_date(row.get("modified_gmt"), now),
        categories=tuple(Category(_slug(term), _name(term)) for term in terms if term.get("taxonomy") == "category"),
        tags=tuple(_name(term) for term in terms if term.get("taxonomy") == "post_tag"),
        excerpt=clean_line(excerpt, MAX_EXCERPT_CHARS),
        blocks=text,
        image=_picture(embedded, url) or lead_image(text),
        full=isinstance(content, dict) and not protected,
    )


def _terms(embedded: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    groups = embedded.get("wp:term")
    terms = [term for group in (groups if isinstance(groups, list) else []) for term in _maps(group)]
    return (term for term in terms[:MAX_TERMS] if _text(term.get("slug")) and _text(term.get("name")))


def _picture(embedded: Mapping[str, Any], url: str) -> str | None:
    sources = (clean_link(_text(media.get("source_url")), url) for media in _maps(embedded.get("wp:featuredmedia")))
    return next(filter(None, sources), None)


def _date(value: object, now: datetime) -> datetime | None:
    """Return a `date_gmt`, which is UTC without saying so."""
    try:
        date = datetime.fromisoformat(_text(value))
    except ValueError:
        return None
    return within(date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC), now)


def _rendered(value: object) -> str:
    return _text(value.get("rendered")) if isinstance(value, dict) else _text(value)


def _name(row: Mapping[str, Any]) -> str:
    return plain(_text(row.get("name")), MAX_NAME_CHARS)


def _slug(row: Mapping[str, Any]) -> str:
    return clean_line(unquote(_text(row.get("slug"))), MAX_NAME_CHARS)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 40 else None


def _maps(value: object) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, Sequence) and not isinstance(value, str) else []
