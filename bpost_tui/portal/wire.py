"""Values ↔ JSON, for the pipe between us and the worker. Never pickle: the worker has read what strangers wrote."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import fields
from datetime import datetime
from typing import Any, cast

from bpost_tui.model import blocks, picture, story
from bpost_tui.portal.feed.parser import ParsedFeed
from bpost_tui.portal.wordpress.api_parser import ParsedAnswer

_TYPES: dict[str, type] = {
    kind.__name__: kind
    for kind in (
        *(blocks.Span, blocks.Paragraph, blocks.Heading, blocks.Quote, blocks.ListBlock, blocks.Table, blocks.Image),
        blocks.Preformatted,
        *(story.Category, story.Story, ParsedFeed, ParsedAnswer, picture.Picture, picture.Photo),
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
