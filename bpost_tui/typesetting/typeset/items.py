"""Items of a page, in a newspaper's terms: paragraphs, pairs, rules, figures, and the runs of styled text in them.

Lengths are em of the item's own size, unless a name has another unit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Literal, NamedTuple

from bpost_tui.typesetting.typeset.photo import Photo
from bpost_tui.typesetting.typeset.surface import Colour


class Size(Enum):
    """Sizes of type; the typesetter chooses pixels, weight and line pitch of each."""

    MASTHEAD = "masthead"
    HEADLINE = "headline"
    SUBHEAD = "subhead"
    LEAD = "lead"
    """Size of a story's first paragraph, a step larger than body."""
    BODY = "body"
    LIST = "list"
    ROW = "row"
    """Largest size that fits a cell row whole: 0.74 of the cell's height."""
    BAR = "bar"
    """Size of bars, keys and lists of names, short words read at a glance: as large as a row."""
    NAME = "name"
    """Size of category names: as large as the words of bars, or larger or smaller, as the reader chooses."""
    SMALL = "small"
    CODE = "code"
    """Size of code, as large as small type: all columns have one width, for texts aligned by spaces."""


BODY_PITCH = 1.5
"""Distance between lines of body type, in em."""
HEAVY = frozenset({Size.MASTHEAD, Size.HEADLINE, Size.SUBHEAD})
"""Sizes that are always bold."""

Palette = Mapping[str, Colour]
"""Colours by ink name (`text`, `meta`, `accent`, `headline`, `quote`, `link`, `mark`, `rule`…)."""


class Run(NamedTuple):
    """Stretch of text in one style."""

    text: str
    ink: str = "text"
    bold: bool = False
    underline: bool = False
    link: str | None = None
    """Address of the link that the run belongs to, or None."""
    is_reversed: bool = False
    """Whether letters are cut out of a ground in the run's ink."""
    caret: str | None = None
    """Ink of a text cursor before this run, or None: a thin bar at its left; in cells the run is reversed."""
    strike: bool = False
    """Whether the run is struck through: words that an update removed."""


Runs = tuple[Run, ...]
CELL_END = "\t"
"""Text of a run that ends a cell in a table's row, repeated for each column that the cell spans."""


class Para(NamedTuple):
    """Paragraph: text broken into lines, ragged right."""

    runs: Runs
    size: Size = Size.BODY
    align: Literal["start", "center", "end"] = "start"
    indent: float = 0.0
    """Indent of all lines from the left edge, in em."""
    marker: Runs = ()
    """Marker that hangs in the indent of the first line: a bullet, a number, a dot for unread."""
    bar: str | None = None
    """Ink of a thin bar at the left of every line (quotes, the selected row), or None."""
    max_lines: int | None = None
    """Largest number of lines; longer text ends in an ellipsis, after a whole word if possible."""
    before: float = 0.0
    """White above, in em; ignored at the top of a galley."""
    indent_of: Size | None = None
    """Size that gives the em of the indent, so that items of several sizes begin at one pixel; None for the item's own."""
    is_prose: bool = False
    """Whether the text is a story's: straight quotation marks are set as curly ones."""
    first_indent: float = 0.0
    """Additional indent of the first line, in em."""
    columns: tuple[Runs, ...] = ()
    """Widest texts of each column of a table, a line each, which align all rows; `runs` are this row's own cells."""


class Pair(NamedTuple):
    """Pair on one line: a text at the left, shortened with an ellipsis if necessary, and a whole text flush right."""

    left: Runs
    right: Runs
    size: Size = Size.SMALL
    indent: float = 0.0
    marker: Runs = ()
    before: float = 0.0
    indent_of: Size | None = None
    """Size that gives the em of the indent; None for the item's own."""


class Rule(NamedTuple):
    """Thin line across the measure."""

    ink: str = "rule"
    """Ink of the rule; empty for a hairline that isn't drawn and leaves only its white."""
    before: float = 0.0
    is_hairline: bool = False
    """Whether the rule is at the lower edge of a galley of whole rows, with equal white above and below the text over it."""


class Figure(NamedTuple):
    """Picture in rows of its own, with its caption below: as wide as the measure if it is large enough."""

    width_px: int
    height_px: int
    photo_at: Callable[[int, int], Photo | None]
    """Function that returns the picture in a width and height in pixels or dots; None while it is made, when a frame is shown."""
    caption: Runs = ()
    size: Size = Size.SMALL
    """Size of the caption."""
    before: float = 0.8


Item = Para | Pair | Rule | Figure
