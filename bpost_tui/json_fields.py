"""Values out of JSON that others wrote, each checked for its type. Pure.

Two manners. From a file that claims to be ours, what isn't as it should be is refused:

    fields = checked(value, dict, "a story")
    title = field(fields, "title", str)                    # ContentError: 'title' is a whole number, not text
    full = field(fields, "full", bool, False)              # False where it is missing or null
    tags = [checked(tag, str, "a tag") for tag in field(fields, "tags", list, [])]

From a portal, or from what a reader may have edited, it is left out:

    title = string(fields.get("title"))                    # "" for anything else
    zoom_px = maybe(fields.get("zoom_px"), int)            # None for anything else
    for media in objects(fields.get("wp:featuredmedia")):  # the objects in a list; none of anything else

True and false are no numbers here, though `bool` is an `int` to Python.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from bpost_tui.errors import ContentError
from bpost_tui.i18n import Reason

T = TypeVar("T")
Fields = Mapping[str, Any]
"""An object of JSON; its values are unchecked."""

_MAX_TIME_CHARS = 40
_KINDS: Mapping[type, Reason] = {
    str: Reason("text"),
    bool: Reason("true or false"),
    int: Reason("a whole number"),
    float: Reason("a number"),
    list: Reason("a list"),
    dict: Reason("an object"),
}
"""What the types of JSON are called in a message."""

# ── refused ─────────────────────────────────────────────────────────────────


def checked(value: object, kind: type[T], what: str) -> T:
    """Return a value that is of a type.

    Raises:
        ContentError: It isn't; `what`, a message id, begins the line.
    """
    if type(value) is kind:
        return value
    if value is None:
        raise ContentError(Reason("{what} is missing", what=Reason(what)))
    is_kind = _KINDS.get(type(value), Reason("something else"))
    raise ContentError(Reason("{what} is {kind}, not {wanted}", what=Reason(what), kind=is_kind, wanted=_KINDS[kind]))


def field(fields: Fields, name: str, kind: type[T], default: T | None = None) -> T:
    """Return a field of a type; the default, where there is one, for a field that is missing or null.

    Raises:
        ContentError: It is of another type.
    """
    value = fields.get(name)
    if type(value) is kind:
        return value
    return default if value is None and default is not None else checked(value, kind, repr(name))


def time_field(fields: Fields, name: str) -> datetime | None:
    """Return a field's moment (RFC 3339, with its offset) as UTC; None where it is missing or null.

    Raises:
        ContentError: It is no moment, or one before 1970.
    """
    if fields.get(name) is None:
        return None
    written = field(fields, name, str)
    try:
        when = datetime.fromisoformat(written) if len(written) <= _MAX_TIME_CHARS else None
        when = when.astimezone(UTC) if when and when.tzinfo else None
    except (ValueError, OverflowError):
        when = None
    if when is None or when < datetime.fromtimestamp(0, UTC):
        raise ContentError(Reason("{what} isn't a time", what=repr(name)))
    return when


# ── left out ────────────────────────────────────────────────────────────────


def maybe(value: object, kind: type[T]) -> T | None:
    """Return a value that is of a type, None for any other."""
    return value if type(value) is kind else None


def string(value: object) -> str:
    """Return a text, an empty one for anything else."""
    return value if isinstance(value, str) else ""


def objects(value: object) -> list[Fields]:
    """Return the objects in a list, none of anything else."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return []
    return [item for item in value if isinstance(item, Mapping)]
