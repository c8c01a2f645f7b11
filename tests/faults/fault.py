"""Faults, their servers and outcomes, and the feeds that faults are made from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache

from tests.faults.fault_portal import RSS, FaultPortal, Request, Script, answer
from tests.scripted_portal import PUBLIC_HOST
from tests.sitemaps import entry, news_sitemap

BAD_NET, BAD_FEED = 3, 4
"""Exit statuses of `bpost refresh`."""
NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/"'
)
END = "শেষ অনুচ্ছেদ"
"""Last paragraph of a story: if it is shown, the text before it was read to its end."""
XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


@dataclass(frozen=True)
class Stage:
    """Servers that a fault uses."""

    portal: FaultPortal
    sentinel: FaultPortal
    """Server on this machine, so in a private network: nothing may ever connect to it."""
    foreign: FaultPortal
    """Server on a host that counts as public: it may be asked only for pictures."""
    is_sitemap: bool = False
    """Whether the portal's paper has no feed, but a news sitemap."""

    @property
    def path(self) -> str:
        """Path of the paper's feed or sitemap."""
        return "/news.xml" if self.is_sitemap else "/feed"

    def guid(self, number: int) -> str:
        """Return the guid of a post."""
        return f"{self.portal.address}/{f'khobor-{number}/' if self.is_sitemap else f'?p={number}'}"

    def healthy(self, numbers: range) -> str:
        """Return the feed or sitemap of the posts in `numbers` in good health."""
        return self.fill(sitemap(*map(entry_of, numbers)) if self.is_sitemap else rss(*map(post, numbers)))

    def fill(self, text: str) -> str:
        """Replace the placeholders in `text`, such as `@portal@` or `@sentinel@`, by addresses; `@clear@` is the portal by http."""
        addresses = {"@portal@": self.portal.address, "@sentinel@": self.sentinel.address, "@port@": str(self.sentinel.port)}
        addresses |= {"@foreign@": self.foreign.address, "@foreignhost@": self.foreign.host}
        addresses["@ownhost@"] = self.portal.address.partition("://")[2]
        addresses["@clear@"] = f"http://{addresses['@ownhost@']}"
        for mark, address in addresses.items():
            text = text.replace(mark, address)
        return text


@dataclass(frozen=True)
class Outcome:
    """Results of a refresh under a fault."""

    code: int
    out: str
    """stdout of the refresh."""
    errors: str
    """stderr of the refresh."""
    text: str
    """Output of `list` and `show`, as lines and as JSON."""
    stage: Stage


@dataclass(frozen=True)
class Fault:
    """Fault that a portal may have, and the rule that bpost must keep under it."""

    group: str
    name: str
    rule: str
    """Behaviour of a correct reader, as a sentence."""
    serve: Callable[[Stage], None]
    codes: tuple[int, ...] = (0,)
    """Exit statuses the refresh may end with."""
    news: bool = True
    """Whether posts 9 and 10, the regular stories around the odd part, must arrive."""
    shows: tuple[str, ...] = ()
    hides: tuple[str, ...] = ()
    stderr: str = ""
    """Text that stderr must contain."""
    verb: str = "refresh"
    """Command of bpost that runs under the fault."""
    options: tuple[str, ...] = ()
    """Options of that command."""
    steady: bool = False
    """Whether a second refresh must find nothing new."""
    tls: bool = False
    """Whether the portal uses https; then no request in clear may reach it."""
    is_sitemap: bool = False
    """Whether the paper is read by its news sitemap."""
    foreign_asked: bool = False
    """Whether the foreign host must be asked for a picture."""
    unrequested: str = ""
    """Pattern of the paths that the fault sets replies for, but that bpost must not request."""
    heavy: bool = False
    """Whether bpost runs as a process whose memory is measured."""
    check: Callable[[Outcome], bool] | None = None
    fails: str = ""
    """Reason why the fault is a known failure; "" if it must pass."""


# ── feeds ───────────────────────────────────────────────────────────────────


