"""Changes of marks and other things that travel between machines: their subjects, fields and values. Pure.

A subject is the thing that was changed: a story, a saved search, a passage or a list, for example. It has fields. A story's
fields record, for example, whether it was read, and how far. Only the last change of each field is kept. `merge_rule` decides
between two changes of a field.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from bpost_tui.typesetting.text.named_tuple import NamedTuple

MAX_TIME_US: Final = 1 << 52
"""Latest time that a change may have, in microseconds since 1970; it is in 2112.

JSON numbers are exact up to twice that number (RFC 8259, 6).
"""

PassageValue = tuple[str | int, ...]
"""Kept passage (a quotation that the reader saved) as a tuple of its parts (`passage_value`)."""
Value = bool | int | str | tuple[int, float] | PassageValue | None
"""Value of a field. Its type depends on the field: for example, bool for a mark, and a text for a saved search's query."""


class SubjectKind(StrEnum):
    """Kind of a subject, which is the thing that was changed: a story, a saved search, a list and so on.

    The value is the kind's name in a marks file and in the library, so it never changes.

    For a new kind or field, raise `marks_file.VOCABULARY_VERSION`, check its values in `entry_parser`, read and write its rows in
    `store.change_store`, and add a trigger that adds the kind to `unsent_changes` (a step of the schema).
    """

    STORY = "story"
    SEARCH = "search"
    PASSAGE = "passage"
    LIST = "list"
    MUTE = "mute"
    SEPARATION = "apart"
    """Pair of stories that the reader has separated so that they aren't grouped as the same news.

    The subject has the guid and the paper of one of the stories: the story whose (guid, paper) sorts first.
    """


class Subject(NamedTuple):
    """Subject of a change: the story, saved search, passage, list, mute or separation that was changed.

    A mute hides stories with a text; a separation keeps two stories out of one group.
    """

    kind: SubjectKind
    name: str
    """Name of the subject: a story's guid, a saved search's name, the key of a passage or a list, or the muted text."""
    paper: str = ""
    """Key of the paper that the story belongs to; empty for subjects that belong to no paper."""


class FieldChange(NamedTuple):
    """Last change of a field of a story, list or other thing: its time and the new value."""

    at_us: int
    """Time of the change in microseconds since 1970."""
    value: Value
    is_synced: bool = False
    """Whether the change has reached the server of feeds, so that later states of the mark on the server replace its value."""


ChangedFields = Mapping[str, FieldChange]
Changes = Mapping[Subject, ChangedFields]

MARK_FIELDS: Final = ("read", "starred", "later")
"""Fields of a story that are true or false: whether it is read, starred, or to be read later."""
SERVER_MARK_FIELDS: Final = tuple(f"server:{mark}" for mark in MARK_FIELDS)
"""Names of the fields with the last known state of a story's marks on a server of feeds: a field for each mark.

The field's value is the time when the server first had the story, in milliseconds since 1970, and negative if the mark isn't set
there. If two servers have the story, this time shows which of them is meant. The time of the field is by the server's clock.
"""
SYNCED: Final = "synced"
"""Field of a story's line in a marks file: lists the marks, such as `read`, whose last change has reached the server of feeds."""
POSITION: Final = "position"
"""Field with the reading position in a story.

Its value is the index of a part of the story, such as a paragraph, and the fraction of this part that comes before the position.
"""
LINK: Final = "link"
"""Field with the key of a story's link. The time of its change is always 0.

All variants of a link have the same key. So a machine whose library has the story under another guid finds it by the key.
"""
QUERY: Final = "query"
"""Field with the query of a saved search, or None if the search was deleted."""
KEPT_PASSAGE: Final = "kept"
"""Field with the text and note of a passage, or None if the passage was deleted."""
NAME: Final = "name"
"""Field with the name of a list."""
IS_PRESENT: Final = "there"
"""Field of a list: true if the list exists, false if it was deleted."""
IN_LIST_PREFIX: Final = "list:"
"""Prefix of the name of a field that says whether a story is in a list. After the prefix comes the list's key."""
MUTE_FIELDS: Final = ("words", "tags", "categories", "authors")
"""Fields of a mute, which hides the stories that have a given text.

Each is true if that text is muted as a word, a tag, a category or an author, as under `[mute]` in the config.
"""
SEPARATED_PREFIX: Final = "from:"
"""Prefix of the name of a field that says whether two stories are kept out of one group of the same news.

After the prefix come the paper and the guid of the second story (`separation_field`).
"""


def separation_field(guid: str, paper: str) -> str:
    """Return the name of a story's field that says whether this story must not share a group with the story `guid` of `paper`.

    After a prefix, the name contains the paper's key, a space and the guid. A paper's key has no spaces.
    """
    return f"{SEPARATED_PREFIX}{paper} {guid}"


def parse_separation_field(field: str) -> tuple[str, str]:
    """Return (guid, paper key) of the story named in `field`, a name that `separation_field` has made."""
    paper, _, guid = field.removeprefix(SEPARATED_PREFIX).partition(" ")
    return guid, paper
