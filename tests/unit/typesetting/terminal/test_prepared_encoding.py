"""Tests of encoding in advance: the output is the same as without it, and nothing is sent early."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bpost_tui.typesetting.terminal.capabilities import Mosaic
from bpost_tui.typesetting.terminal.encoders.cells import CellsEncoder
from bpost_tui.typesetting.terminal.encoders.encoder import CellSpan, Encoder
from bpost_tui.typesetting.terminal.encoders.iterm2 import InlineEncoder
from bpost_tui.typesetting.terminal.encoders.kitty import KittyEncoder
from bpost_tui.typesetting.terminal.encoders.mosaic import MosaicEncoder
from bpost_tui.typesetting.terminal.encoders.sixel import SixelEncoder
from bpost_tui.typesetting.terminal.sgr import background_of
from bpost_tui.typesetting.typeset.surface import Surface
from tests.unit.typesetting.terminal.surfaces import BLUE, RED, blocks, photographed

MADE: dict[str, Callable[[], Encoder]] = {
    "kitty": KittyEncoder,
    "sixel": lambda: SixelEncoder((0, 0, 0)),
    "inline": lambda: InlineEncoder((0, 0, 0)),
    "mosaic": lambda: MosaicEncoder(Mosaic.SEXTANT),
    "cells": CellsEncoder,
}


def shown(encoder: Encoder, surface: Surface) -> str:
    papers = background_of("48;2;0;255;0"), background_of("48;2;9;9;9")
    runs = [CellSpan(surface, row, 0, surface.cols, paper) for paper in papers for row in range(surface.rows)]
    written = "".join(map(encoder.encode, runs))
    return encoder.take_uploads() + written


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("photo", [False, True])
def test_prepare_does_not_change_the_stream(name: str, photo: bool) -> None:
    cell_w, cell_h = (2, 3) if name == "mosaic" else (10, 20)
    if photo:
        surface = photographed(4, 2, cell_w=cell_w, cell_h=cell_h, palette=() if name == "mosaic" else (RED, BLUE))
    else:
        surface = blocks(4, 3, {(0, 1): RED, (0, 2): BLUE, (2, 0): RED}, cell_w=cell_w, cell_h=cell_h)
    encoder = MADE[name]()
    for _ in encoder.prepare(surface):
        pass
    assert encoder.take_uploads() == ""
    assert shown(encoder, surface) == shown(MADE[name](), surface)


def test_prepare_skips_pictures_that_kitty_has() -> None:
    surface, encoder = blocks(4, 1, {(0, 1): RED}), KittyEncoder()
    encoder.encode(CellSpan(surface, 0, 0, 4))
    encoder.take_uploads()
    assert list(encoder.prepare(surface)) == [None]
    encoder.encode(CellSpan(surface, 0, 0, 4))
    assert encoder.take_uploads() == ""


@pytest.mark.parametrize("name", ["sixel", "inline"])
def test_prepare_does_all_drawing(name: str) -> None:
    surface, encoder = blocks(4, 1, {(0, 1): RED}), MADE[name]()
    for _ in encoder.prepare(surface):
        pass
    surface.__dict__["layers"] = ()
    assert shown(encoder, surface) == shown(MADE[name](), blocks(4, 1, {(0, 1): RED}))
