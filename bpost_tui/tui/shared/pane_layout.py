"""Widths of the panes: the reader's preferences, and the division of a window among the panes. Pure.

Lengths are measured in em (1 em is the font size): large letters leave as little room as a narrow window does.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from bpost_tui.typesetting.text.named_tuple import NamedTuple

DEFAULT_EM_CELLS: Final = 2.0
"""Number of cells per em (font size) at the usual size. The config's setting `text_width` is a number of cells at this size."""
LIMITS_EM: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {"story": (10.0, 200.0), "categories": (6.0, 40.0), "posts": (10.0, 100.0)}
)
"""Minimum and maximum width of each pane, in em (font sizes)."""
_POSTS_EM = 26.0
"""Width in em (font sizes) of the list of stories if categories are a bar above the list."""
_POSTS_LIMITS_EM = 15.0, 48.0
"""Minimum and maximum width in em (font sizes) of the list with three panes.

The story gets less than half of the window only if the list would otherwise be narrower than the minimum.
"""
_SHARE_OF_THREE, _SHARE_OF_TWO, _MOST_SHARE = 0.3, 0.44, 0.7
"""Fractions of the window's width for the list of stories: with three panes, with two panes, and the maximum for a chosen width."""
_RULES_CELLS = 2
_ONE_LINE_EM = 26.0
"""Width in em (font sizes) of a list with one line per story: enough for most of a headline and the story's age."""
_BESIDE_ONE_LINE_EM = 30.0
"""Minimum width in em (font sizes) of the story's pane beside a list with one line per story.

If the pane of categories doesn't leave that width to the story, the categories become a bar above the list.
"""


