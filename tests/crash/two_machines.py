"""Trial of two machines of a reader: both work, are killed at random, and sync through a bad synchroniser."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from bpost_tui.mark_changes.field_changes import Changes, FieldChange, Subject, SubjectKind, parse_separation_field
from bpost_tui.mark_changes.merge_rule import is_later
from bpost_tui.mark_sync.folder_peer import FolderPeer
from bpost_tui.mark_sync.peer import sync
from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.story import ListFilter, Story
from bpost_tui.store.library import Library
from tests.clean_environment import AS_INSTALLED
from tests.crash.file_synchroniser import Synchroniser
from tests.crash.machine_worker import OTHERS, PAPER
from tools.grouping_quality import rows

STORIES = 60
EVENTS = 8
"""Number of events that each paper reports in a story of its own."""
AHEAD_S = 300
_LONGEST_LIFE_S = 5.0
_ROOT = Path(__file__).parents[2]
Field = tuple[Subject, str]


def _accounts() -> Iterator[list[dict[str, Any]]]:
    """Yield, for each event that every paper reports, the papers' stories about it (accounts)."""
    for _, accounts in groupby(rows(), lambda row: (row["cluster"], row["event"])):
        if len(found := list(accounts)) >= 1 + len(OTHERS):
            yield found[: 1 + len(OTHERS)]


def _account(number: int, row: dict[str, Any]) -> Story:
    at = datetime.fromisoformat(row["at"]).astimezone(UTC)
    return Story(f"event {number}", row["title"], published=at, blocks=(Paragraph((Span(row["text"]),)),), full=True)


@dataclass
class MachineTrial:
    """Machine of the trial: library, copy of the sync folder, clock, promises."""

    home: Path
    folder: Path
    ahead_s: int
    promised: dict[Field, FieldChange] = field(default_factory=dict)
    """Field → the last change that the machine reported as done."""
    doubtful: set[Field] = field(default_factory=set)
    """Fields whose change was under way when the machine was killed."""
    errors: list[str] = field(default_factory=list)
    kills: int = 0
    changes: int = 0
    _process: subprocess.Popen[bytes] | None = None
    _until: float = 0.0

    def begin(self) -> None:
        self.folder.mkdir(parents=True)
        now = datetime.now(UTC)
        dates = [now - timedelta(hours=n) for n in range(STORIES)]
        stories = [Story(f"guid {n}", f"খবর {n}", f"https://example.org/{n}.html", published=at) for n, at in enumerate(dates)]
        with Library(self.home) as library:
            library.set_subscriptions([PAPER, *OTHERS])
            library.save(stories, now=now)
            for number, accounts in enumerate(islice(_accounts(), EVENTS)):
                for paper, row in zip((PAPER, *OTHERS), accounts, strict=True):
                    library.for_paper(paper).save([_account(number, row)], now=now)

    def step(self, dice: random.Random) -> None:
        """Start the machine if it isn't running, kill it if its time has come."""
        if self._process is None:
            command = [sys.executable, "-m", "tests.crash.machine_worker", str(self.home), str(self.folder), str(self.ahead_s)]
            env = {"PATH": os.environ["PATH"], "HOME": str(self.home), "LANG": "C.UTF-8", **AS_INSTALLED}
            with self.output.open("wb") as out, self.failed.open("wb") as err:
                self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd=_ROOT, env=env)
            self._until = time.monotonic() + 0.5 + dice.random() * _LONGEST_LIFE_S
        elif time.monotonic() > self._until or self._process.poll() is not None:
            self.kill()

    def kill(self) -> None:
        """Kill the machine in the middle of its work, and record its promises."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGKILL)
        if self._process.wait() != -signal.SIGKILL:
            self.errors.append(f"{self.home.name} ended by itself: {self.failed.read_text(errors='replace')[-2000:]}")
        self._process = None
        self.kills += 1
        self._take_down(self.output.read_bytes())

    def _take_down(self, printed: bytes) -> None:
        for line in printed.decode().split("\n")[:-1]:  # the last line may be incomplete
            what, _, rest = line.partition(" ")
            if what == "ERROR":
                self.errors.append(rest)
            if what not in ("about", "done"):
                continue
            (kind, name, paper, field_name), at = json.JSONDecoder().raw_decode(rest)
            key = Subject(kind, name, paper), field_name
            if what == "about":
                self.doubtful.add(key)
                continue
            at_us, value, is_synced = json.loads(rest[at:])
            change = FieldChange(at_us, tuple(value) if isinstance(value, list) else value, is_synced)
            self.changes += 1
            self.doubtful.discard(key)
            if is_later(change, self.promised.get(key)):
                self.promised[key] = change

    @property
    def output(self) -> Path:
        return self.home.parent / f"{self.home.name}.out"

    @property
    def failed(self) -> Path:
        return self.home.parent / f"{self.home.name}.failed"

    def sync(self) -> Changes:
        """Sync again, and return the state of all fields."""
        with Library(self.home) as library:
            trouble = sync(FolderPeer(library, self.folder))
            problems = [*library.notices, *library.maintenance.verify(), *([trouble.message] if trouble else [])]
            changes = library.changes.all_changes()
            problems += [f"together, though apart: {pair}" for pair in _apart_and_together(library, changes)]
            self.errors += [f"{self.home.name}: {problem}" for problem in problems]
            return changes


def _apart_and_together(library: Library, changes: Changes) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Yield the pairs of stories that the reader separated, but that still count as the same news."""
    saved = {(row.guid, row.paper): row.id for row in library.headlines(ListFilter(), limit=200)}
    for subject, fields in changes.items():
        for name, change in fields.items() if subject.kind == SubjectKind.SEPARATION else ():
            one, other = (subject.name, subject.paper), parse_separation_field(name)
            if change.value and saved[other] in library.story_groups.members(saved[one]):
                yield one, other


