"""`card`: a story's headline as a picture, set in real type whatever the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bpost_tui.cli.console import Console
from bpost_tui.cli.context import Context, paper
from bpost_tui.cli.export.export import replacing
from bpost_tui.errors import UsageError
from bpost_tui.i18n import Reason, did_you_mean, message
from bpost_tui.terminal.encoders.base import blended
from bpost_tui.terminal.encoders.ink import palette_indices
from bpost_tui.terminal.encoders.png import indexed_png
from bpost_tui.typeset.surface import Colour

if TYPE_CHECKING:
    from bpost_tui.typeset.galley import BandedGalley

WIDTH_PX = 1080
"""What most services show whole."""
_MARGIN_PX = 72
_CELL_PX = 24, 48
"""Of the grid that type is set on; a headline's em is 73 px in it."""
_BAR_PX = 16
_SHADES = 15


def card_(context: Context, console: Console) -> int:
    """Write the card of a story as a PNG."""
    output = context.options.output
    if output is None and console.cells is not None:
        raise UsageError(message("A picture can't be written to a terminal"), hint=message("Name a file: -o FILE."))
    with context.library(console) as library:
        saved, name = library.story(library.find(context.options.story)), paper(context, library)
    from bpost_tui.reading.templates.card import card  # with the typesetter, 60 ms
    from bpost_tui.reading.themes import AUTO, Themes
    from bpost_tui.typeset.fonts import load_fonts
    from bpost_tui.typeset.pixel_typesetter import PixelTypesetter

    themes, chosen = Themes(context.folders.config / "themes"), context.options.theme or AUTO
    if chosen not in themes:
        raise UsageError(Reason("no theme “{name}”", name=chosen), hint=did_you_mean(chosen, themes) or ", ".join(themes))
    theme = themes[chosen]
    setter = PixelTypesetter(load_fonts(context.settings.font), *_CELL_PX)
    galley = setter.galley(card(saved, context.language, paper=name), (WIDTH_PX - 2 * _MARGIN_PX) // _CELL_PX[0])
    picture = _png(galley, theme.colours["background"], theme.inks)
    if output is None:
        console.data(picture)
    else:
        with replacing(output) as file:
            file.write(picture)
    return 0


def _png(galley: BandedGalley, paper: Colour, inks: Mapping[str, Colour]) -> bytes:
    """Return a galley as a PNG on paper, with margins and a bar in the accent across its top."""
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
