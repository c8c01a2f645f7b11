"""Portal for tests: an HTTP server on 127.0.0.1 that plays recordings and invented bodies, and misbehaves on demand.

    def test_…(portal_server):
        portal_server.play("/feed", "feed-full-p1")             # a recording of tests/data/portal
        portal_server.serve("/feed?paged=2", rss(item("ক")))    # an invented body
        portal_server.serve("/feed", b"", status=500)           # a second answer for a path: in turn, the last one for good
        portal_server.misbehave("/feed", lambda line: line.sendall(b"SSH-2.0\r\n"))
        portal_server.validators = ('"abc"', "Tue, 24 Nov 2026 22:34:35 GMT")   # of every feed, compared as WordPress does
        portal_server.count("/feed")                            # number of requests

Recordings contain the address of their origin, which is replaced by this server's address. Paths without an answer get 404, and
feeds, as in WordPress, also an empty feed.
"""

from __future__ import annotations

import gzip
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from threading import Event, Thread
from typing import Any, Self, cast

import pytest

from bpost_tui.urls import is_public
from tests.tls_certificate import trusted, wrapped

DATA = Path(__file__).parent / "data" / "portal"
RECORDED_AT = b"http://127.0.0.1:8099"
PUBLIC_HOST = "127.0.0.2"
"""Address of this machine that tests count as public, to distinguish foreign servers from private ones."""
RSS = "application/rss+xml; charset=UTF-8"

_NAMESPACES = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'


def rss(*items: str, prolog: str = '<?xml version="1.0" encoding="UTF-8"?>') -> bytes:
    """Return a feed of items."""
    return f'{prolog}<rss version="2.0" {_NAMESPACES}><channel><title>পরীক্ষা</title>{"".join(items)}</channel></rss>'.encode()


def atom(name: str, *entries: tuple[str, str]) -> bytes:
    """Return an Atom feed named `name`, dated an hour ago. An entry is given by its title and its category, or "" for none."""
    updated = f"<updated>{(datetime.now(UTC) - timedelta(hours=1)).isoformat(timespec='seconds')}</updated>"
    parts = [
        f"<entry><id>urn:{title}</id><title>{title}</title>{updated}"
        f'<content type="html">&lt;p&gt;লেখা।&lt;/p&gt;</content>{f"""<category term="{of}"/>""" if of else ""}</entry>'
        for title, of in entries
    ]
    head = f"<title>{name}</title><id>urn:{name}</id>{updated}"
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">{head}{"".join(parts)}</feed>'.encode()


def item(title: str, *, guid: str = "", link: str = "", text: str = "<p>লেখা।</p>", more: str = "") -> str:
    """Return an item; `title` and `more` are XML, `text` is HTML."""
    parts = [f"<title>{title}</title>", f"<content:encoded><![CDATA[{text}]]></content:encoded>", more]
    parts += [f'<guid isPermaLink="false">{guid}</guid>'] if guid else []
    parts += [f"<link>{link}</link>"] if link else []
    return f"<item>{''.join(parts)}</item>"


