"""Functions that choose and make the encoder for a terminal, and the converter that keeps text at the width in the app's layout.

Each encoder's module is imported only when it is used.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial

from bpost_tui.typesetting.terminal.capabilities import Capabilities, RenderMode
from bpost_tui.typesetting.terminal.encoders.encoder import Encoder
from bpost_tui.typesetting.terminal.tmux_width import width_speller
from bpost_tui.typesetting.terminal.width_boxes import WidthBoxes

_BLACK = (0, 0, 0)
SNAPSHOT_ID = 0xF00000
"""First of the image numbers reserved for the startup snapshot (copy of the last page). The app's images have smaller numbers."""


def encoder_for(capabilities: Capabilities, *, first_id: int = 1) -> Encoder:
    """Return a new encoder for the terminal's render mode (way to show text).

    Args:
        capabilities: Capabilities of the terminal.
        first_id: Number of the first image, 1 to 0xFFFFFF; an earlier image with this number is replaced. If it is below
            `SNAPSHOT_ID`, all later images also have numbers below `SNAPSHOT_ID`.
    """
    paper = capabilities.background or _BLACK
    if capabilities.render_mode is RenderMode.KITTY:
        from bpost_tui.typesetting.terminal.encoders.kitty import MAX_ID, KittyEncoder

        blending = paper if capabilities.known_terminal.blends_linearly else None
        return KittyEncoder(
            blending,
            tmux=capabilities.multiplexer == "tmux",
            repeats=capabilities.repeats_placeholders,
            first_id=first_id,
            last_id=SNAPSHOT_ID - 1 if first_id < SNAPSHOT_ID else MAX_ID,
        )
    if capabilities.render_mode is RenderMode.SIXEL:
        from bpost_tui.typesetting.terminal.encoders.sixel import SixelEncoder

        return SixelEncoder(paper, exact=capabilities.fills_last_row)
    if capabilities.render_mode is RenderMode.INLINE:
        from bpost_tui.typesetting.terminal.encoders.iterm2 import InlineEncoder

        return InlineEncoder(paper)
    from bpost_tui.typesetting.terminal.encoders.cells import CellsEncoder

    letters = CellsEncoder(truecolour=capabilities.truecolour, spell=speller_for(capabilities))
    if capabilities.render_mode is RenderMode.MOSAIC:
        from bpost_tui.typesetting.terminal.encoders.mosaic import MosaicEncoder

        colours = {"truecolour": capabilities.truecolour, "colourless": capabilities.colourless}
        return MosaicEncoder(capabilities.mosaic, **colours, paper=capabilities.background, letters=letters)
    return letters


def width_boxes_for(capabilities: Capabilities, layout_width: Callable[[str], int]) -> WidthBoxes:
    """Return the converter that puts text into boxes: sequences that keep text at the width in cells returned by `layout_width`."""
    if capabilities.marks_are_narrow:
        return WidthBoxes(layout_width, terminal_width=layout_width, spell=speller_for(capabilities))
    return WidthBoxes(layout_width, spell=speller_for(capabilities))


def speller_for(capabilities: Capabilities) -> Callable[[str], str]:
    """Return the function that changes a text's characters so that this terminal draws them best.

    The function may put letters in visual order, give marks a cell of their own or, inside tmux, add joiners (U+200D).
    """
    from bpost_tui.typesetting.terminal.encoders.cells import visual_order, with_mark_cells, with_skipped_marks

    terminal = capabilities.known_terminal
    order = visual_order if terminal.keeps_logical_order else str
    if capabilities.multiplexer:
        respell = width_speller(capabilities.name, capabilities.multiplexer, capabilities.samples) or str
    elif terminal.draws_narrow_beside:
        respell = partial(with_mark_cells, terminal.narrow_marks)
    else:
        respell = with_skipped_marks if terminal.drops_marks else str
    return lambda text: respell(order(text))


def random_image_id() -> int:
    """Return a random number for the first image, so that images in the scrollback or in another pane of tmux aren't replaced."""
    return int.from_bytes(os.urandom(3), "big") % SNAPSHOT_ID or 1


def snapshot_image_id() -> int:
    """Return a random number for the first image of the startup snapshot (copy of the last page); the app's images have others."""
    return SNAPSHOT_ID + int.from_bytes(os.urandom(2), "big") * 8
