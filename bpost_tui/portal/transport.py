"""Below a request: connections that are read in small steps, bodies that are read to a limit, and Retry-After.

h11 says what HTTP/1.1 means, asyncio moves the bytes: httpx, httpcore and anyio, which do the same, take 45 ms more to import, a
quarter of a refresh without news. h11 makes an event of every chunk or interim response in what it is given before anything else
runs: a body in chunks of one byte, or `100 Continue` without end, froze the screen for 0.7 s at a time. So it is given 4 kB at a
time where there is a screen. Elsewhere that would only take longer, above all beside a thread that saves, which is waited for at
each step.
"""

from __future__ import annotations

import asyncio
import os
import re
import ssl
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import NamedTuple, cast

import h11  # 6 ms

from bpost_tui.i18n import Reason
from bpost_tui.model.sanitize import clean_line

MAX_WAIT_S = 24 * 3600.0
"""The longest we agree to wait where the portal asks for it."""
READ_BYTES = 1 << 16
SMALL_READ_BYTES = 4096
_CONNECT_TIMEOUT_S = 8.0
_READ_TIMEOUT_S = 12.0
_MAX_HEAD_BYTES = 100 << 10
_MAX_UNREAD_BYTES = 1 << 16
"""How much of a connection may wait to be read before no more is taken from the system."""
_GZIP = 16 + zlib.MAX_WBITS

# ── connections ─────────────────────────────────────────────────────────────


class ConnectError(Exception):
    """There is no connection to an address; it says why in one line."""


class LineError(Exception):
    """A connection ended, or what came isn't HTTP; it says why in one line."""


class Server(NamedTuple):
    """Whom a connection is to."""

    ip: str
    port: int
    host: str
    """The name that its certificate has to have: one IP address may serve several."""
    tls: ssl.SSLContext | None
    """None: in clear."""


def authorities() -> ssl.SSLContext:
    """Return whose certificates are trusted: those that certifi has, whatever the environment names."""
    import certifi  # 1 ms, and 20 to read them

    tls = ssl.create_default_context(cafile=certifi.where())
    tls.set_alpn_protocols(["http/1.1"])
    return tls


class _Line(asyncio.Protocol):
    """The bytes of a connection, of which as many are taken as there is room for."""

    transport: asyncio.Transport

    def __init__(self) -> None:
        self._unread = bytearray()
        self._is_paused = False
        self._is_over = False
        self._error: Exception | None = None
        self._came = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._unread += data
        self._came.set()
        if len(self._unread) >= _MAX_UNREAD_BYTES and not self._is_paused:
            self._is_paused = True
            self.transport.pause_reading()

    def eof_received(self) -> None:
        self._is_over = True
        self._came.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self._is_over, self._error = True, exc
        self._came.set()

    @property
    def is_quiet(self) -> bool:
        """Whether nothing has come that wasn't read, and the connection is open."""
        return not self._unread and not self._is_over

    async def read(self, most: int) -> bytes:
        """Return the next bytes, having let others have their turn; none at the end. Raises OSError, at last, if it broke."""
        await asyncio.sleep(0)
        await self._came.wait()
        data = bytes(self._unread[:most])
        del self._unread[:most]
        if not data and self._error is not None:
            raise self._error
        if self.is_quiet:
            self._came.clear()
            if self._is_paused:
                self._is_paused = False
                self.transport.resume_reading()
        return data


class _Connection:
    """One connection, on which one request is made at a time."""

    def __init__(self, line: _Line, read_bytes: int) -> None:
        self._line = line
        self._read_bytes = read_bytes
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_MAX_HEAD_BYTES)
        self.close = line.transport.abort

    async def ask(self, target: str, headers: list[tuple[str, str]]) -> h11.Response:
        """Make a GET request, and return the head of its answer."""
        request = h11.Request(method="GET", target=target, headers=headers)
        self._line.transport.write((self._http.send(request) or b"") + (self._http.send(h11.EndOfMessage()) or b""))
        while not isinstance(event := await self.event(), h11.Response):
            pass  # interim answers (RFC 9110, 15.2)
        return event

    async def event(self) -> object:
        """Return what comes next; raises LineError."""
        try:
            while (event := self._http.next_event()) is h11.NEED_DATA:
                async with asyncio.timeout(_READ_TIMEOUT_S):
                    data = await self._line.read(self._read_bytes)
                if not data and self._http.their_state is h11.SEND_RESPONSE:
                    raise LineError("closed without an answer")
                self._http.receive_data(data)
        except (OSError, h11.RemoteProtocolError) as error:
            raise LineError(_described(error)) from error
        return event

    async def is_usable(self) -> bool:
        """Whether another request may be made: the server hasn't closed the connection, and says nothing unasked."""
        await asyncio.sleep(0)  # in which it is heard of
        return self._line.is_quiet

    def is_done(self) -> bool:
        """Whether the answer was read to its end, after which the connection is ready for another request."""
        with suppress(h11.RemoteProtocolError):
            if self._http.their_state is h11.SEND_BODY:
                self._http.next_event()  # the end of a body of no bytes, such as a 304 has
        if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
            return False
        is_clean = self._http.trailing_data == (b"", False)
        self._http.start_next_cycle()
        return is_clean


