"""Machines of a reader with a sync folder, a phone and a service: in the end all agree, and a change made knowing of others wins.

The service is the model in tests/service/model_server.py. The specification follows each change of a mark: `_Change.known` are the
changes that the side knew that made it. Machines learn from the service and from files of the folder, the service from machines.
When all have synced, a mark has the value of one of the changes that no later change knew of; an unchanged mark stays.

Nobody can know a winner in four cases, and the mark may have any value (`free`):

- The server lost a mark, by a backup or because it removed the story, and a machine hadn't taken it yet. A library restored from
  before that takes the server's loss for a change on the phone.
- The server was restored before a machine has seen that it dates changes of marks.
- A library was restored, and marks not sent are lost.
- The answer to a request was lost: the machine can't know whether the phone has seen its mark.

Each sync reads the folder, then syncs with the service, then writes the folder, as bpost does. Without the folder, a machine would
send a change to the server that another machine, which has heard of it, has already changed again.
"""

from __future__ import annotations

import atexit
import random
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import ClassVar, NamedTuple

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from bpost_tui.errors import PortalError
from bpost_tui.mark_sync import greader_peer
from bpost_tui.mark_sync.folder_peer import FolderPeer
from bpost_tui.mark_sync.greader_account import GreaderAccount
from bpost_tui.mark_sync.greader_api import TAGS, GreaderApi
from bpost_tui.mark_sync.greader_peer import GreaderPeer
from bpost_tui.mark_sync.peer import sync
from bpost_tui.model.marks import MarkName
from bpost_tui.model.paper import paper_at
from bpost_tui.model.story import ListFilter, Story
from bpost_tui.store.greader_items import GreaderItemStore, StoredGreaderItem
from bpost_tui.store.library import Library
from tests.service.model_server import ModelServer
from tests.state_machines.rule_effects import always_counted, counted, counting_case
from tests.state_machines.run_settings import runs

PAPER = paper_at("https://one.example/feed")
STORIES = 5
HOUR = timedelta(hours=1)
_DAY_S = 24 * 3600
PHONE = "phone"
SIDES = ("0", "1", PHONE, "file 0", "file 1")
_WHICH, _STORY, _ON = st.integers(0, 1), st.integers(0, STORIES - 1), st.booleans()
Field = tuple[int, MarkName]


def link(story: int) -> str:
    return f"https://one.example/{story}"


def _time_at(which: int, now_s: float) -> datetime:
    return datetime.fromtimestamp(now_s, UTC) + which * HOUR


def _temporary_folder() -> Path:
    return Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))


@cache
def _new_libraries() -> Path:
    """Return a folder with the libraries of both machines at the beginning of a walk. A copy takes 3 ms, a new library 80 ms."""
    folder = _temporary_folder()
    atexit.register(shutil.rmtree, folder)
    for which in range(2):
        now = _time_at(which, ModelServer(PAPER.address, labels=False, dated=False).now_s)
        with closing(Library(folder / str(which))) as library:
            library.set_subscriptions([PAPER])
            stories = [Story(f"guid {n}", f"title {n}", link(n), published=now) for n in range(STORIES)]
            library.for_paper(PAPER).save(stories, now=now)
    return folder


class _Change(NamedTuple):
    """Change of a mark by the reader."""

    side: str
    on: bool
    known: frozenset[int]
    """Earlier changes of the mark that the side knew, by their index."""


