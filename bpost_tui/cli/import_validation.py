"""A story from a file that `export` wrote, or claims to have written: checked, with every string passed through the gate."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TypeVar

from bpost_tui.errors import ContentError
from bpost_tui.model.blocks_json import blocks_from_json
from bpost_tui.model.sanitize import (
    MAX_EXCERPT_CHARS,
    MAX_GUID_CHARS,
    MAX_NAME_CHARS,
    MAX_TERMS,
    MAX_TITLE_CHARS,
    clean_blocks,
    clean_line,
)
from bpost_tui.model.story import Category, Revision, Story
from bpost_tui.store.results import Change, ImportedStory, Marks, Position
from bpost_tui.urls import MAX_LINK_CHARS, clean_link

T = TypeVar("T")
Fields = Mapping[str, object]

MAX_REVISIONS = 1000
MAX_ITEM = 1_000_000
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST_TIME = 40
_LONGEST_GUID = MAX_GUID_CHARS + 1 + MAX_LINK_CHARS
"""A guid that several stories bore has their links after it (store/saving.py)."""


def arrival(value: object) -> ImportedStory:
    """Return the story that a file has.

    Raises:
        ContentError: A field is missing or of another type, or says what can't be.
    """
    fields = _object(value, "a story")
    return ImportedStory(
        _story(fields),
        _marks(_object(fields.get("marks") or {}, "'marks'")),
        tuple(_revision(each) for each in _list(fields, "revisions")[:MAX_REVISIONS]),
        _time(fields, "updated"),
        _time(fields, "withdrawn"),
    )


def _story(fields: Fields) -> Story:
    guid = clean_line(_get(fields, "guid", str), _LONGEST_GUID + 1)
    title = clean_line(_get(fields, "title", str), MAX_TITLE_CHARS)
    if not guid or len(guid) > _LONGEST_GUID:
        raise ContentError(f"the guid is empty or longer than {_LONGEST_GUID} characters")
    return Story(
        guid=guid,
        title=title,
        link=_link(fields, "link"),
        author=clean_line(_get(fields, "author", str, ""), MAX_NAME_CHARS),
        published=_time(fields, "published"),
        modified=_time(fields, "modified"),
        categories=tuple(_category(each) for each in _list(fields, "categories")[:MAX_TERMS]),
        tags=tuple(_tags(fields)),
        excerpt=clean_line(_get(fields, "excerpt", str, ""), MAX_EXCERPT_CHARS),
        blocks=clean_blocks(blocks_from_json(_list(fields, "blocks"))),
        image=_link(fields, "image"),
        full=_get(fields, "full", bool, False),
    )


def _tags(fields: Fields) -> Iterator[str]:
    for each in _list(fields, "tags")[:MAX_TERMS]:
        if tag := clean_line(_is(each, "a tag", str), MAX_NAME_CHARS):
            yield tag


def _category(value: object) -> Category:
    fields = _object(value, "a category")
    slug = clean_line(_get(fields, "slug", str), MAX_NAME_CHARS)
    if not slug:
        raise ContentError("a category's slug is empty")
    return Category(slug, clean_line(_get(fields, "name", str, slug), MAX_NAME_CHARS) or slug)


def _revision(value: object) -> Revision:
    fields = _object(value, "a revision")
    replaced = _time(fields, "replaced")
    if replaced is None:
        raise ContentError("a revision has no time")
    title = clean_line(_get(fields, "title", str), MAX_TITLE_CHARS)
    return Revision(replaced, title, clean_blocks(blocks_from_json(_list(fields, "blocks"))))


def _marks(fields: Fields) -> Marks:
    return Marks(
        _change(fields, "read"), _change(fields, "starred"), _change(fields, "later"), _time(fields, "opened"), _position(fields)
    )


def _change(marks: Fields, name: str) -> Change | None:
    if marks.get(name) is None:
        return None
    fields = _object(marks[name], f"'{name}'")
    at = _time(fields, "at")
    if at is None:
        raise ContentError(f"the mark {name!r} has no time")
    return Change(_get(fields, "on", bool), at)


def _position(marks: Fields) -> Position | None:
    if marks.get("position") is None:
        return None
    fields = _object(marks["position"], "'position'")
    item, fraction = _get(fields, "item", int), fields.get("fraction")
    if type(fraction) not in (int, float) or not isinstance(fraction, int | float) or not math.isfinite(fraction):
        raise ContentError("'fraction' is no number")
    return Position(min(max(item, 0), MAX_ITEM), min(max(float(fraction), 0.0), 1.0))


# ── fields ──────────────────────────────────────────────────────────────────


def _link(fields: Fields, name: str) -> str | None:
    return None if fields.get(name) is None else clean_link(_get(fields, name, str))


def _time(fields: Fields, name: str) -> datetime | None:
    """Return a moment as RFC 3339 has it; None for one that is missing or null."""
    if fields.get(name) is None:
        return None
    text = _get(fields, name, str)
    try:
        when = datetime.fromisoformat(text) if len(text) <= _LONGEST_TIME else None
        when = when.astimezone(UTC) if when and when.tzinfo else None
    except (ValueError, OverflowError):
        when = None
    if when is None or when < _EARLIEST:
        raise ContentError(f"{name!r} is no time")
    return when


def _get(fields: Fields, name: str, kind: type[T], default: T | None = None) -> T:
    value = fields.get(name)
    return default if value is None and default is not None else _is(value, repr(name), kind)


def _is(value: object, name: str, kind: type[T]) -> T:
    if type(value) is not kind:  # not isinstance: a bool is an int
        raise ContentError(f"{name} is {type(value).__name__}, not {kind.__name__}")
    return value


def _list(fields: Fields, name: str) -> list[object]:
    return _get(fields, name, list, [])


def _object(value: object, name: str) -> Fields:
    if not isinstance(value, dict):
        raise ContentError(f"{name} is {type(value).__name__}, not an object")
    return value
