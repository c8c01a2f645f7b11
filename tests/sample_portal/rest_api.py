"""The sample portal's wp-json: the part of WordPress's wp/v2 that bpost uses.

Source: https://developer.wordpress.org/rest-api/reference/posts/, and the answers of a WordPress.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from zlib import crc32

from bpost_tui.demo.sample_edition import PICTURE_SIZE_PX, SITE_ZONE, SampleCategory, SampleEdition, SamplePost, encoded
from tests.sample_portal.responses import HttpResponse, QueryParameters, json_answer
from tests.sample_portal.rss import EXCERPT_WORDS, guid
from tests.sample_portal.wordpress import category_path, in_category, opening

ROOT = "/wp-json/wp/v2"
UPLOADS = "/wp-content/uploads/sample"
_MOST_PER_PAGE = 100


class BadRequest(Exception):
    """Query that WordPress refuses."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


def answer(path: str, query: QueryParameters, edition: SampleEdition, home: str) -> HttpResponse:
    """Return the response to a request under `/wp-json`."""
    rest = path.removeprefix(ROOT).rstrip("/")
    try:
        if rest == "/categories":
            return _page([_category(category, edition, home) for category in _categories(edition, query)], query)
        if rest == "/posts":
            return _page([_post(post, home, embed="_embed" in query) for post in _posts(edition, query)], query)
        if rest.startswith("/posts/"):
            return _single(rest.removeprefix("/posts/"), query, edition, home)
    except BadRequest as error:
        return _refusal(error.code, str(error), error.status)
    return _refusal("rest_no_route", "No route was found matching the URL and request method.", 404)


def disabled() -> HttpResponse:
    """Return the answer of security plugins to every request under `/wp-json`."""
    return _refusal("rest_login_required", "REST API restricted to authenticated users.", 401)


def _single(number: str, query: QueryParameters, edition: SampleEdition, home: str) -> HttpResponse:
    post = next((post for post in edition.stories if str(post.id) == number), None)
    if post is None:
        raise BadRequest("rest_post_invalid_id", "Invalid post ID.", 404)
    return json_answer(_chosen(_post(post, home, embed="_embed" in query), query))


def _categories(edition: SampleEdition, query: QueryParameters) -> Sequence[SampleCategory]:
    found = sorted(edition.categories, key=lambda category: category.name)
    slugs = _words(query, "slug")
    return [category for category in found if not slugs or category.slug in slugs]


def _posts(edition: SampleEdition, query: QueryParameters) -> Sequence[SamplePost]:
    tests: list[Callable[[SamplePost], bool]] = []
    if include := _numbers(query, "include"):
        tests.append(lambda post: post.id in include)
    if exclude := _numbers(query, "exclude"):
        tests.append(lambda post: post.id not in exclude)
    if slugs := _words(query, "slug"):
        tests.append(lambda post: post.slug in slugs)
    if categories := _numbers(query, "categories"):
        tests.append(lambda post: any(category.id in categories for category in post.categories))
    if search := query.get("search", "").split():
        tests.append(lambda post: all(word in post.title or word in post.body for word in search))
    for name, field in (("modified_after", "modified"), ("after", "published")):
        if (moment := _moment(query, name)) is not None:
            tests.append(lambda post, field=field, moment=moment: getattr(post, field) > moment)  # type: ignore[misc]
    for name, field in (("modified_before", "modified"), ("before", "published")):
        if (moment := _moment(query, name)) is not None:
            tests.append(lambda post, field=field, moment=moment: getattr(post, field) < moment)  # type: ignore[misc]
    found = [post for post in edition.stories if all(test(post) for test in tests)]
    return _ordered(found, query)


def _ordered(posts: list[SamplePost], query: QueryParameters) -> Sequence[SamplePost]:
    keys: dict[str, Callable[[SamplePost], Any]] = {
        "date": lambda post: (post.published, post.id),
        "modified": lambda post: (post.modified, post.id),
        "id": lambda post: post.id,
    }
    by = query.get("orderby", "date")
    if by not in keys:
        raise BadRequest("rest_invalid_param", "Invalid parameter(s): orderby")
    return sorted(posts, key=keys[by], reverse=query.get("order", "desc") != "asc")


