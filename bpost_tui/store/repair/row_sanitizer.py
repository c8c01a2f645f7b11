"""Sanitizer of rows from an untrusted file: tables and columns that are copied, with a rule for each column.

Only columns with a rule are copied. A row with another column raises an error, so that no unsanitized value can leave a damaged
file.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

from bpost_tui.clock import from_us
from bpost_tui.errors import ContentError
from bpost_tui.limits import MAX_QUERY_CHARS
from bpost_tui.model.marks import ReadingPosition
from bpost_tui.model.passage import MAX_CONTEXT_CHARS, MAX_NOTE_CHARS, MAX_QUOTED_CHARS, Passage, QuoteSelector, clean_passage
from bpost_tui.model.sanitize import MAX_NAME_CHARS, MAX_SAVED_GUID_CHARS, MAX_TITLE_CHARS, clean_blocks, clean_line, clean_text
from bpost_tui.model.story_fields import MissingRuleError, StoryField, clean_field
from bpost_tui.store.row_mapping import STORED_FIELDS, blocks_from_text, blocks_to_text
from bpost_tui.store.schema.migrations import (
    ALL_PAPERS_LIST,
    CHANGED_LIST,
    FIRST_PAPER,
    GROUPED_LIST,
    MAX_OWN_LIST_ID,
    READER,
    STORIES,
)
from bpost_tui.untrusted import read_json, text_or_empty
from bpost_tui.urls import MAX_LINK_CHARS, clean_link, link_key

Row = dict[str, Any]
"""Row of a table, as a mapping from columns to values."""
ColumnRule = Callable[[Any], Any]
"""Function that returns the sanitized value of a column; raises TypeError, ValueError or ContentError if the value is unusable."""

# ── columns ─────────────────────────────────────────────────────────────────


def _number(value: object) -> object:
    if value is not None and type(value) is not int:
        raise TypeError("not a number")
    return value


def _item(value: object) -> object:
    return value if type(value) is int else None


def _fraction(value: object) -> float | None:
    return value if isinstance(value, float) and math.isfinite(value) else None


def _line(max_chars: int) -> ColumnRule:
    return lambda value: clean_line(text_or_empty(value), max_chars)


def _text(max_chars: int) -> ColumnRule:
    return lambda value: clean_text(text_or_empty(value), max_chars)


def _line_or_none(max_chars: int) -> ColumnRule:
    return lambda value: None if value is None else clean_line(text_or_empty(value), max_chars)


def _link(value: object) -> str | None:
    return clean_link(text_or_empty(value))


def _blocks(value: object) -> str:
    return blocks_to_text(clean_blocks(blocks_from_text(text_or_empty(value))))


def _story_field_rule(field: StoryField) -> ColumnRule:
    """Return the function that sanitizes values of the column that contains a field of a story.

    Raises MissingRuleError if no such function exists for the field's kind.
    """
    match field.kind:
        case "line" | "link":
            return lambda value: clean_field(field.name, text_or_empty(value))
        case "lines":
            return lambda value: json.dumps(clean_field(field.name, _lines(value)), ensure_ascii=False)
        case "time" | "flag" | "number":
            return _number
        case _:
            raise MissingRuleError(f"the column {field.column!r} of stories: a field of the kind {field.kind!r} has no rule")


def _lines(value: object) -> tuple[str, ...]:
    try:
        lines = read_json(text_or_empty(value))
    except ContentError:
        return ()
    return tuple(line for line in lines if isinstance(line, str)) if isinstance(lines, list) else ()


_NAME, _GUID, _KEY = _line(MAX_NAME_CHARS), _line(MAX_SAVED_GUID_CHARS), _line_or_none(MAX_LINK_CHARS)

COLUMN_RULES: Mapping[str, Mapping[str, Mapping[str, ColumnRule]]] = {
    STORIES.name: {
        "lists": {
            **dict.fromkeys(("id", "portal_count", "from_portal", "paper"), _number),
            "slug": _line_or_none(MAX_NAME_CHARS),
            "name": _NAME,
            "parent": _line_or_none(MAX_NAME_CHARS),
        },
        "papers": {"id": _number, "key": _NAME, "address": _line(MAX_LINK_CHARS), "name": _NAME},
        "stories": {
            **{column: _story_field_rule(field) for column, field in STORED_FIELDS.items()},
            "link_key": _KEY,
            "paper": _number,
        },
        "texts": {"story": _number, "blocks": _blocks},
        "revisions": {"story": _number, "replaced_us": _number, "title": _line(MAX_TITLE_CHARS), "blocks": _blocks},
        "read_versions": {
            **dict.fromkeys(("story", "replaced_us", "edited_us"), _number),
            "kind": _NAME,
            **dict.fromkeys(("old", "new", "unit"), _line(MAX_TITLE_CHARS)),
        },
        "list_entries": dict.fromkeys(("list", "published_us", "story", "place", "read", "starred", "later"), _number),
        "host_requests": {"host": _line(MAX_TITLE_CHARS), "requests": _number, "last_us": _number},
    },
    READER.name: {
        "marks": {
            "guid": _GUID,
            "link_key": _KEY,
            **dict.fromkeys(("read_us", "starred_us", "later_us", "opened_us"), _number),
            "item": _item,
            "fraction": _fraction,
            **dict.fromkeys(("unread_us", "unstarred_us", "unlater_us"), _number),
            "paper": _NAME,
            "position_us": _number,
        },
        "saved_searches": {"name": _NAME, "query": _line(MAX_QUERY_CHARS), "saved_us": _number},
        "deleted_searches": {"name": _NAME, "deleted_us": _number},
        "reader_events": {"event": _NAME, "at_us": _number},
        "separations": {
            **dict.fromkeys(("guid", "paper", "other_guid", "other_paper"), _GUID),
            **dict.fromkeys(("at_us", "is_separated"), _number),
        },
        "passages": {
            "key": _NAME,
            **dict.fromkeys(("guid", "paper"), _GUID),
            "paper_name": _NAME,
            "link": _link,
            "link_key": _KEY,
            "title": _line(MAX_TITLE_CHARS),
            "published_us": _number,
            "exact": _text(MAX_QUOTED_CHARS),
            **dict.fromkeys(("prefix", "suffix"), _text(MAX_CONTEXT_CHARS)),
            "is_repeated": _number,
            "note": _line(MAX_NOTE_CHARS),
            **dict.fromkeys(("kept_us", "changed_us"), _number),
        },
        "deleted_passages": {"key": _NAME, "deleted_us": _number},
        "own_lists": {"key": _NAME, "name": _NAME, **dict.fromkeys(("named_us", "is_present", "present_us"), _number)},
        "own_list_entries": {"list": _NAME, "guid": _GUID, "paper": _NAME, "at_us": _number, "is_in": _number},
        "moved_papers": {"paper": _NAME, "address": _line(MAX_LINK_CHARS), "new_paper": _NAME, "moved_us": _number},
        "mutes": {"kind": _NAME, "name": _NAME, "at_us": _number, "is_on": _number},
    },
}
"""Rules of the columns that are copied, by file, table and column.

