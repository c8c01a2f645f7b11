"""`show` in real type, for terminals that take pixels: by the typesetter and encoders of the reader."""

from __future__ import annotations

import os
from collections.abc import Iterator

from bpost_tui.cli.context import Context
from bpost_tui.model.story import SavedStory
from bpost_tui.terminal.capabilities import RenderMode, render_mode_for, terminal_name
from bpost_tui.terminal.colours import TerminalColours
from bpost_tui.terminal.probe import Probe
from bpost_tui.terminal.tty import has_pending_keys
from bpost_tui.typeset.surface import SurfaceTable

_MARGIN_CELLS = 1


def typeset_lines(context: Context, saved: SavedStory, paper: str, cells: int) -> Iterator[str] | None:
    """Return the lines to write for a story of a paper; None if the reader wouldn't draw it in pixels here."""
    settings, language = context.settings, context.language
    # pending keys come before the terminal's answers, and couldn't be left to the shell
    if settings.text not in ("auto", "pixels") or has_pending_keys():
        return None
    with Probe.start(os.environ, leaves_keys=True) as probe:
        can = probe.finish()
    preferences = context.preferences()
    render_mode = render_mode_for(can, preferences.choices.way(context.text, settings.text, terminal_name(can, os.environ)))
    if render_mode in (RenderMode.MOSAIC, RenderMode.CELLS) or can.name == "xterm":  # xterm loses pictures that scroll
        return None
    from bpost_tui.reading.templates import story  # with the typesetter, 60 ms
    from bpost_tui.reading.themes import AUTO, COLOURLESS, Themes
    from bpost_tui.ui.display import display_for

    surfaces = SurfaceTable()
    display = display_for(can, surfaces, settings, preferences, context.text)
    if display.trouble is not None:
        return None
    themes = Themes(context.folders.config / "themes")
    themes.with_terminal_colours(TerminalColours.of(can), can.background)
    inks = themes[COLOURLESS if can.colourless else settings.theme if can.background is None else AUTO].inks
    setter = display.typesetter()
    galley = setter.galley(story(saved, language, paper=paper), min(cells - 2 * _MARGIN_CELLS, settings.text_width))

    # each row is written with two empty ones below it: so neither it nor the row its picture may reach into is the screen's last
    display.boundary.rows = galley.rows + 2
    display.boundary.translate("\x1b[1;1H")

    def lines() -> Iterator[str]:
        for row in range(galley.rows):
            band = galley.band(row, inks)
            tokens = surfaces.tokens(band.surface, row - band.first_row)
            yield display.boundary.translate(f"\n\n\x1b[2A{' ' * _MARGIN_CELLS}{tokens}\n")

    return lines()
