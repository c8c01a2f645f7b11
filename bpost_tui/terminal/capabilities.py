"""What this terminal can do: the ladder of rungs, as a pure function of its replies and the environment."""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import Enum
from typing import Literal, NamedTuple

from bpost_tui.i18n import Reason
from bpost_tui.terminal.graphics_support import GUESSED_CELL_PX, Outer, Pictures, listed
from bpost_tui.terminal.identity import Version, identify, is_truecolour, multiplexer_of
from bpost_tui.terminal.replies import SAMPLES, Replies
from bpost_tui.terminal.sgr import environment_paper
from bpost_tui.typeset.surface import Colour

Wanted = Literal["auto", "pixels", "mosaic", "cells"]


class Rung(Enum):
    """The ways to show type, best first."""

    KITTY = "kitty"
    INLINE = "iterm2"
    SIXEL = "sixel"
    MOSAIC = "mosaic"
    CELLS = "cells"


class Mosaic(Enum):
    """Repertoires of block characters: (name, dots across a cell, dots down)."""

    OCTANT = ("octant", 2, 4)
    SEXTANT = ("sextant", 2, 3)
    QUADRANT = ("quadrant", 2, 2)
    HALF = ("half", 1, 2)
    BRAILLE = ("braille", 2, 4)

    @property
    def across(self) -> int:
        """Dots across a cell."""
        return self.value[1]

    @property
    def down(self) -> int:
        """Dots down a cell."""
        return self.value[2]


# By the names of `identify`: that a font has a character says nothing of whether neighbours join; it is known only by version.
_MOSAICS: dict[Mosaic, dict[str, Version]] = {
    Mosaic.OCTANT: {"kitty": (0, 40), "foot": (1, 20), "ghostty": (1, 2), "vte": (0, 78)},
    Mosaic.SEXTANT: {
        "kitty": (), "foot": (), "ghostty": (), "vte": (0, 62), "alacritty": (), "konsole": (22,), "wezterm": (), "contour": (),
        "rio": (), "windows terminal": (),
    },
    Mosaic.HALF: {"linux": ()},
}  # fmt: skip
_UNORDERED = frozenset({"xterm", "st", "rxvt", "alacritty", "putty", "screen"})
"""Terminals that leave pre-base vowel signs where the text has them."""
_WITHOUT_BENGALI = frozenset({"linux"})
"""Terminals whose font has no Bengali, so that cells show nothing at all."""
_EM_DOTS, _LINE_DOTS = 14, 19
"""What body type takes of a mosaic: `typeset.sizes`."""
_LEAST_EM, _LEAST_LINES = 12, 4
"""Of mosaic, bars included; in less, nobody reads."""
_EXACT: dict[str, Version] = {"foot": (1, 21)}
"""Terminals that hold to a sixel picture's stated height, as measured: a part of a band in the last row scrolls nothing."""
_SIXEL_COLOURS = 64
"""Of a picture: each takes a plane of its own. A row of 72 cells is 22 kB in 4 ms; with 255 colours it was 41 kB in 9 ms."""


class Window(NamedTuple):
    """The size of the terminal's window, as the kernel knows it (TIOCGWINSZ); pixels are often 0."""

    cols: int = 0
    rows: int = 0
    width_px: int = 0
    height_px: int = 0

    @property
    def cell_px(self) -> tuple[int, int] | None:
        """Width and height of a cell, where they are known."""
        if not (self.cols and self.rows and self.width_px >= self.cols and self.height_px >= self.rows):
            return None
        return self.width_px // self.cols, self.height_px // self.rows


class Capabilities(NamedTuple):
    """What this terminal can do."""

    name: str
    version: Version
    rung: Rung
    why: str
    """One line: why this rung."""
    cell_w_px: int
    cell_h_px: int
    truecolour: bool = True
    mosaic: Mosaic = Mosaic.QUADRANT
    samples: tuple[int, ...] = ()
    """Cells the terminal gave to each of `replies.SAMPLES`, where it was measured."""
    multiplexer: str = ""
    tells_focus: bool = True
    """Whether the reader's coming back is told."""
    is_withheld: bool = False
    """Whether it is a multiplexer that keeps pictures back, and not the terminal that takes none."""
    background: Colour | None = None
    foreground: Colour | None = None
    palette: tuple[tuple[int, Colour], ...] = ()
    """The first sixteen colours by number, as far as it told them."""
    colourless: bool = False
    """Whether the reader wants no colours (https://no-color.org)."""
    is_cramped: bool = False
    """Whether cells are taken only because the window has too little room for the mosaic that the terminal takes, too."""
    is_cell_known: bool = True
    """Whether the size of a cell was told, and isn't a guess."""

    @property
    def dot_w(self) -> int:
        """What the typesetter draws across a cell: pixels, mosaic dots, or 1 where nothing is drawn."""
        return {Rung.MOSAIC: self.mosaic.across, Rung.CELLS: 1}.get(self.rung, self.cell_w_px)

    @property
    def dot_h(self) -> int:
        """What the typesetter draws down a cell."""
        return {Rung.MOSAIC: self.mosaic.down, Rung.CELLS: 1}.get(self.rung, self.cell_h_px)

    @property
    def shows_pictures(self) -> bool:
        """Whether a picture can be shown at all; cells are words alone."""
        return self.rung is not Rung.CELLS

    @property
    def fills_last_row(self) -> bool:
        """Whether type may stand in the screen's last row: other sixel pictures scroll it, or lose what passes whole bands."""
        return self.rung is not Rung.SIXEL or (not self.multiplexer and listed(_EXACT, self.name, self.version))

    @property
    def photo_colours(self) -> int:
        """How many colours a picture may have; 0 is any."""
        return _SIXEL_COLOURS if self.rung is Rung.SIXEL else 0

    @property
    def marks_are_narrow(self) -> bool:
        """Whether marks were measured to take no cells of their own, as Rich counts them."""
        return len(self.samples) == len(SAMPLES) and self.samples[0] == 1 and self.samples[2] <= 3

    @property
    def visual_order(self) -> bool:
        """Whether letters must be sent in the order in which they are seen."""
        return self.name in _UNORDERED


