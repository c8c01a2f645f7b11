"""Refresh of twelve categories without news or with 400 new stories, against newsboat's reload of the same feeds.

Also a hundred categories, a library of a million stories, and the latency of keys during a refresh.
"""

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
from typing import NamedTuple
from xml.sax.saxutils import escape

from bpost_tui.model.blocks import plain_text
from bpost_tui.model.story import Story
from tests.benchmarks import generate_library
from tests.benchmarks.key_latency import FRAME_MS, WORST_MS
from tests.benchmarks.libraries import copy
from tests.benchmarks.measures import Results, against, row
from tests.benchmarks.stopwatch_terminal import ANSWERS, Terminal, environment, reader

GROUP = "Refresh"
MEANWHILE = "Key to frame while news comes in"
_EACH, _NEW = 44, 400
"""Number of stories in a feed, and number of new stories in all feeds: older stories are still in each feed, as at real portals."""
_CATEGORY_COUNT, _MANY_CATEGORIES = len(generate_library.CATEGORIES), 100
_REPEATS = 5
_LISTED_BYTES = 3000
"""Bytes of output that show that the list is drawn: the bars take fewer."""
_MARKUP_BYTES = 2 << 20
_LIBRARY_MB = 100_000
"""Size limit in MB of a library with a million stories; the default is 4 GB."""
_MARKED_UP = 32
"""Number of stories that share the two megabytes of markup."""


class Round(NamedTuple):
    """State of the portal in a round, and the limit of its time."""

    name: str
    factor: float
    """Limit as a factor of newsboat's time."""


_ROUNDS = (Round(f"{_NEW} stories new", 4.0), Round("nothing new: 304 each", 5.0))


