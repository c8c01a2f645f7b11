"""Faults of HTTP: statuses, headers, caching."""

from __future__ import annotations

from tests.faults.fault import (
    BAD_FEED,
    BAD_NET,
    XML,
    Fault,
    Serve,
    Stage,
    between,
    body,
    feed_answer,
    good,
    post,
    raw,
    replies,
    request_limit,
    rss,
)
from tests.faults.fault_portal import HTML, RSS, Line, Request, answer

NET = (BAD_NET,)
HALF = f'{XML}<rss version="2.0"><channel><title>আধখানা</title>{post(9)}<item><title>কাটা'.encode()


def http(name: str, rule: str, serve: Serve, **more: object) -> Fault:
    return Fault("http", name, rule, serve, **{"codes": NET, "news": False, **more})  # type: ignore[arg-type]


def _flaky(first: bytes) -> Serve:
    return replies(lambda stage, request: first if request.number == 0 else feed_answer(stage))


def _reset_first(stage: Stage) -> None:
    def reply(line: Line) -> None:
        if stage.portal.count("/feed") == 1:
            line.reset()
        else:
            line.send(feed_answer(stage))

    stage.portal.set_reply("/feed", reply)


def _sends_no(header: str) -> object:
    return lambda seen: not any(request.header(header) for request in seen.stage.portal.requests)


def _pages_for_ever(stage: Stage) -> None:
    def page(request: Request) -> bytes:
        number = 100 + 10 * stage.portal.requests.index(request)
        return answer(stage.fill(rss(*(post(9 + at, guid=f"{number + at}", link=f"@portal@/{number + at}/") for at in range(2)))))

    stage.portal.set_reply("/feed*", page)


_HTTP = (
    http("http-500", "Report the server error, keep what is saved", body("x", "500 Internal Server Error"), check=request_limit(2)),
    http(
        "http-503-retry",
        "Honour Retry-After: ask once, say so",
        body("", "503 X", RSS, "Retry-After: 120"),
        stderr="2 min",
        check=request_limit(1),
    ),
    http(
        "http-503-retry-date",
        "Understand Retry-After as a date",
        body("", "503 X", RSS, "Retry-After: Fri, 31 Dec 2099 23:59:59 GMT"),
        stderr="24 h",
        check=request_limit(1),
    ),
    http(
        "http-503-maintenance",
        "A maintenance page is no feed",
        body("<h1>Briefly unavailable</h1>", "503 X", HTML),
        check=request_limit(2),
    ),
    http(
        "http-429-huge",
        "Clamp an absurd Retry-After to a day, never sleep",
        body("", "429 X", RSS, f"Retry-After: {'9' * 30}"),
        stderr="24 h",
    ),
    http(
        "http-429-garbage",
        "Pass over a Retry-After that says nothing",
        body("", "429 X", RSS, "Retry-After: -5 soon"),
        check=request_limit(2),
    ),
    http(
        "http-401",
        "Report; send no credentials",
        body("", "401 X", HTML, 'WWW-Authenticate: Basic realm="x"'),
        check=_sends_no("authorization"),
    ),
    http(
        "http-407",
        "Report; send no credentials to a proxy",
        body("", "407 X", HTML, "Proxy-Authenticate: Basic"),
        check=_sends_no("proxy-authorization"),
    ),
    http("http-403", "Report it", body("", "403 Forbidden", HTML), stderr="403"),
    http("http-404", "Report it", body("", "404 Not Found", HTML), stderr="404"),
    http("http-410", "Report it", body("", "410 Gone", HTML), stderr="410"),
    http("http-204", "No content is no empty feed", raw(b"HTTP/1.1 204 No Content\r\n\r\n")),
    http("http-206", "A part is not the whole", body(HALF, "206 Partial Content", RSS, "Content-Range: bytes 0-99/999")),
    http(
        "http-db-error-200",
        "A database error with status 200 is no feed",
        body("<html><body><h1>Error establishing a database connection", content_type=HTML),
        codes=(BAD_FEED,),
    ),
    http(
        "http-304-unasked",
        "304 to an unconditional request is a failure",
        raw(b"HTTP/1.1 304 Not Modified\r\n\r\n"),
        codes=(0, BAD_NET),
    ),
    http("http-999", "An unknown status is a failure", body("", "999 Whatever", HTML)),
    http(
        "http-101",
        "Nobody asked to switch protocols",
        raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nxxxx"),
    ),
    http(
        "http-103",
        "Early hints before the answer are ignored",
        replies(lambda stage, _: b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + feed_answer(stage)),
        codes=(0,),
        news=True,
    ),
    http(
        "http-10",
        "HTTP/1.0 without a length is read to its end",
        replies(lambda stage, _: b"HTTP/1.0 200 OK\r\nContent-Type: application/rss+xml\r\n\r\n" + stage.fill(between()).encode()),
        codes=(0,),
        news=True,
    ),
    http("flaky", "A first 500 is met by one more try", _flaky(answer("", "500 X")), codes=(0,), news=True),
    http("flaky-reset", "A first reset is met by one more try", _reset_first, codes=(0,), news=True),
    http(
        "clock-skew",
        "Date and Expires ten years off change nothing",
        good(RSS, "Date: Fri, 01 Jan 2038 00:00:00 GMT", "Expires: Thu, 01 Jan 1970 00:00:00 GMT"),
        codes=(0,),
        news=True,
        steady=True,
    ),
    http(
        "cookies",
        "Cookies are never sent back",
        good(RSS, "Set-Cookie: id=1; Path=/", "Set-Cookie: evil=\x7f"),
        codes=(0, 3),
        news=False,
        steady=True,
        check=_sends_no("cookie"),
    ),
    http(
        "pages-endless",
        "A gap is closed for ten pages, not for ever",
        _pages_for_ever,
        codes=(0,),
        news=True,
        check=lambda seen: sum("/feed" in r.path for r in seen.stage.portal.requests) <= 10,
    ),
)


