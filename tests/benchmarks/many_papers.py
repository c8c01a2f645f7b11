"""Many papers: refreshes of 1, 60 and 200 against newsboat, some of them hanging; import of 2,000, and commands with that many."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from bpost_tui.model.blocks import plain_text
from tests.benchmarks import generate_library
from tests.benchmarks.libraries import newsboat
from tests.benchmarks.measures import Results, against, process_ms, row
from tests.benchmarks.served_papers import address, command, environment, served
from tests.benchmarks.stopwatch_terminal import ANSWERS, Terminal

GROUP = "Many papers"
_STORIES = 30
_WORDS = 120
"""Number of words in a story."""
_MOST = 2000
_GOALS = {"first": 2.5, "nothing new": 2.5, "a tenth with one new each": 2.5}
_GOALS_OF_ONE = {"first": 6.0, "nothing new": 6.0}


def measure(results: Results, home: Path) -> None:
    """Measure refreshes, the reader, and commands with many papers."""
    has_newsboat = shutil.which("newsboat") is not None
    if not has_newsboat:
        results.missing["newsboat"] = "not installed"
    for papers, stories in ((1, 400), (60, _STORIES), (200, _STORIES)):
        _refreshes(results, home / f"{papers}", papers, stories, has_newsboat=has_newsboat)
    alone = _refreshed_s(home / "alone", range(12, 60), hang=0)
    among = _refreshed_s(home / "among", range(60), hang=12, until=48)
    name = "48 papers are saved while 12 hang"
    results.add(row(GROUP, name, "ms", [among], **against("the 48 alone", [alone], 1.3)))
    _in_the_reader(results, home / "reader")
    _commands(results, home / "many")


def _refreshes(results: Results, home: Path, papers: int, stories: int, *, has_newsboat: bool) -> None:
    home.mkdir()
    goals = _GOALS_OF_ONE if papers == 1 else _GOALS
    urls = [address(number) for number in range(papers)]
    (home / "urls").write_text("".join(f"{url}\n" for url in urls), encoding="utf-8")
    (home / "config").write_text("auto-reload no\nreload-threads 8\n", encoding="utf-8")
    for what in ("first", "nothing new", "a tenth with one new each"):
        with served(_feeds(range(papers), stories, extra=what.startswith("a tenth"))):
            commands = [command(home, urls, "refresh"), *([[*newsboat(home), "-x", "reload"]] if has_newsboat else [])]
            if what == "nothing new":  # newsboat first sends validators with its third reload
                process_ms(commands, 1, environment(home))
            took, *peer = process_ms(commands, 5 if what == "nothing new" else 1, environment(home))
        name = f"{papers} papers of {stories} stories: {what}" if papers > 1 else f"1 paper of {stories} stories: {what}"
        results.add(row(GROUP, name, "ms", took, **against("newsboat -x reload", peer[0] if peer else None, goals.get(what))))


def _refreshed_s(home: Path, numbers: Sequence[int], *, hang: int, until: int | None = None) -> float:
    """Return the time in ms from the start of a refresh until all papers are saved or, with `until`, until that number of them is.

    `hang` is the number of papers that never answer.
    """
    home.mkdir()
    urls = [address(number) for number in numbers]
    with served(_feeds(numbers, _STORIES), hang=hang):
        began = time.perf_counter()
        with subprocess.Popen(command(home, urls, "refresh"), env=environment(home), stdout=subprocess.DEVNULL) as process:
            if until is None:
                process.wait()
            else:
                while _saved(home) < until * _STORIES and process.poll() is None:
                    time.sleep(0.02)
            took = (time.perf_counter() - began) * 1000
            process.send_signal(signal.SIGINT)
    return took


def _saved(home: Path) -> int:
    try:
        with sqlite3.connect(f"file:{home}/data/library/stories.db?mode=ro", uri=True) as db:
            return int(db.execute("SELECT count(*) FROM stories").fetchone()[0])
    except sqlite3.Error:  # the table doesn't exist yet
        return 0


def _in_the_reader(results: Results, home: Path) -> None:
    """Measure the times from `r` to the first visible sign and to the first new story."""
    home.mkdir()
    urls = [address(number) for number in range(60)]
    first = command(home, urls, "refresh")
    reader = [*first[: first.index("refresh")], *first[first.index("refresh") + 1 :], "--text", "cells"]
    seen: dict[str, float] = {}

    def has_come(stream: bytes) -> bool:
        if b"Fetching" in stream:
            seen.setdefault("sign", time.perf_counter())
        return b"bpost (1,8" in stream  # the window's title counts the story: it is in the list, above the cursor

    with ExitStack() as after:
        with served(_feeds(range(60), _STORIES)):
            process_ms([first], 1, environment(home))
            terminal = after.enter_context(Terminal(reader, home, answer=ANSWERS["cells"]))
            terminal.wait(lambda stream: b"Nothing" in stream)  # result of the reader's first refresh
        terminal.settle(2.0)
        with served(_feeds(range(60), _STORIES, extra=True)):
            terminal.settle()  # output from before the papers are served is no sign of the refresh
            began = time.perf_counter()
            story_ms = terminal.press_until(b"r", has_come)
            terminal.quit()
    results.add(row(GROUP, "60 papers, r: to the first sign of work", "ms", [(seen["sign"] - began) * 1000], limit=60.0))
    results.add(row(GROUP, "60 papers, r: to the first new story", "ms", [story_ms], limit=400.0))


def _commands(results: Results, home: Path) -> None:
    """Measure the import of 2,000 feeds, and commands with that many papers."""
    home.mkdir()
    feeds = "".join(f'<outline text="{number}" xmlUrl="https://p{number}.example/rss.xml"/>' for number in range(_MOST))
    (home / "many.opml").write_text(f'<opml version="2.0"><body>{feeds}</body></opml>', encoding="utf-8")
    config = home / "config.toml"
    config.touch()
    imported = [sys.executable, "-m", "bpost_tui", "portals", "import", str(home / "many.opml"), "--config", str(config)]
    for name in ("import 2,000 feeds", "import them again"):
        results.add(row(GROUP, name, "ms", *process_ms([imported], 1, environment(home)), limit=2000.0))
    counts = (1, 60, 200, _MOST)
    named = [[f"https://p{number}.example/rss.xml" for number in range(papers)] for papers in counts]
    listing = [command(home, urls, "list") for urls in named]
    process_ms(listing, 1, environment(home))  # creates their folders
    one, *several = process_ms(listing, 11, environment(home))
    for papers, factor, took in zip(counts[1:], (1.1, 1.1, 1.5), several, strict=True):
        results.add(row(GROUP, f"bpost list with {papers:,} papers", "ms", took, **against("with one", one, factor)))


# ── the papers ──────────────────────────────────────────────────────────────


def _feeds(numbers: Sequence[int], stories: int, *, extra: bool = False) -> dict[int, bytes]:
    """Return each paper's feed by its number; with `extra`, a tenth of them have another story."""
    return {number: _feed(number, stories, 1 if extra and number % 10 == 0 else 0) for number in numbers}


def _feed(number: int, stories: int, more: int) -> bytes:
    source, items = generate_library.stories(stories + more, number, language=0), []
    for at in range(stories + more):
        story = next(source)
        words = " ".join(plain_text(story.blocks).split()[:_WORDS])
        link = f"{address(number).removesuffix('feed.xml')}{at}"
        when = f"{1 + at % 28:02} Nov 2026 {at % 24:02}:00:00 +0000" if at < stories else format_datetime(datetime.now(UTC))
        items.append(
            f"<item><title>{story.title} {number}-{at}</title><link>{link}</link><guid>{number}-{at}</guid>"
            f"<pubDate>{when}</pubDate><description>{words}</description></item>"
        )
    return f'<rss version="2.0"><channel><title>Paper {number}</title>{"".join(items)}</channel></rss>'.encode()
