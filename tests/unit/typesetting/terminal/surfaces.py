"""Surfaces (drawings that the terminal shows in cells) made by hand, for tests."""

from __future__ import annotations

import base64
import io
import re

from PIL import Image

from bpost_tui.typesetting.typeset.photo import Photo
from bpost_tui.typesetting.typeset.surface import CellWord, Colour, InkLayer, Surface

RED, BLUE = (255, 0, 0), (0, 0, 255)


def blocks(
    cols: int, rows: int, inked: dict[tuple[int, int], Colour], *, cell_w: int = 10, cell_h: int = 20, cover: int = 255
) -> Surface:
    """Return a surface (drawing) of cols × rows cells. `inked` maps (row, column) of each drawn cell to its colour.

    `cover` is the coverage of these cells, 0 to 255. `cell_w` and `cell_h` are the size of a cell in pixels.
    """
    width = cols * cell_w

    def draw() -> tuple[InkLayer, ...]:
        masks: dict[Colour, bytearray] = {}
        for (row, column), colour in inked.items():
            mask = masks.setdefault(colour, bytearray(width * rows * cell_h))
            for line in range(row * cell_h, (row + 1) * cell_h):
                at = line * width + column * cell_w
                mask[at : at + cell_w] = bytes([cover]) * cell_w
        return tuple(InkLayer(colour, bytes(mask)) for colour, mask in masks.items())

    return Surface(cols, rows, cell_w, cell_h, ((),) * rows, draw)


def sent_picture(stream: str) -> Image.Image:
    """Return the picture that the output `stream` sends to kitty or iTerm2, in one or more pieces."""
    pieces = re.findall(r"\x1b(?:_G[^;\x1b]*;|\]1337;File=[^:]*:)([\w+/=]*)", stream)
    return Image.open(io.BytesIO(base64.b64decode("".join(pieces)))).convert("RGBA")


def worded(cols: int, *rows: tuple[CellWord, ...]) -> Surface:
    """Return a surface `cols` cells wide for the render mode `cells` (the terminal's own text), with the words of each row."""
    return Surface(cols, len(rows), 1, 1, rows)


def photographed(cols: int, rows: int, *, cell_w: int = 10, cell_h: int = 20, palette: tuple[Colour, ...] = ()) -> Surface:
    """Return a surface that shows a picture whose neighbouring pixels differ; with `palette`, in its colours."""
    width, height = cols * cell_w, rows * cell_h
    if palette:
        pixels = bytes((x + y) % len(palette) for y in range(height) for x in range(width))
    else:
        pixels = bytes(part for y in range(height) for x in range(width) for part in (x % 256, y % 256, (x * y) % 256))
    return Surface(cols, rows, cell_w, cell_h, ((),) * rows, photo=Photo(width, height, pixels, palette))
