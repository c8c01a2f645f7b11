"""Capabilities of a terminal, the render modes that it supports, and advice on how to get pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum

from bpost_tui.typesetting.terminal.queries import SAMPLES
from bpost_tui.typesetting.terminal.terminals import Terminal, Version, find_terminal, is_since
from bpost_tui.typesetting.terminal.tmux_width import width_speller
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.typesetting.text.phrase import Phrase
from bpost_tui.typesetting.typeset.surface import Colour


class RenderMode(Enum):
    """Ways to show text, the best first: three kinds of pictures, block characters, and the terminal's own text."""

    KITTY = "kitty"
    INLINE = "iterm2"
    SIXEL = "sixel"
    MOSAIC = "mosaic"
    CELLS = "cells"


class Mosaic(Enum):
    """Sets of block characters (characters that draw text as large dots). All characters of a set divide a cell into the same dots.

    A value is (name, number of dots across a cell, number of dots down a cell, number of parts into which the characters can divide
    a dot in each direction).
    """

    OCTANT = ("octant", 2, 4, 1)
    SEXTANT = ("sextant", 2, 3, 1)
    QUARTER = ("quarter", 2, 2, 2)
    """Characters that fill quadrants of the cell, or a strip along one edge: a quarter or three quarters of its height or width.

    A dot is a quadrant. The inner edge of a strip divides dots in two.
    """
    QUADRANT = ("quadrant", 2, 2, 1)
    HALF = ("half", 1, 2, 1)
    BRAILLE = ("braille", 2, 4, 1)

    @property
    def across(self) -> int:
        """Number of dots side by side in a cell."""
        return self.value[1]

    @property
    def down(self) -> int:
        """Number of dots one above another in a cell."""
        return self.value[2]

    @property
    def parts(self) -> int:
        """Number of parts into which characters of the set can divide a dot, in each direction; 1 if they show only whole dots."""
        return self.value[3]


_SIXEL_COLOURS = 64
"""Maximum number of colours in a sixel picture. It is small because each colour is sent separately: with 64 colours, a row of 72
cells takes 22 kB and 4 ms; with 255 colours, it takes 41 kB and 9 ms.
"""


_MAX_CELL_PX = 200
_MAX_WINDOW_PX = 7680 * 4320
"""Maximum area of a window in pixels. A report of a larger window or cell is ignored, because a picture of that size would fill the
memory.
"""


class WindowSize(NamedTuple):
    """Size of the terminal's window, as the kernel reports it (TIOCGWINSZ). The size in pixels is often reported as 0."""

    cols: int = 0
    rows: int = 0
    width_px: int = 0
    height_px: int = 0

    @property
    def cell_px(self) -> tuple[int, int] | None:
        """Width and height of a cell in pixels, or None if they are unknown or implausible."""
        if not (self.cols and self.rows and self.width_px >= self.cols and self.height_px >= self.rows):
            return None
        found = self.width_px // self.cols, self.height_px // self.rows
        return found if self.can_have(found) else None

    def can_have(self, cell_px: tuple[int, int]) -> bool:
        """Whether cells of `cell_px` (width and height in pixels) are plausible for a window with this many columns and rows."""
        return max(cell_px) <= _MAX_CELL_PX and self.cols * cell_px[0] * self.rows * cell_px[1] <= _MAX_WINDOW_PX


