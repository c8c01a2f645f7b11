"""Picture protocols that a terminal supports, also if the app runs inside a multiplexer."""

from __future__ import annotations

from bpost_tui.typesetting.terminal.capabilities import RenderMode
from bpost_tui.typesetting.terminal.replies import Replies
from bpost_tui.typesetting.terminal.terminals import Terminal, Version, is_since
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.typesetting.text.phrase import Phrase

GUESSED_CELL_PX = (10, 20)
_TMUX_STEP_PX = 6
"""Step in pixels of the heights of pictures in tmux 3.5, which scales each height to a multiple of the step.

Lines of the picture are lost if the height of a cell is no multiple of the step.
"""
_SIXEL = 4
"""Number that means sixel among the attributes in the reply to DA1."""


class OuterTerminal(NamedTuple):
    """Terminal around tmux (the one that the reader sees), as tmux knows it."""

    name: str = ""
    """Value of TERM in this terminal, as tmux reports it."""
    version: str = ""
    """Name and version of the terminal outside tmux: its reply to XTVERSION, as tmux reports it; empty if unknown."""
    features: frozenset[str] = frozenset()
    passthrough: bool = False
    """Whether tmux passes sequences in a wrapper, `ESC P tmux; …`, on to this terminal (its option `allow-passthrough`)."""
    reports_focus: bool = False
    """Whether tmux reports when its window comes to the front again."""
    client: str = ""
    """Process id of tmux's client, which draws on this terminal; empty if unknown."""


class GraphicsSupport(NamedTuple):
    """Facts about a terminal that decide which picture protocol is used, and methods that make the decision."""

    terminal: Terminal
    version: Version
    replies: Replies
    multiplexer: str
    outer: OuterTerminal
    cell_px: tuple[int, int] | None

    def best(self) -> tuple[RenderMode, Phrase] | None:
        """Return the best render mode with pictures and the reason for it, or None if the terminal shows no pictures."""
        shown = " ".join(filter(None, (self.terminal.name, ".".join(map(str, self.version))))) or Phrase("the terminal")
        if is_since(self.terminal.placeholders, self.version):
            if self.multiplexer == "tmux" and self.outer.passthrough:
                return RenderMode.KITTY, Phrase("{name} outside tmux, which lets pictures through", name=shown)
            if not self.multiplexer and self.replies.graphics:
                return RenderMode.KITTY, Phrase("{name} shows pictures in place of characters", name=shown)
        if not self.multiplexer and is_since(self.terminal.inline, self.version):
            return RenderMode.INLINE, Phrase("{name} can show inline pictures", name=shown)
        if self._has_sixel() and (self.cell_px or self.terminal.scales_sixel) and not self.blocked_reason():
            return RenderMode.SIXEL, Phrase("{name} can show sixel pictures", name=shown)
        return None

    def blocked_reason(self) -> Phrase | None:
        """Return the reason why a multiplexer blocks or damages the terminal's pictures, or None if no multiplexer does."""
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
        if self.multiplexer and (self.is_known_to_show_pictures() or self.terminal.name in ("", self.multiplexer)):
            return Phrase("{name} doesn't let pictures through", name=self.multiplexer)
        return None

    def is_known_to_show_pictures(self) -> bool:
        """Whether the terminal is known to show pictures without a multiplexer around the app."""
        terminal = self.terminal
        return terminal.sixel or terminal.placeholders is not None or terminal.inline is not None or self._has_sixel()

    def _has_sixel(self) -> bool:
        # tmux built with sixel reports it for any terminal around it
        through = not self.multiplexer or (self.multiplexer == "tmux" and "sixel" in self.outer.features)
        if self.terminal.name == self.multiplexer:  # the multiplexer answered the queries itself
            through = through or is_since(self.terminal.passes_sixel, self.version)
        return through and _SIXEL in (self.replies.attributes or ())
