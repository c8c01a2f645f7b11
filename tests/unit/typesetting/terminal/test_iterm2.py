from __future__ import annotations

import re

from rich.cells import cell_len

from bpost_tui.typesetting.terminal.encoders.encoder import CellSpan
from bpost_tui.typesetting.terminal.encoders.iterm2 import InlineEncoder
from bpost_tui.typesetting.terminal.output_boundary import OutputBoundary
from bpost_tui.typesetting.terminal.sgr import background_of
from bpost_tui.typesetting.terminal.width_boxes import WidthBoxes
from bpost_tui.typesetting.typeset.surface import SurfaceTable
from tests.unit.typesetting.terminal.surfaces import RED, blocks, sent_picture


def test_inline_picture_is_opaque_and_covers_only_inked_cells() -> None:
    surface = blocks(5, 1, {(0, 1): RED, (0, 3): RED})
    out = InlineEncoder((0, 0, 0)).encode(CellSpan(surface, 0, 0, 5, background_of("48;2;0;255;0")))
    image = sent_picture(out)
    assert image.size == (30, 20)
    assert image.getpixel((5, 5)) == (255, 0, 0, 255)
    assert image.getpixel((15, 5)) == (0, 255, 0, 255)
    assert ";width=3;height=1;preserveAspectRatio=0;doNotMoveCursor=1:" in out


def test_inline_picture_of_a_cut_run_leaves_its_last_cell_blank() -> None:
    surface = blocks(5, 1, {(0, at): RED for at in range(5)})
    encoder = InlineEncoder((0, 0, 0))
    assert sent_picture(encoder.encode(CellSpan(surface, 0, 0, 4))).size == (30, 20)
    assert sent_picture(encoder.encode(CellSpan(surface, 0, 1, 4))).size == (40, 20)


def test_inline_picture_at_the_edge_of_a_selection_is_whole() -> None:
    table, surface = SurfaceTable(), blocks(5, 1, {(0, at): RED for at in range(5)})
    edge = OutputBoundary(table, InlineEncoder((0, 0, 0)), WidthBoxes(cell_len))
    row = table.tokens(surface, 0)
    out = edge.translate(f"\x1b[1;1H{row[:2]}\x1b[0m\x1b[48;2;90;50;50m{row[2:]}")
    assert re.findall(r"width=(\d+)", out) == ["2", "3"]
    covered = edge.translate(f"\x1b[1;1H{row[:2]}\x1b[0m\x1b[48;2;90;50;50m   ")
    assert re.findall(r"width=(\d+)", covered) == ["1"]
