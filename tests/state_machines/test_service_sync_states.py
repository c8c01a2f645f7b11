"""Machines of a reader with a phone and a service between them: in the end all are alike, and no mark is lost.

The service is the model in tests/service/model_server.py. Between two moments when all have synced, a mark changed by a single
side ends as that side left it, an unchanged mark stays, and a mark changed by several sides has the value of one of them.
Services keep no times of marks: a service that has lost a mark gets it again from any machine that has it, and this mark wins
over a change that this machine hadn't received. Then both values are right. To a library restored from before the server's
backup, the server seems to have lost marks again.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from bpost_tui.errors import PortalError
from bpost_tui.mark_sync.folder_peer import FolderPeer
from bpost_tui.mark_sync.greader_account import GreaderAccount
from bpost_tui.mark_sync.greader_api import TAGS, GreaderApi
from bpost_tui.mark_sync.greader_peer import GreaderPeer
from bpost_tui.mark_sync.peer import sync
from bpost_tui.model.marks import MarkName
from bpost_tui.model.paper import paper_at
from bpost_tui.model.story import ListFilter, Story
from bpost_tui.store.library import Library
from tests.service.model_server import ModelServer
from tests.state_machines.run_settings import runs

PAPER = paper_at("https://one.example/feed")
STORIES = 5
HOUR = timedelta(hours=1)
PHONE = "phone"
_WHICH, _STORY, _ON = st.integers(0, 1), st.integers(0, STORIES - 1), st.booleans()
Field = tuple[int, MarkName]


def link(story: int) -> str:
    return f"https://one.example/{story}"


class ServiceStates(RuleBasedStateMachine):
    """Two machines, one of them an hour fast, a folder and a phone."""

    @initialize(labels=_ON, dated=_ON)
    def begin(self, labels: bool, dated: bool) -> None:
        """Set up the server and the machines."""
        self.base = Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
        self.server = ModelServer(PAPER.address, labels=labels, dated=dated)
        self.marks: tuple[MarkName, ...] = ("read", "starred", "later") if labels else ("read", "starred")
        self.libraries = [self._opened(which) for which in range(2)]
        for which, library in enumerate(self.libraries):
            stories = [Story(f"guid {n}", f"title {n}", link(n), published=self._now(which)) for n in range(STORIES)]
            library.for_paper(PAPER).save(stories, now=self._now(which))
        self.settled: dict[Field, bool] = {}
        self.changed: dict[Field, dict[str, bool]] = {}
        self.free: set[Field] = set()
        """Fields with a lost value that no other side knew."""
        self.unsent: list[set[Field]] = [set(), set()]
        self.unseen: set[Field] = set()
        """Fields changed on the phone since any machine's last sync."""
        self.forgotten: set[Field] = set()
        """Fields that the server may have lost since all were alike."""
        self.unheard: list[set[Field]] = [set(), set()]
        """Fields changed on the other machine since this machine last read the folder; `unwritten`: not yet written there."""
        self.unwritten: list[set[Field]] = [set(), set()]
        self.server_backup = self.server.backup()
        self.backups: dict[int, set[Field]] = {}
        """Machine → the fields that it hadn't sent at its backup."""
        self.early: set[int] = set()
        """Machines with a backup from before the server was restored."""

    def teardown(self) -> None:
        if hasattr(self, "libraries"):
            try:
                self.all_are_alike()
            finally:
                for each in self.libraries:
                    each.close()
                shutil.rmtree(self.base)

    def _opened(self, which: int) -> Library:
        library = Library(self.base / str(which) / "library")
        library.set_subscriptions([PAPER])
        return library

    def _now(self, which: int) -> datetime:
        return datetime.fromtimestamp(self.server.now_s, UTC) + which * HOUR

    def _all_fields(self) -> set[Field]:
        return {(story, mark) for story in range(STORIES) for mark in self.marks}

    def _change(self, field: Field, side: str, on: bool) -> None:
        self.changed.setdefault(field, {})[side] = on

    # ── the reader's actions ────────────────────────────────────────────────

    @rule(which=_WHICH, mark=st.sampled_from(("read", "starred", "later")), story=_STORY, on=_ON)
    def mark(self, which: int, mark: MarkName, story: int, on: bool) -> None:
        """Set or remove a mark on a machine."""
        self.server.now_s += 3
        library = self.libraries[which]
        if library.set_mark(mark, [library.find(link(story))], on, now=self._now(which)):
            self._change((story, mark), str(which), on)
            self.unsent[which].add((story, mark))
            self.unheard[1 - which].add((story, mark))
            self.unwritten[which].add((story, mark))

    @rule(mark=st.sampled_from(("read", "starred", "later")), story=_STORY, on=_ON)
    def mark_on_the_phone(self, mark: MarkName, story: int, on: bool) -> None:
        """Set or remove a mark on the phone."""
        self.server.now_s += 3
        number = self.server.number_of(link(story))
        if number is not None and mark in self.marks and self.server.tag(number, TAGS[mark], on):
            self._change((story, mark), PHONE, on)
            self.unseen.add((story, mark))

    # ── events at the server ────────────────────────────────────────────────

    @rule(story=_STORY)
    def arrives(self, story: int) -> None:
        """Let the server fetch a story."""
        self.server.now_s += 3
        if self.server.number_of(link(story)) is None:
            self.server.add(link(story))

    @rule(story=_STORY)
    def is_removed(self, story: int) -> None:
        """Let the server remove a story, and its marks that only the phone knew."""
        number = self.server.number_of(link(story))
        if number is not None:
            del self.server.entries[number]
            self.free |= {field for field in self.unseen if field[0] == story}
            self.forgotten |= {(story, mark) for mark in self.marks}

    @rule()
    def back_up_the_server(self) -> None:
        """Copy the server's state to a backup."""
        self.server.now_s += 3
        self.server_backup = self.server.backup()

    @precondition(lambda self: self.server.dated)
    @rule()
    def restore_the_server(self) -> None:
        """Replace the server's state by its backup; marks made only on the phone since then are lost."""
        self.server.now_s += 3
        self.server.restore(self.server_backup)
        self.free |= self.unseen | {field for field, sides in self.changed.items() if PHONE in sides}
        self.forgotten = self._all_fields()
        self.early = set(self.backups)

    # ── syncs ─────────────────────────────────────────────────────────────────

    @rule(which=_WHICH, fails_at=st.sampled_from((-1, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9)), late=_ON)
    def look(self, which: int, fails_at: int, late: bool) -> None:
        """Sync with the service, which may fail in the midst."""
        self.server.now_s += 3
        self.server.fails_at, self.server.fails_late = fails_at, late
        try:
            self._sync(which)
        except PortalError:
            return
        finally:
            self.server.fails_at = -1
        self.unsent[which] = {(story, mark) for story, mark in self.unsent[which] if self.server.number_of(link(story)) is None}
        self.unseen.clear()

    def _sync(self, which: int) -> None:
        account = GreaderAccount("http://127.0.0.1/api/greader.php", "reader", inline_password="secret")

        def api(account: GreaderAccount, token: str) -> GreaderApi:
            return GreaderApi(account, token, self.server.transport())

        self.free |= self.unheard[which] & self.forgotten
        if (error := sync(GreaderPeer(self.libraries[which], account, lambda: self._now(which), api)).error) is not None:
            raise error

    @rule(which=_WHICH)
    def sync_with_folder(self, which: int) -> None:
        """Sync with the other machine by the folder."""
        (self.base / "Sync").mkdir(exist_ok=True)
        result = sync(FolderPeer(self.libraries[which], self.base / "Sync"))
        assert result.error is None, result.error
        self.unheard[which] &= self.unwritten[1 - which]
        self.unwritten[which].clear()

    @rule(which=_WHICH)
    def back_up_a_library(self, which: int) -> None:
        """Copy a library to a backup."""
        self._put(which, "library", "backup")
        self.backups[which] = set(self.unsent[which])
        self.early.discard(which)

    def _put(self, which: int, source: str, target: str) -> None:
        home = self.base / str(which)
        self.libraries[which].close()
        shutil.rmtree(home / target, ignore_errors=True)
        shutil.copytree(home / source, home / target)
        self.libraries[which] = self._opened(which)

    @precondition(lambda self: self.server.dated)
    @rule(which=_WHICH)
    def restore_a_library(self, which: int) -> None:
        """Replace a library by its backup; changes not sent since then are lost."""
        if which in self.backups:
            self._put(which, "backup", "library")
            self.free |= self.unsent[which] | self.backups[which]
            self.unheard[which] = self._all_fields()
            self.forgotten |= self.unheard[which] if which in self.early else set()

    # ── invariants ──────────────────────────────────────────────────────────

    @rule()
    def all_are_alike(self) -> None:
        """Sync all until nothing is new, and compare."""
        self.server.now_s += 3
        for story in range(STORIES):
            self.arrives(story)
        for _ in range(3):
            for which in range(2):
                self.server.now_s += 3
                self._sync(which)
                self.sync_with_folder(which)
        for which in range(2):
            self._sync(which)
            self.server.requests.clear()
            self._sync(which)
            assert len(self.server.requests) == len(self.marks)  # nothing is new
        assert [library.maintenance.verify() for library in self.libraries] == [(), ()]
        ends = [self._marks_of(which) for which in range(2)]
        assert ends[0] == ends[1]
        for field, found in ends[0].items():
            story, mark = field
            if mark in self.marks:
                entry = self.server.entries[self.server.number_of(link(story)) or 0]
                assert found is (TAGS[mark] in entry.tags), field
            before, sides = self.settled.get(field, False), self.changed.get(field, {})
            if field not in self.free:
                assert found in (set(sides.values()) or {before}), (field, before, sides)
        self.settled, self.changed, self.free, self.forgotten = ends[0], {}, set(), set()
        self.unsent, self.unseen = [set(), set()], set()
        self.unheard, self.unwritten = [set(), set()], [set(), set()]

    def _marks_of(self, which: int) -> dict[Field, bool]:
        rows = {row.guid: row for row in self.libraries[which].headlines(ListFilter(), limit=99)}
        marks: tuple[MarkName, ...] = ("read", "starred", "later")
        return {(n, mark): bool(getattr(rows[f"guid {n}"], mark)) for n in range(STORIES) for mark in marks}


TestServiceStates = ServiceStates.TestCase
TestServiceStates.settings = runs(10, 25)


def test_earlier_change_of_the_folder_does_not_return_forever() -> None:
    states = ServiceStates()
    states.begin(labels=True, dated=False)
    states.all_are_alike()
    states.mark(which=0, mark="starred", story=3, on=True)
    states.sync_with_folder(which=0)
    states.mark(which=0, mark="starred", story=3, on=False)
    states.sync_with_folder(which=1)
    states.all_are_alike()
    states.teardown()
