from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpost_tui.typesetting.terminal.capabilities import Mosaic
from bpost_tui.typesetting.terminal.encoders.dot_fit import BLANK, two_blocks, two_shades
from bpost_tui.typesetting.terminal.encoders.encoder import CellSpan
from bpost_tui.typesetting.terminal.encoders.mosaic import QUARTER_BLOCKS, MosaicEncoder, characters
from bpost_tui.typesetting.terminal.sgr import background_of
from bpost_tui.typesetting.typeset.surface import CellWord, InkLayer, Surface
from tests.unit.typesetting.terminal.surfaces import BLUE, RED, worded
from tests.unit.typesetting.terminal.tiny_terminal import Screen

PAPER = background_of("48;2;9;9;9")


@pytest.mark.parametrize("mosaic", Mosaic)
def test_mosaic_has_a_character_for_each_pattern(mosaic: Mosaic) -> None:
    found = characters(mosaic)
    assert len(found) == 2 ** (mosaic.across * mosaic.down)
    if mosaic is not Mosaic.BRAILLE:
        assert (found[0], found[-1]) == (" ", "█")
    missing = [pattern for pattern, char in enumerate(found) if not char]
    assert len(missing) == (6 if mosaic is Mosaic.OCTANT else 0)  # their complements exist, and ink and paper can be swapped
    assert all(found[255 - pattern] for pattern in missing)
    assert len(set(found)) == len(found) - max(0, len(missing) - 1)


@pytest.mark.parametrize(("pattern", "name"), [(1, "1"), (0b11, "12"), (0b010100, "35"), (0b101111, "12346"), (0b111110, "23456")])
def test_sextant_characters_match_unicode(pattern: int, name: str) -> None:
    assert unicodedata.name(characters(Mosaic.SEXTANT)[pattern]) == f"BLOCK SEXTANT-{name}"


@pytest.mark.parametrize(
    ("pattern", "char"),
    [
        (0x04, "\U0001cd00"), (0x06, "\U0001cd01"), (0x07, "\U0001cd02"), (0x1B, "\U0001cd13"),
        (0xC3, "\U0001cdae"), (0xFE, "\U0001cde5"),
        (0x0F, "▀"), (0xF0, "▄"), (0x55, "▌"), (0xAA, "▐"), (0x05, "▘"), (0xA0, "▗"), (0xC0, "▂"), (0xFC, "▆"), (0x5A, "▞"),
    ],
)  # fmt: skip
def test_octant_characters_match_unicode_16(pattern: int, char: str) -> None:
    assert characters(Mosaic.OCTANT)[pattern] == char


@pytest.mark.parametrize("mosaic", Mosaic)
def test_mosaic_draws_each_dot_at_its_position(mosaic: Mosaic) -> None:
    for dot in range(mosaic.across * mosaic.down):
        row, column = divmod(dot, mosaic.across)
        mask = bytearray(2 * mosaic.across * mosaic.down)
        mask[row * 2 * mosaic.across + mosaic.across + column] = 255
        surface = Surface(2, 1, mosaic.across, mosaic.down, ((),), lambda mask=mask: (InkLayer(RED, bytes(mask)),))  # type: ignore[misc]
        out = MosaicEncoder(mosaic).encode(CellSpan(surface, 0, 0, 2, PAPER))
        if char := characters(mosaic)[1 << dot]:
            assert Screen().feed(out).cells[0, 1] == char
            assert "38;2;255;0;0" in out
        else:
            assert Screen().feed(out).cells[0, 1] == characters(mosaic)[255 - (1 << dot)]
            assert "38;2;9;9;9;48;2;255;0;0" in out


@pytest.mark.parametrize("encoder", [MosaicEncoder(Mosaic.OCTANT), MosaicEncoder(Mosaic.OCTANT, colourless=True)])
def test_mosaic_swaps_ink_and_paper_by_reverse_without_a_background(encoder: MosaicEncoder) -> None:
    surface = Surface(2, 1, 2, 4, ((),), lambda: (InkLayer(RED, bytes([255, 0, 0, 0]) + bytes(12)),))
    out = encoder.encode(CellSpan(surface, 0, 0, 2))
    assert out == f"\x1b[0m\x1b[38;2;255;0;0;7m{characters(Mosaic.OCTANT)[254]}\x1b[27m "


def test_mosaic_takes_the_dominant_of_two_inks_in_a_cell() -> None:
    layers = InkLayer(RED, bytes([255, 0, 0, 0])), InkLayer(BLUE, bytes([0, 255, 255, 0]))
    surface = Surface(1, 1, 2, 2, ((),), lambda: layers)
    assert MosaicEncoder(Mosaic.QUADRANT).encode(CellSpan(surface, 0, 0, 1)) == "\x1b[0m\x1b[38;2;0;0;255m▛"


