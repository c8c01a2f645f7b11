"""Surfaces of typeset lines, and cell tokens: characters that name cells of a surface within a widget's text.

A surface is a drawing of text, or a picture, on whole cells of the terminal. A token is a private-use character (Unicode planes 15
and 16) that names one cell of a surface: its row and column. A widget's strip (line of text) has a token for each such cell. Before
output, `typesetting.terminal.output_boundary` replaces the tokens by the terminal's sequences.

The obvious way is to send pictures without Textual, which then neither moves nor covers them. Another way is to name pictures by
the colours of blank cells, but tints and filters change colours, for example on a screen under a dialog. For Textual and Rich, a
token is an ordinary character one cell wide. So scrolling, cropping and overlap work, and no tint changes its meaning.

There are 131,068 tokens. `SurfaceTable` gives them to the rows of surfaces in increasing order, so that a bisection finds a token's
surface. After the last token, they are given again from the first, and older strips are invalid; widgets and painter notice that by
`generation`. If all surfaces take more than 64 MiB as uncompressed pixels, those unused for longest are evicted (removed). A
surface on the screen is never evicted, since a frame may show it again. An app must remove private-use characters of these planes
from foreign text, so that no such text has tokens.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from bpost_tui.typesetting.text.named_tuple import NamedTuple

if TYPE_CHECKING:
    from bpost_tui.typesetting.typeset.photo import Photo

Colour = tuple[int, int, int]
"""Colour as red, green and blue, 0 to 255."""

FIRST_TOKEN = 0xF0000
LAST_TOKEN = 0x10FFFD
_RESERVED = range(0xFFFFE, 0x100000)  # two noncharacters between the planes


class InkLayer(NamedTuple):
    """Layer of a surface (drawing of text or of a picture): the coverage of each pixel by type in one colour."""

    colour: Colour
    mask: bytes
    """Coverage of each pixel of the drawing, 0 (none) to 255: one byte a pixel, row by row from the top."""


class CellWord(NamedTuple):
    """Word in the terminal's own characters, with its source text for copying."""

    column: int
    """Column of the surface (drawing) where the word starts."""
    cells: int
    """Number of cells reserved for the word: as many as in the terminal that needs the most."""
    text: str
    colour: Colour
    bold: bool = False
    underline: bool = False
    is_reversed: bool = False
    strike: bool = False
    source: str = ""
    """Source text for copying, with the white space after it; empty for a bullet or a rule."""
    order: int = 0
    """Position of the word in reading order within its row, for rows that aren't read from left to right."""


@dataclass(eq=False)
class Surface:
    """Typeset lines or a picture, on exactly cols × rows cells. Type is drawn when its pixels are first needed."""

    cols: int
    rows: int
    cell_w: int
    """Width of a cell in pixels or dots. It is 1 in the render mode `cells`, which draws nothing."""
    cell_h: int
    words: tuple[tuple[CellWord, ...], ...]
    """Words of each row of cells. A line of drawn type belongs to the row of its baseline."""
    draw: Callable[[], tuple[InkLayer, ...]] = field(repr=False, default=tuple)
    """Function that draws the type, perhaps in another thread. It is called once, and again after `drop_layers`."""
    photo: Photo | None = field(default=None, repr=False)
    """Picture that covers the whole surface, or None for a surface of type."""

    @property
    def width_px(self) -> int:
        """Width of the drawing in pixels."""
        return self.cols * self.cell_w

    @property
    def height_px(self) -> int:
        """Height of the drawing in pixels."""
        return self.rows * self.cell_h

    @cached_property
    def layers(self) -> tuple[InkLayer, ...]:
        """Layers of the surface, one for each colour, in the order of painting."""
        return self.draw()

    def drop_layers(self) -> None:
        """Drop the drawn layers (half a megabyte for a story) once they are encoded. They are drawn again if needed."""
        self.__dict__.pop("layers", None)


