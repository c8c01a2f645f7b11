"""Surfaces of set type, and cell tokens: characters in a strip that name cells of a surface.

A surface is set type in whole cells. A widget's strip holds one private-use code point a cell (planes 15 and 16), the token, which
names surface, row and column. At the output boundary (`typesetting.terminal.output_boundary`) spans of tokens become the sequences
of this terminal.

The obvious way is to send pictures past Textual, which then neither moves nor covers them. The next way is to name them in the
style of blank cells, which tints and filters change, for example on a screen under a dialog. A token is an ordinary character one
cell wide to Textual and Rich: scrolling, cropping and overlap just work, and no tint changes its meaning.

There are 131,068 tokens, two planes without reserved ones, so `SurfaceTable` gives them by rows of surfaces, in increasing order;
looking a token up is a bisection. Once they are used up, they are given again from the first, and all strips made before are void:
`generation` shows that to widgets and painter. Surfaces are evicted by memory, not by tokens: the least recently used go first once
all of them take 64 MiB as RGBA. A surface on the screen is never evicted, since a frame may show its picture again. An app must
strip private-use characters of these planes from foreign text, so that nothing from outside is a token.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from bpost_tui.typesetting.typeset.photo import Photo

Colour = tuple[int, int, int]
"""Colour as red, green and blue, 0 to 255."""

FIRST_TOKEN = 0xF0000
LAST_TOKEN = 0x10FFFD
_RESERVED = range(0xFFFFE, 0x100000)  # two noncharacters between the planes


class InkLayer(NamedTuple):
    """Coverage of a surface by one ink."""

    colour: Colour
    mask: bytes
    """Coverage, one byte a pixel, row-major, width_px × height_px of the surface; 0 is none."""


class CellWord(NamedTuple):
    """Word in cells: its text in the render mode `cells`, and its source for copying."""

    column: int
    """First cell of the word in the surface."""
    cells: int
    """Number of cells for the word; never less than any terminal's own width for it."""
    text: str
    colour: Colour
    bold: bool = False
    underline: bool = False
    is_reversed: bool = False
    strike: bool = False
    source: str = ""
    """Source text for copying, with the white after it; empty for a bullet or a rule."""
    order: int = 0
    """Position in reading order among the words of its row, if that isn't from left to right."""


@dataclass(eq=False)
class Surface:
    """Set type, or a picture, of exactly cols × rows cells; type is drawn when first needed."""

    cols: int
    rows: int
    cell_w: int
    """Width of a cell in pixels or dots; 1 in the render mode `cells`, without drawing."""
    cell_h: int
    words: tuple[tuple[CellWord, ...], ...]
    """Words row by row; a line of drawn type belongs to its baseline's row."""
    draw: Callable[[], tuple[InkLayer, ...]] = field(repr=False, default=tuple)
    """Function that rasterises the type, perhaps in another thread; called once, and again after `drop_layers`."""
    photo: Photo | None = field(default=None, repr=False)
    """Picture that covers the whole surface, in place of inks."""

    @property
    def width_px(self) -> int:
        """Width in pixels."""
        return self.cols * self.cell_w

    @property
    def height_px(self) -> int:
        """Height in pixels."""
        return self.rows * self.cell_h

    @cached_property
    def layers(self) -> tuple[InkLayer, ...]:
        """Inks as drawn, in the order of painting."""
        return self.draw()

    def drop_layers(self) -> None:
        """Drop the drawn layers, half a megabyte a story, after the terminal got them."""
        self.__dict__.pop("layers", None)


class ScreenMap:
    """Map of the surfaces on the screen by rows and columns of cells, after the last frame."""

    def __init__(self) -> None:
        self._rows: dict[int, list[tuple[int, int, frozenset[Surface]]]] = {}

    def paint(self, row: int, first: int, end: int, surfaces: frozenset[Surface], *, is_whole: bool = True) -> None:
        """Record surfaces painted over columns of a row; unless `is_whole`, surfaces painted there before may still be seen."""
        spans = self._rows.get(row, [])
        if is_whole:
            left = [(at, min(stop, first), there) for at, stop, there in spans if at < first]
            right = [(max(at, end), stop, there) for at, stop, there in spans if stop > end]
            spans = [*left, *right]
        if surfaces and (first, end, surfaces) not in spans:
            spans.append((first, end, surfaces))
        self._rows[row] = spans

    def surfaces(self) -> set[Surface]:
        """Return all surfaces on the screen."""
        return {surface for spans in self._rows.values() for _, _, surfaces in spans for surface in surfaces}

    def clear(self) -> None:
        """Record that the screen is blank."""
        self._rows.clear()


OverLimitCallback = Callable[[int, int, int], object]
"""Callback if the surfaces in sight alone exceed the limit: (bytes, limit, number of surfaces)."""


