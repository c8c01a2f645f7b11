from __future__ import annotations

from bpost_tui.typesetting.terminal.encoders.encoder import CellSpan
from bpost_tui.typesetting.terminal.encoders.iterm2 import InlineEncoder
from bpost_tui.typesetting.terminal.sgr import background_of
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
