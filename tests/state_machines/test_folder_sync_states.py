"""Machines of a reader with any accident to the files between them: in the end all agree, and nothing is lost."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bpost_tui.errors import NotFoundError, UsageError
from bpost_tui.mark_changes.field_changes import IS_PRESENT, Changes, FieldChange, Subject, SubjectKind
from bpost_tui.mark_changes.merge_rule import is_later
from bpost_tui.mark_sync.folder_peer import FolderPeer
from bpost_tui.mark_sync.machine_identity import identify_machine
from bpost_tui.mark_sync.peer import sync
from bpost_tui.mark_sync.sync_folder import FileWrite, PeerFile, SyncFolder
from bpost_tui.model.marks import MarkName
from bpost_tui.model.paper import paper_at
from bpost_tui.model.story import ListFilter, Story
from bpost_tui.store.library import Library
from tests.state_machines.rule_effects import always_counted, counted, counting_case
from tests.state_machines.run_settings import runs

BEGIN = datetime(2026, 11, 24, 6, tzinfo=UTC)
PAPER = paper_at("https://one.example")
MARKS: tuple[MarkName, ...] = ("read", "starred", "later")
STORIES = 4
NAMES = ("rivers", "নদী")
YEAR = timedelta(days=366)
CLOCKS = (timedelta(0), timedelta(minutes=-5), timedelta(hours=3), YEAR, -YEAR)
_WHICH, _STORY, _NAME, _ON = st.integers(0, 4), st.integers(0, STORIES - 1), st.sampled_from(NAMES), st.booleans()


class Machine:
    """Machine with a home, a copy of the folder, and a clock."""

    def __init__(self, path: Path, ahead: timedelta) -> None:
        self.path, self.folder, self.ahead = path, path / "Sync", ahead
        self.folder.mkdir(parents=True)
        self.library = self.opened()
        self.library.save(
            [Story(f"guid {n}", f"title {n}", f"https://one.example/{n}", published=BEGIN) for n in range(STORIES)], now=BEGIN
        )
        self.is_restored = False
        """Whether the backup was restored, so that only the machine's file has its later changes."""

    def opened(self) -> Library:
        library = Library(self.path / "library")
        library.set_subscriptions([PAPER])
        return library

    @property
    def file(self) -> Path:
        return self.folder / SyncFolder(self.folder, identify_machine(self.library.folder)).own_name


class InterruptedFolder(SyncFolder):
    """Folder with something happening just before changes are appended to a file, or just after they were written."""

    before_append: Callable[[], object] = staticmethod(lambda: None)
    after_write: Callable[[], object] = staticmethod(lambda: None)

    def append(self, changes: Changes, own: PeerFile) -> FileWrite | None:
        self.before_append()
        try:
            return super().append(changes, own)
        finally:
            self.after_write()

    def rewrite(self, changes: Changes) -> FileWrite:
        try:
            return super().rewrite(changes)
        finally:
            self.after_write()


