"""The library under several processes, a killed process, a full disk and a read-only disk."""

from __future__ import annotations

import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from bpost_tui.errors import StoreError
from bpost_tui.model.story import ListFilter, Story
from bpost_tui.store import connection_pool, sqlite_files
from bpost_tui.store.library import Library
from bpost_tui.store.repair import rescue

MakeStory = Callable[..., Story]
RunChild = Callable[..., subprocess.CompletedProcess[str]]

PROLOGUE = """
import os, resource, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from bpost_tui.errors import StoreError
from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.story import Category, ListFilter, Story
from bpost_tui.store import search  # before the child may read nothing more
from bpost_tui.store import story_saver  # before the child may read nothing more
from bpost_tui.store.library import Library
folder = Path(sys.argv[1])
now = datetime(2026, 11, 24, tzinfo=UTC)
def story(number, who=""):
    text = (Paragraph((Span("মেদিনীপুর " * 200),)),)
    date = now - timedelta(minutes=number)
    categories = (Category("health", "Health"),)
    return Story(f"{who}{number}", f"Midnapore: {who} {number}", None, published=date, categories=categories, blocks=text)
"""


def sound(folder: Path) -> bool:
    for name in ("stories.db", "reader.db"):
        with closing(sqlite3.connect(folder / name)) as db:
            if db.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
                return False
    return True


def counts_agree(folder: Path) -> bool:
    query = """SELECT count(*) FROM lists WHERE
        total <> (SELECT count(*) FROM list_entries WHERE list = lists.id) OR
        unread <> (SELECT count(*) FROM unread WHERE list = lists.id)"""
    with closing(sqlite3.connect(folder / "stories.db")) as db:
        return bool(db.execute(query).fetchone()[0] == 0)


# ── several at once ─────────────────────────────────────────────────────────

TRY_TO_WRITE = """
import sqlite3, sys
try:
    sqlite3.connect(sys.argv[1], timeout=0).execute("BEGIN IMMEDIATE")
    print("locked")
except sqlite3.OperationalError as error:
    print(error)
"""


@pytest.mark.parametrize("work", ["open", "defect", "rescue"])
def test_files_of_a_library_keep_their_locks_while_the_process_opens_them_again(
    tmp_path: Path, make_story: MakeStory, run_child: RunChild, now: datetime, work: str
) -> None:
    (tmp_path / ".stfolder").mkdir()  # an unsafe location: locks of writers are on the file itself, not on the -shm file
    with Library(tmp_path) as library:
        library.save([make_story(1)], now=now)
    stories = tmp_path / "stories.db"
    content = stories.read_bytes()
    with closing(sqlite_files.open_file(stories)) as db:
        db.execute("BEGIN IMMEDIATE")
        if work == "open":
            with Library(tmp_path) as other:
                assert other.count(ListFilter()) == 1
        elif work == "defect":
            assert not sqlite_files.has_invalid_format_version(stories)
        else:
            rescue._copy_file(stories, tmp_path / "copy")
            assert (tmp_path / "copy").read_bytes() == content
        assert run_child(TRY_TO_WRITE, stories).stdout == "database is locked\n"


OWN_DESCRIPTORS = (
    PROLOGUE
    + """
opened = []
sys.addaudithook(lambda event, values: opened.append(values[0]) if event == "open" else None)
def use():
    with Library(folder, clock=lambda: now) as library:
        library.save([story(1)], now=now)
        library.set_mark("starred", [1], True, now=now)  # after a backup
        library.maintenance.compact(lambda *_: None)
        library.maintenance.repair()
        library.maintenance.check_if_due(now + timedelta(days=30))
        return library.maintenance.verify()
use()  # creates the files
opened.clear()
print(use(), [path for path in map(str, opened) if Path(path).parent == folder and path.endswith(".db")])
"""
)


def test_library_opens_its_files_by_sqlite_alone(tmp_path: Path, run_child: RunChild) -> None:
    done = run_child(OWN_DESCRIPTORS, tmp_path)
    assert done.stdout == "() []\n", done.stderr


def test_file_with_a_write_version_of_the_future_is_replaced_at_the_first_write(
    tmp_path: Path, make_story: MakeStory, now: datetime
) -> None:
    with Library(tmp_path) as library:
        library.save([make_story(1)], now=now)
    with (tmp_path / "reader.db").open("r+b") as file:
        file.seek(18)
        file.write(b"\x09")
    with Library(tmp_path, clock=lambda: now) as library:
        assert (library.count(ListFilter()), library.notices) == (1, ())
        library.set_mark("starred", [1], True, now=now)
        assert library.count(ListFilter(starred=True)) == 1
        assert [str(notice).partition(" was ")[0] for notice in library.notices] == ["reader.db"]
        assert sound(tmp_path)


