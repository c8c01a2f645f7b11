"""Display: keeps a terminal's render mode (way to show text), typesetter, encoder and output consistent with each other."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bpost_tui.typesetting.terminal.capabilities import (
    Capabilities,
    Mosaic,
    RenderMode,
    config_name,
    has_own_remedy,
    picture_remedies,
    render_mode_for,
    render_modes_of,
    terminal_name,
)
from bpost_tui.typesetting.terminal.colours import ColourFilter, TerminalColours
from bpost_tui.typesetting.terminal.encoders.encoder import Encoder
from bpost_tui.typesetting.terminal.encoders.encoder_factory import SNAPSHOT_ID, encoder_for, width_boxes_for
from bpost_tui.typesetting.terminal.output_boundary import OutputBoundary
from bpost_tui.typesetting.terminal.width_boxes import WidthBoxes
from bpost_tui.typesetting.text.graphemes import cell_width
from bpost_tui.typesetting.text.phrase import Phrase
from bpost_tui.typesetting.typeset.cell_typesetter import CellQuirks, CellTypesetter
from bpost_tui.typesetting.typeset.items import BODY_PITCH, Size
from bpost_tui.typesetting.typeset.protocols import Typesetter
from bpost_tui.typesetting.typeset.script import LATIN, Script
from bpost_tui.typesetting.typeset.surface import Colour, SurfaceTable

if TYPE_CHECKING:
    from bpost_tui.typesetting.typeset.fonts import FontError, Fonts
    from bpost_tui.typesetting.typeset.shaping import Shaper

_GLANCE_SIZES = frozenset({Size.MASTHEAD, Size.BAR, Size.NAME})
"""Sizes of type for short words that are read at a glance. A small window shows them in the terminal's own characters."""
ZOOM_RANGE_PX = range(-6, 25)
_IDS_PER_ENCODER = 0x10000
"""Size of the range of image numbers reserved for each encoder. The encoder for the next render mode gets the next range, because
the old encoder's images stay on the screen until the next frame.
"""


