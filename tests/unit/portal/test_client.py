"""HTTP client against a server that lies, stalls, floods or redirects elsewhere. Deadlines are short to keep the tests fast."""

from __future__ import annotations

import asyncio
import gzip
import random
import socket
import struct
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from mmap import mmap
from pathlib import Path
from threading import Lock

import pytest

from bpost_tui.errors import PortalError
from bpost_tui.model.story import Validators
from bpost_tui.portal.http import client as client_module
from bpost_tui.portal.http import policy, transport
from bpost_tui.portal.http.client import MAX_BODY_BYTES, MAX_HOPS, HttpClient, HttpResponse
from bpost_tui.portal.http.policy import InMemoryRequestLog, RequestPolicy, ResourceKind
from bpost_tui.portal.http.transport import MAX_WAIT_S, retry_after_s
from bpost_tui.urls import is_public
from tests.scripted_portal import PortalServer

NOW = datetime(2026, 11, 25, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_pause_between_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "RETRY_PAUSE_S", 0.0)


@asynccontextmanager
async def client_of(server: PortalServer, **options: object) -> AsyncIterator[HttpClient]:
    client = HttpClient(server.address, clock=lambda: NOW, **options)  # type: ignore[arg-type]
    try:
        yield client
    finally:
        await client.aclose()


async def fetched_of(server: PortalServer, path: str = "/feed") -> HttpResponse:
    async with client_of(server) as client:
        return await client.fetch(server.address + path, "feed")


async def failure(server: PortalServer, path: str = "/feed", kind: ResourceKind = "feed", **options: object) -> PortalError:
    """Return the error of a failing fetch, after checking that its message can be shown."""
    async with client_of(server, **options) as client:
        with pytest.raises(PortalError) as caught:
            await client.fetch(server.address + path, kind)
    assert caught.value.message.startswith("http://") and caught.value.message.isprintable()
    return caught.value


# ── successful requests ─────────────────────────────────────────────────────


async def test_fetch_returns_the_page_with_type_and_validators(portal_server: PortalServer) -> None:
    portal_server.validators = ('"abc"', "Tue, 24 Nov 2026 22:34:35 GMT")
    portal_server.serve("/feed", b"<rss/>")
    fetched = await fetched_of(portal_server)
    assert (fetched.status, fetched.body, fetched.content_type) == (200, b"<rss/>", "application/rss+xml; charset=UTF-8")
    assert fetched.validators == Validators('"abc"', "Tue, 24 Nov 2026 22:34:35 GMT")
    sent = portal_server.requests[0].headers
    assert sent["user-agent"].startswith("bpost/") and sent["accept-encoding"] == "gzip"
    assert sent["host"] == portal_server.address.removeprefix("http://")
    assert not {"cookie", "authorization", "if-none-match"} & set(sent)


async def test_fetch_turns_a_weak_etag_into_a_strong_one(portal_server: PortalServer) -> None:
    portal_server.validators = ('"abc"', "Tue, 24 Nov 2026 22:34:35 GMT")
    portal_server.compress = True
    portal_server.serve("/feed", b"<rss/>" * 1000)
    async with client_of(portal_server) as client:
        first = await client.fetch(f"{portal_server.address}/feed", "feed")
        assert first.body == b"<rss/>" * 1000
        assert first.validators == Validators('"abc"', "Tue, 24 Nov 2026 22:34:35 GMT")
        again = await client.fetch(f"{portal_server.address}/feed", "feed", first.validators)
        await client.fetch(f"{portal_server.address}/feed", "feed", first.validators)
    assert (again.status, again.body) == (304, b"")
    assert len({seen.port for seen in portal_server.requests}) == 1, "an answer without a body closed its connection"


async def test_fetch_reuses_the_connection(portal_server: PortalServer) -> None:
    portal_server.serve("/feed", b"x")
    async with client_of(portal_server) as client:
        for _ in range(3):
            await client.fetch(f"{portal_server.address}/feed", "feed")
    assert portal_server.count() == 3
    assert len({seen.port for seen in portal_server.requests}) == 1