def test_log_of_an_open_library_outlives_other_processes(
    tmp_path: Path, make_story: MakeStory, run_child: RunChild, now: datetime
) -> None:
    with Library(tmp_path) as library:
        library.save([make_story(1)], now=now)
        with Library(tmp_path):
            pass
        run_child(
            "import sqlite3, sys\nsqlite3.connect(sys.argv[1]).execute('SELECT * FROM lists').fetchall()", tmp_path / "stories.db"
        )
        assert (tmp_path / "stories.db-wal").stat().st_size  # the last connection to a file deletes its log
        library.save([make_story(2)], now=now)


def test_reads_together_see_one_state_through_one_connection(
    tmp_path: Path, make_story: MakeStory, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []

    def connect(folder: Path, mode: sqlite_files.OpenMode) -> sqlite3.Connection:
        opened.append(folder)
        return sqlite_files.connect(folder, mode)

    with Library(tmp_path) as library, Library(tmp_path) as other:
        library.save([make_story(1)], now=now)
        monkeypatch.setattr(connection_pool, "connect", connect)

        def reads() -> tuple[int, int]:
            before = library.count(ListFilter())
            with ThreadPoolExecutor(1) as pool:
                pool.submit(other.save, [make_story(2)], now=now).result()
            return before, library.count(ListFilter())

        assert library.read_together(reads) == (1, 1)
        assert library.count(ListFilter()) == 2
        assert opened == []  # both reads used the open connection


def test_replaced_database_file_is_reopened(tmp_path: Path, make_story: MakeStory, now: datetime) -> None:
    with Library(tmp_path / "a") as library, Library(tmp_path / "b") as other:
        library.save([make_story(1)], now=now)
        other.save([make_story(2), make_story(3)], now=now)
        other.maintenance.compact(lambda *_: None)  # empties the log into the file
        before = (tmp_path / "a" / "stories.db").rename(tmp_path / "aside").read_bytes()
        for name in ("stories.db-wal", "stories.db-shm"):
            (tmp_path / "a" / name).unlink()
        shutil.copyfile(tmp_path / "b" / "stories.db", tmp_path / "a" / "stories.db")
        assert library.count(ListFilter()) == 2
        library.save([make_story(4)], now=now)
        assert library.count(ListFilter()) == 3
        assert (tmp_path / "aside").read_bytes() == before


def test_reads_together_restart_after_creating_a_missing_file(tmp_path: Path, make_story: MakeStory, now: datetime) -> None:
    with Library(tmp_path) as library:
        library.save([make_story(1)], now=now)
        library.set_mark("starred", [1], True, now=now)
        sqlite_files.remove_files(tmp_path / "stories.db")
        assert library.read_together(lambda: (library.count(ListFilter()), library.count(ListFilter(starred=True)))) == (0, 0)


BUSY = (
    PROLOGUE
    + """
who = sys.argv[2]
for number in range(60):
    with Library(folder) as library:  # as the command line does, from nothing
        (new,) = library.save([story(number, who)], now=now).new
        library.set_mark("read", [new], True, now=now)
        library.headlines(ListFilter("health"), limit=60)
        library.categories()
print("done")
"""
)


def test_concurrent_processes_lose_no_write_and_never_lock(tmp_path: Path, now: datetime) -> None:
    # each process begins by creating the files
    children = [
        subprocess.Popen([sys.executable, "-c", BUSY, tmp_path, who], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for who in "abc"
    ]
    with Library(tmp_path) as library:
        seen = 0
        while any(child.poll() is None for child in children):
            library.fetch_log.record_refresh(now)
            rows = library.headlines(ListFilter(), limit=200)
            assert len(rows) >= seen
            seen = len(rows)
        assert [child.communicate()[0] for child in children] == ["done\n"] * 3
        assert (library.count(ListFilter()), library.unread_count(), library.count(ListFilter("health"))) == (180, 0, 180)
        assert library.notices == ()
    assert sound(tmp_path)
    assert counts_agree(tmp_path)


# ── kill -9 ─────────────────────────────────────────────────────────────────

RELENTLESS = (
    PROLOGUE
    + """
library = Library(folder)
for number in range(int(sys.argv[2]), 10**6):
    (new,) = library.save([story(number)], now=now).new
    print(f"saved {number}\\n", end="", flush=True)
    if number % 2:
        library.set_mark("read", [new], True, now=now)
        library.set_mark("starred", [new], True, now=now)
        print(f"marked {number}\\n", end="", flush=True)
"""
)


def test_killed_process_keeps_acknowledged_writes(tmp_path: Path) -> None:
    dice, saved, marked = random.Random(9), set[str](), set[str]()
    for round_number in range(20):
        command = [sys.executable, "-c", RELENTLESS, str(tmp_path), str(round_number * 1000)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout
            lines = [child.stdout.readline() for _ in range(dice.randrange(1, 25))]
            child.kill()
            lines += child.stdout.readlines()
        for line in lines:
            if not line.endswith("\n"):
                continue  # the line is incomplete, so the write isn't acknowledged
            what, number = line.split()
            (saved if what == "saved" else marked).add(number)
        assert child.returncode == -9
        with Library(tmp_path) as library:
            assert library.notices == ()
            assert saved <= {row.guid for row in library.headlines(ListFilter(), limit=10**6)}
            rows = library.headlines(ListFilter(starred=True), limit=10**6)
            assert marked <= {row.guid for row in rows}
            assert all(row.read for row in rows)
        assert sound(tmp_path)
        assert counts_agree(tmp_path)


# ── a disk that is full ─────────────────────────────────────────────────────

FULL = (
    PROLOGUE
    + """
library = Library(folder) if sys.argv[2] == "later" else None
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]),) * 2)
library = library or Library(folder)
print(library.notices != (), len(library.headlines(ListFilter(), limit=100)), len(library.story(1).blocks), library.unread_count())
for work in (
    lambda: [library.save([story(number) for number in range(100, 300)], now=now) for _ in range(9)],
    lambda: library.set_mark("read", range(1, 9), True, now=now) and library.save([story(400 + n) for n in range(200)], now=now),
):
    try:
        work()
        print("written")
    except StoreError as error:
        print(bool(error.message and error.hint))
print(len(library.headlines(ListFilter(), limit=100)))
"""
)


@pytest.mark.parametrize(("when", "limit_bytes"), [("later", 0), ("later", 60_000), ("first", 0), ("first", 60_000)])
def test_full_disk_still_reads_and_recovers(
    tmp_path: Path, make_story: MakeStory, run_child: RunChild, now: datetime, when: str, limit_bytes: int
) -> None:
    with Library(tmp_path) as library:
        library.save([make_story(n) for n in range(20)], now=now)
    child = run_child(FULL, tmp_path, when, limit_bytes)
    assert child.stderr == ""
    opened, *outcomes, count = child.stdout.splitlines()
    assert opened.endswith("20 1 20")
    assert outcomes == ["True", "True"]
    assert int(count) == 20
    with Library(tmp_path) as library:
        assert library.notices == ()
        assert library.set_mark("read", [1], True, now=now) in ((1,), ())
        assert library.save([make_story(50)], now=now).new
    assert sound(tmp_path)


FIRST_ON_A_FULL_DISK = (
    PROLOGUE
    + """
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
try:
    Library(folder)
except StoreError as error:
    print(error.message)
"""
)


def test_first_start_on_a_full_disk_names_the_disk(tmp_path: Path, run_child: RunChild) -> None:
    child = run_child(FIRST_ON_A_FULL_DISK, tmp_path)
    assert (child.stdout, child.stderr) == (f"{tmp_path}: the disk can't be read or written to\n", "")
    with Library(tmp_path) as library:
        assert library.notices == ()


def test_full_disk_still_reads_rows_from_the_log(tmp_path: Path, make_story: MakeStory, run_child: RunChild, now: datetime) -> None:
    open_library = Library(tmp_path / "open")  # kept open, so that all rows are still in the log
    open_library.save([make_story(n) for n in range(20)], now=now)
    shutil.copytree(tmp_path / "open", tmp_path / "crashed", ignore=shutil.ignore_patterns("*-shm"))
    open_library.close()
    assert (tmp_path / "crashed" / "stories.db-wal").stat().st_size > 20_000
    child = run_child(FULL, tmp_path / "crashed", "first", 0)
    assert child.stderr == ""
    assert child.stdout.splitlines() == ["True 20 1 20", "True", "True", "20"]
    with Library(tmp_path / "crashed") as library:
        assert (library.notices, library.count(ListFilter())) == ((), 20)


# ── a folder without write permission ───────────────────────────────────────

READ_ONLY = (
    PROLOGUE
    + """
if os.getuid() == 0:
    os.setuid(65534)
with Library(folder, read_only=sys.argv[2] == "requested") as library:
    rows = library.headlines(ListFilter(), limit=1)
    print(len(library.notices), [row.guid for row in rows], library.unread_count(), library.revision() != ())
    try:
        library.set_mark("read", [1], True, now=now)
    except StoreError as error:
        print(str(folder) in error.message)
"""
)


@pytest.fixture
def locked_folder(make_story: MakeStory, now: datetime) -> Iterator[Path]:
    """Yield a read-only library outside pytest's private folder."""
    folder = Path(tempfile.mkdtemp())
    try:
        with Library(folder) as library:
            library.set_mark("read", library.save([make_story(n) for n in range(3)], now=now).new[:1], True, now=now)
        for path in folder.iterdir():
            path.chmod(0o444)
        folder.chmod(0o555)
        yield folder
    finally:
        folder.chmod(0o700)
        shutil.rmtree(folder)


@pytest.mark.parametrize(("how", "notices"), [("requested", 0), ("found", 1)])
def test_library_in_a_read_only_folder_still_reads(locked_folder: Path, run_child: RunChild, how: str, notices: int) -> None:
    child = run_child(READ_ONLY, locked_folder, how)
    assert (child.stdout, child.stderr) == (f"{notices} ['https://thebengalpost.net/?p=0'] 2 True\nTrue\n", "")


WHY_READ_ONLY = (
    PROLOGUE
    + """
if os.getuid() == 0:
    os.setuid(65534)
library = Library(folder)
print(library.notices[0])
"""
)


def test_library_in_a_read_only_folder_says_that_it_can_only_be_read(locked_folder: Path, run_child: RunChild) -> None:
    child = run_child(WHY_READ_ONLY, locked_folder)
    assert child.stdout == f"{locked_folder}: the library can't be written to; nothing new can be saved\n"


def test_library_in_an_empty_read_only_folder_is_empty(locked_folder: Path, run_child: RunChild) -> None:
    for path in locked_folder.iterdir():
        path.unlink()
    child = run_child(READ_ONLY, locked_folder, "found")
    assert (child.stdout, child.stderr) == ("1 [] 0 True\nTrue\n", "")


def test_read_only_library_creates_no_folder(tmp_path: Path, make_story: MakeStory, now: datetime) -> None:
    folder = tmp_path / "nothing"
    with Library(folder, read_only=True) as library:
        assert library.count(ListFilter()) == 0
        with pytest.raises(StoreError):
            library.save([make_story(1)], now=now)
    assert not folder.exists()


def test_file_in_place_of_the_library_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / "library").write_text("a file")
    with Library(tmp_path / "library") as library:
        assert str(tmp_path / "library") in library.notices[0]
        assert library.count(ListFilter()) == 0


def test_lack_of_file_descriptors_raises_store_error(library: Library) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest_free = os.dup(0)  # not the number of open files: other tests leave gaps among them, which the connection would fill
    os.close(lowest_free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free, hard))
    try:
        with pytest.raises(StoreError), ThreadPoolExecutor(1) as pool:  # the thread needs a second connection
            library.read_together(lambda: pool.submit(library.headlines, ListFilter(), limit=1).result())
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert library.count(ListFilter()) == 0


LOCKED_OUT = (
    PROLOGUE
    + """
if os.getuid() == 0:
    os.setuid(65534)
try:
    Library(folder, read_only=sys.argv[2] == "requested")
except StoreError as error:
    print(bool(error.message and error.hint))
"""
)


@pytest.mark.parametrize("how", ["requested", "found"])
def test_forbidden_library_folder_raises_store_error(locked_folder: Path, run_child: RunChild, how: str) -> None:
    locked_folder.chmod(0o000)
    child = run_child(LOCKED_OUT, locked_folder, how)
    assert (child.stdout, child.stderr) == ("True\n", "")


def test_nested_reads_together_keep_the_outer_state(library: Library, make_story: Callable[..., Story], now: datetime) -> None:
    def outer() -> tuple[int, int, int]:
        before = library.count(ListFilter())
        within = library.read_together(lambda: library.count(ListFilter()))
        with Library(library.folder) as other:
            other.save([make_story(1)], now=now)
        return before, within, library.count(ListFilter())

    assert library.read_together(outer) == (0, 0, 0)
    assert library.count(ListFilter()) == 1
