"""Lists that the reader made, each with a name and the stories put into it, in reader.db (schema/reader.sql)."""

# ruff: noqa: S608 (SQL is composed of constants; all values are bound)
from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain, count
from typing import TYPE_CHECKING

from bpost_tui.clock import to_us
from bpost_tui.errors import NotFoundError, UsageError
from bpost_tui.i18n import Reason, did_you_mean, message
from bpost_tui.limits import MAX_LISTS
from bpost_tui.mark_changes.merge_rule import next_time_us
from bpost_tui.model.own_list import OwnList
from bpost_tui.model.sanitize import MAX_NAME_CHARS, clean_line
from bpost_tui.store.lists import marks_stamp, own_list_copy
from bpost_tui.store.row_mapping import PAPER_KEY, sqlite_text
from bpost_tui.store.schema.migrations import MAX_OWN_LIST_ID

if TYPE_CHECKING:
    from bpost_tui.store.database_access import DatabaseAccess

_KEY_CHARS = MAX_NAME_CHARS - 8
"""Number of characters of a name that a list's key keeps if a number has to be appended to make the key unique."""


class OwnListStore:
    """Lists that the reader made. Each list has a key, which stays the same when the list is renamed."""

    def __init__(self, database: DatabaseAccess) -> None:
        self._read, self._write = database.read, database.write

    def all(self) -> tuple[OwnList, ...]:
        """Return the lists, sorted by name."""
        return self._read(_all)

    def find(self, name: str) -> OwnList:
        """Return the list with this `name`; raises NotFoundError if there is none."""
        lists, cleaned = self.all(), _clean(name)
        found = next((each for each in lists if each.name == cleaned), None)
        if found is None:
            hint = did_you_mean(cleaned, [each.name for each in lists]) or message("`bpost lists` shows them.")
            raise NotFoundError(Reason("no list is called {name}", name=repr(cleaned[:80])), hint=hint)
        return found

    def count_in_lists(self, stories: Iterable[int]) -> Mapping[str, int]:
        """Map the key of each list to the number of `stories` (ids) in the list; lists without any of them are left out."""
        query = f"""SELECT c.slug, count(*) FROM json_each(?) AS j JOIN list_entries AS k ON k.story = j.value AND k.list <=
        {MAX_OWN_LIST_ID}
            JOIN lists AS c ON c.id = k.list GROUP BY c.slug"""
        ids = json.dumps(list(stories))
        return self._read(lambda db: dict(db.execute(query, (ids,))))

    def create(self, name: str, *, now: datetime) -> OwnList:
        """Return the list with this `name`, creating it if necessary; raises UsageError for an empty name or too many lists."""
        return self._write(lambda db: _create(db, _clean(name), now))

    def merge(self, lists: Sequence[OwnList], *, now: datetime) -> None:
        """Create the imported lists that don't exist here, or restore deleted ones; existing lists don't change."""
        self._write(lambda db: _merge(db, lists, now))

    def set_entries(self, key: str, stories: Iterable[int], on: bool, *, now: datetime) -> tuple[int, ...]:
        """Add stories to the list with this `key` if `on`, or else remove them.

        Return the ids of the stories that were added or removed. Raises NotFoundError if there is no such list.
        """
        return self._write(lambda db: _set_entries(db, sqlite_text(key), list(stories), on, now))

    def rename(self, key: str, name: str, *, now: datetime) -> None:
        """Rename a list. Raises NotFoundError if there is no such list, and UsageError if another list has the name."""
        self._write(lambda db: _rename(db, sqlite_text(key), _clean(name), now))

    def delete(self, key: str, *, now: datetime) -> None:
        """Delete a list, but none of its stories. Raises NotFoundError if there is no such list."""
        self._write(lambda db: _set_present(db, sqlite_text(key), False, now))

    def restore(self, key: str, *, now: datetime) -> None:
        """Restore a deleted list with its stories. Raises NotFoundError if there was no such list."""
        self._write(lambda db: _set_present(db, sqlite_text(key), True, now))


def _all(db: sqlite3.Connection) -> tuple[OwnList, ...]:
    return tuple(OwnList(*row) for row in db.execute("SELECT key, name FROM reader.own_lists WHERE is_present ORDER BY name, key"))


def _clean(name: str) -> str:
    return clean_line(sqlite_text(name), MAX_NAME_CHARS)