class Capabilities(NamedTuple):
    """Capabilities of the terminal that the app runs in."""

    name: str
    """Name of the terminal in lower case; empty if it is unknown."""
    version: Version
    render_mode: RenderMode
    """Render mode that is used: the way to show text."""
    why: str
    """Reason for this render mode, in one line for the reader."""
    cell_w_px: int
    cell_h_px: int
    truecolour: bool = True
    mosaic: Mosaic = Mosaic.QUADRANT
    """Finest set of block characters that this terminal draws without gaps between neighbouring cells."""
    samples: tuple[int, ...] = ()
    """Number of cells that the terminal used for each of the sample texts (`queries.SAMPLES`); empty if not measured."""
    multiplexer: str = ""
    """`tmux`, `screen` or `zellij`, if the app runs inside one; else empty."""
    reports_focus: bool = True
    """Whether the terminal reports when its window gains or loses the focus."""
    pictures_blocked: bool = False
    """Whether a multiplexer such as tmux blocks or damages all pictures of a terminal that is known to show pictures."""
    background: Colour | None = None
    foreground: Colour | None = None
    palette: tuple[tuple[int, Colour], ...] = ()
    """Colours that the terminal reported for numbers 0 to 15 of its palette, as (number, colour)."""
    colourless: bool = False
    """Whether no colours are used: the reader wants none (https://no-color.org), or the terminal has none, judged by TERM."""
    is_remote: bool = False
    """Whether the terminal is at the other end of an ssh connection."""
    is_too_small_for_mosaic: bool = False
    """Whether the render mode is `cells` only because the window is too small for text drawn in block characters (a mosaic)."""
    is_small_for_mosaic: bool = False
    """Whether the window is too small for drawing all text in block characters (a mosaic).

    In the mode `mosaic`, short words such as names of categories and keys are then shown in the terminal's own characters, which
    take less space but are harder to read.
    """
    is_cell_size_known: bool = True
    """Whether the size of a cell in pixels was measured; if not, it is a guess."""

    @property
    def known_terminal(self) -> Terminal:
        """This terminal's row in the table of terminals (`terminals.TERMINALS`)."""
        return find_terminal(self.name)

    @property
    def dot_w(self) -> int:
        """Width of a cell in the typesetter's unit: pixels, or dots for block characters (a mosaic); 1 in the mode `cells`."""
        return {RenderMode.MOSAIC: self.mosaic.across, RenderMode.CELLS: 1}.get(self.render_mode, self.cell_w_px)

    @property
    def dot_h(self) -> int:
        """Height of a cell in the typesetter's unit: pixels, or dots for block characters (a mosaic); 1 in the mode `cells`."""
        return {RenderMode.MOSAIC: self.mosaic.down, RenderMode.CELLS: 1}.get(self.render_mode, self.cell_h_px)

    @property
    def shows_pictures(self) -> bool:
        """Whether pictures can be shown: in all render modes except `cells`, the terminal's own text."""
        return self.render_mode is not RenderMode.CELLS

    @property
    def fills_last_row(self) -> bool:
        """Whether typeset text may be shown in the screen's last row.

        It may, except as sixel pictures in a terminal that would scroll the screen or cut the picture off.
        """
        if self.render_mode is not RenderMode.SIXEL:
            return True
        return not self.multiplexer and is_since(self.known_terminal.exact_sixel, self.version)

    @property
    def repeats_placeholders(self) -> bool:
        """Whether a row of placeholders may be sent as one placeholder and a repeat count (REP).

        A placeholder is a character that the terminal replaces by one cell of an image. tmux doesn't pass REP on: it repeats the
        character in its own grid, without the diacritics that name row and column of the image.
        """
        return not self.multiplexer and is_since(self.known_terminal.repeats_placeholders, self.version)

    @property
    def photo_colours(self) -> int:
        """Maximum number of colours in a picture; 0 means any number."""
        return _SIXEL_COLOURS if self.render_mode is RenderMode.SIXEL else 0

    @property
    def marks_are_narrow(self) -> bool:
        """Whether combining marks take no cells of their own in this terminal, according to measured widths.

        False if no widths were measured. Rich assumes narrow marks in every terminal.
        """
        return len(self.samples) == len(SAMPLES) and self.samples[0] == 1 and self.samples[2] <= 3

    @property
    def shapes_bengali(self) -> bool:
        """Whether Bengali in the terminal's own characters can be read well enough for a word or two."""
        return not self.multiplexer and is_since(self.known_terminal.shapes, self.version)


