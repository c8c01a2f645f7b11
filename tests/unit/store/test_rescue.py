"""Rescue of a damaged file: all rows but those on unreadable pages, unchanged."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import IO

import pytest

from bpost_tui.model.blocks import Paragraph, Span
from bpost_tui.model.story import Story
from bpost_tui.store.library import Library
from bpost_tui.store.repair import rescue as rescue_module
from bpost_tui.store.repair.rescue import rescue
from bpost_tui.store.repair.row_sanitizer import COLUMN_RULES
from bpost_tui.store.schema.migrations import READER, STORIES, DatabaseFile, migrate
from bpost_tui.store.sqlite_files import create_file, open_file
from tests.unit.store.damage import spoil_page

COUNT = 40


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory, make_story: Callable[..., Story], now: datetime) -> Path:
    """Return the folder of an undamaged library."""
    long = (Paragraph((Span("মেদিনীপুর " * 50),)),)
    folder = tmp_path_factory.mktemp("sound")
    with Library(folder) as library:
        numbers = library.save([make_story(number, blocks=long) for number in range(COUNT)], now=now).new
        library.set_mark("read", numbers[:10], True, now=now)
        library.set_mark("starred", numbers[:3], True, now=now)
    for name in ("stories.db", "reader.db"):
        with closing(sqlite3.connect(folder / name)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            db.execute("PRAGMA journal_mode = DELETE")
    return folder


@pytest.fixture
def damaged(tmp_path: Path, sound: Path) -> Path:
    """Return a copy of the undamaged library's folder, to be damaged."""
    return shutil.copytree(sound, tmp_path / "damaged")


def misspell(folder: Path, table: str, change: str) -> None:
    """Damage the row of `table` in the schema of `stories.db`."""
    with closing(sqlite3.connect(folder / "stories.db")) as db, db:
        db.execute("PRAGMA writable_schema = ON")
        db.execute(f"UPDATE sqlite_master SET {change} WHERE type = 'table' AND name = '{table}'")


def rescued(folder: Path, spec: DatabaseFile, *, is_newer: bool = False) -> tuple[int, sqlite3.Connection]:
    """Rescue a file of `folder` into a new one; return the number of rows rescued, and the new file.

    `is_newer` means that a later version of bpost wrote the file, so that its schema is unknown.
    """
    path, fresh = folder / spec.name, folder / f"fresh-{spec.name}"
    before, has_log = path.read_bytes(), (folder / f"{spec.name}-wal").exists()
    create_file(fresh)
    with closing(open_file(fresh)) as db:
        migrate(db, spec)
    rows = rescue(path, fresh, spec, is_newer=is_newer)
    assert has_log or path.read_bytes() == before  # SQLite empties a log into its file when closing it
    assert not list(folder.glob("*.repaired*"))
    return rows, open_file(fresh)


