"""Tests of the size in bytes of a screen of 100 × 30 cells in each render mode (pixels, block characters, plain text)."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from bpost_tui.bengali.bengali_script import BENGALI
from bpost_tui.typesetting.terminal.capabilities import Mosaic
from bpost_tui.typesetting.terminal.encoders.cells import CellsEncoder
from bpost_tui.typesetting.terminal.encoders.encoder import Encoder
from bpost_tui.typesetting.terminal.encoders.iterm2 import InlineEncoder
from bpost_tui.typesetting.terminal.encoders.kitty import KittyEncoder
from bpost_tui.typesetting.terminal.encoders.mosaic import MosaicEncoder
from bpost_tui.typesetting.terminal.encoders.sixel import SixelEncoder
from bpost_tui.typesetting.terminal.output_boundary import OutputBoundary
from bpost_tui.typesetting.terminal.width_boxes import WidthBoxes
from bpost_tui.typesetting.typeset.cell_typesetter import CellTypesetter
from bpost_tui.typesetting.typeset.items import Item, Para, Run, Size
from bpost_tui.typesetting.typeset.pixel_typesetter import PixelTypesetter
from bpost_tui.typesetting.typeset.protocols import Galley, Typesetter
from bpost_tui.typesetting.typeset.surface import SurfaceTable
from tests.unit.typesetting.typeset.sample_items import bundled_fonts

COLS, ROWS = 100, 30
PALETTE = {"text": (230, 230, 220), "headline": (255, 225, 150), "accent": (255, 180, 90)}
STORY: tuple[Item, ...] = (
    Para((Run("মেদিনীপুরে গ্রীষ্মের ছুটি শুরু", "headline"),), Size.HEADLINE),
    *[
        Para(
            (
                Run("মেদিনীপুর শহরের স্কুলে স্কুলে আজ থেকে শুরু হল গ্রীষ্মের ছুটি। জেলা প্রশাসন জানিয়েছে, তীব্র গরমের কারণে "),
                Run("নির্ধারিত সময়ের আগেই", "accent", bold=True),
                Run(" এই সিদ্ধান্ত নেওয়া হয়েছে। অভিভাবকেরা স্বস্তি প্রকাশ করেছেন।"),
            ),
            before=0.5,
        )
    ]
    * 30,
)


def frame(table: SurfaceTable, galley: Galley, top: int) -> str:
    lines = []
    for y in range(ROWS):
        band = galley.band(top + y, PALETTE)
        tokens = table.tokens(band.surface, top + y - band.first_row)
        lines.append(f"\x1b[{y + 1};1H\x1b[38;2;230;230;220;48;2;18;18;24m{tokens}\x1b[0m")
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("encoder", "typesetter", "first_kb", "scroll_kb"),
    [
        (KittyEncoder(), PixelTypesetter(bundled_fonts(), 10, 20), 110, 12),
        (SixelEncoder((0, 0, 0)), PixelTypesetter(bundled_fonts(), 10, 20), 190, 190),
        (InlineEncoder((0, 0, 0)), PixelTypesetter(bundled_fonts(), 10, 20), 130, 130),
        (MosaicEncoder(Mosaic.OCTANT), PixelTypesetter.for_dots(bundled_fonts(), 2, 4, (10, 20)), 55, 55),
        (CellsEncoder(), CellTypesetter(BENGALI.language_rules), 30, 30),
    ],
    ids=["kitty", "sixel", "iterm2", "mosaic", "cells"],
)
def test_full_screen_stays_within_its_byte_budget(encoder: Encoder, typesetter: Typesetter, first_kb: int, scroll_kb: int) -> None:
    table = SurfaceTable()
    edge = OutputBoundary(table, encoder, WidthBoxes(cell_len))
    edge.rows = ROWS + 2
    galley = typesetter.galley(STORY, COLS)
    first, scrolled = (len(edge.translate(frame(table, galley, top)).encode()) for top in (0, 1))
    assert first <= first_kb * 1000
    assert scrolled <= scroll_kb * 1000
