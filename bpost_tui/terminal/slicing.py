"""What the encoders that send pictures of slices share: blank edges stay spaces, and what was encoded once is remembered."""

from __future__ import annotations

from abc import abstractmethod
from weakref import WeakKeyDictionary

from bpost_tui.typeset.surface import Colour, Surface

from .encoder import Encoder, Run, spaces
from .ink import inked_cells, painted
from .sgr import mix

_REMEMBERED = 256
"""Runs of one surface."""

Key = tuple[int, int, int, Colour, bool]


class SlicingEncoder(Encoder):
    """Shows each run as a picture of its own, blended on the run's background, over cells of that background."""

    def __init__(self, paper: Colour) -> None:
        self._paper = paper
        self._pictures: WeakKeyDictionary[Surface, dict[Key, str]] = WeakKeyDictionary()

    def encode(self, run: Run) -> str:
        """Return blank cells, with a picture over those from the first to the last that has ink."""
        inked = self._inked(run)
        before, after = len(inked) - len(inked.lstrip(b"\0")), len(inked) - len(inked.rstrip(b"\0"))
        count = run.count - before - after
        if count <= 0:
            return spaces(run, run.count)
        paper = run.style.background or self._paper
        known = self._pictures.setdefault(run.surface, {})
        key = (run.row, run.column + before, count, paper, run.last_row)
        if key not in known:
            if len(known) >= _REMEMBERED:
                known.clear()
            known[key] = self._draw(run, key)
        # what stands right of a picture is written after it, since Konsole clears one cell more than the picture has
        return f"{spaces(run, before)}\x1b7{self._ground(run)}{' ' * count}\x1b8{known[key]}\x1b8\x1b[{count}C{' ' * after}"

    def _ground(self, run: Run) -> str:
        """Return the rendition of the cells under a picture, where it isn't the run's."""
        return ""

    def _inked(self, run: Run) -> bytes:
        return inked_cells(run.surface, run.row)[run.column : run.column + run.count]

    def _draw(self, run: Run, key: Key) -> str:
        row, column, count, paper, _ = key
        surface = run.surface
        if surface.photo is not None:
            wide, high = surface.cell_w, surface.cell_h
            part = surface.photo.crop(column * wide, row * high, count * wide, high)
            return self._picture(count, high, part.width_px, part.pixels, list(part.palette), run.last_row)
        width, left, right = surface.width_px, column * surface.cell_w, (column + count) * surface.cell_w
        top = row * surface.cell_h * width
        masks, inks = [], []
        for layer in surface.layers:
            lines = [layer.mask[at + left : at + right] for at in range(top, top + surface.cell_h * width, width)]
            mask = b"".join(lines)
            if mask != bytes(len(mask)):
                masks.append(mask)
                inks.append(layer.colour)
        shades = self._shades(len(inks))
        colours = [paper, *(mix(paper, ink, (step + 1) / shades) for ink in inks for step in range(shades))]
        return self._picture(count, surface.cell_h, right - left, painted(masks, right - left, shades), colours, run.last_row)

    @abstractmethod
    def _shades(self, inks: int) -> int:
        """Return into how many shades each ink is divided, its full colour among them."""

    @abstractmethod
    def _picture(self, cells: int, height: int, width: int, indices: bytes, colours: list[Colour], last_row: bool) -> str:
        """Return what draws a picture from the cursor on.

        One index a pixel, the first colour being paper; without colours, the red, green and blue of each.
        """