def test_mosaic_sets_no_dot_for_faint_coverage() -> None:
    surface = Surface(2, 1, 1, 2, ((),), lambda: (InkLayer(RED, bytes([25, 200, 25, 25])),))
    assert Screen().feed(MosaicEncoder(Mosaic.HALF).encode(CellSpan(surface, 0, 0, 2, PAPER))).text() == " ▀"


GREYS = bytes([255, 102, 255, 102, 255, 102])  # coverage of 102 is level 6


@pytest.mark.parametrize(
    ("encoder", "colours"),
    [
        (MosaicEncoder(Mosaic.SEXTANT), "38;2;255;0;0;48;2;127;5;5"),
        (MosaicEncoder(Mosaic.SEXTANT, truecolour=False), "38;5;196;48;5;88"),
        (MosaicEncoder(Mosaic.SEXTANT, colourless=True), "38;2;255;0;0"),
    ],
    ids=["by value", "256", "none"],
)
def test_mosaic_shows_a_cell_in_the_two_nearest_shades(encoder: MosaicEncoder, colours: str) -> None:
    surface = Surface(1, 1, 2, 3, ((),), lambda: (InkLayer(RED, GREYS),))
    out = encoder.encode(CellSpan(surface, 0, 0, 1, PAPER))
    left_half = "█" if "none" in colours or colours == "38;2;255;0;0" else "▌"
    back = "\x1b[0;48;2;9;9;9m" if left_half == "▌" else ""
    assert out == f"\x1b[0;48;2;9;9;9m\x1b[{colours}m{left_half}{back}"


def test_mosaic_sets_no_background_for_an_unknown_paper() -> None:
    surface = Surface(1, 1, 2, 3, ((),), lambda: (InkLayer(RED, GREYS),))
    assert "48;" not in MosaicEncoder(Mosaic.SEXTANT).encode(CellSpan(surface, 0, 0, 1))
    assert "48;2;" in MosaicEncoder(Mosaic.SEXTANT, paper=(0, 0, 0)).encode(CellSpan(surface, 0, 0, 1))


@given(st.lists(st.integers(0, 15), min_size=2, max_size=6))
def test_two_shades_have_the_least_error(levels: list[int]) -> None:
    fit = two_shades(tuple(levels))

    def error(pattern: int) -> float:
        parts = [[level for dot, level in enumerate(levels) if pattern >> dot & 1 == side] for side in (0, 1)]
        return sum((level - sum(part) / len(part)) ** 2 for part in parts for level in part)

    if max(levels) > 1:  # lower levels are paper
        assert error(fit.pattern) <= min(map(error, range(2 ** len(levels)))) + 1e-9
        assert fit.set_level > fit.rest_level
    else:
        assert fit == BLANK


PARTS = [0x0033, 0x00CC, 0x3300, 0xCC00, 0x00FF, 0x3333, 0xCC33, 0xF000, 0x1111, 0xFFF0, 0x7777]
"""Parts of 4 × 4 dots that a character shows in one shade, and the rest in another: a bit for each dot of the part."""


@given(st.lists(st.integers(0, 15), min_size=16, max_size=16))
def test_two_blocks_have_the_least_error_of_all_characters(levels: list[int]) -> None:
    fit = two_blocks(tuple(levels))

    def error(pattern: int) -> float:
        parts = [[level for dot, level in enumerate(levels) if pattern >> dot & 1 == side] for side in (0, 1)]
        return sum((level - sum(part) / len(part)) ** 2 for part in parts for level in part)

    if fit.pattern in PARTS:
        assert error(fit.pattern) <= min(map(error, PARTS)) + 1e-9
    else:
        assert fit == BLANK or fit.pattern == 0xFFFF


WITHOUT_COLOURS = {"▂": "▄", "▆": "█", "▎": "▌", "▊": "█"}


@pytest.mark.parametrize("is_colourless", [False, True])
@pytest.mark.parametrize(("pattern", "char"), QUARTER_BLOCKS.items())
def test_quarters_of_a_cell_are_drawn_beside_quadrants(pattern: int, char: str, is_colourless: bool) -> None:
    mask = bytes(255 * (pattern >> dot & 1) for dot in range(16))
    surface = Surface(1, 1, 4, 4, ((),), lambda: (InkLayer(RED, mask),))
    out = MosaicEncoder(Mosaic.QUARTER, colourless=is_colourless).encode(CellSpan(surface, 0, 0, 1, PAPER))
    assert Screen().feed(out).text() == (WITHOUT_COLOURS.get(char, char) if is_colourless else char)


def test_mosaic_without_dots_writes_the_words() -> None:
    surface = worded(9, (CellWord(1, 5, "4 h 5", BLUE),))
    assert Screen().feed(MosaicEncoder(Mosaic.SEXTANT).encode(CellSpan(surface, 0, 0, 9, PAPER))).text() == " 4 h 5   "
