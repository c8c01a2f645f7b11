"""Papers of a library: their ids, the reader's subscriptions, and the papers that a list or search covers.

A paper's id is the id of the list of all its stories. If several papers are subscribed, their stories are also in one list for all
of them (`ALL_PAPERS_LIST`). With one subscribed paper, `ALL_PAPERS_LIST` is empty. Functions over an open library. Before a call
that writes, the caller must have begun a transaction.
"""

# ruff: noqa: S608 (SQL is composed of constants; all values are bound)
from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from bpost_tui.model.paper import UNNAMED, Paper, PaperCount
from bpost_tui.store.row_mapping import PAPER_KEY, DamagedRowError
from bpost_tui.store.schema.migrations import ALL_PAPERS_LIST, FIRST_PAPER, GROUPED_LIST, OWN_LIST_PLACE
from bpost_tui.urls import portal_key

FIRST_PAPER_ID = "(SELECT id FROM papers ORDER BY position IS NULL, position, id LIMIT 1)"
"""SQL that selects the id of the first paper in the reader's order."""
SUBSCRIBED_LIST = f"coalesce((SELECT {ALL_PAPERS_LIST} FROM papers WHERE in_all_papers = 1 LIMIT 1), {FIRST_PAPER_ID})"
"""SQL that selects the id of the list of all subscribed papers' stories."""
GROUPED_SUBSCRIBED_LIST = f"coalesce((SELECT {GROUPED_LIST} FROM papers WHERE in_all_papers = 1 LIMIT 1), {FIRST_PAPER_ID})"
"""SQL that selects the id of the list of all subscribed papers' stories, with only one story of each group of the same news."""

REFRESH, FAILING, SILENT, MOVED, ANNOUNCED = "refresh", "failing", "silent", "moved to ", "announced "
"""Names of events in the table `fetch_events`.

REFRESH is dated when the paper last answered. The other events are faults, which are deleted at the paper's next answer. SILENT
means that the paper has published nothing for long. MOVED is followed by the new address. If FAILING or MOVED occurs several times
in a row, it is dated when it first occurred, and `repeats` is how often it occurred. ANNOUNCED is followed by the new address that
the paper's feed announces.
"""
OWN_ADDRESS = "own address "
"""Prefix of the name of the event for a feed's own address, which follows: as in the feed at the paper's first refresh."""
IS_FAULT = f"(event IN ('{FAILING}', '{SILENT}') OR event LIKE '{MOVED}%' OR event LIKE '{ANNOUNCED}%')"
"""SQL condition for rows of `fetch_events` that record a fault."""
IS_MARKED = f"""(s.starred OR s.later
    OR EXISTS (SELECT 1 FROM list_entries AS k WHERE (k.story, k.place) = (s.id, {OWN_LIST_PLACE}))
    OR EXISTS (SELECT 1 FROM reader.passages AS m WHERE (m.guid, m.paper) = (s.guid, {PAPER_KEY})))"""
"""SQL condition that a story of `stories AS s` is starred, in Read later, in a list of the reader's own, or has a kept passage."""


def id_of(db: sqlite3.Connection, key: str | None) -> int | None:
    """Return the id of the paper with the key `key`, or of the first paper if `key` is None; None if there is no such paper."""
    query = f"SELECT {FIRST_PAPER_ID}" if key is None else "SELECT id FROM papers WHERE key = :key"
    row = db.execute(query, {"key": key}).fetchone()
    return int(row[0]) if row else None


def ensure_paper(db: sqlite3.Connection, paper: Paper, misnamed: dict[str, tuple[int, str]] | None = None) -> int:
    """Return the id of a paper; if the library lacks the paper, add it first.

    If no saved paper has the key, but a saved paper has the address, the key of that saved paper is damaged and is corrected. A new
    library contains one paper without a key. The first paper that is added gets that paper's id, and so its stories.

    Args:
        db: The open library.
        paper: The paper.
        misnamed: Saved papers with a wrong key, as `_misnamed` returns them. If one gets its right key, it is removed from this
            mapping. If `misnamed` is None, these papers are read from the library.
    """
    if (known := id_of(db, paper.key)) is not None:
        return known
    others = _misnamed(db) if misnamed is None else misnamed
    if (same := others.pop(UNNAMED.key, None) or others.pop(paper.key, None)) is not None:
        db.execute("UPDATE papers SET key = ?, address = ? WHERE id = ?", (paper.key, paper.address, same[0]))
        _rename_marks(db, same[1], paper.key)
        if same[1] != UNNAMED.key:  # copies of marks may have been made without this paper's: they are made again
            db.execute("UPDATE main.marks_stamp SET stamp = ''")
        return int(same[0])
    query = "INSERT INTO lists (name, paper) VALUES ('', 0) RETURNING id"
    (paper_id,) = db.execute(query).fetchone()
    db.execute("UPDATE lists SET paper = id WHERE id = ?", (paper_id,))
    row = (paper_id, paper.key, paper.address, paper.name)
    db.execute("INSERT INTO papers (id, key, address, name) VALUES (?, ?, ?, ?)", row)
    return int(paper_id)