class ServiceStates(RuleBasedStateMachine):
    """Two machines, one of them an hour fast, a folder and a phone."""

    effects: ClassVar[Counter[str]] = Counter()

    @initialize(labels=_ON, dated=_ON, step_s=st.sampled_from((3, 0.25)), has_wrong_dates=_ON)
    def begin(self, labels: bool, dated: bool, step_s: float, has_wrong_dates: bool = False) -> None:
        """Set up the server and the machines; events are `step_s` seconds apart.

        With `labels`, the server has labels, such as `Read later`. With `dated`, a changed mark changes an item's time on the
        server. If `has_wrong_dates`, the header Date is wrong by up to a day, differently in each answer.
        """
        self.step_s = step_s
        self.base = _temporary_folder()
        self.server = ModelServer(PAPER.address, labels=labels, dated=dated)
        if has_wrong_dates:
            self.server.leads_s = random.Random(0).choices(range(-_DAY_S, _DAY_S), k=997)
        self.marks: tuple[MarkName, ...] = ("read", "starred", "later") if labels else ("read", "starred")
        for which in range(2):
            shutil.copytree(_new_libraries() / str(which), self.base / str(which) / "library")
        self.libraries = [self._opened(which) for which in range(2)]
        self.before: dict[Field, bool] = {}
        """Values when all were alike."""
        self.changes: dict[Field, list[_Change]] = defaultdict(list)
        self.known: dict[str, dict[Field, frozenset[int]]] = {side: defaultdict(frozenset) for side in SIDES}
        """Side → the changes of each field that it knows, by their index."""
        self.free: set[Field] = set()
        self.forgotten: set[Field] = set()
        """Fields that the server may have lost since all were alike."""
        self.server_backup = self.server.backup()
        self.server_backup_known = dict(self.known[PHONE])
        self.backups: dict[int, dict[Field, frozenset[int]]] = {}
        """Machine → its knowledge at its backup."""
        self.early: set[int] = set()
        """Machines with a backup from before the server was restored, or before all were alike."""
        self.are_alike = False
        """Whether no mark was changed or lost since all were alike, and no sync failed."""

    def teardown(self) -> None:
        if hasattr(self, "libraries"):
            try:
                self.all_are_alike()
                for which in range(2):
                    self._verify(which)
            finally:
                for each in self.libraries:
                    each.close()
                shutil.rmtree(self.base)

    def _opened(self, which: int) -> Library:
        return Library(self.base / str(which) / "library")

    def snapshot(self) -> object:
        """Return the marks on the server and on each machine, and the changes that each side knows."""
        known = {side: dict(fields) for side, fields in self.known.items()}
        return self.server.backup(), [library.changes.all_changes() for library in self.libraries], known

    def _now(self, which: int) -> datetime:
        return _time_at(which, self.server.now_s)

    def _all_fields(self) -> set[Field]:
        return {(story, mark) for story in range(STORIES) for mark in self.marks}

    def _change(self, field: Field, side: str, on: bool) -> None:
        self.changes[field].append(_Change(side, on, self.known[side][field]))
        self.known[side][field] |= {len(self.changes[field]) - 1}
        self.are_alike = False

    def _learn(self, side: str, of: str) -> None:
        """Let a side know the changes that another side knows."""
        for field, known in self.known[of].items():
            self.known[side][field] |= known

    def _last(self, field: Field) -> list[_Change]:
        """Return the changes that no other change was made knowing of."""
        changes = self.changes[field]
        return [each for at, each in enumerate(changes) if not any(at in other.known for other in changes)]

    # ── the reader's actions ────────────────────────────────────────────────

    @rule(which=_WHICH, mark=st.sampled_from(("read", "starred", "later")), story=_STORY, on=_ON)
    @counted
    def mark(self, which: int, mark: MarkName, story: int, on: bool) -> None:
        """Set or remove a mark on a machine."""
        self.server.now_s += self.step_s
        library = self.libraries[which]
        if library.set_mark(mark, [library.find(link(story))], on, now=self._now(which)):
            self._change((story, mark), str(which), on)

    @rule(mark=st.sampled_from(("read", "starred", "later")), story=_STORY, on=_ON)
    @counted
    def mark_on_the_phone(self, mark: MarkName, story: int, on: bool) -> None:
        """Set or remove a mark on the phone."""
        self.server.now_s += self.step_s
        number = self.server.number_of(link(story))
        if number is not None and mark in self.marks and self.server.tag(number, TAGS[mark], on):
            self._change((story, mark), PHONE, on)

    # ── events at the server ────────────────────────────────────────────────

    @rule(story=_STORY)
    @counted
    def arrives(self, story: int) -> None:
        """Let the server fetch a story."""
        self.server.now_s += self.step_s
        if self.server.number_of(link(story)) is None:
            self.server.add(link(story))

    @rule(story=_STORY)
    @counted
    def is_removed(self, story: int) -> None:
        """Let the server remove a story, and its marks that only the phone knew."""
        number = self.server.number_of(link(story))
        if number is not None:
            del self.server.entries[number]
            self._lose({(story, mark) for mark in self.marks})

    @rule()
    @always_counted
    def back_up_the_server(self) -> None:
        """Copy the server's state to a backup."""
        self.server.now_s += 3
        self.server_backup = self.server.backup()
        self.server_backup_known = dict(self.known[PHONE])

    @precondition(lambda self: self.server.dated)
    @rule()
    @counted
    def restore_the_server(self) -> None:
        """Replace the server's state by its backup; marks made only on the phone since then are lost."""
        self.server.now_s += 3
        self.server.restore(self.server_backup)
        self._lose(self._all_fields())
        if not all(self._peer(which).state.is_dated for which in range(2)):
            self.free |= self._all_fields()
        self.early = set(self.backups)

    def _lose(self, fields: set[Field]) -> None:
        """Let the server lose the values of `fields`, each a mark of a story; those set on the phone may be known nowhere else."""
        self.forgotten |= fields
        self.are_alike = False
        self.free |= {field for field in fields if any(change.side == PHONE for change in self.changes[field])}

    # ── syncs ─────────────────────────────────────────────────────────────────

    @rule(which=_WHICH, fails_at=st.sampled_from((-1, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9)), late=_ON)
    @counted
    def refresh(self, which: int, fails_at: int, late: bool) -> None:
        """Sync a machine with the folder, the service, and the folder again.

        Request number `fails_at` to the service (from 0; -1 for none) gets no answer; with `late`, it is carried out all the same.
        """
        self.sync_with_folder(which)
        self.server.now_s += self.step_s
        self.server.fails_at, self.server.fails_late = fails_at, late
        try:
            self._sync(which)
        except PortalError:
            self.are_alike = False
            self.free |= {field for field in self.changes if self.known[str(which)][field] != self.known[PHONE][field]}
        finally:
            self.server.fails_at = -1
        self.sync_with_folder(which)

    def _peer(self, which: int, address: str = "http://127.0.0.1/api/greader.php") -> GreaderPeer:
        account = GreaderAccount(address, "reader", inline_password="secret")

        def api(account: GreaderAccount, token: str) -> GreaderApi:
            return GreaderApi(account, token, self.server.transport())

        return GreaderPeer(self.libraries[which], account, lambda: self._now(which), api)

    def _sync(self, which: int, address: str = "http://127.0.0.1/api/greader.php") -> None:
        mine = self.known[str(which)]
        self.free |= {field for field in self.forgotten if len(mine[field]) < len(self.changes[field])}
        if (error := sync(self._peer(which, address))) is not None:
            raise error
        there = {field for field in self._all_fields() if self.server.number_of(link(field[0])) is not None}
        for field in there:
            mine[field] = self.known[PHONE][field] = mine[field] | self.known[PHONE][field]

    @rule(which=_WHICH)
    @counted
    def sync_with_folder(self, which: int) -> None:
        """Sync with the other machine by the folder."""
        (self.base / "Sync").mkdir(exist_ok=True)
        error = sync(FolderPeer(self.libraries[which], self.base / "Sync"))
        assert error is None, error
        self._learn(str(which), f"file {1 - which}")
        self._learn(f"file {which}", str(which))

    @rule(which=_WHICH)
    @always_counted
    def back_up_a_library(self, which: int) -> None:
        """Copy a library to a backup."""
        self._put(which, "library", "backup")
        self.backups[which] = dict(self.known[str(which)])
        self.early.discard(which)

    def _put(self, which: int, source: str, target: str) -> None:
        home = self.base / str(which)
        self.libraries[which].close()
        shutil.rmtree(home / target, ignore_errors=True)
        shutil.copytree(home / source, home / target)
        self.libraries[which] = self._opened(which)

    @precondition(lambda self: self.server.dated)
    @rule(which=_WHICH)
    @counted
    def restore_a_library(self, which: int) -> None:
        """Replace a library by its backup; changes not sent since then are lost."""
        if which in self.backups:
            self._verify(which)
            self._put(which, "backup", "library")
            mine = self.known[str(which)]
            fields = self._all_fields() | self.changes.keys()
            self.free |= {field for field in fields if which in self.early or mine[field] != self.backups[which].get(field)}
            self.known[str(which)] = defaultdict(frozenset, self.backups[which])
            self.are_alike = False

    # ── invariants ──────────────────────────────────────────────────────────

    @precondition(lambda self: not self.are_alike)  # a comparison takes fifty times as long as another rule
    @rule()
    @counted
    def all_are_alike(self) -> None:
        """Sync all until nothing is new, and compare."""
        self.server.now_s += self.step_s
        for story in range(STORIES):
            self.arrives(story)
        for which, library in enumerate(self.libraries):  # with news, a machine lists all items of the server
            news = Story(f"guid of news {self.server.now_s}", "news", published=datetime.fromtimestamp(0, UTC))
            library.for_paper(PAPER).save([news], now=self._now(which))
        for _ in range(3):
            for which in range(2):
                self.refresh(which, fails_at=-1, late=False)
        for which in range(2):
            self._sync(which)
            self.server.requests.clear()
            self._sync(which)
            listed = [each for each in self.server.requests if not each.endswith("tag/list")]
            assert len(listed) == len(self.marks)  # nothing is new
        ends = [self._marks_of(which) for which in range(2)]
        assert ends[0] == ends[1]
        for field, found in ends[0].items():
            story, mark = field
            if mark in self.marks:
                entry = self.server.entries[self.server.number_of(link(story)) or 0]
                assert found is (TAGS[mark] in entry.tags), field
            expected = {change.on for change in self._last(field)} or {self.before.get(field, False)}
            assert field in self.free or found in expected, (field, self.before.get(field), self.changes[field])
        self.before, self.free, self.forgotten = ends[0], set(), set()
        self.changes.clear()
        for known in self.known.values():
            known.clear()
        self.backups = {which: {} for which in self.backups}
        self.early = set(self.backups)
        self.are_alike = True

    def _verify(self, which: int) -> None:
        """Check a library that is closed or replaced afterwards: damage stays until then, and a check takes 9 ms."""
        assert self.libraries[which].maintenance.verify() == ()

    def _marks_of(self, which: int) -> dict[Field, bool]:
        rows = {row.guid: row for row in self.libraries[which].headlines(ListFilter(), limit=99)}
        marks: tuple[MarkName, ...] = ("read", "starred", "later")
        return {(n, mark): bool(getattr(rows[f"guid {n}"], mark)) for n in range(STORIES) for mark in marks}


