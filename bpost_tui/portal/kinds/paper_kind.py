"""Interface of a kind of paper: all that differs between a WordPress portal, a site's feed, and further kinds. Pure."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final, Protocol

from bpost_tui.model.story import PostsPage, Story
from bpost_tui.portal.wordpress.wordpress_addresses import PER_PAGE, QueryArguments
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.urls import secured

if TYPE_CHECKING:
    from bpost_tui.portal.http.client import HttpResponse
    from bpost_tui.portal.http.policy import ResourceKind
    from bpost_tui.portal.parse_results import OutlineFeed, ParsedFeed, ParsedSite, ParserTask
    from bpost_tui.portal.wordpress.wp_json import ApiCallbacks, ApiResponse, PortalCategories

RSS: Final = "rss"
"""Value of the attribute `type` of an `outline` in an OPML file if it is a feed of any format (OPML 2.0, "Subscription lists")."""


class PaperApi(Protocol):
    """Source of stories besides feeds and pages: WordPress's API (`WordPressApi`), or nothing (`NullApi`)."""

    async def categories(self) -> PortalCategories | None:
        """Return the paper's categories, at most 1,000; None if the paper has no API, or it doesn't answer or refuses the query."""

    async def posts(self, query: QueryArguments) -> ApiResponse | None:
        """Return the posts that match `query`; None if the paper has no API or it doesn't answer."""

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
        """Return a page of a list of stories; None if the paper has no API, or if it doesn't answer or refuses the query.

        Args:
            size: Maximum number of stories, up to PER_PAGE.
            page: Number of the page, from 1, of the list of stories that the other arguments select.
            category: Only stories of the category with this slug.
            after: Only stories published after this time.
            before: Only stories published before this time.
            modified_after: Only stories changed after this time, in the order of their changes, the latest change first.
            oldest_first: Reverse the order: the oldest story, or the oldest change, first.
            exclude: Leave out the stories with these WordPress numbers.
        """

    async def find_withdrawn(self, suspects: Sequence[Story], witness: tuple[Story, int]) -> tuple[str, ...]:
        """Return the guids of the `suspects` that no longer exist.

        `witness` is an existing story with its WordPress number. Each request also asks for it, since an answer without it proves
        nothing.
        """


class PaperSite(Protocol):
    """Site of one paper: its addresses and its API."""

    @property
    def base(self) -> str:
        """Address of the paper's front page or feed. Everything but pictures is fetched from the same host."""

    @property
    def api(self) -> PaperApi:
        """API of the paper, a source of stories besides feeds and pages."""

    @property
    def is_one_feed(self) -> bool:
        """Whether the paper has only one feed, of one page, with all categories in it.

        Otherwise each category has a feed of its own, with several pages.
        """

    def feed(self, category: str | None, page: int) -> str:
        """Return the address of a page of a feed: a category's, or the front page's if `category` is None.

        If the paper has only one feed, the addresses of categories differ only after a `#`. That part is never sent.
        """


class DiscoveryClient(Protocol):
    """Client for looking for a paper on a host (`paper_discovery.PaperDiscovery`). Each call makes one request or none."""

    failure: str
    """Error message if a page that would show the kind of the paper couldn't be read; otherwise empty."""

    @property
    def start(self) -> str:
        """Address that the reader gave."""

    async def fetch(self, address: str, resource: ResourceKind) -> HttpResponse:
        """Fetch an address on the host, and return the response; raises PortalError if that fails.

        `resource` is the kind of content to request, such as a feed, which decides the maximum size.
        """

    async def fetch_feed(self, address: str, kind: str) -> ParsedFeed | None:
        """Return the feed at `address`, read by the parser of the kind of paper `kind`; None if no such feed is there."""

    async def parse_site(self, fetched: HttpResponse) -> ParsedSite:
        """Return the feeds and the WordPress site that the page in the response `fetched` names.

        Raises ContentError if the parser fails.
        """


class StartResponse(NamedTuple):
    """Response from the address that the reader gave."""

    response: HttpResponse
    feed: ParsedFeed | None
    """Feed in the response, as the parser of this kind of paper reads it; None if the response isn't a feed."""
    site: ParsedSite
    """Feeds and WordPress site that the page names, without feeds on other hosts; empty if the response is a feed."""

    def secured(self, address: str) -> str:
        """Return `address` with https if the host has redirected a request to https."""
        return secured(address) if self.response.address.startswith("https:") else address


class PaperMatch(NamedTuple):
    """Paper that was found at an address."""

    address: str
    name: str
    """Title that the paper gives itself; empty if none."""


def _no_other_feeds(_: str) -> tuple[str, ...]:
    return ()


class PaperKind(NamedTuple):
    """Kind of paper, as a tuple of the functions that differ between kinds.

    Except `address`, the functions that take a paper's address expect it in the form that `address` returns.
    """

    name: str
    """Name of the kind in configs and JSON."""
    label: str
    """Name of the kind that the reader sees: a message id, or a name that is the same in all languages."""
    address: Callable[[str], str]
    """Function that returns a paper's address in the form that the library stores; raises UsageError if it isn't http or https."""
    front_page: Callable[[str], str]
    """Function that returns the address of the front page of a paper's site, without a slash at its end."""
    feed: Callable[[str], str]
    """Function that returns the address of the paper's feed, to be read with other programs."""
    from_outline: Callable[[OutlineFeed], str | None]
    """Function that returns the paper's address for a feed in an OPML file; None if the feed is of another kind.

    Raises UsageError if the feed has no address that can be requested.
    """
    find: Callable[[DiscoveryClient, StartResponse], Awaitable[PaperMatch | None]]
    """Function that returns the paper that a response belongs to; None if the paper isn't of this kind."""
    site: Callable[[str, ApiCallbacks], PaperSite]
    """Function that returns a paper's addresses and API."""
    parser: Callable[[], Callable[[ParserTask, bytes], ParsedFeed]]
    """Function that returns the parser of a feed page.

    It is called before the sandbox is in force, and must import all that the parser needs.
    """
    may_be_empty: bool = False
    """Whether the paper's feed may lack stories without a fault, because it lists only the news of the last days."""
    other_feeds: Callable[[str], tuple[str, ...]] = _no_other_feeds
    """Function that returns further addresses of the paper's feed; the site redirects them to the feed's usual address."""
    outline_type: str = RSS
    """Type of the paper's `outline` in an OPML file. Other programs can read the feed only if it is `rss`."""


class NullApi:
    """API of a paper that isn't a WordPress site: it requests nothing and never answers."""

    async def categories(self) -> None:
        """Return None, because there is no API that lists categories."""

    async def posts(self, query: QueryArguments) -> None:
        """Return None, because there is no API that lists posts."""

    async def posts_page(self, **query: object) -> None:
        """Return None, because there is no API that lists posts."""

    async def find_withdrawn(self, suspects: Sequence[Story], witness: tuple[Story, int]) -> tuple[str, ...]:
        """Return no guids, since nothing shows that a story is gone."""
        return ()
