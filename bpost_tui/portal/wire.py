"""Values ↔ JSON, for the pipe to the parser process and back. Never pickle: that process has parsed what strangers wrote."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, cast

from bpost_tui.model import blocks, picture
from bpost_tui.model.story import Category, Story
from bpost_tui.portal.feed.parser import ParsedFeed
from bpost_tui.portal.wordpress.api_parser import ParsedAnswer


@dataclass(frozen=True, slots=True)
class Task:
    """What to read a body as."""

    name: str
    """A key of `parser_worker`'s table."""
    content_type: str
    address: str
    now: datetime
    known: tuple[Category, ...] = ()
    """Of a feed: the portal's categories, to tell them from tags."""
    size: tuple[int, int, int] = (1, 1, 0)
    """Of a picture that is rendered: its width and height in pixels, and how many colours it may have (0 is any number)."""
    seen: str = ""
    """Of a feed: the digests of items that needn't be parsed again."""


_TYPES: dict[str, type] = {
    kind.__name__: kind
    for kind in (
        *(blocks.Span, blocks.Paragraph, blocks.Heading, blocks.Quote, blocks.ListBlock, blocks.Table, blocks.Image),
        blocks.Preformatted,
        *(Category, Story, ParsedFeed, ParsedAnswer, picture.Picture, picture.Photo, Task),
    )
}
_DATE = "datetime"
_BYTES = "bytes"


def dump(value: object) -> bytes:
    """Return a value as JSON: one of `_TYPES` as an array of its name and its fields, a tuple as one that begins with null."""
    return json.dumps(_pack(value), ensure_ascii=False, separators=(",", ":")).encode()


def load(data: bytes) -> object:
    """Return the value `dump` was given.

    Raises:
        ValueError: The bytes are none of `dump`'s.
    """
    try:
        return _unpack(json.loads(data))
    except (TypeError, KeyError, IndexError, RecursionError) as error:
        raise ValueError(f"not a value: {error}") from error


def _pack(value: object) -> object:
    if isinstance(value, datetime):
        return [_DATE, value.isoformat()]
    if isinstance(value, bytes):
        return [_BYTES, b64encode(value).decode("ascii")]
    name = type(value).__name__
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
    return _TYPES[name](*map(_unpack, rest))
