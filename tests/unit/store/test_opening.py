from __future__ import annotations

import errno
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from bpost_tui.errors import NotFoundError, StoreError
from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.story import ListFilter, Story
from bpost_tui.store.library import Library
from bpost_tui.store.sqlite_errors import DatabaseFailure, is_damage, is_environment_error, is_interrupt, store_error
from tests.unit.store.damage import spoil, spoil_page

MakeStory = Callable[..., Story]
COUNT = 60


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, make_story: MakeStory, now: datetime) -> Path:
    """Return the folder of a closed library with read and starred stories, some with long texts."""
    long = (Paragraph((Span("মেদিনীপুর " * 400),)),)
    folder = tmp_path_factory.mktemp("filled") / "library"
    with Library(folder) as library:
        new = library.save([make_story(n, blocks=long) if n % 3 else make_story(n) for n in range(COUNT)], now=now).new
        library.set_mark("read", new[:30], True, now=now)
        library.set_mark("starred", new[:5], True, now=now)
    return folder


@pytest.fixture
def folder(tmp_path: Path, filled: Path) -> Path:
    """Return a copy of the filled library."""
    return shutil.copytree(filled, tmp_path / "library")


@pytest.mark.parametrize("how", ["text", "zeros", "short", "directory", "pipe", "foreign"])
def test_unusable_stories_db_is_set_aside_and_reported(folder: Path, make_story: MakeStory, now: datetime, how: str) -> None:
    spoil(folder / "stories.db", how)
    with Library(folder, clock=lambda: now) as library:
        library.headlines(ListFilter(), limit=100)
        library.save([make_story(n) for n in range(COUNT)], now=now)
        assert library.count(ListFilter()) == COUNT
        assert library.unread_count() == 30
        assert library.count(ListFilter(starred=True)) == 5
        (notice,) = library.notices
    word = "foreign" if how == "foreign" else "damaged"
    assert (folder / f"stories.db.{word}-20261124T063000").exists()
    assert f"stories.db.{word}-20261124T063000" in notice
    assert (", and 0 rows were rescued" in notice) == (how in ("text", "directory", "pipe", "foreign", "zeros"))
    with Library(folder) as library:
        assert library.notices == ()


@pytest.mark.parametrize("name", ["reader.db-journal", "stories.db-journal", "reader.db-wal", "stories.db-shm"])
def test_pipe_in_place_of_a_log_is_reported_instead_of_waited_for(folder: Path, name: str) -> None:
    os.mkfifo(folder / name)
    with pytest.raises(StoreError, match=f"{name} isn't a file"), Library(folder) as library:
        library.count(ListFilter())
    (folder / name).unlink()
    with Library(folder) as library:
        assert library.notices == () and library.count(ListFilter()) == COUNT


@pytest.mark.parametrize("how", ["text", "zeros", "directory", "pipe", "foreign"])
def test_unusable_reader_db_is_set_aside_not_deleted(folder: Path, now: datetime, how: str) -> None:
    spoil(folder / "reader.db", how)
    with Library(folder, clock=lambda: now) as library:
        assert (library.count(ListFilter()), library.unread_count()) == (COUNT, COUNT - 30)  # from the daily backup
        assert library.count(ListFilter(starred=True)) == 5  # starred after the backup; restored from stories.db
        assert len(library.notices) == 2
        library.set_mark("read", [1], True, now=now)
    assert list(folder.glob("reader.db.*-20261124T063000"))


def test_partly_damaged_reader_db_keeps_readable_marks(folder: Path, now: datetime) -> None:
    with Library(folder) as library:
        library.set_mark("read", range(1, COUNT + 1), True, now=now)
    shutil.rmtree(folder / "backups")
    with closing(sqlite3.connect(folder / "reader.db")) as db:
        (leaf,) = db.execute("SELECT max(pageno) FROM dbstat WHERE name = 'marks' AND pagetype = 'leaf'").fetchone()
    spoil_page(folder / "reader.db", leaf, random.Random(1).randbytes(4096))
    with Library(folder, clock=lambda: now) as library:
        library.set_mark("starred", [1, COUNT], True, now=now)
        assert library.headline(1).starred
        rescued = int(library.notices[0].split(" rows")[0].split()[-1])
        assert 10 < rescued < COUNT
        assert library.unread_count() == 0  # the lost marks were restored from stories.db