class Answer:
    """The head of an answer, and its body while its request lasts."""

    def __init__(self, connection: _Connection, head: h11.Response) -> None:
        self._connection = connection
        self.status_code = head.status_code
        self.headers = dict[str, str]()
        """By their names in small letters; several of one name are joined by commas (RFC 9110, 5.3)."""
        self.num_bytes_downloaded = 0
        for name, value in head.headers:
            key, text = name.decode("ascii"), _text(value)
            self.headers[key] = f"{self.headers[key]}, {text}" if key in self.headers else text

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the body as it comes, compressed where it is; raises LineError."""
        while isinstance(event := await self._connection.event(), h11.Data):
            self.num_bytes_downloaded += len(event.data)
            yield event.data


class Connections:
    """Connections that stay open for further requests to the same server; only inside an event loop.

    Nothing in the environment changes them, nothing is followed, decoded or kept of what comes.

    Args:
        read_bytes: How much is read of one before others get their turn.
    """

    def __init__(self, read_bytes: int) -> None:
        self._read_bytes = read_bytes
        self._idle: dict[Server, list[_Connection]] = {}

    @asynccontextmanager
    async def answer(self, server: Server, target: str, headers: list[tuple[str, str]]) -> AsyncIterator[Answer]:
        """Make a GET request of a server; the body of its answer can be read until the block ends.

        Raises:
            ConnectError: There is no connection.
            LineError: No answer comes.
            h11.LocalProtocolError: Nothing can be asked by such a target or such headers.
        """
        connection = await self._connection(server)
        is_done = False
        try:
            head = await connection.ask(target, headers)
            try:
                yield Answer(connection, head)
            finally:
                is_done = connection.is_done()
        finally:
            if is_done:
                self._idle.setdefault(server, []).append(connection)
            else:
                connection.close()

    async def aclose(self) -> None:
        """Close those that are open without a request."""
        idle, self._idle = self._idle, {}
        for connection in (each for several in idle.values() for each in several):
            connection.close()
        await asyncio.sleep(0)  # in which they are closed

    async def _connection(self, server: Server) -> _Connection:
        idle = self._idle.get(server, [])
        while idle:
            connection = idle.pop()
            if await connection.is_usable():
                return connection
            connection.close()
        loop, name = asyncio.get_running_loop(), server.host if server.tls else None
        try:
            async with asyncio.timeout(_CONNECT_TIMEOUT_S):
                _, line = await loop.create_connection(_Line, server.ip, server.port, ssl=server.tls, server_hostname=name)
        except (OSError, ValueError) as error:  # ValueError: a name that no certificate can have
            raise ConnectError(_described(error)) from error
        return _Connection(line, self._read_bytes)


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _described(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "timed out"
    said = str(error)
    if isinstance(error, OSError) and error.errno and not isinstance(error, ssl.SSLError):
        said = os.strerror(error.errno)
    return clean_line(said, 120) or type(error).__name__


# ── bodies ──────────────────────────────────────────────────────────────────


class BodyError(Exception):
    """A body that can't be read whole."""

    def __init__(self, why: Reason) -> None:
        super().__init__(why)
        self.why = why
        """One line."""


async def read_body(answer: Answer, max_bytes: int) -> bytes:
    """Return a body, decompressed, of at most `max_bytes`; plain or gzip, since we ask for nothing else.

    Raises:
        BodyError: It is too big, damaged, or encoded in a way we didn't ask for.
        LineError: The connection fails, or ends too early.
    """
    encodings = [name.strip().lower() for name in answer.headers.get("content-encoding", "").split(",")]
    encodings = [name for name in encodings if name not in ("", "identity")]
    announced = answer.headers.get("content-length", "")
    if re.fullmatch("[0-9]{1,19}", announced) and int(announced) > max_bytes:
        raise BodyError(Reason("the answer is too big ({n} bytes)", n=int(announced)))
    chunks = answer.chunks()
    if encodings in (["gzip"], ["x-gzip"]):
        return await _gunzip(chunks, max_bytes)
    if encodings:
        raise BodyError(Reason("the answer is compressed in a way that wasn't requested"))
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        _check_size(body, max_bytes)
    return bytes(body)


async def _gunzip(chunks: AsyncIterator[bytes], max_bytes: int) -> bytes:
    body, is_empty = bytearray(), True
    stream = zlib.decompressobj(_GZIP)
    try:
        async for chunk in chunks:
            is_empty = is_empty and not chunk
            while chunk and not stream.eof:
                body += stream.decompress(chunk, max_bytes + 1 - len(body))
                chunk = stream.unconsumed_tail
                _check_size(body, max_bytes)
    except zlib.error as error:
        raise BodyError(Reason("the compressed answer is damaged")) from error
    if is_empty:  # servers mark empty bodies, too, as compressed
        return b""
    if not stream.eof or stream.unused_data:
        raise BodyError(Reason("the compressed answer is damaged"))
    return bytes(body)


def _check_size(body: bytearray, max_bytes: int) -> None:
    if len(body) > max_bytes:
        raise BodyError(Reason("the answer is too big (more than {n} MiB)", n=max_bytes >> 20))


# ── being asked to wait ─────────────────────────────────────────────────────


def retry_after_s(header: str, now: datetime) -> float | None:
    """Return how many seconds a Retry-After header asks to wait (RFC 9110 §10.2.3), at most a day; None without one."""
    from email.utils import parsedate_to_datetime  # 2 ms, and few servers ask one to wait

    header = header.strip()
    if re.fullmatch("[0-9]{1,100}", header):
        return min(float(header), MAX_WAIT_S)
    try:
        when = parsedate_to_datetime(header[:100])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    wait_s = (when.replace(tzinfo=when.tzinfo or UTC) - now).total_seconds()
    return min(wait_s, MAX_WAIT_S) if wait_s > 0 else None
