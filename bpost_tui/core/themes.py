"""Themes: TOML files with Textual's colours, and the colours of text ("inks"). The reader's files are reloaded when they change.

A file has `name`, `label`, `[colors]` (Textual's theme fields) and `[inks]` (bpost's own). A colour is a value, `#1f1b16`, or a
colour of the terminal: `foreground`, `background`, `red`, `bright-blue`…, either as it is, or mixed with the background:
`foreground 70%`. The bundled themes are in the wheel under `_themes`, in a checkout under `themes/`; themes that the reader made
are in `themes/` of the config folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bpost_tui import log
from bpost_tui.atomic import read_whole
from bpost_tui.errors import ContentError, UsageError
from bpost_tui.i18n import Reason, message, prefix_reason, unreadable_reason
from bpost_tui.limits import MAX_THEME_BYTES
from bpost_tui.model.sanitize import MAX_NAME_CHARS, clean_line
from bpost_tui.typesetting.terminal.colours import SIXTEEN, TerminalColours, is_dark, luminance
from bpost_tui.typesetting.terminal.sgr import mix
from bpost_tui.typesetting.text.lazy_pattern import lazy_pattern
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.typesetting.typeset.surface import Colour
from bpost_tui.untrusted import read_toml, text_or_empty

INKS = ("text", "headline", "meta", "accent", "link", "quote", "mark", "rule", "faded")
"""Names of the inks (colours of text) that every theme has. `faded` is the colour of stories that have been read."""
COLOURS = ("background", "surface", "panel", "foreground", "primary", "accent")
"""Names of the colours that every theme file has in its section `[colors]`. They are fields of Textual's themes."""
LEGIBLE = 4.5
"""Minimum contrast with the background, for inks that use the terminal's colours (WCAG 2.2, 1.4.3).

The terminal's colours weren't chosen with reading in mind, so an ink with less contrast is changed.
"""

_VALUE = lazy_pattern("#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})")
_OWN = lazy_pattern(rf"(foreground|background|{'|'.join(SIXTEEN)})(?: +(\d{{1,2}}|100)%)?")
_STEPS = 10


class Tone(NamedTuple):
    """Colour of the terminal, given by its name, such as "bright-blue".

    `share` is the part of this colour, from 0 to 1, if it is mixed with the background.
    """

    name: str
    share: float = 1.0

    def resolve(self, own: TerminalColours) -> Colour:
        """Return the RGB colour, given the terminal's own colours."""
        if self.name in SIXTEEN:
            colour = own.sixteen[SIXTEEN.index(self.name)]
        else:
            colour = own.paper if self.name == "background" else own.ink
        return mix(own.paper, colour, self.share)