def test_library_works_and_keeps_marks_with_any_page_spoiled(folder: Path, make_story: MakeStory, now: datetime) -> None:
    shutil.rmtree(folder / "backups")
    sound = {path.name: path.read_bytes() for path in folder.iterdir()}
    pages = len(sound["stories.db"]) // 4096
    dice = random.Random(2026)
    for page in [0, *dice.sample(range(pages), min(20, pages))]:
        for path in filter(Path.is_file, folder.iterdir()):
            path.unlink()
        for name, content in sound.items():
            (folder / name).write_bytes(content)
        spoiled = bytearray(sound["stories.db"])
        start = page * 4096 + dice.randrange(2000)
        spoiled[start : start + 600] = dice.randbytes(600)
        (folder / "stories.db").write_bytes(spoiled)
        with Library(folder, clock=lambda: now) as library:
            use(library)
            library.save([make_story(n) for n in range(COUNT)], now=now)
            library.headlines(ListFilter(), limit=100)
            marked = {row.guid for row in library.headlines(ListFilter(starred=True), limit=100)}
            assert {make_story(n).guid for n in range(5)} >= marked
        with Library(folder) as library:
            use(library)


def use(library: Library) -> None:
    """Read the whole library; a damaged or lost story may only raise an error with a hint."""
    library.categories()
    library.headlines(ListFilter(), limit=1000)
    for row in library.headlines(ListFilter("health"), limit=1000):
        try:
            library.story(row.id)
        except (StoreError, NotFoundError) as error:
            assert error.hint


def test_library_ignores_a_garbage_log(folder: Path) -> None:
    (folder / "stories.db-wal").write_bytes(random.Random(3).randbytes(5000))
    with Library(folder) as library:
        assert library.count(ListFilter()) == COUNT
        assert library.notices == ()


@pytest.mark.parametrize("name", ["stories.db", "reader.db"])
def test_newer_file_is_set_aside_and_its_rows_are_kept(folder: Path, now: datetime, name: str) -> None:
    with closing(sqlite3.connect(folder / name)) as db:
        table = "stories" if name == "stories.db" else "marks"
        db.executescript(f"ALTER TABLE {table} ADD COLUMN of_tomorrow TEXT DEFAULT 'x'; PRAGMA user_version = 99")
    with pytest.raises(StoreError) as caught:
        Library(folder, read_only=True)
    assert "update bpost" in caught.value.hint.lower()
    with Library(folder, clock=lambda: now) as library:
        assert (library.count(ListFilter()), library.unread_count(), library.count(ListFilter(starred=True))) == (COUNT, 30, 5)
        assert library.search.find("মেদিনীপুর", limit=1, now=now).hits
        (notice,) = library.notices
    assert f"{name} was made by a newer bpost; it was renamed to {name}.newer-20261124T063000" in notice
    with closing(sqlite3.connect(folder / f"{name}.newer-20261124T063000")) as db:
        assert db.execute(f"SELECT count(*) FROM {table} WHERE of_tomorrow = 'x'").fetchone()[0] >= 30
    with Library(folder) as library:
        assert library.notices == ()


def test_newer_file_is_read_by_its_own_schema(folder: Path, now: datetime) -> None:
    with closing(sqlite3.connect(folder / "stories.db")) as db:
        db.executescript(
            """CREATE TABLE changed (of_tomorrow TEXT, story INTEGER PRIMARY KEY, blocks TEXT NOT NULL);
            INSERT INTO changed SELECT 'x', story, blocks FROM texts; DROP TABLE texts; ALTER TABLE changed RENAME TO texts;
            PRAGMA user_version = 99"""
        )
        before = db.execute("SELECT story, blocks FROM texts ORDER BY story").fetchall()
    Library(folder, clock=lambda: now).close()
    with closing(sqlite3.connect(folder / "stories.db")) as db:
        assert len(before) == COUNT and db.execute("SELECT story, blocks FROM texts ORDER BY story").fetchall() == before


def test_files_deleted_while_open_are_created_again(folder: Path, make_story: MakeStory, now: datetime) -> None:
    with Library(folder) as library:
        shutil.rmtree(folder)
        assert library.headlines(ListFilter(), limit=5) == ()
        assert len(library.save([make_story(1)], now=now).new) == 1


def test_library_notices_commits_of_others_after_its_file_was_replaced(folder: Path, make_story: MakeStory, now: datetime) -> None:
    with Library(folder) as library:
        library.revision()
        spoil(folder / "stories.db", "text")
        assert library.count(ListFilter()) == 0
        before = library.revision()
        with Library(folder) as other:
            other.save([make_story(1)], now=now)
        assert library.revision() != before


