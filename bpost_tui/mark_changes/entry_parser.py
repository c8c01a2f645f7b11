"""What the fields of a line may be, read as a subject with its changes. Pure.

Every string must pass the gate unchanged, as what we write does. A field that isn't known here is a newer bpost's.
"""

from __future__ import annotations

from typing import Final

from bpost_tui.errors import ContentError
from bpost_tui.i18n import Reason, message
from bpost_tui.limits import MAX_QUERY_CHARS
from bpost_tui.mark_changes.field_changes import (
    APART,
    APART_FROM,
    IN_LIST,
    KEPT,
    LATEST_US,
    LINK,
    LIST,
    MARKS,
    MUTE,
    NAME,
    PASSAGE,
    POSITION,
    QUERY,
    RULES,
    SEARCH,
    STORY,
    THERE,
    FieldChange,
    Subject,
    Value,
    apart_from,
)
from bpost_tui.mark_changes.passage_value import from_value
from bpost_tui.model.sanitize import MAX_NAME_CHARS, MAX_SAVED_GUID_CHARS, clean_line
from bpost_tui.untrusted import Fields, checked, field
from bpost_tui.urls import MAX_LINK_CHARS

MAX_PAPER_CHARS: Final = 300
NEWER: Final = message("a newer bpost wrote it")
HAS_PAPER: Final = (STORY, APART)
"""The kinds of subjects that are of a paper."""
_KINDS: Final = (STORY, SEARCH, PASSAGE, LIST, MUTE, APART)
_FIELDS: Final = {SEARCH: (QUERY,), PASSAGE: (KEPT,), LIST: (NAME, THERE), MUTE: RULES}
_MAX_ITEM = 1 << 30


def read_entry(fields: Fields) -> tuple[Subject, dict[str, FieldChange], bool]:
    """Return what a line is about, its changes, and whether a newer bpost has put more into it.

    Raises:
        ContentError: Something in it can't be, or it is about something that only a newer bpost knows.
    """
    kind = next((kind for kind in _KINDS if kind in fields), None)
    if kind is None:
        raise ContentError(Reason(NEWER))
    name = _clean(fields, kind, MAX_SAVED_GUID_CHARS if kind in HAS_PAPER else MAX_NAME_CHARS)
    subject = Subject(kind, name, _clean(fields, "paper", MAX_PAPER_CHARS) if kind in HAS_PAPER else "")
    known = _known(subject, fields)
    changes = {name: _change(name, fields[name]) for name in known if name in fields}
    kept = changes.get(KEPT)
    if kept is not None and isinstance(kept.value, tuple) and from_value(kept.value, kept.at_us).key != subject.name:
        raise ContentError(Reason("{name} is invalid", name=repr(PASSAGE)))
    if subject.kind == STORY and fields.get(LINK) is not None:
        changes[LINK] = FieldChange(0, _clean(fields, LINK, MAX_LINK_CHARS))
    return subject, changes, not fields.keys() <= {"sum", "paper", LINK, subject.kind, *known}


def _known(subject: Subject, fields: Fields) -> tuple[str, ...]:
    if subject.kind == STORY:
        return (*MARKS, POSITION, *(name for name in fields if _is_in_list(name)))
    if subject.kind == APART:
        return tuple(name for name in fields if _is_other(name, subject))
    return _FIELDS[subject.kind]


def _is_in_list(name: str) -> bool:
    """Whether a field says that a story is in a list; a list whose key the gate would change can't be."""
    key = name.removeprefix(IN_LIST)
    return name.startswith(IN_LIST) and bool(key) and key == clean_line(key, MAX_NAME_CHARS)


def _is_other(name: str, subject: Subject) -> bool:
    """Whether a field names the second story of a pair; each pair is sent in one order only."""
    if not name.startswith(APART_FROM):
        return False
    guid, paper = apart_from(name)
    is_clean = guid == clean_line(guid, MAX_SAVED_GUID_CHARS) and paper == clean_line(paper, MAX_PAPER_CHARS)
    return bool(paper) and is_clean and (subject.name, subject.paper) < (guid, paper)


def _clean(fields: Fields, name: str, limit: int) -> str:
    """Return a text that passes the gate unchanged, and isn't empty."""
    text = field(fields, name, str)
    if not text or text != clean_line(text, limit):
        raise ContentError(Reason("{name} is invalid", name=repr(name)))
    return text


def _change(name: str, given: object) -> FieldChange:
    pair = checked(given, list, name)
    if len(pair) != 2 or type(pair[0]) is not int or not 0 <= pair[0] <= LATEST_US:
        raise ContentError(Reason("{name} is invalid", name=repr(name)))
    return FieldChange(pair[0], _value(name, pair[1]))


def _value(name: str, given: object) -> Value:
    match given:
        case bool() if name in (*MARKS, THERE, *RULES) or name.startswith((IN_LIST, APART_FROM)):
            return given
        case str() if name == NAME and given and given == clean_line(given, MAX_NAME_CHARS):
            return given
        case None if name in (QUERY, KEPT):
            return None
        case list() if name == KEPT and all(isinstance(part, str | int) for part in given):
            return tuple(given)
        case str() if name == QUERY and given and given == clean_line(given, MAX_QUERY_CHARS):
            return given
        case [int(item), int() | float() as fraction] if name == POSITION and _is_position(item, fraction):
            return item, float(fraction)
    raise ContentError(Reason("{name} is invalid", name=repr(name)))


def _is_position(item: int, fraction: float) -> bool:
    are_numbers = type(item) is int and type(fraction) is not bool
    return are_numbers and 0 <= item <= _MAX_ITEM and 0 <= fraction <= 1
