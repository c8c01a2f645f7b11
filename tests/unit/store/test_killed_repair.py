"""Repair of reader.db: killed before each commit and each change of a file's name, on a full disk, beside the old file's log.

The next opening or write restores everything.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sqlite3
import sys
import traceback
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest

from bpost_tui.model.passage import QuoteSelector
from bpost_tui.model.story import ListFilter, Story
from bpost_tui.store.library import Library
from tests.kept_passages import keep_passage
from tests.unit.store.damage import spoil

MakeStory = Callable[..., Story]
QUOTED = QuoteSelector("মেদিনীপুর", "নভেম্বর: ", "")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, make_story: MakeStory, now: datetime) -> Path:
    """Return the folder of a closed library with a backup of a passage, a search and marks, and with marks set after it."""
    folder = tmp_path_factory.mktemp("filled") / "library"
    with Library(folder, clock=lambda: now - timedelta(days=1)) as library:
        new = library.save([make_story(n) for n in range(6)], now=now).new
        library.set_mark("starred", new[:2], True, now=now)
        keep_passage(library, new[0], QUOTED, "a note", now=now)
        library.saved_searches.save("rain", "বৃষ্টি", now=now)
    with Library(folder, clock=lambda: now) as library:  # the first write makes the day's backup
        library.set_mark("starred", new[2:4], True, now=now)
    return folder


def found(folder: Path, now: datetime) -> tuple[int, int, int]:
    """Open the library, and return the numbers of its stars, passages and searches."""
    with Library(folder, clock=lambda: now) as library:
        assert library.maintenance.verify() == ()
        return library.count(ListFilter(starred=True)), library.count_passages(), len(library.saved_searches.all())


def without_reader_db(filled: Path, to: Path, *, has_backup: bool) -> Path:
    """Return `to`, a copy of the folder `filled` without reader.db and, unless `has_backup`, without its backup."""
    shutil.copytree(filled, to, ignore=shutil.ignore_patterns("reader.db", *([] if has_backup else ["backups"])))
    return to


@pytest.mark.parametrize("has_backup", [True, False])
@pytest.mark.parametrize("how", ["missing", "emptied", "text"])
def test_killed_repair_of_reader_db_is_completed_by_the_next_opening(
    tmp_path: Path, filled: Path, now: datetime, how: str, has_backup: bool
) -> None:
    damaged, folder = tmp_path / "damaged", tmp_path / "library"
    shutil.copytree(filled, damaged)
    if how == "missing":
        (damaged / "reader.db").unlink()
    else:
        spoil(damaged / "reader.db", how)
    if not has_backup:
        shutil.rmtree(damaged / "backups")
    shutil.copytree(damaged, folder)
    wanted = found(folder, now)
    assert wanted == ((4, 1, 1) if has_backup else (4, 0, 0))
    number, lost = 1, dict[int, object]()
    while True:
        shutil.rmtree(folder)
        shutil.copytree(damaged, folder)
        child = os.fork()
        if not child:
            _open_and_die(folder, now, number)
        _, status = os.waitpid(child, 0)
        if (after := found(folder, now)) != wanted:
            lost[number] = after
        if not os.WIFSIGNALED(status):
            assert os.waitstatus_to_exitcode(status) == 0
            break
        number += 1
    assert lost == {} and number > 5


@pytest.mark.parametrize("has_backup", [True, False])
def test_running_process_restores_marks_before_it_writes(tmp_path: Path, filled: Path, now: datetime, has_backup: bool) -> None:
    folder = tmp_path / "library"
    number, lost = 1, dict[int, object]()
    while True:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(filled, folder)
        to_writer, from_writer = os.pipe(), os.pipe()
        writer = os.fork()
        if not writer:
            _write_when_asked(folder, now, to_writer[0], from_writer[1])
        os.read(from_writer[0], 1)
        for path in folder.glob("reader.db*"):
            path.unlink()
        if not has_backup:
            shutil.rmtree(folder / "backups")
        child = os.fork()
        if not child:
            _open_and_die(folder, now, number)
        _, status = os.waitpid(child, 0)
        os.write(to_writer[1], b"w")
        assert os.waitstatus_to_exitcode(os.waitpid(writer, 0)[1]) == 0
        for end in (*to_writer, *from_writer):
            os.close(end)
        if (after := found(folder, now)) != ((5, 1, 1) if has_backup else (5, 0, 0)):
            lost[number] = after
        if not os.WIFSIGNALED(status):
            break
        number += 1
    assert lost == {} and number > 5


@pytest.mark.parametrize("has_backup", [True, False])
@pytest.mark.parametrize("limit_bytes", range(0, 240_000, 40_000))
def test_full_disk_during_a_repair_loses_nothing(
    tmp_path: Path, filled: Path, now: datetime, has_backup: bool, limit_bytes: int
) -> None:
    folder = without_reader_db(filled, tmp_path / "library", has_backup=has_backup)
    child = os.fork()
    if not child:
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limits[1]))
        _exit_after(lambda: _star_after_opening(folder, now, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limits)))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert found(folder, now) == ((5, 1, 1) if has_backup else (5, 0, 0))


@pytest.mark.parametrize("log", ["-wal", "-journal"])
def test_log_of_a_missing_reader_db_is_kept_away_from_the_new_file(tmp_path: Path, filled: Path, now: datetime, log: str) -> None:
    old, folder = shutil.copytree(filled, tmp_path / "old"), without_reader_db(filled, tmp_path / "library", has_backup=True)
    with closing(sqlite3.connect(old / "reader.db", isolation_level=None)) as db:
        db.executemany("INSERT INTO saved_searches VALUES (?, ?, 0)", [(f"{n:0>2000}", "rain") for n in range(90)])
        db.execute(f"PRAGMA journal_mode = {'WAL' if log == '-wal' else 'DELETE'}")
        db.execute("PRAGMA cache_size = 1")  # so that the journal is on the disk before the commit
        db.execute("BEGIN")
        db.execute("UPDATE saved_searches SET query = 'fog'")
        if log == "-wal":
            db.execute("COMMIT")
        content = (old / f"reader.db{log}").read_bytes()
    (folder / f"reader.db{log}").write_bytes(content)
    assert found(folder, now) == (4, 1, 1)
    (kept,) = folder.glob(f"reader.db.*{log}")
    assert kept.read_bytes() == content and not (folder / f"reader.db{log}").exists()


def _open_and_die(folder: Path, now: datetime, number: int) -> NoReturn:
    """Open the library in this process, which is killed before its `number`-th change on the disk."""
    seen = 0

    def count(is_change: bool) -> None:
        nonlocal seen
        seen += is_change
        if is_change and seen == number:
            os.kill(os.getpid(), signal.SIGKILL)

    class Traced(sqlite3.Connection):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            # a step of the schema begins " COMMIT" and isn't counted: test_plain_names.py kills in steps
            self.set_trace_callback(lambda statement: count(statement.startswith("COMMIT")))

    connect = sqlite3.connect
    sqlite3.connect = lambda *args, **kwargs: connect(*args, **{"factory": Traced, **kwargs})
    sys.addaudithook(lambda event, _: count(event in {"os.rename", "os.remove"}))
    _exit_after(lambda: Library(folder, clock=lambda: now).close())


def _write_when_asked(folder: Path, now: datetime, asked: int, opened: int) -> NoReturn:
    """Open the library in this process, write to the pipe `opened`, wait for the pipe `asked`, and star a story."""

    def wait() -> None:
        os.write(opened, b"o")
        os.read(asked, 1)

    _exit_after(lambda: _star_after_opening(folder, now, wait))


def _star_after_opening(folder: Path, now: datetime, opened: Callable[[], object]) -> None:
    """Open the library, call `opened`, and star another story."""
    with Library(folder, clock=lambda: now) as library:
        opened()
        (story, _) = (row.id for row in library.headlines(ListFilter(), limit=9) if not row.starred)
        assert library.set_mark("starred", [story], True, now=now) == (story,)


def _exit_after(work: Callable[[], object]) -> NoReturn:
    """Do `work`, and end this process, with status 1 if it failed."""
    try:
        work()
    except BaseException:  # noqa: BLE001
        traceback.print_exc()
        os._exit(1)
    os._exit(0)
