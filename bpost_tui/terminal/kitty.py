"""Kitty's graphics protocol with Unicode placeholders: a surface is sent once, and its cells are text.

Placeholders are ordinary characters, so the terminal scrolls, crops and overlaps them like text, and the background of a cell shows
through the picture. Each run names its row and column in its first cell and lets the terminal count on from there; cells without
ink are spaces. Specification: https://sw.kovidgoyal.net/kitty/graphics-protocol/
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from weakref import WeakKeyDictionary

from bpost_tui.typeset.surface import Colour, Surface

from .blending import opacities
from .diacritics import DIACRITICS
from .encoder import Encoder, Run, rendition, spaces
from .ink import inked_cells, painted
from .png import photo_png, png

PLACEHOLDER = "\U0010eeee"
MAX_CELLS = len(DIACRITICS)
"""The most rows or columns a picture can have."""
_CHUNK = 4096
_LAST_ID = 0xFFFFFF
_SHADES = 15


class KittyEncoder(Encoder):
    """Placeholders, and the pictures they stand for."""

    NUMBERS_IN_COLOURS = True

    def __init__(self, paper: Colour | None = None, *, tmux: bool = False, first_id: int = 1) -> None:
        """Take the colour behind cells that ask for none; None where the terminal mixes colours as their bytes stand."""
        self._paper = paper
        self._tmux = tmux
        self._next_id = first_id
        self._ids: dict[Surface, int] = {}
        self._free_ids: list[int] = []
        self._inked: WeakKeyDictionary[Surface, tuple[bytes, ...]] = WeakKeyDictionary()
        self._uploads: list[str] = []

    def encode(self, run: Run) -> str:
        """Return placeholders for the inked cells and spaces for the others."""
        surface = run.surface
        rows = self._inked.get(surface)
        if rows is None:
            rows = self._inked[surface] = tuple(inked_cells(surface, row) for row in range(surface.rows))
        inked = rows[run.row][run.column : run.column + run.count]
        if not any(inked):
            return spaces(run, run.count)
        number = self._ids.get(surface) or self._send(surface, run.style.background)
        colour = f"38;2;{number >> 16};{number >> 8 & 255};{number & 255}"
        return rendition(run.style.background_sgr, colour) + _cells(inked, DIACRITICS[run.row], run.column)

    def take_uploads(self) -> str:
        """Return the pictures that the last runs need for the first time."""
        uploads, self._uploads = self._uploads, []
        return "".join(uploads)

    def free(self, surfaces: Iterable[Surface]) -> str:
        """Return the commands that delete these surfaces' pictures and their data."""
        numbers = [number for surface in surfaces if (number := self._ids.pop(surface, None))]
        self._free_ids.extend(numbers)
        return "".join(self._command(f"a=d,d=I,i={number},q=2") for number in numbers)

    def free_all(self) -> str:
        """Return the commands that delete every picture."""
        self._uploads.clear()
        return self.free(list(self._ids))

    def _send(self, surface: Surface, background: Colour | None) -> int:
        number = self._ids[surface] = self._new_id()
        keys = f"a=T,U=1,i={number},f=100,c={surface.cols},r={surface.rows},q=2,"
        paper = self._paper and (background or self._paper)
        payload = base64.standard_b64encode(picture(surface, paper)).decode("ascii")
        surface.let_go()
        for at in range(0, len(payload), _CHUNK):
            more = int(at + _CHUNK < len(payload))
            self._uploads.append(self._command(f"{keys}m={more};{payload[at : at + _CHUNK]}"))
            keys = ""
        return number

    def _new_id(self) -> int:
        if self._free_ids:
            return self._free_ids.pop()
        number, self._next_id = self._next_id, self._next_id % _LAST_ID + 1
        return number

    def _command(self, body: str) -> str:
        command = f"\x1b_G{body}\x1b\\"
        return "\x1bPtmux;{}\x1b\\".format(command.replace("\x1b", "\x1b\x1b")) if self._tmux else command


def picture(surface: Surface, paper: Colour | None = None) -> bytes:
    """Return a surface as a PNG: a picture as it is, inks opaque where they cover and the paper clear.

    With a paper, it is for a terminal that blends in linear light: each shade is as opaque as makes it an even mix there.
    """
    if surface.photo is not None:
        return photo_png(surface.width_px, surface.height_px, surface.photo.pixels)  # in all its colours, see capabilities
    inks = surface.layers
    shades = min(_SHADES, 255 // max(1, len(inks)))
    indices = painted([ink.mask for ink in inks], surface.width_px, shades)
    palette = [(0, 0, 0)] + [ink.colour for ink in inks for _ in range(shades)]
    even = bytes(round(255 * (level + 1) / shades) for level in range(shades))
    alphas = (even if paper is None else opacities(paper, ink.colour, shades) for ink in inks)
    return png(surface.width_px, surface.height_px, indices, palette, b"\0" + b"".join(alphas))


def _cells(inked: bytes, row_mark: str, column: int) -> str:
    cells = ""
    follows = False
    for at, ink in enumerate(inked, column):
        if not ink:
            cells += " "
        elif follows:
            cells += PLACEHOLDER
        else:
            cells += PLACEHOLDER + row_mark + DIACRITICS[at]
        follows = bool(ink)
    return cells
