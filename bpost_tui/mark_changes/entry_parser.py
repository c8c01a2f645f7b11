"""Parser of a line of a marks file: turns the line's fields into a subject (the thing that was changed) and its changes. Pure.

Every string must be one that the sanitizer (model/sanitize.py) leaves unchanged, as bpost writes no other strings. A field with an
unknown name comes from a newer version of bpost.
"""

from __future__ import annotations

from typing import Final

from bpost_tui.errors import ContentError
from bpost_tui.i18n import Reason, message
from bpost_tui.limits import MAX_QUERY_CHARS
from bpost_tui.mark_changes.field_changes import (
    IN_LIST_PREFIX,
    IS_PRESENT,
    KEPT_PASSAGE,
    LINK,
    MARK_FIELDS,
    MAX_TIME_US,
    MUTE_FIELDS,
    NAME,
    POSITION,
    QUERY,
    SEPARATED_PREFIX,
    SERVER_MARK_FIELDS,
    SYNCED,
    FieldChange,
    Subject,
    SubjectKind,
    Value,
    parse_separation_field,
)
from bpost_tui.mark_changes.passage_value import passage_from_value
from bpost_tui.model.sanitize import MAX_NAME_CHARS, MAX_SAVED_GUID_CHARS, clean_line
from bpost_tui.untrusted import Fields, require_field, require_type
from bpost_tui.urls import MAX_LINK_CHARS

MAX_PAPER_CHARS: Final = 300
NEWER_VERSION: Final = message("a newer bpost wrote it")
KINDS_WITH_PAPER: Final = (SubjectKind.STORY, SubjectKind.SEPARATION)
"""Kinds of subjects (things that are changed) that belong to a paper; the other kinds belong to no paper."""
_FIELDS: Final = {
    SubjectKind.SEARCH: (QUERY,),
    SubjectKind.PASSAGE: (KEPT_PASSAGE,),
    SubjectKind.LIST: (NAME, IS_PRESENT),
    SubjectKind.MUTE: MUTE_FIELDS,
}
_MAX_ITEM = 1 << 30


def parse_entry(fields: Fields) -> tuple[Subject, dict[str, FieldChange], bool]:
    """Return the subject of a line (the story, list or other thing that was changed), and its changes by field.

    The third value is whether the line also has unknown fields, which come from a newer version of bpost. `fields` are the fields
    of the line, as JSON values.

    Raises:
        ContentError: A field has an invalid value, or only a newer bpost knows this kind of subject.
    """
    kind = next((kind for kind in SubjectKind if kind in fields), None)
    if kind is None:
        raise ContentError(Reason(NEWER_VERSION))
    # `.value`, because a message with the name shows its `repr`
    name = _clean_string(fields, kind.value, MAX_SAVED_GUID_CHARS if kind in KINDS_WITH_PAPER else MAX_NAME_CHARS)
    subject = Subject(kind, name, _clean_string(fields, "paper", MAX_PAPER_CHARS) if kind in KINDS_WITH_PAPER else "")
    known = _known_fields(subject, fields)
    changes = {name: _parse_change(name, fields[name]) for name in known if name in fields}
    kept = changes.get(KEPT_PASSAGE)
    if kept is not None and isinstance(kept.value, tuple) and passage_from_value(kept.value, kept.at_us).key != subject.name:
        raise ContentError(Reason("{name} is invalid", name=repr(SubjectKind.PASSAGE.value)))
    if subject.kind == SubjectKind.STORY and fields.get(LINK) is not None:
        changes[LINK] = FieldChange(0, _clean_string(fields, LINK, MAX_LINK_CHARS))
    synced = require_field(fields, SYNCED, list, [])
    for mark in changes.keys() & {*MARK_FIELDS}:
        if mark in synced:
            changes[mark] = changes[mark]._replace(is_synced=True)
    return subject, changes, not fields.keys() <= {"sum", "paper", LINK, SYNCED, subject.kind, *known}


def _known_fields(subject: Subject, fields: Fields) -> tuple[str, ...]:
    if subject.kind == SubjectKind.STORY:
        return (*MARK_FIELDS, *SERVER_MARK_FIELDS, POSITION, *(name for name in fields if _is_in_list(name)))
    if subject.kind == SubjectKind.SEPARATION:
        return tuple(name for name in fields if _is_separation_field(name, subject))
    return _FIELDS[subject.kind]


def _is_in_list(name: str) -> bool:
    """Whether `name` is a valid name of a field that records whether a story is in a list.

    The name contains the list's key. It is invalid if the sanitizer (`clean_line`) would change the key.
    """
    key = name.removeprefix(IN_LIST_PREFIX)
    return name.startswith(IN_LIST_PREFIX) and bool(key) and key == clean_line(key, MAX_NAME_CHARS)


def _is_separation_field(name: str, subject: Subject) -> bool:
    """Whether `name` is a valid name of a field that says whether the story `subject` isn't grouped with a second story.

    The name contains the paper and the guid of the second story. It is valid only if the (guid, paper) of `subject` sorts before
    the second story's.
    """
    if not name.startswith(SEPARATED_PREFIX):
        return False
    guid, paper = parse_separation_field(name)
    is_clean = guid == clean_line(guid, MAX_SAVED_GUID_CHARS) and paper == clean_line(paper, MAX_PAPER_CHARS)
    return bool(paper) and is_clean and (subject.name, subject.paper) < (guid, paper)


def _clean_string(fields: Fields, name: str, limit: int) -> str:
    """Return the text in the field `name`. Raises ContentError if it is empty, longer than `limit`, or changed by the sanitizer."""
    text = require_field(fields, name, str)
    if not text or text != clean_line(text, limit):
        raise ContentError(Reason("{name} is invalid", name=repr(name)))
    return text


def _parse_change(name: str, value: object) -> FieldChange:
    match require_type(value, list, name):
        case [at_us, found] if _is_time(at_us):
            return FieldChange(at_us, _parse_value(name, found))
        case [at_us, found, True] if name in MARK_FIELDS and _is_time(at_us):  # of vocabulary 4, before SYNCED
            return FieldChange(at_us, _parse_value(name, found), is_synced=True)
    raise ContentError(Reason("{name} is invalid", name=repr(name)))


def _is_time(value: object) -> bool:
    return type(value) is int and 0 <= value <= MAX_TIME_US


def _parse_value(name: str, value: object) -> Value:
    match value:
        case bool() if name in (*MARK_FIELDS, IS_PRESENT, *MUTE_FIELDS) or name.startswith((IN_LIST_PREFIX, SEPARATED_PREFIX)):
            return value
        case int() if name in SERVER_MARK_FIELDS and type(value) is int and 0 < abs(value) <= MAX_TIME_US:
            return value
        case str() if name == NAME and value and value == clean_line(value, MAX_NAME_CHARS):
            return value
        case None if name in (QUERY, KEPT_PASSAGE):
            return None
        case list() if name == KEPT_PASSAGE and all(isinstance(part, str | int) for part in value):
            return tuple(value)
        case str() if name == QUERY and value and value == clean_line(value, MAX_QUERY_CHARS):
            return value
        case [int(item), int() | float() as fraction] if name == POSITION and _is_position(item, fraction):
            return item, float(fraction)
    raise ContentError(Reason("{name} is invalid", name=repr(name)))


def _is_position(item: int, fraction: float) -> bool:
    are_numbers = type(item) is int and type(fraction) is not bool
    return are_numbers and 0 <= item <= _MAX_ITEM and 0 <= fraction <= 1
