from __future__ import annotations

import unicodedata

import pytest

from bpost_tui.terminal.capabilities import Mosaic
from bpost_tui.terminal.encoders.base import CellSpan
from bpost_tui.terminal.encoders.mosaic import MosaicEncoder, characters
from bpost_tui.typeset.surface import Layer, Surface
from tests.unit.terminal.screen import Screen
from tests.unit.terminal.surfaces import BLUE, RED


@pytest.mark.parametrize("mosaic", Mosaic)
def test_characters_has_one_for_each_pattern(mosaic: Mosaic) -> None:
    found = characters(mosaic)
    assert len(found) == 2 ** (mosaic.across * mosaic.down)
    if mosaic is not Mosaic.BRAILLE:
        assert (found[0], found[-1]) == (" ", "█")
    if mosaic is not Mosaic.OCTANT:  # six of its patterns are stood in for
        assert len(set(found)) == len(found)


@pytest.mark.parametrize(("pattern", "name"), [(1, "1"), (0b11, "12"), (0b010100, "35"), (0b101111, "12346"), (0b111110, "23456")])
def test_characters_of_sextants_are_those_of_unicode(pattern: int, name: str) -> None:
    assert unicodedata.name(characters(Mosaic.SEXTANT)[pattern]) == f"BLOCK SEXTANT-{name}"


@pytest.mark.parametrize(
    ("pattern", "char"),
    [
        (0x04, "\U0001cd00"), (0x06, "\U0001cd01"), (0x07, "\U0001cd02"), (0x1B, "\U0001cd13"),
        (0xC3, "\U0001cdae"), (0xFE, "\U0001cde5"),
        (0x0F, "▀"), (0xF0, "▄"), (0x55, "▌"), (0xAA, "▐"), (0x05, "▘"), (0xA0, "▗"), (0xC0, "▂"), (0xFC, "▆"), (0x5A, "▞"),
    ],
)  # fmt: skip
def test_characters_of_octants_are_those_of_unicode_16(pattern: int, char: str) -> None:
    assert characters(Mosaic.OCTANT)[pattern] == char


@pytest.mark.parametrize("mosaic", Mosaic)
def test_encode_when_a_dot_is_set_draws_it_in_its_place(mosaic: Mosaic) -> None:
    for dot in range(mosaic.across * mosaic.down):
        row, column = divmod(dot, mosaic.across)
        mask = bytearray(2 * mosaic.across * mosaic.down)
        mask[row * 2 * mosaic.across + mosaic.across + column] = 255
        surface = Surface(2, 1, mosaic.across, mosaic.down, ((),), lambda mask=mask: (Layer(RED, bytes(mask)),))  # type: ignore[misc]
        out = MosaicEncoder(mosaic).encode(CellSpan(surface, 0, 0, 2))
        assert Screen().feed(out).cells[0, 1] == characters(mosaic)[1 << dot]
        assert "38;2;255;0;0" in out


def test_encode_when_two_inks_share_a_cell_takes_the_one_with_more_dots() -> None:
    layers = Layer(RED, bytes([255, 0, 0, 0])), Layer(BLUE, bytes([0, 255, 255, 0]))
    surface = Surface(1, 1, 2, 2, ((),), lambda: layers)
    assert MosaicEncoder(Mosaic.QUADRANT).encode(CellSpan(surface, 0, 0, 1)) == "\x1b[0m\x1b[38;2;0;0;255m▛"


def test_encode_when_coverage_is_faint_sets_no_dot() -> None:
    surface = Surface(2, 1, 1, 2, ((),), lambda: (Layer(RED, bytes([40, 200, 40, 40])),))
    assert Screen().feed(MosaicEncoder(Mosaic.HALF).encode(CellSpan(surface, 0, 0, 2))).text() == " ▀"
