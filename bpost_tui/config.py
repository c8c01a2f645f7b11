"""What the reader may choose: an optional TOML file that holds only what differs. Nothing in it can keep bpost from starting."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

from .errors import UsageError
from .i18n import Language, message
from .keynames import NAMED, is_key, key_name
from .news.ages import age

Keys = Mapping[str, tuple[str, ...]]
"""The id of an action → its keys."""
NO_KEYS: Final[Keys] = MappingProxyType({})

DEFAULT_PORTAL = "https://thebengalpost.net"

LANGUAGES = ("auto", "bn", "en")
PICTURES = ("ask", "always", "never")
TEXTS = ("auto", "pixels", "mosaic", "cells")
KEYBOARDS = ("auto", "probhat", "inscript", "ben", "bd", "avro")


@dataclass(frozen=True, slots=True)
class Settings:
    """The reader's choices; each field is a key of the config file."""

    portal: str = DEFAULT_PORTAL
    """The address of the WordPress portal that is read."""
    language: str = "auto"
    """Of the interface: "bn", "en", or "auto" for the locale's."""
    text: str = "auto"
    """How type is drawn: "pixels", "mosaic", "cells", or "auto" for the best this terminal takes."""
    theme: str = "newsprint"
    """The name of a theme, bundled or the reader's own."""
    font: tuple[Path, ...] = ()
    """Font files tried before the bundled ones."""
    zoom_px: int = 0
    """Pixels added to the size of the type."""
    text_width: int = 72
    """The widest a story's column may be, in cells."""
    line_pitch: float = 1.5
    """The distance of lines, in sizes of the type."""
    pictures: str = "ask"
    """When a story's pictures are fetched: "ask", "always" or "never"."""
    pictures_mb: int = 200
    """The most room kept pictures may take, in MB."""
    refresh_minutes: int = 15
    """How often the portal is asked while the reader is open; 0 is only by hand."""
    keep: str = "all"
    """How long stories are kept: "all", or an age like "90d", "6m" or "2y"; starred and read-later ones never go."""
    keyboard: str = "auto"
    """The Bengali layout whose letters are keys: "probhat", "inscript", "ben", "bd", "avro", or "auto" for each in that order."""
    keys: Keys = field(default_factory=lambda: NO_KEYS)
    """The id of an action → its keys."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a config file that was passed over."""

    file: Path
    line: int
    """From 1; 0 where it is about the whole file."""
    message: str
    """A message id with `{fields}`; the field `wanted` is one itself."""
    fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def told(self, language: Language) -> str:
        """Return it as one line: `config.toml:3: …`."""
        where = f"{self.file}:{self.line}" if self.line else f"{self.file}"
        wanted = {"wanted": language.text(self.fields["wanted"])} if "wanted" in self.fields else {}
        return f"{where}: {language.text(self.message, **{**self.fields, **wanted})}"


def portal_address(text: str) -> str:
    """Return a portal's address in its normal form: with scheme, without a slash at the end, a query or a fragment.

    Raises:
        UsageError: It is no http or https address of a host.
    """
    text = text.strip()
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if not host or parts.scheme not in ("http", "https") or "@" in parts.netloc or re.search(r"[^\w.:\-\[\]]", parts.netloc):
        raise UsageError(f"{text!r} is no portal's address", hint=message("Give an address like https://thebengalpost.net."))
    host = f"[{host}]" if ":" in host else host
    usual = port is None or port == {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}{'' if usual else f':{port}'}{re.sub('/+', '/', parts.path).rstrip('/')}"


def load(path: Path, *, actions: Keys = NO_KEYS) -> tuple[Settings, tuple[Problem, ...]]:
    """Read a config file; what can't be used is told and passed over.

    Args:
        path: The file; where there is none, everything is as by default.
        actions: The ids that `[keys]` may name, with their usual keys; empty takes any.
    """
    values, problems = read(path, actions=actions)
    return replace(Settings(), **values), problems