class ReaderTheme(NamedTuple):
    """Theme of the screen: a name, and RGB colours from the theme's file.

    Colours that depend on the terminal are those of xterm until `resolve` fills in the real ones.
    """

    name: str
    label: str
    """Name in the list of themes, in English; also its key in the message catalogue."""
    colours: Mapping[str, Colour]
    inks: Mapping[str, Colour]
    tones: Mapping[str, Tone]
    """Colours that depend on the terminal, by section and name, such as `colors.background` or `inks.text`."""

    @property
    def dark(self) -> bool:
        """Whether the theme has light letters on a dark background."""
        return is_dark(self.colours["background"])

    def resolve(self, own: TerminalColours) -> ReaderTheme:
        """Return the theme with the terminal's colours `own` filled in.

        Inks (colours of text) that come from the terminal and have too little contrast are made legible, except the colour of
        lines.
        """
        if not self.tones:
            return self
        toned = {place: tone.resolve(own) for place, tone in self.tones.items()}
        colours = {key: toned.get(f"colors.{key}", colour) for key, colour in self.colours.items()}
        papers, inks = (colours["background"], colours["panel"]), dict(self.inks)
        for key in inks:
            if (ink := toned.get(f"inks.{key}")) is not None:
                inks[key] = ink if key == "rule" else _legible(ink, papers, own.ink)
        return self._replace(colours=MappingProxyType(colours), inks=MappingProxyType(inks))


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast ratio of two colours, from 1 to 21 (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _legible(ink: Colour, papers: tuple[Colour, ...], towards: Colour) -> Colour:
    """Return the text colour `ink`, mixed with just enough of `towards` to be legible on all the backgrounds `papers`."""
    mixed = (mix(ink, towards, step / _STEPS) for step in range(_STEPS))
    return next((colour for colour in mixed if all(contrast(colour, paper) >= LEGIBLE for paper in papers)), towards)


def bundled_folder() -> Path:
    """Return the folder of the themes that come with bpost, in an installed wheel or in a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "_themes"
    return installed if installed.is_dir() else package.parent / "themes"


def load_themes(*folders: Path) -> tuple[dict[str, ReaderTheme], tuple[str, ...]]:
    """Read all theme files of the folders. A later theme replaces an earlier theme of the same name.

    Returns:
        Themes by name, and a line for each file that can't be used.
    """
    themes: dict[str, ReaderTheme] = {}
    problems: list[str] = []
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            try:
                theme = read_theme(path)
            except UsageError as error:
                problems.append(error.message)
            except Exception as error:  # noqa: BLE001 (a bug met with one file costs only that theme)
                log.log_error(error)
                problems.append(prefix_reason(str(path), unreadable_reason(error)))
            else:
                themes[theme.name] = theme
    return themes, tuple(problems)


def read_theme(path: Path) -> ReaderTheme:
    """Read a theme file. Colours of the terminal are taken from xterm until `ReaderTheme.resolve` is called.

    Raises:
        UsageError: The file can't be read, isn't TOML, lacks a colour or names an unknown one.
    """
    try:
        table = read_toml(read_whole(path, MAX_THEME_BYTES).decode("utf-8"))
    except (OSError, ValueError, ContentError) as error:  # ValueError: it isn't UTF-8
        raise UsageError(prefix_reason(str(path), Reason("can't be read: {reason}", reason=str(error)))) from error
    values = {"colors": _section(path, table, "colors", COLOURS), "inks": _section(path, table, "inks", INKS)}
    tones = {f"{section}.{key}": tone for section, named in values.items() for key, tone in named.items() if isinstance(tone, Tone)}
    own = TerminalColours()
    colours, inks = (
        {key: value.resolve(own) if isinstance(value, Tone) else value for key, value in named.items()} for named in values.values()
    )
    name = clean_line(text_or_empty(table.get("name")), MAX_NAME_CHARS) or path.stem
    label = clean_line(text_or_empty(table.get("label")), MAX_NAME_CHARS) or name
    return ReaderTheme(name, label, MappingProxyType(colours), MappingProxyType(inks), MappingProxyType(tones))


def _section(path: Path, table: Mapping[str, Any], section: str, keys: tuple[str, ...]) -> dict[str, Colour | Tone]:
    values = table.get(section)
    if not isinstance(values, dict):
        raise UsageError(prefix_reason(str(path), Reason("no section [{section}]", section=section)))
    found: dict[str, Colour | Tone] = {}
    for key in keys:
        if key not in values:
            raise UsageError(prefix_reason(str(path), Reason("[{section}] has no {key}", section=section, key=key)))
        colour = _colour(text_or_empty(values[key]))
        if colour is None:
            wrong = Reason(
                "[{section}] {key} = {value} isn't a colour; write it like #1f1b16",
                section=section,
                key=key,
                value=repr(values[key]),
            )
            raise UsageError(prefix_reason(str(path), wrong))
        found[key] = colour
    return found


def _colour(text: str) -> Colour | Tone | None:
    value = _VALUE.fullmatch(text)
    if value is not None:
        return int(value[1], 16), int(value[2], 16), int(value[3], 16)
    own = _OWN.fullmatch(text)
    return Tone(own[1], int(own[2] or 100) / 100) if own is not None else None


COLOURLESS = "monochrome"
"""Name of the theme that uses no colours."""
AUTO = "auto"
"""Name to choose for a theme that suits the terminal's background: a light or a dark theme."""
_ON_LIGHT, _ON_DARK = "newsprint", "night"


class Themes:
    """Collection of all themes, by name. Reading theme files may block on the disk."""

    def __init__(self, folder: Path | None = None) -> None:
        """Read the themes that come with bpost, and the reader's own themes in `folder`.

        The folder need not exist; None means that the reader has no own themes.
        """
        self._folder = folder
        self.terminal_colours = TerminalColours()
        """Colours of the terminal, which themes may use by name."""
        self.is_background_dark = False
        """Whether the terminal's background is dark; False if the background isn't known."""
        self._saved = self._stamps()
        self._themes, self.problems = load_themes(bundled_folder(), *([folder] if folder is not None else []))

    def __contains__(self, name: object) -> bool:
        return name == AUTO or name in self._themes

    def __getitem__(self, name: str) -> ReaderTheme:
        """Return the theme with a name, in the colours of this terminal. Raises UsageError if there is no such theme."""
        if (theme := self._themes.get(self.name_of(name))) is None:
            raise UsageError(next(iter(self.problems), Reason("no theme “{name}”", name=name)))
        return theme.resolve(self.terminal_colours)

    def name_of(self, choice: str) -> str:
        """Return the name of the theme that `choice` means now: with "auto", the light or the dark theme, else `choice` itself."""
        if choice != AUTO:
            return choice
        usual = _ON_DARK if self.is_background_dark else _ON_LIGHT
        return usual if usual in self._themes else next(iter(self._themes), usual)  # the default theme's file can't be read

    def __iter__(self) -> Iterator[str]:
        return iter(self._themes)

    @property
    def labels(self) -> Mapping[str, str]:
        """English labels of the themes that the reader can choose, by the themes' names."""
        return {AUTO: message("Follow the terminal (light or dark)"), **{name: theme.label for name, theme in self._themes.items()}}

    def set_terminal_colours(self, own: TerminalColours, ground: Colour | None) -> None:
        """Use `own`, the colours of the terminal, in the themes that refer to colours of the terminal.

        `ground` is the background colour that the terminal reported; None if it reported none. It decides between the themes for
        dark and light backgrounds; if it is None, the background counts as light.
        """
        self.terminal_colours = own
        self.is_background_dark = ground is not None and is_dark(ground)

    def changed(self) -> Themes | None:
        """Return all themes, read again, or None if no file in the reader's folder has changed.

        A theme whose file can't be read any more stays as it was.
        """
        saved = self._stamps()
        if saved == self._saved:
            return None
        new = Themes(self._folder)
        new.terminal_colours, new.is_background_dark = self.terminal_colours, self.is_background_dark
        if new.problems:
            new._themes = {**self._themes, **new._themes}
        return new

    def _stamps(self) -> frozenset[tuple[str, int]]:
        """Return the name and modification time of each file in the reader's folder of themes."""
        stamps: set[tuple[str, int]] = set()
        with suppress(OSError):  # no folder, or an unreadable one: no themes
            for entry in os.scandir(self._folder or ""):
                if entry.name.endswith(".toml"):
                    stamps.add((entry.name, entry.stat().st_mtime_ns))
        return frozenset(stamps)