def _create(db: sqlite3.Connection, name: str, now: datetime) -> OwnList:
    if not name:
        raise UsageError(message("A list needs a name"))
    lists = _all(db)
    if found := next((each for each in lists if each.name == name), None):
        return found
    if len(lists) >= MAX_LISTS:
        raise UsageError(Reason("There are {n} lists already; there can't be more", n=MAX_LISTS))
    known = {row[0] for row in db.execute("SELECT key FROM reader.own_lists")}
    keys = chain([name], (f"{name[:_KEY_CHARS].rstrip()} {number}" for number in count(2)))
    key = next(key for key in keys if key not in known)
    _change(db, "INSERT INTO reader.own_lists VALUES (?, ?, ?, 1, ?)", (key, name, to_us(now), to_us(now)))
    return OwnList(key, name)


def _merge(db: sqlite3.Connection, lists: Sequence[OwnList], now: datetime) -> None:
    existing = {each.key for each in _all(db)}
    new = [each for each in lists if each.key not in existing][: max(MAX_LISTS - len(existing), 0)]
    query = """INSERT INTO reader.own_lists VALUES (?, ?, ?, 1, ?)
        ON CONFLICT (key) DO UPDATE SET is_present = 1, present_us = max(excluded.present_us, present_us + 1)"""
    _change(db, query, *((key, name, to_us(now), to_us(now)) for key, name in new))


def _set_entries(db: sqlite3.Connection, key: str, stories: Sequence[int], on: bool, now: datetime) -> tuple[int, ...]:
    from bpost_tui.store.lists.mark_store import update_copy  # 2 ms, only to write

    update_copy(db)
    list_id = own_list_copy.list_id(db, key)
    if list_id is None:
        raise _not_found(key)
    is_listed = "EXISTS (SELECT 1 FROM list_entries AS k WHERE (k.list, k.published_us, k.story) = (:list, s.published_us, s.id))"
    among = "s.id IN (SELECT value FROM json_each(:ids))"
    values: dict[str, object] = {"list": list_id, "ids": json.dumps(stories), "on": on, "key": key, "now": to_us(now)}
    changed = tuple(row[0] for row in db.execute(f"SELECT s.id FROM stories AS s WHERE {among} AND {is_listed} <> :on", values))
    if not changed:
        return ()
    values["ids"] = json.dumps(changed)
    db.execute(
        f"INSERT INTO reader.marks (guid, paper, link_key) SELECT guid, {PAPER_KEY}, link_key FROM stories AS s WHERE {among} "
        "ON CONFLICT (guid, paper) DO NOTHING",
        values,
    )
    db.execute(
        f"INSERT INTO reader.own_list_entries SELECT :key, guid, {PAPER_KEY}, :now, :on FROM stories AS s WHERE {among} "
        "ON CONFLICT (list, guid, paper) DO UPDATE SET at_us = max(excluded.at_us, at_us + 1), is_in = excluded.is_in",
        values,
    )
    if on:  # keeps the list if another machine deletes it without knowing of this change
        db.execute("UPDATE reader.own_lists SET present_us = max(:now, present_us + 1) WHERE key = :key", values)
    own_list_copy.update_copy(db)
    marks_stamp.renew_stamps(db)
    return changed


def _rename(db: sqlite3.Connection, key: str, name: str, now: datetime) -> None:
    if not name:
        raise UsageError(message("A list needs a name"))
    lists = _all(db)
    if any(each.name == name and each.key != key for each in lists):
        raise UsageError(Reason("another list is called {name}", name=repr(name[:80])))
    if not any(each.key == key for each in lists):
        raise _not_found(key)
    (before_us,) = db.execute("SELECT named_us FROM reader.own_lists WHERE key = ?", (key,)).fetchone()
    _change(
        db, "UPDATE reader.own_lists SET name = ?, named_us = ? WHERE key = ?", (name, next_time_us(to_us(now), before_us), key)
    )


def _set_present(db: sqlite3.Connection, key: str, is_present: bool, now: datetime) -> None:
    row = db.execute("SELECT present_us FROM reader.own_lists WHERE (key, is_present) = (?, ?)", (key, not is_present)).fetchone()
    if row is None:
        raise _not_found(key)
    _change(
        db,
        "UPDATE reader.own_lists SET is_present = ?, present_us = ? WHERE key = ?",
        (is_present, next_time_us(to_us(now), row[0]), key),
    )


def _change(db: sqlite3.Connection, statement: str, *rows: tuple[object, ...]) -> None:
    from bpost_tui.store.lists.mark_store import update_copy  # 2 ms, only to write

    update_copy(db)
    db.executemany(statement, rows)
    own_list_copy.update_copy(db)
    marks_stamp.renew_stamps(db)


def _not_found(key: str) -> NotFoundError:
    return NotFoundError(Reason("no list is called {name}", name=repr(key[:80])), hint=message("`bpost lists` shows them."))
