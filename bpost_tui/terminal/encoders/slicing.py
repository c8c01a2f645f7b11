"""What the encoders that send pictures of slices share: blank edges stay spaces, and what was encoded once is remembered."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from weakref import WeakKeyDictionary

from bpost_tui.terminal.encoders.encoder import Encoder, Run, spaces
from bpost_tui.terminal.encoders.ink import InkMap, painted
from bpost_tui.terminal.sgr import mix
from bpost_tui.typeset.surface import Colour, Surface

_REMEMBERED = 256
"""Runs of one surface."""

Key = tuple[int, int, int, bool]
"""Row, first column, columns, whether it may be the last row."""
Picture = Callable[[Sequence[Colour]], str]
"""Returns what draws a picture from the cursor on, in these colours, the first of them paper."""


@dataclass(frozen=True, slots=True)
class _Slice:
    """A run as it was encoded, but for its paper: the cursor's row of a list is the same picture on another."""

    picture: Picture
    inks: tuple[Colour, ...]
    palette: tuple[Colour, ...] | None = None
    """Of a photo, which has neither inks nor paper."""


class SlicingEncoder(Encoder):
    """Shows each run as a picture of its own, blended on the run's background, over cells of that background."""

    WIDEST_PX: int | None = None
    """The widest picture that is shown whole, if there is a limit; a wider run is several."""

    def __init__(self, paper: Colour) -> None:
        self._paper = paper
        self._ink_map = InkMap()
        self._slices: WeakKeyDictionary[Surface, dict[Key, _Slice]] = WeakKeyDictionary()

    def encode(self, run: Run) -> str:
        """Return blank cells, with a picture over those from the first to the last that has ink."""
        return "".join(map(self._encoded, self._parts(run)))

    def prepare(self, surface: Surface) -> Iterator[None]:
        """Encode a surface's whole rows."""
        for row in range(surface.rows):
            for part in self._parts(Run(surface, row, 0, surface.cols)):
                before, count, _ = self._edges(part)
                if count > 0:
                    self._slice(surface, (row, part.column + before, count, False))
            yield

    def _parts(self, run: Run) -> Iterator[Run]:
        """Yield a run, or where it is wider than any picture may be, its parts."""
        most = run.count if self.WIDEST_PX is None else max(1, self.WIDEST_PX // run.surface.cell_w)
        if run.count <= most:
            yield run
            return
        for at in range(0, run.count, most):
            yield replace(run, column=run.column + at, count=min(most, run.count - at))

    def _encoded(self, run: Run) -> str:
        before, count, after = self._edges(run)
        if count <= 0:
            return spaces(run, run.count)
        known = self._slice(run.surface, (run.row, run.column + before, count, run.last_row))
        colours = known.palette
        if colours is None:
            colours = _blended(run.style.background or self._paper, known.inks, self._shades(len(known.inks)))
        picture = known.picture(colours)
        # what stands right of a picture is written after it, since Konsole clears one cell more than the picture has
        return f"{spaces(run, before)}\x1b7{self._ground(run)}{' ' * count}\x1b8{picture}\x1b8\x1b[{count}C{' ' * after}"

    def _edges(self, run: Run) -> tuple[int, int, int]:
        """Return how many cells of a run stand before its ink, from its first to its last, and after it."""
        inked = self._inked(run)
        before, after = len(inked) - len(inked.lstrip(b"\0")), len(inked) - len(inked.rstrip(b"\0"))
        return before, run.count - before - after, after

    def _ground(self, run: Run) -> str:
        """Return the rendition of the cells under a picture, where it isn't the run's."""
        return ""

    def _inked(self, run: Run) -> bytes:
        return self._ink_map.rows(run.surface)[run.row][run.column : run.column + run.count]

    def _slice(self, surface: Surface, key: Key) -> _Slice:
        slices = self._slices.setdefault(surface, {})
        if key not in slices:
            if len(slices) >= _REMEMBERED:
                slices.clear()
            slices[key] = self._draw(surface, key)
        return slices[key]

    def _draw(self, surface: Surface, key: Key) -> _Slice:
        row, column, count, last_row = key
        if surface.photo is not None:
            wide, high = surface.cell_w, surface.cell_h
            part = surface.photo.crop(column * wide, row * high, count * wide, high)
            picture = self._picture(count, high, part.width_px, part.pixels, len(part.palette), last_row)
            return _Slice(picture, (), part.palette)
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
        indices = painted(masks, right - left, shades)
        colours = 1 + len(inks) * shades
        return _Slice(self._picture(count, surface.cell_h, right - left, indices, colours, last_row), tuple(inks))

    @abstractmethod
    def _shades(self, inks: int) -> int:
        """Return into how many shades each ink is divided, its full colour among them."""

    @abstractmethod
    def _picture(self, cells: int, height: int, width: int, indices: bytes, colours: int, last_row: bool) -> Picture:
        """Return a picture of one index a pixel, the first colour being paper; without colours, the red, green and blue of each."""


@lru_cache(maxsize=64)
def _blended(paper: Colour, inks: tuple[Colour, ...], shades: int) -> tuple[Colour, ...]:
    """Return paper, and the shades of each ink on it."""
    return paper, *(mix(paper, ink, (step + 1) / shades) for ink in inks for step in range(shades))
