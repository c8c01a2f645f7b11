"""Faults of the connection: resets, lengths, chunks, compression."""

from __future__ import annotations

import gzip
import random
import zlib
from functools import cache

from tests.faults.fault import BAD_FEED, BAD_NET, XML, Fault, Serve, Stage, between, body, good, items, made, post, raw, script
from tests.faults.fault_portal import HTML, JSON, RSS, Line, answer, head

NET = (BAD_NET,)
HALF = f'{XML}<rss version="2.0"><channel><title>আধখানা</title>{post(9)}<item><title>কাটা'.encode()


def net(name: str, rule: str, serve: Serve, **more: object) -> Fault:
    return Fault("net", name, rule, serve, **{"codes": NET, "news": False, **more})  # type: ignore[arg-type]


def coded(encoding: str, data: bytes) -> Serve:
    return body(data, "200 OK", RSS, f"Content-Encoding: {encoding}")


def _zipped(cut: slice = slice(None), more: bytes = b"") -> Serve:
    return made(lambda stage: gzip.compress(stage.fill(between()).encode())[cut] + more, "200 OK", RSS, "Content-Encoding: gzip")


def _corrupt(stage: Stage) -> bytes:
    data = bytearray(gzip.compress(stage.fill(between()).encode()))
    data[-6] ^= 0xFF
    return bytes(data)


def then(*steps: object) -> Serve:
    """Return a function that sends the bytes in `steps` and calls the connection's methods named there."""

    def play(line: Line) -> None:
        for step in steps:
            if isinstance(step, bytes):
                line.send(step)
            else:
                getattr(line, str(step))()

    return script(play)


def endless(begun: bytes, again: bytes) -> Serve:
    """Return a function that sends `begun`, then `again` without end."""

    def play(line: Line) -> None:
        line.send(begun)
        line.endless(again)

    return script(play)


def _chunked(*pieces: bytes) -> bytes:
    return head("200 OK", RSS, "Transfer-Encoding: chunked") + b"".join(pieces)


