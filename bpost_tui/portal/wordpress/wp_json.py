"""Client of wp-json (WordPress's API): finds the address that works, reads lists page by page, finds withdrawn stories."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import cast

from bpost_tui.model.story import Category, PostsPage, Story
from bpost_tui.model.story_identity import lookup_keys
from bpost_tui.portal.http.client import HttpResponse
from bpost_tui.portal.parse_results import ParsedApi
from bpost_tui.portal.wordpress.wordpress_addresses import PER_PAGE, QueryArguments, WordPressAddresses, post_id, post_slug
from bpost_tui.typesetting.text.named_tuple import NamedTuple

MAX_PAGES = 1000
_MAX_CATEGORY_PAGES = 10
_SUSPECTS_PER_REQUEST = 20


class ApiCallbacks(NamedTuple):
    """Functions that send requests to WordPress's API and parse its answers."""

    fetch: Callable[[str], Awaitable[HttpResponse]]
    """Function that fetches an address as JSON."""
    parse: Callable[[str, HttpResponse], Awaitable[object]]
    """Function that parses a response; its arguments are the name of a task of the parser process, and the response."""


class ApiResponse(NamedTuple):
    """Response of WordPress's API, with the size of the whole list that it is a page of."""

    parsed: ParsedApi
    pages: int
    """Number of pages of the whole list; 0 if the requested page would come after the last one."""
    total: int | None
    """Number of stories or categories in the whole list; None if the portal doesn't give it."""


class PortalCategories(NamedTuple):
    """Categories of a portal, read from the list in its WordPress API."""

    categories: tuple[Category, ...]
    is_complete: bool
    """Whether these are all categories of the portal."""


class WordPressApi:
    """Client of a portal's WordPress API.

    Args:
        site: Addresses of the site.
        callbacks: Functions that fetch an address and parse the response.
    """

    def __init__(self, site: WordPressAddresses, callbacks: ApiCallbacks) -> None:
        self._site = site
        self._callbacks = callbacks
        self._forms: tuple[bool, ...] = (True, False)
        """Forms of API addresses that may work for this portal: True is a path (`/wp-json/…`), False a query (`?rest_route=…`).

        Empty once neither has worked.
        """
        self._category_numbers: dict[str, int | None] = {}

    async def categories(self) -> PortalCategories | None:
        """Return the portal's categories, at most 1,000; None if WordPress's API doesn't answer or refuses the query."""
        found: list[Category] = []
        for page in range(1, _MAX_CATEGORY_PAGES + 1):
            answer = await self._request("categories", {"page": page})
            if answer is None or (answer.pages == 0 and page == 1):  # a first page is never past the last
                return None
            found += answer.parsed.categories
            if page >= answer.pages:
                return PortalCategories(tuple(found), is_complete=page == answer.pages)
        return PortalCategories(tuple(found), is_complete=False)

    async def posts(self, query: QueryArguments) -> ApiResponse | None:
        """Return the posts that match `query`; None if WordPress's API doesn't answer."""
        return await self._request("posts", query)

    async def posts_page(
        self,
        *,
        size: int = PER_PAGE,
        page: int = 1,
        category: str | None = None,
        after: datetime | None = None,
        before: datetime | None = None,
        modified_after: datetime | None = None,
        oldest_first: bool = False,
        exclude: Sequence[int] = (),
    ) -> PostsPage | None:
        """Return a page of stories with text and dates, newest first; None if WordPress's API doesn't answer or refuses the query.

        The page is number `page`, from 1, of a list in pages of `size` stories. `category` is a slug; `after` and `before` limit
        the time of publication, `modified_after` the time of change; None doesn't limit the list. `exclude` has WordPress numbers
        of stories to leave out. With `oldest_first`, the order is reversed.
        """
        query: dict[str, str | int] = {"per_page": size, "page": page}
        query |= {name: _utc_text(when) for name, when in (("after", after), ("before", before)) if when}
        if modified_after:
            query |= {"modified_after": _utc_text(modified_after), "orderby": "modified"}
        if oldest_first:
            query["order"] = "asc"
        if exclude:
            query["exclude"] = ",".join(map(str, exclude))
        if category is not None:
            number = await self._category_number(category)
            if number is None:
                return None
            query["categories"] = number
        answer = await self.posts(query)
        if answer is None or (answer.pages == 0 and page == 1):  # a first page is never past the last: the query was refused
            return None
        parsed, total = answer.parsed, answer.total
        end = answer.pages == 0 or not parsed.rows or (total is not None and page * size >= total)
        return PostsPage(self._site.posts(query), parsed.stories, parsed.numbers, end, total, parsed.warnings)

    async def find_withdrawn(self, suspects: Sequence[Story], witness: tuple[Story, int]) -> tuple[str, ...]:
        """Return the guids of the suspects that the portal finds neither by slug nor by number.

        Args:
            suspects: Stories that may be gone.
            witness: A story that exists, and its WordPress number. Every request includes it: an answer without it proves nothing.
        """
        missing: list[str] = []
        for start in range(0, len(suspects), _SUSPECTS_PER_REQUEST):
            some = suspects[start : start + _SUSPECTS_PER_REQUEST]
            queries: dict[str, list[str] | list[int]] = {
                "slug": [slug for story in (witness[0], *some) if (slug := post_slug(story.link or ""))],
                "include": [witness[1], *(number for story in some if (number := post_id(story.guid)))],
            }
            there: set[str] = set()
            for name, values in queries.items():
                answer = await self.posts({name: ",".join(map(str, values)), "per_page": len(values)})
                keys = {key for story in answer.parsed.stories for key in lookup_keys(story)} if answer else set()
                if answer is None or answer.parsed.warnings or not keys.intersection(lookup_keys(witness[0])):
                    return tuple(missing)
                there |= keys
            absent = (story for story in some if there.isdisjoint(lookup_keys(story)))
            missing += [story.guid for story in absent if post_slug(story.link or "") or post_id(story.guid)]
        return tuple(missing)

    async def _category_number(self, slug: str) -> int | None:
        if slug not in self._category_numbers:
            answer = await self._request("categories", {"slug": slug})
            found = zip(answer.parsed.categories, answer.parsed.numbers, strict=True) if answer else ()
            self._category_numbers[slug] = next((number for category, number in found if category.slug == slug), None)
        return self._category_numbers[slug]

    async def _request(self, task: str, query: QueryArguments) -> ApiResponse | None:
        """Return the API's response to a query for the list `task`, "categories" or "posts"; None if the API doesn't answer.

        Once the API hasn't answered, all further calls return None without a request.
        """
        address = self._site.categories if task == "categories" else self._site.posts
        for pretty in self._forms:
            fetched = await self._callbacks.fetch(address(query, pretty=pretty))
            if fetched.status == 400:  # the page would come after the last one
                return ApiResponse(ParsedApi(), 0, None)
            if fetched.status == 200 and "json" in fetched.content_type:
                self._forms = (pretty,)
                parsed = cast(ParsedApi, await self._callbacks.parse(task, fetched))
                return ApiResponse(parsed, page_count(fetched.page_count), _count(fetched.total))
            if fetched.status in (401, 403):
                break
        self._forms = ()
        return None


def _utc_text(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def page_count(header: str) -> int:
    """Return the number of pages in an X-WP-TotalPages header, at most a sensible maximum; 1 if the header has no number."""
    return min(max(_count(header) or 1, 1), MAX_PAGES)


def _count(header: str) -> int | None:
    return int(header) if re.fullmatch("[0-9]{1,9}", header) else None