def _page(items: list[dict[str, Any]], query: QueryParameters) -> HttpResponse:
    size, number = _whole(query, "per_page", 10), _whole(query, "page", 1)
    if size > _MOST_PER_PAGE:
        raise BadRequest("rest_invalid_param", "Invalid parameter(s): per_page")
    pages = -(-len(items) // size)
    if number > max(1, pages):
        raise BadRequest("rest_post_invalid_page_number", "The page number requested is larger than the number of pages available.")
    shown = items[(number - 1) * size : number * size]
    return json_answer(
        [_chosen(item, query) for item in shown], headers=(("X-WP-Total", str(len(items))), ("X-WP-TotalPages", str(pages)))
    )


def _post(post: SamplePost, home: str, *, embed: bool) -> dict[str, Any]:
    excerpt = html.escape(opening(post, EXCERPT_WORDS, ""), quote=False)
    entry = {
        "id": post.id,
        "date": _stamp(post.published, local=True),
        "date_gmt": _stamp(post.published),
        "guid": {"rendered": guid(post)},
        "modified": _stamp(post.modified, local=True),
        "modified_gmt": _stamp(post.modified),
        "slug": post.slug,
        "status": "publish",
        "type": "post",
        "link": home + post.path,
        "title": {"rendered": html.escape(post.title, quote=False)},
        "content": {"rendered": post.content(home) + "\n", "protected": False},
        "excerpt": {"rendered": f"<p>{excerpt} [&hellip;]</p>\n", "protected": False},
        "author": _number(post.author),
        "featured_media": post.id if post.picture else 0,
        "sticky": False,
        "format": "standard",
        "categories": [category.id for category in post.categories],
        "tags": [_number(tag) for tag in post.tags],
    }
    return entry | ({"_embedded": _embedded(post, home)} if embed else {})


def _embedded(post: SamplePost, home: str) -> dict[str, Any]:
    categories = [
        _term(category.id, category.name, category.slug, home + category_path(category), "category") for category in post.categories
    ]
    tags = [_term(_number(tag), tag, tag, f"{home}/tag/{encoded(tag)}", "post_tag") for tag in post.tags]
    media = {"wp:featuredmedia": [_media(post, home)]} if post.picture else {}
    return {"author": [{"id": _number(post.author), "name": post.author}], **media, "wp:term": [categories, tags]}


def _media(post: SamplePost, home: str) -> dict[str, Any]:
    width, height = PICTURE_SIZE_PX
    return {
        "id": post.id,
        "type": "attachment",
        "alt_text": post.picture_alt,
        "media_type": "image",
        "mime_type": "image/png",
        "media_details": {"width": width, "height": height, "file": f"sample/{post.picture}", "sizes": {}},
        "source_url": f"{home}{UPLOADS}/{post.picture}",
    }


def _category(category: SampleCategory, edition: SampleEdition, home: str) -> dict[str, Any]:
    term = _term(category.id, category.name, category.slug, home + category_path(category), "category")
    return term | {"count": len(in_category(edition, category.slug)), "description": "", "parent": 0}


def _term(number: int, name: str, slug: str, link: str, taxonomy: str) -> dict[str, Any]:
    return {
        "id": number,
        "link": link,
        "name": html.escape(name, quote=False),
        "slug": encoded(slug),
        "taxonomy": taxonomy,
    }


def _chosen(entry: dict[str, Any], query: QueryParameters) -> dict[str, Any]:
    chosen = {name.split(".")[0] for name in _words(query, "_fields")}
    return {name: value for name, value in entry.items() if not chosen or name in chosen}


def _refusal(code: str, message: str, status: int) -> HttpResponse:
    return json_answer({"code": code, "message": message, "data": {"status": status}}, status)


def _words(query: QueryParameters, name: str) -> set[str]:
    return {word for word in query.get(name, "").split(",") if word}


def _numbers(query: QueryParameters, name: str) -> set[int]:
    try:
        return {int(word) for word in _words(query, name)}
    except ValueError:
        raise BadRequest("rest_invalid_param", f"Invalid parameter(s): {name}") from None


def _whole(query: QueryParameters, name: str, default: int) -> int:
    number = query.get(name, str(default))
    if not number.isdecimal() or int(number) < 1:
        raise BadRequest("rest_invalid_param", f"Invalid parameter(s): {name}")
    return int(number)


def _moment(query: QueryParameters, name: str) -> datetime | None:
    if name not in query:
        return None
    try:
        moment = datetime.fromisoformat(query[name])
    except ValueError:
        raise BadRequest("rest_invalid_param", f"Invalid parameter(s): {name}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=SITE_ZONE)


def _number(name: str) -> int:
    """Return the id of a tag or author, which have only names here."""
    return crc32(name.encode())


def _stamp(moment: datetime, *, local: bool = False) -> str:
    return moment.astimezone(SITE_ZONE if local else UTC).strftime("%Y-%m-%dT%H:%M:%S")
