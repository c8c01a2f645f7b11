"""Paper on this machine, and the parts that all real servers of feeds in these tests share."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import httpx

from tests.scripted_portal import item, rss

USER, PASSWORD, API_PASSWORD = "reader", "secret-of-the-site", "secret-of-the-api"
ANSWERS_S = 120.0
"""Maximum time in seconds until a server answers."""


class FeedServer(ABC):
    """Real server of feeds on this machine, in a temporary folder. It has one user, who also reads on a phone.

    Args:
        name: Name of the folder.
        path: Path of the Google Reader API.
    """

    def __init__(self, name: str, path: str = "") -> None:
        # not pytest's folder, which other users can't read; a socket's path must be short (unix(7))
        self._folder = Path(tempfile.mkdtemp(prefix=f"bpost-{name}-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
        self._port = free_port()
        self._process: subprocess.Popen[Any] | None = None
        self.address = f"http://127.0.0.1:{self._port}{path}"
        """Address of the Google Reader API."""

    def __enter__(self) -> Self:
        try:
            self.install()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop the server, and delete its folder."""
        self.stop()
        shutil.rmtree(self._folder)

    def stop(self) -> None:
        """Stop the server."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    @abstractmethod
    def install(self) -> None:
        """Install the server in its folder, and start it."""

    @abstractmethod
    def subscribe(self, feed: str) -> int:
        """Subscribe to the feed at an address, and return the feed's number."""

    @abstractmethod
    def read(self) -> set[str]:
        """Return the titles of the entries that are read."""

    @abstractmethod
    def stars(self) -> set[str]:
        """Return the titles of the starred entries."""

    @abstractmethod
    def later(self) -> set[str]:
        """Return the titles of the entries to read later."""

    @abstractmethod
    def mark(self, titles: Sequence[str], status: str) -> None:
        """Mark entries `read` or `unread` on the phone."""

    @abstractmethod
    def star(self, title: str) -> None:
        """Toggle the star of an entry on the phone."""

    @abstractmethod
    def label(self, title: str) -> None:
        """Toggle on the phone whether an entry is to be read later."""


class Paper:
    """Site with a feed whose stories may change."""

    def __init__(self) -> None:
        self.stories: dict[str, str] = {}
        """Path → title, in the order of the feed."""
        paper = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = rss(*(item(title, guid=f"guid {path}", link=f"{paper.site}{path}") for path, title in paper.stories.items()))
                self.send_response(200)
                self.send_header("Content-Type", "application/rss+xml")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.site = f"http://127.0.0.1:{self._server.server_port}"
        self.feed = f"{self.site}/feed"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_until(is_so: Callable[[], bool], folder: Path) -> None:
    """Wait until `is_so` is true. `folder` has the server's logs."""
    until = time.monotonic() + ANSWERS_S
    while time.monotonic() < until:
        with suppress(httpx.HTTPError, AssertionError):
            if is_so():
                return
        time.sleep(0.02)
    raise AssertionError(f"the server doesn't answer: {folder}")
