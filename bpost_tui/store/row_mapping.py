"""Conversion of database rows to values and back: texts, headlines, columns of stories."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from bpost_tui.clock import optional_time, to_us
from bpost_tui.errors import ContentError
from bpost_tui.mark_changes.field_changes import MARK_FIELDS, Subject
from bpost_tui.model.blocks import Blocks
from bpost_tui.model.datelines import place_tag
from bpost_tui.model.story import Category, GroupedStory, Headline, ReadChange, Story
from bpost_tui.model.story_fields import FIELDS, FieldKind, StoryField, field_of
from bpost_tui.untrusted import read_json
from bpost_tui.urls import link_key


class DamagedRowError(sqlite3.DatabaseError):
    """Error because a row contains a value that bpost never writes; it is treated as SQLITE_CORRUPT."""

    sqlite_errorcode = sqlite3.SQLITE_CORRUPT


_CATEGORIES = """(SELECT json_group_array(json_array(slug, name, parent, portal_count)) FROM (
    SELECT c.slug, c.name, c.parent, c.portal_count FROM list_entries AS p JOIN lists AS c ON c.id = p.list
    WHERE p.story = s.id AND p.place >= 0 ORDER BY p.place))"""
IS_UNREAD = "EXISTS (SELECT 1 FROM unread AS u WHERE (u.list, u.published_us, u.story) = (s.paper, s.published_us, s.id))"
"""SQL condition that a story of `stories AS s` is unread."""
PAPER_KEY = "(SELECT key FROM papers AS o WHERE o.id = s.paper)"
"""SQL that selects the paper's key for a story of `stories AS s`."""
MARK_TIMES = tuple(column for mark in MARK_FIELDS for column in (f"{mark}_us", f"un{mark}_us"))
"""Columns of the table `marks` with the times of changes: for each mark, when it was set, and when it was removed."""
_CHANGED = """CASE WHEN s.updated_us IS NOT NULL THEN
    (SELECT json_array(v.kind, v.old, v.new, v.unit) FROM read_versions AS v WHERE v.story = s.id AND v.kind <> '') END"""
_COMPUTED: Mapping[str, str] = {
    "tag": "s.title",
    "read": f"NOT {IS_UNREAD}",
    "categories": _CATEGORIES,
    "paper": PAPER_KEY,
    "changed": _CHANGED,
}
_HEADLINE_FIELDS = tuple(field_of(name) for name in Headline._fields if name != "others")
HEADLINE_COLUMNS = ", ".join(f"s.{field.column}" if field.is_column else _COMPUTED[field.name] for field in _HEADLINE_FIELDS)
"""SQL for the columns of `stories AS s` that `to_headline` needs."""
STORED_FIELDS = {field.column: field for field in FIELDS.values() if field.is_column}
"""Maps each column of the table `stories` to the field of a story that it contains."""


def sqlite_text(text: str) -> str:
    """Return a text from the command line in a form that SQLite accepts: an unpaired surrogate is replaced by `?`."""
    return text.encode("utf-8", "replace").decode("utf-8")


def is_named(column: str, subjects: Iterable[Subject] | None) -> tuple[str, dict[str, str]]:
    """Return an SQL condition, with its parameters, that the value of `column` is the name of one of `subjects`.

    A subject is a story, list or search whose changes are synced. If `subjects` is None, any value meets the condition.
    """
    if subjects is None:
        return "TRUE", {}
    names = json.dumps([each.name for each in subjects])
    return f"{column} IN (SELECT value FROM json_each(:names))", {"names": names}  # noqa: S608 (a constant)


def rows_of_stories(db: sqlite3.Connection, table: str, columns: str, stories: Iterable[Subject] | None) -> sqlite3.Cursor:
    """Return the rows of `table`, a table of reader.db, that are about `stories`.

    A row has the story's guid, the key of the story's paper, and `columns`, a list of columns in SQL. If `stories` is None, rows
    about all stories are returned, but no row with an empty paper key: other machines couldn't find the story.
    """
    select = f"SELECT guid, paper, {columns} FROM"
    if stories is None:
        return db.execute(f"{select} reader.{table} WHERE paper <> ''")
    return db.execute(
        f"{select} json_each(?) CROSS JOIN reader.{table} "
        "ON (guid, paper) = (json_extract(value, '$[0]'), json_extract(value, '$[1]'))",
        (json.dumps([[each.name, each.paper] for each in stories]),),
    )


def blocks_from_text(text: str | None) -> Blocks:
    """Return `text`, as stored, as blocks (paragraphs, headings, pictures …); no blocks if it is None.

    Raises:
        ContentError: The text is damaged.
    """
    from bpost_tui.model.blocks_json import blocks_from_json  # 1 ms, and lists need no texts

    return blocks_from_json(read_json(text)) if text else ()


def blocks_to_text(blocks: Blocks) -> str:
    """Convert blocks (paragraphs, headings, pictures …) to the JSON text that is stored."""
    from bpost_tui.model.blocks_json import blocks_to_json  # as above

    return json.dumps(blocks_to_json(blocks), ensure_ascii=False, separators=(",", ":"))


def to_headline(row: tuple[Any, ...], others: tuple[GroupedStory, ...] = ()) -> Headline:
    """Convert a row of `HEADLINE_COLUMNS` to a headline; `others` are the other members of its group.

    Raises DamagedRowError if the row has an impossible value.
    """
    values = list(row[: len(_HEADLINE_FIELDS)])
    if values[_PAPER_AT] is None:
        raise DamagedRowError(f"story {row[0]}: its paper is missing")
    try:
        for at, convert in _CONVERSIONS:
            values[at] = convert(values[at])
    except (ContentError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise DamagedRowError(f"story {row[0]}: {error}") from error
    values.insert(_OTHERS_AT, others)
    return Headline._make(values)


def to_columns(story: Story) -> dict[str, object]:
    """Map column names of the table `stories` to their values, for the columns that depend only on the story itself."""
    own = {column: field for column, field in STORED_FIELDS.items() if field.name in Story._fields}
    return {
        **{column: _stored(field, getattr(story, field.name)) for column, field in own.items()},
        "link_key": link_key(story.link),
    }


def _stored(field: StoryField, value: Any) -> object:  # noqa: ANN401 (the field's type varies)
    match field.kind:
        case "time":
            return None if value is None else to_us(value)
        case "lines":
            return json.dumps(value, ensure_ascii=False)
        case _:
            return value


@lru_cache(maxsize=1 << 8)
def _to_categories(text: str) -> tuple[Category, ...]:
    """Return the categories of a story from their JSON text. Results are cached, because many stories have the same categories."""
    return tuple(Category(*fields) for fields in read_json(text))


def _to_change(text: str | None) -> ReadChange | None:
    return None if text is None else ReadChange(*read_json(text))


_BY_KIND: Mapping[FieldKind, Callable[[Any], object]] = {
    "flag": bool,
    "time": optional_time,
    "categories": _to_categories,
    "change": _to_change,
}
_CONVERSIONS = tuple(
    (at, place_tag if field.name == "tag" else _BY_KIND[field.kind])
    for at, field in enumerate(_HEADLINE_FIELDS)
    if field.name == "tag" or field.kind in _BY_KIND
)
_PAPER_AT = [field.name for field in _HEADLINE_FIELDS].index("paper")
_OTHERS_AT = Headline._fields.index("others")
