"""Items (entries for stories) on a server with Google Reader's API, and their marks at the last sync with the library.

If a mark differs now, it was changed after the last sync, here or on the server. The table of items is in reader.db, as the marks
are. When a reader restores an earlier reader.db, the state of the last sync is thus restored with the marks.
"""

# ruff: noqa: S608 (SQL is composed of constants; all values are bound)
from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence, Set
from typing import TYPE_CHECKING, Any

from bpost_tui.mark_changes.field_changes import (
    MARK_FIELDS,
    SERVER_MARK_FIELDS,
    ChangedFields,
    FieldChange,
    Subject,
    SubjectKind,
)
from bpost_tui.store.lists.mark_fields import story_changes
from bpost_tui.typesetting.text.named_tuple import NamedTuple

if TYPE_CHECKING:
    from bpost_tui.store.database_access import DatabaseAccess


class GreaderState(NamedTuple):
    """State of the Google Reader server at the last sync."""

    digest: str = ""
    """Fingerprint of library and server, to notice changes: three values joined by colons.

    They are the id of the newest story in the library, the highest id of a server's item, and a hash of the server's sets of
    unread, starred and read-later items.
    """
    has_labels: bool | None = None
    """Whether the server's items (entries for stories) can have labels, or None if that isn't known yet."""
    is_dated: bool = False
    """Whether the server gives the time of each change of a mark."""
    at_us: int | None = None
    """Time of the last sync that succeeded, in microseconds since 1970, or None if there was none."""
    tried_us: int | None = None
    """Time of the last sync, also if it failed, in microseconds since 1970, or None if there was none."""
    failure: str = ""
    """Reason why the last sync failed, encoded (`GreaderPeer.failure` decodes it); empty if it succeeded."""
    starred_elsewhere: int = 0
    """Number of starred items on the server whose stories aren't in the library."""
    lead_us: int = 0
    """Microseconds that this machine's clock is ahead of the server's (negative: behind), or 0 if they agree within seconds."""

    @property
    def marks(self) -> Sequence[str]:
        """Names of the marks that the server can store, as far as known."""
        return MARK_FIELDS[:2] if self.has_labels is False else MARK_FIELDS


class StoredGreaderItem(NamedTuple):
    """Item, a server's entry for a story, with its marks at the last sync. The server has Google Reader's API."""

    id: int
    paper: str
    link: str
    """Link as the server has it. In some feeds the link is the story's guid, and finds the story if no story has `link_key`."""
    link_key: str
    crawled_ms: int
    updated_s: int
    last_synced: tuple[bool | None, bool | None, bool | None] = (None, None, None)
    """Value of each mark in `MARK_FIELDS` at the last sync, or None if the mark was never synced."""


class ComparedMark(NamedTuple):
    """Mark of a story that is both in the library and on the server of feeds."""

    ours: FieldChange | None
    """Last change of the mark in this library, or None if it was never changed."""
    last_known: bool | None
    """Value of the mark in the last known state of the server, or None if no state is known."""
    seen_us: int | None
    """Time (microseconds since 1970) of the last known state on the server, or None if no state was ever sent or received."""

    @property
    def value(self) -> bool:
        """Value of the mark in this library."""
        return self.ours is not None and self.ours.value is True


class MarkComparison(NamedTuple):
    """All marks of a story that is both in the library and on the server of feeds, for comparison."""

    item: StoredGreaderItem
    subject: Subject
    marks: tuple[ComparedMark, ...]
    """Marks of the story, in the order of `MARK_FIELDS`."""
    is_saved: bool
    """Whether the library has the story itself, not only marks on it."""


_WRITTEN_ROWS = 20_000
"""Maximum number of rows written in one transaction. Between two transactions, other processes can write."""
_SERVER_COLUMNS = ("id", "paper", "link", "link_key", "crawled_ms", "updated_s")
_COLUMNS = ", ".join((*_SERVER_COLUMNS, *MARK_FIELDS))
_COLUMNS_WITHOUT_LINKS = _COLUMNS.replace("link, link_key", "'', ''")
_ITEMS_WITH_STORIES = f"""SELECT * FROM (
    SELECT i.*, coalesce(
        i.saved, (SELECT o.guid FROM reader.marks AS o WHERE (o.link_key, o.paper) = (i.link_key, i.paper) LIMIT 1)
    ) AS guid
    FROM (SELECT {", ".join(f"v.{name}" for name in (*_SERVER_COLUMNS, *MARK_FIELDS))}, coalesce(
            (SELECT s.guid FROM stories AS s WHERE (s.link_key, s.paper) = (v.link_key, p.id) LIMIT 1),
            (SELECT s.guid FROM stories AS s WHERE (s.guid, s.paper) = (v.link, p.id))
        ) AS saved FROM reader.greader_items AS v CROSS JOIN papers AS p ON p.key = v.paper) AS i) WHERE guid IS NOT NULL"""


