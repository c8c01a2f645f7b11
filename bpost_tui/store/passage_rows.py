"""Rows of kept passages (stretches of stories' texts), converted to values and back.

Deletions are also saved, so that the later of two libraries' changes can win. Functions over an open library. Before a call that
writes, the caller must have begun a transaction.
"""

# ruff: noqa: S608 (SQL is composed of constants; all values are bound)
from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bpost_tui.clock import from_us, to_us
from bpost_tui.model.passage import Passage, QuoteSelector
from bpost_tui.store.row_mapping import DamagedRowError
from bpost_tui.urls import link_key

_STORED = (
    "key, exact, prefix, suffix, is_repeated, guid, paper, paper_name, title, link, published_us, note, kept_us, changed_us, "
    "link_key"
)
_STORY = """coalesce(
    (SELECT s.id FROM stories AS s JOIN papers AS o ON o.id = s.paper WHERE (s.guid, o.key) = (k.guid, k.paper)),
    (SELECT min(s.id) FROM stories AS s JOIN papers AS o ON o.id = s.paper WHERE (s.link_key, o.key) = (k.link_key, k.paper)))"""
"""SQL that finds the id of the story of a passage `k`: by guid, or by link if the portal changed the guid."""
_SELECT = f"SELECT {_STORED}, id, {_STORY} FROM reader.passages AS k"
NEWEST_FIRST = "ORDER BY kept_us DESC, id DESC"
Values = Sequence[object] | Mapping[str, object]


def passages_of_story(db: sqlite3.Connection, guid: str, paper: str, link: str | None) -> tuple[Passage, ...]:
    """Return the passages (stretches of text) that the reader kept from a story, oldest first.

    The story is given by its guid, the key of its paper, and its `link` (None if it has none). Passages kept under another guid are
    included if the link is the same and no story has that guid now.
    """
    which = """WHERE (k.guid, k.paper) = (:guid, :paper) OR (k.link_key = :link AND k.paper = :paper AND k.guid <> :guid
        AND NOT EXISTS (SELECT 1 FROM stories AS s JOIN papers AS o ON o.id = s.paper WHERE (s.guid, o.key) = (k.guid, k.paper)))
        ORDER BY kept_us, id"""
    return tuple(select_passages(db, which, {"guid": guid, "paper": paper, "link": link_key(link)}))


def select_passages(db: sqlite3.Connection, which: str, values: Values = ()) -> Iterator[Passage]:
    """Yield the passages selected by the SQL clause `which` with the parameters `values`.

    Raises DamagedRowError if a row has an impossible value.
    """
    for row in db.execute(f"{_SELECT} {which}", values).fetchall():
        try:
            yield _passage(row)
        except (TypeError, ValueError, AttributeError) as error:
            raise DamagedRowError(f"passage {row[-2]}: {error}") from error


def _passage(row: tuple[Any, ...]) -> Passage:
    key, exact, prefix, suffix, is_repeated, guid, paper, paper_name, title, link = row[:10]
    published_us, note, kept_us, changed_us, _, passage_id, story = row[10:]
    times = from_us(published_us), note, from_us(kept_us), from_us(changed_us)
    selector = QuoteSelector(exact, prefix, suffix, bool(is_repeated))
    return Passage(key, selector, guid, paper, paper_name, title, link, *times, passage_id, story)


def write_passage(db: sqlite3.Connection, key: str, passage: Passage | None, at_us: int) -> None:
    """Save a passage, or delete it if `passage` is None; `at_us` is the time of the change in microseconds since 1970."""
    passage_id = db.execute("SELECT id FROM reader.passages WHERE key = ?", (key,)).fetchone()
    for table in ("passages", "deleted_passages"):
        db.execute(f"DELETE FROM reader.{table} WHERE key = ?", (key,))
    if passage is None:
        db.execute("INSERT INTO reader.deleted_passages (key, deleted_us) VALUES (?, ?)", (key, at_us))
        return
    published_us, kept_us = to_us(passage.published), to_us(passage.kept_at)
    of_story = passage.guid, passage.paper, passage.paper_name, passage.title, passage.link, published_us
    row = (key, *passage.selector, *of_story, passage.note, kept_us, at_us, link_key(passage.link))
    holes = ", ".join("?" * (len(row) + 1))
    # a changed passage keeps its id, because the screen refers to it by its id
    db.execute(
        f"INSERT INTO reader.passages ({_STORED}, id) VALUES ({holes})", (*row, passage_id[0] if passage_id else passage.id or None)
    )


def last_change_us(db: sqlite3.Connection, key: str) -> int | None:
    """Return the time of a passage's last change or deletion in microseconds since 1970, or None if it was never kept here."""
    query = """SELECT max(at_us) FROM (SELECT changed_us AS at_us FROM reader.passages WHERE key = :key
        UNION ALL SELECT deleted_us FROM reader.deleted_passages WHERE key = :key)"""
    (at_us,) = db.execute(query, {"key": key}).fetchone()
    return None if at_us is None else int(at_us)
