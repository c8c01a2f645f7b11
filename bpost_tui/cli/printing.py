"""A story printed in real type, in a terminal that takes pixels: the same typesetter and encoders as the reader's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from ..config import Settings
from ..i18n import Language
from ..news.model import SavedStory
from ..terminal.capabilities import Rung
from ..terminal.colours import OwnColours
from ..terminal.encoders import any_id
from ..terminal.probe import Probe
from ..typeset.surface import Colour, SurfaceTable

_MARGIN_CELLS = 1
_LIGHT = 128


def printed(saved: SavedStory, language: Language, settings: Settings, themes: Path, cells: int) -> Iterator[str] | None:
    """Return what to write for a story, line by line; None where the terminal takes no pixels or the reader wants none."""
    if settings.text not in ("auto", "pixels"):
        return None
    with Probe.start(os.environ) as probe:
        can = probe.finish("pixels")
    if can.rung in (Rung.MOSAIC, Rung.CELLS) or can.name == "xterm":  # xterm loses pictures that scroll
        return None
    from ..ui.pages import story  # with the typesetter, 60 ms
    from ..ui.stage import Stage
    from ..ui.wardrobe import COLOURLESS, Wardrobe

    surfaces = SurfaceTable()
    stage = Stage(
        can,
        surfaces,
        how="pixels",
        fonts=settings.font,
        pitch=settings.line_pitch,
        zoom_px=settings.zoom_px,
        first_id=any_id(),
    )
    if stage.trouble is not None:
        return None
    wardrobe = Wardrobe(themes)
    wardrobe.hang_in(OwnColours.of(can))
    inks = wardrobe[COLOURLESS if can.colourless else _theme_on(can.background, settings.theme)].inks
    setter = stage.typesetter()
    galley = setter.galley(story(saved, language), min(cells - 2 * _MARGIN_CELLS, settings.text_width))

    # each row is written with two others below it: it is never the screen's last, nor is the one its picture may reach into
    stage.boundary.rows = galley.rows + 2
    stage.boundary.translate("\x1b[1;1H")

    def lines() -> Iterator[str]:
        for row in range(galley.rows):
            band = galley.band(row, inks)
            tokens = surfaces.tokens(band.surface, row - band.first_row)
            yield stage.boundary.translate(f"\n\n\x1b[2A{' ' * _MARGIN_CELLS}{tokens}\n")

    return lines()


def _theme_on(background: Colour | None, wanted: str) -> str:
    """Return the theme whose inks suit the terminal's own ground, where the terminal tells it."""
    if background is None:
        return wanted
    return "newsprint" if sum(background) >= 3 * _LIGHT else "night"
