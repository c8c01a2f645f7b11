"""The refresh process, killed at random instants under an open reader: one line says so, no mark is lost, the next one works."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from bpost_tui.paths import folders
from bpost_tui.store.library import Library
from bpost_tui.store.schema.migrations import READER, STORIES
from tests.changing_portal import PAGE, ChangingPortal
from tests.pty.pty_terminal import Terminal
from tests.sample_portal.rss import guid

_FETCHING, _STOPPED = "Fetching new stories", "Fetching stopped unexpectedly"
_PROGRAM = b"refresh_worker"
_NEW = 3
"""Stories that the portal publishes before each refresh."""
_LONGER = 1.1
"""How much longer than a refresh takes one may live before it is killed: some come to their end."""
_STANDS_S = 0.3
"""How long a sentence is to be seen here."""
_BRIEFLY = f"""
from datetime import timedelta
from bpost_tui.tui.shared import status_messages
status_messages.MESSAGE_TIME = timedelta(seconds={_STANDS_S})
"""
_TOLD_S = 60.0
"""How long the line, or a mark, may take to come."""


class KilledRefreshes:
    """An open reader whose refreshes are killed; `kills` counts those that were, before their end.

    Args:
        portal: What it reads.
        home: Its home folder, where nothing is yet.
        dice: Chooses the instants.
    """

    def __init__(self, portal: ChangingPortal, home: Path, dice: random.Random) -> None:
        self._portal = portal
        self._dice = dice
        self._folder = folders(home / "data").library
        options = ("--data-dir", str(home / "data"), "--language", "en", "--text", "cells")
        self._terminal = Terminal(["--portal", portal.address, *options], home, patch=_BRIEFLY)
        self.kills = 0
        self.marks = 0
        self._takes_s = 0.0

    @contextmanager
    def open(self) -> Iterator[None]:
        """Open the reader, wait for its first stories, and see how long a refresh takes; in the end it must leave in good order."""
        with self._terminal:
            self._terminal.wait_until(lambda: len(self._guids()) >= PAGE and self._is_at_rest(), "no first stories")
            began = time.monotonic()
            self._refresh()
            self._wait_for_rest()
            self._takes_s = time.monotonic() - began
            yield
            self._terminal.type("Q")
            if status := self._terminal.end():
                raise AssertionError(f"the reader ended with {status}")

    def kill(self, times: int) -> Iterator[str]:
        """Kill so many refreshes, each before its end, and yield what is wrong."""
        while self.kills < times:
            yield from self.kill_one()

    def kill_one(self) -> list[str]:
        """Kill a refresh at some instant, if it lives so long, and make another; return what is wrong then."""
        refreshed = self._last_refresh()
        worker = self._refresh()
        until = time.monotonic() + self._dice.random() * self._takes_s * _LONGER
        mark_at = until - self._dice.random() * self._takes_s
        before = self.marks
        while (now := time.monotonic()) < until:
            if now >= mark_at and self.marks == before:
                self._mark()
            self._terminal.pump(min(0.005, until - now))
        was_killed = worker in self._workers()
        if was_killed:
            os.kill(worker, signal.SIGKILL)
            self.kills += 1
        wrong = list(self._wrongly_told(refreshed) if was_killed else ())
        self._mark()  # the reader is there, so what stands goes by and by
        self._wait_until_told()
        if was_killed and _FETCHING in self._terminal.text:
            wrong.append("stories are still said to be fetched")
        self._refresh()
        self._wait_for_rest()
        if missing := self._newest() - self._guids():
            wrong.append(f"the next refresh left {len(missing)} stories out")
        return [*wrong, *self._broken()]

    def _wrongly_told(self, refreshed: datetime | None) -> Iterator[str]:
        """Yield what is wrong with what a kill is told by: one line, or none where the refresh had come to its end."""
        until = time.monotonic() + _TOLD_S
        while _STOPPED not in self._terminal.text and self._last_refresh() == refreshed and time.monotonic() < until:
            self._terminal.pump(0.05)
        told = self._terminal.text.count(_STOPPED)
        if told > 1 or (not told and self._last_refresh() == refreshed):
            yield f"{told} lines say that the refresh was stopped"

    def _refresh(self) -> int:
        """Have the portal publish something, ask for it with the key, and return the process that fetches it."""
        self._portal.publish(_NEW)
        self._terminal.type("r")
        self._terminal.wait_until(self._workers, "no process fetches")
        return self._workers()[0]

    def _mark(self) -> None:
        """Star the story under the cursor, or take its star away."""
        self._terminal.type("s")
        self.marks += 1

    def _wait_for_rest(self) -> None:
        self._terminal.wait_until(self._is_at_rest, "the refresh never ended")

    def _wait_until_told(self) -> None:
        """Wait until nothing is said of a kill any more, also below what is said of a key; a line that came late needs another."""
        until = time.monotonic() + _TOLD_S
        quiet_since = pressed = time.monotonic()
        while (now := time.monotonic()) - quiet_since < 4 * _STANDS_S and now < until:
            self._terminal.pump(0.05)
            if _STOPPED in self._terminal.text:
                quiet_since = now
                if now - pressed > 4 * _STANDS_S:
                    self._mark()
                    pressed = now

    def _is_at_rest(self) -> bool:
        return not self._workers() and _FETCHING not in self._terminal.text

    def _workers(self) -> list[int]:
        """Return the refresh processes that live."""
        started = {child: Path(f"/proc/{child}/cmdline") for child in self._terminal.children()}
        found = []
        for child, command in started.items():
            with suppress(OSError):  # it has ended meanwhile
                found += [child] if _PROGRAM in command.read_bytes() else []
        return found

    # ── the library ─────────────────────────────────────────────────────────

    def _newest(self) -> set[str]:
        return {guid(post) for _, post in sorted(self._portal.posts.items())[-PAGE:]}

    def _guids(self) -> set[str]:
        """Return the stories that are saved; none before there is a library."""
        try:
            with closing(sqlite3.connect(f"file:{self._folder / STORIES.name}?mode=ro", uri=True)) as db:
                return {guid for (guid,) in db.execute("SELECT guid FROM stories")}
        except sqlite3.Error:
            return set()

    def _last_refresh(self) -> datetime | None:
        with Library(self._folder, read_only=True) as library:
            return library.fetch_log.last_refresh()

    def _broken(self) -> list[str]:
        """Return what doesn't hold of the files, the index and the one mark."""
        found = []
        for spec in (STORIES, READER):
            with closing(sqlite3.connect(self._folder / spec.name)) as db:
                found += [f"{spec.name}: {line}" for (line,) in db.execute("PRAGMA quick_check") if line != "ok"]
        with Library(self._folder) as library:
            found += [*library.notices, *library.maintenance.verify()]
        until = time.monotonic() + _TOLD_S
        while self._stars() != self.marks % 2 and time.monotonic() < until:  # the key may not have been read yet
            self._terminal.pump(0.05)
        return found if self._stars() == self.marks % 2 else [*found, f"lost: the star that was set or taken by key {self.marks}"]

    def _stars(self) -> int:
        with closing(sqlite3.connect(self._folder / READER.name)) as db:
            return int(db.execute("SELECT count(*) FROM marks WHERE starred_us IS NOT NULL").fetchone()[0])
