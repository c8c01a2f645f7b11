"""Daily backups of reader.db: seven are kept, and a damaged file is restored from the newest good one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest

from bpost_tui.model.story import ListFilter, Story
from bpost_tui.store.library import Library
from bpost_tui.store.repair import backups
from bpost_tui.store.repair.row_sanitizer import COLUMN_RULES
from bpost_tui.store.schema.migrations import READER
from bpost_tui.store.writer_queue import QUEUE_FILE
from tests.unit.store.damage import root_page, spoil, spoil_page
from tests.unit.store.older_files import as_of

MakeStory = Callable[..., Story]


class SettableClock:
    """Clock that only moves when a test sets it."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(now: datetime) -> SettableClock:
    return SettableClock(now)


def copies(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "backups").glob("*"))


def marks_in(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("SELECT count(*) FROM marks WHERE starred_us IS NOT NULL").fetchone()[0])


def star_one_a_day(folder: Path, make_story: MakeStory, clock: SettableClock, days: int) -> None:
    with Library(folder, clock=clock) as library:
        new = library.save([make_story(n) for n in range(days)], now=clock.now).new
        for story in new:
            library.set_mark("starred", [story], True, now=clock.now)
            library.set_mark("starred", [story], True, now=clock.now)
            clock.now += timedelta(days=1)


def test_reader_db_is_opened_for_a_backup_only_after_a_write(
    tmp_path: Path, make_story: MakeStory, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, back_up = list[datetime](), backups.back_up

    def counted(folder: Path, now: datetime) -> bool:
        opened.append(now)
        return back_up(folder, now)

    monkeypatch.setattr(backups, "back_up", counted)
    with Library(tmp_path, clock=clock) as library, Library(tmp_path, clock=clock) as other:
        for n in range(9):
            new = library.save([make_story(n)], now=clock.now).new
        assert len(opened) == 1
        other.set_mark("starred", list(new), True, now=clock.now)
        assert copies(tmp_path) == []
        library.save([make_story(99)], now=clock.now)
        assert len(copies(tmp_path)) == 1


@pytest.mark.parametrize("table", sorted(COLUMN_RULES[READER.name].keys() - {"own_list_entries"}))
def test_one_row_of_any_table_but_times_is_backed_up(tmp_path: Path, clock: SettableClock, table: str) -> None:
    with Library(tmp_path, clock=clock) as library:
        library.save([], now=clock.now)
    with closing(sqlite3.connect(tmp_path / READER.name)) as db, db:
        columns = db.execute('SELECT name, type FROM pragma_table_info(?) WHERE "notnull" OR pk', (table,)).fetchall()
        values = [1 if kind == "INTEGER" else "x" for _, kind in columns]
        names = ", ".join(name for name, _ in columns)
        db.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(values))})", values)
    backups.back_up(tmp_path, clock.now)
    assert bool(copies(tmp_path)) == (table != "reader_events")


def test_backup_is_made_at_the_days_first_write_and_seven_are_kept(
    tmp_path: Path, make_story: MakeStory, clock: SettableClock
) -> None:
    star_one_a_day(tmp_path, make_story, clock, 10)
    assert copies(tmp_path) == [f"reader-202611{day}.db" for day in range(27, 31)] + [
        f"reader-2026120{day}.db" for day in (1, 2, 3)
    ]
    for number, name in enumerate(copies(tmp_path)):
        path = tmp_path / "backups" / name
        assert marks_in(path) == number + 3  # as at the beginning of its day
        assert path.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "backups").stat().st_mode & 0o777 == 0o700


def test_backup_is_not_made_of_nothing_nor_by_reading(tmp_path: Path, make_story: MakeStory, clock: SettableClock) -> None:
    with Library(tmp_path, clock=clock) as library:
        library.save([make_story(1)], now=clock.now)
        library.headlines(ListFilter(), limit=5)
        assert copies(tmp_path) == []
        library.set_mark("read", [1], True, now=clock.now)
        library.set_mark("read", [1], False, now=clock.now)
        assert copies(tmp_path) == ["reader-20261124.db"]