class ScreenMap:
    """Map of the surfaces (drawings of text and pictures) on the screen as of the last frame, by rows and columns of cells."""

    def __init__(self) -> None:
        self._rows: dict[int, list[tuple[int, int, frozenset[Surface]]]] = {}

    def paint(self, row: int, first: int, end: int, surfaces: frozenset[Surface], *, is_whole: bool = True) -> None:
        """Record that surfaces (drawings) were painted over columns first to end - 1 of a row of the screen.

        Unless `is_whole`, the earlier surfaces in these columns stay recorded, because parts of them may still be in sight.
        """
        spans = self._rows.get(row, [])
        if is_whole:
            left = [(at, min(stop, first), there) for at, stop, there in spans if at < first]
            right = [(max(at, end), stop, there) for at, stop, there in spans if stop > end]
            spans = [*left, *right]
        if surfaces and (first, end, surfaces) not in spans:
            spans.append((first, end, surfaces))
        self._rows[row] = spans

    def surfaces(self) -> set[Surface]:
        """Return all surfaces (drawings of text or of pictures) that are on the screen."""
        return {surface for spans in self._rows.values() for _, _, surfaces in spans for surface in surfaces}

    def shows(self, row: int, surface: Surface) -> bool:
        """Whether a row of the screen shows a part of `surface`, a drawing of text or of a picture."""
        return any(surface in surfaces for _, _, surfaces in self._rows.get(row, ()))

    def spans_of(self, parts: Collection[tuple[int, Surface]]) -> Iterator[tuple[int, int, int]]:
        """Yield the stretches of the screen that show `parts`, each as (screen row, first column, column after the last).

        Each part is (screen row, surface); a surface is a drawing of text or of a picture. Parts that aren't on the screen are left
        out.
        """
        for row, spans in self._rows.items():
            for first, end, surfaces in spans:
                if any((row, surface) in parts for surface in surfaces):
                    yield row, first, end

    def clear(self) -> None:
        """Record that the screen is blank."""
        self._rows.clear()


OverLimitCallback = Callable[[int, int, int], object]
"""Function called with (bytes needed, limit, number of drawings) if the drawings on the screen need more memory than allowed."""


class SurfaceTable:
    """Table that gives tokens to the rows of surfaces; if surfaces take too much memory, it evicts those unused for longest.

    A surface is a drawing of typeset text or of a picture, and a token is a character that names one cell of a surface. Surfaces on
    the screen, or used since the last frame, are never evicted. A token names the same cell while `generation` is unchanged; strips
    kept for longer must be made again.

    Not thread-safe: strips are made, and frames written, on one thread.
    """

    def __init__(self, *, max_bytes: int = 64 << 20, over_limit: OverLimitCallback = lambda held, limit, in_sight: None) -> None:
        self._max_bytes = max_bytes
        self._over_limit = over_limit
        self.retained_bytes = 0
        """Memory in bytes that the terminal needs for all surfaces (drawings) in the table, kept as uncompressed pixels."""
        self._tokens: OrderedDict[Surface, dict[int, str]] = OrderedDict()
        """Tokens (characters for cells) in use, by surface (drawing) and row. The surface unused for longest is first."""
        self._starts: list[int] = []
        self._rows: list[tuple[Surface, int] | None] = []
        """Surface (drawing) and row whose tokens start at the code point in `_starts` with the same index; None after eviction."""
        self._next = FIRST_TOKEN
        self._used_this_frame: set[Surface] = set()
        """Surfaces (drawings) whose tokens were requested since the last frame; they aren't evicted."""
        self._evicted: dict[Surface, None] = {}
        self._is_over = False
        self.screen = ScreenMap()
        self.generation = 0
        """Number of times that tokens (characters for cells) ran out and were given again from the first.

        A change makes all older tokens invalid.
        """

    def tokens(self, surface: Surface, row: int) -> str:
        """Return the tokens (characters that each name a cell) for one row of a surface (drawing), one for each of its columns.

        The result is empty for a surface without columns.

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
        """Return (surface, row, column) of the drawing's cell that the character `token` names; None if it names none."""
        code = ord(token)
        at = bisect_right(self._starts, code) - 1
        named = self._rows[at] if at >= 0 else None
        if named is None or code - self._starts[at] >= named[0].cols:
            return None
        surface, row = named
        return surface, row, code - self._starts[at]

    def spans(self, tokens: str) -> Iterator[tuple[Surface | None, int, int, int]]:
        """Yield groups of successive tokens (characters for cells of drawings) whose cells are neighbours in a row of one drawing.

        A group is (drawing, row, first column, number of cells). A token of a removed drawing is a group of its own, with the
        drawing None. For example, twelve tokens may be eight cells of one drawing and four of another.
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
        """Record that a frame was composed: surfaces not in `screen` may now be evicted. Update `screen` before this call."""
        self._used_this_frame.clear()

    def take_evicted(self) -> list[Surface]:
        """Return the drawings that were evicted (removed from the table) and are no longer on the screen. Each is returned once."""
        if not self._evicted:
            return []
        on_screen = self.screen.surfaces()
        gone = [surface for surface in self._evicted if surface not in on_screen]
        for surface in gone:
            del self._evicted[surface]
        return gone

    def clear(self) -> None:
        """Remove all surfaces (drawings). Call this when the theme, the cell size or the render mode changes."""
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
        """Start to give tokens (characters that name cells) from the first again.

        Strips (lines of widgets) made before have wrong tokens from then on.
        """
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
