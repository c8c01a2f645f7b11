"""Writers of a library queue: a mark gets its turn between two transactions of a job, and waits as long as the job is busy."""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event, Thread
from time import sleep

import pytest

from bpost_tui.errors import StoreError
from bpost_tui.model.story import ListFilter, Story
from bpost_tui.store import greader_items, sqlite_files, writer_queue
from bpost_tui.store.grouping import group_builder
from bpost_tui.store.library import Library
from bpost_tui.store.search import search_index
from bpost_tui.store.sqlite_files import OpenMode, connect, transaction
from tests.conftest import NOW

MakeStory = Callable[..., Story]


@contextmanager
def job(folder: Path, seconds: float) -> Iterator[list[int]]:
    """Run a job of transactions of `seconds` each without a pause between two; yield the list of those begun."""
    begun, ended = list[int](), Event()

    def work() -> None:
        with closing(connect(folder, OpenMode.WRITE)) as db:
            while not ended.is_set():
                with transaction(db):
                    begun.append(len(begun))
                    sleep(seconds)

    thread = Thread(target=work)
    thread.start()
    try:
        while not begun:
            sleep(0.001)
        yield begun
    finally:
        ended.set()
        thread.join()


def test_mark_gets_its_turn_between_two_transactions_of_a_job(library: Library, make_story: MakeStory) -> None:
    saved = library.save([make_story(number) for number in range(5)], now=NOW).new
    with job(library.folder, 0.2) as begun:
        for number in saved:
            sleep(0.05)  # the job has begun again
            before = len(begun)
            library.set_mark("starred", [number], True, now=NOW)
            assert len(begun) - before <= 1  # not even one more: the job waits for this mark
    assert library.count(ListFilter(starred=True)) == 5


def test_mark_waits_longer_than_sqlite_if_bpost_itself_is_busy(
    library: Library, make_story: MakeStory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_files, "BUSY_S", 0.05)
    saved = library.save([make_story(0)], now=NOW).new
    with Library(library.folder) as other, job(library.folder, 0.6):
        assert other.set_mark("starred", saved, True, now=NOW) == saved


def test_compacting_waits_longer_than_sqlite_if_bpost_itself_is_busy(
    library: Library, make_story: MakeStory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_files, "BUSY_S", 0.05)
    library.save([make_story(0)], now=NOW)
    with Library(library.folder) as other, job(library.folder, 0.6):
        other.maintenance.compact(lambda *_: None)
    assert library.maintenance.verify() == ()


def test_writer_gives_up_if_the_one_before_never_ends(
    library: Library, make_story: MakeStory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_files, "BUSY_S", 0.05)
    monkeypatch.setattr(writer_queue, "LIMIT_S", 0.2)
    saved = library.save([make_story(0)], now=NOW).new
    with Library(library.folder) as other, closing(connect(library.folder, OpenMode.WRITE)) as db:
        db.execute("BEGIN IMMEDIATE")  # as an older bpost does
        with pytest.raises(StoreError, match="the library is in use"):
            other.set_mark("starred", saved, True, now=NOW)
        db.execute("ROLLBACK")
        other.set_mark("starred", saved, True, now=NOW)


def test_stopped_process_in_the_queue_holds_nobody_up_for_ever(
    library: Library, make_story: MakeStory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_queue, "LIMIT_S", 0.2)
    saved = library.save([make_story(0)], now=NOW).new
    with (library.folder / writer_queue.QUEUE_FILE).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert library.set_mark("starred", saved, True, now=NOW) == saved


def test_mark_does_not_wait_for_verify(library: Library, make_story: MakeStory, monkeypatch: pytest.MonkeyPatch) -> None:
    saved = library.save([make_story(0)], now=NOW).new
    regroup, waits = group_builder.regroup_by_present_rules, list[bool]()

    def mark_meanwhile(db: sqlite3.Connection) -> group_builder.Regrouping:
        thread = Thread(target=library.set_mark, args=("starred", saved, True), kwargs={"now": NOW})
        thread.start()
        thread.join(5)
        waits.append(thread.is_alive())
        return regroup(db)

    monkeypatch.setattr(group_builder, "regroup_by_present_rules", mark_meanwhile)
    assert library.maintenance.verify() == () and waits == [False]
    assert library.count(ListFilter(starred=True)) == 1