class GreaderItemStore:
    """Items (entries for stories) of a Google Reader server, stored in a library with the server's state at the last sync."""

    def __init__(self, database: DatabaseAccess) -> None:
        self._read, self._write = database.read, database.write

    def state(self, account: str) -> GreaderState:
        """Return the server's state at the last sync, or an empty state if another account was synced.

        `account` is the key of the reader's account on a server, made from the server's address and the user's name.
        """
        query = f"SELECT {', '.join(GreaderState._fields)} FROM reader.greader_state WHERE account = ?"
        row = self._read(lambda db: db.execute(query, (account,)).fetchone())
        return GreaderState(row[0], None if row[1] is None else bool(row[1]), bool(row[2]), *row[3:]) if row else GreaderState()

    def save_state(self, account: str, state: GreaderState) -> None:
        """Save the state of the server of `account`. If another account was synced before, delete that account's items.

        `account` is the key of the reader's account on a server, made from the server's address and the user's name.
        """

        def save_state(db: sqlite3.Connection) -> None:
            db.execute(
                "DELETE FROM reader.greader_items WHERE NOT EXISTS (SELECT 1 FROM reader.greader_state WHERE account = ?)",
                (account,),
            )
            db.execute("DELETE FROM reader.greader_state")
            row = (account, *state)
            db.execute(f"INSERT INTO reader.greader_state VALUES ({', '.join('?' * len(row))})", row)

        self._write(save_state)

    def all(self) -> dict[int, StoredGreaderItem]:
        """Return all stored items (the server's entries for stories) by id, without their links, which take most of the memory."""
        query = f"SELECT {_COLUMNS_WITHOUT_LINKS} FROM reader.greader_items"
        return self._read(lambda db: {row[0]: _to_item(row) for row in db.execute(query)})

    def compare_marks(self) -> list[MarkComparison]:
        """Compare the marks here and on the server of feeds, for each of the server's stories that is saved or has marks here.

        A story that was deleted here may still have marks.
        """

        def compare(db: sqlite3.Connection) -> list[MarkComparison]:
            rows = [(_to_item(row), Subject(SubjectKind.STORY, row[10], row[1]), row[9]) for row in db.execute(_ITEMS_WITH_STORIES)]
            stories = story_changes(db, [subject for _, subject, _ in rows])
            crawled_ms = defaultdict[Subject, set[int]](set)  # after a migration, a story has two items
            for item, subject, _ in rows:
                crawled_ms[subject].add(item.crawled_ms)
            return [
                _compare(item, subject, stories.get(subject, {}), crawled_ms[subject] - {item.crawled_ms}, saved is not None)
                for item, subject, saved in rows
            ]

        return self._read(compare)

    def count_marked_elsewhere(self, on_server: Collection[Subject]) -> int:
        """Return the number of saved stories that have a mark but aren't among `on_server`, the stories that the server has."""
        query = (
            "SELECT m.guid, m.paper FROM reader.marks AS m JOIN papers AS p ON p.key = m.paper "
            "JOIN stories AS s ON (s.guid, s.paper) = (m.guid, p.id) "
            "WHERE coalesce(m.read_us, m.starred_us, m.later_us) IS NOT NULL"
        )
        rows = self._read(lambda db: db.execute(query).fetchall())
        return sum(Subject(SubjectKind.STORY, *row) not in on_server for row in rows)

    def papers_of(self, papers: Collection[str], ids: Collection[int]) -> list[str]:
        """Return the key of the paper of each stored item (the server's entry for a story) whose id is in `ids`.

        A key is repeated for each item of its paper, so that callers can count items by paper. Items of papers whose keys aren't in
        `papers` are left out.
        """
        query = (
            "SELECT paper FROM reader.greader_items "
            "WHERE id IN (SELECT value FROM json_each(?)) AND paper IN (SELECT value FROM json_each(?))"
        )
        return self._read(lambda db: [row[0] for row in db.execute(query, (json.dumps([*ids]), json.dumps([*papers])))])

    def papers_of_links(self, papers: Collection[str], links: Collection[str]) -> list[str]:
        """Return the keys of the papers that have stories at `links`, once for each link that a paper has.

        So callers can count links by paper. `links` are link keys: all variants of a link have one key. Only papers whose keys are
        in `papers` count.
        """
        query = (
            "SELECT p.key FROM json_each(?) AS k CROSS JOIN papers AS p ON p.key IN (SELECT value FROM json_each(?)) "
            "CROSS JOIN stories AS s ON (s.link_key, s.paper) = (k.value, p.id) GROUP BY k.value, p.key"
        )
        return self._read(lambda db: [row[0] for row in db.execute(query, (json.dumps([*links]), json.dumps([*papers])))])

    def newest_story_id(self) -> int:
        """Return the highest story id in the library, or 0 if it has no story; each new story gets a higher id."""
        return self._read(lambda db: int(db.execute("SELECT coalesce(max(id), 0) FROM stories").fetchone()[0]))

    def save(self, items: Iterable[StoredGreaderItem]) -> None:
        """Save new items (the server's entries for stories). In known items, change only the link, its key and the time of update.

        If the server's link of an item is unchanged, the stored link key stays too. The key may be newer than the link, because the
        portal has changed the story's link.
        """
        rows = [(*item[:6], *item.last_synced) for item in items]
        query = (
            f"INSERT INTO reader.greader_items ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
            "link_key = iif(link = excluded.link, link_key, excluded.link_key), link = excluded.link, "
            "updated_s = excluded.updated_s"
        )
        self._write_rows(query, rows)

    def forget(self, ids: Iterable[int]) -> None:
        """Delete the items (entries for stories) with these `ids`, because the server no longer has them."""
        self._write_rows("DELETE FROM reader.greader_items WHERE id = ?", [(item_id,) for item_id in ids])

    def set_last_synced(self, mark: str, values: Iterable[tuple[int, bool]]) -> None:
        """Save the value of `mark` that library and server now agree on, for each pair (id of the server's story, value)."""
        if mark not in MARK_FIELDS:
            raise ValueError(mark)
        self._write_rows(
            f"UPDATE reader.greader_items SET {mark} = ? WHERE id = ?", [(value, item_id) for item_id, value in values]
        )

    def _write_rows(self, query: str, rows: Sequence[tuple[object, ...]]) -> None:
        """Run a statement once for each of `rows` (its values), in transactions of at most `_WRITTEN_ROWS` rows.

        One transaction for the 200,000 items that a server may have would take half a second of processor, and marks would wait. If
        the process is killed, the rows of the finished transactions stay.
        """
        for start in range(0, len(rows), _WRITTEN_ROWS):
            part = rows[start : start + _WRITTEN_ROWS]
            self._write(lambda db, part=part: db.executemany(query, part))  # type: ignore[misc]


def _to_item(row: Sequence[Any]) -> StoredGreaderItem:
    return StoredGreaderItem._make((*row[:6], tuple(None if value is None else bool(value) for value in row[6:9])))


def _compare(
    item: StoredGreaderItem, subject: Subject, fields: ChangedFields, others_ms: Set[int], is_saved: bool
) -> MarkComparison:
    """Return the marks of a story here and on the server of feeds, for comparison.

    `item` is the server's entry for the story, and `fields` are the story's last changes. `others_ms` are the times (milliseconds
    since 1970) when the server fetched its other entries for the story. `is_saved` is whether the library has the story itself.
    """
    compared: list[ComparedMark] = []
    for mark, field, last_synced in zip(MARK_FIELDS, SERVER_MARK_FIELDS, item.last_synced, strict=True):
        state = fields.get(field)
        item_ms = state.value if state is not None and isinstance(state.value, int) else 0
        last_known = item_ms > 0 if abs(item_ms) == item.crawled_ms != 0 else last_synced  # else of another server or item
        seen_us = state.at_us if state is not None and abs(item_ms) not in others_ms else None
        compared.append(ComparedMark(fields.get(mark), last_known, seen_us))
    return MarkComparison(item, subject, tuple(compared), is_saved)
