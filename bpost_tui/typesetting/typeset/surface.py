"""The cell token: how a cell of a strip names a piece of set type.

A surface is set type in whole cells. A widget's strip holds one private-use code point a cell (planes 15 and 16), which names
*surface, row, column*: to Textual and Rich it is ordinary text one cell wide, so scrolling, cropping and overlap just work, and no
tint or filter can change what it names. At the output boundary (`typesetting.terminal.output_boundary`) spans of tokens become
what the terminal takes. An app lets no private-use character of these planes in from outside, so nothing from there is a token.
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
"""Red, green, blue, 0 to 255."""

FIRST_TOKEN = 0xF0000
LAST_TOKEN = 0x10FFFD
_RESERVED = range(0xFFFFE, 0x100000)  # two noncharacters between the planes


class InkLayer(NamedTuple):
    """What one ink covers of a surface."""

    colour: Colour
    mask: bytes
    """Coverage, one byte a pixel, row-major, width_px × height_px of the surface; 0 is none."""


class CellWord(NamedTuple):
    """A word in cells: what is written in the render mode `cells`, and what is copied of it."""

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
    source: str = ""
    """What is copied: the source's text, with the white that follows it; nothing of a bullet or a rule."""
    order: int = 0
    """Where it is read among the words of its row, if that isn't from left to right."""


@dataclass(eq=False)
class Surface:
    """Set type, or a picture, of exactly cols × rows cells; type is drawn when first needed."""

    cols: int
    rows: int
    cell_w: int
    """Pixels (or dots) a cell is wide; 1 in the render mode `cells`, where there is nothing to draw."""
    cell_h: int
    words: tuple[tuple[CellWord, ...], ...]
    """The source text, row by row. Where type is drawn, a line belongs to the row its baseline falls in."""
    draw: Callable[[], tuple[InkLayer, ...]] = field(repr=False, default=tuple)
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
    def layers(self) -> tuple[InkLayer, ...]:
        """The inks as drawn, in the order in which they are painted."""
        return self.draw()

    def drop_layers(self) -> None:
        """Forget what was drawn, once the terminal has it: half a megabyte a story."""
        self.__dict__.pop("layers", None)


class ScreenMap:
    """Which surfaces are where on the screen, by its rows and columns of cells: as the last frame has left it."""

    def __init__(self) -> None:
        self._rows: dict[int, list[tuple[int, int, frozenset[Surface]]]] = {}

    def paint(self, row: int, first: int, end: int, surfaces: frozenset[Surface], *, is_whole: bool = True) -> None:
        """Note what was painted over some columns of a row; where only a part of them was, what was there may still be there."""
        spans = self._rows.get(row, [])
        if is_whole:
            left = [(at, min(stop, first), there) for at, stop, there in spans if at < first]
            right = [(max(at, end), stop, there) for at, stop, there in spans if stop > end]
            spans = [*left, *right]
        if surfaces and (first, end, surfaces) not in spans:
            spans.append((first, end, surfaces))
        self._rows[row] = spans

    def surfaces(self) -> set[Surface]:
        """Return all that are there."""
        return {surface for spans in self._rows.values() for _, _, surfaces in spans for surface in surfaces}

    def clear(self) -> None:
        """Note that the screen is blank."""
        self._rows.clear()


OverLimitCallback = Callable[[int, int, int], object]
"""Is called where what is on the screen is too much by itself, with bytes, the limit and how many surfaces that are."""


class SurfaceTable:
    """Gives the rows of surfaces their tokens, and evicts surfaces when memory runs out: the one asked for least lately first.

    What is on the screen, or was asked for since the last frame, is never evicted. A number names one row for as long as
    `generation` stays: who keeps strips longer has to have them made again.

    Not thread-safe: strips are made, and frames written, on one thread.
    """

    def __init__(self, *, max_bytes: int = 64 << 20, over_limit: OverLimitCallback = lambda held, limit, in_sight: None) -> None:
        self._max_bytes = max_bytes
        self._over_limit = over_limit
        self.retained_bytes = 0
        """What a terminal needs for all surfaces that weren't evicted, decoded."""
        self._tokens: OrderedDict[Surface, dict[int, str]] = OrderedDict()
        """The tokens of those of its rows that were asked for."""
        self._starts: list[int] = []
        self._rows: list[tuple[Surface, int] | None] = []
        """What each start names; None where the surface was evicted."""
        self._next = FIRST_TOKEN
        self._used_this_frame: set[Surface] = set()
        """Since the last frame."""
        self._evicted: dict[Surface, None] = {}
        self._is_over = False
        self.screen = ScreenMap()
        self.generation = 0
        """Counts how often all numbers were used up, and given again from the first."""

    def tokens(self, surface: Surface, row: int) -> str:
        """Return `surface.cols` tokens naming the cells of one row.

        Raises:
            ValueError: The row has more cells than there are tokens.
        """
        if not surface.cols:  # it has no token, and mustn't take another's
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
        """Return (surface, row, column) of a token; None where its surface was evicted."""
        code = ord(token)
        at = bisect_right(self._starts, code) - 1
        named = self._rows[at] if at >= 0 else None
        if named is None or code - self._starts[at] >= named[0].cols:
            return None
        surface, row = named
        return surface, row, code - self._starts[at]

    def spans(self, tokens: str) -> Iterator[tuple[Surface | None, int, int, int]]:
        """Group tokens into (surface, row, column, count); the surface is None where tokens name nothing any more.

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
        """Note that a frame was composed, and that `screen` knows what it shows."""
        self._used_this_frame.clear()

    def take_evicted(self) -> list[Surface]:
        """Return the surfaces that were evicted and no longer are on the screen; each once."""
        if not self._evicted:
            return []
        standing = self.screen.surfaces()
        gone = [surface for surface in self._evicted if surface not in standing]
        for surface in gone:
            del self._evicted[surface]
        return gone

    def clear(self) -> None:
        """Evict everything: for another theme, cell size or render mode."""
        for surface in tuple(self._tokens):
            self._evict(surface)
        self._used_this_frame.clear()

    def _admit(self, surface: Surface) -> None:
        self.retained_bytes += _cost(surface)
        self._tokens[surface] = {}
        self._evicted.pop(surface, None)  # the terminal still has it
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
        """Take all numbers back; every strip that was made is void."""
        self.generation += 1
        self._next = FIRST_TOKEN
        self._starts.clear()
        self._rows.clear()
        for rows in self._tokens.values():
            rows.clear()


def _common_prefix_length(tokens: str, others: str) -> int:
    return next(at for at, (token, other) in enumerate(zip(tokens, others, strict=True)) if token != other)


def _cost(surface: Surface) -> int:
    return 4 * surface.width_px * surface.height_px  # as RGBA, to which terminals decode it