def test_backup_with_a_wrong_clock_never_outlives_right_ones(tmp_path: Path, make_story: MakeStory, clock: SettableClock) -> None:
    right = clock.now
    clock.now += timedelta(days=9000)
    star_one_a_day(tmp_path, make_story, clock, 2)
    clock.now = right
    star_one_a_day(tmp_path, make_story, clock, 9)
    assert len(copies(tmp_path)) == 7
    assert all(name < "reader-2027" for name in copies(tmp_path))


def test_failing_backup_is_reported_once_and_the_mark_is_set(tmp_path: Path, make_story: MakeStory, clock: SettableClock) -> None:
    with Library(tmp_path, clock=clock) as library:
        (tmp_path / "backups").touch()
        library.save([make_story(n) for n in range(3)], now=clock.now)
        for story in (1, 2, 3):
            library.set_mark("read", [story], True, now=clock.now)
        assert library.unread_count() == 0
        (notice,) = library.notices
        assert "the marks couldn't be backed up" in notice


def test_backup_is_made_once_when_several_threads_write(tmp_path: Path, make_story: MakeStory, clock: SettableClock) -> None:
    with Library(tmp_path, clock=clock) as library, ThreadPoolExecutor(4) as threads:
        stories = library.save([make_story(n) for n in range(4)], now=clock.now).new
        library.set_mark("starred", stories, True, now=clock.now)
        at_once = Barrier(len(stories))

        def mark(story: int) -> None:
            at_once.wait()
            library.set_mark("read", [story], True, now=clock.now)

        for _ in range(3):
            clock.now += timedelta(days=1)
            list(threads.map(mark, stories))
        assert library.notices == ()
    assert len(copies(tmp_path)) == 3


@pytest.mark.parametrize("how", ["emptied", "text", "zeros", "directory", "foreign"])
def test_destroyed_reader_db_is_restored_from_the_newest_good_backup(
    tmp_path: Path, make_story: MakeStory, clock: SettableClock, how: str
) -> None:
    star_one_a_day(tmp_path, make_story, clock, 5)
    newest = tmp_path / "backups" / copies(tmp_path)[-1]
    newest.write_bytes(newest.read_bytes()[:5000])  # damage the newest backup
    for suffix in ("-wal", "-shm"):
        (tmp_path / f"reader.db{suffix}").unlink(missing_ok=True)
    spoil(tmp_path / "reader.db", how)
    with Library(tmp_path, clock=clock) as library:
        library.reading_log.record_visit(clock.now)
        assert library.count(ListFilter(starred=True)) == 5
        carried, taken_back = library.notices
        assert "rows were rescued" in carried
        assert taken_back.endswith("stories.db: 2")  # starred after the backup was made
    assert list(tmp_path.glob("reader.db.*-2026*"))


def test_partly_damaged_reader_db_is_completed_from_the_backup(tmp_path: Path, make_story: MakeStory, clock: SettableClock) -> None:
    star_one_a_day(tmp_path, make_story, clock, 3)
    with Library(tmp_path, clock=clock) as library:
        library.set_mark("starred", [1], False, now=clock.now)  # later than the backup
    path = tmp_path / "reader.db"
    spoil_page(path, root_page(path, "marks_by_link"))
    with Library(tmp_path, clock=clock) as library:
        library.save([make_story(9)], now=clock.now)
        assert [row.id for row in library.headlines(ListFilter(starred=True), limit=9)] == [3, 2]


def test_backup_of_an_earlier_version_is_good(tmp_path: Path, make_story: MakeStory, clock: SettableClock) -> None:
    star_one_a_day(tmp_path, make_story, clock, 3)
    for name in copies(tmp_path):
        as_of(tmp_path / "backups" / name, READER, 2)
    assert backups.newest_backup(tmp_path, clock.now) == tmp_path / "backups" / copies(tmp_path)[-1]
    (tmp_path / "reader.db").write_bytes(b"\xff" * 9000)
    with Library(tmp_path, clock=clock) as library:
        library.reading_log.record_visit(clock.now)
        assert library.count(ListFilter(starred=True)) == 3
        assert library.notices[1].endswith("stories.db: 1")  # the last day's star isn't in the backup
    assert not (tmp_path / "backups" / QUEUE_FILE).exists()  # backups are only read
