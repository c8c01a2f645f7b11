"""Changes of marks and other things that travel between machines: their subjects, fields and values. Pure.

A subject (a story, a saved search, a passage, a list) has fields, such as whether it was read, or how far. Each field has its last
change. `merge_rule` decides between two changes of a field.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

MAX_TIME_US: Final = 1 << 52
"""Latest time of a change in microseconds since 1970, in 2112. JSON numbers are exact up to twice that (RFC 8259, 6)."""

PassageValue = tuple[str | int, ...]
"""A kept passage as a tuple of its parts (`passage_value`)."""
Value = bool | str | tuple[int, float] | PassageValue | None
"""Value of a field; its type depends on the field."""


class Subject(NamedTuple):
    """Subject of a change: a story, a saved search, a passage, a list, a mute or a separation."""

    kind: str
    """Kind: `STORY`, `SEARCH`, `PASSAGE`, `LIST`, `MUTE` or `SEPARATION`."""
    name: str
    """Name: a story's guid, a saved search's name, the key of a passage or a list, or the muted text."""
    paper: str = ""
    """Key of the story's paper; empty for subjects that belong to no paper."""


STORY: Final = "story"
SEARCH: Final = "search"
PASSAGE: Final = "passage"
LIST: Final = "list"
MUTE: Final = "mute"
SEPARATION: Final = "apart"
"""Kind of a story that the reader separated from another one: the subject is the story whose guid (then paper) comes first."""


class FieldChange(NamedTuple):
    """Last change of a field."""

    at_us: int
    """Time of the change in microseconds since 1970."""
    value: Value


ChangedFields = Mapping[str, FieldChange]
Changes = Mapping[Subject, ChangedFields]

MARK_FIELDS: Final = ("read", "starred", "later")
"""Fields of a story that are true or false."""
POSITION: Final = "position"
"""Field of a story with its reading position: number of an item, and fraction of that item."""
LINK: Final = "link"
"""Field of a story with the key of its link, the same for all variants of the link. Finds the story under another guid; time 0."""
QUERY: Final = "query"
"""Field of a saved search with its query; None if the search was deleted."""
KEPT_PASSAGE: Final = "kept"
"""Field of a passage with its text and note; None if the passage was deleted."""
NAME: Final = "name"
"""Field of a list with its name."""
IS_PRESENT: Final = "there"
"""Field of a list: true, or false if the list was deleted."""
IN_LIST_PREFIX: Final = "list:"
"""Prefix of a story's field that is true if the story is in a list; the list's key follows."""
MUTE_FIELDS: Final = ("words", "tags", "categories", "authors")
"""Fields of a mute: whether its text is muted as a word, a tag, a category or an author, as `[mute]` in the config."""
SEPARATED_PREFIX: Final = "from:"
"""Prefix of a field that is true if two stories are separated; the other story's paper and guid follow (`separation_field`)."""


def separation_field(guid: str, paper: str) -> str:
    """Return the field that names the second story of a separated pair; a paper's key has no spaces."""
    return f"{SEPARATED_PREFIX}{paper} {guid}"


def parse_separation_field(field: str) -> tuple[str, str]:
    """Return the guid and the paper of the story that a field of `separation_field` names."""
    paper, _, guid = field.removeprefix(SEPARATED_PREFIX).partition(" ")
    return guid, paper
