from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol
from unittest.mock import Mock

import pytest

from bpost_tui.atomic import try_lock
from bpost_tui.errors import StoreError
from bpost_tui.mark_sync import sync_folder
from bpost_tui.mark_sync.folder_peer import FolderPeer, folder_sync_status
from bpost_tui.mark_sync.machine_identity import identify_machine
from bpost_tui.mark_sync.peer import sync
from bpost_tui.mark_sync.sync_folder import SyncFolder, file_name
from bpost_tui.model.marks import ReadingPosition
from bpost_tui.model.paper import Paper
from bpost_tui.model.search_values import SavedSearch
from bpost_tui.model.story import ListFilter, Story
from bpost_tui.store import change_store
from bpost_tui.store.library import Library
from tests.counted_sync import SyncCounts, counted_sync

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
PAPER = Paper("example.org", "https://example.org")
MINUTE = timedelta(minutes=1)


class Machine:
    """A machine with a library of ten stories, and a clock of its own."""

    def __init__(self, home: Path, folder: Path, *, clock: timedelta = timedelta(0), stories: int = 10) -> None:
        self.library = Library(home / "library")
        self.library.set_subscriptions([PAPER])
        self.ahead = clock
        self.folder = folder
        self.save(range(stories))

    def save(self, numbers: Iterator[int] | range, *, other_guids: bool = False) -> None:
        """Save the stories `numbers` as if the portal had sent them."""
        end = "/new" if other_guids else ""
        stories = [
            Story(f"guid {n}{end}", f"title {n}", f"https://example.org/{n}.html", published=NOW - n * MINUTE) for n in numbers
        ]
        self.library.save(stories, now=NOW)

    def number(self, story: int) -> int:
        return self.library.find(f"https://example.org/{story}.html")

    def now(self, at: int) -> datetime:
        """Return the time on this machine's clock at `at` minutes after noon."""
        return NOW + at * MINUTE + self.ahead

    def read(self, story: int, at: int, on: bool = True) -> None:
        self.library.set_mark("read", [self.number(story)], on, now=self.now(at))

    def star(self, story: int, at: int, on: bool = True) -> None:
        self.library.set_mark("starred", [self.number(story)], on, now=self.now(at))

    def sync(self) -> SyncCounts:
        return counted_sync(FolderPeer(self.library, self.folder))

    def marked(self) -> dict[str, list[int]]:
        """Return the read and the starred stories, according to lists and rows."""
        rows = self.library.headlines(ListFilter(), limit=100)
        found = {
            "read": [int(row.guid.split()[1].split("/")[0]) for row in rows if row.read],
            "starred": [int(row.guid.split()[1].split("/")[0]) for row in rows if row.starred],
        }
        assert self.library.unread_count() == len(rows) - len(found["read"])
        assert self.library.maintenance.verify() == ()
        return found


class SyncingMachine(Protocol):
    """Machine that syncs with the folder."""

    def sync(self) -> SyncCounts: ...


def sync_in_turn(*machines: SyncingMachine) -> None:
    """Sync each of `machines` with the folder, one after the other."""
    for each in machines:
        each.sync()


Make = Callable[..., Machine]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    (tmp_path / "Sync").mkdir()
    with ExitStack() as stack:

        def made(name: str, *, clock: timedelta = timedelta(0), stories: int = 10) -> Machine:
            machine = Machine(tmp_path / name, tmp_path / "Sync" / "bpost", clock=clock, stories=stories)
            stack.callback(machine.library.close)
            return machine

        yield made


@pytest.fixture
def laptop(make: Make) -> Machine:
    return make("laptop")


@pytest.fixture
def desktop(make: Make) -> Machine:
    return make("desktop")


def test_marks_from_before_and_after_the_first_sync_are_sent(laptop: Machine, desktop: Machine) -> None:
    laptop.read(1, 0)
    laptop.star(2, 0)
    assert laptop.sync() == SyncCounts(received=0, sent=2)
    assert desktop.sync() == SyncCounts(received=2, sent=2)  # its file is new, and so has all known changes
    assert desktop.marked() == {"read": [1], "starred": [2]}
    laptop.read(3, 1)
    laptop.read(1, 1, on=False)
    assert laptop.sync() == SyncCounts(sent=2)
    desktop.sync()
    assert desktop.marked() == {"read": [3], "starred": [2]}
    assert (laptop.sync(), desktop.sync()) == (SyncCounts(), SyncCounts())


