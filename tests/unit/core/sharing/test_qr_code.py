"""QR codes: the quiet zone, whole modules in pixels, and two modules in each half-block character."""

from __future__ import annotations

import pytest

from bpost_tui.core.sharing.qr_code import LEAST_PX, MOST_PX, QUIET, as_half_blocks, as_photo, module_px, qr_code

MODULES = qr_code("https://thebengalpost.net/recent/book-fair-returns-to-keshiary-after-years.html")
SIDE = 37 + 2 * QUIET  # version 5 has 37 × 37 modules


def test_qr_code_has_a_quiet_zone() -> None:
    assert len(MODULES) == SIDE and {len(row) for row in MODULES} == {SIDE}
    assert not any(any(row) for row in (*MODULES[:QUIET], *MODULES[-QUIET:]))
    assert not any(any(row[:QUIET]) or any(row[-QUIET:]) for row in MODULES)
    assert list(MODULES[QUIET][QUIET : QUIET + 8]) == [1, 1, 1, 1, 1, 1, 1, 0]  # the finder pattern


@pytest.mark.parametrize("has_palette", [True, False])
def test_qr_photo_has_whole_modules_in_two_colours(has_palette: bool) -> None:
    side_px, width_px, height_px = 4, SIDE * 4 + 7, SIDE * 4 + 10
    photo = as_photo(MODULES, side_px, width_px, height_px, has_palette=has_palette)
    deep = 1 if has_palette else 3
    assert len(photo.pixels) == deep * width_px * height_px
    dark = b"\1" if has_palette else bytes(3)
    lines = [photo.pixels[at : at + deep * width_px] for at in range(0, len(photo.pixels), deep * width_px)]
    seen = [[line[deep * x : deep * x + deep] == dark for x in range(width_px)] for line in lines]
    for y in range(height_px):
        for x in range(width_px):
            row, column = (y - 5) // side_px, (x - 3) // side_px
            inside = 0 <= row < SIDE and 0 <= column < SIDE
            assert seen[y][x] == (inside and bool(MODULES[row][column]))


def test_half_blocks_contain_two_modules_each() -> None:
    lines = as_half_blocks(MODULES)
    read = [[char in pair for char in line] for line in lines for pair in ("▀█", "▄█")]
    assert read[:SIDE] == [[bool(module) for module in row] for row in MODULES]
    assert not any(any(row) for row in read[SIDE:])


def test_module_px_is_the_largest_that_fits_or_0_when_too_small() -> None:
    assert module_px(MODULES, 10_000, 10_000) == MOST_PX
    assert module_px(MODULES, SIDE * 5 + 1, 10_000) == 5
    assert module_px(MODULES, 10_000, SIDE * LEAST_PX) == LEAST_PX
    assert module_px(MODULES, 10_000, SIDE * LEAST_PX - 1) == 0
