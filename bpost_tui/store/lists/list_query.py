"""Queries for a list's headlines by date: from the list's start, or next to any headline. Functions over an open library."""

# ruff: noqa: S608 (SQL is composed of constants; all values are bound)
from __future__ import annotations

import json
import sqlite3
from typing import Literal, assert_never

from bpost_tui.clock import to_us
from bpost_tui.model.list_order import ListOrder
from bpost_tui.model.list_position import SortKey, row_key
from bpost_tui.model.story import Headline, ListFilter
from bpost_tui.store.grouping.story_groups import OTHER_MEMBERS, to_grouped_stories
from bpost_tui.store.lists.own_list_copy import list_id
from bpost_tui.store.papers import GROUPED_SUBSCRIBED_LIST, SUBSCRIBED_LIST
from bpost_tui.store.row_mapping import HEADLINE_COLUMNS, sqlite_text, to_headline
from bpost_tui.store.schema.migrations import CHANGED_LIST
from bpost_tui.typesetting.text.named_tuple import NamedTuple

# Why lists are read by key. The obvious query joins stories with their categories and marks, sorts by date and skips to a page with
# OFFSET. SQLite then reads and sorts the whole list for every page, and page numbers shift whenever a story arrives.
#
# So the table of list entries repeats what lists are sorted and filtered by, and its primary key (list, published_us, story) *is*
# each list in its order. Starred and read-later lists have a partial index, and the table of unread entries has the same key. Each
# statement scans one of these indexes from one row on and stops at the limit. Row 50,000 of a list costs no more than its first,
# and the first page of a list takes as long with a million stories as with a thousand. Tests check the query plans. Triggers keep
# the copied columns and the stored counts up to date, except for unread counts after a mark: `mark_store.set_read` updates these.
#
# Unread is a table rather than a column, because one key marks a whole list read. With 100,000 stories in 230,000 entries, that
# deletes 230,000 narrow rows; with a column, all wide rows of the stories would be written again.
#
# Starred and Read later cover all papers, also papers that the reader no longer follows. So they aren't ranges of the list of all
# papers but of two indexes of the stories themselves (stories_starred, stories_later).
#
# OFFSET is used only for story ids (`ids_sql`), because skipping rows of an index is cheap.


Side = Literal["", "after", "before"]
"""Part of a list to return, in the list's order: "" from its first row on, or only the rows after or before a given row."""

_UNREAD = "EXISTS (SELECT 1 FROM unread AS u WHERE (u.list, u.published_us, u.story) = (k.list, k.published_us, k.story))"

_OF_PAPER = """ AND EXISTS (SELECT 1 FROM stories AS o JOIN papers AS p ON p.id = o.paper
    WHERE o.id = k.story AND p.key = :paper)"""
_OF_PAPERS = """ AND EXISTS (SELECT 1 FROM stories AS o JOIN papers AS p ON p.id = o.paper
    WHERE o.id = k.story AND p.key IN (SELECT value FROM json_each(:papers)))"""
_IN_CATEGORY = """ AND EXISTS (SELECT 1 FROM list_entries AS c JOIN lists AS l ON l.id = c.list
    WHERE c.story = k.story AND c.place >= 0 AND l.slug = :slug)"""

_STORIES = "(SELECT paper AS list, published_us, id AS story, starred, later FROM stories)"
"""SQL of a table like list_entries, but with the stories of all papers, also of papers that the reader no longer follows."""

# ── statements ──────────────────────────────────────────────────────────────


def rows_sql(list_filter: ListFilter, *, side: Side = "") -> str:
    """Return the SQL for the rows of the list that `list_filter` selects.

    Its parameters are :list, :limit and, if there is a `side`, :published_us and :id.

    With a `side`, the rows are directly after or before the position (:published_us, :id). Without, they are the list's first rows.
    For the unread stories after a row, the SQL is:

        SELECT … FROM unread AS k JOIN stories AS s ON s.id = k.story
        WHERE k.list = :list AND (k.published_us, k.story) < (:published_us, :id)
        ORDER BY k.published_us DESC, k.story DESC LIMIT :limit
    """
    rows = f"{_table(list_filter)} AS k JOIN stories AS s ON s.id = k.story"
    columns = f"{HEADLINE_COLUMNS}, {OTHER_MEMBERS}" if list_filter.groups_same_news else HEADLINE_COLUMNS
    return f"SELECT {columns} FROM {rows} {_range(list_filter, side)} LIMIT :limit"


def ids_sql(list_filter: ListFilter, *, side: Side = "") -> str:
    """Return the SQL for the ids of the stories of the list that `list_filter` selects.

    Its parameters are :list, :limit, :offset (the number of rows to skip) and, if there is a `side`, :published_us and :id. With a
    `side`, the stories are after or before the position (:published_us, :id).
    """
    return f"SELECT k.story FROM {_table(list_filter)} AS k {_range(list_filter, side)} LIMIT :limit OFFSET :offset"


