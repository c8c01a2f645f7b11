"""What a config file may say for a setting, and what the setting becomes.

A value is described by its JSON Schema, of which `fits` knows as much as is used here: libraries that check types take as long to
import as a fifth of a command (msgspec 10 ms, jsonschema 60).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from bpost_tui.limits import MAX_GROUPS
from bpost_tui.model.durations import age
from bpost_tui.urls import service_address, shareable

Command = tuple[str, ...] | str
"""A program and its arguments, or a line for the shell."""

Target = tuple[str, ...] | str
"""A program and its arguments, or an address; `{link}` and `{title}` in it are replaced by a story's."""


class VoiceProgram(NamedTuple):
    """A program that reads aloud."""

    program: Command
    stays: bool = False
    """Whether it runs on, and gets a sentence a line; else it is started for each."""
    sound_hz: int = 0
    """Of the sound that it writes to stdout: WAV, or raw 16-bit mono at this rate; 0 where it plays by itself."""
    player: Command = ()
    """What plays that sound, as WAV on stdin; empty for one that is found."""


Listen = Command | VoiceProgram


Schema = Mapping[str, Any]
"""A JSON Schema (2020-12) without references."""
BOOLEAN: Final[Schema] = {"type": "boolean"}
STRING: Final[Schema] = {"type": "string"}
TEXT: Final[Schema] = {"type": "string", "minLength": 1}
_TEXTS: Final[Schema] = {"type": "array", "items": TEXT}
_WHOLE: Final[Schema] = {"anyOf": [TEXT, {**_TEXTS, "minItems": 1}]}
"""A text, or a list of texts that isn't empty."""
TEXT_OR_TEXTS: Final[Schema] = {"anyOf": [TEXT, _TEXTS]}


def one_of(*choices: str) -> Schema:
    """Return the schema of one of these texts."""
    return {"enum": sorted(choices)}


def between(kind: type[int | float], least: int, most: int) -> Schema:
    """Return the schema of a number in a range."""
    return {"type": "integer" if kind is int else "number", "minimum": least, "maximum": most}


def fits(value: object, schema: Schema) -> bool:
    """Whether a value of TOML is what a schema describes; a whole number is one that is written so, not `3.0`."""
    match schema:
        case {"anyOf": kinds}:
            return any(fits(value, kind) for kind in kinds)
        case {"enum": choices}:
            return type(value) is str and value in choices
        case {"type": "boolean"}:
            return type(value) is bool
        case {"type": "integer" | "number" as kind, "minimum": least, "maximum": most}:
            return type(value) in ((int,) if kind == "integer" else (int, float)) and least <= value <= most
        case {"type": "string"}:
            return isinstance(value, str) and len(value) >= schema.get("minLength", 0)
        case {"type": "array", "items": each}:
            return isinstance(value, list) and len(value) >= schema.get("minItems", 0) and all(fits(one, each) for one in value)
        case {"type": "object", "properties": properties, "required": required}:
            return (
                isinstance(value, dict)
                and value.keys() <= properties.keys()
                and value.keys() >= set(required)
                and all(fits(one, properties[name]) for name, one in value.items())
            )
    raise ValueError(f"a schema of another kind: {schema}")


class Value:
    """A kind of value.

    Args:
        expected: What it must be, as in "zoom_px must be a whole number from -12 to 64"; a message id.
        schema: What it is, or what returns that where it takes long.
        convert: Returns the setting that such a value stands for; raises ValueError, UsageError or RuntimeError for none.
        unset: What stands in a table of the default config for it.
    """

    __slots__ = ("_schema", "convert", "expected", "unset")

    def __init__(
        self,
        expected: str,
        schema: Schema | Callable[[], Schema],
        convert: Callable[[Any], object] | None = None,
        unset: object = (),
    ) -> None:
        self.expected, self._schema, self.convert, self.unset = expected, schema, convert, unset

    @property
    def schema(self) -> Schema:
        """What it is."""
        return self._schema() if callable(self._schema) else self._schema

    def read(self, given: object) -> object:
        """Return the setting that a value of TOML stands for; raises ValueError, or as `convert`, if there is none."""
        if not fits(given, self.schema):
            raise ValueError(given)
        return self.convert(given) if self.convert else given


