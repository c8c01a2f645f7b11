"""The sample portal without a server: which request gets which response."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qsl, unquote

from bpost_tui.demo.sample_edition import SampleCategory, SampleEdition, picture
from tests.sample_portal import html_pages, rest_api
from tests.sample_portal.responses import (
    Headers,
    HttpResponse,
    QueryParameters,
    RequestHeaders,
    compressed,
    html_answer,
    moved,
    unchanged,
    validators,
)
from tests.sample_portal.rss import SITE_NAME, rss
from tests.sample_portal.wordpress import in_category


class SampleSite:
    """WordPress site with one edition; pure, except that it reads pictures."""

    def __init__(self, edition: SampleEdition, home: str, now: datetime, *, summary: bool, rest: bool, page_size: int) -> None:
        self._edition = edition
        self._home = home
        self._now = now
        self._summary = summary
        self._rest = rest
        self._page_size = page_size

    def answer(self, target: str, request: RequestHeaders) -> HttpResponse:
        """Return the response to a GET.

        Args:
            target: Path and query, as in the request line.
            request: The request's headers.
        """
        path, _, words = target.partition("?")
        query = dict(parse_qsl(words, keep_blank_values=True))
        answer = self._route("/" + unquote(path).lstrip("/"), target, query, request)
        return compressed(answer, request.get("Accept-Encoding") or "")

    def _route(self, path: str, target: str, query: QueryParameters, request: RequestHeaders) -> HttpResponse:
        folder, _, last = path.rstrip("/").rpartition("/")
        if path.startswith("/wp-json"):
            return rest_api.answer(path, query, self._edition, self._home) if self._rest else rest_api.disabled()
        if path.startswith(rest_api.UPLOADS):
            return self._picture(last)
        if last == "feed":
            return self._feed(folder, target, query, request)
        if path == "/":
            return self._front(query)
        if path.endswith("/"):
            return moved(self._home + target.partition("?")[0].rstrip("/"))
        if folder == "/category":
            return self._category(last)
        return self._article(path, last)

    def _feed(self, folder: str, target: str, query: QueryParameters, request: RequestHeaders) -> HttpResponse:
        if folder and not folder.startswith("/category/"):
            return self._lost()
        modified = max(post.modified for post in self._edition.stories)
        if unchanged(request, modified):  # even for a page that doesn't exist: WordPress checks this first
            return HttpResponse(304, validators(modified))
        slug = folder.rpartition("/")[2]
        category = self._named(slug)
        title = f"{category.name} – {SITE_NAME}" if category else SITE_NAME
        posts = in_category(self._edition, slug) if slug else self._edition.stories
        number = int(query["paged"]) if query.get("paged", "").isdecimal() else 1
        first = (max(1, number) - 1) * self._page_size
        shown = posts[first : first + self._page_size]
        gone = not shown and number > 1
        text = rss(
            shown,
            home=self._home,
            address=self._home + target,
            title=f"Page not found – {SITE_NAME}" if gone else title,
            modified=modified,
            summary=self._summary,
        )
        headers: Headers = (("Content-Type", "application/rss+xml; charset=UTF-8"), *validators(modified))
        return HttpResponse(404 if gone else 200, headers, text.encode())

    def _front(self, query: QueryParameters) -> HttpResponse:
        if "p" not in query:
            return html_answer(html_pages.front(self._edition.stories, SITE_NAME, self._home, self._now))
        post = next((post for post in self._edition.stories if str(post.id) == query["p"]), None)
        return moved(self._home + post.path) if post else self._lost()

    def _named(self, slug: str) -> SampleCategory | None:
        return next((category for category in self._edition.categories if category.slug == slug), None)

    def _category(self, slug: str) -> HttpResponse:
        category = self._named(slug)
        if category is None:
            return self._lost()
        return html_answer(html_pages.front(in_category(self._edition, slug), category.name, self._home, self._now))

    def _article(self, path: str, last: str) -> HttpResponse:
        post = next((post for post in self._edition.stories if f"{post.slug}.html" == last), None)
        if post is None:
            return self._lost()
        if unquote(post.path) != path:  # the right slug under another category
            return moved(self._home + post.path)
        return html_answer(html_pages.article(post, self._edition, self._home, self._now))

    def _picture(self, name: str) -> HttpResponse:
        body = picture(name)
        return self._lost() if body is None else HttpResponse(200, (("Content-Type", "image/png"),), body)

    def _lost(self) -> HttpResponse:
        return replace(html_answer(html_pages.not_found(self._home)), status=404)