def bengali(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯"))


def date_of(number: int) -> str:
    """Return the publication date of a post: the higher its `number`, the later."""
    return format_datetime(_begun() - timedelta(hours=40 - number))


@cache
def _begun() -> datetime:
    """Return the full hour of this run's start.

    A date that changed every hour would turn each story into a changed one.
    """
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


def post(
    number: int,
    title: str | None = None,
    text: str | None = None,
    *,
    link: str | None = "",
    guid: str | None = "",
    date: str | None = "",
    more: str = "",
) -> str:
    """Return an item; "" gives a field its usual value, None leaves the element out. `text` is HTML, the other fields are XML."""
    title = f"খবর {bengali(number)}" if title is None else title
    text = f"<p>খবর {bengali(number)}-এর লেখা।</p>" if text is None else text
    parts = [f"<title>{title}</title>"]
    parts += [] if link is None else [f"<link>{link or f'@portal@/khobor-{number}/'}</link>"]
    parts += [] if guid is None else [f'<guid isPermaLink="false">{guid or f"@portal@/?p={number}"}</guid>']
    parts += [] if date is None else [f"<pubDate>{date or date_of(number)}</pubDate>"]
    parts += [f"<content:encoded><![CDATA[{text}]]></content:encoded>", more]
    return f"<item>{''.join(parts)}</item>"


def rss(*items: str, head: str = "<title>পরীক্ষা</title>", before: str = XML) -> str:
    """Return a feed of `items`."""
    return f'{before}<rss version="2.0" {NAMESPACES}><channel>{head}{"".join(items)}</channel></rss>'


def between(*items: str, head: str = "<title>পরীক্ষা</title>", before: str = XML) -> str:
    """Return a feed of items between posts 9 and 10.

    `head` is XML before the items, and `before` the text before the root element.
    """
    return rss(post(9), *items, post(10), head=head, before=before)


def entry_of(number: int, title: str | None = None, **parts: str) -> str:
    """Return the entry of a post in a news sitemap. `parts` are further arguments of `sitemaps.entry`, such as `date`, as XML."""
    date = (_begun() - timedelta(hours=40 - number)).isoformat()
    return entry(f"@portal@/khobor-{number}/", f"খবর {bengali(number)}" if title is None else title, **{"date": date, **parts})


def sitemap(*entries: str, before: str = XML) -> str:
    """Return a news sitemap of entries."""
    return news_sitemap(*entries, before=before).decode()


# ── replies of the tables ───────────────────────────────────────────────────

Serve = Callable[[Stage], None]


def items(*given: str, head: str = "<title>পরীক্ষা</title>", before: str = XML) -> Serve:
    """Return a function that serves items between posts 9 and 10.

    `head` is XML before the items, and `before` the text before the root element.
    """
    return lambda stage: stage.portal.set_reply("/feed", answer(stage.fill(between(*given, head=head, before=before))))


def story(text: str, **parts: str) -> Serve:
    """Return a function that serves post 11 with the HTML `text`, then the paragraph `END`, which shows that all was read."""
    return items(post(11, "কঠিন লেখা", text, **parts))


def made(make: Callable[[Stage], str | bytes], status: str = "200 OK", content_type: str = RSS, *lines: str) -> Serve:
    """Return a function that makes a body and serves it as the feed, with the `status`, the Content-Type, and header `lines`."""

    def serve(stage: Stage) -> None:
        body = make(stage)
        filled = [stage.fill(line) for line in lines]
        stage.portal.set_reply("/feed", answer(stage.fill(body) if isinstance(body, str) else body, status, content_type, *filled))

    return serve


def body(text: str | bytes, status: str = "200 OK", content_type: str = RSS, *lines: str) -> Serve:
    """Return a function that serves a body."""
    return made(lambda _: text, status, content_type, *lines)


def good(content_type: str = RSS, *lines: str, status: str = "200 OK") -> Serve:
    """Return a function that serves posts 9 and 10 with odd headers: the `status`, the Content-Type, and the header `lines`."""
    return made(lambda _: between(), status, content_type, *lines)


def raw(data: bytes) -> Serve:
    """Return a function that serves `data` as is, with its own status line and headers."""
    return lambda stage: stage.portal.set_reply("/feed", data)


def script(play: Script) -> Serve:
    """Return a function that lets the script `play` answer."""
    return lambda stage: stage.portal.set_reply("/feed", play)


def replies(make: Callable[[Stage, Request], bytes]) -> Serve:
    """Return a function that serves the bytes that `make` returns for each request."""

    def serve(stage: Stage) -> None:
        def reply(request: Request) -> bytes:
            return make(stage, request)

        stage.portal.set_reply("/feed", reply)

    return serve


def feed_answer(stage: Stage, *lines: str) -> bytes:
    """Return a response with posts 9 and 10."""
    return answer(stage.fill(between()), "200 OK", RSS, *lines)


def request_limit(count: int) -> Callable[[Outcome], bool]:
    """Return a check that the feed was requested at most `count` times."""
    return lambda seen: seen.stage.portal.count("/feed") <= count


@contextmanager
def stages() -> Iterator[tuple[Stage, ...]]:
    """Serve a portal by http, one by https, and one with a sitemap in place of a feed.

    All share a sentinel, which bpost must never ask, and a foreign host, which it may ask only for pictures.
    """
    with ExitStack() as stack:
        plain, mapped, sentinel = (stack.enter_context(FaultPortal()) for _ in range(3))
        secure, foreign = stack.enter_context(FaultPortal(tls=True)), stack.enter_context(FaultPortal(PUBLIC_HOST))
        yield tuple(Stage(portal, sentinel, foreign, is_sitemap=portal is mapped) for portal in (plain, secure, mapped))