class SurfaceTable:
    """Table that gives tokens to rows of surfaces, and evicts the least recently used surfaces when memory runs out.

    Surfaces on the screen, or used since the last frame, are never evicted. A token names the same row while `generation` is
    unchanged; strips kept for longer must be made again.

    Not thread-safe: strips are made, and frames written, on one thread.
    """

    def __init__(self, *, max_bytes: int = 64 << 20, over_limit: OverLimitCallback = lambda held, limit, in_sight: None) -> None:
        self._max_bytes = max_bytes
        self._over_limit = over_limit
        self.retained_bytes = 0
        """Bytes that a terminal needs for all surfaces not evicted, decoded."""
        self._tokens: OrderedDict[Surface, dict[int, str]] = OrderedDict()
        """Tokens of the rows used of each surface; least recently used surfaces first."""
        self._starts: list[int] = []
        self._rows: list[tuple[Surface, int] | None] = []
        """Surface and row whose tokens begin at each of `_starts`; None if the surface was evicted."""
        self._next = FIRST_TOKEN
        self._used_this_frame: set[Surface] = set()
        """Surfaces used since the last frame."""
        self._evicted: dict[Surface, None] = {}
        self._is_over = False
        self.screen = ScreenMap()
        self.generation = 0
        """Number of times that all tokens were used up and given again from the first."""

    def tokens(self, surface: Surface, row: int) -> str:
        """Return `surface.cols` tokens that name the cells of one row.

        Raises:
            ValueError: The row has more cells than there are tokens.
        """
        if not surface.cols:  # without cells it has no token, and must not take another's
            return ""
        if surface not in self._tokens:
            self._admit(surface)
        self._tokens.move_to_end(surface)
        self._used_this_frame.add(surface)
        rows = self._tokens[surface]
        if row not in rows:
            rows[row] = self._numbered(surface, row)
        return rows[row]

    def find(self, token: str) -> tuple[Surface, int, int] | None:
        """Return (surface, row, column) of a token, or None if its surface was evicted."""
        code = ord(token)
        at = bisect_right(self._starts, code) - 1
        named = self._rows[at] if at >= 0 else None
        if named is None or code - self._starts[at] >= named[0].cols:
            return None
        surface, row = named
        return surface, row, code - self._starts[at]

    def spans(self, tokens: str) -> Iterator[tuple[Surface | None, int, int, int]]:
        """Group tokens into (surface, row, column, count); the surface is None for tokens of evicted surfaces.

        Twelve tokens may be eight cells of one surface's row and four of another's.
        """
        at = 0
        while at < len(tokens):
            found = self.find(tokens[at])
            if found is None:
                yield None, 0, 0, 1
                at += 1
                continue
            surface, row, column = found
            most = min(len(tokens) - at, surface.cols - column)
            whole = self._tokens[surface][row][column : column + most]
            count = most if tokens.startswith(whole, at) else _common_prefix_length(tokens[at : at + most], whole)
            yield surface, row, column, count
            at += count

    def frame_composed(self) -> None:
        """Record that a frame was composed, after `screen` was updated."""
        self._used_this_frame.clear()

    def take_evicted(self) -> list[Surface]:
        """Return the evicted surfaces that are no longer on the screen, each once."""
        if not self._evicted:
            return []
        on_screen = self.screen.surfaces()
        gone = [surface for surface in self._evicted if surface not in on_screen]
        for surface in gone:
            del self._evicted[surface]
        return gone

    def clear(self) -> None:
        """Evict all surfaces: for another theme, cell size or render mode."""
        for surface in tuple(self._tokens):
            self._evict(surface)
        self._used_this_frame.clear()

    def _admit(self, surface: Surface) -> None:
        self.retained_bytes += _cost(surface)
        self._tokens[surface] = {}
        self._evicted.pop(surface, None)  # its picture is still in the terminal
        if self.retained_bytes > self._max_bytes:
            self._make_room(self._used_this_frame | self.screen.surfaces() | {surface})

    def _make_room(self, needed: set[Surface]) -> None:
        for surface in tuple(self._tokens):
            if surface not in needed:
                self._evict(surface)
            if self.retained_bytes <= self._max_bytes:
                self._is_over = False
                return
        if not self._is_over:
            self._is_over = True
            self._over_limit(self.retained_bytes, self._max_bytes, len(needed))

    def _evict(self, surface: Surface) -> None:
        for tokens in self._tokens.pop(surface).values():
            self._rows[bisect_right(self._starts, ord(tokens[0])) - 1] = None
        self.retained_bytes -= _cost(surface)
        self._evicted[surface] = None

    def _numbered(self, surface: Surface, row: int) -> str:
        cols = surface.cols
        if cols > _RESERVED.start - FIRST_TOKEN:
            raise ValueError(f"a row of {cols} cells has more cells than a plane has tokens")
        if self._next < _RESERVED.stop and self._next + cols > _RESERVED.start:
            self._next = _RESERVED.stop
        if self._next + cols > LAST_TOKEN + 1:
            self.new_generation()
        first, self._next = self._next, self._next + cols
        self._starts.append(first)
        self._rows.append((surface, row))
        return "".join(map(chr, range(first, first + cols)))

    def new_generation(self) -> None:
        """Take all tokens back; all strips made before are void."""
        self.generation += 1
        self._next = FIRST_TOKEN
        self._starts.clear()
        self._rows.clear()
        for rows in self._tokens.values():
            rows.clear()


def _common_prefix_length(tokens: str, others: str) -> int:
    return next(at for at, (token, other) in enumerate(zip(tokens, others, strict=True)) if token != other)


def _cost(surface: Surface) -> int:
    return 4 * surface.width_px * surface.height_px  # as RGBA, since terminals decode it