@pytest.mark.parametrize("etag", ["\x1b]0;x", "é", "x" * 500, ""])
async def test_fetch_drops_validators_unfit_for_a_header(portal_server: PortalServer, etag: str) -> None:
    portal_server.serve("/feed", b"x", etag=etag)
    assert (await fetched_of(portal_server)).validators is None


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
async def test_fetch_of_a_missing_page_gives_status_and_body(portal_server: PortalServer, status: int) -> None:
    portal_server.serve("/feed", b"<rss/>", status=status)
    fetched = await fetched_of(portal_server)
    assert (fetched.status, fetched.body) == (status, b"<rss/>")
    assert portal_server.count() == 1


async def test_fetch_offline_makes_no_request(portal_server: PortalServer) -> None:
    async with client_of(portal_server, offline=True) as client:
        with pytest.raises(PortalError, match="offline: nothing is fetched"):
            await client.fetch(f"{portal_server.address}/feed", "feed")
    assert portal_server.count() == 0


async def test_fetch_makes_at_most_two_requests_at_once(portal_server: PortalServer) -> None:
    running, most, lock = 0, 0, Lock()

    def script(connection: socket.socket) -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.03)  # the server waits, so that a third request could arrive
        with lock:
            running -= 1
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx")

    portal_server.misbehave("/feed", script)
    async with client_of(portal_server) as client:
        await asyncio.gather(*(client.fetch(f"{portal_server.address}/feed", "feed") for _ in range(6)))
    assert most <= 2


# ── retries and waiting ─────────────────────────────────────────────────────


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_fetch_retries_once_when_the_first_answer_fails(portal_server: PortalServer, status: int) -> None:
    portal_server.serve("/feed", b"", status=status)
    portal_server.serve("/feed", b"fine")
    assert (await fetched_of(portal_server)).body == b"fine"


@pytest.mark.parametrize("status", [500, 429, 204, 206, 304, 418, 599])
async def test_fetch_of_a_failing_page_raises_after_at_most_two_attempts(portal_server: PortalServer, status: int) -> None:
    portal_server.serve("/feed", b"", status=status)
    error = await failure(portal_server)
    assert str(status) in error.message
    assert portal_server.count() == (2 if status >= 500 else 1)


async def test_fetch_that_needs_no_wait_is_retried_at_once(portal_server: PortalServer) -> None:
    portal_server.serve("/feed", b"", status=503, retry_after="0")
    portal_server.serve("/feed", b"fine")
    assert (await fetched_of(portal_server)).body == b"fine"


async def test_fetch_waits_when_asked_to(portal_server: PortalServer) -> None:
    portal_server.play("/feed", "error-503-maintenance")
    async with client_of(portal_server) as client:
        for _ in range(3):
            with pytest.raises(PortalError) as caught:
                await client.fetch(f"{portal_server.address}/feed", "feed")
            assert caught.value.retry_after_s == pytest.approx(600, abs=2)
    assert portal_server.count() == 1


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("120", 120.0),
        (format_datetime(datetime(2026, 11, 25, 0, 10, tzinfo=UTC), usegmt=True), 600.0),
        ("9" * 80, MAX_WAIT_S),
        ("Fri, 31 Dec 9999 23:59:59 GMT", MAX_WAIT_S),
        ("0", None),
        ("00", None),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("Tue, 24 Nov 2020 00:00:00 GMT", None),
        (format_datetime(NOW, usegmt=True), None),
        (format_datetime(NOW + timedelta(seconds=1), usegmt=True), 1.0),
        ("Wed, 25 Nov 2026 00:00:07 -0000", 7.0),  # without a time zone
        ("Wed, 25 Nov 2026 05:30:07 +0530", 7.0),
        ("Xxx, 99 Yyy 99999 99:99:99", None),
        ("1e9", None),
    ],
)
def test_retry_after_of_a_header_is_seconds_within_a_day(header: str, expected: float | None) -> None:
    assert retry_after_s(header, NOW) == expected


# ── bodies ──────────────────────────────────────────────────────────────────


async def test_fetch_of_a_gzip_bomb_stops_at_the_limit(portal_server: PortalServer) -> None:
    bomb = gzip.compress(bytes(400 << 20), 1)
    portal_server.serve("/feed", bomb, content_encoding="gzip")
    assert "too big" in (await failure(portal_server)).message


