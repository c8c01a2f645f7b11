"""Renderer: draws typeset text for all widgets in the terminal's render mode.

All widgets share one renderer. A change of theme, zoom or render mode replaces its palette or typesetter and increments `version`.
Widgets compare this number to notice that their galleys (columns of typeset text) are out of date. Lengths are in cells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, pairwise
from operator import attrgetter, itemgetter

from rich.cells import cached_cell_len, get_character_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.selection import Selection
from textual.strip import Strip

from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.typesetting.typeset.items import Item, Palette, Para, Run, Size
from bpost_tui.typesetting.typeset.protocols import Galley, Typesetter
from bpost_tui.typesetting.typeset.surface import CellWord, Surface, SurfaceTable

_MAX_CACHED = 512
_PLACES = (
    *(Region.overlaps, Region.contains_region, Region.translate, Region.__contains__, Region.grow, Region.shrink),
    *(Region.intersection, Region.union, Region.split, Region.split_vertical, Region.split_horizontal),
)


class WordPlace(NamedTuple):
    """Place of a word in a galley (column of typeset lines): its row, its first column, and its number of cells."""

    row: int
    column: int
    cells: int


class Renderer:
    """Renderer that typesets items (paragraphs …) as a galley, a tall column, and returns the rows of a galley as strips.

    A strip contains tokens: characters that each name one cell of a drawing.
    """

    def __init__(
        self,
        typesetter: Typesetter,
        surfaces: SurfaceTable,
        palette: Palette,
        *,
        spare_rows: int = 0,
        photo_colours: int | None = None,
        encode: Callable[[Surface], Iterator[None]] = lambda _: iter(()),
        on_change: Callable[[], object] = lambda: None,
    ) -> None:
        """Make a renderer.

        Args:
            typesetter: Typesetter for the terminal's render mode.
            surfaces: Table that gives tokens (characters that each name one cell) to the cells of drawn text.
            palette: Colours by name.
            spare_rows: Number of rows at the bottom of the screen that must stay free of typeset text.
            photo_colours: Maximum number of colours in a picture, 0 for any number; None if pictures can't be shown.
            encode: Function that encodes drawn text for the terminal ahead of time, a part per iteration.
            on_change: Function that is called when all typeset columns have become invalid.
        """
        self.typesetter = typesetter
        self.photo_colours = photo_colours
        """Maximum number of colours in a picture, 0 for any number; None if pictures can't be shown."""
        self.reserved_rows = spare_rows
        """Number of rows at the bottom of the screen that must stay free of typeset text."""
        self.surfaces = surfaces
        self.palette = palette
        self._encode = encode
        """Function that encodes a surface (drawing) for the terminal ahead of time, a part per iteration."""
        self.version = 0
        """Number of changes of font, size or colour so far. Galleys typeset before the last change are invalid."""
        self._on_change = on_change

    def type_rows(self, rows: int) -> float:
        """Return how many lines of list text fit in `rows` rows of cells. A line in block characters is several cells high."""
        return rows / self.line_rows

    @property
    def line_rows(self) -> int:
        """Height of a line of list text, in rows of cells."""
        return self.typesetter.rows((Para((Run("ক"),), Size.ROW),))

    def change(
        self, *, typesetter: Typesetter | None = None, palette: Palette | None = None, spare_rows: int | None = None
    ) -> None:
        """Replace `typesetter`, `palette` or `spare_rows` (rows at the screen's bottom to keep free); None keeps the old value.

        All galleys (columns of typeset lines) become invalid.
        """
        self.reserved_rows = self.reserved_rows if spare_rows is None else spare_rows
        self.typesetter = typesetter or self.typesetter
        self.palette = palette or self.palette
        self.surfaces.clear()
        self.version += 1
        self._on_change()

    def set(self, items: Sequence[Item], cols: int, *, rows: int | None = None) -> Galley:
        """Typeset items (paragraphs …) as a galley (column of lines) `cols` cells wide.

        It is exactly `rows` rows high or, with None, as high as the items need.
        """
        _trim_caches()
        return self.typesetter.galley(items, max(1, cols), rows=rows)

    def prepare_items(self, items: Sequence[Item], cols: int) -> Iterator[None]:
        """Typeset items (paragraphs …) `cols` cells wide ahead of time, one per iteration, so that `set` is quick later."""
        for item in items:
            self.typesetter.rows((item,), max(1, cols))
            yield

    def prepare_rows(self, galley: Galley, rows: range, window: range | None = None) -> Iterator[None]:
        """Draw and encode rows of a galley (column of typeset lines) ahead of time, a part per iteration.

        `window` has the rows that will be in sight: lines of type that its edges would cut are left out. With None, no line is left
        out.
        """
        last: Surface | None = None
        for row in rows:
            if row < galley.rows and (surface := galley.band(row, self.palette, window).surface) is not last:
                last = surface
                yield
                yield from self._encode(surface)

    def selected(self, galley: Galley, selection: Selection) -> str:
        """Return the source text of the selected words, with blank lines between items (paragraphs, headings …)."""
        rows: list[tuple[int, str]] = []
        for row in range(galley.rows):
            text = "".join(word.source for word in self._selected(galley, selection, row))
            rows.append((galley.item_at(row), text))
        items = ("".join(text for _, text in lines).strip() for _, lines in groupby(rows, key=itemgetter(0)))
        return "\n\n".join(text for text in items if text).replace("\u00a0", " ")

    def spans(self, galley: Galley, selection: Selection, row: int) -> Sequence[tuple[int, int]]:
        """Return the selected stretches of a row as (first column, column after the last); none if nothing is selected in it.

        A second number of -1 means the end of the row.

        A line of type may reach into two rows; the selection is the same in both. A selection in text from right to left may be
        several stretches.
        """
        line = self._line_row(galley, row)
        words = self._words(galley, line)
        ends = self._ends(galley, selection, line)
        if ends is None or not _is_read_from_right(words) or ends == (0, -1):
            return () if ends is None else (ends,)
        touched, spans = self._selected(galley, selection, line), list[tuple[int, int]]()
        for before, word in zip([None, *words], words, strict=False):
            if word in touched:
                goes_on = spans and before in touched
                start = spans.pop()[0] if goes_on else word.column
                spans.append((start, word.column + word.cells))
        return spans

    def _selected(self, galley: Galley, selection: Selection, row: int) -> Sequence[CellWord]:
        """Return the selected words of the line of text in a row, in reading order."""
        words, ends = self._words(galley, row), self._ends(galley, selection, row)
        if ends is None:
            return ()
        start, end = ends[0], galley.cols if ends[1] == -1 else ends[1]
        if not _is_read_from_right(words):
            return [word for word in words if word.column < end and word.column + word.cells > start]
        words = sorted(words, key=attrgetter("order"))
        first = _nearest(words, start) if ends[0] else 0
        last = _nearest(words, end - 1) if ends[1] != -1 else len(words) - 1
        return words[min(first, last) : max(first, last) + 1]

    def _ends(self, galley: Galley, selection: Selection, row: int) -> tuple[int, int] | None:
        """Return the selection in the line whose baseline is in `row`, as (first column, column after the last).

        The second number is -1 if the selection includes the end of the line. Return None if nothing is selected in the line.
        """
        start, end = selection.start, selection.end
        first = self._line_row(galley, start.y) if start is not None else -1
        last = self._line_row(galley, end.y) if end is not None else galley.rows
        if not first <= row <= last:
            return None
        if start is not None and end is not None and first == last and end.x <= start.x and end.y > start.y:
            return max(0, end.x - 1), start.x + 1  # dragged leftwards and down within a line's two rows
        return start.x if start is not None and row == first else 0, end.x if end is not None and row == last else -1

    def _line_row(self, galley: Galley, row: int) -> int:
        """Return the row that has the baseline of the line of type in `row`: the next row if `row` shows only the line's top."""
        return row + 1 if not self._words(galley, row) and self._drawn_words(galley, row + 1) else row

    def _drawn_words(self, galley: Galley, row: int) -> Sequence[CellWord]:
        """Return the words of a row if bpost draws them; none if they are in the terminal's own characters.

        Drawn letters may reach into the row above, the terminal's own characters may not.
        """
        if not 0 <= row < galley.rows:
            return ()
        band = galley.band(row, self.palette)
        return band.surface.words[row - band.first_row] if band.surface.cell_h > 1 else ()

    def _words(self, galley: Galley, row: int) -> Sequence[CellWord]:
        if not 0 <= row < galley.rows:
            return ()
        band = galley.band(row, self.palette)
        words = band.surface.words[row - band.first_row]
        if (beside := band.side_text) is None or beside.row != row:
            return words
        after = 1 + max((word.order for word in words), default=0)
        others = (word._replace(column=word.column + beside.column, order=after) for word in beside.surface.words[0])
        return (*words, *(word._replace(source=f"\t{word.source}") if at == 0 else word for at, word in enumerate(others)))

    def word_at(self, galley: Galley, row: int, column: int) -> WordPlace | None:
        """Return the word in a cell, or None if the cell has no word. A drawn word is also found in the row above its baseline."""
        for at, words in ((row, self._words(galley, row)), (row + 1, self._drawn_words(galley, row + 1))):
            for word in words:
                if word.column <= column < word.column + word.cells:
                    return WordPlace(at, word.column, word.cells)
        return None

    def strip(self, galley: Galley, row: int, style: Style, window: range | None = None) -> Strip:
        """Return a row of a galley (column of typeset lines) as a strip on the background of `style`.

        `window` has the rows in sight: lines of type that its edges would cut are left out. With None, no line is left out. A row
        that the galley doesn't have is blank.
        """
        if not 0 <= row < galley.rows:
            return Strip.blank(galley.cols, style)
        band = galley.band(row, self.palette, window)
        tokens = Segment(self.surfaces.tokens(band.surface, row - band.first_row), style)
        after = galley.cols - band.column - band.surface.cols
        if not (band.column or after):
            return Strip([tokens], galley.cols)
        segments = [Segment(" " * band.column, style), tokens]
        if band.side_text is not None and band.side_text.row == row:
            segments.append(Segment(" " * (band.side_text.column - band.column - band.surface.cols), style))
            segments.append(Segment(self.surfaces.tokens(band.side_text.surface, 0), style))
            after = galley.cols - band.side_text.column - band.side_text.surface.cols
        return Strip([*segments, Segment(" " * after, style)], galley.cols)


def _is_read_from_right(words: Sequence[CellWord]) -> bool:
    """Whether any word in a row is read before a word at its left, as in text from right to left."""
    return any(left.order > word.order for left, word in pairwise(words))


def _nearest(words: Sequence[CellWord], column: int) -> int:
    return min(range(len(words)), key=lambda at: max(words[at].column - column, column - words[at].column - words[at].cells + 1, 0))


def _trim_caches() -> None:
    """Empty Rich's and Textual's caches if they are large: their strings, such as rows seen while scrolling, seldom recur.

    Full caches would hold 16,384 pieces of text of 2 kB each, the widths of 4,096 rows of half a kB, and the results of 26,000
    other calls.
    """
    for cached in (Segment._split_cells, cached_cell_len, get_character_cell_size, *_PLACES):
        if cached.cache_info().currsize > _MAX_CACHED:
            cached.cache_clear()
