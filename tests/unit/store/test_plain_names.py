"""The step that renamed tables and columns: nothing of an earlier library, file or backup is lost."""

from __future__ import annotations

import gzip
import os
import signal
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bpost_tui.model.paper import Paper
from bpost_tui.model.story import ListFilter
from bpost_tui.store.library import Library
from bpost_tui.store.repair.row_sanitizer import COLUMN_RULES, EARLIER_COLUMNS, EARLIER_TABLES
from bpost_tui.store.schema import migrations
from bpost_tui.store.schema.migrations import READER, STORIES, DatabaseFile, create_in_memory, header_value, migrate
from bpost_tui.store.sqlite_files import open_file
from tests.unit.store.damage import root_page, spoil_page

DATA = Path(__file__).parents[2] / "data" / "before_plain_names"
NOW = datetime(2026, 12, 1, tzinfo=UTC)
BEFORE = {STORIES.name: 16, READER.name: 13}
"""Name of a file → its version before the step."""
TABLES = {
    STORIES.name: {
        "shelves": "lists",
        "shelved": "list_entries",
        "walks": "backfills",
        "notes": "fetch_events",
        "same_news": "story_groups",
        "comparable": "similar_pairs",
        "traits": "fingerprints",
        "search_rules": "index_version",
        "contacts": "host_requests",
        **{name: name for name in ("stories", "texts", "revisions", "unread", "papers", "validators", "marks_stamp")},
        "sounds_by_key": "phonetic_terms",
        "search_words": "search_terms",
    },
    READER.name: {
        "lists": "own_lists",
        "listed": "own_list_entries",
        "searches": "saved_searches",
        "forgotten_searches": "deleted_searches",
        "times": "reader_events",
        "apart": "separations",
        "machine_files": "peer_files",
        "untold": "unsent_changes",
        "telling": "change_tracking",
        "service": "greader_state",
        "served": "greader_items",
        **{name: name for name in ("marks", "passages", "deleted_passages", "mutes", "marks_stamp")},
    },
}
"""File → table before the step → the same table now, but for the queue of comparisons, which a later step replaces."""
LATER_TABLES = frozenset(("moved_papers", "read_versions"))
"""Tables that steps after the renaming added."""
LATER_COLUMNS = frozenset(("text_end",))
"""Columns that steps after the renaming added."""
LATER_LIST = migrations.CHANGED_LIST
"""Id of the list that a step after the renaming added."""
RESCUED = [(file, table) for file, tables in COLUMN_RULES.items() for table in tables]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a library as it was before the step."""
    for name in BEFORE:
        (tmp_path / name).write_bytes(gzip.decompress((DATA / f"{name}.gz").read_bytes()))
    return tmp_path


def rows(path: Path, tables: Mapping[str, str]) -> dict[str, list[tuple[object, ...]]]:
    """Return the rows of each table in a file, by the table's present name; `tables` has the names in the file first.

    Columns and the list that are newer than the step are left out.
    """
    with closing(open_file(path)) as db:
        columns = {
            name: ", ".join(
                row[0] for row in db.execute("SELECT name FROM pragma_table_info(?)", (name,)) if row[0] not in LATER_COLUMNS
            )
            for name in tables
        }
        found = {now: db.execute(f"SELECT {columns[name]} FROM {name}").fetchall() for name, now in tables.items()}
    return {
        name: sorted((row for row in kept if name != "lists" or row[0] != LATER_LIST), key=repr) for name, kept in found.items()
    }


def present(tables: Mapping[str, str]) -> dict[str, str]:
    return {now: now for now in tables.values()}


def rescued_rows(path: Path, *, is_earlier: bool) -> dict[str, list[tuple[object, ...]]]:
    """Return the rows of the tables in reader.db that are copied from a damaged file, in the columns that are copied."""
    found = {}
    with closing(open_file(path)) as db:
        for table in COLUMN_RULES[READER.name].keys() - LATER_TABLES:
            rules = COLUMN_RULES[READER.name][table]
            earlier = EARLIER_COLUMNS.get(table, {}) if is_earlier else {}
            name = EARLIER_TABLES[READER.name].get(table, table) if is_earlier else table
            columns = ", ".join(earlier.get(column, column) for column in rules)
            found[table] = sorted(db.execute(f"SELECT {columns} FROM {name}").fetchall(), key=repr)
    return found


def contents(folder: Path) -> list[object]:
    """Return the visible contents of the library: lists, groups, passages, searches, mutes, history."""
    with Library(folder, clock=lambda: NOW) as library:
        library.set_subscriptions([Paper(f"p{n}.example", f"https://p{n}.example", f"Paper {n}") for n in range(3)])
        library.group_builder.update_groups()  # a later step queues the last week
        assert library.maintenance.verify() == ()
        headlines = library.headlines(ListFilter(), limit=99)
        own_lists = library.own_lists.all()
        return [
            [(row.guid, row.title, row.read, row.starred, row.later, row.full) for row in headlines],
            [sorted(library.headline(member).guid for member in library.story_groups.members(row.id)) for row in headlines],
            [[library.headline(story).guid for story in library.story_ids(ListFilter(own_list=own.key))] for own in own_lists],
            own_lists,
            library.passages.all(),
            library.saved_searches.all(),
            library.mutes.rules(),
            [
                (entry.headline.guid, library.reading_log.position(entry.headline.id))
                for entry in library.reading_log.history(limit=99)
            ],
            [hit.headline.guid for hit in library.search.find("haspatal", limit=99, now=NOW).hits],
        ]


def test_earlier_library_opens_with_every_row(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bpost_tui.store.search import search_index  # noqa: F401 (if loaded later, it would keep the earlier version)

    monkeypatch.setattr(migrations, "INDEX_VERSION", 4)  # as it was then: the search index isn't built again
    before = {name: rows(folder / name, tables) for name, tables in TABLES.items()}
    with Library(folder, clock=lambda: NOW) as library:
        assert library.notices == () and library.maintenance.verify() == ()
    for name, tables in TABLES.items():
        after = rows(folder / name, present(tables))
        assert {table: len(found) for table, found in after.items()} == {table: len(found) for table, found in before[name].items()}
        columns = {table: len(found[0]) for table, found in before[name].items() if found}  # later steps have added some at the end
        assert {table: [row[: columns[table]] for row in found] for table, found in after.items() if found} == {
            table: found for table, found in before[name].items() if found
        }


@pytest.mark.parametrize("spec", [STORIES, READER], ids=lambda spec: spec.name)
def test_every_rescued_column_has_its_earlier_name(spec: DatabaseFile) -> None:
    with closing(create_in_memory(spec, BEFORE[spec.name])) as db:
        for table in COLUMN_RULES[spec.name].keys() - LATER_TABLES:
            rules = COLUMN_RULES[spec.name][table]
            earlier = EARLIER_COLUMNS.get(table, {})
            name = EARLIER_TABLES[spec.name].get(table, table)
            columns = {row[0] for row in db.execute("SELECT name FROM pragma_table_info(?)", (name,))}
            assert {earlier.get(column, column) for column in rules} - columns <= LATER_COLUMNS, (table, name)


@pytest.mark.parametrize("spec", [STORIES, READER], ids=lambda spec: spec.name)
@pytest.mark.parametrize("damage", ["header", "page", "table's name", "table's SQL"])
def test_damaged_earlier_file_is_rescued_whole(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, spec: DatabaseFile, damage: str
) -> None:
    sound = tmp_path_factory.mktemp("sound")
    for name in BEFORE:
        (sound / name).write_bytes((folder / name).read_bytes())
    kept = rescued_rows(folder / READER.name, is_earlier=True)
    path = folder / spec.name
    table = "shelved" if spec is STORIES else "listed"
    if damage == "header":
        with path.open("r+b") as file:
            file.seek(18)
            file.write(b"\x09\x09")
    elif damage == "page":
        spoil_page(path, root_page(path, "shelved_later" if spec is STORIES else "listed_by_story"))
    else:
        change = "name = 'x', tbl_name = 'x'" if damage == "table's name" else "sql = 'CREATE TABLE x (y'"
        with closing(sqlite3.connect(path)) as db, db:
            db.execute("PRAGMA writable_schema = ON")
            db.execute(f"UPDATE sqlite_master SET {change} WHERE type = 'table' AND name = '{table}'")
    with Library(folder, clock=lambda: NOW) as library:
        assert any("rows were rescued" in line for line in library.notices)
    assert rescued_rows(folder / READER.name, is_earlier=False) == kept
    assert contents(folder) == contents(sound)


@pytest.mark.parametrize("is_missing", [True, False])
def test_backup_with_earlier_names_restores_all_its_rows(folder: Path, is_missing: bool) -> None:
    kept = rescued_rows(folder / READER.name, is_earlier=True)
    (folder / "backups").mkdir()
    (folder / "backups" / "reader-20261130.db").write_bytes((folder / READER.name).read_bytes())
    if is_missing:
        (folder / READER.name).unlink()
    else:
        (folder / READER.name).write_bytes(b"\xff" * 9000)
    with Library(folder, clock=lambda: NOW) as library:
        assert "rows were rescued" in library.notices[0]
    assert rescued_rows(folder / READER.name, is_earlier=False) == kept


@pytest.mark.parametrize("spec", [STORIES, READER], ids=lambda spec: spec.name)
def test_killed_migration_step_leaves_the_file_before_or_after_it(folder: Path, spec: DatabaseFile) -> None:
    path = folder / spec.name
    whole = path.read_bytes()
    before = rows(path, TABLES[spec.name])
    statements, states = 1, set()
    while True:
        path.write_bytes(whole)
        path.with_name(f"{path.name}-wal").unlink(missing_ok=True)
        child = os.fork()
        if not child:
            _die_at_statement(path, spec, statements)
        _, status = os.waitpid(child, 0)
        with closing(open_file(path)) as db:
            version = header_value(db, "main", "user_version")
        names = TABLES[spec.name] if version == BEFORE[spec.name] else present(TABLES[spec.name])
        states.add(version)
        found = rows(path, names)
        widths = {name: len(old[0]) if old else None for name, old in before.items()}  # later steps add columns
        assert {name: [row[: widths[name]] for row in found[name]] for name in found} == before
        if not os.WIFSIGNALED(status):
            break
        statements += 4
    assert statements > 40 and states == {*range(BEFORE[spec.name], spec.version + 1)}


def _die_at_statement(path: Path, spec: DatabaseFile, number: int) -> None:
    """Take the step in this process, which is killed as its n-th statement begins."""
    seen = 0

    def count(_: str) -> None:
        nonlocal seen
        seen += 1
        if seen == number:
            os.kill(os.getpid(), signal.SIGKILL)

    with closing(open_file(path)) as db:
        db.set_trace_callback(count)
        migrate(db, spec)
    os._exit(0)