def test_sync_writes_nothing_without_changes(laptop: Machine, desktop: Machine) -> None:
    laptop.read(1, 0)
    sync_in_turn(laptop, desktop, laptop, desktop)
    before = laptop.library.revision(), desktop.library.revision()
    sync_in_turn(laptop, desktop)
    assert (laptop.library.revision(), desktop.library.revision()) == before


def test_received_changes_are_not_sent_as_own(laptop: Machine, desktop: Machine) -> None:
    laptop.read(1, 0)
    laptop.sync()
    desktop.read(2, 0)
    desktop.sync()
    desktop.read(3, 1)
    assert desktop.sync() == SyncCounts(sent=1)


def test_undoing_a_received_mark_wins_despite_a_slow_clock(make: Make, laptop: Machine) -> None:
    slow = make("slow", clock=-5 * MINUTE)
    laptop.read(1, 0)
    sync_in_turn(laptop, slow)
    slow.read(1, 1, on=False)
    sync_in_turn(slow, laptop)
    assert laptop.marked() == slow.marked() == {"read": [], "starred": []}


def test_later_of_two_independent_marks_wins(laptop: Machine, desktop: Machine) -> None:
    laptop.read(1, 0)
    laptop.read(1, 2, on=False)
    desktop.read(1, 1)
    sync_in_turn(laptop, desktop, laptop)
    assert laptop.marked() == desktop.marked() == {"read": [], "starred": []}


def test_marks_of_a_missing_story_wait_for_it(make: Make, laptop: Machine) -> None:
    empty = make("empty", stories=0)
    laptop.star(4, 0)
    sync_in_turn(laptop, empty)
    empty.save(range(10))
    assert empty.marked()["starred"] == [4]


def test_marks_are_matched_by_link_when_the_guid_differs(make: Make, laptop: Machine) -> None:
    other = make("other", stories=0)
    other.save(range(10), other_guids=True)
    laptop.star(4, 0)
    sync_in_turn(laptop, other)
    assert other.marked()["starred"] == [4]
    other.star(4, 1, on=False)
    sync_in_turn(other, laptop)
    assert laptop.marked()["starred"] == []


def test_later_reading_position_wins_on_all_machines(laptop: Machine, desktop: Machine) -> None:
    number = laptop.number(1)
    laptop.library.reading_log.save_position(number, 3, 0.5, now=laptop.now(0))
    sync_in_turn(laptop, desktop)
    assert desktop.library.reading_log.position(desktop.number(1)) == ReadingPosition(3, 0.5)
    desktop.library.reading_log.save_position(desktop.number(1), 9, 0.0, now=desktop.now(-30))
    sync_in_turn(desktop, laptop)
    assert laptop.library.reading_log.position(number) == ReadingPosition(9, 0.0)


def test_saved_searches_are_synced_and_deleted_on_all_machines(laptop: Machine, desktop: Machine) -> None:
    laptop.library.saved_searches.save("rivers", "নদী", now=laptop.now(0))
    sync_in_turn(laptop, desktop)
    assert desktop.library.saved_searches.all() == (SavedSearch("rivers", "নদী"),)
    desktop.library.saved_searches.delete("rivers", now=desktop.now(-5))
    sync_in_turn(desktop, laptop)
    assert laptop.library.saved_searches.all() == ()
    laptop.library.saved_searches.save("rivers", "kangsabati", now=laptop.now(-10))
    sync_in_turn(laptop, desktop)
    assert desktop.library.saved_searches.all() == (SavedSearch("rivers", "kangsabati"),)


def test_new_machine_gets_marks_of_a_removed_machine(make: Make, laptop: Machine, desktop: Machine) -> None:
    laptop.star(1, 0)
    sync_in_turn(laptop, desktop)
    for name in os.listdir(laptop.folder):
        (laptop.folder / name).unlink()
    desktop.sync()
    third = make("third")
    third.sync()
    assert third.marked()["starred"] == [1]