def read(path: Path, *, actions: Keys = NO_KEYS) -> tuple[Mapping[str, Any], tuple[Problem, ...]]:
    """Return only what a config file sets, by the settings' names, and its problems; otherwise as `load`."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}, ()
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return {}, (Problem(path, line, message("can't be read: {reason}"), {"reason": str(error)}),)
    except OSError as error:
        return {}, (Problem(path, 0, message("can't be read: {reason}"), {"reason": str(error)}),)
    file = _File(path, text, actions)
    return file.values(), tuple(file.problems)


@dataclass
class _File:
    """A config file being read."""

    path: Path
    text: str
    actions: Keys
    problems: list[Problem] = field(default_factory=list)

    def values(self) -> Mapping[str, Any]:
        import tomllib  # 13 ms

        try:
            table = tomllib.loads(self.text)
        except (ValueError, RecursionError) as error:  # a number of too many digits is a plain ValueError
            line = re.search(r"line (\d+)", str(error))
            self._tell(int(line[1]) if line else self.text.count("\n") + 1, message("this is no TOML: {reason}"), reason=str(error))
            return {}
        return dict(self._values(table))

    def _values(self, table: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        for name, value in table.items():
            line = line_of(self.text, name)
            if name == "keys":
                yield name, MappingProxyType(dict(self._keys(line, value)))
            elif name not in _READERS:
                self._unknown(line, name, [setting.name for setting in fields(Settings)])
            else:
                read, wanted = _READERS[name]
                try:
                    yield name, read(value)
                except (ValueError, UsageError, RuntimeError):  # RuntimeError: ~nobody has no home
                    self._wrong(line, name, wanted)

    def _keys(self, line: int, table: object) -> Iterator[tuple[str, tuple[str, ...]]]:
        if not isinstance(table, dict):
            self._wrong(line, "keys", message("a table: [keys]"))
            return
        taken: dict[str, tuple[str, int]] = {}
        for action, keys in table.items():
            at = line_of(self.text, action, after=line)
            chosen = [keys] if isinstance(keys, str) else keys
            if self.actions and action not in self.actions:
                self._unknown(at, action, self.actions)
            elif not isinstance(chosen, list) or not chosen or not all(isinstance(key, str) and key for key in chosen):
                self._wrong(at, action, message("a key or a list of keys"))
            elif usable := tuple(self._usable(action, chosen, at, taken)):
                yield action, usable
        for action, usual in self.actions.items():
            names = [key_name(key) for key in usual]
            if action not in table and all(name in taken for name in names):
                _, at = taken[names[0]]
                self._tell(at, message("{key} was the only key of {other}"), key=usual[0], other=action)

    def _usable(self, action: str, keys: Sequence[str], line: int, taken: dict[str, tuple[str, int]]) -> Iterator[str]:
        """Give the keys that are keys, and no other action's; note whose they are and where that is said."""
        for key in keys:
            name = key_name(key)
            if not is_key(name):
                self._unknown(line, key, NAMED)
            elif (other := taken.setdefault(name, (action, line))[0]) != action:
                self._tell(line, message("{key} is already a key of {other}"), key=key, other=other)
            else:
                yield key

    def _wrong(self, line: int, name: str, wanted: str) -> None:
        self._tell(line, message("{name} must be {wanted}"), name=name, wanted=wanted)

    def _unknown(self, line: int, name: str, known: Collection[str]) -> None:
        import difflib  # 6 ms

        if near := difflib.get_close_matches(name, known, n=1):
            self._tell(line, message("{name} is unknown; did you mean {near}?"), name=name, near=near[0])
        else:
            self._tell(line, message("{name} is unknown"), name=name)

    def _tell(self, line: int, message: str, **fields: str) -> None:
        self.problems.append(Problem(self.path, line, message, MappingProxyType(fields)))


def line_of(text: str, key: str, *, after: int = 0) -> int:
    """Return the line, from 1, on which a key or a table of that name stands, below the line `after`; else `after`."""
    name = rf"""["']?{re.escape(key)}["']?"""
    pattern = re.compile(rf"\s*(?:{name}\s*[.=]|\[+\s*{name}\s*[\].]|[\w.]+\.{name}\s*=|.*[{{,]\s*{name}\s*=)")
    lines = enumerate(text.splitlines(), 1)
    return next((number for number, line in lines if number >= max(1, after) and pattern.match(line)), after)


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError
    return value


def _one_of(*choices: str) -> Callable[[object], object]:
    def read(value: object) -> object:
        if value not in choices:
            raise ValueError
        return value

    return read


def _whole(least: int, most: int) -> Callable[[object], object]:
    def read(value: object) -> object:
        if type(value) is not int or not least <= value <= most:
            raise ValueError
        return value

    return read


def _pitch(value: object) -> float:
    if type(value) not in (int, float) or not 1 <= float(str(value)) <= 3:
        raise ValueError
    return float(str(value))


def _keep(value: object) -> str:
    text = _text(value)
    if text != "all" and not age(text):
        raise ValueError
    return text


def _paths(value: object) -> tuple[Path, ...]:
    names = [value] if isinstance(value, str) else value
    if isinstance(names, list):
        return tuple(Path(_text(name)).expanduser() for name in names)
    raise ValueError(names)


_READERS: Mapping[str, tuple[Callable[[object], object], str]] = {
    "portal": (lambda value: portal_address(_text(value)), message("an http or https address")),
    "language": (_one_of(*LANGUAGES), message('"auto", "bn" or "en"')),
    "text": (_one_of(*TEXTS), message('"auto", "pixels", "mosaic" or "cells"')),
    "keyboard": (_one_of(*KEYBOARDS), message('"auto", "probhat", "inscript", "ben", "bd" or "avro"')),
    "theme": (_text, message("a theme's name")),
    "font": (_paths, message("a font file or a list of them")),
    "zoom_px": (_whole(-12, 64), message("a whole number from -12 to 64")),
    "text_width": (_whole(20, 400), message("a whole number from 20 to 400")),
    "line_pitch": (_pitch, message("a number from 1 to 3")),
    "keep": (_keep, message('"all", or an age like "90d", "6m" or "2y"')),
    "pictures": (_one_of(*PICTURES), message('"ask", "always" or "never"')),
    "pictures_mb": (_whole(1, 100_000), message("a whole number from 1 to 100000")),
    "refresh_minutes": (_whole(0, 10080), message("a whole number from 0 to 10080")),
}
"""Setting → what reads its value (an error where it can't be used), and what it must be."""
