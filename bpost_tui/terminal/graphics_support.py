"""Which pictures a terminal takes, and what a multiplexer around us does to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from bpost_tui.i18n import Reason
from bpost_tui.terminal.identity import Version
from bpost_tui.terminal.replies import Replies

# Allow-lists, by the names of `identify`: that a terminal takes `a=q` says nothing of placeholders; it is known only by version.
_PLACEHOLDERS: dict[str, Version] = {"kitty": (0, 28), "ghostty": (1, 0), "rio": (0, 5, 27)}
_INLINE: dict[str, Version] = {"iterm2": (3,), "mintty": (3,), "konsole": (22, 4)}
_SIXEL_TERMINALS = frozenset({"foot", "wezterm", "contour", "windows terminal", "mlterm", "xterm.js"})
"""Those that take sixel in every version met; only to say what withholds it from them."""
GUESSED_CELL_PX = (10, 20)
_CELL_AS_GUESSED = frozenset({"windows terminal"})
"""Terminals that scale sixel as if a cell were that large, as the VT340 had it."""
_TMUX_STEP_PX = 6
"""tmux (3.5) scales every picture to so many pixels down, and cuts lines out of letters where a cell is no multiple of it."""
_KEEPING_UNDER_TMUX = frozenset({"konsole"})
"""Terminals in which what tmux draws takes no sixel away, so that even leaving wouldn't; as measured."""
_SIXEL = 4
"""The attribute of DA1."""


class Outer(NamedTuple):
    """The terminal around a tmux, as tmux knows it."""

    name: str = ""
    """TERM of the client."""
    version: str = ""
    """XTVERSION of the client."""
    features: frozenset[str] = frozenset()
    passthrough: bool = False
    """Whether tmux hands on what is wrapped for the outer terminal."""
    tells_focus: bool = False
    """Whether tmux tells when its window is in front again."""


class Pictures(NamedTuple):
    """Which pictures a terminal takes."""

    name: str
    version: Version
    replies: Replies
    multiplexer: str
    outer: Outer
    cell_px: tuple[int, int] | None

    def best(self) -> tuple[str, str] | None:
        """Return the best rung with pictures, by its value, and why; None where it takes none."""
        shown = " ".join(filter(None, (self.name, ".".join(map(str, self.version))))) or Reason("the terminal")
        if listed(_PLACEHOLDERS, self.name, self.version):
            if self.multiplexer == "tmux" and self.outer.passthrough:
                return "kitty", Reason("{name} around tmux, which lets pictures through", name=shown)
            if not self.multiplexer and self.replies.graphics:
                return "kitty", Reason("{name} shows pictures in place of characters", name=shown)
        if not self.multiplexer and listed(_INLINE, self.name, self.version):
            return "iterm2", Reason("{name} takes inline pictures", name=shown)
        if self._has_sixel() and (self.cell_px or self.name in _CELL_AS_GUESSED) and not self.withheld():
            return "sixel", Reason("{name} takes sixel pictures", name=shown)
        return None

    def withheld(self) -> Reason | None:
        """Return why a terminal that takes pictures gets none, or none that are whole, where a multiplexer is to blame."""
        if self.multiplexer == "tmux" and self._has_sixel():
            if self.name in _KEEPING_UNDER_TMUX:
                return Reason("inside tmux {name} goes on showing pictures that are gone", name=self.name)
            height_px = (self.cell_px or GUESSED_CELL_PX)[1]
            if height_px % _TMUX_STEP_PX:
                return Reason("tmux squeezes pictures, since a cell is {height} px high, no multiple of 6", height=height_px)
            return None
        if self.multiplexer and self.name in (*_PLACEHOLDERS, *_INLINE, *_SIXEL_TERMINALS, "", self.multiplexer):
            return Reason("{name} lets no pictures through", name=self.multiplexer)
        return None

    def _has_sixel(self) -> bool:
        # tmux says so where it was built with sixel, whatever the terminal around it takes
        through = not self.multiplexer or (self.multiplexer == "tmux" and "sixel" in self.outer.features)
        return through and _SIXEL in (self.replies.attributes or ())


def takes_placeholders(name: str, version: Version) -> bool:
    """Say whether a terminal shows pictures in place of characters, so that a tmux in it has only to let them through."""
    return listed(_PLACEHOLDERS, name, version)


def listed(table: Mapping[str, Version], name: str, version: Version) -> bool:
    """Say whether a terminal is in an allow-list, and of a version from which on it is."""
    return name in table and version >= table[name]