TestServiceStates = counting_case(ServiceStates, runs(10, 25))


@contextmanager
def _machines(*, labels: bool, dated: bool) -> Iterator[ServiceStates]:
    """Yield machines and a server that are alike, and check at the end that they are alike again."""
    states = ServiceStates()
    states.begin(labels=labels, dated=dated, step_s=3)
    states.all_are_alike()
    yield states
    states.teardown()


def test_earlier_change_of_the_folder_does_not_return_forever() -> None:
    with _machines(labels=True, dated=False) as states:
        states.mark(which=0, mark="starred", story=3, on=True)
        states.sync_with_folder(which=0)
        states.mark(which=0, mark="starred", story=3, on=False)
        states.sync_with_folder(which=1)


def test_star_taken_off_on_the_phone_does_not_return_when_another_machine_wakes() -> None:
    for labels in (False, True):
        with _machines(labels=labels, dated=not labels) as states:
            states.mark(which=0, mark="starred", story=3, on=True)
            states.refresh(which=0, fails_at=-1, late=False)
            states.mark_on_the_phone(mark="starred", story=3, on=False)
            states.refresh(which=0, fails_at=-1, late=False)
            states.refresh(which=1, fails_at=-1, late=False)
            states.all_are_alike()
            assert not states.before[3, "starred"]


