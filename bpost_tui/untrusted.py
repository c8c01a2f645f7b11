"""Reader of untrusted data: JSON and TOML from portals, files, other machines and the parser process. Pure.

The obvious way is `json.loads`. But it returns everything that a text contains: numbers too large for a database, NaN, lone
surrogates that no file and no database takes, and any number of values (a million take some 100 MB). Deep nesting makes it raise
RecursionError. Each caller would need checks for all of these, and forget some. So all JSON and TOML of others is read here, within
bounds:

- A number is finite and within ±2⁵³. Any other number becomes UNUSABLE. A number with too many digits isn't converted at all.
- A text has no lone surrogates. They become a noncharacter, which the sanitizer removes or refuses.
- A value nested deeper than MAX_DEPTH becomes UNUSABLE, because deeper values might exceed Python's stack.
- The number of values is limited, and counted before they are made.

It doesn't validate a schema: callers ask for each field's type, in two ways. A file in bpost's own format is refused if a value has
another type:

    fields = require_type(value, dict, "a story")
    title = require_field(fields, "title", str)                # ContentError: 'title' is a whole number, not text
    full = require_field(fields, "full", bool, False)          # False if it is missing or null
    tags = [require_type(tag, str, "a tag") for tag in require_field(fields, "tags", list, [])]

In data from a portal, or from a file that a reader may have edited, such a value is left out:

    title = text_or_empty(fields.get("title"))                 # "" for anything else
    zoom_px = value_or_none(fields.get("zoom_px"), int)        # None for anything else
    for media in objects_in(fields.get("wp:featuredmedia")):   # the objects in a list; nothing for anything else

In both ways, `read_each` limits an error to its element. True and false aren't numbers here, although `bool` is an `int` in Python.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from math import isfinite
from typing import Any, NoReturn, TextIO, TypeVar

from bpost_tui.clock import EPOCH
from bpost_tui.errors import ContentError
from bpost_tui.i18n import Reason, message, unreadable_reason
from bpost_tui.limits import MAX_DEPTH, MAX_VALUE_CHARS, MAX_VALUES
from bpost_tui.typesetting.text.lazy_pattern import lazy_pattern
from bpost_tui.typesetting.text.named_tuple import NamedTuple

T = TypeVar("T")
V = TypeVar("V")
Fields = Mapping[str, Any]
"""JSON object whose values haven't been checked yet."""


class _UnusableType:
    """Type of UNUSABLE. No caller asks for this type, so the value is always refused or left out."""

    def __repr__(self) -> str:
        return "…"


BYTE_ORDER_MARK = "\ufeff"
UNUSABLE = _UnusableType()
"""Value that replaces a value beyond the bounds of this module. It is refused or left out, like any value of the wrong type."""
_MAX_NUMBER = 1 << 53
"""Maximum absolute value of a number. JSON's numbers are exact up to this value (RFC 8259, 6)."""
_MAX_DIGITS = len(str(_MAX_NUMBER)) + 1
_MAX_TIME_CHARS = 40
_KINDS: Mapping[type, Reason] = {
    str: Reason("text"),
    bool: Reason("true or false"),
    int: Reason("a whole number"),
    float: Reason("a number"),
    list: Reason("a list"),
    dict: Reason("an object"),
}
"""Names of the JSON types, as messages use them."""

# ── JSON ────────────────────────────────────────────────────────────────────

_TOKEN = lazy_pattern(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[\]{},]', re.DOTALL)
_NO_CHARACTER = "\ufdd0"
_SURROGATE = lazy_pattern("[\ud800-\udfff]")
_MAYBE_SURROGATE = lazy_pattern(r"\\u[dD][89a-fA-F]")


def read_json(text: str | bytes, *, most_values: int = MAX_VALUES) -> Any:  # noqa: ANN401 (its types are for the caller to ask)
    """Return the value of a JSON text (RFC 8259) within the bounds of this module. Control characters in strings are accepted.

    Args:
        text: Bytes in UTF-8, or decoded text. Its surrogates must be written as JSON escapes (backslash, u, four digits).
        most_values: Maximum number of values.

    Raises:
        ContentError: The text isn't JSON or UTF-8, or has too many values.
    """
    try:
        text = text.decode("utf-8-sig") if isinstance(text, bytes) else require_type(text, str, "a text")
        _require_few(text, most_values)
        try:
            return _without_lone_surrogates(_DECODER.decode(text), text)
        except RecursionError:
            return _without_lone_surrogates(_DECODER.decode("".join(_without_the_deepest(text))), text)
    except (ValueError, RecursionError) as error:
        raise ContentError(message("not JSON, or cut short")) from error


