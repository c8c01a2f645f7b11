"""What was changed, and which of two changes holds. Pure.

A subject (a story, a saved search, a passage, a list) has fields (whether it is read, how far it was read), and each field its
last change. Of two changes of one field the later one holds; of two with the same time, the one with the greater value,
whichever comes first. So merging is commutative, associative and idempotent, and machines that have seen the same changes, in
whatever order and how often, agree (a last-writer-wins register: Shapiro et al., A comprehensive study of Convergent and
Commutative Replicated Data Types).

A change's time is the clock's, but always later than that of the change it follows (`next_time_us`): a machine that has seen a
change
and makes another is right, though its clock be slow. That is a hybrid logical clock (Kulkarni et al., Logical Physical Clocks,
2014), one for each field: nothing compares changes of two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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


Fields = Mapping[str, FieldChange]
Changes = Mapping[Subject, Fields]

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


def next_time_us(now_us: int, before_us: int | None) -> int:
    """Return the time of a change made now to what was last changed at `before_us`."""
    return now_us if before_us is None else max(now_us, before_us + 1)


def is_later(change: FieldChange, than: FieldChange | None) -> bool:
    """Whether a change holds against another one of the same field."""
    return than is None or _precedence(change) > _precedence(than)


def _precedence(change: FieldChange) -> tuple[object, ...]:
    return change.at_us, change.value is not None, change.value


def merge_changes(several: Iterable[Changes]) -> dict[Subject, dict[str, FieldChange]]:
    """Return the changes that hold of several."""
    result: dict[Subject, dict[str, FieldChange]] = {}
    for changes in several:
        for subject, fields in changes.items():
            merge_into(result, subject, fields)
    return result


def merge_into(into: dict[Subject, dict[str, FieldChange]], subject: Subject, fields: Fields) -> None:
    """Add the changes of a subject to others, as far as they hold."""
    known = into.setdefault(subject, {})
    known.update(later_fields(fields, known))


def later_fields(fields: Fields, known: Fields) -> dict[str, FieldChange]:
    """Return the changes that hold against those that are known."""
    return {name: change for name, change in fields.items() if is_later(change, known.get(name))}