def test_lost_marks_are_restored_from_the_own_sync_file(make: Make, laptop: Machine, tmp_path: Path) -> None:
    laptop.star(1, 0)
    laptop.sync()
    laptop.library.close()
    for file in (tmp_path / "laptop" / "library").glob("*.db*"):
        file.unlink()
    shutil.rmtree(tmp_path / "laptop" / "library" / "backups")
    again = make("laptop")
    assert again.marked()["starred"] == []
    assert again.sync().received == 1
    assert again.marked()["starred"] == [1]


def test_missing_folder_is_an_error_and_marks_are_sent_later(laptop: Machine, desktop: Machine, tmp_path: Path) -> None:
    laptop.read(1, 0)
    laptop.sync()
    (tmp_path / "Sync").rename(tmp_path / "unmounted")
    laptop.read(2, 1)
    trouble = laptop.sync().error
    assert trouble is not None
    assert str(laptop.folder) in trouble.message
    (tmp_path / "unmounted").rename(tmp_path / "Sync")
    assert laptop.sync() == SyncCounts(sent=1)
    desktop.sync()
    assert desktop.marked()["read"] == [1, 2]


def test_sync_is_skipped_while_another_process_runs_it(laptop: Machine) -> None:
    laptop.read(1, 0)
    with try_lock(laptop.library.folder / "exchange.lock"):
        assert laptop.sync() == SyncCounts()
    assert laptop.sync() == SyncCounts(sent=1)


def test_mostly_outdated_sync_file_is_rewritten(laptop: Machine, desktop: Machine) -> None:
    file = laptop.folder / file_name(identify_machine(laptop.library.folder).id)
    laptop.read(1, 0)
    laptop.sync()
    lines = file.read_bytes().splitlines(keepends=True)
    with file.open("ab") as more:
        more.write(lines[1] * 1100)
    laptop.read(2, 1)
    laptop.sync()
    assert file.read_bytes().count(b"\n") == 3
    desktop.sync()
    assert desktop.marked()["read"] == [1, 2]