def _require_few(text: str, most_values: int) -> None:
    """Raise ContentError if a JSON text has more than `most_values` values.

    Opening brackets and commas are counted instead of values, because one of them comes before each value except the first.
    """
    if len(text) <= most_values or text.count(",") + text.count("[") + text.count("{") <= most_values:
        return
    beginnings = (None for token in _TOKEN.finditer(text) if token[0] in "[{,")  # none inside strings
    if next(islice(beginnings, most_values, None), True) is None:
        raise ContentError(Reason("more than {n} values", n=most_values))


def _without_the_deepest(text: str) -> Iterator[str]:
    """Yield the pieces of a JSON text, with `1e999` in place of each value that is nested deeper than MAX_DEPTH.

    The parser reads `1e999` as infinite, so that it becomes UNUSABLE.
    """
    depth = last = 0
    for token in _TOKEN.finditer(text):
        if token[0] in ("[", "{"):
            depth += 1
            if depth == MAX_DEPTH + 1:
                yield text[last : token.start()]
                yield "1e999"
        elif token[0] in ("]", "}"):
            if depth == MAX_DEPTH + 1:
                last = token.end()
            depth -= 1
    if depth <= MAX_DEPTH:
        yield text[last:]


def _without_lone_surrogates(value: object, text: str) -> object:
    """Return `value`, which was read from the JSON `text`, with a noncharacter in place of each lone surrogate."""
    return _without_surrogates(value) if "\\" in text and _MAYBE_SURROGATE.search(text) else value


def _without_surrogates(value: object) -> object:
    match value:
        case str():
            return _SURROGATE.sub(_NO_CHARACTER, value)
        case list():
            return [_without_surrogates(each) for each in value]
        case dict():
            return {_without_surrogates(name): _without_surrogates(each) for name, each in value.items()}
        case _:
            return value


def _int(digits: str) -> int | _UnusableType:
    number = int(digits) if len(digits) <= _MAX_DIGITS else _MAX_NUMBER + 1
    return number if abs(number) <= _MAX_NUMBER else UNUSABLE


def _float(digits: str) -> float | _UnusableType:
    number = float(digits)
    return number if isfinite(number) and abs(number) <= _MAX_NUMBER else UNUSABLE


def _no_constant(_: str) -> _UnusableType:
    """Return UNUSABLE instead of NaN or an infinity, which aren't valid in JSON."""
    return UNUSABLE


_DECODER = json.JSONDecoder(parse_int=_int, parse_float=_float, parse_constant=_no_constant, strict=False)

# ── JSON, value by value ────────────────────────────────────────────────────

_CHUNK_CHARS = 1 << 16
_BLANKS = " \t\n\r"
_AFTER_A_VALUE = frozenset(",]}:" + _BLANKS)


class JsonStream:
    """Reader of a JSON text, value by value, so that a file of any size takes no more memory than its largest value.

    Every method raises ContentError if the text isn't JSON, or a value is too large or nested too deeply.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._text = ""
        self._at = 0

    def members(self) -> Iterator[str]:
        """Yield the names of an object's members. After each name, the caller must read the member's value."""
        self._take("{")
        if self._peek() != "}":
            while True:
                name = self.value()
                if not isinstance(name, str):
                    _fail()
                self._take(":")
                yield name
                if self._peek() != ",":
                    break
                self._take(",")
        self._take("}")

    def elements(self) -> Iterator[object]:
        """Yield the elements of the JSON array that comes next in the text. Raises ContentError if none comes."""
        self._take("[")
        if self._peek() != "]":
            while True:
                yield self.value()
                if self._peek() != ",":
                    break
                self._take(",")
        self._take("]")

    def value(self) -> object:
        """Return the next value of the text, of any type, within the bounds of this module."""
        self._peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if self._fill():
                    continue
                raise ContentError(message("not JSON, or cut short")) from error
            except (ValueError, RecursionError) as error:
                raise ContentError(message("this JSON is nested too deeply, or has a number that is too long")) from error
            # the text may end inside a number: `1` of `1.5e3`
            if self._text[end : end + 1] in _AFTER_A_VALUE or not self._fill():
                text, self._at = self._text[self._at : end], end
                _require_few(text, MAX_VALUES)
                return _without_lone_surrogates(value, text)

    def end(self) -> None:
        """Raise ContentError if anything except white space follows."""
        if self._peek():
            _fail()

    def _peek(self) -> str:
        """Return the next character that isn't white space, without consuming it. Return "" at the end of the text."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _BLANKS:
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._fill():
                return ""

    def _take(self, char: str) -> None:
        if self._peek() != char:
            _fail()
        self._at += 1

    def _fill(self) -> bool:
        """Read more text, until the unread text is twice as long. Return whether there was more text.

        The length is doubled so that a long value needs only a few attempts to read it.
        """
        unread = self._text[self._at :]
        if len(unread) > MAX_VALUE_CHARS:
            raise ContentError(message("one of its values is too large"))
        try:
            more = self._file.read(max(_CHUNK_CHARS, len(unread)))
        except UnicodeDecodeError as error:
            raise ContentError(message("not UTF-8 text")) from error
        self._text, self._at = unread + more, 0
        return bool(more)


