"""Portal that sends any bytes: a loopback server on bare sockets, scripted request by request.

    with FaultPortal() as portal:
        portal.set_reply("/feed", answer(feed()))                      # the same bytes each time
        portal.set_reply("/feed", lambda request: answer(...))         # made for a request
        portal.set_reply("/feed", drip)                                # a script over the connection

Paths without a reply get 404. Every connection serves one request and is closed.
"""

from __future__ import annotations

import inspect
import socket
import ssl
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Self, cast

from tests.tls_certificate import wrapped

RSS = "application/rss+xml; charset=UTF-8"
JSON = "application/json; charset=UTF-8"
HTML = "text/html; charset=UTF-8"


@dataclass(frozen=True)
class Request:
    """Request that the portal received."""

    path: str
    """Path with its query."""
    head: bytes
    number: int
    """Number of earlier requests for this path."""
    tls: bool = False

    def header(self, name: str) -> str:
        lines = (line.partition(b":") for line in self.head.split(b"\r\n")[1:])
        return next(
            (value.strip().decode("latin-1") for key, _, value in lines if key.decode("latin-1").lower() == name.lower()), ""
        )


@dataclass
class Line:
    """Connection that a script controls."""

    socket: socket.socket
    closing: Event
    """Event that is set when the fault ends: a script waits for it instead of sleeping."""

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def reset(self) -> None:
        """Close the connection with RST instead of FIN."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def hang(self) -> None:
        self.closing.wait()

    def drip(self, data: bytes, pause_s: float) -> None:
        """Send `data` byte by byte, with a pause after each."""
        for at in range(len(data)):
            self.socket.sendall(data[at : at + 1])
            if self.closing.wait(pause_s):
                return

    def endless(self, chunk: bytes) -> None:
        while not self.closing.is_set():
            self.socket.sendall(chunk)


Script = Callable[[Line], None]
Reply = bytes | Callable[[Request], bytes] | Script
"""Reply of a portal: bytes, or a function with the parameter `request` or `line`."""


def head(status: str = "200 OK", content_type: str = RSS, *lines: str) -> bytes:
    """Return a status line and headers, up to the blank line; `lines` are further lines of the header."""
    return "\r\n".join((f"HTTP/1.1 {status}", f"Content-Type: {content_type}", "Connection: close", *lines, "", "")).encode()


def answer(body: bytes | str, status: str = "200 OK", content_type: str = RSS, *lines: str) -> bytes:
    """Return a complete response with a correct Content-Length; `lines` are further lines of the header."""
    body = body.encode() if isinstance(body, str) else body
    return head(status, content_type, f"Content-Length: {len(body)}", *lines) + body


@dataclass
class FaultPortal:
    """Loopback server with scripted replies; the module shows how to use it."""

    host: str = "127.0.0.1"
    tls: bool = False
    """Whether the portal uses https; its port also speaks http."""
    requests: list[Request] = field(default_factory=list)
    closing: Event = field(default_factory=Event)
    connections: int = 0

    def __post_init__(self) -> None:
        self._replies: dict[str, Reply] = {}
        self._unrequested: set[str] = set()
        self._lines: set[socket.socket] = set()
        self._threads: list[Thread] = []
        self._listener = socket.create_server((self.host, 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        self.address = f"{'https' if self.tls else 'http'}://{self.host}:{self.port}"
        self._accepting = Thread(target=self._accept, daemon=True)

    def set_reply(self, path: str, reply: Reply) -> None:
        """Set the reply for `path`; a path that ends with `*` covers all paths with that beginning."""
        self._replies[path] = reply
        self._unrequested.add(path)

    @property
    def unrequested(self) -> frozenset[str]:
        """Paths whose reply was set since `forget`, but never requested."""
        return frozenset(self._unrequested)

    def forget(self) -> None:
        """End all open connections, and forget replies and requests."""
        self.closing.set()
        for line in tuple(self._lines):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)
        self._threads.clear()
        self._replies.clear()
        self._unrequested.clear()
        self.requests.clear()
        self.connections = 0
        self.closing.clear()

    def count(self, path: str) -> int:
        return sum(request.path == path for request in self.requests)

    def __enter__(self) -> Self:
        self._accepting.start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join(10)
        self.forget()

    def _accept(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            line.settimeout(60)
            self._lines.add(line)
            thread = Thread(target=self._serve, args=(line,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, line: socket.socket) -> None:
        if self.tls:
            with suppress(OSError):
                self._lines.discard(line)
                line = wrapped(line)
                self._lines.add(line)
        with suppress(OSError):
            received = b""
            while b"\r\n\r\n" not in received:
                data = line.recv(65536)
                if not data:
                    break
                received += data
            if received:
                self._reply(line, received)
        self._lines.discard(line)
        line.close()

    def _reply(self, line: socket.socket, received: bytes) -> None:
        path = received.split(b" ", 2)[1].decode("latin-1")
        request = Request(path, received, self.count(path), isinstance(line, ssl.SSLSocket))
        self.requests.append(request)
        begins = (key for key in self._replies if key.endswith("*") and path.startswith(key[:-1]))
        key = path if path in self._replies else next(begins, "")
        self._unrequested.discard(key)
        reply = self._replies.get(key, answer("<h1>Not found</h1>", "404 Not Found", HTML))
        if not isinstance(reply, bytes):
            if "line" in inspect.signature(reply).parameters:
                cast(Script, reply)(Line(line, self.closing))
                return
            reply = cast(Callable[[Request], bytes], reply)(request)
        line.sendall(reply)
        with suppress(OSError):
            line.shutdown(socket.SHUT_WR)
