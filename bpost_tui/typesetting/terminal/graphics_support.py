"""Which pictures a terminal takes, and what a multiplexer around us does to them."""

from __future__ import annotations

from typing import NamedTuple

from bpost_tui.typesetting.terminal.capabilities import RenderMode
from bpost_tui.typesetting.terminal.replies import Replies
from bpost_tui.typesetting.terminal.terminals import Terminal, Version, is_since
from bpost_tui.typesetting.text.phrase import Phrase

GUESSED_CELL_PX = (10, 20)
_TMUX_STEP_PX = 6
"""tmux (3.5) scales every picture to a multiple of this height, and so drops lines of pixels where a cell is no multiple of it."""
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

    terminal: Terminal
    version: Version
    replies: Replies
    multiplexer: str
    outer: OuterTerminal
    cell_px: tuple[int, int] | None

    def best(self) -> tuple[RenderMode, Phrase] | None:
        """Return the best render mode with pictures, and why; None where the terminal takes none."""
        shown = " ".join(filter(None, (self.terminal.name, ".".join(map(str, self.version))))) or Phrase("the terminal")
        if is_since(self.terminal.placeholders, self.version):
            if self.multiplexer == "tmux" and self.outer.passthrough:
                return RenderMode.KITTY, Phrase("{name} outside tmux, which lets pictures through", name=shown)
            if not self.multiplexer and self.replies.graphics:
                return RenderMode.KITTY, Phrase("{name} shows pictures in place of characters", name=shown)
        if not self.multiplexer and is_since(self.terminal.inline, self.version):
            return RenderMode.INLINE, Phrase("{name} can show inline pictures", name=shown)
        if self._has_sixel() and (self.cell_px or self.terminal.scales_sixel) and not self.withheld():
            return RenderMode.SIXEL, Phrase("{name} can show sixel pictures", name=shown)
        return None

    def withheld(self) -> Phrase | None:
        """Return why a multiplexer keeps pictures, or whole ones, from a terminal that takes them; None where it doesn't."""
        if self.multiplexer == "tmux" and self._has_sixel():
            if self.terminal.keeps_sixel_in_tmux:
                return Phrase("inside tmux, {name} leaves old pictures on the screen", name=self.terminal.name)
            height_px = (self.cell_px or GUESSED_CELL_PX)[1]
            if height_px % _TMUX_STEP_PX:
                return Phrase(
                    "tmux squeezes pictures, because {height} px, the height of a cell, isn't a multiple of 6", height=height_px
                )
            return None
        if self._has_sixel():
            return None
        terminal = self.terminal
        has_pictures = terminal.sixel or terminal.placeholders is not None or terminal.inline is not None
        if self.multiplexer and (has_pictures or terminal.name in ("", self.multiplexer)):
            return Phrase("{name} doesn't let pictures through", name=self.multiplexer)
        return None

    def _has_sixel(self) -> bool:
        # a tmux built with sixel reports it whatever the terminal around it takes
        through = not self.multiplexer or (self.multiplexer == "tmux" and "sixel" in self.outer.features)
        if self.terminal.name == self.multiplexer:  # it has answered for itself
            through = through or is_since(self.terminal.passes_sixel, self.version)
        return through and _SIXEL in (self.replies.attributes or ())