class Display:
    """Means of showing text in one terminal: the render mode in use, and the typesetter, encoder and output for it.

    Args:
        capabilities: Capabilities of the terminal, in its best render mode.
        surfaces: Table of the surfaces (typeset text and pictures), which gives a token (character) to each of their cells; None
            makes a new table.
        script: Script that most of the text is written in.
        chosen_mode: Function that returns the mode that the reader wants in a terminal: "auto", "pixels", "mosaic" or "cells".
        fonts: Font files to try before all others.
        pitch: Distance between the baselines of body type, in em (1 em is the font size).
        zoom_px: Number of pixels added to the font size; negative for smaller type.
        first_id: Number given to the first picture sent to the terminal, 1 to 0xEFFFFF.
    """

    def __init__(
        self,
        capabilities: Capabilities,
        surfaces: SurfaceTable | None = None,
        script: Script = LATIN,
        *,
        chosen_mode: Callable[[Capabilities], str] = lambda capabilities: "auto",
        fonts: Sequence[Path] = (),
        pitch: float = BODY_PITCH,
        zoom_px: int = 0,
        first_id: int = 1,
    ) -> None:
        surfaces = surfaces or SurfaceTable()
        self.surfaces = surfaces
        """Table of the surfaces (typeset text and pictures), which gives a token (character) to each of their cells."""
        self.layout_width: Callable[[str], int] = cell_width
        """Function that returns a text's width in cells in the app's layout; `TypeApp` sets it to Rich's function."""
        self._best = capabilities
        self._script = script
        self._chosen_mode = chosen_mode
        self._first_id = first_id
        self._font_files = fonts
        self._fonts: Fonts | None = None
        self._shaper: Shaper | None = None
        self._pitch = pitch
        self.zoom_px = zoom_px
        self.font_problem: FontError | None = None
        """Error if no font has the script's letters, so that text is shown in cells; None if a font has them."""
        self.capabilities = self._in_mode(render_mode_for(capabilities, chosen_mode(capabilities)))
        self.boundary = OutputBoundary(
            surfaces,
            self._encoder(),
            width_boxes_for(self.capabilities, self._width_in_layout),
            ColourFilter(none=capabilities.colourless),
            is_remote=capabilities.is_remote,
        )
        self.boundary.colours.transparent_paper = self._transparent_paper()

    @property
    def terminal(self) -> str:
        """Name of the terminal (or TERM if it is unknown), under which the reader's choice of render mode is stored."""
        return terminal_name(self._best, os.environ)

    @property
    def is_mode_guessed(self) -> bool:
        """Whether to ask the reader if the type is readable: no render mode was chosen, and the automatic choice is doubtful.

        It is doubtful if the terminal hasn't named itself, is too small for a better mode, or draws block characters with its font,
        which may lack them or leave gaps between them. It also counts as doubtful if there is advice on getting pictures in this
        terminal, as in tmux or on the console, because the question is shown with this advice.
        """
        best = self._best
        if self._chosen_mode(best) == "auto" and config_name(best.render_mode) != "pixels" and has_own_remedy(best):
            return True
        has_fonts_blocks = best.render_mode is RenderMode.MOSAIC and best.mosaic is Mosaic.QUADRANT
        return self._chosen_mode(best) == "auto" and (not best.name or best.is_too_small_for_mosaic or has_fonts_blocks)

    @property
    def picture_remedy(self) -> Phrase | None:
        """Advice on how to get pictures in this terminal, or None if it shows them."""
        return None if config_name(self._best.render_mode) == "pixels" else next(picture_remedies(self._best), None)

    @property
    def mode_name(self) -> str:
        """Name of the render mode: "pixels", "mosaic" (block characters) or "cells" (the terminal's own text)."""
        return config_name(self.capabilities.render_mode)

    @property
    def choice(self) -> str:
        """Value to store as the reader's choice of render mode: "auto" for the best mode here, else the mode's name."""
        return "auto" if self.capabilities.render_mode is self._render_modes[0] else self.mode_name

    @property
    def has_modes(self) -> bool:
        """Whether text can be shown in more than one render mode here."""
        return len(self._render_modes) > 1

    @property
    def reserved_rows(self) -> int:
        """Number of rows at the bottom that must stay free of typeset text: 1 if the terminal can't fill its last row, else 0."""
        return 0 if self.capabilities.fills_last_row else 1

    @property
    def loses_pictures(self) -> bool:
        """Whether pictures may vanish while another window of tmux is in front, because tmux keeps only twenty of them."""
        return self.capabilities.render_mode is RenderMode.SIXEL and bool(self.capabilities.multiplexer)

    @property
    def photo_colours(self) -> int | None:
        """Maximum number of colours in a picture, 0 for any number; None if pictures can't be shown."""
        return self.capabilities.photo_colours if self.capabilities.shows_pictures else None

    def next_render_mode(self) -> None:
        """Switch to the next render mode (pixels, block characters, plain text) that works here; after the last, to the first."""
        render_modes = self._render_modes
        self.capabilities = self._in_mode(render_modes[(render_modes.index(self.capabilities.render_mode) + 1) % len(render_modes)])
        self._change_encoder()

    def update_capabilities(self, capabilities: Capabilities) -> None:
        """Use newly detected capabilities of the terminal, and choose the render mode again."""
        self._best = capabilities
        self.capabilities = self._in_mode(render_mode_for(capabilities, self._chosen_mode(capabilities)))
        self._change_encoder(width_boxes_for(self.capabilities, self._width_in_layout))

    def resize(self, cell_px: tuple[int, int]) -> None:
        """Record that the terminal's cells have a new size, `cell_px`: (width, height) in pixels."""
        self._best = self._best._replace(cell_w_px=cell_px[0], cell_h_px=cell_px[1], is_cell_size_known=True)
        self.capabilities = self._best._replace(render_mode=self.capabilities.render_mode)

    def typesetter(self) -> Typesetter:
        """Return a typesetter for the present render mode (pixels, block characters or plain text) and zoom."""
        capabilities, terminal = self.capabilities, self.capabilities.known_terminal
        quirks = CellQuirks(
            terminal.overdraws, marks=terminal.drops_marks and not capabilities.multiplexer, parts=terminal.keeps_logical_order
        )
        if capabilities.render_mode is RenderMode.CELLS or self._fonts is None:
            return CellTypesetter(self._script.language_rules, quirks=quirks)
        from bpost_tui.typesetting.typeset.pixel_typesetter import MOSAIC_WHITE, PixelTypesetter  # loads uharfbuzz: 33 ms
        from bpost_tui.typesetting.typeset.shaping import Shaper

        self._shaper = shaper = self._shaper or Shaper(self._fonts)  # lengths are in em, so zooming needs no new shapes
        if capabilities.render_mode is RenderMode.MOSAIC:
            from bpost_tui.typesetting.typeset.mosaic_typesetter import MosaicTypesetter

            cell_px, shaded = (capabilities.cell_w_px, capabilities.cell_h_px), not capabilities.colourless
            dots = PixelTypesetter.for_dots(
                shaper,
                capabilities.dot_w,
                capabilities.dot_h,
                cell_px,
                zoom_px=self.zoom_px,
                shaded=shaded,
                parts=capabilities.mosaic.parts if shaded else 1,
            )
            return MosaicTypesetter(
                dots,
                CellTypesetter(self._script.language_rules, white=MOSAIC_WHITE, quirks=quirks),
                in_cells=_GLANCE_SIZES if capabilities.shapes_bengali or capabilities.is_small_for_mosaic else frozenset(),
            )
        return PixelTypesetter(shaper, capabilities.cell_w_px, capabilities.cell_h_px, zoom_px=self.zoom_px, pitch=self._pitch)

    @property
    def _render_modes(self) -> tuple[RenderMode, ...]:
        """Render modes that the key `T` switches through, the best first; only `cells` if no font has the script's letters."""
        return render_modes_of(self._best) if self.font_problem is None else (RenderMode.CELLS,)

    def _width_in_layout(self, text: str) -> int:
        return self.layout_width(text)

    def _change_encoder(self, boxes: WidthBoxes | None = None) -> None:
        self.boundary.change(self._encoder(), boxes)
        self.boundary.colours.transparent_paper = self._transparent_paper()

    def _transparent_paper(self) -> Colour | None:
        """Return the colour of the terminal's background if inline pictures (OSC 1337) are its best render mode, else None.

        Pictures of earlier pages may show through cells of exactly this colour, so the colour filter changes it a little. The
        render mode in use makes no difference, because pictures sent before a change of mode are still in the terminal.
        """
        return TerminalColours.of(self._best).paper if self._best.render_mode is RenderMode.INLINE else None

    def _encoder(self) -> Encoder:
        first_id, self._first_id = self._first_id, (self._first_id + _IDS_PER_ENCODER) % SNAPSHOT_ID or 1
        return encoder_for(self.capabilities, first_id=first_id)

    def _in_mode(self, render_mode: RenderMode) -> Capabilities:
        """Return the terminal's capabilities with the mode `render_mode`, or with `cells` if no font has the script's letters."""
        if render_mode is not RenderMode.CELLS and self._fonts is None:
            from bpost_tui.typesetting.typeset.fonts import FontError, load_fonts

            try:
                self._fonts, self.font_problem = load_fonts(self._script, self._font_files), None
            except FontError as error:
                self.font_problem = error
                render_mode = RenderMode.CELLS
        return self._best._replace(render_mode=render_mode)
