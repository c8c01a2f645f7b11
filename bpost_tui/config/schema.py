"""The config file as JSON Schema (2020-12), for editors: `bpost config schema`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bpost_tui.config.kinds import KINDS, TABLES, Kind

_KEYS = {
    "anyOf": [{"type": "string", "minLength": 1}, {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1}]
}


def json_schema(described: Mapping[str, str], defaults: Mapping[str, Any], actions: Iterable[str]) -> dict[str, Any]:
    """Return the schema of the whole file.

    Args:
        described: Setting → what it is.
        defaults: Setting → what it is where nothing is chosen.
        actions: The ids that `[keys]` may name.
    """
    known = {name: {**kind.schema(), "description": described[name], "default": defaults[name]} for name, kind in KINDS.items()}
    tables = {name: {**_object(kinds), "description": described[name]} for name, kinds in TABLES.items()}
    keys = {"type": "object", "properties": dict.fromkeys(actions, _KEYS), "additionalProperties": False}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "bpost's config.toml",
        "type": "object",
        "properties": {**known, **tables, "keys": {**keys, "description": described["keys"]}},
        "additionalProperties": False,
    }


def _object(kinds: Mapping[str, Kind]) -> dict[str, Any]:
    return {"type": "object", "properties": {name: kind.schema() for name, kind in kinds.items()}, "additionalProperties": False}