def test_phone_wins_against_an_earlier_mark_that_was_changed_and_changed_back() -> None:
    states = ServiceStates()
    states.begin(labels=False, dated=True, step_s=0.1)  # the server's dates are whole seconds
    states.mark_on_the_phone(mark="read", story=2, on=True)  # shows that the server dates changes
    states.mark(which=0, mark="starred", story=3, on=True)
    states.all_are_alike()
    for on in False, True:
        states.mark(which=0, mark="starred", story=3, on=on)
    states.refresh(which=0, fails_at=-1, late=False)
    states.mark_on_the_phone(mark="starred", story=3, on=False)
    states.all_are_alike()
    assert not states.before[3, "starred"]
    states.teardown()


def test_machine_that_answers_a_fast_clock_by_the_server_alone_wins() -> None:
    with _machines(labels=True, dated=False) as states:
        states.mark(which=1, mark="read", story=1, on=True)  # dated an hour ahead
        states.refresh(which=1, fails_at=-1, late=False)
        states._sync(0)
        states.mark(which=0, mark="read", story=1, on=False)
        states._sync(0)
        states.all_are_alike()
        assert not states.before[1, "read"]


def test_server_at_another_address_is_known_again_by_its_items() -> None:
    with _machines(labels=True, dated=False) as states:
        states.mark(which=0, mark="read", story=1, on=True)
        states._sync(0)
        states.mark_on_the_phone(mark="read", story=1, on=False)
        states._sync(0, "http://127.0.0.1:8080/api/greader.php")
        assert not states._marks_of(0)[1, "read"]


