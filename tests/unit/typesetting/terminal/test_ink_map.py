from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.typesetting.terminal.encoders.ink_map import inked_cells, palette_indices
from tests.unit.typesetting.terminal.surfaces import BLUE, RED, blocks


def test_inked_cells_finds_separate_inks() -> None:
    surface = blocks(5, 2, {(0, 0): RED, (0, 3): BLUE, (1, 4): RED})
    assert inked_cells(surface, 0) == bytes([1, 0, 0, 1, 0])
    assert inked_cells(surface, 1) == bytes([0, 0, 0, 0, 1])


@given(st.lists(st.binary(min_size=12, max_size=12), max_size=4), st.sampled_from([1, 3, 15]))
def test_palette_indices_equal_painting_pixel_by_pixel(masks: list[bytes], shades: int) -> None:
    expected = bytearray(12 if masks else 0)
    for number, mask in enumerate(masks):
        for at, value in enumerate(mask):
            if level := round(value * shades / 255):
                expected[at] = number * shades + level
    assert palette_indices(masks, 4, shades) == bytes(expected)