def count_sql(list_filter: ListFilter, *, since: bool = False) -> str:
    """Return the SQL that counts the rows of the list that `list_filter` selects, through the row (:published_us, :id).

    Counting begins at the list's first row or, with `since`, at the row (:since_us, :since).
    """
    order = _order_sql(list_filter.order)
    begin = f"AND (k.published_us, k.story) {order.after}= (:since_us, :since)" if since else ""
    through = f"AND (k.published_us, k.story) {order.before}= (:published_us, :id)"
    return f"SELECT COUNT(*) FROM {_table(list_filter)} AS k WHERE {_conditions(list_filter)} {through} {begin}"


class _OrderSql(NamedTuple):
    """SQL operators and directions for an order by the key (published_us, story)."""

    after: str
    """Comparison operator that selects the rows after a given row of the list."""
    before: str
    """Comparison operator that selects the rows before a given row of the list."""
    direction: str
    """Direction of ORDER BY for the list's order."""
    reverse: str
    """Direction of ORDER BY for the reversed list."""


def _order_sql(order: ListOrder) -> _OrderSql:
    """Return the SQL operators and directions for `order`."""
    match order:
        case ListOrder.NEWEST:
            return _OrderSql("<", ">", "DESC", "ASC")
        case ListOrder.OLDEST:
            return _OrderSql(">", "<", "ASC", "DESC")
        case _:
            assert_never(order)


def _range(list_filter: ListFilter, side: Side) -> str:
    """Return the WHERE and ORDER BY clauses for a list's rows on one `side` of a position, or from its start if `side` is "".

    The order is the list's. Rows before a position are in reversed order, so that the nearest come first.
    """
    order = _order_sql(list_filter.order)
    sign, direction = (order.before, order.reverse) if side == "before" else (order.after, order.direction)
    beyond = f"AND (k.published_us, k.story) {sign} (:published_us, :id)" if side else ""
    return f"WHERE {_conditions(list_filter)} {beyond} ORDER BY k.published_us {direction}, k.story {direction}"


def _table(list_filter: ListFilter) -> str:
    """Return the table to read the list's rows from, which has an index that sorts them in the list's order."""
    if _has_all_papers(list_filter):
        return _STORIES
    return "unread" if list_filter.unread and not (list_filter.later or list_filter.starred) else "list_entries"


def _conditions(list_filter: ListFilter) -> str:
    """Return the SQL conditions of `list_filter` that a row must meet; `k` is the table that the list's rows are read from."""
    is_unread = list_filter.unread and _table(list_filter) != "unread"
    marks = [("k.later = 1", list_filter.later), ("k.starred = 1", list_filter.starred), (_UNREAD, is_unread)]
    narrowed = [condition for condition, applies in marks if applies]
    # a plus keeps SQLite from using a later mark's index (https://sqlite.org/optoverview.html#uplus): the first has the fewest rows
    if _has_all_papers(list_filter):
        return " AND +".join(narrowed)
    narrowing = " AND +".join(["", *narrowed]).replace("+", "", 1)
    return f"k.list = :list{narrowing}{_paper_condition(list_filter)}"


def _has_all_papers(list_filter: ListFilter) -> bool:
    """Whether `list_filter` selects the starred or read-later stories of all saved papers, also of unsubscribed papers.

    A mark thus stays visible after the reader has unsubscribed from the story's paper. False if the filter also names papers, a
    category, a list of the reader's own, or the list of changed stories.
    """
    is_narrowed = list_filter.paper is not None or list_filter.category is not None or bool(list_filter.papers)
    is_own_range = list_filter.changed or list_filter.own_list is not None
    return (list_filter.starred or list_filter.later) and not is_own_range and not is_narrowed


def _paper_condition(list_filter: ListFilter) -> str:
    """Return the SQL conditions that limit a list to the papers and the category in `list_filter`, or "" if it needs none.

    A single paper or a category needs a condition only in the reader's own lists and in the list of changed stories, because it
    otherwise has a list of its own.
    """
    of_papers = _OF_PAPERS * bool(list_filter.papers)
    if list_filter.own_list is None and not list_filter.changed:
        return of_papers
    return of_papers + _OF_PAPER * (list_filter.paper is not None) + _IN_CATEGORY * (list_filter.category is not None)