def test_failed_request_for_a_label_does_not_end_the_sync_of_the_label() -> None:
    with _machines(labels=True, dated=False) as states:
        states.mark(which=0, mark="later", story=1, on=True)
        states._sync(0)
        states.server.labels = False
        with pytest.raises(PortalError):
            states._sync(0)
        states.server.labels = True
        states.mark_on_the_phone(mark="later", story=1, on=False)
        states._sync(0)
        assert not states._marks_of(0)[1, "later"]


def test_mark_that_a_restored_server_lost_comes_back_from_a_machine_that_heard_of_it_by_the_folder() -> None:
    with _machines(labels=False, dated=True) as states:
        states.mark_on_the_phone(mark="read", story=2, on=True)  # shows that the server dates changes
        states.all_are_alike()
        states.back_up_the_server()
        states.mark(which=1, mark="starred", story=2, on=True)
        states.refresh(which=1, fails_at=-1, late=False)
        states.refresh(which=0, fails_at=-1, late=False)
        states.restore_the_server()
        states.refresh(which=0, fails_at=-1, late=False)
        assert states._marks_of(0)[2, "starred"]


def test_mark_that_a_restored_server_with_wrong_dates_lost_comes_back_from_the_other_machine() -> None:
    states = ServiceStates()
    states.begin(labels=True, dated=True, step_s=3, has_wrong_dates=True)
    states.mark(which=0, mark="later", story=3, on=True)  # shows that the server dates changes
    states.all_are_alike()
    states.restore_the_server()
    states.all_are_alike()
    states.back_up_the_server()
    states.mark(which=1, mark="read", story=2, on=True)
    states.all_are_alike()
    states.restore_the_server()
    states.all_are_alike()
    assert states.before[2, "read"]
    states.teardown()


def test_restored_server_that_gave_the_same_ids_to_other_stories_gets_no_mark_of_another_story() -> None:
    states = ServiceStates()
    states.begin(labels=False, dated=True, step_s=3)
    states.arrives(story=0)
    states.back_up_the_server()
    states.all_are_alike()
    states.restore_the_server()
    states.arrives(story=4)
    states.mark(which=1, mark="read", story=3, on=True)
    states.all_are_alike()
    assert [story for story in range(STORIES) if states.before[story, "read"]] == [3]
    states.teardown()


