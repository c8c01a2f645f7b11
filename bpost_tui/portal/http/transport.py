"""Connections read in small steps, bodies read up to a limit, and Retry-After: the layer below a request.

The obvious way is httpx's own transport. But httpcore (below httpx) reads 64 kB at once, and h11 (the HTTP/1.1 parser) makes an
event of every chunk and every interim response in these 64 kB before any other task runs. A body in chunks of one byte, or
`100 Continue` without end, froze the screen for 0.7 s at a time.

So connections are read 4 kB at a time (`SMALL_READ_BYTES`) in a process with a screen. Elsewhere `READ_BYTES` is used: small steps
would only take longer, above all while a thread stores stories, since each step waits for that thread. httpx has no public
argument for the network layer, so `StepTransport` sets a private attribute, and `pyproject.toml` keeps httpx below version 1.

Bodies are counted while they arrive and while they are decompressed, so that a small gzip can't become a large one in memory. Only
the encoding that was requested is accepted. A large body is kept in a file (`_ReceivedBody`).
"""

# ruff: noqa: ASYNC109 - the time limits are arguments in httpcore's protocol

from __future__ import annotations

import os
import re
import ssl
import sys
import tempfile
import zlib
from collections.abc import AsyncIterator, Iterable
from contextlib import closing, suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from io import BytesIO
from mmap import ACCESS_READ, mmap
from types import ModuleType
from typing import IO, cast

import httpcore
import httpx
from httpcore import AsyncConnectionPool, AsyncNetworkBackend, AsyncNetworkStream

from bpost_tui.i18n import Reason

MAX_WAIT_S = 24 * 3600.0
"""Maximum time in seconds that bpost waits because a portal asks for it (Retry-After)."""
READ_BYTES = 1 << 16
SMALL_READ_BYTES = 4096
_MAX_CONNECTIONS = 4
_GZIP = 16 + zlib.MAX_WBITS
_MAX_PIECE_BYTES = 1 << 18
_MAX_MEMORY_BYTES = 1 << 20
"""Maximum size of a body in bytes that is kept in memory."""
_TEMPORARY_FOLDER = "/var/tmp"  # noqa: S108
"""Folder of the temporary files for large bodies: on the disk, because /tmp is often in memory. SQLite uses the same folder."""

Body = bytes | mmap
"""Body of a response: bytes in memory, or a temporary file mapped into memory, which is deleted with the object."""

# ── connections ─────────────────────────────────────────────────────────────


class StepTransport(httpx.AsyncHTTPTransport):
    """Transport of httpx that reads at most `read_bytes` at a time from a connection. It uses no proxies."""

    def __init__(self, tls: ssl.SSLContext, read_bytes: int) -> None:
        super().__init__(verify=tls)
        # httpcore tries to import sniffio for each lock and event. Without sniffio, Python searches all folders each time: 420
        # times in a refresh of 60 papers, 13 to 40 ms. None in its place ends each attempt at once.
        sys.modules.setdefault("sniffio", cast("ModuleType", None))
        # httpx has no argument for httpcore's backend
        self._pool = AsyncConnectionPool(
            ssl_context=tls, max_connections=_MAX_CONNECTIONS, network_backend=_StepBackend(read_bytes)
        )


class _StepBackend(AsyncNetworkBackend):
    """Network backend of httpcore for asyncio. Its streams read at most `read_bytes` at a time."""

    def __init__(self, read_bytes: int) -> None:
        self._backend = httpcore.AnyIOBackend()
        self._read_bytes = read_bytes

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> AsyncNetworkStream:
        stream = await self._backend.connect_tcp(host, port, timeout, local_address, socket_options)
        return _StepStream(stream, self._read_bytes)

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)


