"""Trial of a library: workers promise changes, are killed, and the trial checks the promises."""

from __future__ import annotations

import json
import os
import random
import select
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.story import Category, Story
from bpost_tui.paths import folders
from bpost_tui.store.library import Library
from bpost_tui.store.schema.migrations import READER, STORIES
from tests.clean_environment import AS_INSTALLED
from tests.unit.store.older_files import as_of

WORKS = ("mark", "refresh", "prune", "migrate", "merge")
LONGEST_S = {"mark": 0.4, "refresh": 3.2, "prune": 0.8, "migrate": 0.5, "merge": 1.2}
"""Longest time in seconds before a worker is killed: about as long as a round of its work takes."""
STORIES_AT_FIRST = 120
_ROOT = Path(__file__).parents[2]


@dataclass
class Trial:
    """Library and the promises about it: (guid, mark) → whether the mark is set, or None if its change was under way."""

    data: Path
    portal: str
    promised: dict[tuple[str, str], bool | None] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    refused: int = 0
    """Number of workers that the disk stopped."""

    @property
    def folder(self) -> Path:
        return folders(self.data).library

    def begin(self) -> None:
        """Save stories, mark some to be read later, and write a file next to them for imports."""
        now = datetime.now(UTC)
        self.folder.mkdir(parents=True)
        with Library(self.folder) as library:
            library.save([_story(number, now) for number in range(STORIES_AT_FIRST)], now=now)
        head = {"format": "bpost-library", "version": 1, "portal": self.portal}
        arrivals = [_exported(number, now) for number in range(60, 60 + STORIES_AT_FIRST)]
        (self.data / "exported.json").write_text(json.dumps({**head, "stories": arrivals}), encoding="utf-8")

    def refill(self) -> None:
        """Save the pruned stories again."""
        now = datetime.now(UTC)
        with Library(self.folder) as library:
            library.save([_story(number, now) for number in range(STORIES_AT_FIRST)], now=now)

    def age(self) -> None:
        """Bring the files back to an earlier schema version, if that version can hold all promises."""
        as_of(self.folder / STORIES.name, STORIES, 2)
        as_of(self.folder / READER.name, READER, 3)

    @contextmanager
    def working(self, work: str, under: Sequence[str] = ()) -> Iterator[Worker]:
        """Start a worker, with `under` before its command, wait until it begins, and record its promises once it is dead."""
        command = [*under, sys.executable, "-m", "tests.crash.library_worker", work, str(self.data), self.portal]
        env = {"PATH": os.environ["PATH"], "HOME": str(self.data), "LANG": "C.UTF-8", **AS_INSTALLED}
        # Unbuffered: a line read ahead would be a promise that nobody records.
        process = subprocess.Popen(
            command,
            bufsize=0,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=_ROOT,
            env=env,
            start_new_session=True,
        )
        worker = Worker(process)
        try:
            worker.wait_until_ready()
            yield worker
        finally:
            with suppress(ProcessLookupError):  # already ended
                os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
            self._take_down(worker.seen + out)
            if err:
                self.errors.append(err.decode("utf-8", "replace")[-2000:])

    def _take_down(self, printed: bytes) -> None:
        for line in printed.decode().split("\n")[:-1]:  # the last line may be incomplete
            what, *rest = line.split(" ")
            if what == "ERROR":
                self.errors.append(line)
            elif what == "refused":
                self.refused += 1
            elif what in ("about", "done"):
                guid, mark, on = rest
                self.promised[guid, mark] = on == "1" if what == "done" else None

    def broken(self) -> list[str]:
        """Return the broken promises: SQLite's check of both files, the library's own check, and the promised marks."""
        found = list(self.errors)
        self.errors.clear()
        for spec in (STORIES, READER):
            with closing(sqlite3.connect(self.folder / spec.name)) as db:
                found += [f"{spec.name}: {line}" for (line,) in db.execute("PRAGMA quick_check") if line != "ok"]
        with Library(self.folder) as library:
            found += [*library.notices, *library.maintenance.verify()]
        marks = self._marks()
        for (guid, mark), on in self.promised.items():
            if on is None:  # its change was under way: both values are right, and the present value is promised from now on
                self.promised[guid, mark] = marks.get((guid, mark), False)
            elif marks.get((guid, mark), False) is not on:
                found.append(f"lost: {mark} of {guid} should be {on}")
        return found

    def _marks(self) -> Mapping[tuple[str, str], bool]:
        with closing(sqlite3.connect(self.folder / READER.name)) as db:
            rows = db.execute("SELECT guid, read_us IS NOT NULL, starred_us IS NOT NULL FROM marks").fetchall()
        return {(guid, mark): bool(on) for guid, read, starred in rows for mark, on in (("read", read), ("starred", starred))}


class Worker:
    """Process that works on the library."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.seen = b""

    def wait_until_ready(self) -> None:
        assert self.process.stdout
        self.seen = self.process.stdout.readline()
        assert self.seen.startswith((b"ready\n", b"refused")), self.seen

    def listen(self, for_s: float) -> None:
        """Read the worker's output for `for_s` seconds, or until it ends; a full pipe would stop it."""
        assert self.process.stdout
        until = time.monotonic() + for_s
        while (left := until - time.monotonic()) > 0:
            ready, _, _ = select.select([self.process.stdout], [], [], left)
            if ready:
                part = os.read(self.process.stdout.fileno(), 1 << 16)
                if not part:
                    return
                self.seen += part


def kill_at_random(trial: Trial, work: str, dice: random.Random) -> list[str]:
    """Kill a worker at a random instant, and return the broken promises."""
    trial.age() if work == "migrate" else trial.refill()
    with trial.working(work) as worker:
        worker.listen(dice.random() * LONGEST_S[work])
    return [f"{work}: {line}" for line in trial.broken()]


def _story(number: int, now: datetime) -> Story:
    text = tuple(Paragraph((Span(f"মেদিনীপুর শহরের খবর {number}, " * 20),)) for _ in range(4))
    categories = (Category("health", "Health"),) if number % 3 else (Category("education", "Education"),)
    published = now.replace(microsecond=0) - timedelta(days=1, hours=number)
    return Story(
        f"own-{number}", f"Midnapore: খবর {number}", None, "News Desk", published, categories=categories, blocks=text, full=True
    )


def _exported(number: int, now: datetime) -> dict[str, object]:
    story = _story(number, now)
    blocks = [{"kind": "paragraph", "spans": [{"text": "আর এক জায়গার খবর, " * 100}]}]
    marks = {"later": {"on": True, "at": "2020-01-01T00:00:00Z"}} if number % 20 == 0 else {}
    published = story.published.isoformat() if story.published else None
    return {"guid": story.guid, "title": story.title, "published": published, "blocks": blocks, "full": True, "marks": marks}
