"""What a fault is, and the feeds that faults are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache

from tests.faults.fault_portal import RSS, FaultPortal, Request, Script, answer
from tests.scripted_portal import PUBLIC_HOST

BAD_NET, BAD_FEED = 3, 4
"""Exit statuses of `bpost refresh`."""
NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/"'
)
END = "শেষ অনুচ্ছেদ"
"""A last paragraph, to know that what came before it was read to its end."""
XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


@dataclass(frozen=True)
class Stage:
    """The servers of one fault."""

    portal: FaultPortal
    sentinel: FaultPortal
    """On this machine, and so in a private network: nothing may ever connect to it."""
    foreign: FaultPortal
    """On a host that counts as public: only for pictures may it be asked."""

    def fill(self, text: str) -> str:
        """Put in the addresses: `@portal@`, the same by http as `@clear@`, `@sentinel@`, its bare port, `@foreign@`, its host."""
        addresses = {"@portal@": self.portal.address, "@sentinel@": self.sentinel.address, "@port@": str(self.sentinel.port)}
        addresses |= {"@foreign@": self.foreign.address, "@foreignhost@": self.foreign.host}
        addresses["@ownhost@"] = self.portal.address.partition("://")[2]
        addresses["@clear@"] = f"http://{addresses['@ownhost@']}"
        for mark, address in addresses.items():
            text = text.replace(mark, address)
        return text


@dataclass(frozen=True)
class Outcome:
    """What was seen of a fault."""

    code: int
    out: str
    """stdout of the refresh."""
    errors: str
    """stderr of the refresh."""
    text: str
    """All that `list` and `show` print, as lines and as JSON."""
    stage: Stage


@dataclass(frozen=True)
class Fault:
    """Something a portal may send, and what must be true then."""

    group: str
    name: str
    rule: str
    """What a correct reader does."""
    serve: Callable[[Stage], None]
    codes: tuple[int, ...] = (0,)
    """Exit statuses the refresh may end with."""
    news: bool = True
    """Whether posts 9 and 10, which stand beside what is odd, must arrive."""
    shows: tuple[str, ...] = ()
    hides: tuple[str, ...] = ()
    told: str = ""
    """A piece of what stderr must say."""
    verb: str = "refresh"
    """What bpost is asked to do under the fault."""
    options: tuple[str, ...] = ()
    """Of that verb."""
    steady: bool = False
    """Whether a second refresh must find nothing new."""
    tls: bool = False
    """Whether the portal is an https one, of which nothing may be asked in clear."""
    foreign_asked: bool = False
    """Whether the foreign host is to be asked, for a picture."""
    heavy: bool = False
    """Whether it is to be run as a process whose memory is watched."""
    check: Callable[[Outcome], bool] | None = None
    fails: str = ""
    """Why it is known not to go as it must."""


# ── feeds ───────────────────────────────────────────────────────────────────


def bengali(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯"))


def date_of(number: int) -> str:
    """Return when a post was published: the higher its number, the later."""
    return format_datetime(_begun() - timedelta(hours=40 - number))


@cache
def _begun() -> datetime:
    """Return the full hour in which this run began: a story published anew with each hour would be a changed one."""
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
    """Return an item; "" is the usual, None leaves the element out. Text is HTML, all else XML."""
    title = f"খবর {bengali(number)}" if title is None else title
    text = f"<p>খবর {bengali(number)}-এর লেখা।</p>" if text is None else text
    parts = [f"<title>{title}</title>"]
    parts += [] if link is None else [f"<link>{link or f'@portal@/khobor-{number}/'}</link>"]
    parts += [] if guid is None else [f'<guid isPermaLink="false">{guid or f"@portal@/?p={number}"}</guid>']
    parts += [] if date is None else [f"<pubDate>{date or date_of(number)}</pubDate>"]
    parts += [f"<content:encoded><![CDATA[{text}]]></content:encoded>", more]
    return f"<item>{''.join(parts)}</item>"


def rss(*items: str, head: str = "<title>পরীক্ষা</title>", before: str = XML) -> str:
    """Return a feed."""
    return f'{before}<rss version="2.0" {NAMESPACES}><channel>{head}{"".join(items)}</channel></rss>'


def between(*items: str, head: str = "<title>পরীক্ষা</title>", before: str = XML) -> str:
    """Return a feed of items between posts 9 and 10."""
    return rss(post(9), *items, post(10), head=head, before=before)


GOOD = rss(*(post(number) for number in range(1, 9)))
"""What is saved before the fault."""


def recovered() -> str:
    return rss(*(post(number) for number in range(5, 13)))


# ── what a table serves ─────────────────────────────────────────────────────

Serve = Callable[[Stage], None]


def items(*given: str, head: str = "<title>পরীক্ষা</title>", before: str = XML) -> Serve:
    """Serve items between posts 9 and 10."""
    return lambda stage: stage.portal.say("/feed", answer(stage.fill(between(*given, head=head, before=before))))


def story(text: str, **parts: str) -> Serve:
    """Serve a story of some HTML, with a last paragraph to know that it was read to its end, as post 11."""
    return items(post(11, "কঠিন লেখা", text, **parts))


def made(make: Callable[[Stage], str | bytes], status: str = "200 OK", content_type: str = RSS, *lines: str) -> Serve:
    """Serve a body made when it is needed."""

    def serve(stage: Stage) -> None:
        body = make(stage)
        filled = [stage.fill(line) for line in lines]
        stage.portal.say("/feed", answer(stage.fill(body) if isinstance(body, str) else body, status, content_type, *filled))

    return serve


def body(text: str | bytes, status: str = "200 OK", content_type: str = RSS, *lines: str) -> Serve:
    """Serve a body."""
    return made(lambda _: text, status, content_type, *lines)


def good(content_type: str = RSS, *lines: str, status: str = "200 OK") -> Serve:
    """Serve posts 9 and 10 with odd headers."""
    return made(lambda _: between(), status, content_type, *lines)


def raw(data: bytes) -> Serve:
    """Serve bytes, status line and all."""
    return lambda stage: stage.portal.say("/feed", data)


def script(play: Script) -> Serve:
    """Serve by a script."""
    return lambda stage: stage.portal.say("/feed", play)


def replies(make: Callable[[Stage, Request], bytes]) -> Serve:
    """Serve each request what is made for it."""

    def serve(stage: Stage) -> None:
        def reply(request: Request) -> bytes:
            return make(stage, request)

        stage.portal.say("/feed", reply)

    return serve


def feed_answer(stage: Stage, *lines: str) -> bytes:
    """Return posts 9 and 10 as an answer."""
    return answer(stage.fill(between()), "200 OK", RSS, *lines)


@contextmanager
def stages() -> Iterator[tuple[Stage, Stage]]:
    """Serve a portal by http and one by https, with the same sentinels beside them."""
    with FaultPortal() as portal, FaultPortal(tls=True) as secure, FaultPortal() as sentinel, FaultPortal(PUBLIC_HOST) as foreign:
        yield Stage(portal, sentinel, foreign), Stage(secure, sentinel, foreign)
