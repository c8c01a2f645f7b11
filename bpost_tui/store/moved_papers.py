"""Papers that have moved to another address, and so have another key than before (`paper_move` moves a paper).

reader.db remembers each move, because other machines, imported files and a server of feeds may use a paper's earlier key or address
for a long time. Stories and changes under the earlier key are then saved under the paper's present key. Functions over an open
library. Before a call that writes, the caller must have begun a transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

from bpost_tui.mark_changes.field_changes import (
    KEPT_PASSAGE,
    SEPARATED_PREFIX,
    Changes,
    FieldChange,
    Subject,
    parse_separation_field,
    separation_field,
)
from bpost_tui.mark_changes.merge_rule import merge_into
from bpost_tui.mark_changes.passage_value import with_paper
from bpost_tui.model.paper import Paper


def moved_keys(db: sqlite3.Connection) -> dict[str, str]:
    """Map the earlier keys of papers that have moved to their present keys."""
    return dict(db.execute("SELECT paper, new_paper FROM reader.moved_papers"))


def moved_addresses(db: sqlite3.Connection) -> dict[str, str]:
    """Map the earlier addresses of papers that have moved to the papers' present keys."""
    return dict(db.execute("SELECT address, new_paper FROM reader.moved_papers"))


def present_paper(db: sqlite3.Connection, paper: Paper) -> Paper:
    """Return the paper with its present key and address, if it has moved, else `paper` itself."""
    query = "SELECT p.key, p.address FROM reader.moved_papers AS m JOIN papers AS p ON p.key = m.new_paper WHERE m.paper = ?"
    row = db.execute(query, (paper.key,)).fetchone()
    return paper if row is None else paper._replace(key=row[0], address=row[1])


def with_present_papers(db: sqlite3.Connection, changes: Changes) -> Changes:
    """Return another machine's `changes` with the present keys of moved papers, instead of their earlier keys."""
    moved = moved_keys(db)
    if not moved:
        return changes
    result: dict[Subject, dict[str, FieldChange]] = {}
    for subject, fields in changes.items():
        renamed = subject._replace(paper=moved.get(subject.paper, subject.paper))
        merge_into(result, renamed, {_field(name, moved): _change(name, change, moved) for name, change in fields.items()})
    return {**result}


def _field(name: str, moved: Mapping[str, str]) -> str:
    if not name.startswith(SEPARATED_PREFIX):
        return name
    guid, paper = parse_separation_field(name)
    return separation_field(guid, moved.get(paper, paper))


def _change(name: str, change: FieldChange, moved: Mapping[str, str]) -> FieldChange:
    return change._replace(value=with_paper(change.value, moved)) if name == KEPT_PASSAGE else change


def forget_moves(db: sqlite3.Connection, keys: Iterable[str]) -> None:
    """Delete the records of moves from the earlier keys `keys`, because the reader subscribes to papers with these keys again."""
    db.executemany("DELETE FROM reader.moved_papers WHERE paper = ?", [(key,) for key in keys])
