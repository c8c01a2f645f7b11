"""Interface of encoders, and the base class of encoders that send a picture for each span (neighbouring cells of a row)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from weakref import WeakKeyDictionary

from bpost_tui.typesetting.terminal.encoders.ink_map import InkMap, palette_indices
from bpost_tui.typesetting.terminal.sgr import NO_BACKGROUND, Background, mix
from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.typesetting.typeset.surface import Colour, Surface

_MAX_SLICES = 256
"""Maximum number of slices (encoded parts of a row) cached for one surface, a drawing of typeset text or of a picture."""

SliceKey = tuple[int, int, int, bool]
"""Key of a cached slice (encoded part of a row): (row, first column, number of columns, whether it may be in the last row)."""
Picture = Callable[[Sequence[Colour]], str]
"""Function that returns the commands to draw a picture at the cursor, given a palette whose first colour is the background."""


class CellSpan(NamedTuple):
    """Span to encode: neighbouring cells in one row of a surface (drawing of typeset text or of a picture), on one background."""

    surface: Surface
    row: int
    column: int
    cells: int
    """Number of cells; `column + cells` is at most the width of the surface (drawing of text or of a picture)."""
    background: Background = NO_BACKGROUND
    last_row: bool = False
    """Whether the span may be in the last row of the screen, where some pictures would scroll the screen."""
    is_continued: bool = False
    """Whether the cells directly right of the span are drawn next, on another background, as at the edge of a selection."""


def inked_span(ink_map: InkMap, span: CellSpan) -> bytes:
    """Return a byte for each cell of `span`: 1 if anything is drawn in it, else 0."""
    return ink_map.rows(span.surface)[span.row][span.column : span.column + span.cells]


def blank_ends(inked: bytes) -> tuple[int, int]:
    """Return the numbers of blank cells at the left and right end of a span; both are its length if it is wholly blank.

    `inked` has a byte for each cell: 0 if the cell is blank, else 1.
    """
    return len(inked) - len(inked.lstrip(b"\0")), len(inked) - len(inked.rstrip(b"\0"))


class Encoder(ABC):
    """Encoder of spans (neighbouring cells of a row) for one kind of terminal. Pure: returns strings, does no input or output."""

    IMAGE_ID_IN_FOREGROUND = False
    """Whether foreground colours in the encoder's output are numbers of images, so that no filter may change these colours."""
    uses_few_shades = False
    """Whether pictures are sent with few shades of each colour of type, because the connection to the terminal is slow."""

    @abstractmethod
    def encode(self, span: CellSpan) -> str:
        """Return the commands that draw the cells of `span` at the cursor and leave the cursor directly right of them.

        Blanks written after these commands get the span's background. All other attributes of text (colour, bold …) are undefined:
        the caller (`output_boundary`) must set them again.
        """

    def prepare(self, surface: Surface) -> Iterator[None]:
        """Encode a surface (drawing of text or of a picture) ahead of time, a part per iteration, so that showing it is quick.

        Nothing is sent to the terminal.
        """
        surface.layers  # noqa: B018 -- draws
        yield

    def blanks(self, count: int) -> str:
        """Return `count` blank cells, drawn in the attributes (colour, bold …) that are set in the terminal."""
        return " " * count

    def sends_picture(self, span: CellSpan) -> bool:
        """Whether encoding `span` (neighbouring cells of a row) sends a picture, not only references to pictures sent before."""
        return True

    def take_uploads(self) -> str:
        """Return the commands that upload the pictures for all spans (cells of a row) encoded since the last call.

        The commands must be sent before the encoded spans. The result is "" if the terminal has all these pictures already, or if
        the encoded spans contain their pictures.
        """
        return ""

    def free(self, surfaces: Iterable[Surface]) -> str:
        """Return the commands that delete the pictures of these surfaces (drawings) in the terminal; "" if it keeps none."""
        return ""

    def free_all(self) -> str:
        """Return the commands that delete all pictures in the terminal ("" if it keeps none). They are sent again if needed."""
        return ""


def spaces(span: CellSpan, count: int) -> str:
    """Return `count` blank cells with the background of `span` (neighbouring cells of a row)."""
    return f"{rendition(span.background.sgr)}{' ' * count}"


def rendition(*parameters: str) -> str:
    """Return the SGR sequence that resets all attributes of text, and then sets the `parameters` that aren't empty."""
    return f"\x1b[{';'.join(('0', *filter(None, parameters)))}m"


class _Slice(NamedTuple):
    """Encoded part of a row, without its background colour, so that it serves for a list's row both with and without the cursor."""

    picture: Picture
    inks: tuple[Colour, ...]
    shades: int = 0
    """Number of shades of each colour of type."""
    palette: tuple[Colour, ...] | None = None
    """Palette of a photo; None for typeset text, whose colours depend on the background."""


