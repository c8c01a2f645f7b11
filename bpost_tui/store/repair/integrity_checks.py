"""Integrity checks of a library: file pages, references between rows, stored totals, lists, texts, the search index, marks, groups.

Functions over an open library. They read whole files, which takes seconds for a large library.
"""

# ruff: noqa: S608 (SQL is composed of constants; all values are bound)
from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from bpost_tui.errors import ContentError
from bpost_tui.i18n import Reason, prefix_reason
from bpost_tui.store.lists import mark_store, marks_stamp
from bpost_tui.store.lists.reading_log import CHECKED, CRASHED, reader_event_time
from bpost_tui.store.row_mapping import blocks_from_text
from bpost_tui.store.schema.migrations import (
    ALL_PAPERS_LIST,
    CHANGED_LIST,
    EMPTYING_INDEX,
    GROUPED_LIST,
    READER,
    STORIES,
    DatabaseFile,
    index_version,
)
from bpost_tui.store.schema.schema_check import SchemaState, schema_state
from bpost_tui.store.sqlite_errors import DATABASE_ERRORS, is_environment_error
from bpost_tui.store.sqlite_files import DATABASES
from bpost_tui.untrusted import read_json

_CHECK_AGE = timedelta(days=7)
_MAX_LINES = 5
# In this order, they count: stories with other marks in their paper's list than in `stories`; stories that are unread in one list
# and read in another; unread entries without a list entry; missing or surplus entries of the list of all papers; the same of the
# list with groups once; missing or surplus entries of the list of changed stories.
_WRONG_ENTRIES_QUERIES = (
    """SELECT count(*) FROM stories AS s
    LEFT JOIN list_entries AS k ON (k.list, k.published_us, k.story) = (s.paper, s.published_us, s.id)
    WHERE (k.starred, k.later) IS NOT (s.starred, s.later)""",
    """SELECT count(DISTINCT k.story) FROM list_entries AS k LEFT JOIN unread AS u USING (list, published_us, story)
    JOIN list_entries AS o ON (o.story, o.place) = (k.story, -1)
    LEFT JOIN unread AS a ON (a.list, a.published_us, a.story) = (o.list, k.published_us, k.story)
    WHERE (u.story IS NULL) <> (a.story IS NULL)""",
    """SELECT count(*) FROM unread AS u LEFT JOIN list_entries AS k USING (list, published_us, story) WHERE k.story IS NULL""",
    f"""SELECT abs((SELECT total FROM lists WHERE id = {ALL_PAPERS_LIST})
    - (SELECT coalesce(sum(total), 0) FROM lists WHERE id IN (SELECT id FROM papers WHERE in_all_papers = 1)))""",
    f"""SELECT abs((SELECT total FROM lists WHERE id = {GROUPED_LIST}) - (SELECT count(*) FROM list_entries AS k
    LEFT JOIN story_groups AS g ON g.story = k.story WHERE k.list = {ALL_PAPERS_LIST}
    AND coalesce(g.representative, k.story) = k.story))""",
    f"""SELECT count(*) FROM (SELECT story FROM list_entries WHERE list = {CHANGED_LIST}) AS k
    FULL JOIN (SELECT story FROM read_versions WHERE kind <> '') AS v USING (story) WHERE k.story IS NULL OR v.story IS NULL""",
)


def is_due(db: sqlite3.Connection, now: datetime) -> bool:
    """Whether a check is due: the last check was a week ago or before a crash. A check dated in the future doesn't count."""
    checked, crashed = reader_event_time(db, CHECKED), reader_event_time(db, CRASHED)
    if checked is None or not checked <= now < checked + _CHECK_AGE:
        return True
    return crashed is not None and crashed > checked


def is_sound(db: sqlite3.Connection, spec: DatabaseFile) -> bool:
    """Whether a file that is open as the main database, with the schema `spec`, has no problem; the search index isn't checked."""
    return next(file_problems(db, spec, "main"), None) is None


def are_sound(db: sqlite3.Connection) -> bool:
    """Whether stories.db and reader.db have no problems and agree with each other.

    The search index and the content of texts aren't checked. SQLite does all of this work, so other threads can run meanwhile.
    """
    found = (file_problems(db, spec, name, reads_texts=False) for name, spec in DATABASES)
    return all(next(lines, None) is None for lines in (*found, _run_check(_outdated_mark_copies, db)))


def find_problems(db: sqlite3.Connection) -> tuple[str, ...]:
    """Return a line for each problem: damage of a file or of the search index, and data that differ between the two files."""
    found = [line for name, spec in DATABASES for line in file_problems(db, spec, name)]
    checks = _unsound_index, _outdated_mark_copies, _wrong_groups
    return tuple(dict.fromkeys((*found, *(line for check in checks for line in _run_check(check, db)))))


