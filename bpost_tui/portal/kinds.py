"""What differs between the kinds of papers: a WordPress portal, with wp-json and a feed of each category, and any site's feed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from urllib.parse import quote

from bpost_tui.model.story import Category, PostsPage, Story
from bpost_tui.portal.wordpress.addresses import PER_PAGE, QueryArguments, SiteAddresses
from bpost_tui.portal.wordpress.api import ApiAnswer, WordPressApi
from bpost_tui.urls import feed_address


class Api(Protocol):
    """What is known of stories besides feeds and pages; for all of it see `WordPressApi`."""

    async def categories(self) -> tuple[Category, ...] | None:
        """Return all categories; None where nothing answers."""

    async def posts(self, query: QueryArguments) -> ApiAnswer | None:
        """Return a list of posts; None where nothing answers."""

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
        """Return a page of stories; None where nothing answers."""

    async def gone(self, suspects: Sequence[Story], witness: tuple[Story, int]) -> tuple[str, ...]:
        """Return the guids of those suspects that aren't there any longer."""


class Kind(Protocol):
    """What a paper offers."""

    @property
    def base(self) -> str:
        """An address of the paper's own host, which is asked for all but pictures."""

    @property
    def api(self) -> Api:
        """What is asked besides feeds and pages."""

    @property
    def has_category_feeds(self) -> bool:
        """Whether each category has a feed of its own; else a category is a part of the one feed."""

    def feed(self, category: str | None, page: int) -> str:
        """Return the address of a page of a category's feed, or of the front page's; what follows a `#` is never sent."""

    def has_page(self, page: int) -> bool:
        """Whether a feed may have such a page."""

    def of_category(self, stories: Sequence[Story], category: str | None) -> tuple[Story, ...]:
        """Return those of a category, where its feed has others, too."""


class WordPressSite:
    """A WordPress portal, by its front page's address."""

    has_category_feeds = True

    def __init__(self, addresses: SiteAddresses, api: WordPressApi) -> None:
        self._addresses = addresses
        self.api: Api = api
        """The portal's wp-json."""
        self.base = addresses.base
        """Its front page."""

    def feed(self, category: str | None, page: int) -> str:
        """Return the address of a page of a category's feed, or of the front page's."""
        return self._addresses.feed(category, page)

    def has_page(self, page: int) -> bool:
        """Return True: only asking tells."""
        return True

    def of_category(self, stories: Sequence[Story], category: str | None) -> tuple[Story, ...]:
        """Return all: a category's feed has no others."""
        return tuple(stories)


class FeedSite:
    """A site of which one feed is read (RSS, Atom or JSON Feed), by the feed's address.

    Raises:
        UsageError: It is no http or https address.
    """

    has_category_feeds = False

    def __init__(self, address: str) -> None:
        self.base = feed_address(address)
        """The feed itself."""
        self.api: Api = NoApi()
        """One that never answers."""

    def feed(self, category: str | None, page: int) -> str:
        """Return the feed's address; a category's differs in what isn't sent, since what came of it is noted by address."""
        return f"{self.base}#{quote(category, safe='')}" if category else self.base

    def has_page(self, page: int) -> bool:
        """Whether it is the first: a feed has one."""
        return page == 1

    def of_category(self, stories: Sequence[Story], category: str | None) -> tuple[Story, ...]:
        """Return those of a category; all for None."""
        return tuple(story for story in stories if category is None or any(each.slug == category for each in story.categories))


class NoApi:
    """In place of wp-json where a paper has none: nothing answers, and nothing is asked."""

    async def categories(self) -> None:
        """Return None."""

    async def posts(self, query: QueryArguments) -> None:
        """Return None."""

    async def posts_page(self, **query: object) -> None:
        """Return None."""

    async def gone(self, suspects: Sequence[Story], witness: tuple[Story, int]) -> tuple[str, ...]:
        """Return that none is known to be gone."""
        return ()