def count(db: sqlite3.Connection, table: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


@pytest.mark.parametrize(
    ("at", "value"),
    [
        (0, b"X"),
        (16, b"\x02\x00"),
        (18, b"\x09\x09"),
        (18, b"\x01\x09"),
        (18, b"\x02\x01"),
        (20, b"\x20"),
        (21, b"\0"),
        (44, b"\0\0\0\x09"),
        (56, b"\0\0\0\x03"),
    ],
)
@pytest.mark.parametrize("spec", [STORIES, READER], ids=["stories", "reader"])
def test_file_with_a_wrong_header_is_rescued_whole(damaged: Path, spec: DatabaseFile, at: int, value: bytes) -> None:
    rows, sound = rescued(damaged, spec)
    sound.close()
    (damaged / f"fresh-{spec.name}").unlink()
    path = damaged / spec.name
    content = bytearray(path.read_bytes())
    content[at : at + len(value)] = value
    path.write_bytes(content)
    again, fresh = rescued(damaged, spec)
    with closing(fresh):
        assert again == rows > 0


@pytest.mark.parametrize("change", ["name = 'texto'", "tbl_name = 'texto'", "sql = 'CREATE TABLE texts (x'", "type = 'tablo'"])
@pytest.mark.parametrize("table", ["texts", "stories"])
def test_file_with_a_damaged_table_name_is_rescued_whole(damaged: Path, table: str, change: str) -> None:
    misspell(damaged, table, change)
    _, fresh = rescued(damaged, STORIES)
    with closing(fresh):
        assert (count(fresh, "stories"), count(fresh, "texts")) == (COUNT, COUNT)


def test_newer_file_is_rescued_without_an_unreadable_table(damaged: Path) -> None:
    misspell(damaged, "texts", "sql = 'CREATE TABLE texts (x'")
    rows, fresh = rescued(damaged, STORIES, is_newer=True)
    with closing(fresh):
        assert rows and (count(fresh, "stories"), count(fresh, "texts")) == (COUNT, 0)


def test_leftover_of_an_earlier_rescue_is_ignored(damaged: Path) -> None:
    shutil.copyfile(damaged / "stories.db", damaged / "stories.db.repaired")
    with closing(sqlite3.connect(damaged / "stories.db")) as db, db:
        db.execute("UPDATE stories SET title = 'the newest' WHERE id = 1")
    _, fresh = rescued(damaged, STORIES)
    with closing(fresh):
        assert fresh.execute("SELECT title FROM stories WHERE id = 1").fetchone() == ("the newest",)


def test_file_is_rescued_in_place_without_room_for_a_copy(damaged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    misspell(damaged, "texts", "name = 'texto'")

    def copy(source: IO[bytes], target: IO[bytes]) -> None:
        target.write(source.read(8192))
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(shutil, "copyfileobj", copy)
    _, fresh = rescued(damaged, STORIES)
    with closing(fresh):
        assert (count(fresh, "stories"), count(fresh, "texts")) == (COUNT, 0)


def test_repaired_copy_is_private(damaged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modes: list[int] = []
    monkeypatch.setattr(rescue_module, "_repair_schema", lambda copy, _: modes.append(copy.stat().st_mode & 0o777))
    misspell(damaged, "texts", "name = 'texto'")
    rescued(damaged, STORIES)[1].close()
    assert modes == [0o600]


@pytest.mark.parametrize("header", [None, b"\x09\x09", b"\x02\x03"])
def test_rows_only_in_the_log_are_rescued_despite_a_wrong_header(damaged: Path, header: bytes | None) -> None:
    path = damaged / "stories.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("UPDATE stories SET title = 'the newest' WHERE id = 1")
        db.commit()
        copied = {name: (damaged / name).read_bytes() for name in ("stories.db", "stories.db-wal")}
    for name, content in copied.items():
        (damaged / name).write_bytes(content)
    if header:
        spoiled = bytearray(copied["stories.db"])
        spoiled[18:20] = header
        path.write_bytes(spoiled)
    _, fresh = rescued(damaged, STORIES)
    with closing(fresh):
        assert count(fresh, "stories") == COUNT
        assert fresh.execute("SELECT title FROM stories WHERE id = 1").fetchone() == ("the newest",)


def test_rows_in_another_processs_log_are_rescued(damaged: Path) -> None:
    with closing(sqlite3.connect(damaged / "stories.db")) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("UPDATE stories SET title = 'the newest' WHERE id = 1")
        db.commit()
        misspell(damaged, "texts", "name = 'texto'")
        _, fresh = rescued(damaged, STORIES)
        with closing(fresh):
            assert count(fresh, "texts") == COUNT
            assert fresh.execute("SELECT title FROM stories WHERE id = 1").fetchone() == ("the newest",)


def test_papers_are_rescued(damaged: Path) -> None:
    with closing(sqlite3.connect(damaged / "stories.db")) as db, db:
        db.execute("UPDATE papers SET name = 'The Post', address = 'https://example.org/'")
        before = db.execute("SELECT id, key, address, name FROM papers").fetchall()
    _, fresh = rescued(damaged, STORIES)
    with closing(fresh):
        assert before and fresh.execute("SELECT id, key, address, name FROM papers").fetchall() == before


def test_rescued_story_without_its_paper_gets_the_first_paper(damaged: Path) -> None:
    with closing(sqlite3.connect(damaged / "stories.db")) as db, db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        db.execute("UPDATE stories SET paper = 77 WHERE id = 3")
    _, fresh = rescued(damaged, STORIES)
    with closing(fresh):
        assert (
            fresh.execute("SELECT paper FROM stories WHERE id = 3").fetchone()
            == fresh.execute("SELECT min(id) FROM papers").fetchone()
        )


def test_table_with_an_unreadable_page_is_rescued_from_both_ends(damaged: Path) -> None:
    path = damaged / "stories.db"
    with closing(sqlite3.connect(path)) as db:
        leaves = [
            row[0] for row in db.execute("SELECT pageno FROM dbstat WHERE name = 'texts' AND pagetype = 'leaf' ORDER BY path")
        ]
        first, last = db.execute("SELECT min(story), max(story) FROM texts").fetchone()
    assert len(leaves) > 2
    spoil_page(path, leaves[len(leaves) // 2])
    _, fresh = rescued(damaged, STORIES)
    with closing(fresh):
        texts = {row[0] for row in fresh.execute("SELECT story FROM texts")}
        assert {first, last} <= texts and len(texts) < COUNT
        whole = {row[0] for row in fresh.execute("SELECT id FROM stories WHERE full")}
        assert whole == texts and count(fresh, "stories") == COUNT


def test_rescued_lists_are_in_story_order_and_unread(damaged: Path) -> None:
    with closing(sqlite3.connect(damaged / "stories.db")) as db, db:
        db.execute("UPDATE list_entries SET published_us = 7 WHERE story = 5 OR story = 6 AND place >= 0")
        db.execute("UPDATE lists SET unread = 99")
        (before,) = db.execute("SELECT count(*) FROM list_entries").fetchone()
    _, fresh = rescued(damaged, STORIES)
    with closing(fresh):
        query = "SELECT count(*), sum(s.published_us = t.published_us) FROM list_entries AS s JOIN stories AS t ON t.id = s.story"
        listed, in_order = fresh.execute(query).fetchone()
        assert listed == in_order == count(fresh, "unread") == before >= COUNT
        counts = fresh.execute("SELECT unread, (SELECT count(*) FROM unread WHERE list = lists.id) FROM lists").fetchall()
        assert counts and all(counted == there for counted, there in counts)


def test_rescued_marks_have_a_new_stamp(damaged: Path) -> None:
    with closing(sqlite3.connect(damaged / "reader.db")) as db:
        (stamp,) = db.execute("SELECT stamp FROM marks_stamp").fetchone()
    _, fresh = rescued(damaged, READER)
    with closing(fresh):
        ((own,),) = fresh.execute("SELECT stamp FROM marks_stamp").fetchall()
        assert own != stamp
        assert fresh.execute("SELECT count(*) FROM marks WHERE starred_us").fetchone() == (3,)


def test_rescued_rows_are_counted(damaged: Path) -> None:
    with closing(sqlite3.connect(damaged / "reader.db")) as db:
        (marks,) = db.execute("SELECT count(*) FROM marks").fetchone()
        db.executescript("".join(f"DROP TABLE {table};" for table in COLUMN_RULES["reader.db"] if table != "marks"))
    rows, fresh = rescued(damaged, READER)
    fresh.close()
    assert rows == marks > 0


def test_rejected_rows_are_not_counted_as_rescued(damaged: Path) -> None:
    whole, fresh = rescued(damaged, STORIES)
    fresh.close()
    (damaged / "fresh-stories.db").unlink()
    with closing(sqlite3.connect(damaged / "stories.db")) as db, db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("INSERT INTO texts VALUES (9999, '[]')")
    rows, fresh = rescued(damaged, STORIES)
    fresh.close()
    assert rows == whole


def test_rescue_gives_up_after_its_limit_of_steps(damaged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rescue_module, "_STEPS_AT_ONCE", 100)
    monkeypatch.setattr(rescue_module, "_MAX_STEPS", 200)
    _, fresh = rescued(damaged, STORIES)
    with closing(fresh):
        assert 0 < count(fresh, "stories") < COUNT
    (damaged / "fresh-stories.db").unlink()
    monkeypatch.setattr(rescue_module, "_MAX_STEPS", 4_000_000)
    _, fresh = rescued(damaged, STORIES)
    with closing(fresh):
        assert count(fresh, "stories") == COUNT
