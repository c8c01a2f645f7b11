"""What each setting must be: the model that config files are checked against, and that the JSON Schema is made of.

msgspec checks the types; it takes 10 ms to import (pydantic: 60), and only a reader who has a config file pays them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from bpost_tui.config.settings import KEYBOARDS, LANGUAGES, PICTURES, TEXTS
from bpost_tui.i18n import message
from bpost_tui.model.durations import age
from bpost_tui.urls import portal_address


def _as_it_is(value: object) -> object:
    return value


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value."""

    type: Callable[[], object]
    """The type, as msgspec knows it."""
    wanted: str
    """A message id: what the value must be."""
    read: Callable[[Any], object] = _as_it_is
    """What the setting becomes, from a value of the type; raises ValueError, UsageError or RuntimeError where it can't."""

    def value(self, given: object) -> object:
        """Return what a setting becomes, from what TOML has; raises as `read` does where it can't be used."""
        import msgspec  # 10 ms

        try:
            return self.read(msgspec.convert(given, self.type()))
        except msgspec.ValidationError as error:
            raise ValueError(str(error)) from error

    def schema(self) -> dict[str, Any]:
        """Return the kind as JSON Schema (2020-12)."""
        import msgspec

        return msgspec.json.schema(self.type())


def _whole(least: int, most: int, wanted: str) -> Kind:
    def hint() -> object:
        from msgspec import Meta

        return Annotated[int, Meta(ge=least, le=most)]

    return Kind(hint, wanted)


def _one_of(choices: tuple[str, ...], wanted: str) -> Kind:
    return Kind(lambda: Literal[choices], wanted)


def _some_text() -> object:
    from msgspec import Meta

    return Annotated[str, Meta(min_length=1)]


def _texts() -> object:
    from msgspec import Meta

    return Annotated[str, Meta(min_length=1)] | list[Annotated[str, Meta(min_length=1)]]


def _pitch() -> object:
    from msgspec import Meta

    return Annotated[float, Meta(ge=1, le=3)]


def _many(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _paths(value: str | list[str]) -> tuple[Path, ...]:
    return tuple(Path(name).expanduser() for name in _many(value))


def _keep(value: str) -> str:
    if value != "all" and not age(value):
        raise ValueError(value)
    return value


def _command(value: str | list[str]) -> tuple[str, ...] | str:
    return value if isinstance(value, str) else tuple(value)


_COMMAND = Kind(_texts, message("a program with its arguments, as a list, or a line for the shell"), _command)
_WORDS = Kind(_texts, message("a text or a list of them"), _many)

KINDS: Final[Mapping[str, Kind]] = {
    "portal": Kind(_some_text, message("an http or https address"), portal_address),
    "bangla_date": Kind(lambda: bool, message("true or false")),
    "language": _one_of(LANGUAGES, message('"auto", "bn" or "en"')),
    "text": _one_of(TEXTS, message('"auto", "pixels", "mosaic" or "cells"')),
    "keyboard": _one_of(KEYBOARDS, message('"auto", "probhat", "inscript", "ben", "bd" or "avro"')),
    "theme": Kind(_some_text, message("a theme's name")),
    "font": Kind(_texts, message("a font file or a list of them"), _paths),
    "zoom_px": _whole(-12, 64, message("a whole number from -12 to 64")),
    "text_width": _whole(20, 400, message("a whole number from 20 to 400")),
    "line_pitch": Kind(_pitch, message("a number from 1 to 3")),
    "keep": Kind(_some_text, message('"all", or an age like "90d", "6m" or "2y"'), _keep),
    "pictures": _one_of(PICTURES, message('"ask", "always" or "never"')),
    "pictures_mb": _whole(1, 100_000, message("a whole number from 1 to 100000")),
    "notify": Kind(_texts, message('categories or searches, such as ["education", "search:name"]'), _many),
    "refresh_minutes": _whole(0, 10080, message("a whole number from 0 to 10080")),
    "listen": _COMMAND,
}
"""Setting → its kind."""
TABLES: Final[Mapping[str, Mapping[str, Kind]]] = {
    "hooks": {"new_stories": _COMMAND},
    "mute": dict.fromkeys(("words", "tags", "categories", "authors"), _WORDS),
}
"""Table of settings → what may stand in it; `[keys]` is none, it names actions."""
