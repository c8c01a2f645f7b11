"""Libraries of generated stories, kept between runs, and newsboat's cache of the same stories."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

from bpost_tui.model.blocks import plain_text
from bpost_tui.model.story import ListFilter
from bpost_tui.store.library import Library
from bpost_tui.store.schema.migrations import INDEX_VERSION
from tests.benchmarks import generate_library
from tests.benchmarks.measures import OUT

PORTAL, LIBRARY = "thebengalpost.net", "library"
FEED = "http://127.0.0.1:9/feed/"
"""Address without a server: the measures must not need the network."""
NEWSBOAT_STORIES_MOST = 100_000
"""Largest library that newsboat is measured with: it holds every text in memory, 600 MB at this size."""
_SEED = 1


def data_folder(count: int, category_count: int = len(generate_library.CATEGORIES)) -> Path:
    """Return the data folder of a library with `count` stories and `category_count` categories.

    Generates it (1 to 3 ms a story) unless an earlier run did. A library older than the newest steps of the schema is migrated
    now, as a reader's library is.
    """
    made = f"{Path(generate_library.__file__).read_text(encoding='utf-8')}{INDEX_VERSION}"
    folder = OUT / "libraries" / f"{count}-{category_count}-{hashlib.sha256(made.encode()).hexdigest()[:8]}"
    if folder.exists() and not _holds(folder / LIBRARY, count):
        shutil.rmtree(folder)
    if not folder.exists():
        print(f"making a library of {count} stories …", flush=True)
        begun = folder.with_suffix(f".{os.getpid()}")
        begun.mkdir(parents=True)
        generate_library.generate(begun / LIBRARY, count, _SEED, generate_library.categories(category_count))
        begun.rename(folder)
    return folder


def _holds(folder: Path, count: int) -> bool:
    """Return whether a library still holds `count` stories, by today's schema and rules."""
    with Library(folder) as library:
        return library.count(ListFilter()) == count


def copy(count: int, into: Path, category_count: int = len(generate_library.CATEGORIES)) -> Path:
    """Return a writable copy, in the folder `into`, of the data folder of a library with `count` stories."""
    return Path(shutil.copytree(data_folder(count, category_count), into / f"data-{count}-{category_count}", dirs_exist_ok=True))


def without_newsboat(count: int) -> str | None:
    """Return the reason why newsboat isn't measured with `count` stories, or None if it is."""
    if shutil.which("newsboat") is None:
        return "not installed"
    return f"only up to {NEWSBOAT_STORIES_MOST:,} stories" if count > NEWSBOAT_STORIES_MOST else None


def newsboat_home(count: int, into: Path) -> Path | None:
    """Return a folder with newsboat's `urls` and a `cache.db` of the same stories in a feed, or None if newsboat isn't measured."""
    if without_newsboat(count):
        return None
    made = hashlib.sha256(Path(generate_library.__file__).read_bytes()).hexdigest()[:8]
    folder = OUT / "libraries" / f"newsboat-{count}-{made}"
    if not folder.exists():
        begun = folder.with_suffix(f".{os.getpid()}")
        _make_newsboat(begun, count)
        begun.rename(folder)
    return Path(shutil.copytree(folder, into / f"newsboat-{count}", dirs_exist_ok=True))


def _make_newsboat(home: Path, count: int) -> None:
    home.mkdir(parents=True)
    (home / "urls").write_text(f"{FEED}\n", encoding="utf-8")
    (home / "config").write_text("auto-reload no\n", encoding="utf-8")
    subprocess.run([*newsboat(home), "-x", "print-unread"], check=True, capture_output=True)  # creates the tables
    with closing(sqlite3.connect(home / "cache.db")) as db, db:
        db.execute("INSERT INTO rss_feed (rssurl, url, title) VALUES (?, ?, ?)", (FEED, FEED, PORTAL))
        db.executemany(
            "INSERT INTO rss_item (guid, title, author, url, feedurl, pubDate, content, unread) VALUES (?, ?, ?, ?, ?, ?, ?, 1)",
            _items(count),
        )


def newsboat(home: Path) -> list[str]:
    """Return the command that runs newsboat on such a folder."""
    return ["newsboat", "-u", str(home / "urls"), "-c", str(home / "cache.db"), "-C", str(home / "config")]


def _items(count: int) -> Iterator[tuple[object, ...]]:
    for story in islice(generate_library.stories(count, _SEED), count):
        assert story.published is not None
        when = int(story.published.timestamp())
        yield story.guid, story.title, story.author, story.link, FEED, when, f"<p>{plain_text(story.blocks)}</p>"
