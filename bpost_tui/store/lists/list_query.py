"""Lists by date: their rows, from either end or from any row on. Functions over an open library.

Each statement scans one index from one row on, and stops at the limit: the key of `shelved`, that of `unread`, or the partial index
that has just the list's rows with a mark. So a list's row 50,000 costs no more than its first.
"""

# ruff: noqa: S608 (SQL is composed of constants; all values are bound)
from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from bpost_tui.model.list_order import ListOrder
from bpost_tui.model.story import Headline, ListFilter
from bpost_tui.store.grouping.story_groups import OTHER_MEMBERS, to_accounts
from bpost_tui.store.lists.own_list_copy import list_id
from bpost_tui.store.papers import GROUPED_SUBSCRIBED_LIST, SUBSCRIBED_LIST
from bpost_tui.store.row_mapping import HEADLINE_COLUMNS, sqlite_text, to_headline, to_us


class SortKey(NamedTuple):
    """Where a row is in a list, whatever the list's order; what a row has, `row_key` says."""

    published: datetime
    id: int = 0
    """The story's number."""


Side = Literal["", "after", "before"]
"""From which rows on: from the first, or from those after or before a row, in the list's order."""

_UNREAD = "EXISTS (SELECT 1 FROM unread AS u WHERE (u.shelf, u.published_us, u.story) = (k.shelf, k.published_us, k.story))"

_OF_PAPER = """ AND EXISTS (SELECT 1 FROM stories AS o JOIN papers AS p ON p.id = o.paper
    WHERE o.id = k.story AND p.key = :paper)"""
_OF_PAPERS = """ AND EXISTS (SELECT 1 FROM stories AS o JOIN papers AS p ON p.id = o.paper
    WHERE o.id = k.story AND p.key IN (SELECT value FROM json_each(:papers)))"""
_IN_CATEGORY = """ AND EXISTS (SELECT 1 FROM shelved AS c JOIN shelves AS l ON l.id = c.shelf
    WHERE c.story = k.story AND c.place >= 0 AND l.slug = :slug)"""

_ENDS: Mapping[bool, SortKey] = {True: SortKey(datetime.min.replace(tzinfo=UTC)), False: SortKey(datetime.max.replace(tzinfo=UTC))}


def _is_descending(order: ListOrder) -> bool:
    """Whether an order goes through a list's key, by date and number, from its greatest to its least."""
    match order:
        case ListOrder.NEWEST:
            return True
        case ListOrder.OLDEST:
            return False


def row_key(row: Headline) -> SortKey:
    """Return where a row is."""
    return SortKey(row.published, row.id)


def key_before(row: Headline, order: ListOrder) -> SortKey:
    """Return the place after which a row is the first."""
    return SortKey(row.published, row.id + (1 if _is_descending(order) else -1))


def end_key(order: ListOrder) -> SortKey:
    """Return the place before which the last rows of a list are."""
    return _ENDS[_is_descending(order)]


# ── statements ──────────────────────────────────────────────────────────────


def rows_sql(list_filter: ListFilter, *, side: Side = "") -> str:
    """Return the statement of a list's rows, with parameters :shelf, :limit and, on a side of a row, :published_us and :id.

    For the unread stories after a row it is

        SELECT … FROM unread AS k JOIN stories AS s ON s.id = k.story
        WHERE k.shelf = :shelf AND (k.published_us, k.story) < (:published_us, :id)
        ORDER BY k.published_us DESC, k.story DESC LIMIT :limit
    """
    rows = f"{_table(list_filter)} AS k JOIN stories AS s ON s.id = k.story"
    columns = f"{HEADLINE_COLUMNS}, {OTHER_MEMBERS}" if list_filter.groups_same_news else HEADLINE_COLUMNS
    return f"SELECT {columns} FROM {rows} {_range(list_filter, side)} LIMIT :limit"


def ids_sql(list_filter: ListFilter, *, side: Side = "") -> str:
    """Return the statement of the stories' numbers alone, with :offset too: skipping rows of an index costs little."""
    return f"SELECT k.story FROM {_table(list_filter)} AS k {_range(list_filter, side)} LIMIT :limit OFFSET :offset"


def count_sql(list_filter: ListFilter, *, since: bool = False) -> str:
    """Return the statement that counts a list's rows from its first, or from (:since_us, :since), through (:published_us, :id)."""
    first, last = ("<=", ">=") if _is_descending(list_filter.order) else (">=", "<=")
    begin = f"AND (k.published_us, k.story) {first} (:since_us, :since)" if since else ""
    through = f"AND (k.published_us, k.story) {last} (:published_us, :id)"
    return f"SELECT COUNT(*) FROM {_table(list_filter)} AS k WHERE {_conditions(list_filter)} {through} {begin}"


def _range(list_filter: ListFilter, side: Side) -> str:
    """Return the conditions and the order of a list's rows: the list's own, before a row the other way round."""
    sign, order = ("<", "DESC") if _is_descending(list_filter.order) is not (side == "before") else (">", "ASC")
    beyond = f"AND (k.published_us, k.story) {sign} (:published_us, :id)" if side else ""
    return f"WHERE {_conditions(list_filter)} {beyond} ORDER BY k.published_us {order}, k.story {order}"


def _table(list_filter: ListFilter) -> str:
    """Return the table whose key, or one of whose indexes, is a list."""
    return "unread" if list_filter.unread and not (list_filter.later or list_filter.starred) else "shelved"