_NET = (
    net(
        "slow-drip",
        "One byte at a time: a total deadline ends it",
        script(lambda line: line.drip(head() + HALF * 9, 0.2)),
        stderr="no complete answer",
    ),
    net("stall-headers", "Silence ends at the deadline", then("hang")),
    net("stall-body", "Half a body and silence is a failure", then(head() + HALF, "hang")),
    net("stall-chunk", "Half a chunk and silence is a failure", then(_chunked(b"ffff\r\n", HALF), "hang")),
    net("drip-headers", "Headers byte by byte end at the deadline", script(lambda line: line.drip(head() * 9, 0.2))),
    net("reset-mid", "A reset in the body is a failure", then(head("200 OK", RSS, "Content-Length: 99999") + HALF, "reset")),
    net("reset-at-once", "A reset instead of an answer is a failure", then("reset")),
    net("close-at-once", "A closed line instead of an answer is a failure", then(b"")),
    net("close-mid", "An end before the announced length is a failure", raw(head("200 OK", RSS, "Content-Length: 99999") + HALF)),
    net("close-head", "An end within the headers is a failure", raw(b"HTTP/1.1 200 OK\r\nContent-Ty")),
    net(
        "length-short",
        "A length below the body's: what came is damaged, and said to be",
        raw(head("200 OK", RSS, f"Content-Length: {len(HALF)}") + HALF + b"</title></item>" * 9),
        codes=(0, BAD_FEED),
        stderr="ends in the middle",
    ),
    net("length-negative", "A negative length is a failure", raw(head("200 OK", RSS, "Content-Length: -1") + HALF)),
    net(
        "length-double",
        "Two lengths that differ are a failure",
        raw(head("200 OK", RSS, "Content-Length: 10", "Content-Length: 99") + HALF),
    ),
    net(
        "length-huge",
        "A length of 10^15 is refused at once",
        then(head("200 OK", RSS, f"Content-Length: {10**15}"), "hang"),
        heavy=True,
    ),
    net("length-garbage", "A length that is no number is a failure", raw(head("200 OK", RSS, "Content-Length: ৯৯") + HALF)),
    net(
        "length-and-chunked",
        "A length beside chunks smuggles nothing",
        raw(head("200 OK", RSS, "Content-Length: 5", "Transfer-Encoding: chunked") + b"3\r\nabc\r\n0\r\n\r\n"),
        codes=(BAD_NET, BAD_FEED),
    ),
    net("chunk-truncated", "Chunks without the last are a failure", raw(_chunked(b"%x\r\n" % len(HALF), HALF, b"\r\n"))),
    net("chunk-garbage", "A chunk's size that is no number is a failure", raw(_chunked(b"zz\r\n", HALF))),
    net("chunk-huge", "A chunk of 2^80 bytes is a failure", raw(_chunked(b"%x\r\n" % 2**80, HALF)), heavy=True),
    net(
        "transfer-unknown",
        "An unknown transfer coding is a failure",
        raw(head("200 OK", RSS, "Transfer-Encoding: gzip, chunked") + HALF),
    ),
    net(
        "endless-body",
        "A feed without end is cut at 16 MiB",
        endless(head() + between().encode()[:-20], post(11).encode() * 99),
        heavy=True,
    ),
    net(
        "endless-zeros",
        "Zeros without end are cut at 16 MiB",
        endless(head(), bytes(65536)),
        heavy=True,
    ),
    net(
        "endless-headers",
        "Headers without end are cut",
        endless(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n" * 999),
        heavy=True,
    ),
    net(
        "endless-hints",
        "Informational answers without end are cut",
        endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ),
    net(
        "endless-crumbs",
        "Chunks of one byte without end keep nobody from reading",
        endless(_chunked(), b"1\r\n \r\n" * 2000),
    ),
    net("header-1mb", "One header of 1 MB is bounded", good(RSS, f"X-Long: {'x' * 1_000_000}"), codes=(0, BAD_NET), heavy=True),
    net("header-no-colon", "A header that is none is a failure", raw(b"HTTP/1.1 200 OK\r\nthis is no header\r\n\r\n" + HALF)),
    net("header-nul", "NUL in a header is a failure", raw(b"HTTP/1.1 200 OK\r\nX-A: a\0b\r\n\r\n" + HALF), codes=(0, BAD_NET)),
    net(
        "type-ansi",
        "Escapes in the content type reach nobody",
        raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/\xc2\x9b31m\xff\r\nConnection: close\r\n\r\n<html>"),
        codes=(BAD_NET, BAD_FEED),
    ),
    net("not-http", "Another protocol's greeting is a failure", then(b"SSH-2.0-OpenSSH_9.2p1\r\n")),
    net("not-http-tls", "TLS instead of HTTP is a failure", then(b"\x15\x03\x01\x00\x02\x02\x50")),
    net("not-http-noise", "Noise is a failure", then(random.Random(7).randbytes(4000))),
    net(
        "status-ansi",
        "Escapes in the reason phrase reach nobody",
        raw(b"HTTP/1.1 500 \x1b]0;owned\x07\x1b[31mNo\r\n\r\n"),
        check=lambda seen: "owned" not in seen.errors,
    ),
    net(
        "status-long",
        "A reason phrase of 1 MB is bounded",
        raw(b"HTTP/1.1 500 " + b"x" * 1_000_000 + b"\r\n\r\n"),
        check=lambda seen: len(seen.errors) < 2000,
    ),
    net("gzip-truncated", "Cut gzip is a failure", _zipped(slice(-30))),
    net("gzip-no-trailer", "gzip without its checksum is a failure", _zipped(slice(-8))),
    net("gzip-corrupt", "gzip whose checksum is wrong is a failure", made(_corrupt, "200 OK", RSS, "Content-Encoding: gzip")),
    net("gzip-trailing", "Bytes after the gzip are a failure", _zipped(more=b"x" * 99)),
    net("gzip-lie", "Text that says it is gzip is a failure", coded("gzip", HALF)),
    net("gzip-empty", "Nothing that says it is gzip is nothing, and no feed", coded("gzip", b""), codes=(BAD_FEED,)),
    net(
        "gzip-undeclared",
        "gzip that doesn't say so is decoded or refused",
        made(lambda stage: gzip.compress(stage.fill(between()).encode())),
        codes=(0, BAD_FEED),
    ),
    net("gzip-good", "Honest gzip is read", _zipped(), codes=(0,), news=True),
    net(
        "gzip-x",
        "x-gzip is gzip",
        made(lambda stage: gzip.compress(stage.fill(between()).encode()), "200 OK", RSS, "Content-Encoding: X-GZip"),
        codes=(0,),
        news=True,
    ),
    net("encoding-unknown", "An unknown encoding is refused", coded("x-foo", HALF)),
    net("encoding-identity", "identity is none", good(RSS, "Content-Encoding: identity"), codes=(0,), news=True),
)


@cache
def _bomb(start: bytes = b"") -> bytes:
    """Return gzip of `start` and 256 MB of spaces."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join((packer.compress(start), *(packer.compress(b" " * (16 << 20)) for _ in range(16)), packer.flush()))


def bomb(name: str, rule: str, serve: Serve, **more: object) -> Fault:
    return Fault("bomb", name, rule, serve, **{"codes": NET, "news": False, "heavy": True, **more})  # type: ignore[arg-type]


def _bombed(encoding: str, times: int, start: bytes = b"") -> Serve:
    def make(_stage: Stage) -> bytes:
        data = _bomb(start)
        for _ in range(times - 1):
            data = gzip.compress(data)
        return data

    return made(make, "200 OK", RSS, f"Content-Encoding: {encoding}")


def _elsewhere(path: str, content_type: str, *more: str) -> Serve:
    """Return a function that serves news and the items `more`, and a gzip bomb on another path."""

    def serve(stage: Stage) -> None:
        items(*more)(stage)
        stage.portal.set_reply(path, answer(_bomb(b"<p>"), "200 OK", content_type, "Content-Encoding: gzip"))

    return serve


_BOMB = (
    bomb("gzip-bomb-rss", "A feed that unpacks to 256 MB is cut at 16 MiB", _bombed("gzip", 1, HALF), stderr="too big"),
    bomb("gzip-bomb-nested", "Stacked encodings are refused", _bombed("gzip, gzip, gzip", 3)),
    bomb(
        "gzip-bomb-stacked-lines",
        "Stacked encodings on two lines are refused",
        made(lambda _: gzip.compress(_bomb()), "200 OK", RSS, "Content-Encoding: gzip", "Content-Encoding: gzip"),
    ),
    bomb(
        "deflate-bomb",
        "deflate, which nobody asked for, is refused",
        made(lambda _: zlib.compress(bytes(64 << 20)), "200 OK", RSS, "Content-Encoding: deflate"),
    ),
    bomb("zstd-bomb", "zstd, which nobody asked for, is refused", coded("zstd", b"(\xb5/\xfd" + bytes(30_000))),
    bomb("br-bomb", "Brotli, which nobody asked for, is refused", coded("br", bytes(1000))),
    bomb(
        "gzip-15mb",
        "A feed that unpacks to 15 MB of one headline is read",
        made(
            lambda stage: gzip.compress(stage.fill(between(post(11, "ক" * 5_000_000))).encode()),
            "200 OK",
            RSS,
            "Content-Encoding: gzip",
        ),
        codes=(0,),
        news=True,
    ),
    bomb(
        "gzip-bomb-json",
        "The same in wp-json leaves the feed's news standing",
        _elsewhere("/wp-json*", JSON),
        codes=(0,),
        news=True,
    ),
    bomb(
        "gzip-bomb-page",
        "The same as an article's page leaves its beginning",
        _elsewhere("/khobor-11/", HTML, post(11, "কঠিন পাতা", "<p>শুরুর কথা […]</p>")),
        news=True,
        shows=("শুরুর কথা",),
        stderr="too big",
        options=("--full",),
    ),
)

FAULTS = (
    *_NET,
    *_BOMB,
)
