"""Mute rules that the reader made by a key press, saved in reader.db. Like rules in the config's `[mute]`, they hide stories."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from bpost_tui.clock import to_us
from bpost_tui.limits import MAX_MUTES
from bpost_tui.mark_changes.field_changes import MUTE_FIELDS, ChangedFields, FieldChange, Subject, SubjectKind
from bpost_tui.model.sanitize import MAX_NAME_CHARS, clean_line
from bpost_tui.store.row_mapping import is_named, sqlite_text

if TYPE_CHECKING:
    from bpost_tui.store.database_access import DatabaseAccess
    from bpost_tui.store.search.query_terms import Query

_WRITE_RULE: Final = (
    "INSERT INTO reader.mutes VALUES (?, ?, ?, ?) ON CONFLICT (kind, name) DO UPDATE SET is_on = excluded.is_on, at_us = "
)


class MuteStore:
    """Mute rules that the reader made by a key press, and search for the stories that these or other mute rules match."""

    def __init__(self, database: DatabaseAccess, only_paper: str | None = None) -> None:
        self._database = database
        self._read, self._write = database.read, database.write
        self._only_paper = only_paper

    def rules(self) -> dict[str, tuple[str, ...]]:
        """Return the muted names by kind of rule (tags, authors, words); a kind without rules is left out."""
        return self._read(_all)

    def set_rule(self, kind: str, name: str, *, on: bool, now: datetime) -> bool:
        """Set the mute rule for `name` if `on`, or else remove it; return whether that changed anything.

        `kind` is the kind of rule, such as words or tags.
        """
        cleaned = clean_line(sqlite_text(name), MAX_NAME_CHARS)
        return bool(cleaned) and self._write(lambda db: _put(db, kind, cleaned, on, now))

    def find_muted(self, queries: Sequence[Query], stories: Sequence[int]) -> frozenset[int]:
        """Return the `stories` (ids) that match one of the `queries`, which are the reader's mute rules as queries."""
        from bpost_tui.store.search import mute_rules, search_index  # 10 ms, with the search

        search_index.complete_index(self._database)
        return self._read(lambda db: mute_rules.find_muted(db, queries, stories))

    def count_unread(self, queries: Sequence[Query], *, same_news_once: bool = False) -> Mapping[tuple[str, str], int]:
        """Return the number of unread stories that match the queries, by (paper, slug) of each category that has such stories.

        The slug "" means a whole paper, and ("", "") all papers. If `same_news_once`, several stories about the same news count as
        one in the number of ("", "").
        """
        from bpost_tui.store.search import mute_rules, search_index  # 10 ms, with the search

        search_index.complete_index(self._database)
        return self._read(lambda db: mute_rules.count_unread(db, queries, self._only_paper, same_news_once=same_news_once))


def _all(db: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {kind: [] for kind in MUTE_FIELDS}
    for kind, name in db.execute("SELECT kind, name FROM reader.mutes WHERE is_on ORDER BY at_us, name"):
        if kind in found:
            found[kind].append(name)
    return {kind: tuple(names[-MAX_MUTES:]) for kind, names in found.items() if names}


def _put(db: sqlite3.Connection, kind: str, name: str, on: bool, now: datetime) -> bool:
    was_on = db.execute("SELECT is_on FROM reader.mutes WHERE (kind, name) = (?, ?)", (kind, name)).fetchone()
    if bool(was_on and was_on[0]) is on:
        return False
    db.execute(f"{_WRITE_RULE} max(excluded.at_us, at_us + 1)", (kind, name, to_us(now), on))
    return True


# ── other machines ──────────────────────────────────────────────────────────


def mute_changes(db: sqlite3.Connection, subjects: Iterable[Subject] | None = None) -> dict[Subject, ChangedFields]:
    """Map the mute rules among `subjects` (rules, lists …), also removed rules, to their last changes; None means all."""
    condition, values = is_named("name", subjects)
    found: dict[Subject, dict[str, FieldChange]] = {}
    query = f"SELECT kind, name, at_us, is_on FROM reader.mutes WHERE {condition}"  # noqa: S608 (composed of constants)
    for kind, name, at_us, is_on in db.execute(query, values):
        if kind in MUTE_FIELDS:
            found.setdefault(Subject(SubjectKind.MUTE, name), {})[kind] = FieldChange(at_us, bool(is_on))
    return {**found}


def merge_mute(db: sqlite3.Connection, name: str, fields: ChangedFields) -> None:
    """Merge `fields`, another machine's changes of the mute rules about `name` (a tag, an author or words).

    The caller must have begun a transaction.
    """
    rows = [(kind, name, change.at_us, bool(change.value)) for kind, change in fields.items()]
    db.executemany(f"{_WRITE_RULE} excluded.at_us", rows)
