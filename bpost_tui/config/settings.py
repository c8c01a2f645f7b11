"""The settings and their defaults."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

Keys = Mapping[str, tuple[str, ...]]
"""The id of an action → its keys."""
NO_KEYS: Final[Keys] = MappingProxyType({})
Command = tuple[str, ...] | str
"""A program and its arguments, or a line for the shell."""
Commands = Mapping[str, Command]
NO_COMMANDS: Final[Commands] = MappingProxyType({})
Words = Mapping[str, tuple[str, ...]]
NO_WORDS: Final[Words] = MappingProxyType({})

LANGUAGES = ("auto", "bn", "en")
PICTURES = ("ask", "always", "never")
TEXTS = ("auto", "pixels", "mosaic", "cells")
KEYBOARDS = ("auto", "probhat", "inscript", "ben", "bd", "avro")

DEFAULT_PORTAL = "https://thebengalpost.net"


class Settings(NamedTuple):
    """The reader's choices; each field is a key of the config file."""

    portal: str = DEFAULT_PORTAL
    """The address of the WordPress portal that is read."""
    language: str = "auto"
    """Of the interface: "bn", "en", or "auto" for the locale's."""
    bangla_date: bool = True
    """Whether the day is named by the Bangla calendar too, as West Bengal reckons it."""
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
    """The distance between lines, as a multiple of the type's size."""
    pictures: str = "ask"
    """When a story's pictures are fetched: "ask", "always" or "never"."""
    pictures_mb: int = 200
    """The most room kept pictures may take, in MB."""
    refresh_minutes: int = 15
    """How often the portal is asked while the reader is open, in minutes; 0 means only on request."""
    notify: tuple[str, ...] = ()
    """What the desktop is notified of when it comes in: slugs of categories, and "search:" with a saved search's name."""
    keep: str = "all"
    """How long stories are kept: "all", or an age like "90d", "6m" or "2y"; starred and read-later ones never go."""
    listen: Command = ("espeak-ng", "-v", "bn")
    """The program that reads aloud, a sentence on its stdin: a list of arguments, or a line for the shell; [] for none."""
    hooks: Commands = NO_COMMANDS
    """Programs run when something happens: `new_stories`, after each refresh that brought some, as JSON on its stdin."""
    mute: Words = NO_WORDS
    """Stories that aren't shown: those with any of these `words`, `tags`, `categories` or `authors`; `M` shows them."""
    keyboard: str = "auto"
    """The Bengali layout whose letters are keys: "probhat", "inscript", "ben", "bd", "avro", or "auto" for each in that order."""
    keys: Keys = NO_KEYS
    """The id of an action → its keys."""
