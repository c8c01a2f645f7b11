"""A refresh of twelve categories, with nothing new in them or 400 stories, against newsboat's reload of the same feeds."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import time
import zlib
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path
from xml.sax.saxutils import escape

from bpost_tui.model.blocks import plain_text
from bpost_tui.model.story import Story
from tests.benchmarks import generate_library
from tests.benchmarks.harness import Results, against, percentile, row
from tests.benchmarks.keys import FRAME_MS, WORST_MS
from tests.benchmarks.terminal import ANSWERS, Terminal, environment, reader

GROUP = "Refresh of 12 categories"
FACTOR = 1.5
_EACH, _NEW = 44, 400
"""Stories in a feed, and new ones in all: what was there before is still in each feed, as portals have it."""
_SLUGS = [slug for slug, _ in generate_library.CATEGORIES]
_REPEATS = 5
_LISTED = 400
"""Placeholders that only a list can bring."""
_ROUNDS = (f"{_NEW} stories new", "nothing new: 304 each")


class Portal:
    """A portal that serves each category's feed whole, with or without the newest stories."""

    def __init__(self) -> None:
        stories = list(islice(generate_library.stories(_EACH * len(_SLUGS), 3), _EACH * len(_SLUGS)))
        self._shelves = {slug: stories[at :: len(_SLUGS)] for at, slug in enumerate(_SLUGS)}
        self._bodies: dict[str, bytes] = {}
        portal = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1

            def do_GET(self) -> None:
                body = portal.answer(self.path)
                tag = f'"{zlib.crc32(body):08x}"'
                known = body and self.headers["If-None-Match"] == tag
                self.send_response(304 if known else 200 if body else 404)
                body = b"" if known else body
                self.send_header("Content-Type", "application/rss+xml; charset=UTF-8")
                self.send_header("Content-Length", str(len(body)))
                self.send_header("ETag", tag)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                """Keep no log."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self.show(new=False)

    def __enter__(self) -> Portal:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def show(self, *, new: bool) -> None:
        """Serve the newest stories too, or not yet."""
        held_back = 0 if new else _NEW // len(_SLUGS) + 1
        self._bodies = {
            f"/category/{slug}/feed": _rss(shelf[held_back:], slug, self.address) for slug, shelf in self._shelves.items()
        }
        everything = sorted((story for shelf in self._shelves.values() for story in shelf), key=_published, reverse=True)
        self._bodies["/feed"] = _rss(everything[0 if new else _NEW :], "recent", self.address)

    def answer(self, path: str) -> bytes:
        """Return the body for a path, empty where nothing is."""
        return self._bodies.get(path.partition("?")[0].rstrip("/"), b"")


def measure(results: Results, home: Path) -> None:
    """Fetch everything once, then what is new, then nothing, with both."""
    mine: dict[str, list[float]] = {name: [] for name in _ROUNDS}
    peer: dict[str, list[float]] = {name: [] for name in _ROUNDS}
    for attempt in range(_REPEATS):
        with Portal() as portal:
            data, news = home / f"refreshed-{attempt}", _newsboat(portal, home / f"reloaded-{attempt}")
            bpost = [sys.executable, "-m", "bpost_tui", "refresh", "--portal", portal.address, "--data-dir", str(data)]
            bpost += [part for slug in _SLUGS for part in ("-c", slug)]
            for name in ("", *_ROUNDS):
                portal.show(new=bool(name))
                took = _run(bpost, home)
                again = _run(news, home) if news else None
                if name:
                    mine[name].append(took)
                    peer[name] += [again] if again is not None else []
    _meanwhile(results, home)
    for name in _ROUNDS:
        results.add(row(GROUP, f"bpost refresh, {name}", "ms", mine[name], **against("newsboat -x reload", peer[name], FACTOR)))


def _meanwhile(results: Results, home: Path) -> None:
    """Press a key again and again while the reader takes in what is new."""
    with Portal() as portal:
        command = [*reader(home / "meanwhile", "kitty"), "--portal", portal.address]
        command.remove("--offline")
        with Terminal(command, home, answer=ANSWERS["kitty"]) as terminal:
            terminal.wait(lambda stream: stream.count("\U0010eeee".encode()) > _LISTED)
            terminal.settle(1.0)
            quiet = [terminal.press(key).frame_ms for key in (b"j", b"k") * 15]
            portal.show(new=True)
            terminal.press(b"r", quiet_s=0.01)
            busy = [terminal.press(key, quiet_s=0.02).frame_ms for key in (b"j", b"k") * 40]
            terminal.quit()
    beside: dict[str, object] = {"peer": "with nothing coming in", "peer_value": percentile(quiet, 0.5)}
    results.add(row(GROUP, "key to frame while 400 stories come in", "ms", busy, limit=FRAME_MS, worst_limit=WORST_MS, **beside))


def _run(command: list[str], home: Path) -> float:
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, env=environment(home), check=False)
    if done.returncode:
        raise RuntimeError(f"{command[:4]} ended with {done.returncode}: {done.stderr[-500:]!r}")
    return (time.perf_counter() - began) * 1000


def _newsboat(portal: Portal, home: Path) -> list[str] | None:
    if shutil.which("newsboat") is None:
        return None
    home.mkdir()
    (home / "urls").write_text("".join(f"{portal.address}/category/{slug}/feed/\n" for slug in _SLUGS), encoding="utf-8")
    (home / "config").write_text("reload-threads 4\n", encoding="utf-8")
    return ["newsboat", "-u", str(home / "urls"), "-c", str(home / "cache.db"), "-C", str(home / "config"), "-x", "reload"]


def _published(story: Story) -> datetime:
    assert story.published is not None
    return story.published


def _rss(stories: list[Story], slug: str, home: str) -> bytes:
    items = "".join(_item(story, slug) for story in stories)
    spaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" {spaces}><channel><title>{slug}</title><link>{home}</link>{items}</channel></rss>'.encode()  # noqa: E501


def _item(story: Story, slug: str) -> str:
    assert story.published is not None
    text = "".join(f"<p>{escape(part)}</p>" for part in plain_text(story.blocks).split("\n") if part)
    return (
        f"<item><title>{escape(story.title)}</title><link>{story.link}</link><guid isPermaLink='false'>{escape(story.guid)}</guid>"
        f"<dc:creator>{escape(story.author)}</dc:creator><pubDate>{format_datetime(story.published)}</pubDate>"
        f"<category>{slug}</category><description>{escape(story.excerpt)}</description>"
        f"<content:encoded><![CDATA[{text}]]></content:encoded></item>"
    )
