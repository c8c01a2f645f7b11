"""What is set, in a newspaper's terms: paragraphs, pairs, rules, figures, and the runs of styled text in them.

Lengths are em of the item's own size, unless a name says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Literal, NamedTuple

from bpost_tui.typesetting.typeset.photo import Photo
from bpost_tui.typesetting.typeset.surface import Colour


class Size(Enum):
    """The sizes of type; the typesetter decides what each is in pixels, its weight and its line pitch."""

    MASTHEAD = "masthead"
    HEADLINE = "headline"
    SUBHEAD = "subhead"
    LEAD = "lead"
    """Of the paragraph that begins a story: a step larger than body."""
    BODY = "body"
    LIST = "list"
    ROW = "row"
    """The largest that fits one cell row whole: 0.74 of the cell's height."""
    BAR = "bar"
    """As large as that, for the words of bars, keys and lists of names: short ones, that are read at a glance."""
    NAME = "name"
    """For names of categories: as large as the words of bars, or larger or smaller, as the reader chooses."""
    SMALL = "small"
    CODE = "code"
    """As large as small type, in columns that are all as wide: of text whose letters stand below each other on purpose."""


BODY_PITCH = 1.5
"""Of lines of body type, in em."""
HEAVY = frozenset({Size.MASTHEAD, Size.HEADLINE, Size.SUBHEAD})
"""Sizes that are always bold."""

Palette = Mapping[str, Colour]
"""Ink names (`text`, `meta`, `accent`, `headline`, `quote`, `link`, `mark`, `rule`…) to colours."""


class Run(NamedTuple):
    """A stretch of text in one style."""

    text: str
    ink: str = "text"
    bold: bool = False
    underline: bool = False
    link: str | None = None
    """The address it leads to, where it is a link or part of one."""
    is_reversed: bool = False
    """Whether the letters are cut out of a ground in its ink."""
    caret: str | None = None
    """An ink: the text cursor is before this run, as a thin bar at its left; in cells the run is reversed."""
    strike: bool = False
    """Whether a line goes through it: words that an update removed."""


Runs = tuple[Run, ...]
CELL_END = "\t"
"""The text of a run that ends a cell in a table's row, once for each of the columns that the cell takes."""


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
    """An ink: a thin bar is at the left of every line (quotes, the selected row)."""
    max_lines: int | None = None
    """Text that needs more lines ends in an ellipsis, after a whole word where it can."""
    before: float = 0.0
    """Em of white above; ignored at the top of a galley."""
    indent_of: Size | None = None
    """The size whose em the indent is counted in, so that items of several sizes begin at one pixel; None is the item's own."""
    is_prose: bool = False
    """Whether it is a story's own text: straight quotation marks are set as curly ones."""
    first_indent: float = 0.0
    """Em by which the first line begins further in."""
    columns: tuple[Runs, ...] = ()
    """For a row of a table: the widest texts of each column, in lines, to align all rows by; `runs` are the row's own cells."""


class Pair(NamedTuple):
    """One line: a text at the left, shortened with an ellipsis where it must be, and one flush right that is shown whole."""

    left: Runs
    right: Runs
    size: Size = Size.SMALL
    indent: float = 0.0
    marker: Runs = ()
    before: float = 0.0
    indent_of: Size | None = None
    """As in a paragraph."""


class Rule(NamedTuple):
    """A thin line across the measure."""

    ink: str = "rule"
    """Of a hairline it may be empty, for the white alone."""
    before: float = 0.0
    is_hairline: bool = False
    """Whether it ends a galley of whole rows, at its lower edge: what stands above it has as much white above as below."""


class Figure(NamedTuple):
    """A picture in rows of its own, as wide as the measure where it is large enough, its caption below it."""

    width_px: int
    height_px: int
    photo_at: Callable[[int, int], Photo | None]
    """Returns the picture in so many pixels (or dots), width and height; None while it is being made: a frame stands for it."""
    caption: Runs = ()
    size: Size = Size.SMALL
    """Of the caption."""
    before: float = 0.8


Item = Para | Pair | Rule | Figure
