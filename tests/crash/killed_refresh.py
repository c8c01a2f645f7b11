"""Trial that kills refresh processes under an open reader: a single line reports it, no mark is lost, the next refresh works."""

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
"""Number of stories that the portal publishes before each refresh."""
_LONGER = 1.1
"""Longest life of a refresh process before the kill, in durations of a refresh: some end before it."""
_STANDS_S = 0.3
"""Time in seconds that a message stays on the screen during the trial."""
_BRIEFLY = f"""
from datetime import timedelta
from bpost_tui.tui.shared import status_messages
status_messages.MESSAGE_TIME = timedelta(seconds={_STANDS_S})
"""
_TOLD_S = 60.0
"""Longest wait in seconds for the message or a mark."""


class KilledRefreshes:
    """Open reader whose refreshes are killed; `kills` counts the refreshes that were killed before their end.

    Args:
        portal: Portal that it reads.
        home: Home folder, empty at first.
        dice: Source of the random instants.
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
        """Open the reader, wait for its first stories, and measure a refresh; at the end, check that it exits in good order."""
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
        """Kill `times` refreshes, each before its end, and yield the broken promises."""
        while self.kills < times:
            yield from self.kill_one()

    def kill_one(self) -> list[str]:
        """Kill a refresh at a random instant, if it lives that long, then refresh again; return the broken promises."""
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
        wrong = list(self._wrongly_reported(refreshed) if was_killed else ())
        self._mark()  # the reader is present, so messages expire
        self._wait_until_reported()
        if was_killed and _FETCHING in self._terminal.text:
            wrong.append("stories are still said to be fetched")
        self._refresh()
        self._wait_for_rest()
        if missing := self._newest() - self._guids():
            wrong.append(f"the next refresh left {len(missing)} stories out")
        return [*wrong, *self._broken()]

    def _wrongly_reported(self, refreshed: datetime | None) -> Iterator[str]:
        """Yield the faults of the message after a kill: exactly one line, or none if the refresh had reached its end."""
        until = time.monotonic() + _TOLD_S
        while _STOPPED not in self._terminal.text and self._last_refresh() == refreshed and time.monotonic() < until:
            self._terminal.pump(0.05)
        stops = self._terminal.text.count(_STOPPED)
        if stops > 1 or (not stops and self._last_refresh() == refreshed):
            yield f"{stops} lines say that the refresh was stopped"

    def _refresh(self) -> int:
        """Let the portal publish stories, press the key for a refresh, and return the process that fetches them."""
        self._portal.publish(_NEW)
        self._terminal.type("r")
        self._terminal.wait_until(self._workers, "no process fetches")
        return self._workers()[0]

    def _mark(self) -> None:
        """Star the story under the cursor, or remove its star."""
        self._terminal.type("s")
        self.marks += 1

    def _wait_for_rest(self) -> None:
        self._terminal.wait_until(self._is_at_rest, "the refresh never ended")

    def _wait_until_reported(self) -> None:
        """Wait until no message of a kill is left, also below the message of a key; a late message needs another key."""
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
        """Return the running refresh processes."""
        started = {child: Path(f"/proc/{child}/cmdline") for child in self._terminal.children()}
        found = []
        for child, command in started.items():
            with suppress(OSError):  # ended just now
                found += [child] if _PROGRAM in command.read_bytes() else []
        return found

    # ── the library ─────────────────────────────────────────────────────────

    def _newest(self) -> set[str]:
        return {guid(post) for _, post in sorted(self._portal.posts.items())[-PAGE:]}

    def _guids(self) -> set[str]:
        """Return the guids of the saved stories; none before the library exists."""
        try:
            with closing(sqlite3.connect(f"file:{self._folder / STORIES.name}?mode=ro", uri=True)) as db:
                return {guid for (guid,) in db.execute("SELECT guid FROM stories")}
        except sqlite3.Error:
            return set()

    def _last_refresh(self) -> datetime | None:
        with Library(self._folder, read_only=True) as library:
            return library.fetch_log.last_refresh()

    def _broken(self) -> list[str]:
        """Return the broken promises about the files, the index and the mark."""
        found = []
        for spec in (STORIES, READER):
            with closing(sqlite3.connect(self._folder / spec.name)) as db:
                found += [f"{spec.name}: {line}" for (line,) in db.execute("PRAGMA quick_check") if line != "ok"]
        with Library(self._folder) as library:
            found += [*library.notices, *library.maintenance.verify()]
        until = time.monotonic() + _TOLD_S
        while self._stars() != self.marks % 2 and time.monotonic() < until:  # the reader may not have read the key yet
            self._terminal.pump(0.05)
        return found if self._stars() == self.marks % 2 else [*found, f"lost: the star that was set or taken by key {self.marks}"]

    def _stars(self) -> int:
        with closing(sqlite3.connect(self._folder / READER.name)) as db:
            return int(db.execute("SELECT count(*) FROM marks WHERE starred_us IS NOT NULL").fetchone()[0])
