"""The sample portal as a server on the loopback address, for `bpost demo` and for tests."""

from __future__ import annotations

import socket
import sys
from contextlib import suppress
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from threading import Thread
from types import TracebackType
from typing import Self, cast

from bpost_tui.demo.sample_edition import load_edition
from tests.sample_portal.site import SampleSite

_IDLE_S = 30.0
_Request = socket.socket | tuple[bytes, socket.socket]  # typeshed shares these with UDP servers
_Address = tuple[str, int] | str


class SamplePortal:
    """A context manager that serves the sample edition from a free port of 127.0.0.1.

    Args:
        now: The time, aware, from which the stories' ages are counted back.
        summary: Whether feeds have summaries only.
        rest: Whether `/wp-json` answers; otherwise it refuses with 401, as with security plugins.
        page_size: How many stories are on a page of a feed.
    """

    def __init__(self, now: datetime, *, summary: bool = False, rest: bool = True, page_size: int = 10) -> None:
        edition = load_edition(now)
        self._server = _Server()
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        """The portal's address, without a slash at its end."""
        self._server.site = SampleSite(edition, self.address, now, summary=summary, rest=rest, page_size=page_size)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="sample-portal", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    """A server that ends its connections when it closes, so that none is kept alive any longer."""

    daemon_threads = False  # server_close then waits for them
    request_queue_size = 64  # a busy machine accepts late, and what found no room is sent again only after a second
    site: SampleSite

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self._open: set[_Request] = set()

    def server_bind(self) -> None:
        TCPServer.server_bind(self)  # HTTPServer's own also looks up its name, which can take seconds without a network
        self.server_name, self.server_port = "localhost", self.socket.getsockname()[1]

    def process_request(self, request: _Request, client_address: _Address) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: _Request) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: _Request, client_address: _Address) -> None:
        """Report an error, unless it is only that the client ended the connection."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def server_close(self) -> None:
        for connection in tuple(self._open):
            with suppress(OSError):  # it may have ended by itself
                cast(socket.socket, connection).shutdown(socket.SHUT_RDWR)
        super().server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _IDLE_S
    wbufsize = -1  # header and body are sent together, without a wait of 40 ms for an acknowledgement

    def do_GET(self) -> None:
        answer = cast(_Server, self.server).site.answer(self.path, self.headers)
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    do_HEAD = do_GET

    def log_message(self, *args: object) -> None:
        """Keep no log of requests."""