def cached(name: str, rule: str, serve: Serve, **more: object) -> Fault:
    return Fault("cache", name, rule, serve, **more)  # type: ignore[arg-type]


def _etag_ok(stage: Stage, request: Request) -> bytes:
    if request.header("If-None-Match") == '"abc-1"' and request.header("If-Modified-Since") == "Tue, 24 Nov 2026 22:34:35 GMT":
        return b'HTTP/1.1 304 Not Modified\r\nETag: "abc-1"\r\n\r\n'
    return feed_answer(stage, 'ETag: "abc-1"', "Last-Modified: Tue, 24 Nov 2026 22:34:35 GMT")


def _second(header: str, value: str) -> object:
    """Return a check that the second refresh sent the header with this value."""
    return lambda seen: [r.header(header) for r in seen.stage.portal.requests if r.path == "/feed"][-1] == value


_CACHE = (
    cached(
        "etag-ok",
        "Validators go back as they came; 304 is nothing new",
        replies(_etag_ok),
        steady=True,
        check=_second("If-None-Match", '"abc-1"'),
    ),
    cached(
        "etag-random",
        "A new ETag on the same body makes no news",
        replies(lambda stage, r: feed_answer(stage, f'ETag: "{r.number}"')),
        steady=True,
    ),
    cached(
        "etag-weak",
        "A weak ETag goes back without W/, which WordPress wants",
        good(RSS, 'ETag: W/"w"'),
        steady=True,
        check=_second("If-None-Match", '"w"'),
    ),
    cached(
        "etag-high",
        "An ETag of high bytes never breaks the next request",
        replies(lambda stage, _: feed_answer(stage).replace(b"\r\n\r\n", b'\r\nETag: "\xff\xfe\xe0"\r\n\r\n', 1)),
        steady=True,
    ),
    cached(
        "etag-ctl",
        "An ETag with controls is no header of the next request",
        replies(lambda stage, _: feed_answer(stage).replace(b"\r\n\r\n", b'\r\nETag: "\x01\x1b[31m"\r\n\r\n', 1)),
        codes=(0, BAD_NET),
        news=False,
        steady=True,
        check=_second("If-None-Match", ""),
    ),
    cached(
        "etag-huge",
        "An ETag of 50 kB is not kept",
        good(RSS, f'ETag: "{"e" * 50_000}"'),
        steady=True,
        check=_second("If-None-Match", ""),
    ),
    cached(
        "lastmod-garbage",
        "Last-Modified is opaque",
        good(RSS, "Last-Modified: day before yesterday"),
        steady=True,
        check=_second("If-Modified-Since", "day before yesterday"),
    ),
    cached(
        "lastmod-future",
        "A Last-Modified to come stops no later update",
        good(RSS, "Last-Modified: Fri, 31 Dec 2099 23:59:59 GMT"),
        steady=True,
    ),
    cached(
        "cache-poison",
        "The validators of a damaged feed are not kept",
        body(HALF, "200 OK", RSS, 'ETag: "poison"'),
        news=False,
        steady=True,
        stderr="ends in the middle",
        check=_second("If-None-Match", ""),
        codes=(BAD_FEED,),
    ),
    cached(
        "cache-poison-html",
        "The validators of a login page are not kept",
        body("<html><body>login", "200 OK", HTML, 'ETag: "poison"'),
        codes=(BAD_FEED,),
        news=False,
        steady=True,
        check=_second("If-None-Match", ""),
    ),
    cached(
        "cache-304-for-ever",
        "304 to whatever is asked loses nothing",
        raw(b"HTTP/1.1 304 Not Modified\r\n\r\n"),
        codes=(0, BAD_NET),
        news=False,
        steady=True,
    ),
)

FAULTS = (
    *_HTTP,
    *_CACHE,
)