class FolderSyncStates(RuleBasedStateMachine):
    """Two to five machines that sync by a folder."""

    effects: ClassVar[Counter[str]] = Counter()

    @initialize(clocks=st.lists(st.sampled_from(CLOCKS), min_size=2, max_size=5))
    def begin(self, clocks: list[timedelta]) -> None:
        """Set the machines up, each with its clock."""
        self.base = Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
        self.now = BEGIN
        self.machines = [Machine(self.base / str(number), ahead) for number, ahead in enumerate(clocks)]
        self.kept: dict[Path, list[bytes]] = defaultdict(list)
        self.promised: dict[tuple[Subject, str], dict[int, FieldChange]] = defaultdict(dict)
        """Field → machine → the last change that it acknowledged."""

    def teardown(self) -> None:
        if hasattr(self, "machines"):
            try:
                self._all_agree()
            finally:
                for each in self.machines:
                    each.library.close()
                shutil.rmtree(self.base)

    def snapshot(self) -> object:
        """Return each machine's changes, and the contents of its copy of the folder."""
        return [
            (each.library.changes.all_changes(), {path.name: path.read_bytes() for path in each.folder.iterdir() if path.is_file()})
            for each in self.machines
        ]

    def _machine(self, which: int) -> tuple[int, Machine]:
        number = which % len(self.machines)
        return number, self.machines[number]

    def _change(self, which: int, change: Callable[[Library, datetime], object]) -> None:
        """Make a change on a machine; each change must be later than the last, whatever the clock."""
        number, machine = self._machine(which)
        self.now += timedelta(seconds=1)
        before = machine.library.changes.all_changes()
        try:
            change(machine.library, self.now + machine.ahead)
        except (NotFoundError, UsageError):
            return
        for subject, fields in machine.library.changes.all_changes().items():
            for name, found in fields.items():
                was = before.get(subject, {}).get(name)
                if found != was:
                    assert is_later(found, was), (subject, name, was, found)
                    self.promised[subject, name][number] = found

    # ── the reader's actions ────────────────────────────────────────────────

    @rule(which=_WHICH, mark=st.sampled_from(MARKS), story=_STORY, on=_ON)
    @counted
    def mark(self, which: int, mark: MarkName, story: int, on: bool) -> None:
        """Set or remove a mark."""
        self._change(which, lambda library, now: library.set_mark(mark, [_number(library, story)], on, now=now))

    @rule(which=_WHICH, story=_STORY, item=st.integers(0, 9))
    @counted
    def position(self, which: int, story: int, item: int) -> None:
        """Save a position in a story."""
        self._change(which, lambda library, now: library.reading_log.save_position(_number(library, story), item, 0.5, now=now))

    @rule(which=_WHICH, name=_NAME, query=st.sampled_from(("a", "b", None)))
    @counted
    def search(self, which: int, name: str, query: str | None) -> None:
        """Save or delete a search."""

        def change(library: Library, now: datetime) -> None:
            if query is None:
                library.saved_searches.delete(name, now=now)
            else:
                library.saved_searches.save(name, query, now=now)

        self._change(which, change)

    @rule(which=_WHICH, name=_NAME, story=_STORY, on=_ON, what=st.integers(0, 3))
    @counted
    def own_list(self, which: int, name: str, story: int, on: bool, what: int) -> None:
        """Delete the list `name` if `what` is 0, rename it if 1, or else put a story into it (`on`) or remove the story."""

        def change(library: Library, now: datetime) -> None:
            own = library.own_lists
            if what == 0:
                own.delete(name, now=now)
            elif what == 1:
                own.rename(name, f"{name} {story}", now=now)
            else:
                key = next((each.key for each in own.all() if each.key == name), None) or own.create(name, now=now).key
                before, subject = library.changes.all_changes(), Subject(SubjectKind.LIST, key)
                put = own.set_entries(key, [_number(library, story)], on, now=now)
                listed = library.headlines(ListFilter(own_list=key), limit=9)
                assert (_number(library, story) in {row.id for row in listed}) is on
                if put and on:  # keeps the list if another machine deletes it meanwhile
                    assert is_later(library.changes.all_changes()[subject][IS_PRESENT], before[subject][IS_PRESENT])

        self._change(which, change)

    @rule(which=_WHICH, name=_NAME, on=_ON)
    @counted
    def mute(self, which: int, name: str, on: bool) -> None:
        """Mute or unmute a word."""
        self._change(which, lambda library, now: library.mutes.set_rule("words", name, on=on, now=now))

    # ── events at the machines and files ─────────────────────────────────────────────────

    @rule(which=_WHICH, ahead=st.sampled_from(CLOCKS))
    @always_counted
    def set_clock(self, which: int, ahead: timedelta) -> None:
        """Set a machine's clock forward or back."""
        self._machine(which)[1].ahead = ahead

    @rule(which=_WHICH)
    @counted
    def sync_with_folder(self, which: int) -> None:
        """Sync with the folder at the time of the machine's own clock."""
        self._sync(*self._machine(which))

    @rule(which=_WHICH, mark=st.sampled_from(MARKS), story=_STORY, on=_ON)
    @counted
    def mark_while_syncing(self, which: int, mark: MarkName, story: int, on: bool) -> None:
        """Set or remove a mark while another change is being written to the folder."""
        self.mark(which, mark, (story + 1) % STORIES, on)
        self._sync(*self._machine(which), after_write=lambda: self.mark(which, mark, story, on))

    @rule(which=_WHICH, mark=st.sampled_from(MARKS), story=_STORY, on=_ON, at=st.floats(0, 1))
    @counted
    def earlier_version_comes_back_while_syncing(self, which: int, mark: MarkName, story: int, on: bool, at: float) -> None:
        """Replace a machine's own file by an earlier version, after the machine has read the file and before it appends.

        `at` (0 to 1) chooses the version.
        """
        self.mark(which, mark, story, on)
        self._sync(*self._machine(which))
        self.mark(which, mark, story, not on)
        self._sync(*self._machine(which), before_append=lambda: self.earlier_version_comes_back(which, at))

    def _sync(
        self,
        number: int,
        machine: Machine,
        *,
        later: timedelta = timedelta(0),
        before_append: Callable[[], object] = lambda: None,
        after_write: Callable[[], object] = lambda: None,
    ) -> None:
        peer = FolderPeer(machine.library, machine.folder)
        clock = (self.now + (later or machine.ahead)).timestamp()
        peer.folder = folder = InterruptedFolder(machine.folder, identify_machine(machine.library.folder), clock=lambda: clock)
        folder.before_append, folder.after_write = before_append, after_write
        trouble = sync(peer)
        assert trouble is None or "they wait until then" in str(trouble), trouble
        machine.is_restored = False
        self.kept[machine.file].append(machine.file.read_bytes())

    @rule(
        one=_WHICH, other=_WHICH, how=st.sampled_from(("whole", "part", "hole", "old", "copy", "twice", "gone")), at=st.floats(0, 1)
    )
    @counted
    def deliver(self, one: int, other: int, how: str, at: float) -> None:
        """Deliver the file of machine `one` to machine `other`: whole, in part, with a hole, or otherwise, as `how` says.

        `at` (0 to 1) is the place in the file where a part ends or a hole begins, or chooses the old version that is delivered.
        """
        (_, source), (_, target) = self._machine(one), self._machine(other)
        if source is target or not self.kept[source.file]:
            return
        versions, there = self.kept[source.file], target.folder / source.file.name
        data = versions[-1]
        end = int(at * len(data))
        match how:
            case "part":
                data = data[:end]
            case "hole":
                data = data[:end] + bytes(min(90, len(data) - end)) + data[end + 90 :]
            case "old":
                data = versions[int(at * (len(versions) - 1))]
            case "copy":
                there = target.folder / f"{there.stem}.sync-conflict-{end}.jsonl"
            case "twice":
                (target.folder / f"{there.stem} (2).jsonl").write_bytes(data)
            case "gone":
                there.unlink(missing_ok=True)
                return
        there.write_bytes(data)

    @rule(one=_WHICH, other=_WHICH, mark=st.sampled_from(MARKS), story=_STORY, on=_ON)
    @counted
    def contradict(self, one: int, other: int, mark: MarkName, story: int, on: bool) -> None:
        """Set a mark, bring it to another machine, and change it there: by chance alone, machines seldom answer each other."""
        self.mark(one, mark, story, on)
        self.sync_with_folder(one)
        self.deliver(one, other, "whole", 0)
        self.sync_with_folder(other)
        self.mark(other, mark, story, not on)

    @rule(which=_WHICH, at=st.floats(0, 1))
    @counted
    def earlier_version_comes_back(self, which: int, at: float) -> None:
        """Replace a machine's own file by an earlier version, as a syncing program may."""
        number, machine = self._machine(which)
        if versions := self.kept[machine.file]:
            if machine.is_restored:  # its changes since the backup are lost, or only on the other machines
                for changes in self.promised.values():
                    changes.pop(number, None)
            machine.file.write_bytes(versions[int(at * (len(versions) - 1))])

    @rule(which=_WHICH)
    @always_counted
    def back_up(self, which: int) -> None:
        """Copy a library to a backup."""
        _, machine = self._machine(which)
        machine.library.close()
        shutil.rmtree(machine.path / "backup", ignore_errors=True)
        shutil.copytree(machine.path / "library", machine.path / "backup")
        machine.library = machine.opened()

    @rule(which=_WHICH, mark=st.sampled_from(MARKS), story=_STORY, on=_ON)
    @counted
    def restore(self, which: int, mark: MarkName, story: int, on: bool) -> None:
        """Set or remove a mark, and replace the library by an earlier backup: only the machine's file has the later changes."""
        number, machine = self._machine(which)
        if not (machine.path / "backup").is_dir():
            self.back_up(which)
        self.mark(which, mark, story, on)
        self._sync(number, machine)
        machine.library.close()
        shutil.rmtree(machine.path / "library")
        shutil.copytree(machine.path / "backup", machine.path / "library")
        machine.library = machine.opened()
        machine.is_restored = True

    # ── invariants ──────────────────────────────────────────────────────────

    @invariant()
    def each_is_sound(self) -> None:
        """Check that each library's own check finds nothing."""
        for machine in getattr(self, "machines", ()):
            assert machine.library.maintenance.verify() == ()

    def _all_agree(self) -> None:
        """Deliver everything until the fastest clock is reached: all machines agree on the last change of each field."""
        for _ in range(3):
            for number, machine in enumerate(self.machines):
                self._sync(number, machine, later=3 * YEAR)
            for source in self.machines:
                for target in self.machines:
                    if source is not target:
                        (target.folder / source.file.name).write_bytes(source.file.read_bytes())
        ends = [machine.library.changes.all_changes() for machine in self.machines]
        assert all(end == ends[0] for end in ends)
        for (subject, name), changes in self.promised.items():
            if not changes:
                continue
            found = ends[0][subject][name]
            assert not any(is_later(change, found) for change in changes.values()), (subject, name, changes, found)
        shown = [
            {row.guid: (row.read, row.starred, row.later) for row in each.library.headlines(ListFilter(), limit=9)}
            for each in self.machines
        ]
        assert all(each == shown[0] for each in shown)


def _number(library: Library, story: int) -> int:
    return library.find(f"https://one.example/{story}")


TestFolderSyncStates = counting_case(FolderSyncStates, runs(12, 25))
