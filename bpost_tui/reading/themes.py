"""All themes: the bundled ones and the reader's own, which are read again whenever one of their files is saved."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from bpost_tui.i18n import message
from bpost_tui.reading.theme_files import ReaderTheme, bundled_folder, load_themes
from bpost_tui.terminal.colours import TerminalColours, is_dark
from bpost_tui.typeset.surface import Colour

COLOURLESS = "monochrome"
"""The theme for those who want no colours."""
AUTO = "auto"
"""Chosen like a theme: one that suits the terminal's ground, and follows it."""
_ON_LIGHT, _ON_DARK = "newsprint", "night"


class Themes:
    """Themes by name. Reading may block on the disk."""

    def __init__(self, folder: Path | None = None) -> None:
        """Read the bundled themes and those of the reader's folder, which need not exist."""
        self._folder = folder
        self._own = TerminalColours()
        self.is_ground_dark = False
        """Whether the terminal's ground is dark; an unknown one counts as light."""
        self._saved = self._stamps()
        self._themes, self.problems = load_themes(bundled_folder(), *([folder] if folder is not None else []))

    def __contains__(self, name: object) -> bool:
        return name == AUTO or name in self._themes

    def __getitem__(self, name: str) -> ReaderTheme:
        """Return a theme as it looks in this terminal."""
        return self._themes[self.name_of(name)].on(self._own)

    def name_of(self, choice: str) -> str:
        """Return the theme that a choice leads to now."""
        if choice != AUTO:
            return choice
        return _ON_DARK if self.is_ground_dark else _ON_LIGHT

    def __iter__(self) -> Iterator[str]:
        return iter(self._themes)

    @property
    def own(self) -> TerminalColours:
        """The terminal's own colours."""
        return self._own

    @property
    def labels(self) -> Mapping[str, str]:
        """What can be chosen, each with its label: a message id."""
        return {AUTO: message("Follow the terminal (light or dark)"), **{name: theme.label for name, theme in self._themes.items()}}

    def with_terminal_colours(self, own: TerminalColours, ground: Colour | None) -> None:
        """Have the terminal's own colours in the themes that are made of them; `ground` is the one it reported, if it did."""
        self._own = own
        self.is_ground_dark = ground is not None and is_dark(ground)

    def changed(self) -> Themes | None:
        """Return the themes read anew, where a file has been saved since; a theme whose file is broken now stays as it was."""
        saved = self._stamps()
        if saved == self._saved:
            return None
        new = Themes(self._folder)
        new._own, new.is_ground_dark = self._own, self.is_ground_dark
        if new.problems:
            new._themes = {**self._themes, **new._themes}
        return new

    def _stamps(self) -> frozenset[tuple[str, int]]:
        """Return each file of the reader's with the time it was last written."""
        stamps: set[tuple[str, int]] = set()
        with suppress(OSError):  # no folder, or one that may not be read: no themes
            for entry in os.scandir(self._folder or ""):
                if entry.name.endswith(".toml"):
                    stamps.add((entry.name, entry.stat().st_mtime_ns))
        return frozenset(stamps)
