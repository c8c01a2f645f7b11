"""What a kind of paper is: all that differs between a WordPress portal, any site's feed, and whatever else is read. Pure."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol

from bpost_tui.model.story import Category, PostsPage, Story
from bpost_tui.portal.wordpress.wordpress_addresses import PER_PAGE, QueryArguments
from bpost_tui.urls import secured

if TYPE_CHECKING:
    from bpost_tui.portal.http.client import HttpResponse
    from bpost_tui.portal.http.policy import ResourceKind
    from bpost_tui.portal.parse_results import OutlineFeed, ParsedFeed, ParsedSite, ParserTask
    from bpost_tui.portal.wordpress.wp_json import ApiCallbacks, ApiResponse


class PaperApi(Protocol):
    """What is known of stories besides feeds and pages; for all of it see `WordPressApi`."""

    async def categories(self) -> tuple[Category, ...] | None:
        """Return all categories; None where nothing answers."""

    async def posts(self, query: QueryArguments) -> ApiResponse | None:
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

    async def find_withdrawn(self, suspects: Sequence[Story], witness: tuple[Story, int]) -> tuple[str, ...]:
        """Return the guids of those suspects that aren't there any longer."""


class PaperSite(Protocol):
    """What one paper offers."""

    @property
    def base(self) -> str:
        """An address of the paper's own host, which is asked for all but pictures."""

    @property
    def api(self) -> PaperApi:
        """What is asked besides feeds and pages."""

    @property
    def is_one_feed(self) -> bool:
        """Whether all is in one feed of one page, categories as parts of it; else each has a feed of its own, page by page."""

    def feed(self, category: str | None, page: int) -> str:
        """Return the address of a page of a category's feed, or of the front page's; what follows a `#` is never sent."""


class DiscoveryClient(Protocol):
    """How a host is looked at for a paper (`discovery.Discovery`); each of these is a request or none."""

    failure: str
    """What couldn't be read, though it would tell of what kind the paper is."""

    @property
    def start(self) -> str:
        """The address that the reader gave."""

    async def fetch(self, address: str, resource: ResourceKind) -> HttpResponse:
        """Fetch an address of the host; raises PortalError."""

    async def fetch_feed(self, address: str, kind: str) -> ParsedFeed | None:
        """Return the feed at an address as a kind of paper's parser reads it, None where there is none."""

    async def parse_site(self, fetched: HttpResponse) -> ParsedSite:
        """Return what a page says of its site; raises ContentError."""


class StartResponse(NamedTuple):
    """What came from the address that the reader gave."""

    response: HttpResponse
    feed: ParsedFeed | None
    """The feed that it is, as the kind's own parser reads it."""
    site: ParsedSite
    """What it says of its site; nothing where it is a feed. Feeds on other hosts are left out."""

    def secured(self, address: str) -> str:
        """Return an address with https where the host has led there."""
        return secured(address) if self.response.address.startswith("https:") else address


class PaperMatch(NamedTuple):
    """A paper of a kind that was found."""

    address: str
    name: str
    """What it calls itself; empty where it doesn't."""


class PaperKind(NamedTuple):
    """A kind of paper; the functions take a paper's address in the form in which `address` returns it."""

    name: str
    """What configs and JSON call it."""
    label: str
    """What the reader sees; a message id, or a name that all languages share."""
    address: Callable[[str], str]
    """Returns the address of a paper in the form in which it is kept; raises UsageError for what is no http or https address."""
    front_page: Callable[[str], str]
    """Returns the front page of a paper's site, without a slash at its end."""
    feed: Callable[[str], str]
    """Returns the feed that other feed readers take."""
    from_outline: Callable[[OutlineFeed], str | None]
    """Returns the address of the paper whose feed an OPML file lists; None where it is none of this kind; raises UsageError."""
    find: Callable[[DiscoveryClient, StartResponse], Awaitable[PaperMatch | None]]
    """Returns the paper that is meant by what came; None where it is none of this kind."""
    site: Callable[[str, ApiCallbacks], PaperSite]
    """Returns what a paper offers."""
    parser: Callable[[], Callable[[ParserTask, bytes], ParsedFeed]]
    """Returns what parses a page of its feed; called before the parser process closes itself in, so it imports what is needed."""


class NullApi:
    """In place of wp-json where a paper has none: nothing answers, and nothing is asked."""

    async def categories(self) -> None:
        """Return None."""

    async def posts(self, query: QueryArguments) -> None:
        """Return None."""

    async def posts_page(self, **query: object) -> None:
        """Return None."""

    async def find_withdrawn(self, suspects: Sequence[Story], witness: tuple[Story, int]) -> tuple[str, ...]:
        """Return that none is known to be gone."""
        return ()
