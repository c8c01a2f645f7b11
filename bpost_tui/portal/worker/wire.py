"""Codec between values and JSON, for the pipes of the parser process.

Pickle would be unsafe, because the process has parsed foreign bytes.

A value of one of `_TYPES` becomes an array of the type's name and the value's fields. A tuple becomes an array that begins with
null. A value is read only if its fields have their declared types; `validation` checks the content.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import datetime
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from bpost_tui.errors import ContentError
from bpost_tui.i18n import Reason
from bpost_tui.model import blocks
from bpost_tui.model.feed_addresses import FeedAddresses
from bpost_tui.model.stored_picture import StoredPicture
from bpost_tui.model.story import Category, Story
from bpost_tui.portal import parse_results
from bpost_tui.portal.parse_results import ParsedApi, ParsedFeed
from bpost_tui.portal.worker.sandbox import SandboxState
from bpost_tui.typesetting.typeset.photo import Photo
from bpost_tui.untrusted import read_json

_TYPES: dict[str, type] = {
    kind.__name__: kind
    for kind in (
        *(blocks.Span, blocks.MergedCell, *get_args(blocks.Block)),
        *(each for each in vars(parse_results).values() if isinstance(each, type) and each.__module__ == parse_results.__name__),
        *(Category, FeedAddresses, Story, StoredPicture, Photo, SandboxState),
    )
}
"""Types of values by their names: all types of `parse_results`, and the types of other modules that fields or answers may have."""
_DATE = "datetime"
_BYTES = "bytes"
_REASON = "Reason"
_MESSAGE = re.compile(r"(?:[^{}]|\{[a-z_]{1,20}\}){1,300}")
"""Pattern of a message whose fields are plain names in braces.

A hostile process could otherwise send a field that is costly to fill in (`{n:>9999999}`, `{n.real}`).
"""
_MAX_FIELD_CHARS = 1000


def dump(value: object) -> bytes:
    """Return a value as JSON."""
    return json.dumps(_pack(value), ensure_ascii=False, separators=(",", ":")).encode()


def load(data: bytes) -> object:
    """Return the value that `dump` wrote.

    Raises:
        ValueError: The bytes aren't from `dump`, or a field doesn't have its declared type.
    """
    try:
        return _unpack(read_json(data))
    except (ContentError, TypeError, KeyError, IndexError, RecursionError) as error:
        raise ValueError(f"not a value: {error}") from error


def dump_answer(answer: tuple[object, ...]) -> bytes:
    """Return an answer as lines of JSON, with each story in a line of its own.

    The process that reads the lines can do other work in between.
    """
    outcome, value, *rest = answer
    if not isinstance(value, ParsedFeed | ParsedApi):
        return dump(answer)
    return b"\n".join((dump((outcome, value._replace(stories=()), *rest)), *map(dump, value.stories)))


def load_answer(data: bytes, max_line_bytes: int) -> tuple[object, Iterator[object]]:
    """Return the answer that `dump_answer` wrote, without its stories, and an iterator that reads the stories one by one.

    Args:
        data: The answer.
        max_line_bytes: Maximum length of a line in bytes.

    Raises:
        ValueError: The bytes aren't from `dump_answer`, a field doesn't have its type, or a line is longer than the maximum. The
            iterator raises it as well.
    """
    lines = _lines(data, max_line_bytes)
    return load(next(lines)), map(load, lines)


def _lines(data: bytes, max_bytes: int) -> Iterator[bytes]:
    """Yield the lines of `data` one by one, because a list of all lines of a large answer would take a gigabyte.

    Raises ValueError at a line longer than `max_bytes`.
    """
    start = 0
    while start <= len(data):
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end
        if end - start > max_bytes:
            raise ValueError("a line is longer than any of ours")
        yield data[start:end]
        start = end + 1


def _pack(value: object) -> object:
    if isinstance(value, datetime):
        return [_DATE, value.isoformat()]
    if isinstance(value, bytes):
        return [_BYTES, b64encode(value).decode("ascii")]
    name = type(value).__name__
    if isinstance(value, Reason):
        return [_REASON, value.message, {field: _pack(filled) for field, filled in value.fields.items()}]
    if isinstance(value, tuple):
        return [name if name in _TYPES else None, *map(_pack, value)]
    if name in _TYPES:
        return [name, *(_pack(getattr(value, field.name)) for field in fields(cast(Any, value)))]
    return value


def _unpack(data: object) -> object:
    if not isinstance(data, list):
        return data
    name, *rest = data
    if name is None:
        return tuple(map(_unpack, rest))
    if name == _DATE:
        return datetime.fromisoformat(rest[0])
    if name == _BYTES:
        return b64decode(rest[0], validate=True)
    if name == _REASON:
        return _unpack_reason(*rest)
    kind, values = _TYPES[name], [_unpack(each) if type(each) is list else each for each in rest]
    for value, is_right in zip(values, _declared(kind), strict=True):
        if not is_right(value):
            raise ValueError(f"a field of {name} is of another type")
    return kind(*values)


def _unpack_reason(message: object, fields: object) -> Reason:
    if type(message) is not str or type(fields) is not dict or not _MESSAGE.fullmatch(message):
        raise ValueError("not a message")
    filled = {name: _unpack(field) for name, field in fields.items()}
    for field in filled.values():
        if type(field) not in (str, int, Reason) or len(str(field)) > _MAX_FIELD_CHARS:
            raise ValueError("a field of a message is of another type, or too long")
    return Reason(message, **filled)


@cache
def _declared(kind: type) -> tuple[Callable[[object], bool], ...]:
    """Return one function for each field of the type `kind`, which checks whether a value has the field's declared type."""
    return tuple(map(_check, get_type_hints(kind).values()))


def _check(hint: object) -> Callable[[object], bool]:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        kinds = frozenset(each for each in arguments if isinstance(each, type))
        others = tuple(_check(each) for each in arguments if each not in kinds)
        return lambda value: type(value) in kinds or any(is_right(value) for is_right in others)
    if origin is Literal:
        return lambda value: type(value) is str and value in arguments
    if origin is tuple and arguments[-1] is Ellipsis:
        is_element = _check(arguments[0])
        return lambda value: type(value) is tuple and all(map(is_element, value))
    if origin is tuple:
        checks = tuple(map(_check, arguments))
        return lambda value: (
            type(value) is tuple
            and len(value) == len(checks)
            and all(is_right(each) for is_right, each in zip(checks, value, strict=True))
        )
    return lambda value: type(value) is hint
