"""Tests of pictures between lines of type in every encoder: the terminal receives their pixels, whole or cut."""

from __future__ import annotations

import io
import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bpost_tui.typesetting.terminal.capabilities import Capabilities, Mosaic, RenderMode
from bpost_tui.typesetting.terminal.encoders.encoder import CellSpan
from bpost_tui.typesetting.terminal.encoders.iterm2 import InlineEncoder
from bpost_tui.typesetting.terminal.encoders.kitty import DIACRITICS, PLACEHOLDER, KittyEncoder
from bpost_tui.typesetting.terminal.encoders.mosaic import MosaicEncoder, two_colours
from bpost_tui.typesetting.terminal.encoders.png import photo_png
from bpost_tui.typesetting.terminal.encoders.sixel import SixelEncoder
from bpost_tui.typesetting.terminal.sgr import background_of
from tests.unit.typesetting.terminal.surfaces import BLUE, RED, photographed, sent_picture
from tests.unit.typesetting.terminal.test_sixel import decode

GREEN = (0, 255, 0)


def expected(left: int, top: int, width: int, height: int) -> list[tuple[int, int, int]]:
    """Return the pixels of a rectangle of the picture that `photographed` makes without a palette."""
    return [(x % 256, y % 256, (x * y) % 256) for y in range(top, top + height) for x in range(left, left + width)]


def pixels(image: Image.Image) -> list[tuple[int, int, int]]:
    data = image.convert("RGB").tobytes()
    return [(data[at], data[at + 1], data[at + 2]) for at in range(0, len(data), 3)]


@given(st.integers(1, 40), st.integers(1, 12), st.integers())
def test_png_of_any_picture_survives_a_round_trip(width: int, height: int, seed: int) -> None:
    data = Random(seed).randbytes(3 * width * height)
    assert Image.open(io.BytesIO(photo_png(width, height, data))).convert("RGB").tobytes() == data


def test_kitty_sends_a_picture_once_and_places_all_its_cells() -> None:
    encoder = KittyEncoder()
    surface = photographed(4, 2)
    out = encoder.encode(CellSpan(surface, 1, 0, 4))
    assert out.endswith(f"{PLACEHOLDER}{DIACRITICS[1]}{DIACRITICS[0]}{PLACEHOLDER * 3}")
    assert pixels(sent_picture(encoder.take_uploads())) == expected(0, 0, 40, 40)
    assert encoder.encode(CellSpan(surface, 0, 1, 2)).count(PLACEHOLDER) == 2
    assert encoder.take_uploads() == ""


def test_inline_sends_just_the_cells_of_a_run() -> None:
    out = InlineEncoder((0, 0, 0)).encode(CellSpan(photographed(6, 3), 1, 2, 4))
    assert pixels(sent_picture(out)) == expected(20, 20, 40, 20)


def test_sixel_sends_just_the_cells_of_a_run_in_the_pictures_colours() -> None:
    palette = (RED, GREEN, BLUE, (255, 255, 255))
    out = SixelEncoder((0, 0, 0)).encode(CellSpan(photographed(6, 3, palette=palette), 1, 2, 3))
    percent = [tuple(part * 100 // 255 for part in colour) for colour in palette]
    assert decode(out) == [[percent[(x + y) % 4] for x in range(20, 50)] for y in range(20, 40)]


@pytest.mark.parametrize("last_row", [False, True])
def test_sixel_in_the_last_row_never_reaches_below_it(last_row: bool) -> None:
    out = SixelEncoder((0, 0, 0)).encode(CellSpan(photographed(2, 1, palette=(RED, BLUE)), 0, 0, 2, last_row=last_row))
    assert len(decode(out)) == (18 if last_row else 20)


@pytest.mark.parametrize("mosaic", Mosaic)
@pytest.mark.parametrize("truecolour", [True, False])
def test_mosaic_fills_exactly_its_cells(mosaic: Mosaic, truecolour: bool) -> None:
    surface = photographed(9, 2, cell_w=mosaic.across, cell_h=mosaic.down)
    out = MosaicEncoder(mosaic, truecolour=truecolour).encode(CellSpan(surface, 1, 2, 6, background_of("48;2;9;9;9")))
    assert len(re.sub(r"\x1b\[[0-9;]*m", "", out)) == 6
    assert out.endswith("\x1b[0;48;2;9;9;9m")


def test_mosaic_of_halves_shows_both_pixels_of_a_cell() -> None:
    pattern, light, dark = two_colours(bytes((*RED, *GREEN)), halves=False)
    assert (pattern, light, dark) == (0b10, GREEN, RED)


def test_mosaic_of_one_colour_has_that_colour() -> None:
    assert two_colours(bytes(BLUE) * 8, halves=False)[::2] == (0, BLUE)


def test_mosaic_divides_a_cell_at_its_edge() -> None:
    dots = bytes((*GREEN, *BLUE)) * 4
    assert two_colours(dots, halves=False) == (0b01010101, GREEN, BLUE)
    assert two_colours(bytes(RED) * 4 + bytes(BLUE) * 4, halves=True) == (0b1111, RED, BLUE)


def test_sixel_pictures_have_limited_colours() -> None:
    capabilities = Capabilities("test", (), RenderMode.SIXEL, "", 10, 20)
    assert 2 <= capabilities.photo_colours <= 255
    assert Capabilities("test", (), RenderMode.KITTY, "", 10, 20).photo_colours == 0
    assert not Capabilities("test", (), RenderMode.CELLS, "", 10, 20).shows_pictures