def _misnamed(db: sqlite3.Connection) -> dict[str, tuple[int, str]]:
    """Map the right key of each paper with a wrong key to (id, wrong key). The right key is made from the paper's address.

    The paper that has no key yet is also included, by its empty key.
    """
    rows = db.execute("SELECT id, key, address FROM papers").fetchall()
    found = {portal_key(address): (paper_id, key) for paper_id, key, address in rows if address and portal_key(address) != key}
    return found | {key: (paper_id, key) for paper_id, key, _ in rows if key == UNNAMED.key}


def set_initial_name(db: sqlite3.Connection, paper_id: int, name: str) -> None:
    """Give the paper `paper_id` the name `name`, if it has no name yet. The title of its feed replaces the name later."""
    db.execute("UPDATE lists SET name = ? WHERE id = ? AND name = ''", (name, paper_id))


def ensure_papers(db: sqlite3.Connection, papers: Iterable[Paper]) -> list[int]:
    """Return the ids of papers, and add papers that the library lacks. All existing papers are read only once."""
    misnamed = _misnamed(db)
    return [ensure_paper(db, paper, misnamed) for paper in papers]


def ensure_paper_or_first(db: sqlite3.Connection, paper: Paper | None) -> int:
    """Return the id of a paper, which is added if the library lacks it, or the first paper's id if `paper` is None.

    If the paper has moved, its id at the present address is returned: imported files, and refreshes that began before the move, use
    the earlier address.
    """
    if paper is None:
        return id_of(db, None) or FIRST_PAPER
    known = id_of(db, paper.key)
    if known is not None:
        return known
    from bpost_tui.store.moved_papers import present_paper  # only for papers that the library lacks

    return ensure_paper(db, present_paper(db, paper))


def _rename_marks(db: sqlite3.Connection, earlier: str, key: str) -> None:
    """Move marks and passages from a paper's earlier key to its present key; marks already under the present key stay."""
    db.execute("UPDATE OR IGNORE reader.marks SET paper = ? WHERE paper = ?", (key, earlier))
    db.execute("DELETE FROM reader.marks WHERE paper = ?", (earlier,))
    db.execute("UPDATE reader.passages SET paper = ? WHERE paper = ?", (key, earlier))


def assign_keyless_marks(db: sqlite3.Connection) -> None:
    """Assign marks without a paper, which an earlier version of bpost made, to the first paper."""
    (key,) = db.execute("SELECT coalesce((SELECT key FROM papers WHERE id = ?), '')", (FIRST_PAPER,)).fetchone()
    if key != UNNAMED.key:
        _rename_marks(db, UNNAMED.key, key)


# ── subscriptions ───────────────────────────────────────────────────────────


def subscribed_papers(db: sqlite3.Connection) -> tuple[PaperCount, ...]:
    """Return the subscribed papers, in the reader's order."""
    return tuple(_counts(db, "WHERE p.position IS NOT NULL"))


def all_papers(db: sqlite3.Connection) -> tuple[PaperCount, ...]:
    """Return all papers that are subscribed or have stories, the subscribed papers first."""
    return tuple(_counts(db, "WHERE p.position IS NOT NULL OR s.total > 0"))


def unsubscribed_papers(db: sqlite3.Connection) -> tuple[PaperCount, ...]:
    """Return the papers that have stories, but that the reader isn't subscribed to, such as papers removed from the config."""
    return tuple(_counts(db, "WHERE p.position IS NULL AND s.total > 0"))


def _counts(db: sqlite3.Connection, which: str) -> list[PaperCount]:
    query = f"""SELECT p.key, p.address, coalesce(nullif(p.name, ''), s.name), s.total, s.unread,
        EXISTS (SELECT 1 FROM fetch_events WHERE paper = p.id AND {IS_FAULT})
        FROM papers AS p JOIN lists AS s ON s.id = p.id {which} ORDER BY p.position IS NULL, p.position, p.id"""
    return [PaperCount(Paper(*row[:3]), row[3], row[4], bool(row[5])) for row in db.execute(query)]


def feed_titles(db: sqlite3.Connection) -> dict[str, str]:
    """Return the titles of papers' feeds, by the papers' keys; papers without a title are left out."""
    query = "SELECT p.key, s.name FROM papers AS p JOIN lists AS s ON s.id = p.id WHERE s.name <> ''"
    return dict(db.execute(query).fetchall())


def is_subscribed_to(db: sqlite3.Connection, papers: Sequence[Paper]) -> bool:
    """Whether the subscribed papers are exactly these, in this order, with these addresses and names.

    Raises DamagedRowError if a row of the database has an impossible value.
    """
    query = """SELECT p.key, p.address, p.name, p.in_all_papers, p.position, p.id IS s.paper
        FROM papers AS p LEFT JOIN lists AS s ON s.id = p.id ORDER BY p.position"""
    rows = db.execute(query).fetchall()
    if not rows or not all(row[-1] for row in rows):
        raise DamagedRowError("a paper is missing, or its list")
    return [(*paper, len(papers) > 1) for paper in papers] == [row[:4] for row in rows if row[4] is not None or row[3]]