def as_tuple(value: str | list[str]) -> tuple[str, ...]:
    """Return one text or several as several."""
    return (value,) if isinstance(value, str) else tuple(value)


def as_names(value: str | list[str]) -> tuple[str, ...]:
    """Return one name or several, each on one line and once; raises ValueError where one is empty, or there are too many."""
    from bpost_tui.model.sanitize import MAX_NAME_CHARS, clean_line  # 1 ms, for those who name groups

    names = [clean_line(name, MAX_NAME_CHARS) for name in as_tuple(value)]
    if not all(names) or len(names) > MAX_GROUPS:
        raise ValueError(value)
    return tuple(dict.fromkeys(names))


def as_paths(value: str | list[str]) -> tuple[Path, ...]:
    """Return the paths, `~` replaced; raises RuntimeError if that is nobody's home."""
    return tuple(Path(name).expanduser() for name in as_tuple(value))


def as_folder(value: str) -> str:
    """Return a folder's whole path, `~` replaced; an empty one as it is.

    Raises:
        ValueError: It isn't whole.
        RuntimeError: `~` is nobody's home.
    """
    folder = Path(value).expanduser()
    if value and not folder.is_absolute():
        raise ValueError(value)
    return str(folder) if value else value


def as_service(value: str) -> str:
    """Return a server's address in its normal form, an empty one as it is; raises UsageError where it may not be asked."""
    return service_address(value) if value else value


def as_command(value: str | list[str]) -> Command:
    """Return a list as a program and its arguments, a text as it is."""
    return value if isinstance(value, str) else tuple(value)


_LISTEN: Final[Schema] = {
    "anyOf": [
        TEXT,
        _TEXTS,
        {
            "type": "object",
            "properties": {
                "program": _WHOLE,
                "stays": {**BOOLEAN, "default": False},
                "sound_hz": {**between(int, 0, 192_000), "default": 0},
                "player": _WHOLE,
            },
            "required": ["program"],
            "additionalProperties": False,
        },
    ]
}


def as_listen(value: str | list[str] | dict[str, Any]) -> Listen:
    """Return a command as it is, a table as a program that reads aloud."""
    if not isinstance(value, dict):
        return as_command(value)
    player = as_command(value.get("player", []))
    return VoiceProgram(as_command(value["program"]), value.get("stays", False), value.get("sound_hz", 0), player)


def as_target(value: str | list[str]) -> Target:
    """Return a list as a program and its arguments, a text as an address; raises ValueError where a story could choose either."""
    if isinstance(value, str):
        filled = value.replace("{link}", "a").replace("{title}", "a")
        if "{" in urlsplit(value).netloc or not shareable(filled):
            raise ValueError(value)
        return value
    if "{link}" in value[0] or "{title}" in value[0]:
        raise ValueError(value[0])
    return tuple(value)


def as_program(value: list[str]) -> tuple[str, ...]:
    """Return a program and its arguments, none for the browser; raises ValueError where an address could choose the program."""
    if value and "{link}" in value[0]:
        raise ValueError(value[0])
    return tuple(value)


def checked_age(value: str) -> str:
    """Return an age, or "all", as it is; raises ValueError for anything else."""
    if value != "all" and not age(value):
        raise ValueError(value)
    return value


COMMAND: Final = Value("a program with its arguments, as a list, or a line for the shell", TEXT_OR_TEXTS, as_command)
LISTEN: Final = Value(
    "a program with its arguments, as a list, a line for the shell, or a table with `program`, `stays`, `sound_hz`, `player`",
    _LISTEN,
    as_listen,
)
TARGET: Final = Value("a program with its arguments, as a list, or an address, with {link} and {title} in it", _WHOLE, as_target)
PROGRAM: Final = Value("a program with its arguments, as a list, with {link} in it", _TEXTS, as_program)
WORDS: Final = Value("a text or a list of texts", TEXT_OR_TEXTS, as_tuple)
