"""Encoder for sixel pictures: six lines at a time, colour by colour (DEC STD 070, VT330/VT340 Programmer Reference)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache, partial

from bpost_tui.typesetting.terminal.encoders.encoder import Picture, SlicingEncoder
from bpost_tui.typesetting.typeset.surface import Colour

_BAND = 6
_SHADES, _FEW_SHADES = 6, 3
_REGISTERS = 255
_REPEATED = re.compile(r"\?{4,}|(.)\1{3,}")
_TO_SIXEL = bytes(min(255, value + 63) for value in range(256))


class SixelEncoder(SlicingEncoder):
    """Encoder for Sixel graphics. Each picture shows a part of one row of cells.

    Pictures are opaque, since several terminals paint transparent pixels black.
    """

    MAX_WIDTH_PX = 1000
    """Maximum width of a picture in pixels: xterm's default `maxGraphicSize`. xterm drops the pixels of a wider picture at the
    right.
    """

    def __init__(self, paper: Colour, *, exact: bool = False) -> None:
        """Make an encoder.

        Args:
            paper: Background colour of cells that set no background.
            exact: Whether the terminal draws nothing below a picture's stated height. If not, a picture in the screen's last row
                is cut to whole bands of six lines, so that it can't scroll the screen.
        """
        super().__init__(paper)
        self._exact = exact

    def _shades(self, inks: int) -> int:
        return min(_FEW_SHADES if self.uses_few_shades else _SHADES, _REGISTERS // inks)

    def _picture(self, cells: int, height: int, width: int, indices: bytes, colours: int, last_row: bool) -> Picture:
        if last_row and not self._exact:
            height -= height % _BAND  # a band that overflows the last row would scroll the screen
        used = sorted({0, *indices})
        bands = "-".join(_band(indices[at * width : (at + _BAND) * width], width, used) for at in range(0, height, _BAND))
        return partial(_coloured, f'\x1bP0;1;0q"1;1;{width};{height}', used, f"{bands}\x1b\\")


def _coloured(head: str, used: Sequence[int], bands: str, colours: Sequence[Colour]) -> str:
    return f"{head}{''.join([_register(index, colours[index]) for index in used])}{bands}"


@lru_cache(maxsize=1024)
def _register(index: int, colour: Colour) -> str:
    return f"#{index};2;" + ";".join(str(round(part * 100 / 255)) for part in colour)


def _band(pixels: bytes, width: int, used: list[int]) -> str:
    """Return a sixel band (up to six lines of pixels): first the whole band in the background colour, then each other colour.

    `pixels` has one colour number per pixel, line by line, each `width` long; number 0 is the background. `used` has the numbers
    of all colours in the picture.
    """
    lines = [pixels[at : at + width] for at in range(0, len(pixels), width)]
    planes = [f"#0!{width}{chr(63 + (1 << len(lines)) - 1)}"]
    present = set(pixels)
    for index in used:
        if index and index in present:
            bits = 0
            for line, table in zip(lines, _tables(index), strict=False):
                bits |= int.from_bytes(line.translate(table), "big")
            plane = bits.to_bytes(width, "big").translate(_TO_SIXEL).decode("latin-1").rstrip("?")
            planes.append(f"#{index}{_REPEATED.sub(_repeat, plane)}")
    return "$".join(planes)


def _repeat(match: re.Match[str]) -> str:
    return f"!{len(match[0])}{match[0][0]}"


@lru_cache(maxsize=256)
def _tables(index: int) -> tuple[bytes, ...]:
    """Return a table for each of a band's six lines: it translates pixels of colour `index` to the line's bit, others to 0."""
    return tuple(bytes(index) + bytes([1 << line]) + bytes(255 - index) for line in range(_BAND))