def choose(
    replies: Replies, env: Mapping[str, str], wanted: Wanted = "auto", *, window: Window | None = None, outer: Outer | None = None
) -> Capabilities:
    """Return what the terminal can do, on the best rung that it takes and the reader wants.

    Args:
        replies: What the terminal answered; empty where nobody could be asked.
        env: The environment.
        wanted: What the reader chose.
        window: The window's size, if there is a window.
        outer: The terminal around tmux, if we are in one.
    """
    multiplexer = multiplexer_of(env)
    if multiplexer == "tmux" and outer is not None:
        name, version = identify(Replies(version=outer.version or None), {**env, "TERM": outer.name})
    else:
        name, version = identify(replies, env)
    known_px = _cell_px(replies, window)
    cell_w_px, cell_h_px = known_px or GUESSED_CELL_PX
    pictures = Pictures(name, version, replies, multiplexer, outer or Outer(), known_px)
    mosaic = _mosaic(name, version)
    rung, why = _rung(name, replies, env, wanted, pictures, window)
    cramped: Reason | None = None
    if rung is Rung.MOSAIC and wanted == "auto" and window is not None and name not in _WITHOUT_BENGALI:
        cramped = _cramped(mosaic, window, (cell_w_px, cell_h_px))
    return Capabilities(
        name=name,
        version=version,
        rung=Rung.CELLS if cramped else rung,
        why=Reason("{why}; {more}", why=why, more=cramped) if cramped else why,
        cell_w_px=cell_w_px,
        cell_h_px=cell_h_px,
        truecolour=is_truecolour(name, env),
        mosaic=mosaic,
        samples=replies.samples,
        multiplexer=multiplexer,
        tells_focus=outer is None or outer.tells_focus,
        is_withheld=pictures.withheld() is not None and pictures.best() is None,
        background=replies.background or environment_paper(env),
        foreground=replies.foreground,
        palette=replies.palette,
        colourless=bool(env.get("NO_COLOR")),
        is_cramped=bool(cramped),
        is_cell_known=known_px is not None,
    )


def _rung(
    name: str,
    replies: Replies,
    env: Mapping[str, str],
    wanted: Wanted,
    pictures: Pictures,
    window: Window | None,
) -> tuple[Rung, str]:
    if window is None or env.get("TERM", "dumb") == "dumb":
        return Rung.CELLS, Reason("there is no terminal that could show more")
    if not _utf8(replies, env):
        return Rung.CELLS, Reason("the terminal or the locale isn't UTF-8")
    if wanted == "cells":
        return Rung.CELLS, Reason("wanted")
    if wanted == "mosaic":
        return Rung.MOSAIC, Reason("wanted")
    best = pictures.best()
    if best is None:
        if withheld := pictures.withheld():
            return Rung.MOSAIC, withheld
        shown = name or Reason("the terminal")
        if wanted == "pixels":
            return Rung.MOSAIC, Reason("pixels are wanted, but {name} takes no pictures", name=shown)
        return Rung.MOSAIC, Reason("{name} takes no pictures", name=shown)
    return Rung(best[0]), best[1]


def _cramped(mosaic: Mosaic, window: Window, cell_px: tuple[int, int]) -> Reason | None:
    """Return why a window is too small for a mosaic; None where there is room enough to read in it."""
    dots_per_em = _EM_DOTS * math.sqrt((cell_px[1] / mosaic.down) / (cell_px[0] / mosaic.across))
    ems, lines = int(window.cols * mosaic.across / dots_per_em), window.rows * mosaic.down // _LINE_DOTS
    if not window.cols or (ems >= _LEAST_EM and lines >= _LEAST_LINES):
        return None
    return Reason("the window has room for only {lines} lines of {ems} em in mosaic", lines=lines, ems=ems)


def _mosaic(name: str, version: Version) -> Mosaic:
    return next((mosaic for mosaic, table in _MOSAICS.items() if listed(table, name, version)), Mosaic.QUADRANT)


def _cell_px(replies: Replies, window: Window | None) -> tuple[int, int] | None:
    """Return the size of a cell, where it is known. `CSI 16 t` is exact; the others may count margins."""
    if replies.cell_px or window is None:
        return replies.cell_px
    width_px, height_px = replies.area_px or (0, 0)
    return window.cell_px or window._replace(width_px=width_px, height_px=height_px).cell_px


def _utf8(replies: Replies, env: Mapping[str, str]) -> bool:
    if replies.samples:
        return max(replies.samples) <= 2 * max(map(len, SAMPLES))  # as Latin-1 each letter would take three cells
    locale = next((env[key] for key in ("LC_ALL", "LC_CTYPE", "LANG") if env.get(key)), "")
    return "utf-8" in locale.lower() or "utf8" in locale.lower()
