from __future__ import annotations

import re

import pytest

from bpost_tui.typesetting.terminal.encoders.encoder import CellSpan
from bpost_tui.typesetting.terminal.encoders.sixel import SixelEncoder
from bpost_tui.typesetting.terminal.sgr import background_of
from tests.unit.typesetting.terminal.surfaces import BLUE, RED, blocks

Picture = list[list[tuple[int, int, int] | None]]


def decode(stream: str) -> Picture:
    """Decode a sixel stream into a picture: colours in percent, None for unpainted pixels."""
    width, height, body = re.search(r'\x1bP0;1;0q"1;1;(\d+);(\d+)([^\x1b]*)\x1b\\', stream).groups()  # type: ignore[union-attr]
    picture: Picture = [[None] * int(width) for _ in range(int(height))]
    colours: dict[int, tuple[int, int, int]] = {}
    x = y = colour = 0
    for define, red, green, blue, select, repeat, char in re.findall(
        r"#(\d+);2;(\d+);(\d+);(\d+)|#(\d+)|(?:!(\d+))?([?-~$-])", body
    ):
        if define:
            colours[int(define)] = int(red), int(green), int(blue)
            colour = int(define)
        elif select:
            colour = int(select)
        elif char == "$":
            x = 0
        elif char == "-":
            x, y = 0, y + 6
        else:
            end = x + int(repeat or 1)
            for bit in range(6):
                if ord(char) - 63 >> bit & 1:
                    picture[y + bit][x:end] = [colours[colour]] * (end - x)
            x = end
    return picture


def test_sixel_paints_ink_and_paper() -> None:
    surface = blocks(4, 1, {(0, 1): RED, (0, 2): BLUE}, cell_w=3, cell_h=8)
    out = SixelEncoder((0, 0, 0)).encode(CellSpan(surface, 0, 0, 4, background_of("48;2;0;255;0")))
    picture = decode(out)
    assert len(picture) == 8
    assert [row[:] for row in picture] == [[(100, 0, 0)] * 3 + [(0, 0, 100)] * 3] * 8
    assert out.startswith("\x1b[0;48;2;0;255;0m \x1b7  \x1b8")
    assert out.endswith("\x1b8\x1b[2C ")


@pytest.mark.parametrize(("cover", "percent"), [(0, 0), (128, 50), (255, 100)])
def test_sixel_blends_partial_coverage_with_the_background(cover: int, percent: int) -> None:
    surface = blocks(2, 1, {(0, 0): (255, 255, 255), (0, 1): (255, 255, 255)}, cell_w=2, cell_h=6, cover=cover or 1)
    out = SixelEncoder((0, 0, 0)).encode(CellSpan(surface, 0, 0, 2))
    assert all(abs(part - percent) <= 10 for row in decode(out) for pixel in row for part in pixel or ())


def test_sixel_last_row_stays_within_whole_bands() -> None:
    surface = blocks(2, 1, {(0, 0): RED}, cell_h=20)
    encoder = SixelEncoder((0, 0, 0))
    assert len(decode(encoder.encode(CellSpan(surface, 0, 0, 2, last_row=True)))) == 18
    assert len(decode(encoder.encode(CellSpan(surface, 0, 0, 2)))) == 20


def test_sixel_last_row_is_whole_when_heights_are_exact() -> None:
    surface = blocks(2, 1, {(0, 0): RED}, cell_h=20)
    encoder = SixelEncoder((0, 0, 0), exact=True)
    assert len(decode(encoder.encode(CellSpan(surface, 0, 0, 2, last_row=True)))) == 20


def test_sixel_without_ink_is_spaces() -> None:
    assert SixelEncoder((0, 0, 0)).encode(CellSpan(blocks(3, 1, {}), 0, 0, 3)) == "\x1b[0m   "


def test_sixel_blends_again_for_another_background() -> None:
    surface = blocks(1, 1, {(0, 0): RED}, cover=100)
    encoder = SixelEncoder((0, 0, 0))
    dark, light = (encoder.encode(CellSpan(surface, 0, 0, 1, background_of(f"48;2;{v};{v};{v}"))) for v in (0, 255))
    assert decode(dark) != decode(light)


def test_sixel_wider_than_xterms_limit_is_two_pictures() -> None:
    surface = blocks(110, 1, {(0, 0): RED, (0, 99): RED, (0, 100): BLUE, (0, 109): RED}, cell_w=10, cell_h=6)
    encoder = SixelEncoder((0, 0, 0))
    out = encoder.encode(CellSpan(surface, 0, 0, 110))
    widths = [int(width) for width in re.findall(r'"1;1;(\d+);', out)]
    assert widths == [1000, 100]
    assert out.endswith("\x1b[10C")
    for _ in encoder.prepare(surface):
        pass
    assert encoder.encode(CellSpan(surface, 0, 0, 110)) == out
