"""Papers of the year: sites of all kinds on this machine, which publish, edit, withdraw, fail, move, migrate and split."""

from __future__ import annotations

import json
import random
import re
import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum
from html import escape
from itertools import groupby
from operator import attrgetter
from typing import Any

from bpost_tui.demo.sample_edition import SampleCategory, SampleEdition, SamplePost
from tests.sample_portal.server import answer_of
from tests.sample_portal.site import SampleSite
from tests.scripted_portal import RSS, Answer, PortalServer, Seen, item, rss
from tests.sitemaps import entry, news_sitemap
from tools.grouping_quality import rows

TOKEN = re.compile(r"qz\d{5}")
"""Pattern of the word that only the headline and text of a single post have."""
VERSION = re.compile(r"qz\d{5}r\d+")
"""Pattern of the word that only the text of a version of a post has."""
SITEMAP_AGE = timedelta(days=2)
_CATEGORIES = (SampleCategory(1, "recent", "Recent"), SampleCategory(2, "health", "Health"))
_PAGE = 10
"""Number of stories on a page of a WordPress feed."""
_ERA = 100_000
"""Difference between WordPress's numbers of a post before and after a migration."""


class Shape(StrEnum):
    """Form of a paper's publication."""

    WORDPRESS = "wordpress"
    RSS = "rss"
    SUMMARY = "summary"
    ATOM = "atom"
    JSON = "json"
    SITEMAP = "sitemap"


class Fault(StrEnum):
    """Fault of a paper's site."""

    NONE = ""
    DOWN = "503"
    PAGE = "a page in place of the feed"
    EMPTY = "a feed without stories"
    HALF = "half a feed"
    CUT = "every other connection cut"


@dataclass
class Post:
    """Story of a paper."""

    number: int
    title: str
    text: str
    at: datetime
    """Publication time as the paper has it now."""
    edits: int = 0
    modified: datetime | None = None

    @property
    def token(self) -> str:
        return f"qz{self.number:05}"

    @property
    def version(self) -> str:
        """Word that only the text of the present version has."""
        return f"{self.token}r{self.edits}"

    @property
    def body(self) -> str:
        """Text as HTML."""
        return f"<p>{escape(self.text)}</p><p>সূত্র {self.version}</p>"


