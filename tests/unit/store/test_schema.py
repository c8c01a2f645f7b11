from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bpost_tui.store.repair.row_sanitizer import COLUMN_RULES
from bpost_tui.store.schema.migrations import INDEX_VERSION, READER, STORIES, DatabaseFile, migrate
from bpost_tui.store.schema.schema_check import SchemaState, schema_state
from bpost_tui.store.search.search_index import INDEX_COLUMNS
from bpost_tui.store.sqlite_files import open_file

FIRST = "CREATE TABLE words (word TEXT) STRICT; INSERT INTO words VALUES ('খবর');"
SECOND = "ALTER TABLE words ADD COLUMN length INTEGER; UPDATE words SET length = length(word);"
BROKEN = "CREATE TABLE half (done TEXT); INSERT INTO nowhere VALUES (1);"


def spec(*steps: str, name: str = "words.db", number: int = 7) -> DatabaseFile:
    return DatabaseFile(name, number, len(steps), lambda: steps)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    (tmp_path / "words.db").touch()
    with closing(open_file(tmp_path / "words.db")) as connection:
        yield connection


@pytest.mark.parametrize("steps_before", [0, 1, 2])
def test_migration_from_each_earlier_version_gives_the_same_schema(db: sqlite3.Connection, steps_before: int) -> None:
    migrate(db, spec(*(FIRST, SECOND)[:steps_before]))
    assert schema_state(db, spec(FIRST, SECOND)) is (SchemaState.CURRENT if steps_before == 2 else SchemaState.OLDER)
    migrate(db, spec(FIRST, SECOND))
    assert schema_state(db, spec(FIRST, SECOND)) is SchemaState.CURRENT
    assert db.execute("SELECT * FROM words").fetchall() == [("খবর", 3)]


def test_failed_migration_leaves_the_last_good_version(db: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.OperationalError):
        migrate(db, spec(FIRST, BROKEN))
    assert not db.in_transaction
    assert schema_state(db, spec(FIRST)) is SchemaState.CURRENT
    assert [row[0] for row in db.execute("SELECT name FROM sqlite_master")] == ["words"]
    migrate(db, spec(FIRST, SECOND))
    assert schema_state(db, spec(FIRST, SECOND)) is SchemaState.CURRENT


@pytest.mark.parametrize("real", [STORIES, READER])
def test_page_about_the_schema_is_complete(db: sqlite3.Connection, real: DatabaseFile) -> None:
    migrate(db, real)
    page = (Path(__file__).parents[3] / "docs" / "schema.md").read_text(encoding="utf-8")
    tables = [
        name for (name,) in db.execute("SELECT name FROM pragma_table_list WHERE type <> 'shadow' AND name NOT LIKE 'sqlite%'")
    ]
    others = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type <> 'table' AND sql IS NOT NULL")]
    columns = [row[0] for table in tables for row in db.execute("SELECT name FROM pragma_table_info(?)", (table,))]
    assert tables and others and columns
    assert {name for name in (*tables, *others, *columns) if f"`{name}`" not in page} == set()


FOLLOWS = {
    "stories": {"read", "entry", "entry_categories"},
    "lists": {"total", "unread"},
    "papers": {"position", "in_all_papers"},
    "passages": {"id"},
}
"""Columns derived from other columns or from the config."""


@pytest.mark.parametrize("real", [STORIES, READER])
def test_every_rescued_column_has_a_rule_or_is_derived(db: sqlite3.Connection, real: DatabaseFile) -> None:
    migrate(db, real)
    for table, rules in COLUMN_RULES[real.name].items():
        columns = {row[0] for row in db.execute("SELECT name FROM pragma_table_info(?)", (table,))}
        assert (table, columns - FOLLOWS.get(table, set())) == (table, set(rules))


def test_changed_index_columns_need_a_new_index_version() -> None:
    columns = ("headline", "tag", "author", "category", "traits", "text", "headline_stems", "text_stems")
    assert (6, columns) == (INDEX_VERSION, INDEX_COLUMNS), (
        "other columns: increase INDEX_VERSION, so that libraries build their index again"
    )