async def test_fetch_of_an_empty_gzip_body_is_empty(portal_server: PortalServer) -> None:
    portal_server.serve("/feed", b"", status=404, content_encoding="gzip")
    assert (await fetched_of(portal_server)).body == b""


@pytest.mark.parametrize("encoding", ["", "gzip"])
async def test_large_body_is_kept_in_a_temporary_file(
    portal_server: PortalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    body = random.Random(7).randbytes(3 << 20)
    portal_server.serve("/feed", gzip.compress(body, 1) if encoding else body, content_encoding=encoding)
    received = (await fetched_of(portal_server)).body
    assert isinstance(received, mmap) and received[:] == body
    received.close()
    assert list(tmp_path.iterdir()) == []


async def test_large_body_without_space_on_the_disk_fails(
    portal_server: PortalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal_server.serve("/feed", bytes(3 << 20))
    monkeypatch.setattr(transport, "_temporary_file", lambda: open("/dev/full", "w+b", buffering=0))  # noqa: SIM115
    assert "the answer can't be saved (No space left on device)" in (await failure(portal_server)).message


@pytest.mark.parametrize("encoding", ["gzip, gzip", "gzip, gzip, gzip", "deflate", "br", "zstd", "x-foo"])
async def test_fetch_refuses_an_unrequested_encoding(portal_server: PortalServer, encoding: str) -> None:
    portal_server.serve("/feed", gzip.compress(gzip.compress(b"x")), content_encoding=encoding)
    assert "compressed in a way" in (await failure(portal_server)).message


@pytest.mark.parametrize(
    "body",
    [b"plain", gzip.compress(b"x" * 999)[:-9], gzip.compress(b"x" * 999)[:-8] + b"\0" * 8, gzip.compress(b"x") + b"y"],
    ids=["plain", "cut", "checksum", "more"],  # gzip bodies contain the time of compression
)
async def test_fetch_of_damaged_gzip_fails(portal_server: PortalServer, body: bytes) -> None:
    portal_server.serve("/feed", body, content_encoding="gzip")
    assert "damaged" in (await failure(portal_server)).message


def _head(*lines: str) -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", "Content-Type: application/rss+xml", *lines, "", ""]).encode("latin-1")


def endless(connection: socket.socket) -> None:
    connection.sendall(_head("Connection: close"))
    while True:
        connection.sendall(b"x" * 65536)


def reset(connection: socket.socket) -> None:
    connection.sendall(_head("Content-Length: 1000") + b"half")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (endless, "too big"),
        (reset, "cut short"),
        (lambda line: line.sendall(_head(f"Content-Length: {10**15}")), "too big"),
        (lambda line: line.sendall(_head("Content-Length: 1000") + b"half"), "cut short"),
        (lambda line: line.sendall(_head("Transfer-Encoding: chunked") + b"4\r\nhalf\r\n"), "cut short"),
        (lambda line: line.sendall(_head("Content-Length: -1") + b"x"), "no answer"),
        (lambda line: line.sendall(_head("Content-Length: 1", "Content-Length: 2") + b"xx"), "no answer"),
        (lambda line: line.sendall(_head("X: " + "x" * 1_000_000)), "no answer"),
        (lambda line: line.sendall(b"SSH-2.0-OpenSSH_9.9\r\n"), "no answer"),
        (lambda line: line.sendall(b"HTTP/1.1 500 \x1b[31mRED\x1b]0;x\x07\r\n\r\n"), "127.0.0.1"),
        (lambda line: None, "no answer"),
    ],
    ids=["endless", "reset", "huge", "closed", "chunk", "negative", "double", "header", "ssh", "reason", "nothing"],
)
async def test_fetch_of_a_broken_answer_raises_a_one_line_error(
    portal_server: PortalServer, script: Callable[[socket.socket], None], expected: str
) -> None:
    portal_server.misbehave("/feed", script)
    assert expected in (await failure(portal_server)).message
    assert portal_server.count() <= 2


async def test_fetch_of_a_body_beyond_its_length_is_cut_there(portal_server: PortalServer) -> None:
    portal_server.misbehave("/feed", lambda line: line.sendall(_head("Content-Length: 4", "Connection: close") + b"half and more"))
    assert (await fetched_of(portal_server)).body == b"half"