class PaneWidths(NamedTuple):
    """Widths of the panes that the reader prefers, in em (font sizes). Panes are narrower if the window is too small."""

    story: float = 36.0
    """Maximum width of the story's column, in em (font sizes)."""
    categories: float = 11.0
    posts: float | None = None
    """Width of the list of stories in em (font sizes); None for a width that depends on the window."""

    def posts_cells(self, em_cells: float, window_cells: int, categories_cells: int) -> int:
        """Return the width in cells of the list of stories, in a window `window_cells` wide with `em_cells` cells per font size.

        `categories_cells` is the width of the pane of categories, 0 if categories are a bar above the list. Unless the reader has
        chosen a width, the story gets at least half of the window if that leaves room for the list.
        """
        if self.posts is not None:
            return round(min(self.posts * em_cells, window_cells * _MOST_SHARE))
        if not categories_cells:
            return round(min(_POSTS_EM * em_cells, window_cells * _SHARE_OF_TWO))
        least, most = (limit * em_cells for limit in _POSTS_LIMITS_EM)
        half = window_cells / 2 - categories_cells - _RULES_CELLS
        return round(max(least, min(window_cells * _SHARE_OF_THREE, half, most)))

    def one_line_cells(self, em_cells: float, window_cells: int, categories_cells: int) -> int:
        """Return the width in cells of a list with one line per story; 0 if the pane of categories leaves too little room for it.

        The window is `window_cells` wide, with `em_cells` cells per em (font size). `categories_cells` is the width of the pane of
        categories, 0 if categories are a bar above the list.
        """
        if self.posts is not None:
            return self.posts_cells(em_cells, window_cells, categories_cells)
        wanted = round(_ONE_LINE_EM * em_cells)
        if not categories_cells:
            return min(wanted, window_cells // 2)
        remaining = window_cells - categories_cells - _RULES_CELLS - round(_BESIDE_ONE_LINE_EM * em_cells)
        return max(wanted, self.posts_cells(em_cells, window_cells, categories_cells)) if remaining >= wanted else 0

    def of(self, name: str) -> float:
        """Return the preferred width of pane `name` in em (font sizes); 26 em for the list of stories if the reader chose none."""
        width = {"story": self.story, "categories": self.categories, "posts": self.posts}[name]
        return _POSTS_EM if width is None else width

    def changed(self, name: str, em: float) -> PaneWidths:
        """Return these widths with another width for pane `name`: `em` font sizes, limited to the pane's minimum and maximum."""
        least, most = LIMITS_EM[name]
        return self._replace(**{name: max(least, min(em, most))})


def preferred_widths(text_width_cells: int, remembered: Mapping[str, float]) -> PaneWidths:
    """Return the widths of the panes that the reader prefers: the config's, replaced by widths that were chosen by key or mouse.

    `text_width_cells` is the width of text in the config, in cells. `remembered` maps names of panes to the chosen widths in em
    (font sizes).
    """
    widths = PaneWidths(text_width_cells / DEFAULT_EM_CELLS)
    for name, em in remembered.items():
        widths = widths.changed(name, em) if name in LIMITS_EM else widths
    return widths


# ── the window ──────────────────────────────────────────────────────────────

NAMES = ("wide", "medium", "narrow")
_LEAST_EM = {"wide": 50.0, "medium": 40.0, "narrow": 0.0}
"""Minimum width of the window, in em (font sizes), for each layout: three panes ("wide"), two ("medium"), one ("narrow")."""
_LEAST_LOW_EM = 60.0
"""Minimum width, in em (font sizes), for three panes in a low window, or with text in block characters (a mosaic).

The lists then have one line for each story, which needs more room.
"""
_LARGE_EM_CELLS = 2.25
"""Maximum number of cells per em (font size) that counts as the usual size.

Up to this size, differences due to the shape of a cell or one step of zoom don't change the layout.
"""
_RULED_ROWS = 18
_HEADED_ROWS = 4
"""Minimum height of the window, in rows, for a title. In a lower window, the title would leave no whole line of a story."""
_GAUGED_CELLS = 100
"""Minimum width of the window, in cells, for a gauge (a bar that shows progress in the story) beside the footer's text."""
_FEW_LINES = 7
"""Minimum number of lines of text in the window for a story's whole headline and byline above its text.

If there are fewer lines, at most two lines of the headline are above the text.
"""
_HIGH_ROWS = 30
"""Minimum height of the window, in lines of text, for a title in large letters."""


class TypeScale(NamedTuple):
    """Sizes of the type in a window, in cells. `em` is the number of cells per em (font size) of body type."""

    em: float
    row_em: float
    """Number of cells per em (font size) of the type in lists."""
    spare_rows: int
    """Number of rows at the bottom of the window that must stay without text: 1 if the terminal can't fill its last row, else 0."""
    line_rows: int = 1
    """Height in rows of cells of a line of type in lists; more than 1 if text is drawn in block characters (a mosaic)."""


class PaneLayout(NamedTuple):
    """Layout of a window. Lengths are cells."""

    name: str
    """Name of the layout: "wide" with three panes, "medium" with two, "narrow" with one."""
    is_low: bool
    """Whether the window is too low for horizontal lines between its parts."""
    is_flat: bool
    """Whether the window is too low for a title."""
    is_high: bool
    """Whether the window is high enough for a title in large letters, and for large headlines of stories."""
    has_few_lines: bool
    """Whether text is drawn in block characters (a mosaic) so large that the window shows fewer than seven lines."""
    is_tight: bool
    """Whether the window is too low for a horizontal line above the footer. False for a mosaic (text in block characters)."""
    categories: int | None
    """Width in cells of the pane of categories; None if one pane fills the window.

    With two panes, the categories take the place of the list of stories and are as wide, so that the story keeps its place.
    """
    posts: int | None
    measure: int
    """Maximum width of the story's column."""
    has_gauge: bool

    @property
    def classes(self) -> dict[str, bool]:
        """Maps the names of style sheet classes to whether this layout has the class."""
        return {f"-{name}": name == self.name for name in NAMES} | {
            "-low": self.is_low,
            "-flat": self.is_flat,
            "-high": self.is_high,
            "-few-lines": self.has_few_lines,
            "-tight": self.is_tight,
        }


def lay_out_panes(window: tuple[int, int], type: TypeScale, widths: PaneWidths, *, is_compact: bool = False) -> PaneLayout:
    """Divide `window`, given as columns and rows of cells, among the panes, and return the layout.

    `type` has the sizes of the type, `widths` the widths that the reader prefers. With `is_compact`, the list has one line per
    story.
    """
    columns, rows = window
    em = type.em if type.em > _LARGE_EM_CELLS else DEFAULT_EM_CELLS
    is_low = rows < _RULED_ROWS
    least_em = _LEAST_EM | ({"wide": _LEAST_LOW_EM} if is_low or type.line_rows > 1 else {})
    name = next(name for name in NAMES if columns / em >= least_em[name])
    categories = round(widths.categories * type.row_em)
    posts_cells = widths.one_line_cells if is_compact else widths.posts_cells
    if name == "wide" and not posts_cells(type.em, columns, categories):
        name = "medium"
    posts = posts_cells(type.em, columns, categories if name == "wide" else 0)
    is_single = name == "narrow"
    return PaneLayout(
        name=name,
        is_low=is_low,
        is_flat=rows - type.spare_rows < _HEADED_ROWS,
        is_high=rows / type.line_rows >= _HIGH_ROWS,
        has_few_lines=type.line_rows > 1 and rows / type.line_rows < _FEW_LINES,
        is_tight=rows < _HIGH_ROWS and type.line_rows == 1,
        categories=None if is_single else categories if name == "wide" else posts,
        posts=None if is_single else posts,
        measure=round(widths.story * type.em),
        has_gauge=columns >= _GAUGED_CELLS,
    )