def test_library_that_was_in_an_unsafe_location_gets_a_log_again(folder: Path) -> None:
    for name in ("stories.db", "reader.db"):
        with closing(sqlite3.connect(folder / name)) as db:
            assert db.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
    with Library(folder):
        modes = list[str]()
        for name in ("stories.db", "reader.db"):
            with closing(sqlite3.connect(folder / name)) as db:
                modes.append(*db.execute("PRAGMA journal_mode").fetchone())
        assert modes == ["wal", "wal"]


def test_set_aside_file_takes_another_name_when_taken(folder: Path, now: datetime) -> None:
    for _ in range(2):
        spoil(folder / "stories.db", "text")
        Library(folder, clock=lambda: now).close()
    assert sorted(path.name for path in folder.glob("stories.db.*")) == [
        "stories.db.damaged-20261124T063000",
        "stories.db.damaged-20261124T063000-2",
    ]


# ── missing files ──


@pytest.mark.parametrize("name", ["stories.db", "reader.db"])
def test_crash_between_two_renames_leaves_the_new_file(folder: Path, now: datetime, name: str) -> None:
    shutil.rmtree(folder / "backups")
    (folder / name).rename(folder / f"{name}.new")
    with Library(folder, clock=lambda: now) as library:
        assert (library.count(ListFilter()), library.unread_count(), library.count(ListFilter(starred=True))) == (COUNT, 30, 5)
        assert f"{name} was missing" in library.notices[0]
    assert not (folder / f"{name}.new").exists()
    with Library(folder) as library:
        assert library.notices == ()


def test_missing_reader_db_is_restored_from_backup_and_stories_db(folder: Path, now: datetime) -> None:
    (folder / "reader.db").unlink()
    with Library(folder, clock=lambda: now) as library:
        assert (library.unread_count(), library.count(ListFilter(starred=True))) == (30, 5)
        assert "reader.db was missing; 31 rows were rescued" in library.notices[0]
        assert library.notices[1].endswith("stories.db: 5")


def test_reader_db_deleted_while_open_is_restored(folder: Path, now: datetime) -> None:
    with Library(folder, clock=lambda: now) as library:
        (folder / "reader.db").unlink()
        library.reading_log.record_visit(now)
        assert library.count(ListFilter(starred=True)) == 5
        assert "reader.db was missing" in library.notices[0]


def test_garbage_in_a_new_file_is_ignored(folder: Path, now: datetime) -> None:
    (folder / "stories.db").unlink()
    (folder / "stories.db.new").write_bytes(b"rubbish" * 999)
    with Library(folder, clock=lambda: now) as library:
        assert library.count(ListFilter()) == 0
        assert library.notices == ()


# ── classes of errors ──


def failed(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("said by SQLite")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "line", "damages", "is_elsewhere"),
    [
        (failed(sqlite3.SQLITE_FULL), "the disk is full", False, True),
        (failed(sqlite3.SQLITE_IOERR_FSYNC), "the disk can't be read or written to", False, True),
        (failed(sqlite3.SQLITE_BUSY_SNAPSHOT), "the library is in use", False, True),
        (failed(sqlite3.SQLITE_CORRUPT_INDEX), "the library is damaged", True, False),
        (failed(sqlite3.SQLITE_NOTADB), "the library is damaged", True, False),
        (failed(sqlite3.SQLITE_ERROR), "the library can't be used (said by SQLite)", False, False),
        (sqlite3.ProgrammingError("closed"), "the library can't be used (closed)", False, False),
        (MemoryError(), "there isn't enough memory to use the library", False, True),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid"), "the library is damaged", True, False),
        (OSError(errno.EIO, "the disk broke"), "the disk broke", False, False),
        (OSError("without a number"), "without a number", False, False),
    ],
)
def test_store_error_is_one_line_with_a_hint(
    error: DatabaseFailure | OSError, line: str, damages: bool, is_elsewhere: bool
) -> None:
    said = store_error(error, Path("/lib"))
    assert said.message == f"/lib: {line}"
    assert bool(said.hint) == ("can't be used" not in line)
    assert (is_damage(error), is_environment_error(error)) == (damages, is_elsewhere)