@pytest.mark.parametrize("head", [b"", _head("Content-Length: 100000"), b"HTTP/1.1 200 OK\r\nX-Slow: "])
async def test_fetch_of_a_slow_body_ends_at_the_deadline(portal_server: PortalServer, head: bytes) -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(head)
        while not portal_server.closing.wait(0.02):
            connection.sendall(b"x" if head else b"")

    portal_server.misbehave("/feed", drip)
    began = time.monotonic()
    error = await failure(portal_server, deadline_s=0.4)
    assert "within 0.4 s" in error.message
    assert time.monotonic() - began < 60  # the server itself never stops sending


async def test_fetch_reports_a_refused_connection(portal_server: PortalServer) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        portal_server.address = f"http://127.0.0.1:{free.getsockname()[1]}"
        assert "can't connect (connection refused)" in (await failure(portal_server)).message


def test_fetch_limits_have_the_documented_values() -> None:
    assert MAX_BODY_BYTES == {"feed": 16 << 20, "json": 16 << 20, "page": 8 << 20, "picture": 8 << 20}


# ── redirects ───────────────────────────────────────────────────────────────


async def test_fetch_follows_honest_redirects(portal_server: PortalServer) -> None:
    portal_server.redirect("/feed", "/a")
    portal_server.redirect("/a", f"{portal_server.address}/b", status=308)
    portal_server.redirect("/b", "c?d", status=302)
    portal_server.serve("/c?d", b"here")
    fetched = await fetched_of(portal_server)
    assert (fetched.body, fetched.address) == (b"here", f"{portal_server.address}/c?d")


async def test_fetch_of_a_redirect_loop_stops_after_five_hops(portal_server: PortalServer) -> None:
    portal_server.redirect("/feed", "/feed")
    assert "redirects" in (await failure(portal_server)).message
    assert portal_server.count() == MAX_HOPS + 1


@pytest.mark.parametrize(
    "location",
    [
        "",
        "ftp://127.0.0.1/",
        "data:text/xml,<rss/>",
        "javascript:x",
        "file:///etc/passwd",
        "http://[::1",
        "/%0d%0aX:%20y",
        "\\\\a\\b",
    ],
)
async def test_fetch_refuses_redirects_without_an_address(portal_server: PortalServer, location: str) -> None:
    portal_server.redirect("/feed", location)
    assert "redirects" in (await failure(portal_server)).message
    assert portal_server.count() == 1


# ── other hosts ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["feed", "json", "page"])
@pytest.mark.parametrize("by_redirect", [True, False])
async def test_fetch_of_feeds_and_pages_contacts_no_other_site(
    portal_server: PortalServer, foreign_server: PortalServer, kind: ResourceKind, *, by_redirect: bool
) -> None:
    foreign_server.serve("/collect", b"<rss/>")
    portal_server.redirect("/feed", f"{foreign_server.address}/collect")
    async with client_of(portal_server) as client:
        with pytest.raises(PortalError, match="another site") as caught:
            await client.fetch(f"{portal_server.address}/feed" if by_redirect else f"{foreign_server.address}/collect", kind)
    assert caught.value.final and foreign_server.count() == 0
    is_feed = by_redirect and kind == "feed"
    assert caught.value.redirects_to == caught.value.moved_to == (f"{foreign_server.address}/" if is_feed else "")


@pytest.mark.parametrize(
    ("portal", "feed", "target", "paper"),
    [
        ("old.example/rss?lang=bn", "old.example/rss?lang=bn", "new.example/rss?lang=bn", "new.example/rss?lang=bn"),
        ("old.example", "old.example/feed/", "new.example", "new.example"),
        ("old.example", "old.example/feed/", "new.example/feed", "new.example/"),
        ("old.example/", "old.example/feed", "new.example/blog/feed/", "new.example/blog/"),
        ("old.example/blog", "old.example/blog/category/sport/feed/", "new.example/category/sport/feed/", "new.example/"),
        ("old.example", "old.example/feed/", "new.example/news/", "new.example/"),
        ("old.example", "old.example/feed/", "new.example/newsfeed", "new.example/"),
        ("old.example", "old.example/?feed=rss2", "new.example/?feed=rss2", "new.example/"),
    ],
)
def test_redirect_names_the_paper_at_its_new_site(portal: str, feed: str, target: str, paper: str) -> None:
    policy = RequestPolicy(f"https://{portal}", InMemoryRequestLog(), lambda: NOW)
    with pytest.raises(PortalError, match="another site") as caught:
        policy.redirect(f"https://{feed}", f"https://{target}", "feed")
    assert caught.value.redirects_to == f"https://{paper}"