def test_change_on_a_library_restored_from_before_all_were_alike_knows_no_earlier_change() -> None:
    states = ServiceStates()
    states.begin(labels=False, dated=True, step_s=3)
    states.mark(which=1, mark="later", story=4, on=True)
    states.back_up_a_library(which=1)
    states.all_are_alike()
    states.restore_a_library(which=1)
    states.mark(which=1, mark="later", story=4, on=False)
    states.teardown()


def test_one_mark_takes_four_requests_and_nothing_new_two() -> None:
    with _machines(labels=False, dated=True) as states:
        for story in (1, 2):  # the first mark shows that the server dates changes
            states.mark(which=0, mark="starred", story=story, on=True)
            states.server.requests.clear()
            states._sync(0)
        assert [each.removeprefix("/reader/api/0/") for each in states.server.requests] == [
            *["stream/items/ids"] * 2,
            "token",
            "edit-tag",
        ]
        states.server.requests.clear()
        states._sync(0)
        assert len(states.server.requests) == 2


def test_new_items_of_a_feed_that_is_no_paper_are_requested_once() -> None:
    with _machines(labels=False, dated=True) as states:
        states.server.add("https://other.example/1", "feed/53")
        states._sync(0)
        states.mark_on_the_phone(mark="read", story=1, on=True)
        states.server.requests.clear()
        states._sync(0)
        operations = [each.removeprefix("/reader/api/0/") for each in states.server.requests]
        assert operations == [*["stream/items/ids"] * 2, "token", "stream/items/contents"]


def test_new_items_are_saved_a_few_at_a_time_and_kept_without_links(monkeypatch: pytest.MonkeyPatch) -> None:
    saved: list[int] = []
    save = GreaderItemStore.save

    def count_saved(store: GreaderItemStore, items: Iterable[StoredGreaderItem]) -> None:
        rows = [*items]
        saved.append(len(rows))
        save(store, rows)

    monkeypatch.setattr(GreaderItemStore, "save", count_saved)
    monkeypatch.setattr(greader_peer, "_SAVED_AT_ONCE", 2)
    monkeypatch.setattr(greader_peer, "_ROLLBACK_PROBES", 1)
    with _machines(labels=False, dated=True) as states:
        saved.clear()
        numbers = {states.server.add(f"https://one.example/more/{n}") for n in range(5)}
        states._sync(0)
        assert sum(saved) >= 5 and max(saved) == 2
        items = states.libraries[0].greader_items.all()
        assert numbers <= items.keys() and {each.link for each in items.values()} == {""}


def test_mark_sent_while_the_header_date_was_wrong_is_removed_on_the_phone() -> None:
    with _machines(labels=False, dated=True) as states:
        states.mark_on_the_phone(mark="read", story=2, on=True)  # shows that the server dates changes
        states.all_are_alike()
        for lead_s in (20 * 3600, -20 * 3600):
            states.server.leads_s = [lead_s]
            states.mark(which=0, mark="starred", story=1, on=True)
            states.refresh(which=0, fails_at=-1, late=False)
            states.server.leads_s = [0]
            states.mark_on_the_phone(mark="starred", story=1, on=False)
            states.all_are_alike()
            assert not states.before[1, "starred"]


@pytest.mark.parametrize("year", [1900, 2100, 9999])
def test_machines_agree_after_the_service_had_a_wrong_date_once(year: int) -> None:
    with _machines(labels=False, dated=False) as states:
        states.mark_on_the_phone(mark="read", story=1, on=True)
        states.server.leads_s = [int(datetime(year, 6, 1, tzinfo=UTC).timestamp() - states.server.now_s)]
        states.refresh(which=0, fails_at=-1, late=False)
        states.server.leads_s = [0]
        for which, on in ((1, False), (0, True), (1, False)):
            states.sync_with_folder(which)
            states.mark(which=which, mark="read", story=1, on=on)
            states.sync_with_folder(which)
        states.all_are_alike()
        assert not states.before[1, "read"]
