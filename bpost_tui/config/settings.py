"""The settings: one table of names, types, defaults, descriptions, and of what a config file may say."""

# no `from __future__ import annotations`: the table is in the annotations, which as strings would be compiled at each start
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final, NamedTuple, get_type_hints

from bpost_tui.config.values import (
    COMMAND,
    WORDS,
    Command,
    Value,
    as_paths,
    as_tuple,
    between,
    checked_age,
    one_of,
    string,
    strings,
)
from bpost_tui.urls import portal_address

Keys = Mapping[str, tuple[str, ...]]
"""The id of an action → its keys."""
NO_KEYS: Final[Keys] = MappingProxyType({})
Commands = Mapping[str, Command]
NO_COMMANDS: Final[Commands] = MappingProxyType({})
Words = Mapping[str, tuple[str, ...]]
NO_WORDS: Final[Words] = MappingProxyType({})

LANGUAGES = ("auto", "bn", "en")
PICTURES = ("ask", "always", "never")
TEXTS = ("auto", "pixels", "mosaic", "cells")
KEYBOARDS = ("auto", "probhat", "inscript", "ben", "bd", "avro")

DEFAULT_PORTAL = "https://thebengalpost.net"


class Setting(NamedTuple):
    """What a setting is. One without a value is a table; a table without values of its own is `keys`, which names actions."""

    description: str
    """A message id."""
    value: Value | None = None
    table: Mapping[str, Value] = MappingProxyType({})


class Settings(NamedTuple):
    """The reader's choices; each field is a key of the config file."""

    portal: Annotated[
        str,
        Setting("The address of the WordPress portal that is read.", Value("an http or https address", string, portal_address)),
    ] = DEFAULT_PORTAL
    language: Annotated[
        str,
        Setting('Of the interface: "bn", "en", or "auto" for the locale\'s.', Value('"auto", "bn" or "en"', one_of(*LANGUAGES))),
    ] = "auto"
    bangla_date: Annotated[
        bool,
        Setting(
            "Whether the day is named by the Bangla calendar too, as West Bengal reckons it.", Value("true or false", lambda: bool)
        ),
    ] = True
    text: Annotated[
        str,
        Setting(
            'How type is drawn: "pixels", "mosaic", "cells", or "auto" for the best this terminal takes.',
            Value('"auto", "pixels", "mosaic" or "cells"', one_of(*TEXTS)),
        ),
    ] = "auto"
    theme: Annotated[str, Setting("The name of a theme, bundled or the reader's own.", Value("a theme's name", string))] = (
        "newsprint"
    )
    font: Annotated[
        tuple[Path, ...],
        Setting("Font files tried before the bundled ones.", Value("a font file or a list of them", strings, as_paths)),
    ] = ()
    zoom_px: Annotated[
        int,
        Setting("Pixels added to the size of the type.", Value("a whole number from -12 to 64", between(int, -12, 64))),
    ] = 0
    text_width: Annotated[
        int,
        Setting("The widest a story's column may be, in cells.", Value("a whole number from 20 to 400", between(int, 20, 400))),
    ] = 72
    line_pitch: Annotated[
        float,
        Setting(
            "The distance between lines, as a multiple of the type's size.", Value("a number from 1 to 3", between(float, 1, 3))
        ),
    ] = 1.5
    pictures: Annotated[
        str,
        Setting(
            'When a story\'s pictures are fetched: "ask", "always" or "never".',
            Value('"ask", "always" or "never"', one_of(*PICTURES)),
        ),
    ] = "ask"
    pictures_mb: Annotated[
        int,
        Setting("The most room kept pictures may take, in MB.", Value("a whole number from 1 to 100000", between(int, 1, 100_000))),
    ] = 200
    refresh_minutes: Annotated[
        int,
        Setting(
            "How often the portal is asked while the reader is open, in minutes; 0 means only on request.",
            Value("a whole number from 0 to 10080", between(int, 0, 10080)),
        ),
    ] = 15
    notify: Annotated[
        tuple[str, ...],
        Setting(
            'What the desktop is notified of when it comes in: slugs of categories, and "search:" with a saved search\'s name.',
            Value('categories or searches, such as ["education", "search:name"]', strings, as_tuple),
        ),
    ] = ()
    keep: Annotated[
        str,
        Setting(
            'How long stories are kept: "all", or an age like "90d", "6m" or "2y"; starred and read-later ones never go.',
            Value('"all", or an age like "90d", "6m" or "2y"', string, checked_age),
        ),
    ] = "all"
    listen: Annotated[
        Command,
        Setting(
            "The program that reads aloud, a sentence on its stdin: a list of arguments, or a line for the shell; [] for none.",
            COMMAND,
        ),
    ] = ("espeak-ng", "-v", "bn")
    hooks: Annotated[
        Commands,
        Setting(
            "Programs run when something happens: `new_stories`, after each refresh that brought some, as JSON on its stdin.",
            table={"new_stories": COMMAND},
        ),
    ] = NO_COMMANDS
    mute: Annotated[
        Words,
        Setting(
            "Stories that aren't shown: those with any of these `words`, `tags`, `categories` or `authors`; `M` shows them.",
            table=dict.fromkeys(("words", "tags", "categories", "authors"), WORDS),
        ),
    ] = NO_WORDS
    keyboard: Annotated[
        str,
        Setting(
            'The Bengali layout whose letters are keys: "probhat", "inscript", "ben", "bd", "avro", '
            'or "auto" for each in that order.',
            Value('"auto", "probhat", "inscript", "ben", "bd" or "avro"', one_of(*KEYBOARDS)),
        ),
    ] = "auto"
    keys: Annotated[Keys, Setting("The id of an action → its keys.")] = NO_KEYS


@cache
def settings_table() -> Mapping[str, Setting]:
    """Return every setting by its name."""
    return {name: hint.__metadata__[0] for name, hint in get_type_hints(Settings, include_extras=True).items()}


_KEY_OR_KEYS: Final = {
    "anyOf": [{"type": "string", "minLength": 1}, {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1}]
}


def json_schema(actions: Iterable[str]) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a config file whose `[keys]` may name these actions."""
    properties = {}
    for name, setting in settings_table().items():
        if setting.value:
            default = getattr(Settings(), name)
            schema = {**setting.value.schema(), "default": list(default) if isinstance(default, tuple) else default}
        elif setting.table:
            schema = _object({each: value.schema() for each, value in setting.table.items()})
        else:
            schema = _object(dict.fromkeys(actions, _KEY_OR_KEYS))
        properties[name] = {**schema, "description": setting.description}
    title = "bpost's config.toml"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **_object(properties)}


def _object(properties: Mapping[str, object]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False}
