"""Which pictures a terminal takes, and what a multiplexer around us does to them."""

from __future__ import annotations

from typing import NamedTuple

from bpost_tui.i18n import Reason
from bpost_tui.terminal.capabilities import RenderMode, Version, is_listed
from bpost_tui.terminal.replies import Replies

# Allow-lists by the names of `detection.identify`: that a terminal takes `a=q` says nothing of placeholders; only its version does.
_PLACEHOLDERS: dict[str, Version] = {"kitty": (0, 28), "ghostty": (1, 0), "rio": (0, 5, 27)}
_INLINE: dict[str, Version] = {"iterm2": (3,), "mintty": (3,), "konsole": (22, 4)}
_SIXEL_TERMINALS = frozenset({"foot", "wezterm", "contour", "windows terminal", "mlterm", "xterm.js"})
"""Those that take sixel in every version we met; used only to say that a multiplexer withholds it from them."""
GUESSED_CELL_PX = (10, 20)
_SCALING_SIXEL = frozenset({"windows terminal"})
"""Terminals that scale sixel pictures as if a cell were `GUESSED_CELL_PX` large, the size it had in the VT340."""
_TMUX_STEP_PX = 6
"""tmux (3.5) scales every picture to a multiple of this height, and so drops lines of pixels where a cell is no multiple of it."""
_KEEPING_UNDER_TMUX = frozenset({"konsole"})
"""Terminals that go on showing a sixel picture whatever tmux draws over it, even after the program ends; as measured."""
_SIXEL = 4
"""The attribute of DA1."""


class OuterTerminal(NamedTuple):
    """The terminal around a tmux, as tmux knows it."""

    name: str = ""
    """TERM of the client."""
    version: str = ""
    """XTVERSION of the client."""
    features: frozenset[str] = frozenset()
    passthrough: bool = False
    """Whether tmux passes on what is wrapped for the outer terminal."""
    reports_focus: bool = False
    """Whether tmux reports that its window is in front again."""


class GraphicsSupport(NamedTuple):
    """Which pictures a terminal takes."""

    name: str
    version: Version
    replies: Replies
    multiplexer: str
    outer: OuterTerminal
    cell_px: tuple[int, int] | None

    def best(self) -> tuple[RenderMode, Reason] | None:
        """Return the best render mode with pictures, and why; None where the terminal takes none."""
        shown = " ".join(filter(None, (self.name, ".".join(map(str, self.version))))) or Reason("the terminal")
        if takes_placeholders(self.name, self.version):
            if self.multiplexer == "tmux" and self.outer.passthrough:
                return RenderMode.KITTY, Reason("{name} outside tmux, which lets pictures through", name=shown)
            if not self.multiplexer and self.replies.graphics:
                return RenderMode.KITTY, Reason("{name} shows pictures in place of characters", name=shown)
        if not self.multiplexer and is_listed(_INLINE, self.name, self.version):
            return RenderMode.INLINE, Reason("{name} can show inline pictures", name=shown)
        if self._has_sixel() and (self.cell_px or self.name in _SCALING_SIXEL) and not self.withheld():
            return RenderMode.SIXEL, Reason("{name} can show sixel pictures", name=shown)
        return None

    def withheld(self) -> Reason | None:
        """Return why a multiplexer keeps pictures, or whole ones, from a terminal that takes them; None where it doesn't."""
        if self.multiplexer == "tmux" and self._has_sixel():
            if self.name in _KEEPING_UNDER_TMUX:
                return Reason("inside tmux, {name} leaves old pictures on the screen", name=self.name)
            height_px = (self.cell_px or GUESSED_CELL_PX)[1]
            if height_px % _TMUX_STEP_PX:
                return Reason(
                    "tmux squeezes pictures, because {height} px, the height of a cell, isn't a multiple of 6", height=height_px
                )
            return None
        if self.multiplexer and self.name in (*_PLACEHOLDERS, *_INLINE, *_SIXEL_TERMINALS, "", self.multiplexer):
            return Reason("{name} doesn't let pictures through", name=self.multiplexer)
        return None

    def _has_sixel(self) -> bool:
        # a tmux built with sixel reports it whatever the terminal around it takes
        through = not self.multiplexer or (self.multiplexer == "tmux" and "sixel" in self.outer.features)
        return through and _SIXEL in (self.replies.attributes or ())


def takes_placeholders(name: str, version: Version) -> bool:
    """Whether a terminal shows pictures in place of characters, so that a tmux in it need only pass them through."""
    return is_listed(_PLACEHOLDERS, name, version)