class SlicingEncoder(Encoder):
    """Encoder that shows each span (neighbouring cells of a row) as a picture of its own, blended with the span's background.

    Blank cells at either end of a span are written as spaces, and encoded pictures are cached.
    """

    MAX_WIDTH_PX: int | None = None
    """Maximum width in pixels of a picture that the terminal shows whole, or None for no limit. A wider span becomes several
    pictures.
    """

    def __init__(self, paper: Colour) -> None:
        self._paper = paper
        self._ink_map = InkMap()
        self._slices: WeakKeyDictionary[Surface, dict[SliceKey, _Slice]] = WeakKeyDictionary()

    def encode(self, span: CellSpan) -> str:
        """Return spaces for the blank cells at both ends of `span`, and a picture for the cells between them."""
        return "".join(map(self._encoded, self._parts(span)))

    def sends_picture(self, span: CellSpan) -> bool:
        """Whether anything is drawn in `span` (neighbouring cells of a row). Only then is a picture sent for it."""
        return any(self._inked(span))

    def prepare(self, surface: Surface) -> Iterator[None]:
        """Encode a surface (drawing of text or of a picture) ahead of time, a whole row per iteration."""
        for row in range(surface.rows):
            for part in self._parts(CellSpan(surface, row, 0, surface.cols)):
                before, count, _ = self._edges(part)
                if count > 0:
                    self._slice(surface, (row, part.column + before, count, False))
            yield

    def _parts(self, span: CellSpan) -> Iterator[CellSpan]:
        """Yield `span`, or several parts of it if it is wider than `MAX_WIDTH_PX`."""
        most = span.cells if self.MAX_WIDTH_PX is None else max(1, self.MAX_WIDTH_PX // span.surface.cell_w)
        if span.cells <= most:
            yield span
            return
        for at in range(0, span.cells, most):
            yield span._replace(column=span.column + at, cells=min(most, span.cells - at))

    def _encoded(self, span: CellSpan) -> str:
        before, count, after = self._edges(span)
        if count <= 0:
            return spaces(span, span.cells)
        cut = self._slice(span.surface, (span.row, span.column + before, count, span.last_row))
        colours = cut.palette
        if colours is None:
            colours = blended(span.background.colour or self._paper, cut.inks, cut.shades)
        picture = cut.picture(colours)
        # cells right of the picture are written after it, since Konsole clears one cell more than the picture has
        return f"{spaces(span, before)}\x1b7{self._under_picture()}{' ' * count}\x1b8{picture}\x1b8\x1b[{count}C{' ' * after}"

    def _edges(self, span: CellSpan) -> tuple[int, int, int]:
        """Return how many cells of `span` are blank at its left end, lie between the blank ends, and are blank at its right end.

        If all cells are blank, each end counts all of them, so the second number isn't positive.
        """
        before, after = blank_ends(self._inked(span))
        return before, span.cells - before - after, after

    def _under_picture(self) -> str:
        """Return the SGR sequence for the spaces over which a picture is drawn, or "" if they have the span's background."""
        return ""

    def _inked(self, span: CellSpan) -> bytes:
        return inked_span(self._ink_map, span)

    def _slice(self, surface: Surface, key: SliceKey) -> _Slice:
        slices = self._slices.setdefault(surface, {})
        if key not in slices:
            if len(slices) >= _MAX_SLICES:
                slices.clear()
            slices[key] = self._draw(surface, key)
        return slices[key]

    def _draw(self, surface: Surface, key: SliceKey) -> _Slice:
        row, column, count, last_row = key
        if surface.photo is not None:
            wide, high = surface.cell_w, surface.cell_h
            part = surface.photo.crop(column * wide, row * high, count * wide, high)
            picture = self._picture(count, high, part.width_px, part.pixels, len(part.palette), last_row)
            return _Slice(picture, (), palette=part.palette)
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
        indices = palette_indices(masks, right - left, shades)
        colours = 1 + len(inks) * shades
        return _Slice(self._picture(count, surface.cell_h, right - left, indices, colours, last_row), tuple(inks), shades)

    @abstractmethod
    def _shades(self, inks: int) -> int:
        """Return the number of shades per colour of type, the full colour included, for a picture with `inks` colours of type."""

    @abstractmethod
    def _picture(self, cells: int, height: int, width: int, indices: bytes, colours: int, last_row: bool) -> Picture:
        """Return the function that draws a picture of height × width pixels, `cells` cells wide.

        `indices` has one palette index per pixel, and index 0 is the background. `colours` is the number of colours of the palette.
        If it is 0, `indices` has red, green and blue of each pixel instead. `last_row` is whether the picture may be in the
        screen's last row.
        """


@lru_cache(maxsize=64)
def blended(paper: Colour, inks: tuple[Colour, ...], shades: int) -> tuple[Colour, ...]:
    """Return a palette: the background colour `paper`, then for each of `inks` (colours of type) its `shades` shades on `paper`."""
    return paper, *(mix(paper, ink, (step + 1) / shades) for ink in inks for step in range(shades))
