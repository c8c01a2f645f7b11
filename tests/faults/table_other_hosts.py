"""Faults that name other hosts, lead an https portal down to http, or have pages that never end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import count
from urllib.parse import parse_qs, urlsplit

from tests.faults.fault import BAD_FEED, BAD_NET, END, Fault, Serve, Stage, body, feed_answer, items, post, rss
from tests.faults.fault_portal import HTML, JSON, Request, answer
from tests.faults.fault_trial import MAX_PAGES
from tests.faults.table_images import PNG, picture

NET, CONTENT = (BAD_NET,), (BAD_FEED,)
FULL = ("--full",)
_ELSEWHERE = "another site"
_SUMMARY = "<description>শুরুটুকু […]</description>"


def foreign(name: str, rule: str, serve: Serve, **more: object) -> Fault:
    return Fault("foreign", name, rule, serve, **more)  # type: ignore[arg-type]


def _summary(link: str) -> str:
    """Return post 11 with only its beginning, so that bpost fetches the page at `link`."""
    date = format_datetime(datetime.now(UTC) - timedelta(hours=1))
    return f"<item><title>অন্য খবর</title><link>{link}</link><guid>x-11</guid><pubDate>{date}</pubDate>{_SUMMARY}</item>"


def _with(serve: Serve, path: str, reply: bytes | str, *, on_foreign: bool = False) -> Serve:
    """Return a function that serves `serve`, and also `reply` at `path`. A string as `reply` is the address of a redirect.

    `on_foreign` is whether the foreign host serves the reply, instead of the portal.
    """

    def served(stage: Stage) -> None:
        serve(stage)
        to = answer("", "302 Found", HTML, stage.fill(f"Location: {reply}")) if isinstance(reply, str) else reply
        (stage.foreign if on_foreign else stage.portal).set_reply(path, to)

    return served


def _redirected(to: str) -> Serve:
    """Return a function that serves a feed that redirects to `to`, and news at the target of a foreign host's redirect."""

    def serve(stage: Stage) -> None:
        stage.portal.set_reply("/feed", answer("", "301 Moved Permanently", HTML, stage.fill(f"Location: {to}")))
        stage.foreign.set_reply("/feed", feed_answer(stage))

    return serve


def _picture(src: str) -> Serve:
    return items(post(11, "ছবির খবর", f'<p>আগে</p><img src="{src}" alt="ছবি"><p>{END}</p>'))


