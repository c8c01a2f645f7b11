"""What a config file may say for a setting, and what the setting becomes.

msgspec checks the types; it takes 10 ms to import (pydantic: 60), which only those pay who have a config file.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal, NamedTuple, Protocol
from urllib.parse import urlsplit

from bpost_tui.limits import MAX_GROUPS
from bpost_tui.model.durations import parse_age
from bpost_tui.urls import service_address, shareable

Command = tuple[str, ...] | str
"""A program and its arguments, or a line for the shell."""

ShareTarget = tuple[str, ...] | str
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


VoiceCommand = Command | VoiceProgram


class ValueType:
    """A kind of value.

    Args:
        expected: What it must be, as in "zoom_px must be a whole number from -12 to 64"; a message id.
        type: Returns its type, as msgspec knows it.
        convert: Returns the setting that a value of that type stands for; raises ValueError, UsageError or RuntimeError for none.
        unset: What stands in a table of the default config for it.
    """

    __slots__ = ("convert", "expected", "type", "unset")

    def __init__(
        self, expected: str, type: Callable[[], object], convert: Callable[[Any], object] | None = None, unset: object = ()
    ) -> None:
        self.expected, self.type, self.convert, self.unset = expected, type, convert, unset

    def convert_toml(self, given: object) -> object:
        """Return the setting that a value of TOML stands for; raises ValueError, or as `convert`, if there is none."""
        import msgspec  # 10 ms

        try:
            value = msgspec.convert(given, self.type())
        except msgspec.ValidationError as error:
            raise ValueError(str(error)) from error
        return self.convert(value) if self.convert else value

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema (2020-12) of the value."""
        import msgspec

        schema = msgspec.json.schema(self.type())
        tables = schema.pop("$defs", {})  # referred to from the root, where this isn't
        return {name: _with_tables(value, tables) for name, value in schema.items()}


def _with_tables(schema: object, tables: dict[str, Any]) -> object:
    """Return a part of a schema with the tables in place of what refers to them."""
    if isinstance(schema, list):
        return [_with_tables(each, tables) for each in schema]
    return tables[schema["$ref"].rpartition("/")[2]] if isinstance(schema, dict) and "$ref" in schema else schema


@cache
def string() -> object:
    """Return the type of a text that isn't empty."""
    from msgspec import Meta

    return Annotated[str, Meta(min_length=1)]


def strings() -> object:
    """Return the type of a text or a list of texts, none of them empty."""
    from msgspec import Meta

    return Annotated[str, Meta(min_length=1)] | list[Annotated[str, Meta(min_length=1)]]


def targets() -> object:
    """Return the type of an address, or of a list of arguments that isn't empty."""
    from msgspec import Meta

    return Annotated[str, Meta(min_length=1)] | Annotated[list[Annotated[str, Meta(min_length=1)]], Meta(min_length=1)]


def one_of(*choices: str) -> Callable[[], object]:
    """Return what returns the type of one of these texts."""
    return lambda: Literal[choices]


def between(kind: type[int | float], least: int, most: int) -> Callable[[], object]:
    """Return what returns the type of a number in a range."""

    def number() -> object:
        from msgspec import Meta

        return Annotated[kind, Meta(ge=least, le=most)]

    return number


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


def listen() -> object:
    """Return the type of what reads aloud: a command, or a table with one."""
    from msgspec import Meta, defstruct

    command = Annotated[str, Meta(min_length=1)] | Annotated[list[Annotated[str, Meta(min_length=1)]], Meta(min_length=1)]
    fields: list[Any] = [
        ("program", command),
        ("stays", bool, False),
        ("sound_hz", Annotated[int, Meta(ge=0, le=192_000)], 0),
        ("player", command | None, None),
    ]
    table = defstruct("Voice", fields, forbid_unknown_fields=True)
    return Annotated[str, Meta(min_length=1)] | list[Annotated[str, Meta(min_length=1)]] | table


class _VoiceTable(Protocol):
    program: str | list[str]
    stays: bool
    sound_hz: int
    player: str | list[str] | None


def as_listen(value: str | list[str] | _VoiceTable) -> VoiceCommand:
    """Return a command as it is, a table as a program that reads aloud."""
    if isinstance(value, str | list):
        return as_command(value)
    return VoiceProgram(as_command(value.program), value.stays, value.sound_hz, as_command(value.player or []))


def as_target(value: str | list[str]) -> ShareTarget:
    """Return a list as a program and its arguments, a text as an address; raises ValueError where a story could choose either."""
    if isinstance(value, str):
        filled = value.replace("{link}", "a").replace("{title}", "a")
        if "{" in urlsplit(value).netloc or not shareable(filled):
            raise ValueError(value)
        return value
    if "{link}" in value[0] or "{title}" in value[0]:
        raise ValueError(value[0])
    return tuple(value)


def program() -> object:
    """Return the type of a list of arguments; none of them is empty."""
    from msgspec import Meta

    return list[Annotated[str, Meta(min_length=1)]]


def as_program(value: list[str]) -> tuple[str, ...]:
    """Return a program and its arguments, none for the browser; raises ValueError where an address could choose the program."""
    if value and "{link}" in value[0]:
        raise ValueError(value[0])
    return tuple(value)


def checked_age(value: str) -> str:
    """Return an age, or "all", as it is; raises ValueError for anything else."""
    if value != "all" and not parse_age(value):
        raise ValueError(value)
    return value


COMMAND: Final = ValueType("a program with its arguments, as a list, or a line for the shell", strings, as_command)
LISTEN: Final = ValueType(
    "a program with its arguments, as a list, a line for the shell, or a table with `program`, `stays`, `sound_hz`, `player`",
    listen,
    as_listen,
)
TARGET: Final = ValueType(
    "a program with its arguments, as a list, or an address, with {link} and {title} in it", targets, as_target
)
PROGRAM: Final = ValueType("a program with its arguments, as a list, with {link} in it", program, as_program)
WORDS: Final = ValueType("a text or a list of texts", strings, as_tuple)
