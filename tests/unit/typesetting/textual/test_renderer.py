from __future__ import annotations

from rich.segment import Segment

from bpost_tui.bengali.bengali_script import BENGALI
from bpost_tui.typesetting.textual.renderer import Renderer
from bpost_tui.typesetting.typeset.cell_typesetter import CellTypesetter
from bpost_tui.typesetting.typeset.surface import SurfaceTable


def test_setting_type_does_not_fill_richs_cache_of_cut_segments() -> None:
    type_renderer = Renderer(CellTypesetter(BENGALI.language_rules), SurfaceTable(), {})
    for number in range(2000):
        Segment(chr(0xF0000 + number) * 4).split_cells(2)
        type_renderer.set((), 10)
    assert Segment._split_cells.cache_info().currsize < 1000
