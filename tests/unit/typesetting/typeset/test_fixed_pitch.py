"""Tests of monospaced text: its columns begin at the same pixel in any script and with any installed fonts."""

from __future__ import annotations

from pathlib import Path

import pytest

from bpost_tui.bengali.bengali_script import BENGALI
from bpost_tui.typesetting.typeset.cell_typesetter import CellTypesetter
from bpost_tui.typesetting.typeset.font_finder import bundled_font_files
from bpost_tui.typesetting.typeset.fonts import load_fonts
from bpost_tui.typesetting.typeset.items import Para, Run, Size
from bpost_tui.typesetting.typeset.layout_engine import LayoutEngine
from bpost_tui.typesetting.typeset.pixel_typesetter import PixelTypesetter
from bpost_tui.typesetting.typeset.protocols import Metric
from bpost_tui.typesetting.typeset.script import DEFAULT_RULES
from tests.unit.typesetting.typeset.sample_items import PALETTE, pixel_typesetter

CELLS = ["mmm WW", "il|.-> fi", "@", "漢字😀", "é e\u0301", "দাম ১২", "খ", "┼──┼", "\ue0ff"]


@pytest.fixture(params=["monospace is installed", "no font is installed"])
def typesetter(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> PixelTypesetter:
    if "no" in request.param.split():
        monkeypatch.setenv("PATH", str(tmp_path))
    return PixelTypesetter(load_fonts(BENGALI, [file.path for file in bundled_font_files(BENGALI)]), 13, 27)


def test_columns_in_code_are_aligned_to_the_pixel(typesetter: PixelTypesetter) -> None:
    inks, column_px = list[bytes](), round(typesetter.metric.advance(" ", Size.CODE, False))
    for cell in CELLS:
        columns = typesetter.metric.advance(cell, Size.CODE, False) / column_px
        assert columns == pytest.approx(round(columns))
        row = cell + " " * (12 - round(columns)) + "|x"
        surface = typesetter.galley([Para((Run(row),), Size.CODE)], 60).band(0, PALETTE).surface
        (layer,) = surface.layers
        rows = [layer.mask[at : at + surface.width_px] for at in range(0, len(layer.mask), surface.width_px)]
        inks.append(bytes(max(row[at] for row in rows) for at in range(12 * column_px, surface.width_px)))
    assert any(inks[0])
    for cell, ink in zip(CELLS, inks, strict=True):
        assert max(abs(here - there) for here, there in zip(ink, inks[0], strict=True)) <= 2, cell


def test_fixed_pitch_letters_take_one_or_two_columns(typesetter: PixelTypesetter) -> None:
    widths = [typesetter.metric.advance(text, Size.CODE, False) for text in (" ", "W", "i", "e\u0301", "漢", "😀")]
    assert widths == pytest.approx([round(widths[0])] * 4 + [2 * round(widths[0])] * 2)


@pytest.mark.parametrize(("metric", "measure"), [(pixel_typesetter().metric, 400), (CellTypesetter(DEFAULT_RULES).metric, 40)])
def test_continued_line_of_code_begins_with_a_mark(metric: Metric, measure: float) -> None:
    code = Para((Run("short\n" + "long " * 12 + "\nend"),), Size.CODE, indent=1.2)
    lines = LayoutEngine(metric).column([code], measure).lines
    begins = [(line.pieces[0].run.text, line.pieces[-1].run.text) for line in lines]
    assert begins == [("short", "short"), ("long", "long"), ("»", "long"), ("end", "end")]
    assert lines[2].pieces[1].x == pytest.approx(lines[1].pieces[0].x)