IMAGES = {"verb": "fetch", "options": ("--images",)}
_FOREIGN = (
    foreign(
        "foreign-link",
        "A text on another host isn't fetched, though it is asked for",
        items(_summary("@foreign@/collect?n=3")),
        options=FULL,
        codes=CONTENT,
        stderr=_ELSEWHERE,
    ),
    foreign(
        "foreign-link-fetch",
        "Nor for the offline pack, which goes on with the others",
        items(_summary("@foreign@/collect?n=3")),
        verb="fetch",
        options=FULL,
        codes=(0, BAD_FEED),
        stderr=_ELSEWHERE,
    ),
    foreign("foreign-link-plain", "Nor by a plain refresh", items(_summary("@foreign@/collect?n=3"))),
    foreign(
        "foreign-link-userinfo",
        "A name before the host doesn't make it the portal's",
        items(_summary("http://@ownhost@@@foreignhost@:81/x")),
        options=FULL,
        codes=CONTENT,
    ),
    foreign(
        "foreign-link-port",
        "Another port of the portal's host is another host",
        items(_summary("@sentinel@/x")),
        options=FULL,
        codes=CONTENT,
        stderr=_ELSEWHERE,
    ),
    foreign(
        "foreign-page-redirect",
        "A text that redirects to another host isn't fetched there",
        _with(items(_summary("@portal@/khobor-11/")), "/khobor-11/", "@foreign@/collect"),
        options=FULL,
        codes=NET,
        stderr=_ELSEWHERE,
    ),
    foreign(
        "foreign-feed-redirect",
        "News come from the portal's host alone; where it moved to is reported",
        _redirected("@foreign@/feed"),
        codes=NET,
        news=False,
        unrequested="/feed",
        stderr=_ELSEWHERE,
    ),
    foreign(
        "foreign-json-redirect",
        "wp-json that redirects elsewhere counts as none",
        _with(items(), "/wp-json/*", "@foreign@/wp-json/"),
        codes=(0, BAD_NET),
    ),
    foreign(
        "foreign-links-of-a-feed",
        "Links of the feed itself (next, hub, image) are not followed",
        items(
            head='<title>x</title><link>@foreign@/</link><atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="next" '
            'href="@foreign@/n"/><atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="hub" href="@foreign@/h"/>'
            "<image><url>@foreign@/i.png</url></image>"
        ),
    ),
    foreign(
        "foreign-picture",
        "A picture on another public host is had",
        _with(_picture("@foreign@/a.png"), "/a.png", answer(picture(), content_type=PNG), on_foreign=True),
        **IMAGES,
        foreign_asked=True,
        check=lambda seen: "1 picture fetched" in seen.out,
    ),
    foreign(
        "foreign-picture-redirect",
        "So is one to which the portal redirects",
        _with(
            _with(_picture("@portal@/a.png"), "/a.png", "@foreign@/b.png"),
            *("/b.png", answer(picture(), content_type=PNG)),
            on_foreign=True,
        ),
        **IMAGES,
        foreign_asked=True,
        check=lambda seen: "1 picture fetched" in seen.out and not any(r.header("Cookie") for r in seen.stage.foreign.requests),
    ),
    foreign(
        "foreign-picture-back",
        "A foreign host that redirects to a private one leads nowhere",
        _with(_picture("@foreign@/a.png"), "/a.png", "@sentinel@/b.png", on_foreign=True),
        **IMAGES,
        foreign_asked=True,
        check=lambda seen: "1 picture not available" in seen.out,
    ),
    *(
        foreign(
            f"foreign-picture-port-{port}",
            "Nothing is asked of a port of another service",
            _picture(f"http://@foreignhost@:{port}/a.png"),
            **IMAGES,
            check=lambda seen: "1 picture not available" in seen.out,
        )
        for port in (22, 25, 6667)
    ),
)


def downgrade(name: str, rule: str, serve: Serve, **more: object) -> Fault:
    return Fault("downgrade", name, rule, serve, tls=True, **more)  # type: ignore[arg-type]


def _raised(stage: Stage) -> None:
    """Serve a redirect from https down to a feed over http."""
    stage.portal.set_reply("/feed", answer("", "301 Moved", HTML, stage.fill("Location: @clear@/feed/")))
    stage.portal.set_reply("/feed/", feed_answer(stage))


_DOWNGRADE = (
    downgrade("downgrade-none", "An https portal is read", items()),
    downgrade(
        "downgrade-redirect",
        "A redirect from https down to http is refused",
        body("", "302 Found", HTML, "Location: @clear@/feed"),
        codes=NET,
        news=False,
        stderr="from https to http",
    ),
    downgrade(
        "downgrade-redirect-elsewhere",
        "One to another address of the portal's is followed by https",
        _with(body("", "302 Found", HTML, "Location: @clear@/news"), "/news", b""),
        codes=NET,
        news=False,
    ),
    downgrade(
        "downgrade-redirect-raised",
        "The same where there is a feed",
        _raised,
    ),
    downgrade(
        "downgrade-link",
        "A text whose link says http is fetched by https",
        _with(items(_summary("@clear@/khobor-11/")), "/khobor-11/", answer("<h1>None</h1>", "404 Not Found", HTML)),
        options=FULL,
        codes=NET,
        stderr="404",
    ),
    downgrade(
        "downgrade-picture",
        "So is a picture",
        _with(_picture("@clear@/a.png"), "/a.png", answer(picture(), content_type=PNG)),
        **IMAGES,
        check=lambda seen: "1 picture fetched" in seen.out,
    ),
    downgrade(
        "downgrade-picture-foreign",
        "A picture on another host that speaks no https isn't had",
        _picture("@foreign@/a.png"),
        **IMAGES,
        codes=(0, BAD_NET),
        foreign_asked=True,
        check=lambda seen: seen.stage.foreign.requests == [] or all(b"GET" not in r.head for r in seen.stage.foreign.requests),
    ),
)


