"""What may stand for a setting in a config file, and what the setting becomes.

msgspec checks the types; it takes 10 ms to import (pydantic: 60), which only those pay who have a config file.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from bpost_tui.model.durations import age

Command = tuple[str, ...] | str
"""A program and its arguments, or a line for the shell."""


class Value:
    """A kind of value.

    Args:
        expected: What it must be, as in "zoom_px must be a whole number from -12 to 64"; a message id.
        type: Returns its type, as msgspec knows it.
        convert: Returns the setting that a value of that type stands for; raises ValueError, UsageError or RuntimeError for none.
    """

    __slots__ = ("convert", "expected", "type")

    def __init__(self, expected: str, type: Callable[[], object], convert: Callable[[Any], object] | None = None) -> None:
        self.expected, self.type, self.convert = expected, type, convert

    def read(self, given: object) -> object:
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

        return msgspec.json.schema(self.type())


def string() -> object:
    """Return the type of a text that isn't empty."""
    from msgspec import Meta

    return Annotated[str, Meta(min_length=1)]


def strings() -> object:
    """Return the type of a text or a list of texts, none of them empty."""
    from msgspec import Meta

    return Annotated[str, Meta(min_length=1)] | list[Annotated[str, Meta(min_length=1)]]


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


def as_paths(value: str | list[str]) -> tuple[Path, ...]:
    """Return the paths, `~` replaced; raises RuntimeError if that is nobody's home."""
    return tuple(Path(name).expanduser() for name in as_tuple(value))


def as_command(value: str | list[str]) -> Command:
    """Return a list as a program and its arguments, a text as it is."""
    return value if isinstance(value, str) else tuple(value)


def checked_age(value: str) -> str:
    """Return an age, or "all", as it is; raises ValueError for anything else."""
    if value != "all" and not age(value):
        raise ValueError(value)
    return value


COMMAND: Final = Value("a program with its arguments, as a list, or a line for the shell", strings, as_command)
WORDS: Final = Value("a text or a list of texts", strings, as_tuple)