def terminal_name(capabilities: Capabilities, env: Mapping[str, str]) -> str:
    """Return the name under which the reader's choice of render mode is stored.

    It is the terminal's own name or, if that is unknown, TERM_PROGRAM or TERM in `env`. The result is always valid Unicode, even if
    the environment isn't.
    """
    return (capabilities.name or env.get("TERM_PROGRAM") or env.get("TERM", "")).encode("utf-8", "replace").decode()


def config_name(mode: RenderMode) -> str:
    """Return a render mode's name in the config: "mosaic" (block characters), "cells" (plain text) or "pixels" (any pictures)."""
    return {RenderMode.MOSAIC: "mosaic", RenderMode.CELLS: "cells"}.get(mode, "pixels")


def render_modes_of(capabilities: Capabilities) -> tuple[RenderMode, ...]:
    """Return the render modes (ways to show text) that the key `T` switches through; the first is the terminal's best."""
    if capabilities.render_mode is RenderMode.CELLS:
        return (RenderMode.CELLS, RenderMode.MOSAIC) if capabilities.is_too_small_for_mosaic else (RenderMode.CELLS,)
    cells = () if capabilities.known_terminal.tears_cells else (RenderMode.CELLS,)
    return tuple(dict.fromkeys((capabilities.render_mode, RenderMode.MOSAIC, *cells)))


def render_mode_for(capabilities: Capabilities, setting: str) -> RenderMode:
    """Return the render mode (way to show text) whose name in the config is `setting`, such as "mosaic".

    For "auto", or for a mode that the terminal can't draw, return the terminal's best mode.
    """
    return next((mode for mode in render_modes_of(capabilities) if config_name(mode) == setting), capabilities.render_mode)


def widths_agree(capabilities: Capabilities) -> bool:
    """Whether the terminal and the multiplexer (such as tmux) give a text the same number of cells; true without a multiplexer.

    Also true if the numbers become the same by joiners (zero-width characters) that bpost adds to text for tmux.
    """
    return width_speller(capabilities.name, capabilities.multiplexer, capabilities.samples) is not None


def has_own_remedy(capabilities: Capabilities) -> bool:
    """Return whether the reader may be able to get pictures in this terminal, by a setting or by leaving a multiplexer.

    This is so if the app runs in a multiplexer such as tmux, or if the table of terminals has advice on pictures for this terminal.
    """
    return bool(capabilities.multiplexer or capabilities.known_terminal.picture_advice)


def picture_remedies(capabilities: Capabilities) -> Iterator[Phrase]:
    """Yield advice on how to get pictures, the most reliable first, for a terminal that shows none."""
    terminal = capabilities.known_terminal
    if capabilities.multiplexer not in ("", "tmux"):
        yield Phrase(
            "{name} doesn't let pictures through; for real type, use the terminal without it, or tmux.",
            name=capabilities.multiplexer,
        )
    elif capabilities.multiplexer == "tmux" and is_since(terminal.placeholders, capabilities.version):
        yield Phrase("tmux: `set -g allow-passthrough on` lets real type through to the terminal around it.")
    elif capabilities.multiplexer == "tmux" and capabilities.pictures_blocked:
        yield Phrase("Outside tmux, this terminal shows real type.")
        if not terminal.keeps_sixel_in_tmux:
            yield Phrase("tmux: built with sixel, it also shows real type, if the font's cells are a multiple of 6 px high.")
    elif terminal.picture_advice:
        yield terminal.picture_advice
    else:
        if capabilities.multiplexer == "tmux" and capabilities.name in ("", "tmux"):  # the terminal around tmux is unknown
            yield Phrase("Outside tmux, this terminal may show real type.")
        yield Phrase("Real type needs a terminal that can show pictures, such as kitty, Ghostty, foot, Konsole, WezTerm or iTerm2.")
