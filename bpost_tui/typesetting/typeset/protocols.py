"""Interfaces of typesetting: typesetter and galley (column of typeset lines) for widgets, and measurements for the layout."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.typesetting.typeset.items import Item, Palette, Run, Runs, Size
from bpost_tui.typesetting.typeset.script import LanguageRules
from bpost_tui.typesetting.typeset.surface import Surface


class SideText(NamedTuple):
    """Text in the terminal's own characters, at the right of drawn type in one row of cells."""

    row: int
    """Row of the galley (column of typeset lines) that shows the text."""
    column: int
    surface: Surface


class LinkPlace(NamedTuple):
    """Place of a link: its address, the row of cells at the middle of its letters, and its first column."""

    address: str
    row: int
    column: int


class Band(NamedTuple):
    """Band: some rows of a galley (column of typeset lines), drawn together as one surface."""

    first_row: int
    surface: Surface
    column: int = 0
    """Column of the galley where the surface starts; not 0 for a narrow picture, which is centred."""
    side_text: SideText | None = None


class Galley(Protocol):
    """Galley: one tall column of typeset lines, drawn as they come into sight. Widths and heights are in cells."""

    cols: int
    rows: int

    def band(self, row: int, palette: Palette, window: range | None = None) -> Band:
        """Return the band (rows drawn together) that holds a row, in the palette's colours.

        Successive calls may return the same object, from a cache.

        `window` has the rows in sight: lines that its first or last row would cut are left out. With None, no line is left out.
        """

    def uncut_rows(self, window: range) -> range:
        """Return the rows of a window that hold no part of a line cut by the window's first or last row.

        The range starts at the first row below lines cut at the top, and ends before the first row of lines cut at the bottom. It
        may be empty if the window is only a few rows high.
        """

    def item_at(self, row: int) -> int:
        """Return the index of the item (paragraph, picture…) at a row: a position that stays valid when the width changes."""

    def row_of(self, item: int) -> int:
        """Return the first row of the item (paragraph, picture …) with this index."""

    def text(self, row: int) -> str:
        """Return the source text of the lines whose baselines are in this row of cells; "" if there are none."""

    def reversed_row(self) -> int | None:
        """Return the row of the first line with reversed text (a coloured block with letters cut out); None if no line has any."""

    def request_pictures(self, first_row: int, end_row: int) -> None:
        """Request the pictures in rows first_row to end_row - 1 at their shown size, so that they are ready when needed."""

    def links(self, first_row: int, end_row: int) -> tuple[LinkPlace, ...]:
        """Return the place where each link starts, in reading order, for lines with baselines in rows first_row to end_row - 1."""

    def link_at(self, row: int, column: int) -> str | None:
        """Return the address of the link shown in the cell at `row` and `column`; None if no text there is drawn as a link."""


class Typesetter(Protocol):
    """Typesetter that makes galleys (columns of typeset lines) of items, for one kind of terminal cell.

    Items are paragraphs, pictures and so on.
    """

    cell_w: int
    cell_h: int
    has_hairlines: bool
    """Whether a rule (thin line) is drawn at the edge of a row of cells that also has text, instead of taking a whole row."""

    @property
    def em_cells(self) -> float:
        """Width in cells of an em (the font size) of body type. Widgets use it to compute how much text fits into a column."""

    @property
    def row_em_cells(self) -> float:
        """Unit of lengths in list rows, in cells: at least as wide as an em (the font size) of body type."""

    def galley(self, items: Sequence[Item], cols: int, *, rows: int | None = None) -> Galley:
        """Typeset items (paragraphs …) in `cols` columns of cells.

        The galley (typeset column) is `rows` rows high, cut off or padded below; with None, as high as the items need.
        """

    def rows(self, items: Sequence[Item], cols: int = 200) -> int:
        """Return the number of rows of cells that `items` (paragraphs …) take in `cols` columns of cells."""

    def width(self, runs: Runs, size: Size) -> int:
        """Return the number of cells that `runs` (stretches of text in one style) take on one line."""

    def missing_letters(self, text: str) -> str:
        """Return the letters of a text that no font can show, or "" if the terminal's fonts are used, which aren't known."""

    def advance(self, runs: Runs, size: Size, *, beside: str = "") -> float:
        """Return the number of cells, not rounded, that `runs` (stretches of text in one style) take.

        `beside` is other text on the same line. In a mosaic (block characters), a line is drawn as dots if any text on it needs it.
        """


class Metric(Protocol):
    """Measurements of text in one medium (way of drawing), in the medium's own unit: pixels, dots of block characters, or cells."""

    language_rules: LanguageRules
    is_bidi: bool
    """Whether bpost reorders lines that mix directions (UAX #9). It doesn't for plain cells, since the terminal may do so."""

    def __hash__(self) -> int:
        """Return a hash; caches of measurements have the metric as a part of their keys."""

    def advance(self, text: str, size: Size, bold: bool) -> float:
        """Return the width of a text on one line, in bold type if `bold`, in the medium's unit (pixels, dots or cells)."""

    def bearing(self, text: str, size: Size, bold: bool) -> float:
        """Return the distance from a text's start to the left edge of its first letter as drawn, in the medium's unit.

        The distance is negative if the edge is left of the start. `bold` is whether the text is in bold type.
        """

    def across(self, ems: float, size: Size) -> float:
        """Return the width of white space that is `ems` em wide, in the medium's unit (pixels, dots or cells)."""

    def down(self, ems: float, size: Size) -> float:
        """Return the height of white space that is `ems` em high, in the medium's unit (pixels, dots or rows of cells)."""

    def pitch(self, size: Size) -> float:
        """Return the height of a line from baseline to baseline, in the medium's unit (pixels, dots or rows of cells)."""

    def overhang(self, source: str, runs: Sequence[Run], size: Size) -> tuple[int, int]:
        """Return how far the letters of `runs` (styled text) reach beyond a line of this size, as (above, below); 0 if they don't.

        `source` is the text of `runs`. The distances are in the medium's unit.
        """

    def row(self) -> float:
        """Return the height of a row of cells, which is also the height of a rule (thin line), in the medium's unit."""

    def picture_cells(self, width_px: int, height_px: int, measure: float) -> tuple[int, int]:
        """Return the number of columns and rows of cells for a picture in a column that is `measure` wide, in the medium's unit.

        `width_px` and `height_px` are the size of the picture in pixels. Return (0, 0) if this medium shows no pictures.
        """
