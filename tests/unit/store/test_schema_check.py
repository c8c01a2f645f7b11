"""Files with bpost's numbers in their header but another schema."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from bpost_tui.model.story import ListFilter, Story
from bpost_tui.store.library import Library
from bpost_tui.store.schema.migrations import READER, STORIES, DatabaseFile, create_in_memory
from bpost_tui.store.schema.schema_check import SchemaState, schema_digest, schema_state

MakeStory = Callable[..., Story]


@pytest.mark.parametrize("spec", [STORIES, READER], ids=lambda spec: spec.name)
def test_recorded_digest_matches_the_schema(spec: DatabaseFile) -> None:
    with closing(create_in_memory(spec)) as db:
        assert spec.digest == schema_digest(db), "the schema has another step: write its digest down"


@pytest.mark.parametrize("spec", [STORIES, READER], ids=lambda spec: spec.name)
def test_schema_version_equals_the_number_of_steps(spec: DatabaseFile) -> None:
    assert spec.version == len(spec.steps()), "the file has another step: count it"


def test_schema_worded_by_another_sqlite_is_current() -> None:
    with closing(create_in_memory(READER)) as db:
        assert schema_state(db, READER._replace(digest="")) is SchemaState.CURRENT


@pytest.mark.parametrize(
    ("steps", "change", "expected"),
    [
        (None, "", SchemaState.CURRENT),
        (2, "", SchemaState.OLDER),
        (0, "", SchemaState.OLDER),
        (None, "PRAGMA user_version = 99", SchemaState.NEWER),
        (None, "PRAGMA application_id = 1", SchemaState.ALTERED),
        (None, "PRAGMA user_version = 2", SchemaState.ALTERED),
        (None, "CREATE TABLE more (x); PRAGMA user_version = 99", SchemaState.NEWER),
        (None, "CREATE TABLE more (x); PRAGMA application_id = 1", SchemaState.FOREIGN),
        (None, "CREATE TABLE more (x); PRAGMA application_id = 0", SchemaState.FOREIGN),
        (None, "CREATE VIEW more AS SELECT 1", SchemaState.ALTERED),
        (None, "DROP INDEX marks_by_link", SchemaState.ALTERED),
        (None, "CREATE TRIGGER t AFTER UPDATE ON marks BEGIN DELETE FROM saved_searches; END", SchemaState.ALTERED),
        (2, "CREATE TABLE more (x)", SchemaState.ALTERED),
        (None, "ANALYZE", SchemaState.CURRENT),
    ],
)
def test_schema_state_depends_on_header_and_schema(steps: int | None, change: str, expected: SchemaState) -> None:
    with closing(create_in_memory(READER, steps)) as db:
        db.executescript(change)
        assert schema_state(db, READER) is expected


@pytest.fixture
def folder(tmp_path: Path, make_story: MakeStory, now: datetime) -> Path:
    with Library(tmp_path / "library") as library:
        new = library.save([make_story(n) for n in range(9)], now=now).new
        library.set_mark("starred", new[:2], True, now=now)
    return tmp_path / "library"


@pytest.mark.parametrize(
    "script",
    [
        "DROP TABLE index_version; CREATE VIEW index_version AS WITH RECURSIVE c(x) AS "
        "(SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT 2 AS version FROM c WHERE x < 0",
        "CREATE TRIGGER t AFTER UPDATE ON stories BEGIN DELETE FROM texts; END",
        "DROP TABLE revisions; CREATE VIEW revisions AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) "
        "SELECT x AS story, x AS replaced_us, 'x' AS title, '[]' AS blocks FROM c",
        "DROP TABLE host_requests",
    ],
)
def test_file_with_another_schema_is_set_aside_and_rescued(folder: Path, now: datetime, script: str) -> None:
    with closing(sqlite3.connect(folder / "stories.db")) as db, db:
        db.executescript(script)
    with Library(folder, clock=lambda: now) as library:
        assert "stories.db was damaged; it was renamed to" in library.notices[0]
        numbers = [row.id for row in library.headlines(ListFilter(), limit=99)]
        assert len(numbers) == 9
        assert library.count(ListFilter(starred=True)) == 2
        library.set_mark("starred", numbers[:1], True, now=now)
        assert all(library.story(number).blocks for number in numbers)
        assert library.maintenance.verify() == ()


def test_library_without_texts_reports_once_and_fetches_them_again(folder: Path, make_story: MakeStory, now: datetime) -> None:
    with closing(sqlite3.connect(folder / "stories.db")) as db, db:
        db.execute("DROP TABLE texts")
    with Library(folder, clock=lambda: now) as library:
        assert not library.story(1).headline.full
        library.save([make_story(n) for n in range(9)], now=now)
        assert library.story(1).blocks
    with Library(folder) as library:
        assert library.notices == () and library.maintenance.verify() == ()


def test_interrupt_ends_a_running_query(folder: Path) -> None:
    program = """
import sys
from pathlib import Path
from bpost_tui.clock import utc_now
from bpost_tui.store.database import Database
endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c"
database = Database(Path(sys.argv[1]), read_only=False, clock=utc_now)
try:
    print("begun", flush=True)
    database.read(lambda db: db.execute(endless).fetchone())
except KeyboardInterrupt:
    print("ended", flush=True)
"""
    with subprocess.Popen([sys.executable, "-c", program, str(folder)], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "begun\n"
        child.send_signal(signal.SIGINT)
        assert child.communicate(timeout=60)[0] == "ended\n"