The order of the tables satisfies the foreign keys. HTTP validators aren't copied, because the stories that an address sent may be
lost. Without validators, these stories are fetched again. Groups and the search index are computed again.
"""

EARLIER_TABLES: Mapping[str, Mapping[str, str]] = {
    STORIES.name: {"lists": "shelves", "list_entries": "shelved", "host_requests": "contacts"},
    READER.name: {
        "saved_searches": "searches",
        "deleted_searches": "forgotten_searches",
        "reader_events": "times",
        "separations": "apart",
        "own_lists": "lists",
        "own_list_entries": "listed",
    },
}
"""Maps file and present name of a table to its old name, if the schema step "plain names" renamed a table of `COLUMN_RULES`."""
EARLIER_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "lists": {"from_portal": "listed"},
    "list_entries": {"list": "shelf"},
    "deleted_searches": {"deleted_us": "forgotten_us"},
    "reader_events": {"event": "what"},
    "separations": {"is_separated": "is_apart"},
    "own_lists": {"is_present": "is_there", "present_us": "there_us"},
}
"""Old names of the columns in `COLUMN_RULES` that "plain names" renamed, by present table name and present column name.

Rows are copied by the names of tables and columns, and a damaged file or a backup may be older than "plain names". Without the old
names, the columns of such a file would count as unknown, and its searches, lists and separations would be lost.
"""

# ── whole rows ──────────────────────────────────────────────────────────────


def clean_row(file: str, table: str, row: Row) -> Row | None:
    """Return a sanitized row of a file's table, or None if the row is unusable.

    Raises:
        MissingRuleError: A column has no rule.
        TypeError, ValueError, OverflowError: A value has another type than its column.
    """
    rules = COLUMN_RULES[file][table]
    for column in row.keys() - rules.keys():
        raise MissingRuleError(f"the column {column!r} of the table {table!r} has no rule in store/repair/row_sanitizer.py")
    try:
        cleaned = {column: rules[column](value) for column, value in row.items()}
    except ContentError:  # the text of a story is damaged
        return None
    check = _ROW_RULES.get(table)
    return check(cleaned) if check else cleaned


def _story(row: Row) -> Row | None:
    return _with_values(row, {"link_key": link_key(row.get("link"))}) if row["guid"] else None


def _category(row: Row) -> Row | None:
    if row["id"] in (FIRST_PAPER, ALL_PAPERS_LIST, GROUPED_LIST, CHANGED_LIST):
        return None  # every new file has these lists; the first one's name comes with the next feed
    if row["id"] <= MAX_OWN_LIST_ID:
        return None  # own lists are copied again from reader.db
    slug = row["slug"]
    if slug is None and row["id"] == row.get("paper"):
        return _with_values(row, {"parent": None})
    return _with_values(row, {"name": row["name"] or slug, "parent": row.get("parent") or None}) if slug else None


def _list_entry(row: Row) -> Row | None:
    is_refilled = row["list"] in (ALL_PAPERS_LIST, GROUPED_LIST, CHANGED_LIST) or row["list"] <= MAX_OWN_LIST_ID
    return None if is_refilled else row


def _mark(row: Row) -> Row | None:
    item, fraction = row.get("item"), row.get("fraction")
    if item is None or fraction is None:
        return _with_values(row, {"item": None, "fraction": None})
    return _with_values(row, ReadingPosition.within_bounds(item, fraction)._asdict())


def _passage(row: Row) -> Row | None:
    selector = QuoteSelector(row["exact"], row["prefix"], row["suffix"], bool(row["is_repeated"]))
    of_story = row["guid"], row["paper"], row["paper_name"], row["title"], row["link"]
    times = from_us(row["published_us"]), row["note"], from_us(row["kept_us"]), from_us(row["changed_us"])
    try:
        passage = clean_passage(Passage("", selector, *of_story, *times))
    except ContentError:
        return None
    return _with_values(row, {"key": passage.key, "exact": passage.selector.exact, "link_key": link_key(passage.link)})


def _named(*columns: str) -> Callable[[Row], Row | None]:
    return lambda row: row if all(row[column] for column in columns) else None


_ROW_RULES: Mapping[str, Callable[[Row], Row | None]] = {
    "stories": _story,
    "lists": _category,
    "list_entries": _list_entry,
    "marks": _mark,
    "separations": _named("guid", "other_guid"),
    "passages": _passage,
    "own_lists": _named("key", "name"),
    "own_list_entries": _named("list", "guid"),
    "mutes": _named("kind", "name"),
    "moved_papers": _named("paper", "new_paper"),
}
"""Maps names of tables to the function that sanitizes a whole row, after each column was sanitized; it may reject the row."""


def _with_values(row: Row, changes: Mapping[str, object]) -> Row:
    """Return a row with values replaced by `changes`; columns that the row lacks aren't added."""
    return {name: changes.get(name, value) for name, value in row.items()}
