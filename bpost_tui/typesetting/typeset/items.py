"""Items of a page: paragraphs, pairs of texts, rules (thin lines) and pictures, and the runs of styled text in them.

Lengths are in em (1 em is the font size of the item) unless a name has another unit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Literal

from bpost_tui.typesetting.text.named_tuple import NamedTuple
from bpost_tui.typesetting.typeset.surface import Colour

if TYPE_CHECKING:
    from bpost_tui.typesetting.typeset.photo import Photo


class Size(Enum):
    """Sizes of type by purpose. The typesetter chooses pixels, weight and line spacing for each."""

    MASTHEAD = "masthead"
    HEADLINE = "headline"
    LOW_HEADLINE = "low headline"
    """Size of a headline in a low window, so that enough lines of text are left. In block characters, it is as large as `BODY`."""
    SUBHEAD = "subhead"
    LEAD = "lead"
    """Size of a story's first paragraph, a little larger than body type."""
    BODY = "body"
    LIST = "list"
    ROW = "row"
    """Largest size whose lines fit into one row of cells: 0.74 of a cell's height."""
    BAR = "bar"
    """Size of menu bars, key names and lists of names, which are short words read at a glance. It is as large as `ROW`."""
    NAME = "name"
    """Size of category names. It equals `BAR` unless the reader chose larger or smaller names."""
    SMALL = "small"
    CODE = "code"
    """Size of monospaced code, as large as `SMALL`. All columns have one width, so that text aligned by spaces stays aligned."""


BODY_PITCH = 1.5
"""Distance from one line of body type to the next, in em (the font size)."""
HEAVY = frozenset({Size.MASTHEAD, Size.HEADLINE, Size.LOW_HEADLINE, Size.SUBHEAD})
"""Sizes that are always bold."""

Palette = Mapping[str, Colour]
"""Colours by name (in the code, `ink`). The name is the use of the colour: `text`, `meta`, `headline`, `link`, `rule` …"""


class Run(NamedTuple):
    """Stretch of text in one style: colour name (`ink`), weight and so on."""

    text: str
    ink: str = "text"
    bold: bool = False
    underline: bool = False
    link: str | None = None
    """Address of the link that the text belongs to, or None."""
    is_reversed: bool = False
    """Whether the text is reversed: a block in the run's colour, with letters in the background's colour."""
    caret: str | None = None
    """Colour name of a text cursor before this run, or None. It is a thin bar; in plain cells the run is reversed instead."""
    strike: bool = False
    """Whether the text is struck through, like words that an update of a story removed."""


Runs = tuple[Run, ...]
CELL_END = "\t"
"""Text of the run that ends a table cell. It is repeated if the cell spans several columns: two tabs for two columns."""


class Para(NamedTuple):
    """Paragraph: text broken into lines of unequal length (ragged right)."""

    runs: Runs
    size: Size = Size.BODY
    align: Literal["start", "center", "end"] = "start"
    indent: float = 0.0
    """Indent of all lines, at the edge that reading starts from (left or right), in em (the font size)."""
    marker: Runs = ()
    """Marker before the first line, within the indent: a bullet, a number, or a dot for an unread story."""
    bar: str | None = None
    """Colour name of a thin bar before every line (for a quotation or the selected row), or None."""
    max_lines: int | None = None
    """Maximum number of lines, or None for no limit. Longer text ends in an ellipsis, after a whole word if possible."""
    may_end_early: bool = False
    """Whether text longer than `max_lines` may end after a whole sentence, without an ellipsis."""
    before: float = 0.0
    """White space above, in em (the font size); ignored at the top of a galley (column of typeset lines)."""
    indent_of: Size | None = None
    """Size of type whose em (font size) is the unit of `indent`, so that different items can start at the same pixel.

    None means the item's own size.
    """
    is_prose: bool = False
    """Whether the text is a story's prose. Its straight quotation marks then become curly ones."""
    first_indent: float = 0.0
    """Additional indent of the first line, in em (the font size)."""
    columns: tuple[Runs, ...] = ()
    """Texts that decide the width of each column, if the paragraph is a row of a table; else empty.

    For a column, they are the longest texts of its cells, each on a line of its own. All rows of a table have the same `columns`,
    so that a column is equally wide in all rows.
    """
    is_picture_label: bool = False
    """Whether the paragraph is shown in place of a picture.

    Below a picture and below such a label, the next text begins at the top of a row of cells. Otherwise, the text being read would
    jump by a part of a row when the picture replaces the label.
    """


class Pair(NamedTuple):
    """Two texts on one line, one at its left edge and one at its right edge.

    The left text is shortened, with an ellipsis, if both don't fit. The right text is shortened only if it doesn't fit alone.
    """

    left: Runs
    right: Runs
    size: Size = Size.SMALL
    indent: float = 0.0
    marker: Runs = ()
    before: float = 0.0
    indent_of: Size | None = None
    """Size of type whose em (font size) is the unit of `indent`, or None for the item's own size."""
    shorter_rights: tuple[Runs, ...] = ()
    """Texts to try in turn in place of the right text, until the left text has enough space (`least_left`)."""
    least_left: float = 1.0
    """Share of the left text's width that must fit beside the right text."""


class Rule(NamedTuple):
    """Thin line across the full width of the column."""

    ink: str = "rule"
    """Colour name of the rule. With "", the rule isn't drawn and has no height.

    A hairline (`is_hairline`) that isn't drawn still gives the text above it equal white space above and below.
    """
    before: float = 0.0
    is_hairline: bool = False
    """Whether the rule is the lower edge of a galley (column of typeset lines).

    The text above it then has equal white space above and below.
    """


class Figure(NamedTuple):
    """Picture with its caption below, in rows without text beside it. It fills the column's width if it has enough pixels."""

    width_px: int
    height_px: int
    photo_at: Callable[[int, int], Photo | None]
    """Function that returns the picture scaled to a width and height in pixels or dots, or None while the picture isn't ready.

    Until it is ready, an empty frame is shown.
    """
    caption: Runs = ()
    size: Size = Size.SMALL
    """Size of type of the caption."""
    before: float = 0.8


Item = Para | Pair | Rule | Figure