class Portal:
    """Portal that serves each category's feed whole, with or without the newest stories."""

    def __init__(self, category_count: int = _CATEGORY_COUNT) -> None:
        self.slugs = [slug for slug, _ in generate_library.categories(category_count)]
        count = _EACH * category_count
        stories = [_elsewhere(story) for story in islice(generate_library.stories(count, 3), count)]
        self._stories_by_slug = {slug: stories[at::category_count] for at, slug in enumerate(self.slugs)}
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
        """Serve the feeds with the newest stories if `new`, else without."""
        held_back = 0 if new else _NEW // len(self.slugs) + 1
        self._bodies = {
            f"/category/{slug}/feed": _rss([_item(story, slug) for story in stories[held_back:]], slug, self.address)
            for slug, stories in self._stories_by_slug.items()
        }
        everything = sorted(
            (story for stories in self._stories_by_slug.values() for story in stories), key=_published, reverse=True
        )
        self._everything = [_item(story, "recent") for story in everything[0 if new else _NEW :]]
        self._bodies["/feed"] = _rss(self._everything, "recent", self.address)

    def show_markup(self) -> None:
        """Serve some more stories, whose texts have two megabytes of markup in all."""
        story = next(generate_library.stories(1, 5))
        piece = "<div class='x'><p><b>খবর</b> <i>আজ</i> <a href='/a'>এখানে</a></p></div>"
        markup = piece * (_MARKUP_BYTES // _MARKED_UP // len(piece.encode()))
        items = [_item(_elsewhere(story, f"markup-{number}"), "recent", markup) for number in range(_MARKED_UP)]
        self._bodies["/feed"] = _rss([*items, *self._everything], "recent", self.address)

    def answer(self, path: str) -> bytes:
        """Return the body for `path`; empty if the path is unknown."""
        return self._bodies.get(path.partition("?")[0].rstrip("/"), b"")


def measure(results: Results, home: Path, most: int) -> None:
    """Measure refreshes, the last of them into a library of `most` stories, and keys during refreshes."""
    into = copy(most, home)
    refreshes: tuple[tuple[str, int, Path | None], ...] = (
        (f"{_CATEGORY_COUNT} categories", _CATEGORY_COUNT, None),
        (f"{_MANY_CATEGORIES} categories", _MANY_CATEGORIES, None),
        (f"{_CATEGORY_COUNT} categories into {most:,} stories", _CATEGORY_COUNT, into),
    )
    for what, category_count, data in refreshes:
        _refreshes(results, home, what, category_count, data)
    for render_mode in ANSWERS:
        _meanwhile(results, home, render_mode)


def _refreshes(results: Results, home: Path, what: str, category_count: int, data: Path | None) -> None:
    """Fetch everything, then news, then nothing, with both programs; `_REPEATS` times, but only once into the library `data`."""
    mine: dict[Round, list[float]] = {each: [] for each in _ROUNDS}
    peer: dict[Round, list[float]] = {each: [] for each in _ROUNDS}
    for attempt in range(1 if data else _REPEATS):
        with Portal(category_count) as portal:
            news = _newsboat(portal, home / f"reloaded-{category_count}-{attempt}-{data is None}")
            bpost = _refresh(portal, data or home / f"refreshed-{category_count}-{attempt}", home / "refresh.toml")
            for each in (None, *_ROUNDS):
                portal.show(new=each is not None)
                took = _run(bpost, home)
                again = _run(news, home) if news else None
                if each is not None:
                    mine[each].append(took)
                    peer[each] += [again] if again is not None else []
    for each in _ROUNDS:
        beside = against(
            "newsboat -x reload", peer[each], each.factor if category_count == _CATEGORY_COUNT and data is None else None
        )
        results.add(row(GROUP, f"bpost refresh, {what}, {each.name}", "ms", mine[each], **beside))


def _refresh(portal: Portal, data: Path, config: Path) -> list[str]:
    """Return the command that refreshes from `portal` into the data folder; an existing library belongs to the same portal."""
    config.write_text(f"library_mb = {_LIBRARY_MB}\n", encoding="utf-8")
    options = ["--portal", portal.address, "--data-dir", str(data), "--config", str(config)]
    command = [sys.executable, "-m", "bpost_tui", "refresh", *options]
    return [*command, *(part for slug in portal.slugs for part in ("-c", slug))]


def _meanwhile(results: Results, home: Path, render_mode: str) -> None:
    """Press a key several times during a refresh without news, with much news, and with much markup."""
    with Portal() as portal:
        command = [*reader(home / f"meanwhile-{render_mode}", render_mode), "--portal", portal.address]
        command.remove("--offline")
        with Terminal(command, home, answer=ANSWERS[render_mode]) as terminal:
            terminal.wait(lambda stream: len(stream) > _LISTED_BYTES)
            terminal.settle(2.0)
            times = {"nothing": _keys(terminal, 40)}
            portal.show(new=True)
            terminal.press(b"r", quiet_s=0.01)
            times[f"{_NEW} stories"] = _keys(terminal, 40)
            terminal.settle(2.0)
            portal.show_markup()
            terminal.press(b"r", quiet_s=0.01)
            times[f"{_MARKUP_BYTES >> 20} MB of markup"] = _keys(terminal, 40)
            terminal.quit()
    for what, times_ms in times.items():
        name = f"{render_mode}: next headline while {what} come{'' if 'stories' in what else 's'} in"
        results.add(row(MEANWHILE, name, "ms", times_ms, limit=FRAME_MS, worst_limit=WORST_MS))


def _keys(terminal: Terminal, times: int) -> list[float]:
    return [terminal.press(key, quiet_s=0.02).frame_ms for key in (b"j", b"k") * times]


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
    (home / "urls").write_text("".join(f"{portal.address}/category/{slug}/feed/\n" for slug in portal.slugs), encoding="utf-8")
    (home / "config").write_text("reload-threads 4\n", encoding="utf-8")
    return ["newsboat", "-u", str(home / "urls"), "-c", str(home / "cache.db"), "-C", str(home / "config"), "-x", "reload"]


def _elsewhere(story: Story, name: str = "other") -> Story:
    """Return a story with another guid and link, which no generated library has."""
    return story._replace(guid=f"{story.guid}&{name}", link=f"{story.link}?{name}")


def _published(story: Story) -> datetime:
    assert story.published is not None
    return story.published


def _rss(items: list[str], slug: str, home: str) -> bytes:
    spaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" {spaces}><channel><title>{slug}</title><link>{home}</link>{"".join(items)}</channel></rss>'.encode()  # noqa: E501


def _item(story: Story, slug: str, markup: str = "") -> str:
    assert story.published is not None
    text = markup or "".join(f"<p>{escape(part)}</p>" for part in plain_text(story.blocks).split("\n") if part)
    return (
        f"<item><title>{escape(story.title)}</title><link>{story.link}</link><guid isPermaLink='false'>{escape(story.guid)}</guid>"
        f"<dc:creator>{escape(story.author)}</dc:creator><pubDate>{format_datetime(story.published)}</pubDate>"
        f"<category>{slug}</category><description>{escape(story.excerpt)}</description>"
        f"<content:encoded><![CDATA[{text}]]></content:encoded></item>"
    )
