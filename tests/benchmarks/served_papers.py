"""Papers served from addresses of this machine, and commands of a bpost that reads them."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

_PORT = 18_080
_HANG_S = 120.0


def address(number: int) -> str:
    """Return the address of the feed of the paper with that number."""
    return f"http://127.0.{1 + number // 250}.{1 + number % 250}:{_PORT}/feed.xml"


def command(home: Path, urls: Sequence[str], verb: str) -> list[str]:
    """Return the command `bpost VERB` with the papers at `urls` and a library in `home`."""
    config = home / f"{len(urls)}.toml"
    config.write_text("portals = [" + ", ".join(f'{{address = "{url}", kind = "feed"}}' for url in urls) + "]\n", encoding="utf-8")
    return [sys.executable, "-m", "bpost_tui", verb, "--config", str(config), "--data-dir", str(home / "data")]


def environment(home: Path) -> dict[str, str]:
    """Return the environment of such a command."""
    return {**os.environ, "HOME": str(home), "LANG": "C.UTF-8"}


@contextmanager
def served(feeds: Mapping[int, bytes], *, hang: int = 0) -> Iterator[None]:
    """Serve the feed of each paper by its number, in a separate process; papers with a number below `hang` never answer."""
    ready, served = os.pipe()
    if (child := os.fork()) == 0:
        try:
            for number, feed in feeds.items():
                _serve(number, feed, hangs=number < hang)
            os.write(served, b".")
            signal.pause()
        finally:
            os._exit(0)
    os.read(ready, 1)
    try:
        yield
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(ready)
        os.close(served)


def _serve(number: int, feed: bytes, *, hangs: bool) -> None:
    tag = f'"{number}-{len(feed)}"'

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if hangs:
                time.sleep(_HANG_S)
            is_known = self.headers.get("If-None-Match") == tag
            self.send_response(304 if is_known else 200)
            self.send_header("ETag", tag)
            self.send_header("Content-Type", "application/rss+xml")
            self.send_header("Content-Length", "0" if is_known else str(len(feed)))
            self.end_headers()
            if not is_known:
                self.wfile.write(feed)

        def log_message(self, *_: object) -> None:
            """Keep no log."""

    host = address(number).split("/")[2].partition(":")[0]
    server = ThreadingHTTPServer((host, _PORT), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, kwargs={"poll_interval": 5}, daemon=True).start()
