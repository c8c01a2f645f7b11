"""Types of values in a config file, and their conversion to settings.

msgspec checks the types. It is imported only if there is a config file, because importing it takes 10 ms (pydantic takes 60 ms).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Protocol
from urllib.parse import urlsplit

from bpost_tui.limits import MAX_GROUPS
from bpost_tui.model.durations import parse_age
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.urls import service_address, shareable

Command = tuple[str, ...] | str
"""Program with its arguments, or a command line for the shell."""

ShareTarget = tuple[str, ...] | str
"""Program with its arguments, or an address; a story's link and title replace `{link}` and `{title}` in it."""


class VoiceProgram(NamedTuple):
    """Program that reads text aloud."""

    program: Command
    stays: bool = False
    """Whether the program keeps running and reads one sentence from each line. If not, it is started for each sentence."""
    sound_hz: int = 0
    """Sample rate in Hz of the sound that the program writes to its stdout, as WAV or raw 16-bit mono; 0 if it plays the sound
    itself."""
    player: Command = ()
    """Program that plays the WAV sound from its stdin; empty to search for an installed program."""


VoiceCommand = Command | VoiceProgram


class ValueType:
    """Type of the value of a setting.

    Args:
        expected: Description of valid values, as in "zoom_px must be a whole number from -12 to 64"; a message id.
        type: Function that returns the type for msgspec.
        convert: Function that returns the setting for a value of that type, or raises ValueError, UsageError or RuntimeError.
        unset: Value that `bpost config default` prints in a comment, if the setting is part of a table.
    """

    __slots__ = ("convert", "expected", "type", "unset")

    def __init__(
        self, expected: str, type: Callable[[], object], convert: Callable[[Any], object] | None = None, unset: object = ()
    ) -> None:
        self.expected, self.type, self.convert, self.unset = expected, type, convert, unset

    def convert_toml(self, toml: object) -> object:
        """Return the setting for a TOML value. Raises ValueError or UsageError if the value is invalid."""
        import msgspec  # 10 ms

        try:
            value = msgspec.convert(toml, self.type())
        except msgspec.ValidationError as error:
            raise ValueError(str(error)) from error
        return self.convert(value) if self.convert else value

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema (2020-12) of the values of this type."""
        import msgspec

        schema = msgspec.json.schema(self.type())
        tables = schema.pop("$defs", {})  # references start at the root, but this is only a part
        return {name: _with_tables(value, tables) for name, value in schema.items()}


def _with_tables(schema: object, tables: dict[str, Any]) -> object:
    """Return a part of a JSON Schema, with each reference replaced by the table that it refers to, from `tables`."""
    if isinstance(schema, list):
        return [_with_tables(each, tables) for each in schema]
    return tables[schema["$ref"].rpartition("/")[2]] if isinstance(schema, dict) and "$ref" in schema else schema


@cache
def string() -> object:
    """Return the type of a non-empty string, for msgspec."""
    from msgspec import Meta

    return Annotated[str, Meta(min_length=1)]


def strings() -> object:
    """Return the type of a non-empty string or a list of non-empty strings, for msgspec."""
    from msgspec import Meta

    return Annotated[str, Meta(min_length=1)] | list[Annotated[str, Meta(min_length=1)]]


def targets() -> object:
    """Return the type, for msgspec, of a setting that is an address, or a program with its arguments (a non-empty list)."""
    from msgspec import Meta

    return Annotated[str, Meta(min_length=1)] | Annotated[list[Annotated[str, Meta(min_length=1)]], Meta(min_length=1)]


def one_of(*choices: str) -> Callable[[], object]:
    """Return a function that returns the type for msgspec of a string that is one of `choices`."""
    return lambda: Literal[choices]


def between(kind: type[int | float], least: int, most: int) -> Callable[[], object]:
    """Return a function that returns the type for msgspec of an int or a float (`kind`) from `least` to `most`."""

    def number() -> object:
        from msgspec import Meta

        return Annotated[kind, Meta(ge=least, le=most)]

    return number


def as_tuple(value: str | list[str]) -> tuple[str, ...]:
    """Return a list of texts as a tuple, or a single text as a tuple with only this text."""
    return (value,) if isinstance(value, str) else tuple(value)


def as_names(value: str | list[str]) -> tuple[str, ...]:
    """Return cleaned names, each on one line, without duplicates. Raises ValueError for an empty name or too many names."""
    from bpost_tui.model.sanitize import MAX_NAME_CHARS, clean_line  # 1 ms, only for groups

    names = [clean_line(name, MAX_NAME_CHARS) for name in as_tuple(value)]
    if not all(names) or len(names) > MAX_GROUPS:
        raise ValueError(value)
    return tuple(dict.fromkeys(names))


def as_paths(value: str | list[str]) -> tuple[Path, ...]:
    """Return one path, or a list of paths, as a tuple, with `~` replaced.

    Raises RuntimeError if the user in `~user` doesn't exist.
    """
    return tuple(Path(name).expanduser() for name in as_tuple(value))


def as_folder(value: str) -> str:
    """Return a folder's absolute path with `~` replaced; an empty path stays empty.

    Raises:
        ValueError: The path isn't absolute.
        RuntimeError: The user in `~user` doesn't exist.
    """
    folder = Path(value).expanduser()
    if value and not folder.is_absolute():
        raise ValueError(value)
    return str(folder) if value else value


def as_service(value: str) -> str:
    """Return a server's address in its normal form; an empty address stays empty.

    An address of http in a local network passes; `load_config` refuses it, unless the setting `insecure_http` allows it.

    Raises:
        UsageError: The value isn't an address of a host, or has the scheme http outside of a local network.
    """
    return service_address(value, allows_http=True) if value else value


def as_command(value: str | list[str]) -> Command:
    """Return a setting's value as a command. A list (program with its arguments) becomes a tuple; a line for the shell stays."""
    return value if isinstance(value, str) else tuple(value)


def listen() -> object:
    """Return the type of the setting for a speech program, for msgspec: a command, or a table with a command."""
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
    """Return a value of the setting `listen`: a table becomes a VoiceProgram, any other value a command."""
    if isinstance(value, str | list):
        return as_command(value)
    return VoiceProgram(as_command(value.program), value.stays, value.sound_hz, as_command(value.player or []))


def as_target(value: str | list[str]) -> ShareTarget:
    """Return a program with its arguments, or an address, to share a story with.

    Raises ValueError if the link or the title of a story could change the program or the host.
    """
    if isinstance(value, str):
        filled = value.replace("{link}", "a").replace("{title}", "a")
        if "{" in urlsplit(value).netloc or not shareable(filled):
            raise ValueError(value)
        return value
    if "{link}" in value[0] or "{title}" in value[0]:
        raise ValueError(value[0])
    return tuple(value)


def program() -> object:
    """Return the type of a list of non-empty arguments, for msgspec."""
    from msgspec import Meta

    return list[Annotated[str, Meta(min_length=1)]]


def as_program(value: list[str]) -> tuple[str, ...]:
    """Return a program with its arguments; if the list is empty, the browser is used.

    Raises ValueError if an address could change the program.
    """
    if value and "{link}" in value[0]:
        raise ValueError(value[0])
    return tuple(value)


def checked_age(value: str) -> str:
    """Return an age or "all" unchanged. Raises ValueError for anything else."""
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
