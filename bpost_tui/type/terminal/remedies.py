"""What would let a terminal show pictures, and so real type."""

from __future__ import annotations

from collections.abc import Iterator

from bpost_tui.type.terminal.capabilities import Capabilities
from bpost_tui.type.terminal.known import has
from bpost_tui.type.text.phrase import Phrase


def picture_remedies(can: Capabilities) -> Iterator[Phrase]:
    """Yield how a terminal without pictures could have them, the surest way first."""
    terminal = can.terminal
    if can.multiplexer not in ("", "tmux"):
        yield Phrase(
            "{name} doesn't let pictures through; for real type, use the terminal without it, or tmux.", name=can.multiplexer
        )
    elif can.multiplexer == "tmux" and has(terminal.placeholders, can.version):
        yield Phrase("tmux: `set -g allow-passthrough on` lets real type through to the terminal around it.")
    elif can.multiplexer == "tmux" and can.pictures_withheld:
        yield Phrase("Outside tmux, this terminal shows real type.")
        if not terminal.keeps_sixel_in_tmux:
            yield Phrase("tmux: built with sixel, it also shows real type, if the font's cells are a multiple of 6 px high.")
    elif terminal.to_have_pictures:
        yield terminal.to_have_pictures
    else:
        yield Phrase("Real type needs a terminal that can show pictures, such as kitty, Ghostty, foot, Konsole, WezTerm or iTerm2.")