@pytest.mark.parametrize("by_redirect", [True, False])
async def test_fetch_of_a_picture_may_contact_another_public_site(
    portal_server: PortalServer, foreign_server: PortalServer, *, by_redirect: bool
) -> None:
    foreign_server.serve("/a.png", b"png", etag='"theirs"')
    portal_server.redirect("/a.png", f"{foreign_server.address}/a.png")
    async with client_of(portal_server) as client:
        where = portal_server if by_redirect else foreign_server
        fetched = await client.fetch(f"{where.address}/a.png", "picture", Validators('"ours"'))
    assert fetched.body == b"png" and foreign_server.count() == 1
    assert "if-none-match" not in foreign_server.requests[0].headers


@pytest.mark.parametrize("port", [22, 25, 587, 6667])
async def test_fetch_of_a_picture_contacts_no_port_of_another_service(
    portal_server: PortalServer, foreign_server: PortalServer, port: int
) -> None:
    portal_server.redirect("/a.png", f"http://{foreign_server.host}:{port}/")
    assert f"port {port}" in (await failure(portal_server, "/a.png", "picture")).message


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "0", "[::ffff:127.0.0.1]", "2130706433", "localhost.", "u:p@127.0.0.1", "127.1"]
)
@pytest.mark.parametrize("kind", ["feed", "picture"])
async def test_fetch_refuses_redirects_to_other_ports_of_this_machine(
    portal_server: PortalServer, sentinel: PortalServer, host: str, kind: ResourceKind
) -> None:
    port = sentinel.address.rpartition(":")[2]
    portal_server.redirect("/feed", f"http://{host}:{port}/")
    message = (await failure(portal_server, kind=kind)).message
    assert ("another site" if kind == "feed" else "private network") in message or "can't find" in message


@pytest.mark.parametrize(
    "address", ["http://169.254.169.254/latest/meta-data/", "http://192.168.0.1/", "http://[fe80::1]/", "http://10.0.0.1/"]
)
async def test_fetch_refuses_redirects_into_private_networks(portal_server: PortalServer, address: str) -> None:
    portal_server.redirect("/feed", address)
    assert "private network" in (await failure(portal_server, kind="picture")).message


async def test_fetch_from_a_portal_turned_private_is_refused(portal_server: PortalServer) -> None:
    """Refuse a public site's name once it leads into a private network: DNS rebinding by somebody else."""
    portal_server.serve("/feed", b"<rss/>")
    notes = InMemoryRequestLog()
    async with client_of(portal_server, notes=notes) as client:
        assert (await client.fetch(f"{portal_server.address}/feed", "feed")).body == b"<rss/>"  # private from the beginning
        await notes.note_public()
        with pytest.raises(PortalError, match="leads into a private network"):
            await client.fetch(f"{portal_server.address}/feed", "feed")
    assert portal_server.count() == 1


