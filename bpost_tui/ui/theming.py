"""Themes: TOML files to Textual's colours and the inks of the type.

A file has `name`, `label`, `dark`, `[colors]` (Textual's theme fields) and `[inks]` (the reader's own). The bundled ones lie in the
wheel under `_themes`, in a checkout under `themes/`; the reader's own in `themes/` of the config folder.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from bpost_tui.errors import UsageError
from bpost_tui.typeset.surface import Colour

if TYPE_CHECKING:
    from textual.theme import Theme

INKS = ("text", "headline", "meta", "accent", "link", "quote", "mark", "rule", "faded")
"""Every theme has these; `faded` is what has been read."""
COLOURS = ("background", "surface", "panel", "foreground", "primary", "accent")
"""The fields of Textual's themes that every theme has."""

_COLOUR = re.compile("#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})")


@dataclass(frozen=True, slots=True)
class ReaderTheme:
    """A theme as the screens use it."""

    name: str
    label: str
    """What the picker calls it: a message id."""
    dark: bool
    colours: Mapping[str, str]
    inks: Mapping[str, Colour]

    def textual(self) -> Theme:
        """Return it as Textual registers it."""
        from textual.theme import Theme  # 150 ms; the command line takes only the inks

        variables = {
            "scrollbar": self.colours["panel"],
            "scrollbar-hover": self.colours["primary"],
            "scrollbar-active": self.colours["primary"],
            "scrollbar-background": self.colours["background"],
            "scrollbar-background-hover": self.colours["background"],
            "scrollbar-background-active": self.colours["background"],
            "rule": _hex(self.inks["rule"]),
            "ink-accent": _hex(self.inks["accent"]),
        }
        colours = self.colours
        return Theme(
            name=self.name,
            dark=self.dark,
            primary=colours["primary"],
            accent=colours["accent"],
            foreground=colours["foreground"],
            background=colours["background"],
            surface=colours["surface"],
            panel=colours["panel"],
            variables=variables,
        )


def bundled_folder() -> Path:
    """Return the folder of the bundled themes, in a wheel or in a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "_themes"
    return installed if installed.is_dir() else package.parent / "themes"


def load_themes(*folders: Path) -> tuple[dict[str, ReaderTheme], tuple[str, ...]]:
    """Read every theme of the folders; a later one of the same name wins.

    Returns:
        The themes by name, and one line for each file that could not be used.
    """
    themes: dict[str, ReaderTheme] = {}
    problems: list[str] = []
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            try:
                theme = read_theme(path)
            except UsageError as error:
                problems.append(error.message)
            else:
                themes[theme.name] = theme
    return themes, tuple(problems)


def read_theme(path: Path) -> ReaderTheme:
    """Read one theme file.

    Raises:
        UsageError: It can't be read, is no TOML, lacks a colour or names one that is none.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:  # a number of too many digits is a plain ValueError
        raise UsageError(f"{path}: {error}") from error
    colours = _section(path, table, "colors", COLOURS)
    inks = _section(path, table, "inks", INKS)
    name = str(table.get("name", path.stem))
    return ReaderTheme(
        name,
        str(table.get("label", name)),
        bool(table.get("dark", False)),
        MappingProxyType({key: _hex(colour) for key, colour in colours.items()}),
        MappingProxyType(inks),
    )


def _section(path: Path, table: Mapping[str, Any], section: str, keys: tuple[str, ...]) -> dict[str, Colour]:
    values = table.get(section)
    if not isinstance(values, dict):
        raise UsageError(f"{path}: no section [{section}]")
    found: dict[str, Colour] = {}
    for key in keys:
        if key not in values:
            raise UsageError(f"{path}: [{section}] has no {key}")
        colour = _COLOUR.fullmatch(str(values[key]))
        if colour is None:
            raise UsageError(f"{path}: [{section}] {key} = {values[key]!r} is no colour, such as #1f1b16")
        found[key] = (int(colour[1], 16), int(colour[2], 16), int(colour[3], 16))
    return found


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