def _list_id(db: sqlite3.Connection, list_filter: ListFilter) -> int | None:
    """Return the id of the list that `list_filter` selects, or None if it doesn't exist.

    If a category is given without a paper, it is the category of the first paper that has such a category.
    """
    if list_filter.own_list is not None:
        return list_id(db, sqlite_text(list_filter.own_list))
    if list_filter.changed:
        return CHANGED_LIST
    key, slug = (None if text is None else sqlite_text(text) for text in (list_filter.paper, list_filter.category))
    if slug is None:
        row = db.execute(
            f"SELECT {GROUPED_SUBSCRIBED_LIST if list_filter.groups_same_news else SUBSCRIBED_LIST}"
            if key is None
            else "SELECT id FROM papers WHERE key = :key",
            {"key": key},
        ).fetchone()
    else:
        query = """SELECT c.id FROM papers AS p CROSS JOIN lists AS c ON (c.paper, c.slug) = (p.id, :slug)
            WHERE :key IS NULL OR p.key = :key ORDER BY p.position IS NULL, p.position, p.id LIMIT 1"""
        row = db.execute(query, {"key": key, "slug": slug}).fetchone()
    return int(row[0]) if row else None


# ── queries ─────────────────────────────────────────────────────────────────


def headlines(
    db: sqlite3.Connection, list_filter: ListFilter, limit: int, after: SortKey | None = None, before: SortKey | None = None
) -> tuple[Headline, ...]:
    """Return at most `limit` headlines of the list that `list_filter` selects, in the list's order.

    They are the headlines directly after the position (time and story id) `after`, or directly before the position `before`. If
    both are None, they are the list's first headlines.
    """
    query, values = rows_sql(list_filter, side=_side(after, before)), _values(db, list_filter, after or before)
    found = db.execute(query, values | {"limit": limit})
    rows = [to_headline(row, to_grouped_stories(row[-1]) if list_filter.groups_same_news else ()) for row in found]
    return tuple(reversed(rows) if before else rows)


def story_ids(
    db: sqlite3.Connection,
    list_filter: ListFilter,
    limit: int | None,
    offset: int,
    after: SortKey | None = None,
    before: SortKey | None = None,
) -> tuple[int, ...]:
    """Return the ids of at most `limit` stories (all for None) of the list that `list_filter` selects.

    They are the stories after the position (time and story id) `after`, or before the position `before`, the nearest first. If both
    are None, they are the list's first stories. The nearest `offset` stories are skipped.
    """
    query, values = ids_sql(list_filter, side=_side(after, before)), _values(db, list_filter, after or before)
    found = db.execute(query, values | {"limit": -1 if limit is None else limit, "offset": offset})
    return tuple(row[0] for row in found)


def count_between(db: sqlite3.Connection, list_filter: ListFilter, since: Headline | None, row: Headline) -> int:
    """Return the number of rows from `since` (the first if None) through `row`, both included, in the list of `list_filter`.

    In the list 9 8 7 6 5 (story ids), there are 3 from 8 through 6, or 2 if a mark filter excludes 7.
    """
    values = _values(db, list_filter, row_key(row))
    if since is not None:
        values |= {"since_us": to_us(since.published), "since": since.id}
    return int(db.execute(count_sql(list_filter, since=since is not None), values).fetchone()[0])


def count(db: sqlite3.Connection, list_filter: ListFilter) -> int:
    """Return the number of stories in the list that `list_filter` selects; 0 if there is no such list.

    The number is stored for most lists; for all stories of several papers, it is a sum of stored numbers. It is counted for starred
    and read-later stories, and for lists whose SQL needs a condition on the paper or the category.
    """
    if list_filter.papers and list_filter._replace(papers=(), unread=False, order=ListOrder.NEWEST) == ListFilter():
        which = "unread" if list_filter.unread else "total"
        query = f"""SELECT coalesce(sum(s.{which}), 0) FROM lists AS s JOIN papers AS p ON p.id = s.id
            WHERE p.key IN (SELECT value FROM json_each(:papers))"""
    elif list_filter.starred or list_filter.later or _paper_condition(list_filter):
        query = f"SELECT COUNT(*) FROM {_table(list_filter)} AS k WHERE {_conditions(list_filter)}"
    else:
        query = f"SELECT {'unread' if list_filter.unread else 'total'} FROM lists WHERE id = :list"
    row = db.execute(query, _values(db, list_filter, None)).fetchone()
    return int(row[0]) if row else 0


def _side(after: SortKey | None, before: SortKey | None) -> Side:
    return "after" if after else "before" if before else ""


def _values(db: sqlite3.Connection, list_filter: ListFilter, position: SortKey | None) -> dict[str, object]:
    values: dict[str, object] = {"list": _list_id(db, list_filter)}
    if list_filter.papers:
        values["papers"] = json.dumps(list_filter.papers)
    if list_filter.own_list is not None or list_filter.changed:
        values |= {"paper": list_filter.paper, "slug": list_filter.category and sqlite_text(list_filter.category)}
    return values | {"published_us": to_us(position.published), "id": position.id} if position else values