def set_subscriptions(db: sqlite3.Connection, papers: Sequence[Paper]) -> bool:
    """Subscribe to exactly the papers `papers`, in this order; the stories of other papers stay saved.

    Returns:
        Whether the papers in the list of all papers have changed, so that stories have to be grouped again (`group_builder`).
    """
    from bpost_tui.store.moved_papers import forget_moves  # only if the subscriptions change

    forget_moves(db, [paper.key for paper in papers])
    paper_ids = list(dict.fromkeys(ensure_papers(db, papers)))
    db.execute("UPDATE papers SET position = NULL WHERE position IS NOT NULL")
    for position, (paper_id, paper) in enumerate(zip(paper_ids, papers, strict=True), 1):
        query = "UPDATE papers SET position = ?, address = ?, name = ? WHERE id = ?"
        db.execute(query, (position, paper.address, paper.name, paper_id))
    return _fill_all_papers_list(db, set(paper_ids) if len(paper_ids) > 1 else set())


def _fill_all_papers_list(db: sqlite3.Connection, wanted: set[int]) -> bool:
    """Make the list of all papers contain the stories of exactly the papers `wanted`, and return whether that changed the list."""
    present = {row[0] for row in db.execute("SELECT id FROM papers WHERE in_all_papers = 1")}
    if not present and not wanted:
        return False
    if not wanted:
        db.execute("DELETE FROM list_entries WHERE list = ?", (ALL_PAPERS_LIST,))
    for paper_id in (present - wanted) if wanted else ():
        rows = "SELECT ?, published_us, story FROM list_entries WHERE list = ?"
        db.execute(f"DELETE FROM list_entries WHERE (list, published_us, story) IN ({rows})", (ALL_PAPERS_LIST, paper_id))
    for paper_id in sorted(wanted - present):
        rows = "SELECT ?, published_us, story, -2, read, starred, later FROM list_entries WHERE list = ?"
        db.execute(f"INSERT INTO list_entries {rows}", (ALL_PAPERS_LIST, paper_id))
    db.execute("UPDATE papers SET in_all_papers = 0 WHERE in_all_papers = 1")
    db.executemany("UPDATE papers SET in_all_papers = 1 WHERE id = ?", [(paper_id,) for paper_id in wanted])
    return True


def papers_in_scope(db: sqlite3.Connection, key: str | None) -> tuple[int, ...] | None:
    """Return the ids of the papers that a list covers: only the paper with `key`, or all subscribed papers if `key` is None.

    Returns None if no other paper has stories, because a condition on the paper is then unnecessary.
    """
    if key is None:
        wanted = {row[0] for row in db.execute(f"SELECT id FROM papers WHERE position IS NOT NULL UNION SELECT {FIRST_PAPER_ID}")}
    else:
        paper_id = id_of(db, key)
        wanted = set() if paper_id is None else {paper_id}
    filled = {row[0] for row in db.execute("SELECT p.id FROM papers AS p JOIN lists AS s ON s.id = p.id WHERE s.total > 0")}
    return None if filled <= wanted else tuple(sorted(wanted))


def search_condition(db: sqlite3.Connection, key: str | None) -> str | None:
    """Return the SQL condition on `stories AS s` that limits a search to a paper or to the subscribed papers.

    Return None if the search covers all stories.

    With `key`, the search covers the stories of this paper. Otherwise it covers the stories of all subscribed papers, and the
    marked stories of other papers: starred, read later, in a list of the reader's own, or with a kept passage.
    """
    if (paper_ids := papers_in_scope(db, key)) is None:
        return None
    return paper_condition(paper_ids) if key is not None else f"({paper_condition(paper_ids)} OR {IS_MARKED})"


def papers_by_name(db: sqlite3.Connection, name: str) -> tuple[int, ...]:
    """Return the ids of the papers whose key is or was `name`, or whose normalized name contains `name`.

    So a saved search for a paper still finds the paper after it has moved.
    """
    from bpost_tui.bengali.normalise import normalised  # only for searching
    from bpost_tui.store.moved_papers import moved_keys  # only for searching

    query = "SELECT p.id, p.key, p.name, s.name FROM papers AS p JOIN lists AS s ON s.id = p.id"
    found, keys = db.execute(query).fetchall(), {name, moved_keys(db).get(name)}
    return tuple(row[0] for row in found if row[1] in keys or any(name in normalised(each) for each in row[2:]))


def paper_condition(paper_ids: Sequence[int]) -> str:
    """Return the SQL condition that a story of `stories AS s` is from one of the papers with these ids."""
    return f"s.paper IN ({', '.join(map(str, paper_ids))})"
