"""Paper on this machine, and the parts that all real servers of feeds in these tests share."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple, Self

import httpx

from tests.scripted_portal import item, rss

USER, PASSWORD, API_PASSWORD = "reader", "secret-of-the-site", "secret-of-the-api"
ANSWERS_S = 120.0
"""Maximum time in seconds until a server answers."""


def missing_programs(**programs: object) -> str:
    """Return the names of the programs without a place on this machine; "" if none is missing."""
    return ", ".join(name for name, place in programs.items() if not place)


class Entry(NamedTuple):
    """Entry on a server."""

    number: int
    is_read: bool
    is_starred: bool


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
        self._as: Mapping[str, Any] = {}
        """Arguments of `subprocess` that choose the user of the server's programs."""
        self.address = f"http://127.0.0.1:{self._port}{path}"
        """Address of the Google Reader API."""
        self.phone = httpx.Client(timeout=ANSWERS_S)

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
        self.phone.close()
        self.stop()
        shutil.rmtree(self._folder)

    def stop(self) -> None:
        """Stop the server."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _run(self, *command: str | Path, folder: Path = Path("/")) -> str:
        """Run a program to its end in `folder`, and return its output."""
        done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False, **self._as)
        assert done.returncode == 0, done.stderr
        return str(done.stdout).strip()

    def _start(self, *command: str | Path, log: str, folder: Path = Path("/"), **more: Any) -> subprocess.Popen[Any]:
        """Start a program in `folder` that goes on. Its output goes to the file `log` of the server's folder."""
        with (self._folder / log).open("ab") as file:
            return subprocess.Popen(command, stdout=file, stderr=file, cwd=folder, **self._as, **more)

    @abstractmethod
    def install(self) -> None:
        """Install the server in its folder, and start it."""

    @abstractmethod
    def subscribe(self, feed: str) -> int:
        """Subscribe to the feed at an address, and return the feed's number."""

    @abstractmethod
    def entries(self) -> dict[str, Entry]:
        """Map the title of each entry to the entry."""

    def read(self) -> set[str]:
        """Return the titles of the entries that are read."""
        return {title for title, entry in self.entries().items() if entry.is_read}

    def stars(self) -> set[str]:
        """Return the titles of the starred entries."""
        return {title for title, entry in self.entries().items() if entry.is_starred}

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
        self.more = ""
        """XML in each item besides title, guid, link and text."""
        paper = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                rows = paper.stories.items()
                body = rss(*(item(title, guid=f"guid {path}", link=f"{paper.site}{path}", more=paper.more) for path, title in rows))
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