@dataclass
class YearPaper(PortalServer):
    """Site of a paper; it shares `posts` with the site that the paper moves to."""

    name: str = ""
    shape: Shape = Shape.RSS
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    posts: list[Post] = field(default_factory=list)
    window: int = 30
    path: str = "/feed.xml"
    guids, links = 0, 0
    """Eras of guids and links; a change of software begins a new one."""
    fault: Fault = Fault.NONE
    moved_to: str = ""
    """Address of the paper's feed on another site, which this site redirects to."""
    announced: str = ""
    """Address that the feed announces as its new one."""

    @property
    def paper_address(self) -> str:
        """Address of the paper in the reader's config."""
        return self.address if self.shape == Shape.WORDPRESS else self.address + self.path

    @property
    def listed(self) -> list[Post]:
        """Posts that a refresh can read now, the newest first."""
        posts = sorted(self.posts, key=attrgetter("at", "number"), reverse=True)
        match self.shape:
            case Shape.WORDPRESS:
                return posts
            case Shape.SITEMAP:
                return [post for post in posts if post.at > self.clock() - SITEMAP_AGE]
        return posts[: self.window]

    def link(self, post: Post) -> str:
        return f"{self.address}/{self.links}/khobor-{post.number}.html"

    def answer(self, seen: Seen) -> Answer:
        """Return the site's answer to a request."""
        if self.fault == Fault.DOWN:
            return Answer(503, {}, b"")
        if self.moved_to:
            return Answer(301, {"Location": self.moved_to}, b"")
        if self.shape == Shape.WORDPRESS:
            return self._wordpress(seen)
        if seen.path != self.path:
            is_earlier = seen.path.endswith("feed.xml") and self.path.endswith("feed.xml")
            return Answer(301, {"Location": self.address + self.path}, b"") if is_earlier else Answer(404, {}, b"")
        match self.fault:
            case Fault.PAGE:
                return Answer(200, {"Content-Type": "text/html"}, b"<!doctype html><title>x</title><p>back soon")
            case Fault.EMPTY:
                return Answer(200, {"Content-Type": RSS}, rss())
        body, content_type = self._feed()
        if self.fault == Fault.HALF:
            body = body[: len(body) // 2]
        if self.fault == Fault.CUT and len(self.requests) % 2:
            return Answer(0, {}, b"", lambda line: _cut(line, body))
        return Answer(200, {"Content-Type": content_type}, body)

    def _wordpress(self, seen: Seen) -> Answer:
        posts = tuple(
            SamplePost(
                id=post.number + _ERA * self.guids,
                slug=f"khobor-{post.number}-{self.links}",
                title=post.title,
                author="News Desk",
                categories=_CATEGORIES[post.number % 4 == 0 :][:1],
                tags=(),
                published=post.at,
                modified=post.modified or post.at,
                picture=None,
                picture_alt="",
                body=post.body,
            )
            for post in self.listed
        )
        site = SampleSite(SampleEdition(posts, _CATEGORIES), self.address, self.clock(), summary=False, rest=True, page_size=_PAGE)
        return answer_of(site, seen)

    def _feed(self) -> tuple[bytes, str]:
        match self.shape:
            case Shape.ATOM:
                return self._atom().encode(), "application/atom+xml"
            case Shape.JSON:
                return json.dumps(self._json()).encode(), "application/feed+json"
            case Shape.SITEMAP:
                entries = (entry(self.link(post), escape(post.title), post.at.isoformat()) for post in self.listed)
                return news_sitemap(*entries), "application/xml"
        own = f'<atom:link rel="self" href="{self.announced}"/>' if self.announced else ""
        feed = rss(*map(self._item, self.listed)).replace(b"<title>", f"{own}<title>".encode(), 1)
        return feed.replace("পরীক্ষা".encode(), self.name.encode(), 1), RSS

    def _item(self, post: Post) -> str:
        more = f"<pubDate>{format_datetime(post.at)}</pubDate><category>{'ক' if post.number % 2 else 'খ'}</category>"
        if self.shape == Shape.SUMMARY:
            more += f"<description>{escape(post.body)}</description>"
            named = f"<title>{escape(post.title)}</title><guid>{self._guid(post)}</guid><link>{self.link(post)}</link>"
            return f"<item>{named}{more}</item>"
        return item(escape(post.title), guid=self._guid(post), link=self.link(post), text=post.body, more=more)

    def _atom(self) -> str:
        entries = (
            f"<entry><id>{self._guid(post)}</id><title>{escape(post.title)}</title><link href='{self.link(post)}'/>"
            f"<published>{post.at.isoformat()}</published><updated>{(post.modified or post.at).isoformat()}</updated>"
            f"<content type='html'>{escape(post.body)}</content></entry>"
            for post in self.listed
        )
        head = f"<title>{self.name}</title><id>urn:{self.name}</id>"
        return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">{head}{"".join(entries)}</feed>'

    def _json(self) -> dict[str, Any]:
        items = [
            {
                "id": self._guid(post),
                "url": self.link(post),
                "title": post.title,
                "content_html": post.body,
                "date_published": post.at.isoformat(),
            }
            for post in self.listed
        ]
        return {"version": "https://jsonfeed.org/version/1.1", "title": self.name, "items": items}

    def _guid(self, post: Post) -> str:
        return f"urn:{self.name}:{self.guids}:{post.number}"


def _cut(line: socket.socket, body: bytes) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: %d\r\n\r\n" % len(body))
    line.sendall(body[: len(body) // 2])


class NewsDesk:
    """Writer of the papers' stories: some report an event that other papers report on the same day."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._events = [list(accounts) for _, accounts in groupby(rows(), lambda row: (row["cluster"], row["event"]))]
        self._numbers = iter(range(1, 100_000))

    def day(self, papers: Sequence[YearPaper], begin: datetime, per_paper: float) -> Iterator[tuple[YearPaper, Post]]:
        """Yield the stories that papers publish between `begin` and 12 hours later, about `per_paper` each."""
        left = round(len(papers) * per_paper)
        while left > 0:
            accounts, names = self._dice.choice(self._events), [self._name() for _ in range(4)]
            writers = self._dice.sample(papers, min(len(papers), len(accounts)))
            for paper, account in zip(writers, accounts, strict=False):
                yield paper, self._post(account, names, begin + timedelta(minutes=self._dice.randrange(12 * 60)))
                left -= 1

    def _name(self) -> str:
        """Return an invented name. Without names of its own, an event would be the same news as its repetition months later."""
        return "".join(self._dice.choice("কখগঘচজটডতদনপবমরলশস") + self._dice.choice(("", "া", "ি", "ু", "ে", "ো")) for _ in range(4))

    def _post(self, account: dict[str, str], names: Sequence[str], at: datetime) -> Post:
        number = next(self._numbers)
        title = f"{account['title']} {' '.join(names[:2])} qz{number:05}"
        return Post(number, title, f"{account['text']} {' '.join(names)}", at.replace(microsecond=0, second=number % 60))


def edited(post: Post, now: datetime) -> Post:
    """Return a post after its paper has changed the text."""
    return replace(post, edits=post.edits + 1, modified=now.replace(microsecond=0))