def recording(name: str) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of a recording."""
    head = (DATA / f"{name}.headers").read_text().splitlines()
    pairs = (line.partition(": ") for line in head[1:] if ": " in line)
    return int(head[0].split()[1]), {key: value for key, _, value in pairs}, (DATA / f"{name}.body").read_bytes()


@dataclass
class Answer:
    """Answer for a path."""

    status: int
    headers: dict[str, str]
    body: bytes
    script: Callable[[socket.socket], object] | None = None


@dataclass
class Seen:
    """Request that the server received."""

    path: str
    headers: dict[str, str]
    port: int
    """Port of the client: requests with the same port share a connection."""
    tls: bool = False


@dataclass
class PortalServer:
    """HTTP server with scripted answers; the module shows how to use it."""

    requests: list[Seen] = field(default_factory=list)
    validators: tuple[str, str] | None = None
    compress: bool = False
    """Whether to gzip and weaken ETags, as a web server in front of WordPress does."""
    host: str = "127.0.0.1"
    tls: bool = False
    """Whether the portal uses https; its port also speaks http."""
    closing: Event = field(default_factory=Event)
    """Event that is set when the test ends: a script waits for it instead of sleeping."""

    def __post_init__(self) -> None:
        self._answers: dict[str, list[Answer]] = {}
        self._server = _Server((self.host, 0), _Handler)
        self._server.portal = self
        self.address = f"{'https' if self.tls else 'http'}://{self.host}:{self._server.server_port}"
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def serve(self, path: str, body: bytes, *, status: int = 200, content_type: str = RSS, **headers: str) -> None:
        """Add an answer with a body for a path; header names have underscores for hyphens."""
        named = {name.replace("_", "-").title(): value for name, value in headers.items()}
        self._add(path, Answer(status, {"Content-Type": content_type, **named}, body))

    def play(self, path: str, name: str) -> None:
        """Add a recording as an answer for a path."""
        status, headers, body = recording(name)
        kept = {
            key: value
            for key, value in headers.items()
            if key in ("Content-Type", "Retry-After") or key.startswith("X-Wp") or "WP" in key
        }
        self._add(path, Answer(status, kept, body.replace(RECORDED_AT, self.address.encode())))

    def redirect(self, path: str, location: str, status: int = 301) -> None:
        """Add a redirect as an answer for a path."""
        self.serve(path, b"", status=status, location=location)

    def misbehave(self, path: str, script: Callable[[socket.socket], object]) -> None:
        """Hand the connection to `script`, and close it when that returns."""
        self._add(path, Answer(0, {}, b"", script))

    def forget(self) -> None:
        """Forget all answers and requests."""
        self._answers.clear()
        self.requests.clear()

    def count(self, path: str | None = None) -> int:
        """Return the number of requests, in all or for a path."""
        return sum(path is None or seen.path == path for seen in self.requests)

    def answer(self, seen: Seen) -> Answer:
        """Return the answer for a request, chosen as WordPress would."""
        is_feed = "/feed" in seen.path
        if is_feed and self.validators and _matches(seen.headers, self.validators):
            return Answer(304, {}, b"")
        answers = self._answers.get(seen.path)
        if answers:
            found = answers.pop(0) if len(answers) > 1 else answers[0]
        else:
            found = Answer(404, {"Content-Type": RSS if is_feed else "text/html"}, rss() if is_feed else b"<h1>Not found</h1>")
        if is_feed and self.validators:
            etag, modified = self.validators
            found = Answer(found.status, {**found.headers, "ETag": etag, "Last-Modified": modified}, found.body, found.script)
        return _compressed(found) if self.compress else found

    def _add(self, path: str, answer: Answer) -> None:
        self._answers.setdefault(path, []).append(answer)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _matches(headers: dict[str, str], validators: tuple[str, str]) -> bool:
    """Return whether every validator of the request matches, as WordPress requires; a weak validator never does."""
    sent = [headers.get("if-none-match"), headers.get("if-modified-since")]
    return any(sent) and all(got is None or got == own for got, own in zip(sent, validators, strict=True))


def _compressed(answer: Answer) -> Answer:
    headers = {**answer.headers, "Content-Encoding": "gzip"}
    if "ETag" in headers:
        headers["ETag"] = f"W/{headers['ETag']}"
    return Answer(answer.status, headers, gzip.compress(answer.body), answer.script)


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 64  # a busy machine accepts late, and a connection beyond the queue is repeated only after a second
    portal: PortalServer

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.open: set[Any] = set()

    def server_bind(self) -> None:
        TCPServer.server_bind(self)  # HTTPServer's own also looks up its name, which can take seconds without a network
        self.server_name, self.server_port = "localhost", self.socket.getsockname()[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        self.open.add(request)
        super().process_request(request, client_address)

    def finish_request(self, request: Any, client_address: Any) -> None:
        if not self.portal.tls:
            super().finish_request(request, client_address)
            return
        with wrapped(request) as line:
            self.open.add(line)
            super().finish_request(cast(Any, line), client_address)
        self.open.discard(line)

    def shutdown_request(self, request: Any) -> None:
        self.open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print nothing: clients that hang up are under test."""

    def server_close(self) -> None:
        for connection in tuple(self.open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        super().server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30.0
    wbufsize = -1

    def do_GET(self) -> None:
        portal = cast(_Server, self.server).portal
        seen = Seen(self.path, {name.lower(): value for name, value in self.headers.items()}, self.client_address[1])
        seen.tls = isinstance(self.connection, ssl.SSLSocket)
        portal.requests.append(seen)
        answer = portal.answer(seen)
        if answer.script is not None:
            with suppress(OSError):
                answer.script(self.connection)
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    do_HEAD = do_GET

    def log_message(self, *args: object) -> None:
        """Keep no log."""


@pytest.fixture
def portal_server() -> Iterator[PortalServer]:
    """Yield a portal with scripted answers."""
    with PortalServer() as server:
        yield server


@pytest.fixture
def sentinel() -> Iterator[PortalServer]:
    """Yield a second server, which no program may contact."""
    with PortalServer() as server:
        yield server
        assert server.requests == []


@pytest.fixture
def foreign_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[PortalServer]:
    """Yield a server that counts as public, and isn't the portal."""
    from bpost_tui.portal.http import policy  # imports httpx, which tests of the portal alone don't need

    monkeypatch.setattr(policy, "is_public", lambda ip: ip == PUBLIC_HOST or is_public(ip))
    with PortalServer(host=PUBLIC_HOST) as server:
        yield server


@pytest.fixture
def tls_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[PortalServer]:
    """Yield an https portal whose certificate is trusted."""
    import httpx

    monkeypatch.setattr(httpx, "create_ssl_context", trusted)
    with PortalServer(tls=True) as server:
        yield server
