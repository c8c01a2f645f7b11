"""Pictures between lines of type: the size of a picture in cells, and the surfaces that show its rows."""

from __future__ import annotations

from functools import partial

from bpost_tui.typesetting.typeset.items import Palette
from bpost_tui.typesetting.typeset.layout_engine import PicturePlace
from bpost_tui.typesetting.typeset.raster import RasterBar, rasterise
from bpost_tui.typesetting.typeset.surface import InkLayer, Surface

Dot = tuple[float, float]
"""Width and height of a dot (pixel of a drawing), in pixels of the screen: above 1 × 1 if dots are drawn by block characters."""

_MAX_ENLARGEMENT = 2.0
"""Maximum enlargement factor of a picture."""
_MAX_HEIGHT = 1.2
"""Maximum height of a picture, as a multiple of the width of the column."""


def picture_cells(size_px: tuple[int, int], max_cols: int, cell: tuple[int, int], dot_px: Dot) -> tuple[int, int]:
    """Return the number of columns and rows of cells for a picture of `size_px` (width, height) in a column of `max_cols` cells.

    `cell` is a cell's width and height in dots, and `dot_px` a dot's width and height in pixels.
    """
    cell_w_px, cell_h_px = cell[0] * dot_px[0], cell[1] * dot_px[1]
    width_px, height_px = size_px
    width = min(max_cols * cell_w_px, _MAX_ENLARGEMENT * width_px)
    tallest = _MAX_HEIGHT * max_cols * cell_w_px
    share = min(width / width_px, tallest / height_px)
    return max(1, min(max_cols, round(width_px * share / cell_w_px))), max(1, round(height_px * share / cell_h_px))


def picture_surface(cell: tuple[int, int], place: PicturePlace, first: int, rows: int, palette: Palette) -> Surface:
    """Return a drawing of `rows` rows of the picture at `place`, from row `first` on; an empty frame if the picture isn't ready.

    `cell` is the width and height of a cell, in pixels or dots. `palette` has the colour of the frame.
    """
    cell_w, cell_h = cell
    width_px, height_px = place.cols * cell_w, place.rows * cell_h
    nothing = ((),) * rows
    photo = place.figure.photo_at(width_px, height_px)
    if photo is not None and (photo.width_px, photo.height_px) == (width_px, height_px):
        part = photo.crop(0, first * cell_h, width_px, rows * cell_h)
        return Surface(place.cols, rows, cell_w, cell_h, nothing, photo=part)
    bars = (
        RasterBar(0, -first * cell_h, width_px, 1),
        RasterBar(0, height_px - first * cell_h - 1, width_px, 1),
        *(RasterBar(x, 0, 1, rows * cell_h) for x in (0, width_px - 1)),
    )
    return Surface(place.cols, rows, cell_w, cell_h, nothing, partial(_frame, bars, width_px, rows * cell_h, palette))


def _frame(bars: tuple[RasterBar, ...], width_px: int, height_px: int, palette: Palette) -> tuple[InkLayer, ...]:
    return (InkLayer(palette.get("rule", palette["text"]), rasterise((), bars, width_px, height_px)),)
