"""Changes of marks and other things that travel between machines: their subjects, fields and values. Pure.

A subject (a story, a saved search, a passage, a list) has fields (whether it is read, how far it was read), and each field its
last change. `merge_rule` decides between two changes of a field.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

MAX_TIME_US: Final = 1 << 52
"""The latest time of a change that is taken, in the year 2112; JSON's numbers are exact up to twice that (RFC 8259, 6)."""

PassageValue = tuple[str | int, ...]
"""A kept passage (passage_values.py)."""
Value = bool | str | tuple[int, float] | PassageValue | None


class Subject(NamedTuple):
    """What a change is about."""

    kind: str
    """`STORY`, `SEARCH`, `PASSAGE`, `LIST`, `MUTE` or `SEPARATION`."""
    name: str
    """A story's guid, a saved search's name, the key of a passage or a list, or what is muted."""
    paper: str = ""
    """The key of the paper that a story is of."""


STORY: Final = "story"
SEARCH: Final = "search"
PASSAGE: Final = "passage"
LIST: Final = "list"
MUTE: Final = "mute"
SEPARATION: Final = "apart"
"""A story that was ungrouped from others: of each pair, the one whose guid (then paper) comes first."""


class FieldChange(NamedTuple):
    """The last change of a field."""

    at_us: int
    """When, in microseconds since 1970."""
    value: Value


ChangedFields = Mapping[str, FieldChange]
Changes = Mapping[Subject, ChangedFields]

MARK_FIELDS: Final = ("read", "starred", "later")
"""The fields of a story that are true or false."""
POSITION: Final = "position"
"""How far a story was read: an item and a fraction of it."""
LINK: Final = "link"
"""What all variants of a story's link have in common, by which it is found under another guid; its time is 0."""
QUERY: Final = "query"
"""What a saved search searches for; None once it was deleted."""
KEPT_PASSAGE: Final = "kept"
"""A passage with its note; None once it was deleted."""
NAME: Final = "name"
"""What a list is called."""
IS_PRESENT: Final = "there"
"""Whether a list is there: false once it was deleted."""
IN_LIST_PREFIX: Final = "list:"
"""Begins the field of a story that says whether it is in a list, whose key follows."""
MUTE_FIELDS: Final = ("words", "tags", "categories", "authors")
"""The fields of what is muted: whether it is as a word, as a tag and so on, as `[mute]` in the config calls them."""
SEPARATED_PREFIX: Final = "from:"
"""Begins the field that says whether two stories are apart; the paper and the guid of the other follow (`separation_field`)."""


def separation_field(guid: str, paper: str) -> str:
    """Return the field that names the second story of a pair; a paper's key has no spaces."""
    return f"{SEPARATED_PREFIX}{paper} {guid}"


def parse_separation_field(field: str) -> tuple[str, str]:
    """Return the guid and the paper of the story that such a field names."""
    paper, _, guid = field.removeprefix(SEPARATED_PREFIX).partition(" ")
    return guid, paper
