"""Interfaces of typesetting: the typesetter and galley for widgets, the metric of a medium for the layout."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from bpost_tui.typesetting.typeset.items import Item, Palette, Run, Runs, Size
from bpost_tui.typesetting.typeset.script import LanguageRules
from bpost_tui.typesetting.typeset.surface import Surface


class SideText(NamedTuple):
    """Text in cells in one row of a band, right of the drawn type."""

    row: int
    """Row of the galley."""
    column: int
    surface: Surface


class LinkPlace(NamedTuple):
    """Place of a link: its address, the row with the middle of its letters, and its first column."""

    address: str
    row: int
    column: int


class Band(NamedTuple):
    """Rows of a galley, as one surface."""

    first_row: int
    surface: Surface
    column: int = 0
    """First column of the surface in the galley; a picture narrower than the measure is centred."""
    side_text: SideText | None = None


class CoveredArea(NamedTuple):
    """Cells of a galley that a dialog over it hides."""

    rows: range
    columns: range

    def parts(self, window: range) -> tuple[range, range, range]:
        """Return the rows of a window above the hidden cells, beside them and below them."""
        first, end = (min(max(at, window.start), window.stop) for at in (self.rows.start, self.rows.stop))
        return range(window.start, first), range(first, end), range(end, window.stop)


class Galley(Protocol):
    """Set type: one tall column of lines, drawn as it comes into sight. Widths and heights are cells."""

    cols: int
    rows: int

    def band(self, row: int, palette: Palette, window: range | None = None, cover: CoveredArea | None = None) -> Band:
        """Return the band that holds a row, drawn in the palette's inks; the same object again while it is cached.

        Lines that the window's first or last row would cut are left out. So are covered words of lines that the cover would cut.
        """

    def uncut_rows(self, window: range) -> range:
        """Return the rows of a window without parts of lines that its ends cut.

        In a low window the range may be empty; its start and stop still show how far the cut lines reach.
        """

    def item_at(self, row: int) -> int:
        """Return the index of the item at a row: a position that is valid at any measure."""

    def row_of(self, item: int) -> int:
        """Return the first row of an item."""

    def text(self, row: int) -> str:
        """Return the source text of the lines whose baselines fall in a row."""

    def reversed_row(self) -> int | None:
        """Return the row of the first line that has a reversed run, or None."""

    def request_pictures(self, first_row: int, end_row: int) -> None:
        """Request the pictures in these rows at the size shown, so that they are ready before they are seen."""

    def links(self, first_row: int, end_row: int) -> tuple[LinkPlace, ...]:
        """Return the first place of each link in the lines with baselines in these rows, in reading order."""

    def link_at(self, row: int, column: int) -> str | None:
        """Return the address of the link in a cell, if it looks like a link, or None."""


class Typesetter(Protocol):
    """Typesetter that sets items to a measure, for one kind of cell."""

    cell_w: int
    cell_h: int
    has_hairlines: bool
    """Whether rules are drawn at the edge of a cell; if not, each takes a row."""

    @property
    def em_cells(self) -> float:
        """Width of an em of body type, in cells: the measure of how much text a column holds."""

    @property
    def row_em_cells(self) -> float:
        """Width of an em of list rows, in cells; their type is bound to the grid and not zoomed."""

    def galley(self, items: Sequence[Item], cols: int, *, rows: int | None = None) -> Galley:
        """Set items to a width of `cols` cells; with `rows`, to exactly that height: cut off, or padded below."""

    def rows(self, items: Sequence[Item], cols: int = 200) -> int:
        """Return the number of rows that the items take at this measure."""

    def width(self, runs: Runs, size: Size) -> int:
        """Return the number of cells that these runs take on one line."""

    def missing_letters(self, text: str) -> str:
        """Return the letters of a text that no font here has, as far as is known."""

    def advance(self, runs: Runs, size: Size, *, beside: str = "") -> float:
        """Return the number of cells, not rounded, that these runs take on a line with the text `beside`."""


class Metric(Protocol):
    """Measurements in one medium, all in its own unit: pixels, dots or cells."""

    language_rules: LanguageRules
    is_bidi: bool
    """Whether the setter puts lines in the order of UAX #9. In cells it doesn't; the terminal may do so."""

    def __hash__(self) -> int:
        """Return a hash; measurements are cached by metric."""

    def advance(self, text: str, size: Size, bold: bool) -> float:
        """Return the width of a text on one line."""

    def bearing(self, text: str, size: Size, bold: bool) -> float:
        """Return the distance of a text's ink from its start; negative if ink hangs over."""

    def across(self, ems: float, size: Size) -> float:
        """Return the width of `ems` em of white."""

    def down(self, ems: float, size: Size) -> float:
        """Return the height of `ems` em of white."""

    def pitch(self, size: Size) -> float:
        """Return the height of a line."""

    def overhang(self, source: str, runs: Sequence[Run], size: Size) -> tuple[int, int]:
        """Return the reach of the ink of `runs`, whose text is `source`, above and below the height of lines of this size."""

    def row(self) -> float:
        """Return the height of a row of cells, and of a rule."""

    def picture_cells(self, width_px: int, height_px: int, measure: float) -> tuple[int, int]:
        """Return the columns and rows of cells that a picture takes; no rows if the medium shows none."""
