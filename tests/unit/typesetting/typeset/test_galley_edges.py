"""Tests that a window into a galley (column of typeset lines) shows each line whole or not at all."""

from __future__ import annotations

import pytest

from bpost_tui.bengali.bengali_script import BENGALI
from bpost_tui.typesetting.typeset.banded_galley import BandedGalley
from bpost_tui.typesetting.typeset.cell_typesetter import CellTypesetter
from bpost_tui.typesetting.typeset.items import Item, Para, Rule, Run, Size
from bpost_tui.typesetting.typeset.layout_engine import LayoutLine
from bpost_tui.typesetting.typeset.pixel_typesetter import PixelTypesetter
from bpost_tui.typesetting.typeset.protocols import Galley
from tests.unit.typesetting.typeset.sample_items import bundled_fonts

PALETTE = {"text": (1, 2, 3), "rule": (1, 2, 3)}
TEXT = "মেদিনীপুর শহরের স্কুলে স্কুলে আজ থেকে শুরু হল গ্রীষ্মের ছুটি। "
STORY: tuple[Item, ...] = (
    Para((Run(TEXT),), Size.HEADLINE),
    Rule(),
    *(Para((Run(TEXT * 3), Run("এখানে", underline=True)), before=0.5) for _ in range(4)),
)
WINDOW, SOFT = 11, 0.01
FAINT = 0.25
"""Maximum coverage of a pixel by ink, 0 to 1, that is hardly visible."""
HAZE = 25
"""Maximum coverage, 0 to 255, that the filter spreads into the next dot of a mosaic. The encoder draws it as background."""
DOTS = PixelTypesetter.for_dots(bundled_fonts(), 2, 3, (10, 20))
TYPESETTERS = {
    "pixels": PixelTypesetter(bundled_fonts(), 10, 20),
    "odd cells": PixelTypesetter(bundled_fonts(), 9, 17),
    "large cells": PixelTypesetter(bundled_fonts(), 12, 24),
    "dots": DOTS,
    "large dots": PixelTypesetter.for_dots(bundled_fonts(), 2, 3, (10, 20), zoom_px=24),
}


def mask(galley: Galley, row: int, window: range) -> bytes:
    """Return the coverage of a galley's row in `window` by ink, one byte a pixel."""
    band = galley.band(row, PALETTE, window)
    surface = band.surface
    at = (row - band.first_row) * surface.cell_h * surface.width_px
    masks = [layer.mask[at : at + surface.cell_h * surface.width_px] for layer in surface.layers]
    return masks[0] if masks else bytes(surface.cell_h * surface.width_px)


@pytest.mark.parametrize("name", TYPESETTERS)
def test_band_in_any_window_draws_only_whole_lines(name: str) -> None:
    galley = TYPESETTERS[name].galley(STORY, 100 if "dots" in name else 40)
    cut = 0
    for top in range(galley.rows - WINDOW + 1):
        window = range(top, top + WINDOW)
        reaches = [(line, *galley._ink_rows(line)) for line in galley._lines]  # type: ignore[misc]
        ends = [end for end in (window.start, window.stop) if 0 < end < galley.rows]
        uncut_rows = [line for line, above, below in reaches if not any(above < end - SOFT and below > end + SOFT for end in ends)]
        cut += len(reaches) - len(uncut_rows)
        surface = galley._draw_lines(uncut_rows, top, WINDOW, PALETTE)
        shown = b"".join(mask(galley, row, window) for row in window)
        drawn = surface.layers[0].mask if surface.layers else bytes(len(shown))
        most = max(abs(a - b) for a, b in zip(shown, drawn, strict=True))
        assert most <= (HAZE if "dots" in name else 2)
    assert cut


def row_inks(galley: BandedGalley, line: LayoutLine) -> list[float]:
    """Return the highest coverage by ink (0 to 1) in each row of pixels of the galley if only `line` is drawn."""
    surface = galley._draw_lines([line], 0, galley.rows, PALETTE)
    width = surface.width_px
    return [
        max(layer.mask[y * width : (y + 1) * width]) / 255 for layer in surface.layers for y in range(galley.rows * surface.cell_h)
    ]


@pytest.mark.parametrize("cell_h", range(14, 31))
def test_line_across_a_window_edge_is_omitted(cell_h: int) -> None:
    galley = PixelTypesetter(bundled_fonts(), cell_h // 2, cell_h).galley(STORY, 40)
    for line in galley._lines:
        if line.rule is not None:
            continue
        inks = row_inks(galley, line)
        for end in range(1, galley.rows):
            if min(max(inks[: end * cell_h]), max(inks[end * cell_h :])) > FAINT:
                (edge,) = galley._edges_in(range(end, galley.rows))
                assert line in edge.lines


def test_uncut_rows_exclude_cut_lines() -> None:
    galley = TYPESETTERS["pixels"].galley(STORY, 40)
    for top in range(1, galley.rows - WINDOW):
        uncut_rows = galley.uncut_rows(range(top, top + WINDOW))
        assert top <= uncut_rows.start <= top + 3
        assert top + WINDOW - 3 <= uncut_rows.stop <= top + WINDOW
    assert galley.uncut_rows(range(galley.rows)) == range(galley.rows)


def test_band_drawn_for_a_window_is_the_same_again() -> None:
    galley = TYPESETTERS["pixels"].galley(STORY, 40)
    for row in range(3, 3 + WINDOW):
        assert galley.band(row, PALETTE, range(3, 3 + WINDOW)) is galley.band(row, PALETTE, range(3, 3 + WINDOW))


def test_window_in_cells_cuts_no_line() -> None:
    galley = CellTypesetter(BENGALI.language_rules).galley(STORY, 40)
    window = range(2, 9)
    assert galley.uncut_rows(window) == window
    assert all(galley.band(row, PALETTE, window) is galley.band(row, PALETTE) for row in window)