class _StepStream(AsyncNetworkStream):
    def __init__(self, stream: AsyncNetworkStream, read_bytes: int) -> None:
        self._stream = stream
        self._read_bytes = read_bytes

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._stream.read(min(max_bytes, self._read_bytes), timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> AsyncNetworkStream:
        try:
            return _StepStream(await self._stream.start_tls(ssl_context, server_hostname, timeout), self._read_bytes)
        except BaseException:  # httpcore closes it after errors, but not if a deadline ends the handshake
            await self._stream.aclose()
            raise

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


# ── bodies ──────────────────────────────────────────────────────────────────


class BodyError(Exception):
    """Error: the body of a response can't be read completely."""

    def __init__(self, why: Reason, *, is_too_big: bool = False) -> None:
        self.is_too_big = is_too_big
        self.why = why
        """Reason for the failure, in one line."""


async def read_body(response: httpx.Response, max_bytes: int) -> Body:
    """Return the decompressed body of a response, which may have at most `max_bytes`.

    Raises:
        BodyError: The body is too big or damaged, or it is compressed, but not as gzip, the only compression that bpost requests.
        httpx.TransportError: The connection fails, or ends too early.
    """
    encodings = [name.strip().lower() for name in response.headers.get("content-encoding", "").split(",")]
    encodings = [name for name in encodings if name not in ("", "identity")]
    announced = response.headers.get("content-length", "")
    if re.fullmatch("[0-9]{1,19}", announced) and int(announced) > max_bytes:
        raise BodyError(Reason("the answer is too big ({n} bytes)", n=int(announced)), is_too_big=True)
    if encodings and encodings not in (["gzip"], ["x-gzip"]):
        raise BodyError(Reason("the answer is compressed in a way that wasn't requested"))
    with closing(_ReceivedBody(max_bytes)) as body:
        if encodings:
            await _gunzip(response.aiter_raw(), body, max_bytes)
        else:
            async for chunk in response.aiter_raw():
                body.add(chunk)
        return body.value()


async def _gunzip(chunks: AsyncIterator[bytes], body: _ReceivedBody, max_bytes: int) -> None:
    received = 0
    stream = zlib.decompressobj(_GZIP)
    try:
        async for chunk in chunks:
            received += len(chunk)
            _check_size(received, max_bytes)  # gzip with a name or a block that never ends decodes to nothing
            while chunk and not stream.eof:
                body.add(stream.decompress(chunk, _MAX_PIECE_BYTES))
                chunk = stream.unconsumed_tail
    except zlib.error as error:
        raise BodyError(Reason("the compressed answer is damaged")) from error
    # servers mark even empty bodies as compressed
    if received and (not stream.eof or stream.unused_data):
        raise BodyError(Reason("the compressed answer is damaged"))


class _ReceivedBody:
    """Body of a response while it arrives: in memory, and in a temporary file without a name once it is large.

    The obvious way is to hold a body in memory until it is parsed. But large feeds are parsed one after the other, so they wait for
    each other: thirty of 13 MB took 581 MB.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._size_bytes = 0
        self._file: IO[bytes] = BytesIO()

    def add(self, piece: bytes) -> None:
        """Append a piece. Raises BodyError if the body gets too big, or if the disk has no space for it."""
        self._size_bytes += len(piece)
        _check_size(self._size_bytes, self._max_bytes)
        try:
            if isinstance(self._file, BytesIO) and self._size_bytes > _MAX_MEMORY_BYTES:
                memory, self._file = self._file, _temporary_file()
                self._file.write(memory.getbuffer())
            self._file.write(piece)
        except OSError as error:
            raise _no_space(error) from error

    def value(self) -> Body:
        """Return the whole body. Raises BodyError if the disk has no space for it."""
        if isinstance(self._file, BytesIO):
            return self._file.getvalue()
        try:
            self._file.flush()
            return mmap(self._file.fileno(), 0, access=ACCESS_READ)
        except OSError as error:
            raise _no_space(error) from error

    def close(self) -> None:
        """Release the memory or the file; the returned body stays."""
        with suppress(OSError):  # no space for its last bytes
            self._file.close()


def _no_space(error: OSError) -> BodyError:
    return BodyError(Reason("the answer can't be saved ({error})", error=error.strerror))


def _temporary_file() -> IO[bytes]:
    is_usable = os.access(_TEMPORARY_FOLDER, os.W_OK | os.X_OK)
    return tempfile.TemporaryFile(dir=os.environ.get("TMPDIR") or (_TEMPORARY_FOLDER if is_usable else None))


def _check_size(size_bytes: int, max_bytes: int) -> None:
    if size_bytes > max_bytes:
        raise BodyError(Reason("the answer is too big (more than {n} MiB)", n=max_bytes >> 20), is_too_big=True)


# ── Retry-After ─────────────────────────────────────────────────────────────


def retry_after_s(header: str, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks us to wait (RFC 9110 §10.2.3), at most a day.

    Return None if the header names no time, or asks for no wait: 0 seconds, or a date in the past.
    """
    header = header.strip()
    if re.fullmatch("[0-9]{1,100}", header):
        return min(float(header), MAX_WAIT_S) or None
    try:
        when = parsedate_to_datetime(header[:100])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    wait_s = (when.replace(tzinfo=when.tzinfo or UTC) - now).total_seconds()
    return min(wait_s, MAX_WAIT_S) if wait_s > 0 else None
