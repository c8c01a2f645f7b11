"""The interfaces of typesetting: what a typesetter gives to widgets, and what the layout must know of a medium."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from bpost_tui.typesetting.typeset.items import Item, Palette, Run, Runs, Size
from bpost_tui.typesetting.typeset.script import LanguageRules
from bpost_tui.typesetting.typeset.surface import Surface


class SideText(NamedTuple):
    """Text in cells that is in one row of a band, right of what is drawn."""

    row: int
    """Of the galley."""
    column: int
    surface: Surface


class LinkPlace(NamedTuple):
    """Where a link begins: its address, the row in which the middle of its letters stands, and its first column."""

    address: str
    row: int
    column: int


class Band(NamedTuple):
    """Some rows of a galley, as one surface."""

    first_row: int
    surface: Surface
    column: int = 0
    """The galley's column in which the surface begins; a picture that is narrower than the measure is centred."""
    side_text: SideText | None = None


class CoveredArea(NamedTuple):
    """The cells of a galley that something over it hides: a dialog."""

    rows: range
    columns: range

    def parts(self, window: range) -> tuple[range, range, range]:
        """Return the rows of a window above what is hidden, beside it and below it."""
        first, end = (min(max(at, window.start), window.stop) for at in (self.rows.start, self.rows.stop))
        return range(window.start, first), range(first, end), range(end, window.stop)


class Galley(Protocol):
    """Set type: one tall column of lines, drawn only where it is looked at. Widths and heights are cells."""

    cols: int
    rows: int

    def band(self, row: int, palette: Palette, window: range | None = None, cover: CoveredArea | None = None) -> Band:
        """Return the band that holds a row, drawn in these inks; the same object again while it is remembered.

        Lines that the window's first or last row would cut are left out; of one that a cover would cut, the words behind it.
        """

    def uncut_rows(self, window: range) -> range:
        """Return the rows from the first one below what the window's start cuts, to the last above what its end cuts.

        Of a low window it may be none; where they begin and stop says then, too, what is cut.
        """

    def item_at(self, row: int) -> int:
        """Return the index of the item at a row: a position that holds at any measure."""

    def row_of(self, item: int) -> int:
        """Return the first row of an item."""

    def text(self, row: int) -> str:
        """Return the source text of the lines whose baselines fall in a row."""

    def reversed_row(self) -> int | None:
        """Return the row of the first line that has a reversed run; None where none has."""

    def request_pictures(self, first_row: int, end_row: int) -> None:
        """Ask for the pictures in these rows at the size they are shown in, so that they are ready before they are seen."""

    def links(self, first_row: int, end_row: int) -> tuple[LinkPlace, ...]:
        """Return where links begin in the lines whose baselines fall in these rows, in reading order."""

    def link_at(self, row: int, column: int) -> str | None:
        """Return the address of the link in a cell, if there is one that looks like a link."""


class Typesetter(Protocol):
    """Sets items to a measure, for one kind of cell."""

    cell_w: int
    cell_h: int
    has_hairlines: bool
    """Whether it draws rules at the edge of a cell; else each takes a row."""

    @property
    def em_cells(self) -> float:
        """The width of an em of body type, in cells: the measure for how much text a column holds."""

    @property
    def row_em_cells(self) -> float:
        """The same for rows of a list, whose type is bound to the grid and not zoomed."""

    def galley(self, items: Sequence[Item], cols: int, *, rows: int | None = None) -> Galley:
        """Set items to a width of `cols` cells; with `rows`, exactly that high: cut off, or padded below."""

    def rows(self, items: Sequence[Item], cols: int = 200) -> int:
        """Return how many rows the items take at this measure."""

    def width(self, runs: Runs, size: Size) -> int:
        """Return how many cells these runs take on one line."""

    def missing_letters(self, text: str) -> str:
        """Return the letters of a text that no font here has, as far as that is known."""

    def advance(self, runs: Runs, size: Size, *, beside: str = "") -> float:
        """Return how many cells these runs take among others on a line, not rounded; `side_text` is what else is on it."""


class Metric(Protocol):
    """How wide and how far apart things are in one medium. Everything is in the medium's own unit: pixels, dots or cells."""

    language_rules: LanguageRules
    is_bidi: bool
    """Whether lines are put in the order of UAX #9 here: a terminal's cells are ordered by the terminal, or not at all."""

    def __hash__(self) -> int:
        """Return a hash: what was measured is remembered by its metric."""

    def advance(self, text: str, size: Size, bold: bool) -> float:
        """Return the width of a text that is on one line."""

    def bearing(self, text: str, size: Size, bold: bool) -> float:
        """Return how far the ink of a text begins after its start; negative where it hangs over."""

    def across(self, ems: float, size: Size) -> float:
        """Return the width of so many em of white."""

    def down(self, ems: float, size: Size) -> float:
        """Return the height of so many em of white."""

    def pitch(self, size: Size) -> float:
        """Return the height of a line."""

    def overhang(self, source: str, runs: Sequence[Run], size: Size) -> tuple[int, int]:
        """Return by how much the ink of a line of a text reaches above and below what lines of this size have room for."""

    def row(self) -> float:
        """Return the height of a row of cells, and of a rule."""

    def picture_cells(self, width_px: int, height_px: int, measure: float) -> tuple[int, int]:
        """Return the columns and rows of cells that a picture takes; no rows where the medium shows none."""
