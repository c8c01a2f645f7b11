"""The cell token: how a cell of a strip names a piece of set type.

A surface is set type in whole cells. A widget's strip holds one private-use code point a cell (planes 15 and 16), which names
*surface, row, column*: to Textual and Rich it is ordinary text one cell wide, so scrolling, cropping and overlap just work, and no
tint or filter can change what it names. At the output boundary (`terminal.output`) spans of tokens become what the terminal takes.
The gate at the other end (`model.sanitize`) lets no private-use character of these planes in, so nothing from outside is a token.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from bpost_tui.model.picture import Photo

Colour = tuple[int, int, int]
"""Red, green, blue, 0 to 255."""

FIRST_TOKEN = 0xF0000
LAST_TOKEN = 0x10FFFD
_HOLE = range(0xFFFFE, 0x100000)  # two noncharacters between the planes


class Layer(NamedTuple):
    """What one ink covers of a surface."""

    colour: Colour
    mask: bytes
    """Coverage, one byte a pixel, row-major, width_px × height_px of the surface; 0 is none."""


class Word(NamedTuple):
    """Source text in cells: what is written in the render mode `cells`, and what is copied."""

    column: int
    """Its first cell in the surface."""
    cells: int
    """How many cells it may take; never less than any terminal's own width for it."""
    text: str
    colour: Colour
    bold: bool = False
    underline: bool = False
    is_reversed: bool = False
    strike: bool = False


@dataclass(eq=False)
class Surface:
    """Set type, or a picture, of exactly cols × rows cells; type is drawn when first needed."""

    cols: int
    rows: int
    cell_w: int
    """Pixels (or dots) a cell is wide; 1 in the render mode `cells`, where there is nothing to draw."""
    cell_h: int
    words: tuple[tuple[Word, ...], ...]
    """The source text, row by row. Where type is drawn, a line belongs to the row its baseline falls in."""
    draw: Callable[[], tuple[Layer, ...]] = field(repr=False, default=tuple)
    """Rasterises, possibly in another thread; called once, and again after `drop_layers`."""
    photo: Photo | None = field(default=None, repr=False)
    """A picture that covers all of it, in place of inks."""

    @property
    def width_px(self) -> int:
        """The width in pixels."""
        return self.cols * self.cell_w

    @property
    def height_px(self) -> int:
        """The height in pixels."""
        return self.rows * self.cell_h

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        """The inks as drawn, in the order in which they are painted."""
        return self.draw()

    def drop_layers(self) -> None:
        """Forget what was drawn, once the terminal has it: half a megabyte a story."""
        self.__dict__.pop("layers", None)


class SurfaceTable:
    """Gives surfaces their tokens, and evicts the one unseen for longest when tokens or memory run out.

    Not thread-safe: strips are made, and frames written, on one thread.
    """

    def __init__(self, *, max_bytes: int = 64 << 20) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._start: OrderedDict[Surface, int] = OrderedDict()
        self._starts: list[int] = []
        self._by_start: dict[int, Surface] = {}
        self._evicted: list[Surface] = []

    def tokens(self, surface: Surface, row: int) -> str:
        """Return `surface.cols` tokens naming the cells of one row.

        Raises:
            ValueError: The surface has more cells than there are tokens.
        """
        if not surface.cols:  # it has no token, and mustn't take another's
            return ""
        start = self._start.get(surface)
        if start is None:
            start = self._admit(surface)
        self._start.move_to_end(surface)
        first = start + row * surface.cols
        return "".join(map(chr, range(first, first + surface.cols)))

    def find(self, token: str) -> tuple[Surface, int, int] | None:
        """Return (surface, row, column) of a token; None where its surface was evicted."""
        code = ord(token)
        at = bisect_right(self._starts, code) - 1
        if at < 0:
            return None
        start = self._starts[at]
        surface = self._by_start[start]
        row, column = divmod(code - start, surface.cols)
        if row >= surface.rows:
            return None
        self._start.move_to_end(surface)
        return surface, row, column

    def take_evicted(self) -> list[Surface]:
        """Return the surfaces evicted since the last call."""
        evicted, self._evicted = self._evicted, []
        return evicted

    def clear(self) -> None:
        """Evict everything: for another theme, cell size or render mode."""
        self._evicted.extend(self._start)
        self._start.clear()
        self._starts.clear()
        self._by_start.clear()
        self._bytes = 0

    def _admit(self, surface: Surface) -> int:
        size = surface.cols * surface.rows
        if size > len(range(FIRST_TOKEN, _HOLE.start)):
            raise ValueError(f"a surface of {surface.cols} × {surface.rows} cells has more cells than a plane has tokens")
        self._bytes += _cost(surface)
        while self._bytes > self._max_bytes and self._start:
            self._evict_oldest()
        while (start := self._gap(size)) is None:
            self._evict_oldest()
        at = bisect_right(self._starts, start)
        self._starts.insert(at, start)
        self._by_start[start] = surface
        self._start[surface] = start
        return start

    def _gap(self, size: int) -> int | None:
        """Return the first of `size` free tokens in a row, none of them a noncharacter; None where there is no such gap."""
        free = FIRST_TOKEN
        for start in [*self._starts, LAST_TOKEN + 1]:
            for low, high in ((free, min(start, _HOLE.start)), (max(free, _HOLE.stop), start)):
                if high - low >= size:
                    return low
            if start <= LAST_TOKEN:
                surface = self._by_start[start]
                free = start + surface.cols * surface.rows
        return None

    def _evict_oldest(self) -> None:
        surface, start = self._start.popitem(last=False)
        self._starts.remove(start)
        del self._by_start[start]
        self._bytes -= _cost(surface)
        self._evicted.append(surface)


def _cost(surface: Surface) -> int:
    return 4 * surface.width_px * surface.height_px  # as RGBA, to which terminals decode it