@dataclass
class Machines:
    """Both machines, and the synchroniser between them."""

    one: MachineTrial
    two: MachineTrial
    synchroniser: Synchroniser
    dice: random.Random

    @classmethod
    def made(cls, home: Path, dice: random.Random) -> Machines:
        one = MachineTrial(home / "one", home / "one sync" / "bpost", 0)
        two = MachineTrial(home / "two", home / "two sync" / "bpost", AHEAD_S)
        one.begin()
        two.begin()
        return cls(one, two, Synchroniser((one.folder, two.folder), dice), dice)

    def run(self, for_s: float) -> list[str]:
        """Run both machines for `for_s` seconds, deliver everything, and return the broken promises."""
        until = time.monotonic() + for_s
        while time.monotonic() < until:
            for each in (self.one, self.two):
                each.step(self.dice)
            self.synchroniser.work()
            time.sleep(0.05)
        for each in (self.one, self.two):
            each.kill()
        for _ in range(3):
            self.synchroniser.catch_up()
            ends = self.one.sync(), self.two.sync()
        return [*self.one.errors, *self.two.errors, *self._unequal(*ends), *self._lost(ends[0])]

    @property
    def kills(self) -> int:
        return self.one.kills + self.two.kills

    @property
    def changes(self) -> int:
        return self.one.changes + self.two.changes

    def _unequal(self, one: Changes, two: Changes) -> list[str]:
        unequal = [each for each in one.keys() | two.keys() if one.get(each) != two.get(each)]
        return [f"unequal: {each}: {one.get(each)} and {two.get(each)}" for each in unequal]

    def _lost(self, end: Changes) -> list[str]:
        """Return the changes reported as done that are missing in `end` and weren't changed later."""
        lost = []
        doubtful = self.one.doubtful | self.two.doubtful
        for key in self.one.promised.keys() | self.two.promised.keys():
            promised = [each.promised[key] for each in (self.one, self.two) if key in each.promised]
            last = next(change for change in promised if not any(is_later(other, change) for other in promised))
            found = end.get(key[0], {}).get(key[1])
            if found != last and not (key in doubtful and found is not None and is_later(found, last)):
                lost.append(f"lost: {key}: {last}, but {found}")
        return lost