def _conditions(list_filter: ListFilter) -> str:
    """Return the conditions on `k`, a row of its `_table`, to be in a list."""
    is_unread = list_filter.unread and _table(list_filter) == "shelved"
    marks = [("k.later = 1", list_filter.later), ("k.starred = 1", list_filter.starred), (_UNREAD, is_unread)]
    narrowed = [condition for condition, applies in marks if applies]
    # a plus keeps SQLite from choosing another's index (https://sqlite.org/optoverview.html#uplus): the first has the fewest rows
    narrowing = " AND +".join(["", *narrowed]).replace("+", "", 1)
    return f"k.shelf = :shelf{narrowing}{_paper_condition(list_filter)}"


def _paper_condition(list_filter: ListFilter) -> str:
    """Return the conditions of the part of a list that is of some papers; of one of the reader's own, of one paper or category."""
    if list_filter.own_list is None:
        return _OF_PAPERS * bool(list_filter.papers)
    return _OF_PAPER * (list_filter.paper is not None) + _IN_CATEGORY * (list_filter.category is not None)


def _list_id(db: sqlite3.Connection, list_filter: ListFilter) -> int | None:
    """Return the shelf of a list, None where there is none; of a category without a paper, that of the first paper that has it."""
    if list_filter.own_list is not None:
        return list_id(db, sqlite_text(list_filter.own_list))
    key, slug = (None if text is None else sqlite_text(text) for text in (list_filter.paper, list_filter.category))
    if slug is None:
        row = db.execute(
            f"SELECT {GROUPED_SUBSCRIBED_LIST if list_filter.groups_same_news else SUBSCRIBED_LIST}"
            if key is None
            else "SELECT id FROM papers WHERE key = :key",
            {"key": key},
        ).fetchone()
    else:
        query = """SELECT c.id FROM papers AS p CROSS JOIN shelves AS c ON (c.paper, c.slug) = (p.id, :slug)
            WHERE :key IS NULL OR p.key = :key ORDER BY p.place IS NULL, p.place, p.id LIMIT 1"""
        row = db.execute(query, {"key": key, "slug": slug}).fetchone()
    return int(row[0]) if row else None


# ── running them ────────────────────────────────────────────────────────────


def headlines(
    db: sqlite3.Connection, list_filter: ListFilter, limit: int, after: SortKey | None = None, before: SortKey | None = None
) -> tuple[Headline, ...]:
    """Return the first rows of a list, or those next to a row, after or before it; in the list's order in any case."""
    query, values = rows_sql(list_filter, side=_side(after, before)), _values(db, list_filter, after or before)
    found = db.execute(query, values | {"limit": limit})
    rows = [to_headline(row, to_accounts(row[-1]) if list_filter.groups_same_news else ()) for row in found]
    return tuple(reversed(rows) if before else rows)


def story_ids(
    db: sqlite3.Connection,
    list_filter: ListFilter,
    limit: int | None,
    offset: int,
    after: SortKey | None = None,
    before: SortKey | None = None,
) -> tuple[int, ...]:
    """Return the numbers of a list's stories from the `offset`-th on, counted from its first row, or away from a row."""
    query, values = ids_sql(list_filter, side=_side(after, before)), _values(db, list_filter, after or before)
    found = db.execute(query, values | {"limit": -1 if limit is None else limit, "offset": offset})
    return tuple(row[0] for row in found)


def count_between(db: sqlite3.Connection, list_filter: ListFilter, since: Headline | None, row: Headline) -> int:
    """Count a list's rows from `since` (or the first) through `row`.

    Of the list 9 8 7 6 5 (numbers of stories), from 8 through 6 there are 3; where 7 was left out by a mark, 2.
    """
    values = _values(db, list_filter, row_key(row))
    if since is not None:
        values |= {"since_us": to_us(since.published), "since": since.id}
    return int(db.execute(count_sql(list_filter, since=since is not None), values).fetchone()[0])


def count(db: sqlite3.Connection, list_filter: ListFilter) -> int:
    """Return how many stories are in a list: a stored count, but for stars, for what is to be read later, and for parts."""
    if list_filter.papers and list_filter._replace(papers=(), unread=False, order=ListOrder.NEWEST) == ListFilter():
        which = "unread" if list_filter.unread else "total"
        query = f"""SELECT coalesce(sum(s.{which}), 0) FROM shelves AS s JOIN papers AS p ON p.id = s.id
            WHERE p.key IN (SELECT value FROM json_each(:papers))"""
    elif list_filter.starred or list_filter.later or _paper_condition(list_filter):
        query = f"SELECT COUNT(*) FROM {_table(list_filter)} AS k WHERE {_conditions(list_filter)}"
    else:
        query = f"SELECT {'unread' if list_filter.unread else 'total'} FROM shelves WHERE id = :shelf"
    row = db.execute(query, _values(db, list_filter, None)).fetchone()
    return int(row[0]) if row else 0


def _side(after: SortKey | None, before: SortKey | None) -> Side:
    return "after" if after else "before" if before else ""


def _values(db: sqlite3.Connection, list_filter: ListFilter, place: SortKey | None) -> dict[str, object]:
    values: dict[str, object] = {"shelf": _list_id(db, list_filter)}
    if list_filter.papers:
        values["papers"] = json.dumps(list_filter.papers)
    if list_filter.own_list is not None:
        values |= {"paper": list_filter.paper, "slug": list_filter.category and sqlite_text(list_filter.category)}
    return values | {"published_us": to_us(place.published), "id": place.id} if place else values
