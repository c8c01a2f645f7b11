"""Galleys: type set in one tall column, cut into surfaces only where it is looked at.

`items` say what is set, in the terms of a newspaper; a `Typesetter` (one for pixels and mosaic dots, one for plain cells)
sets them to a measure. Lengths are em of the item's own size unless a name says otherwise; widths and heights of galleys
are cells.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Literal, NamedTuple, Protocol

from bpost_tui.model.picture import Photo
from bpost_tui.typeset.surface import Colour, Surface


class Size(Enum):
    """The sizes of type; what each is in pixels, its weight and its pitch are the typesetter's."""

    MASTHEAD = "masthead"
    HEADLINE = "headline"
    SUBHEAD = "subhead"
    BODY = "body"
    LIST = "list"
    ROW = "row"
    """The largest that fits one cell row whole: 0.74 of the cell's height."""
    SMALL = "small"


Palette = Mapping[str, Colour]
"""Ink names (`text`, `meta`, `accent`, `headline`, `quote`, `link`, `mark`, `rule`…) to colours."""


class Run(NamedTuple):
    """A stretch of text in one ink and weight."""

    text: str
    ink: str = "text"
    bold: bool = False
    underline: bool = False
    link: str | None = None
    """The address it leads to, where it is a link or a part of one."""
    is_reversed: bool = False
    """Whether it is cut out of a ground in its ink."""
    caret: str | None = None
    """An ink: it is what a typist's next letter comes before, so a thin bar stands at its left, or it is shown reversed."""
    strike: bool = False
    """Whether a line goes through it: words that no longer hold."""


Runs = tuple[Run, ...]
CELL_END = "\t"
"""The text of a run that parts the cells of a table's row."""


class Para(NamedTuple):
    """Text broken into lines, ragged right."""

    runs: Runs
    size: Size = Size.BODY
    align: Literal["start", "center", "end"] = "start"
    indent: float = 0.0
    """Em from the left edge, for every line."""
    marker: Runs = ()
    """Hangs in the indent of the first line: a bullet, a number, a dot for unread."""
    bar: str | None = None
    """An ink: a thin bar stands at the left of every line (quotes, the selected row)."""
    max_lines: int | None = None
    """More text ends in an ellipsis at a word's end."""
    before: float = 0.0
    """Em of white above; nothing at the top of a galley."""
    columns: tuple[Runs, ...] = ()
    """Where it is a row of a table: the widest cell of each column; the runs are the row's own cells."""


class Pair(NamedTuple):
    """One line: a text at the left, shortened with an ellipsis where it must be, and one flush right, always whole."""

    left: Runs
    right: Runs
    size: Size = Size.SMALL
    indent: float = 0.0
    marker: Runs = ()
    before: float = 0.0


class Rule(NamedTuple):
    """A thin line across the measure."""

    ink: str = "rule"
    before: float = 0.0


class Figure(NamedTuple):
    """A picture in rows of its own, as wide as the measure where it is large enough, its caption below it."""

    width_px: int
    height_px: int
    print: Callable[[int, int], Photo | None]
    """Gives the picture in so many pixels (or dots); None while it isn't there in that size: an empty frame stands for it."""
    caption: Runs = ()
    size: Size = Size.SMALL
    """Of the caption."""
    before: float = 0.8


Item = Para | Pair | Rule | Figure


class Band(NamedTuple):
    """A cut of a galley: as tall as a surface should be, or what is left."""

    first_row: int
    surface: Surface
    column: int = 0
    """Where in the galley the surface begins; a picture that is narrower than the measure stands in its middle."""


class Galley(Protocol):
    """Set type, as many cells high as it needs."""

    cols: int
    rows: int

    def band(self, row: int, palette: Palette, window: range | None = None) -> Band:
        """Return the band that holds a row, drawn in these inks; the same object again while it is remembered.

        Of the lines that the ends of a window cut, nothing is drawn.
        """
        ...

    def whole(self, window: range) -> range:
        """Return the rows of a window between the lines that its ends cut."""
        ...

    def item_at(self, row: int) -> int:
        """Return which of the items stands at a row (a position that survives another measure)."""
        ...

    def row_of(self, item: int) -> int:
        """Return the first row of an item."""
        ...

    def text(self, row: int) -> str:
        """Return the source text of the lines whose baselines fall in a row."""
        ...

    def reversed_row(self) -> int | None:
        """Return the row of the first line that has something reversed, None where none has."""
        ...

    def develop(self, first_row: int, end_row: int) -> None:
        """Ask for the pictures in these rows, in the size in which they stand, that they may be there before they are seen."""
        ...

    def links(self, first_row: int, end_row: int) -> tuple[str, ...]:
        """Return the addresses of the links in the lines whose baselines fall in these rows, each once, in reading order."""
        ...

    def link_at(self, row: int, column: int) -> str | None:
        """Return the address of the link that stands in a cell, if one does."""
        ...


class Typesetter(Protocol):
    """Sets items to a measure, for one kind of cell."""

    cell_w: int
    cell_h: int

    @property
    def em_cells(self) -> float:
        """Return the width of an em of body type, in cells: how much a column of so many cells holds."""
        ...

    @property
    def row_em_cells(self) -> float:
        """Return what that em is for rows of type bound to the grid, which no zoom makes smaller."""
        ...

    def galley(self, items: Sequence[Item], cols: int, *, rows: int | None = None) -> Galley:
        """Set items to a width of `cols` cells; with `rows`, exactly that high: more is cut off, less is padded below."""
        ...

    def rows(self, items: Sequence[Item], cols: int = 200) -> int:
        """Return how many rows the items take at this measure."""
        ...

    def width(self, runs: Runs, size: Size) -> int:
        """Return how many cells these runs take on one line."""
        ...

    def advance(self, runs: Runs, size: Size) -> float:
        """Return how many cells these runs take among others on a line, not rounded."""
        ...