def _fail() -> NoReturn:
    raise ContentError(message("not JSON, or cut short"))


# ── TOML ────────────────────────────────────────────────────────────────────


def read_toml(text: str) -> dict[str, Any]:
    """Return a TOML text (toml.io/en/v1.0.0) as a dictionary, within the bounds of this module.

    A byte order mark at the start is skipped.

    Raises:
        ContentError: The text isn't TOML (the message has the line), or is nested too deeply.
    """
    import tomllib  # 13 ms

    try:
        table = tomllib.loads(text.removeprefix(BYTE_ORDER_MARK), parse_float=_float)
        return {name: _counted(value) for name, value in table.items()}
    except ValueError as error:  # too many digits raise a plain ValueError
        raise ContentError(str(error)) from error
    except RecursionError as error:
        raise ContentError(Reason("nested too deeply")) from error


def _counted(value: object) -> object:
    match value:
        case int() if abs(value) > _MAX_NUMBER:
            return UNUSABLE  # hexadecimal numbers may have any length
        case list():
            return [_counted(each) for each in value]
        case dict():
            return {name: _counted(each) for name, each in value.items()}
        case _:
            return value


# ── element by element ────────────────────────────────────────────────────────


class Rejection(NamedTuple):
    """Element of untrusted data that can't be read, with the reason."""

    reason: str


def read_each(values: Iterable[V], read: Callable[[V], T]) -> Iterator[T | Rejection]:
    """Yield the result of `read` for each of `values`. If `read` fails for a value, yield a Rejection with the reason instead."""
    return (read_one(value, read) for value in values)


def read_one(value: V, read: Callable[[V], T]) -> T | Rejection:
    """Return the result of `read` for `value`. If `read` raises any error, return a Rejection with the reason instead."""
    try:
        return read(value)
    except ContentError as error:
        return Rejection(error.message)
    except Exception as error:  # noqa: BLE001 (a bug of bpost costs only that element)
        return Rejection(unreadable_reason(error))


# ── refused ─────────────────────────────────────────────────────────────────


def require_type(value: object, kind: type[T], what: str) -> T:
    """Return `value` if its type is `kind`.

    Raises:
        ContentError: The value has another type. Its message names the value as `what`, an English phrase with a translation.
    """
    if type(value) is kind:
        return value
    if value is None:
        raise ContentError(Reason("{what} is missing", what=Reason(what)))
    is_kind = _KINDS.get(type(value), Reason("something else"))
    raise ContentError(Reason("{what} is {kind}, not {wanted}", what=Reason(what), kind=is_kind, wanted=_KINDS[kind]))


def require_field(fields: Fields, name: str, kind: type[T], default: T | None = None) -> T:
    """Return the field `name`, whose value must have the type `kind`.

    If the field is missing or null, return `default`, unless `default` is None.

    Raises:
        ContentError: The field has another type, or is missing without a default.
    """
    value = fields.get(name)
    if type(value) is kind:
        return value
    return default if value is None and default is not None else require_type(value, kind, repr(name))


def time_field(fields: Fields, name: str) -> datetime | None:
    """Return the time in the field `name` (RFC 3339, with an offset) in UTC, or None if the field is missing or null.

    Raises:
        ContentError: The field isn't a time, or is before 1970.
    """
    if fields.get(name) is None:
        return None
    when = parse_time(require_field(fields, name, str))
    if when is None or when < EPOCH:
        raise ContentError(Reason("{what} isn't a time", what=repr(name)))
    return when


# ── left out ────────────────────────────────────────────────────────────────


def value_or_none(value: object, kind: type[T]) -> T | None:
    """Return `value` if its type is exactly `kind` (a bool is no int), otherwise None."""
    return value if type(value) is kind else None


def text_or_empty(value: object) -> str:
    """Return `value` if it is a text, otherwise an empty text."""
    return value if isinstance(value, str) else ""


def objects_in(value: object) -> list[Fields]:
    """Return the objects in a list. If the value isn't a list, return an empty list."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return []
    return [item for item in value if isinstance(item, Mapping)]


def parse_time(value: object, *, is_utc: bool = False) -> datetime | None:
    """Return an RFC 3339 time in UTC, or None if `value` isn't a time or its date doesn't exist.

    If `is_utc`, a time without an offset is in UTC. Otherwise a time without an offset isn't valid.
    """
    written = text_or_empty(value)
    try:
        when = datetime.fromisoformat(written) if len(written) <= _MAX_TIME_CHARS else None
        if when is None or (when.tzinfo is None and not is_utc):
            return None
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, OverflowError):  # OverflowError: the year 0 or 10000 in UTC
        return None