def test_restored_file_is_rewritten_after_a_killed_rewrite(
    laptop: Machine, desktop: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = laptop.folder / file_name(identify_machine(laptop.library.folder).id)
    laptop.read(1, 0)
    laptop.sync()
    earlier = file.read_bytes()
    laptop.read(2, 1)
    laptop.sync()
    file.write_bytes(earlier)  # as the syncing program may restore it
    with monkeypatch.context() as killed, pytest.raises(KeyboardInterrupt):
        killed.setattr(SyncFolder, "rewrite", Mock(side_effect=KeyboardInterrupt))
        laptop.sync()
    sync_in_turn(laptop, desktop)
    assert desktop.marked()["read"] == [1, 2]


@pytest.mark.parametrize("is_whole", [False, True])
def test_file_replaced_during_writing_is_rewritten_next_time(
    laptop: Machine, desktop: Machine, monkeypatch: pytest.MonkeyPatch, is_whole: bool
) -> None:
    file = laptop.folder / file_name(identify_machine(laptop.library.folder).id)
    laptop.read(1, 0)
    laptop.sync()
    earlier = file.read_bytes()
    laptop.read(2, 1)
    if is_whole:
        file.unlink()
    what = "write_whole" if is_whole else "_write_all"
    write = getattr(sync_folder, what)

    def replaced(*args: object) -> None:
        write(*args)
        file.with_name("earlier").write_bytes(earlier)
        file.with_name("earlier").replace(file)

    with monkeypatch.context() as syncing:
        syncing.setattr(sync_folder, what, replaced)
        assert laptop.sync().error is None
    assert file.read_bytes() == earlier
    sync_in_turn(laptop, desktop)
    assert desktop.marked()["read"] == [1, 2]


def test_folder_status_lists_machines_and_problems(laptop: Machine, desktop: Machine) -> None:
    laptop.read(1, 0)
    sync_in_turn(laptop, desktop)
    own = laptop.folder / file_name(identify_machine(laptop.library.folder).id)
    (laptop.folder / f"{own.stem}.sync-conflict-1.jsonl").write_bytes(own.read_bytes())
    with own.open("ab") as file:
        file.write(b'{"sum":"0')
    (laptop.folder / "notes.txt").touch()
    status = folder_sync_status(desktop.library, desktop.folder)
    assert (len(status.machines), status.waiting) == (1, False)
    assert sorted(problem.split(": ", 1)[1] for problem in status.problems) == [
        "a conflict copy; merged, safe to delete",
        "incomplete (still arriving)",
        "not written by bpost",
    ]
    desktop.read(5, 0)
    assert folder_sync_status(desktop.library, desktop.folder).waiting


def test_sync_reports_a_read_only_library(make: Make, laptop: Machine, tmp_path: Path) -> None:
    laptop.read(1, 0)
    laptop.sync()
    with Library(tmp_path / "desk2" / "library") as made:
        made.set_subscriptions([PAPER])
    with Library(tmp_path / "desk2" / "library", read_only=True) as library:
        assert isinstance(sync(FolderPeer(library, laptop.folder)), StoreError)


def test_bug_in_scanning_the_folder_is_reported_as_an_error(laptop: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(SyncFolder, "scan", wrong)
    trouble = laptop.sync().error
    assert trouble is not None and "it can't be read (ZeroDivisionError)" in trouble.message


def test_other_machines_changes_are_bounded(laptop: Machine, desktop: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change_store, "_LIMITS", {"search": ("saved_searches", 5), "list": ("own_lists", 5)})
    for number in range(9):
        laptop.library.saved_searches.save(f"search {number}", "নদী", now=laptop.now(0))
    desktop.library.saved_searches.save("mine", "নদী", now=desktop.now(0))
    sync_in_turn(laptop, desktop)
    assert len(desktop.library.saved_searches.all()) == 5
    laptop.library.saved_searches.save("search 0", "হাওড়া", now=laptop.now(1))
    sync_in_turn(laptop, desktop)
    assert ("search 0", "হাওড়া") in desktop.library.saved_searches.all()


def test_rejected_change_is_reported_once_until_it_changes(laptop: Machine, desktop: Machine) -> None:
    laptop.library.save([Story("a\u200bb", "title", published=NOW)], now=NOW)
    number = laptop.library.headlines(ListFilter(), limit=1)[0].id
    laptop.read(1, 0)
    laptop.sync()
    laptop.library.set_mark("read", [number], True, now=laptop.now(1))
    laptop.read(2, 1)
    result = laptop.sync()
    assert result.sent == 1
    assert result.error is not None and "other machines would reject them" in str(result.error.message)
    peer = FolderPeer(laptop.library, laptop.folder)
    assert not peer.is_due()
    assert sync(peer) is None
    assert [str(each) for each in folder_sync_status(laptop.library, laptop.folder).problems] == [str(result.error.message)]
    laptop.library.set_mark("read", [number], False, now=laptop.now(2))
    assert peer.is_due()
    assert str(laptop.sync().error) == str(result.error)
    (laptop.folder / peer.folder.own_name).unlink()
    assert "other machines would reject them" in str(laptop.sync().error)
    desktop.sync()
    assert desktop.marked()["read"] == [1, 2]


def test_change_a_year_ahead_waits_and_is_reported_once(make: Make, laptop: Machine) -> None:
    ahead = make("ahead", clock=timedelta(days=366))
    ahead.read(1, 0)
    ahead.sync()
    laptop.read(2, 0)
    result = laptop.sync()
    assert "1 changes are dated more than a day ahead" in str(result.error)
    assert laptop.sync().error is None
    assert laptop.marked()["read"] == [2]
    assert any("they wait until then" in str(problem) for problem in folder_sync_status(laptop.library, laptop.folder).problems)
    laptop.read(1, 1)
    laptop.read(1, 2, on=False)
    laptop.sync()
    assert laptop.marked()["read"] == [2]


def test_changes_without_room_are_counted(laptop: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync_folder, "MAX_FILE_BYTES", 1500)
    monkeypatch.setattr(sync_folder, "_SPARE_BYTES", 100)
    for number in range(10):
        laptop.read(number, number)
        laptop.star(number, number)
    assert "no room for the" in str(laptop.sync().error)
    assert any("no room for the" in str(problem) for problem in folder_sync_status(laptop.library, laptop.folder).problems)