async def test_fetch_notes_that_a_portal_is_public(foreign_server: PortalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    foreign_server.serve("/feed", b"<rss/>")
    notes = InMemoryRequestLog()
    async with client_of(foreign_server, notes=notes) as client:
        await client.fetch(f"{foreign_server.address}/feed", "feed")
        assert await notes.was_public()
        monkeypatch.setattr(policy, "is_public", is_public)  # now the name leads into a private network
        with pytest.raises(PortalError, match="leads into a private network"):
            await client.fetch(f"{foreign_server.address}/feed", "feed")


# ── https ───────────────────────────────────────────────────────────────────


def in_clear(server: PortalServer) -> str:
    return server.address.replace("https:", "http:")


@pytest.mark.parametrize("kind", ["feed", "json", "page", "picture"])
async def test_fetch_from_an_https_portal_upgrades_http_addresses(tls_server: PortalServer, kind: ResourceKind) -> None:
    tls_server.serve("/a", b"x")
    tls_server.redirect("/b", f"{in_clear(tls_server)}/a")
    async with client_of(tls_server) as client:
        for path in ("/a", "/b"):
            fetched = await client.fetch(in_clear(tls_server) + path, kind, Validators('"me"'))
            assert (fetched.body, fetched.address) == (b"x", f"{tls_server.address}/a")
    assert [seen.tls for seen in tls_server.requests] == [True] * 3


async def test_fetch_refuses_a_redirect_from_https_to_http(tls_server: PortalServer) -> None:
    tls_server.redirect("/feed", f"{in_clear(tls_server)}/feed")
    async with client_of(tls_server) as client:
        with pytest.raises(PortalError, match="from https to http") as caught:
            await client.fetch(f"{tls_server.address}/feed", "feed", Validators('"me"'))
    assert caught.value.final and [seen.tls for seen in tls_server.requests] == [True]


async def test_fetch_of_other_sites_pictures_uses_https_for_an_https_portal(
    tls_server: PortalServer, foreign_server: PortalServer
) -> None:
    async with client_of(tls_server) as client:
        with pytest.raises(PortalError):
            await client.fetch(f"{foreign_server.address}/a.png", "picture")
    assert foreign_server.count() == 0


async def test_fetch_from_an_http_portal_uses_http(tls_server: PortalServer) -> None:
    tls_server.serve("/feed", b"x")
    tls_server.address = in_clear(tls_server)
    assert (await fetched_of(tls_server)).body == b"x"
    assert [seen.tls for seen in tls_server.requests] == [False]


# ── request log ─────────────────────────────────────────────────────────────


class Seen(InMemoryRequestLog):
    """A request log that tests can inspect."""

    def __init__(self) -> None:
        super().__init__()
        self.hosts: list[str] = []

    async def note_contact(self, host: str) -> None:
        self.hosts.append(host)


async def asked_to_wait(until: datetime) -> Seen:
    seen = Seen()
    await seen.note_retry_at(until)
    return seen


@pytest.mark.parametrize("kind", ["feed", "json", "page", "picture"])
async def test_fetch_logs_every_request_before_making_it(portal_server: PortalServer, kind: ResourceKind) -> None:
    portal_server.redirect("/a", "/b")
    portal_server.misbehave("/b", lambda line: noted.append(len(seen.hosts)))
    seen, noted = Seen(), list[int]()
    await failure(portal_server, "/a", kind, notes=seen)
    assert seen.hosts == ["127.0.0.1"] * 4 and noted == [2, 4]  # two attempts of two requests


async def test_blocked_fetch_logs_no_request(portal_server: PortalServer, sentinel: PortalServer) -> None:
    seen = Seen()
    async with client_of(portal_server, notes=seen) as client:
        for address, kind in (
            (f"{sentinel.address}/a.png", "picture"),
            ("http://10.0.0.1/a.png", "picture"),
            ("http://x/", "feed"),
        ):
            with pytest.raises(PortalError):
                await client.fetch(address, kind)  # type: ignore[arg-type]
    assert seen.hosts == []


@pytest.mark.parametrize("kind", ["feed", "json", "page", "picture"])
async def test_fetch_respects_a_wait_from_an_earlier_run(portal_server: PortalServer, kind: ResourceKind) -> None:
    seen = await asked_to_wait(NOW + timedelta(hours=1))
    error = await failure(portal_server, "/a", kind, notes=seen)
    assert error.retry_after_s == 3600 and portal_server.count() == 0 and seen.hosts == []


@pytest.mark.parametrize("until", [NOW - timedelta(seconds=1), NOW + timedelta(days=3650)])
async def test_fetch_ignores_a_wait_when_over_or_longer_than_a_day(portal_server: PortalServer, until: datetime) -> None:
    portal_server.serve("/feed", b"x")
    async with client_of(portal_server, notes=await asked_to_wait(until)) as client:
        assert (await client.fetch(f"{portal_server.address}/feed", "feed")).body == b"x"


async def test_fetch_notes_the_wait_that_a_portal_asks_for(portal_server: PortalServer) -> None:
    portal_server.serve("/feed", b"", status=503, retry_after="120")
    seen = Seen()
    await failure(portal_server, notes=seen)
    assert await seen.retry_at() == NOW + timedelta(seconds=120)