@pytest.mark.parametrize(
    ("error", "free_bytes"),
    [
        (failed(sqlite3.SQLITE_IOERR_SHMSIZE), 4096),
        (failed(sqlite3.SQLITE_CANTOPEN), 0),
        (OSError(errno.ENOSPC, "No space left on device"), 10**9),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), 10**9),
    ],
)
def test_full_disk_is_named_whichever_call_failed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: DatabaseFailure | OSError, free_bytes: int
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=free_bytes))
    assert store_error(error, tmp_path).message == f"{tmp_path}: the disk is full"


def test_interrupt_is_distinguished_from_other_errors() -> None:
    said = [is_interrupt(failed(code)) for code in (sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_ERROR)]
    assert [*said, is_interrupt(MemoryError())] == [True, False, False]


# ── sanitizing of rescued rows ──


def test_rescued_rows_are_sanitized(folder: Path, now: datetime) -> None:
    with closing(sqlite3.connect(folder / "stories.db")) as db, db:
        db.execute("UPDATE stories SET link = 'javascript:alert(1)', title = 'a' || char(27, 8238) || 'b', tags = '{' WHERE id = 1")
        blocks = '[{"kind":"paragraph","spans":[{"text":"<script>","link":"javascript:x"}]}]'
        db.execute("UPDATE texts SET blocks = ? WHERE story = 1", (blocks,))
        db.execute("UPDATE texts SET blocks = '{' WHERE story = 2")
        db.execute("CREATE VIEW odd AS SELECT 1")
    with Library(folder, clock=lambda: now) as library:
        saved = library.story(1)
        assert (saved.headline.link, saved.headline.title, saved.tags) == (None, "ab", ())
        assert not library.story(2).headline.full
        assert library.count(ListFilter()) == COUNT
        assert "javascript" not in repr(saved)


# ── checks ──


def spoil_a_guid(folder: Path) -> None:
    """Change one letter of a guid in reader.db; SQLite doesn't notice when reading."""
    path = folder / "reader.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("PRAGMA journal_mode = DELETE")
    content = path.read_bytes()
    assert content.count(b"?p=1thebengalpost") == 1
    path.write_bytes(content.replace(b"?p=1thebengalpost", b"?q=1thebengalpost"))


def test_check_is_made_once_a_week_and_after_a_crash(folder: Path, now: datetime) -> None:
    def was_checked(at: datetime) -> bool:
        with Library(folder, clock=lambda: at) as library:
            before = library.revision()
            library.maintenance.check_if_due(at)
            assert library.notices == ()
            return library.revision() != before

    assert was_checked(now)
    assert not was_checked(now + timedelta(days=6))
    assert was_checked(now + timedelta(days=8))
    program = """
import os, sys
from datetime import datetime, timedelta
from pathlib import Path
from bpost_tui.store.library import Library
library = Library(Path(sys.argv[1]))
library.reading_log.record_visit(datetime.fromisoformat(sys.argv[2]))
os._exit(1)
"""
    subprocess.run([sys.executable, "-c", program, str(folder), now.isoformat()], check=False)
    assert was_checked(now + timedelta(days=9))
    assert not was_checked(now + timedelta(days=9))


def test_new_library_is_first_checked_after_a_week(tmp_path: Path, now: datetime) -> None:
    with Library(tmp_path / "new", clock=lambda: now) as library:
        before = library.revision()
        library.maintenance.check_if_due(now + timedelta(days=6))
        assert library.revision() == before
        library.maintenance.check_if_due(now + timedelta(days=8))
        assert library.revision() != before


def test_check_repairs_hidden_damage(folder: Path, now: datetime) -> None:
    with closing(sqlite3.connect(folder / "stories.db")) as db, db:
        db.execute("UPDATE lists SET total = total + 1")
        db.execute("UPDATE texts SET blocks = '[' WHERE story = 1")
    with Library(folder, clock=lambda: now) as library:
        library.headlines(ListFilter(), limit=99)
        before = library.notices  # reading alone reported nothing
        library.maintenance.check_if_due(now)
        assert before == ()
        assert [line.split(" was damaged")[0] for line in library.notices] == ["stories.db"]
        assert library.maintenance.verify() == ()


def test_check_restores_a_star_lost_to_a_flipped_guid(folder: Path, now: datetime) -> None:
    spoil_a_guid(folder)
    with Library(folder, clock=lambda: now) as library:
        library.maintenance.check_if_due(now)
        assert library.count(ListFilter(starred=True)) == 5
        assert library.notices
    with Library(folder) as library:
        assert library.maintenance.verify() == ()
        assert library.count(ListFilter(starred=True)) == 5
