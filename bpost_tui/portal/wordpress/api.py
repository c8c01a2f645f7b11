"""wp-json as it is asked: in which shape of address it answers, how much of what there is, and what it no longer has."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from bpost_tui.model.identity import lookup_keys
from bpost_tui.model.story import Category, PostsPage, Story
from bpost_tui.portal.client import Fetched
from bpost_tui.portal.wordpress.addresses import PER_PAGE, SiteAddresses, post_id, post_slug
from bpost_tui.portal.wordpress.api_parser import ParsedAnswer, page_count, total_count

_MAX_CATEGORY_PAGES = 10
_SUSPECTS_PER_REQUEST = 20

QueryArguments = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class ApiAnswer:
    """What wp-json said, and how much more there is of it."""

    answer: ParsedAnswer
    pages: int
    """0 past the last."""
    total: int | None


class WordPressApi:
    """A portal's wp-json.

    Args:
        site: Whose.
        fetch: Fetches an address as JSON.
        read: Reads what was fetched, by the name of a task of the worker's.
    """

    def __init__(
        self, site: SiteAddresses, fetch: Callable[[str], Awaitable[Fetched]], read: Callable[[str, Fetched], Awaitable[object]]
    ) -> None:
        self._site = site
        self._fetch = fetch
        self._read = read
        self._shapes: tuple[bool, ...] = (True, False)
        """The shapes of addresses that may answer, pretty or not; none once it is known that none does."""
        self._category_numbers: dict[str, int | None] = {}

    async def categories(self) -> tuple[Category, ...] | None:
        """Return all categories; None where wp-json doesn't answer."""
        found: list[Category] = []
        for page in range(1, _MAX_CATEGORY_PAGES + 1):
            said = await self._ask("categories", {"page": page})
            if said is None:
                return None
            found += said.answer.categories
            if page >= said.pages:
                break
        return tuple(found)

    async def posts(self, query: QueryArguments) -> ApiAnswer | None:
        """Return the posts that WordPress's own query arguments ask for; None where wp-json doesn't answer."""
        return await self._ask("posts", query)

    async def posts_page(
        self,
        *,
        size: int = PER_PAGE,
        page: int = 1,
        category: str | None = None,
        after: datetime | None = None,
        before: datetime | None = None,
        modified_after: datetime | None = None,
        exclude: Sequence[int] = (),
    ) -> PostsPage | None:
        """Return a page of stories with text and dates, newest first; None where wp-json doesn't answer, or not so.

        Args:
            size: Stories at most, to PER_PAGE.
            page: From 1, of what the other arguments leave.
            category: Only of this category, by its slug.
            after: Only what was published since, exclusive.
            before: Only what was published earlier, exclusive.
            modified_after: Only stories changed since, the latest change first.
            exclude: Not these, by WordPress's numbers.
        """
        query: dict[str, str | int] = {"per_page": size, "page": page}
        query |= {name: _stamp(when) for name, when in (("after", after), ("before", before)) if when}
        if modified_after:
            query |= {"modified_after": _stamp(modified_after), "orderby": "modified"}
        if exclude:
            query["exclude"] = ",".join(map(str, exclude))
        if category is not None:
            number = await self._category_number(category)
            if number is None:
                return None
            query["categories"] = number
        said = await self.posts(query)
        if said is None or (said.pages == 0 and page == 1):  # a first page is never past the last: the query was refused
            return None
        answer, total = said.answer, said.total
        end = said.pages == 0 or not answer.rows or (total is not None and page * size >= total)
        return PostsPage(self._site.posts(query), answer.stories, answer.numbers, end, total, answer.warnings)

    async def gone(self, suspects: Sequence[Story], witness: tuple[Story, int]) -> tuple[str, ...]:
        """Return the guids of those stories that are on the portal neither under their slug nor under their number.

        Each question also asks for a witness, a story that is there, and its number: an answer without it proves nothing.
        """
        missing: list[str] = []
        for start in range(0, len(suspects), _SUSPECTS_PER_REQUEST):
            some = suspects[start : start + _SUSPECTS_PER_REQUEST]
            asked: dict[str, list[str] | list[int]] = {
                "slug": [slug for story in (witness[0], *some) if (slug := post_slug(story.link or ""))],
                "include": [witness[1], *(number for story in some if (number := post_id(story.guid)))],
            }
            there: set[str] = set()
            for name, values in asked.items():
                said = await self.posts({name: ",".join(map(str, values)), "per_page": len(values)})
                keys = {key for story in said.answer.stories for key in lookup_keys(story)} if said else set()
                if said is None or said.answer.warnings or not keys.intersection(lookup_keys(witness[0])):
                    return tuple(missing)
                there |= keys
            missing += [story.guid for story in some if there.isdisjoint(lookup_keys(story)) and _can_be_asked(story)]
        return tuple(missing)

    async def _category_number(self, slug: str) -> int | None:
        if slug not in self._category_numbers:
            said = await self._ask("categories", {"slug": slug})
            found = zip(said.answer.categories, said.answer.numbers, strict=True) if said else ()
            self._category_numbers[slug] = next((number for category, number in found if category.slug == slug), None)
        return self._category_numbers[slug]

    async def _ask(self, task: str, query: QueryArguments) -> ApiAnswer | None:
        """Return what wp-json says; None where it doesn't answer, which is remembered."""
        address = self._site.categories if task == "categories" else self._site.posts
        for pretty in self._shapes:
            fetched = await self._fetch(address(query, pretty=pretty))
            if fetched.status == 400:  # past the last page
                return ApiAnswer(ParsedAnswer(), 0, None)
            if fetched.status == 200 and "json" in fetched.content_type:
                self._shapes = (pretty,)
                answer = cast(ParsedAnswer, await self._read(task, fetched))
                return ApiAnswer(answer, page_count(fetched.page_count), total_count(fetched.total))
            if fetched.status in (401, 403):
                break
        self._shapes = ()
        return None


def _can_be_asked(story: Story) -> bool:
    return bool(post_slug(story.link or "") or post_id(story.guid))


def _stamp(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
