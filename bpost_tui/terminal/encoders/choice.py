"""The encoder and the boxes for a terminal. Each rung's module is loaded only where it is used."""

from __future__ import annotations

import os
from collections.abc import Callable

from bpost_tui.terminal.capabilities import Capabilities, Rung
from bpost_tui.terminal.encoders.encoder import Encoder
from bpost_tui.terminal.tmux_width import spelling
from bpost_tui.terminal.width_boxes import Boxes

_BLACK = (0, 0, 0)


def encoder_for(can: Capabilities, *, first_id: int = 1) -> Encoder:
    """Return the encoder of a terminal's rung.

    Args:
        can: What the terminal can do.
        first_id: The first picture's number, 1 to 0xFFFFFF; it gives up the one that had it before.
    """
    paper = can.background or _BLACK
    if can.rung is Rung.KITTY:
        from bpost_tui.terminal.blending import BLENDING_LINEARLY
        from bpost_tui.terminal.encoders.kitty import KittyEncoder

        blending = paper if can.name in BLENDING_LINEARLY else None
        return KittyEncoder(blending, tmux=can.multiplexer == "tmux", first_id=first_id)
    if can.rung is Rung.SIXEL:
        from bpost_tui.terminal.encoders.sixel import SixelEncoder

        return SixelEncoder(paper, exact=can.fills_last_row)
    if can.rung is Rung.INLINE:
        from bpost_tui.terminal.encoders.iterm2 import InlineEncoder

        return InlineEncoder(paper)
    if can.rung is Rung.MOSAIC:
        from bpost_tui.terminal.encoders.mosaic import MosaicEncoder

        return MosaicEncoder(can.mosaic, truecolour=can.truecolour)
    from bpost_tui.terminal.encoders.cells import CellsEncoder

    return CellsEncoder(truecolour=can.truecolour, spelt=spelt_for(can))


def spelt_for(can: Capabilities) -> Callable[[str], str]:
    """Return what gives the letters of a text as a terminal takes them, and a multiplexer in it."""
    from bpost_tui.terminal.encoders.cells import visual

    agreeing = spelling(can.name, can.multiplexer, can.samples) or str
    return (lambda text: agreeing(visual(text))) if can.visual_order else agreeing


def any_id() -> int:
    """Return a picture's number to begin with that hardly anybody has: kitty's scrollback and tmux's other panes show theirs."""
    return int.from_bytes(os.urandom(3), "big") or 1


def boxes_for(can: Capabilities, layout_width: Callable[[str], int]) -> Boxes:
    """Return the boxes for text whose layout was made with `layout_width`."""
    if can.marks_are_narrow:
        return Boxes(layout_width, terminal_width=layout_width, spelt=spelt_for(can))
    return Boxes(layout_width, spelt=spelt_for(can))
