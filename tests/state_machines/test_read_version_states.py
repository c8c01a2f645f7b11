"""Signs of changed stories on two machines and a phone are those of a plain model, whatever the order of edits and readings."""

from __future__ import annotations

import os
import random
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeVar

import pytest

from bpost_tui.edits.edit_weight import StoryVersion, significant_edit
from bpost_tui.mark_changes.field_changes import Changes, FieldChange, Subject, SubjectKind
from bpost_tui.model.blocks import Blocks, Paragraph, Span
from bpost_tui.model.library_results import ReadVersion
from bpost_tui.model.paper import paper_at
from bpost_tui.model.story import Story
from bpost_tui.store import stories
from bpost_tui.store.change_store import ChangeStore
from bpost_tui.store.library import Library
from bpost_tui.store.lists.mark_store import set_mark
from bpost_tui.store.lists.reading_log import ReadingLog
from bpost_tui.store.sqlite_files import OpenMode, connect
from bpost_tui.store.story_saver import save_stories

T = TypeVar("T")
BEGIN = datetime(2026, 11, 24, 6, tzinfo=UTC)
PAPER = paper_at("https://one.example")
GUIDS = ("a", "b", "c")
LINES = ("The crash near Ghatal left {n} dead, police said.", "A bus hit a lorry on the bridge at dawn{end}")
VERSIONS = tuple((n, end) for n in (2, 3, 4) for end in (".", "!", " "))


@cache
def text(version: int) -> Blocks:
    n, end = VERSIONS[version]
    return tuple(Paragraph((Span(line.format(n=n, end=end)),)) for line in LINES)


@cache
def matters(before: int, after: int) -> bool:
    title = "Bus and lorry collide"
    return significant_edit(StoryVersion(title, text(before)), StoryVersion(title, text(after))) is not None


class OneTransaction:
    """Access to a library's files by one connection in one transaction, which is never committed."""

    reads_together = False

    def __init__(self, folder: Path, db: sqlite3.Connection) -> None:
        self.folder, self.db = folder, db

    def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        return work(self.db)

    def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        return work(self.db)


class Known(NamedTuple):
    """Facts that a machine knows about a story."""

    saved: int
    """Version that is saved there."""
    is_read: bool = False
    is_opened: bool = False
    read: int | None = None
    """Version that was read there; None if the story was never read there, or last on another machine."""
    last: datetime = BEGIN
    """Time of the last reading on any machine that the machine knows of."""