def test_verify_of_a_library_that_cannot_be_written_checks_everything(library: Library, make_story: MakeStory) -> None:
    library.save([make_story(0)], now=NOW)
    with Library(library.folder, read_only=True) as read_only:
        assert read_only.maintenance.verify() == ()
        with closing(connect(library.folder, OpenMode.WRITE)) as db, transaction(db):
            db.execute("UPDATE stories SET entry = NULL")
        assert [line for line in read_only.maintenance.verify() if "search index" in line]
        with closing(connect(library.folder, OpenMode.WRITE)) as db, transaction(db):
            search_index.begin_emptying(db)
        assert read_only.maintenance.verify() == ()


def test_library_works_in_a_folder_without_locks(library: Library, make_story: MakeStory, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    assert len(library.save([make_story(0)], now=NOW).new) == 1


def test_large_feed_saved_in_parts_is_as_if_saved_at_once(library: Library, make_story: MakeStory, tmp_path: Path) -> None:
    sent = [
        make_story(number, link="https://thebengalpost.net/" if number in (3, 8) else f"https://thebengalpost.net/{number}")
        for number in range(10)
    ]
    with Library(tmp_path / "whole") as whole:
        whole.save(sent, now=NOW)
        for start in reversed(range(0, 10, 4)):
            library.first_paper.save(sent, now=NOW, part=slice(start, start + 4))
        rows = [[row._replace(paper="") for row in each.headlines(ListFilter(), limit=99)] for each in (whole, library)]
        assert rows[0] == rows[1] and len(rows[0]) == 10
        assert library.maintenance.verify() == ()


def test_batch_ends_after_its_time_with_one_item_at_least(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter((0.0, 0.04, 0.09, 0.11, 0.2))
    monkeypatch.setattr(writer_queue, "monotonic", lambda: next(times))
    assert list(writer_queue.within(0.1, "abcde")) == ["a", "b", "c"]
    assert list(writer_queue.within(0.0, "")) == []
    monkeypatch.undo()
    assert list(writer_queue.within(-1, "ab")) == ["a"]


def test_database_in_memory_has_no_queue() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db, transaction(db):
        db.execute("CREATE TABLE t (x)")


def test_items_of_a_server_are_written_in_short_transactions(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(greader_items, "_WRITTEN_ROWS", 2)
    sizes, items = list[int](), library.greader_items
    with closing(connect(library.folder, OpenMode.READ)) as db:
        write = items._write

        def count_after(work: Callable[[sqlite3.Connection], object]) -> object:
            done = write(work)
            sizes.append(db.execute("SELECT count(*) FROM reader.greader_items").fetchone()[0])
            return done

        monkeypatch.setattr(items, "_write", count_after)
        items.save(greader_items.StoredGreaderItem(at, "p", f"https://a.org/{at}", f"a.org/{at}", 1, 1) for at in range(5))
        items.set_last_synced("read", ((at, at == 4) for at in range(5)))
        items.forget(range(3))
    assert sizes == [2, 4, 5, 5, 5, 5, 3, 2]
    assert {at: item.last_synced[0] for at, item in items.all().items()} == {3: False, 4: True}


def test_deleting_rows_writes_no_deleted_pages(library: Library) -> None:
    with closing(connect(library.folder, OpenMode.WRITE)) as db:
        db.execute("CREATE TABLE large (bytes)")
        db.executemany("INSERT INTO large VALUES (zeroblob(?))", [(10_000,)] * 100)
        db.execute("PRAGMA main.wal_checkpoint(TRUNCATE)")
        with transaction(db):
            db.execute("DELETE FROM large")
        assert (library.folder / "stories.db-wal").stat().st_size < 100_000
