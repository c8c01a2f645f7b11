"""Picture of a story's card: a PNG file with text drawn in fonts. Works even in a terminal that can't show pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bpost_tui.core.templates.story_card import card
from bpost_tui.errors import BPostError
from bpost_tui.i18n import Language
from bpost_tui.model.story import SavedStory
from bpost_tui.typesetting.terminal.encoders.encoder import blended
from bpost_tui.typesetting.terminal.encoders.ink_map import palette_indices
from bpost_tui.typesetting.terminal.encoders.png import indexed_png
from bpost_tui.typesetting.typeset.surface import Colour

if TYPE_CHECKING:
    from bpost_tui.core.themes import ReaderTheme
    from bpost_tui.typesetting.typeset.banded_galley import BandedGalley

WIDTH_PX = 1080
"""Width in pixels of the card, which most services show without cropping."""
_MARGIN_PX = 72
_CELL_PX = 24, 48
"""Width and height in pixels of a cell. The card is typeset on a grid of such cells, and a headline's em is then 73 px."""
_BAR_PX = 16
_SHADES = 15


def card_png(
    saved: SavedStory, language: Language, *, paper: str, theme: ReaderTheme, fonts: Sequence[Path] = (), passage: str = ""
) -> bytes:
    """Return the card of a story (a picture for sharing) as a PNG in the colours of `theme`.

    The card has `passage`, a quotation from the story; if it is empty, the story's first lines. `paper` is the name of the story's
    paper. `fonts` are font files to try before the bundled ones. Raises BPostError if no font can draw the card's text.
    """
    from bpost_tui.bengali.bengali_script import BENGALI
    from bpost_tui.typesetting.typeset.fonts import FontError, load_fonts  # imported late: 60 ms, with the typesetter
    from bpost_tui.typesetting.typeset.pixel_typesetter import PixelTypesetter

    try:
        setter = PixelTypesetter(load_fonts(BENGALI, fonts), *_CELL_PX)
    except FontError as error:
        raise BPostError(error.message, hint=error.hint) from error
    items = card(saved, language, paper=paper, passage=passage)
    galley = setter.galley(items, (WIDTH_PX - 2 * _MARGIN_PX) // _CELL_PX[0])
    return _png(galley, theme.colours["background"], theme.inks)


def _png(galley: BandedGalley, paper: Colour, inks: Mapping[str, Colour]) -> bytes:
    """Return the typeset lines `galley` as a PNG, with margins in the colour `paper`, and a coloured bar across the top.

    `inks` maps the names of inks (colours of text) to colours.
    """
    width_px, height_px = galley.cols * _CELL_PX[0], galley.rows * _CELL_PX[1]
    masks: dict[Colour, bytearray] = {inks["accent"]: bytearray(width_px * height_px)}
    row = 0
    while row < galley.rows:
        band = galley.band(row, inks)
        start = band.first_row * _CELL_PX[1] * width_px
        for layer in band.surface.layers:
            mask = masks.setdefault(layer.colour, bytearray(width_px * height_px))
            mask[start : start + len(layer.mask)] = layer.mask
        row = band.first_row + band.surface.rows
    indices = palette_indices([bytes(mask) for mask in masks.values()], width_px, _SHADES)
    left, right = bytes(_MARGIN_PX), bytes(WIDTH_PX - _MARGIN_PX - width_px)
    lines = (left + indices[at : at + width_px] + right for at in range(0, len(indices), width_px))
    bar, margin = bytes([_SHADES]) * (_BAR_PX * WIDTH_PX), bytes((_MARGIN_PX - _BAR_PX) * WIDTH_PX)
    pixels = b"".join((bar, margin, *lines, bytes(_MARGIN_PX * WIDTH_PX)))
    colours = blended(paper, tuple(masks), _SHADES)
    return indexed_png(WIDTH_PX, len(pixels) // WIDTH_PX, pixels, len(colours)).png(colours)