def file_problems(db: sqlite3.Connection, spec: DatabaseFile, within: str, *, reads_texts: bool = True) -> Iterator[str]:
    """Yield a line for each problem in one file, which has the schema `spec`; the search index isn't checked.

    `within` is the database's name on the connection. If `reads_texts`, each stored text is parsed completely. Otherwise, only its
    JSON is checked.
    """
    yield from _run_check(partial(_unsound_pages, spec=spec, within=within), db)
    if spec.name == STORIES.name:
        for check in (_broken_references, _wrong_counts, _unreadable_rows, *((_unreadable_texts,) if reads_texts else ())):
            yield from _run_check(check, db)


def _run_check(check: Callable[[sqlite3.Connection], Iterator[str]], db: sqlite3.Connection) -> Iterator[str]:
    try:
        yield from check(db)
    except DATABASE_ERRORS as error:
        if is_environment_error(error):  # else a sound file would count as damaged and be replaced
            raise
        yield f"{error}"


def _unsound_pages(db: sqlite3.Connection, spec: DatabaseFile, within: str) -> Iterator[str]:
    if schema_state(db, spec, schema=within) is not SchemaState.CURRENT:
        yield prefix_reason(spec.name, Reason("its schema isn't bpost's"))
    for (line,) in db.execute(f"PRAGMA {within}.integrity_check({_MAX_LINES})"):
        if line != "ok":
            yield prefix_reason(spec.name, line.splitlines()[-1])


def _broken_references(db: sqlite3.Connection) -> Iterator[str]:
    broken = db.execute("PRAGMA main.foreign_key_check").fetchall()
    if broken:
        yield prefix_reason(STORIES.name, Reason("{n} rows refer to missing data", n=len(broken)))


def _wrong_counts(db: sqlite3.Connection) -> Iterator[str]:
    query = """SELECT count(*) FROM lists WHERE
        total <> (SELECT count(*) FROM list_entries WHERE list = lists.id) OR
        unread <> (SELECT count(*) FROM unread WHERE list = lists.id)"""
    if wrong := db.execute(query).fetchone()[0]:
        yield prefix_reason(STORIES.name, Reason("{n} categories are miscounted", n=wrong))
    if wrong := sum(db.execute(query).fetchone()[0] for query in _WRONG_ENTRIES_QUERIES):
        yield prefix_reason(STORIES.name, Reason("{n} stories are listed wrongly", n=wrong))


def _unreadable_rows(db: sqlite3.Connection) -> Iterator[str]:
    if wrong := db.execute("SELECT count(*) FROM stories WHERE NOT json_valid(tags)").fetchone()[0]:
        yield prefix_reason(STORIES.name, Reason("the tags of {n} stories can't be read", n=wrong))
    if wrong := db.execute("SELECT count(*) FROM texts WHERE NOT json_valid(blocks)").fetchone()[0]:
        yield prefix_reason(STORIES.name, Reason("the texts of {n} stories can't be read", n=wrong))


def _unreadable_texts(db: sqlite3.Connection) -> Iterator[str]:
    if wrong := sum(not _is_text(blocks) for (blocks,) in db.execute("SELECT blocks FROM texts")):
        yield prefix_reason(STORIES.name, Reason("the texts of {n} stories can't be read", n=wrong))


def _is_text(blocks: object) -> bool:
    try:
        return isinstance(blocks, str) and bool(blocks_from_text(blocks) or read_json(blocks) == [])
    except ContentError:
        return False


def _unsound_index(db: sqlite3.Connection) -> Iterator[str]:
    from bpost_tui.store.search import search_index  # 10 ms

    if not search_index.is_sound(db):
        yield prefix_reason(STORIES.name, Reason("the search index is damaged"))
    if index_version(db) == EMPTYING_INDEX:
        return
    (entries,) = db.execute("SELECT count(*) FROM search_docsize").fetchone()
    (entered,) = db.execute("SELECT count(*) FROM stories WHERE entry IS NOT NULL").fetchone()
    if entries != entered:  # stories without an entry are indexed by the next search
        yield prefix_reason(STORIES.name, Reason("the search index has {n} entries for {all} stories", n=entries, all=entered))


def _wrong_groups(db: sqlite3.Connection) -> Iterator[str]:
    from bpost_tui.store.grouping import group_builder  # 15 ms

    found = group_builder.regroup_by_present_rules(db)
    if found.stories:
        reason = Reason(
            "{n} stories are in the wrong group: by the present rules, {lost} of {pairs} pairs aren't the same news, and {groups} "
            "groups become {after}",
            n=found.stories,
            **found._asdict(),
        )
        yield prefix_reason(STORIES.name, reason)


def _outdated_mark_copies(db: sqlite3.Connection) -> Iterator[str]:
    if marks_stamp.is_copy_current(db) and (wrong := mark_store.count_outdated(db)):
        yield prefix_reason(STORIES.name, Reason("the marks of {n} stories differ from {file}", n=wrong, file=READER.name))
