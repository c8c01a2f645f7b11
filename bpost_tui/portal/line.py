"""Lines to hosts, read in small pieces, so that whoever sends thousands of tiny ones keeps nothing else from its turn.

httpcore asks for 64 kB at once, and h11 makes an event of every chunk or interim answer in them before anything else runs: a body
in chunks of one byte, or `100 Continue` without end, froze the screen for 0.7 s at a time.
"""

# ruff: noqa: ASYNC109 - the time limits are arguments in httpcore's protocol

from __future__ import annotations

import ssl
from collections.abc import Iterable

import httpcore
import httpx
from httpcore import AsyncConnectionPool, AsyncNetworkBackend, AsyncNetworkStream

_PIECE_BYTES = 4096
_MAX_CONNECTIONS = 4


class LineTransport(httpx.AsyncHTTPTransport):
    """httpx's transport over such lines; the environment has no say in it."""

    def __init__(self, tls: ssl.SSLContext) -> None:
        super().__init__(verify=tls, trust_env=False)
        # httpx has no argument for httpcore's backend
        self._pool = AsyncConnectionPool(ssl_context=tls, max_connections=_MAX_CONNECTIONS, network_backend=_Backend())


class _Backend(AsyncNetworkBackend):
    """httpcore's own for asyncio, its streams read in pieces."""

    def __init__(self) -> None:
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> AsyncNetworkStream:
        return _Line(await self._backend.connect_tcp(host, port, timeout, local_address, socket_options))

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)


class _Line(AsyncNetworkStream):
    def __init__(self, stream: AsyncNetworkStream) -> None:
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._stream.read(min(max_bytes, _PIECE_BYTES), timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> AsyncNetworkStream:
        return _Line(await self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)
