"""WordPress with four hundred posts for tests: it publishes, edits and withdraws while it is read, and logs its requests.

It follows the sample portal's rules of WordPress (`Site`); a path with an answer set by a test gets that answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from threading import Lock
from urllib.parse import parse_qsl, urlsplit

from bpost_tui.demo.sample_edition import SampleCategory, SampleEdition, SamplePost
from tests.sample_portal.server import answer_of
from tests.sample_portal.site import SampleSite
from tests.scripted_portal import Answer, PortalServer, Seen

POSTS, PAGE = 400, 10
RECENT = SampleCategory(1, "recent", "Recent")
HEALTH = SampleCategory(2, "health", "Health")


def post(number: int, published: datetime) -> SamplePost:
    """Return a post, its number in its headline and its text."""
    return SamplePost(
        id=number,
        slug=f"khobor-{number}",
        title=f"Midnapore: খবর {number}",
        author="News Desk",
        categories=(RECENT, HEALTH) if number % 4 == 0 else (RECENT,),
        tags=(),
        published=published,
        modified=published,
        picture=None,
        picture_alt="",
        body=f"<p>দ্য বেঙ্গল পোস্ট প্রতিবেদন: খবর {number}-এর লেখা।</p>",
    )


@dataclass
class ChangingPortal(PortalServer):
    """The server; posts are numbered from the oldest, six hours apart."""

    rest: bool = True
    """Whether wp-json answers."""
    on_request: Callable[[Seen], None] = lambda seen: None
    """Called before each answer."""
    posts: dict[int, SamplePost] = field(default_factory=dict)
    now: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))
    """Clock of the portal."""
    lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        super().__post_init__()
        for number in range(1, POSTS + 1):
            self.posts[number] = post(number, self.now - timedelta(hours=6 * (POSTS + 1 - number) + 1))

    def publish(self, count: int) -> None:
        """Publish `count` new posts."""
        for number in range(max(self.posts) + 1, max(self.posts) + 1 + count):
            self.posts[number] = post(number, self.now - timedelta(minutes=59) + timedelta(seconds=number - POSTS))

    def edit(self, number: int, body: str) -> None:
        """Change a post's text."""
        self.posts[number] = replace(self.posts[number], body=body, modified=self.now)

    def withdraw(self, number: int) -> None:
        """Remove a post from the portal."""
        del self.posts[number]

    @property
    def feeds(self) -> list[str]:
        """Requested pages of the front page's feed, by number, in the order of the requests."""
        urls = [urlsplit(seen.path) for seen in self.requests]
        return [dict(parse_qsl(parts.query)).get("paged", "1") for parts in urls if parts.path == "/feed"]

    @property
    def lists(self) -> list[dict[str, str]]:
        """Queries for whole lists of posts that wp-json received."""
        urls = [urlsplit(seen.path) for seen in self.requests]
        queries = [dict(parse_qsl(parts.query)) for parts in urls if parts.path == "/wp-json/wp/v2/posts"]
        return [query for query in queries if not {"slug", "include", "modified_after"} & query.keys()]

    def answer(self, seen: Seen) -> Answer:
        """Return the test's answer for the path, else WordPress's."""
        with self.lock:
            self.on_request(seen)
            if seen.path in self._answers:
                return super().answer(seen)
            stories = sorted(self.posts.values(), key=lambda post: (post.published, post.id), reverse=True)
            edition = SampleEdition(tuple(stories), (RECENT, HEALTH))
            site = SampleSite(edition, self.address, self.now, summary=False, rest=self.rest, page_size=PAGE)
            return answer_of(site, seen)
