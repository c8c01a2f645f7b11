from __future__ import annotations

from pathlib import Path

import pytest

from bpost_tui.bengali.bengali_script import BENGALI
from bpost_tui.typesetting.terminal.capabilities import Capabilities, Mosaic, RenderMode, render_modes_of
from bpost_tui.typesetting.terminal.display import Display
from bpost_tui.typesetting.typeset.cell_typesetter import CellTypesetter
from bpost_tui.typesetting.typeset.font_finder import bundled_font_files
from bpost_tui.typesetting.typeset.items import Para, Run
from bpost_tui.typesetting.typeset.mosaic_typesetter import MosaicTypesetter
from bpost_tui.typesetting.typeset.pixel_typesetter import PixelTypesetter
from bpost_tui.typesetting.typeset.surface import SurfaceTable


def display(render_mode: RenderMode, *, is_cramped: bool = False, how: str = "auto", mosaic: Mosaic = Mosaic.QUADRANT) -> Display:
    capabilities = Capabilities("alacritty", (), render_mode, "a test", 10, 20, is_too_small_for_mosaic=is_cramped, mosaic=mosaic)
    return Display(capabilities, SurfaceTable(), BENGALI, chosen_mode=lambda _: how, fonts=(), pitch=1.5, zoom_px=0)


def test_next_render_mode_offers_mosaic_after_cells_in_a_small_window() -> None:
    cramped = display(RenderMode.CELLS, is_cramped=True)
    assert cramped.is_mode_guessed
    assert cramped.mode_name == "cells"
    assert isinstance(cramped.typesetter(), CellTypesetter)
    cramped.next_render_mode()
    assert cramped.mode_name == "mosaic"
    assert isinstance(cramped.typesetter(), MosaicTypesetter)
    cramped.next_render_mode()
    assert cramped.mode_name == "cells"


def test_mosaic_of_font_blocks_is_a_guess_until_chosen() -> None:
    assert display(RenderMode.MOSAIC).is_mode_guessed
    assert not display(RenderMode.MOSAIC, mosaic=Mosaic.SEXTANT).is_mode_guessed  # drawn by the terminal itself
    assert not display(RenderMode.MOSAIC, how="mosaic").is_mode_guessed
    assert not display(RenderMode.KITTY).is_mode_guessed


def test_chosen_mosaic_is_used_in_any_window() -> None:
    assert display(RenderMode.CELLS, is_cramped=True, how="mosaic").mode_name == "mosaic"


def test_next_render_mode_stays_with_cells_without_another_mode() -> None:
    plain = display(RenderMode.CELLS)
    plain.next_render_mode()
    assert (plain.mode_name, plain.is_mode_guessed) == ("cells", False)


def test_zoom_change_reuses_shaped_words() -> None:
    zoomed = display(RenderMode.KITTY)
    first = zoomed.typesetter()
    first.galley([Para((Run("মেদিনীপুর শহরের স্কুলে ছুটি"),))], 40)
    zoomed.zoom_px = 4
    second = zoomed.typesetter()
    assert isinstance(first, PixelTypesetter) and isinstance(second, PixelTypesetter)
    assert second.em_cells > first.em_cells
    before = second._shaper._cached_shape.cache_info().misses
    second.galley([Para((Run("মেদিনীপুর শহরের স্কুলে ছুটি"),))], 40)
    assert second._shaper._cached_shape.cache_info().misses == before > 0


def test_grid_rows_keep_their_height_with_small_type() -> None:
    small = display(RenderMode.KITTY)
    usual = small.typesetter()
    small.zoom_px = -8
    least = small.typesetter()
    assert least.em_cells < least.row_em_cells < usual.em_cells == usual.row_em_cells


@pytest.mark.parametrize(("name", "multiplexer"), [("kitty", "tmux"), ("foot", "screen"), ("linux", ""), ("xterm", "")])
def test_mosaic_is_a_guess_if_pictures_can_be_had_here(name: str, multiplexer: str) -> None:
    capabilities = Capabilities(
        name, (9, 9), RenderMode.MOSAIC, "a test", 10, 20, mosaic=Mosaic.SEXTANT, multiplexer=multiplexer, pictures_blocked=True
    )
    shown = Display(capabilities, SurfaceTable(), BENGALI, chosen_mode=lambda _: "auto", fonts=(), pitch=1.5, zoom_px=0)
    assert shown.is_mode_guessed and shown.picture_remedy is not None


def test_cells_are_not_offered_where_they_tear_the_page() -> None:
    capabilities = Capabilities("xterm.js", (6, 0), RenderMode.MOSAIC, "a test", 10, 20)
    assert render_modes_of(capabilities) == (RenderMode.MOSAIC,)
    assert render_modes_of(capabilities._replace(render_mode=RenderMode.SIXEL)) == (RenderMode.SIXEL, RenderMode.MOSAIC)


@pytest.mark.parametrize("render_mode", [RenderMode.SIXEL, RenderMode.MOSAIC])
@pytest.mark.parametrize("name", ["foot", "xterm.js"])
def test_only_cells_are_offered_without_a_font_for_the_script(tmp_path: Path, name: str, render_mode: RenderMode) -> None:
    shown = Display(Capabilities(name, (), render_mode, "a test", 10, 20), script=BENGALI, fonts=(tmp_path / "latin.ttf",))
    for _ in range(2):
        assert (shown.mode_name, shown.has_modes, shown.choice) == ("cells", False, "auto")
        shown.next_render_mode()


def test_modes_are_offered_again_once_a_font_is_found(tmp_path: Path) -> None:
    font = tmp_path / "bengali.ttf"
    capabilities = Capabilities("foot", (), RenderMode.SIXEL, "a test", 10, 20)
    shown = Display(capabilities, script=BENGALI, fonts=(font,))
    assert not shown.has_modes
    font.write_bytes(bundled_font_files(BENGALI)[0].path.read_bytes())
    shown.update_capabilities(capabilities)
    assert (shown.mode_name, shown.has_modes, shown.font_problem) == ("pixels", True, None)


def test_measured_cell_size_after_a_guess_is_known() -> None:
    guessed = Display(Capabilities("foot", (), RenderMode.CELLS, "a test", 10, 20, is_cell_size_known=False))
    guessed.resize((9, 18))
    assert guessed.capabilities == Capabilities("foot", (), RenderMode.CELLS, "a test", 9, 18)