class Machine:
    """Machine with a library, and the model of it."""

    def __init__(self, folder: Path, db: sqlite3.Connection) -> None:
        access = OneTransaction(folder, db)
        self.db, self.log, self.changes = db, ReadingLog(access), ChangeStore(access)
        (self.paper,) = db.execute("SELECT id FROM papers WHERE key = ?", (PAPER.key,)).fetchone()
        self.known: dict[str, Known] = {}
        self.seen: tuple[str, ReadVersion, Known] | None = None
        """Last seen change, to undo: story, row, and facts before and after it was seen."""

    def number(self, guid: str) -> int:
        return int(self.db.execute("SELECT id FROM stories WHERE guid = ?", (guid,)).fetchone()[0])

    def refresh(self, now: datetime, guid: str, version: int) -> None:
        published = BEGIN + timedelta(minutes=GUIDS.index(guid))
        story = Story(guid, f"Bus and lorry collide ({guid})", published=published, blocks=text(version), full=True)
        save_stories(self.db, [story], now, paper=self.paper, indexes_now=False)
        self.known[guid] = self.known.get(guid, Known(version))._replace(saved=version)

    def open(self, now: datetime, guid: str) -> None:
        self.log.record_opened(self.number(guid), now=now)
        known = self.known[guid]
        self.known[guid] = known._replace(is_opened=True)
        if known.is_read:
            self.known[guid] = known._replace(is_opened=True, read=known.saved, last=now)

    def see(self, now: datetime, guid: str) -> None:
        before = self.known[guid]
        row = self.log.see_changes(self.number(guid), now=now)
        if before.is_read and before.is_opened:
            self.known[guid] = before._replace(read=before.saved)
        if before.is_read:
            self.known[guid] = self.known[guid]._replace(last=now)
        self.seen = (guid, row, before) if row is not None else None

    def undo(self) -> None:
        if self.seen is not None:
            guid, row, before = self.seen
            self.log.restore_changes(row)
            known = self.known[guid]
            if known.is_read and known.saved == known.read == before.saved:
                self.known[guid] = known._replace(read=before.read)
        self.seen = None

    def mark(self, now: datetime, guid: str, on: bool) -> None:
        known = self.known[guid]
        if set_mark(self.db, "read", [self.number(guid)], on, now):
            read = known.saved if on and known.is_opened else None
            self.known[guid] = known._replace(is_read=on, read=read, last=now if on else known.last)

    def times(self) -> dict[str, int | None]:
        """Return the time of each story's mark "read", None without the mark."""
        rows = dict(self.db.execute("SELECT guid, read_us FROM reader.marks"))
        return {guid: rows.get(guid) for guid in self.known}

    def merge_machine(self, there: Machine) -> None:
        """Merge the changes of another machine. If it knows of a later reading, no sign may stay here."""
        self.merge(there.changes.all_changes())
        for guid, theirs in there.known.items():
            known = self.known[guid]
            if theirs.last > known.last:
                assert known.read is None, (guid, known, theirs)
                self.known[guid] = known._replace(last=theirs.last)

    def merge(self, theirs: Changes, *, is_new: bool = False) -> None:
        before = self.times()
        self.changes.merge(theirs, is_new=is_new)
        for guid, at_us in self.times().items():
            if at_us != before[guid]:
                self.known[guid] = self.known[guid]._replace(is_read=at_us is not None, read=None)

    def check(self) -> None:
        for guid, known in self.known.items():
            row = stories.headline(self.db, self.number(guid))
            is_changed = known.read is not None and matters(known.read, known.saved)
            assert row.read == known.is_read and (row.changed is not None) == is_changed, (guid, known, row.changed)


@contextmanager
def machine() -> Iterator[Machine]:
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        with Library(Path(folder)) as library:
            library.set_subscriptions([PAPER])
        with closing(connect(Path(folder), OpenMode.WRITE)) as db:
            db.execute("BEGIN")
            yield Machine(Path(folder), db)


def walk(seed: int, steps: int) -> None:
    """Take random steps with a paper, two machines and a phone, and compare all signs with the model after each."""
    chance, now = random.Random(seed), BEGIN + timedelta(days=1)
    with machine() as one, machine() as other:
        current = dict.fromkeys(GUIDS, 0)
        for each in (one, other):
            for guid in GUIDS:
                each.refresh(now, guid, 0)
        for _ in range(steps):
            now += timedelta(minutes=chance.choice((1, 1, 1, 600, 1500)))
            here, there = chance.sample((one, other), 2)
            guid = chance.choice(GUIDS)
            match chance.randrange(12):
                case 0 | 1:
                    current[guid] = chance.randrange(len(VERSIONS))
                case 2 | 3 | 4:
                    here.refresh(now, guid, current[guid])
                case 5 | 6:
                    here.open(now, guid)
                case 7:
                    here.see(now, guid)
                    if chance.random() < 0.5:
                        here.undo()
                case 8:
                    here.open(now, guid)
                    here.mark(now, guid, True)
                case 9:
                    here.mark(now, guid, chance.random() < 0.6)
                case 10:
                    on = chance.random() < 0.7
                    phone = {Subject(SubjectKind.STORY, guid, PAPER.key): {"read": FieldChange(int(now.timestamp() * 1e6), on)}}
                    here.merge(phone, is_new=True)
                case _:
                    here.merge_machine(there)
            one.check()
            other.check()


@pytest.mark.parametrize("seed", range(3))
def test_signs_are_those_of_the_model(seed: int) -> None:
    asked = int(os.environ.get("BPOST_MACHINE_RUNS", "0"))
    walk(random.randrange(1 << 32) if asked else seed, 10 * asked or 200)
