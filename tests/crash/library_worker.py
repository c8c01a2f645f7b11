"""Endless worker on a library, made to be killed: `python -m tests.crash.library_worker WORK DATA PORTAL`.

It prints `ready` when the work begins. Each mark has a line before it and a line after it: `about GUID MARK ON`, `done GUID MARK
ON`. A refusal by the disk ends the work with `refused …`; any other failure with `ERROR …`.
"""

from __future__ import annotations

import random
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing, redirect_stdout
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

from bpost_tui.cli.main import run
from bpost_tui.errors import StoreError
from bpost_tui.model.marks import MarkName
from bpost_tui.model.story import ListFilter, Story
from bpost_tui.paths import folders
from bpost_tui.portal import portal as _portal  # noqa: F401 - this and the next modules are loaded before the work begins
from bpost_tui.refresh.paper_refresh import refresh_paper  # noqa: F401
from bpost_tui.store.library import Library
from bpost_tui.store.search import story_search  # noqa: F401

BUSY = "in use"
_MARKS: tuple[MarkName, ...] = ("read", "starred")


def report(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class Work:
    """Kinds of work on a library."""

    def __init__(self, data: Path, portal: str) -> None:
        self.data = data
        self.portal = portal
        self.folder = folders(data).library
        self.dice = random.Random()

    def mark(self) -> None:
        """Set and remove marks, and search in between."""
        with Library(self.folder) as library:
            report("ready")
            while True:
                rows = library.headlines(ListFilter(), limit=200)
                for row in self.dice.choices(rows, k=20) if rows else ():
                    mark, on = self.dice.choice(_MARKS), self.dice.random() < 0.6
                    report(f"about {row.guid} {mark} {on:d}")
                    if library.set_mark(mark, [row.id], on, now=datetime.now(UTC)):
                        report(f"done {row.guid} {mark} {on:d}")
                library.search.find("মেদিনীপুর", limit=20, now=datetime.now(UTC))

    def refresh(self) -> None:
        """Delete all stories, and fetch them again."""
        self._make_room()
        report("ready")
        while True:
            self._call("refresh", "--pages", "all")
            self._make_room()

    def fetch(self) -> None:
        """Fetch everything, and delete stories older than three days."""
        report("ready")
        while True:
            self._call("refresh", "--pages", "all")
            self._make_room(timedelta(days=-3))

    def prune(self) -> None:
        """Delete all stories, and save them again."""
        report("ready")
        while True:
            with Library(self.folder) as library:
                rows = library.headlines(ListFilter(), limit=500)
                stories = [Story(row.guid, row.title, published=row.published, categories=row.categories) for row in rows]
                library.maintenance.prune(datetime.now(UTC) + timedelta(days=1))
                library.save(stories, now=datetime.now(UTC))

    def migrate(self) -> None:
        """Open a library of an earlier version."""
        report("ready")
        with Library(self.folder) as library:
            library.headlines(ListFilter(), limit=1)

    def merge(self) -> None:
        """Delete all stories, and import a file."""
        self._make_room()
        report("ready")
        while True:
            self._call("import", str(self.data / "exported.json"))
            self._make_room()

    def export(self) -> None:
        """Write the library to a file, over and over."""
        report("ready")
        while True:
            self._call("export", "-o", str(self.data / "mine.json"))

    def _call(self, *arguments: str) -> None:
        messages, kept = StringIO(), sys.stderr
        sys.stderr = messages
        try:
            with redirect_stdout(StringIO()):
                status = run([*arguments, "--data-dir", str(self.data), "--portal", self.portal, "--language", "en"])
        finally:
            sys.stderr = kept
        if status == 5 and BUSY not in messages.getvalue():
            raise StoreError(messages.getvalue())
        if status not in (0, 1):
            report(f"ERROR {arguments[0]} ended with {status}: {messages.getvalue()!r}")

    def _make_room(self, until: timedelta = timedelta(days=1)) -> None:
        with Library(self.folder) as library:
            library.maintenance.prune(datetime.now(UTC) + until)
        with closing(sqlite3.connect(self.folder / "stories.db", timeout=30)) as db, db:
            db.execute("DELETE FROM validators")  # makes all stories new again
            db.execute("DELETE FROM backfills")


def main(work: str, data: str, portal: str) -> int:
    jobs = Work(Path(data), portal)
    job: Callable[[], None] = getattr(jobs, work)
    try:
        job()
    except (StoreError, OSError, sqlite3.OperationalError) as error:
        report(f"{'ERROR' if BUSY in str(error) or 'locked' in str(error) else 'refused'} {work}: {error}".replace("\n", " "))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