def paging(name: str, rule: str, serve: Serve, **more: object) -> Fault:
    return Fault("paging", name, rule, serve, **more)  # type: ignore[arg-type]


def _alike(stage: Stage) -> None:
    stage.portal.set_reply("/feed*", feed_answer(stage))


def _page_limit(most: int) -> object:
    return lambda seen: sum(request.path.startswith("/feed") for request in seen.stage.portal.requests) <= most


def _fresh(stage: Stage) -> None:
    """Serve on every page of the feed a new story, older than the one before."""

    def page(request: Request) -> bytes:
        number = int(parse_qs(urlsplit(request.path).query).get("paged", ["1"])[0])
        date = format_datetime(datetime.now(UTC) - timedelta(days=2, hours=number))
        return answer(stage.fill(rss(*([post(9), post(10)] if number == 1 else []), post(1000 + number, date=date))))

    stage.portal.set_reply("/feed*", page)


def _fresh_json(stage: Stage) -> None:
    """Serve for every list of wp-json a hundred new posts, older than any before."""
    numbers = count(5000)
    begun = datetime.now(UTC) - timedelta(days=2)

    def posts(request: Request) -> bytes:
        if "/posts" not in request.path or ("before=" not in request.path and "per_page=100" not in request.path):
            return answer("[]", "200 OK", JSON)
        rows = []
        for number in (next(numbers) for _ in range(100)):
            date = (begun - timedelta(minutes=number)).strftime("%Y-%m-%dT%H:%M:%S")
            rows.append(
                f'{{"id": {number}, "guid": {{"rendered": "g-{number}"}}, "date_gmt": "{date}", "modified_gmt": "{date}", '
                f'"link": "{stage.portal.address}/k-{number}/", "title": {{"rendered": "ক"}}, '
                '"content": {"rendered": "<p>খ</p>"}}'
            )
        return answer(f"[{', '.join(rows)}]", "200 OK", JSON, "X-WP-Total: 999999999", "X-WP-TotalPages: 9999999")

    stage.portal.set_reply("/wp-json/*", posts)


_GOES_ON = "from here"
_ALL, _SINCE = ("--pages", "all"), ("--since", "30d")
_PAGING = (
    paging(
        "paging-alike-all",
        "A feed that ignores `paged` is at its end with the second page",
        _alike,
        options=_ALL,
        check=_page_limit(3),
    ),
    paging("paging-alike-since", "The same for the nightly refresh", _alike, options=_SINCE, check=_page_limit(3), steady=False),
    paging(
        "paging-endless",
        "Pages that never run out: so many, then the next run goes on",
        _fresh,
        options=_ALL,
        codes=CONTENT,
        stderr=_GOES_ON,
        check=_page_limit(MAX_PAGES),
    ),
    paging(
        "paging-endless-since",
        "Not beyond the date, where the dates say how far it is",
        _fresh,
        options=("--since", "3d"),
        codes=(0, BAD_FEED),
        check=_page_limit(MAX_PAGES),
    ),
    paging(
        "paging-json-endless",
        "wp-json that never runs out: the same",
        _fresh_json,
        options=_ALL,
        codes=CONTENT,
        news=False,
        stderr=_GOES_ON,
    ),
)

FAULTS = (*_FOREIGN, *_DOWNGRADE, *_PAGING)
