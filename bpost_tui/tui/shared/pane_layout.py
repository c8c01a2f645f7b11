"""Widths of the panes: the reader's preferences, and how a window is divided among the panes. Pure.

Lengths are measured in em of the type: large letters leave as little room as a narrow window does.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

DEFAULT_EM_CELLS: Final = 2.0
"""Cells per em at the usual size: the config's `text_width` counts such cells."""
LIMITS_EM: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {"story": (10.0, 200.0), "categories": (6.0, 40.0), "posts": (10.0, 100.0)}
)
"""Least and largest width of each pane, in em."""
_POSTS_EM = 26.0
"""Width in em of the list of stories if categories are a bar above."""
_POSTS_LIMITS_EM = 16.0, 48.0
_SHARE_OF_THREE, _SHARE_OF_TWO, _MOST_SHARE = 0.3, 0.44, 0.7
"""Shares of the window for the list: of three panes, of two, and at most if the reader has chosen a width."""
_RULES_CELLS = 2
_ONE_LINE_EM = 26.0
"""Width of a list with one line a story, in em: most of a headline, and its age."""
_BESIDE_ONE_LINE_EM = 30.0
"""Width in em that such a list leaves to the story; if categories would take it, they become a bar above."""


class PaneWidths(NamedTuple):
    """Widths in em that the reader prefers; panes get less if the window is too narrow."""

    story: float = 36.0
    """Largest width of the story's column."""
    categories: float = 13.0
    posts: float | None = None
    """Width of the list; None for one that suits the window."""

    def posts_cells(self, em_cells: float, window_cells: int, categories_cells: int) -> int:
        """Return the width of the list in cells, beside categories of `categories_cells` (0 if they are a bar above).

        Unless the reader has chosen a width, the story gets at least half of the window.
        """
        if self.posts is not None:
            return round(min(self.posts * em_cells, window_cells * _MOST_SHARE))
        if not categories_cells:
            return round(min(_POSTS_EM * em_cells, window_cells * _SHARE_OF_TWO))
        least, most = (limit * em_cells for limit in _POSTS_LIMITS_EM)
        half = window_cells / 2 - categories_cells - _RULES_CELLS
        return round(min(max(least, window_cells * _SHARE_OF_THREE), most, half))

    def one_line_cells(self, em_cells: float, window_cells: int, categories_cells: int) -> int:
        """Return the width in cells of a list with one line a story; 0 if categories leave too little room for it."""
        if self.posts is not None:
            return self.posts_cells(em_cells, window_cells, categories_cells)
        wanted = round(_ONE_LINE_EM * em_cells)
        if not categories_cells:
            return min(wanted, window_cells // 2)
        remaining = window_cells - categories_cells - _RULES_CELLS - round(_BESIDE_ONE_LINE_EM * em_cells)
        return max(wanted, self.posts_cells(em_cells, window_cells, categories_cells)) if remaining >= wanted else 0

    def of(self, name: str) -> float:
        """Return the width of pane `name` in em; for a list without a chosen width, its usual one."""
        width = {"story": self.story, "categories": self.categories, "posts": self.posts}[name]
        return _POSTS_EM if width is None else width

    def changed(self, name: str, em: float) -> PaneWidths:
        """Return these widths with pane `name` set to `em`, within its limits."""
        least, most = LIMITS_EM[name]
        return self._replace(**{name: max(least, min(em, most))})


def preferred_widths(text_width_cells: int, remembered: Mapping[str, float]) -> PaneWidths:
    """Return the config's widths, overridden by widths that were chosen by key or mouse."""
    widths = PaneWidths(text_width_cells / DEFAULT_EM_CELLS)
    for name, em in remembered.items():
        widths = widths.changed(name, em) if name in LIMITS_EM else widths
    return widths


# ── the window ──────────────────────────────────────────────────────────────

NAMES = ("wide", "medium", "narrow")
_LEAST_EM = {"wide": 60.0, "medium": 40.0, "narrow": 0.0}
"""Least width of the window for each layout, in em of body type."""
_LARGE_EM_CELLS = 2.25
"""Largest em, in cells, that counts as the usual size: a cell of another shape or a step of zoom moves no pane."""
_RULED_ROWS = 18
_HEADED_ROWS = 4
"""Least height with room for a title: in a lower window no line of a story would be whole."""
_GAUGED_CELLS = 100
"""Least width with room for a gauge beside the footer's words."""
HIGH_ROWS = 30
"""Least height, in rows of type, with room for a large title."""


class TypeScale(NamedTuple):
    """Size of the type, in cells."""

    em: float
    row_em: float
    """Em of the lists' type."""
    spare_rows: int
    """Rows at the bottom that must stay without type."""


class PaneLayout(NamedTuple):
    """Layout of a window. Lengths are cells."""

    name: str
    """"wide" with three panes, "medium" with two, "narrow" with one."""
    is_low: bool
    """Whether the window is too low for rules."""
    is_flat: bool
    """Whether the window is too low for a title."""
    categories: int | None
    """Width of the categories; None if a pane has the window to itself."""
    posts: int | None
    measure: int
    """Largest width of the story's column."""
    has_gauge: bool

    @property
    def classes(self) -> dict[str, bool]:
        """Style sheet classes of this layout, each with whether it applies."""
        return {f"-{name}": name == self.name for name in NAMES} | {"-low": self.is_low, "-flat": self.is_flat}


def lay_out_panes(window: tuple[int, int], type: TypeScale, widths: PaneWidths, *, is_compact: bool = False) -> PaneLayout:
    """Divide `window`, of columns and rows of cells, among the panes; a compact list has one line a story."""
    columns, rows = window
    em = type.em if type.em > _LARGE_EM_CELLS else DEFAULT_EM_CELLS
    name = next(name for name in NAMES if columns / em >= _LEAST_EM[name])
    categories = round(widths.categories * type.row_em)
    posts_cells = widths.one_line_cells if is_compact else widths.posts_cells
    if name == "wide" and not posts_cells(type.em, columns, categories):
        name = "medium"
    is_single = name == "narrow"
    return PaneLayout(
        name=name,
        is_low=rows < _RULED_ROWS,
        is_flat=rows - type.spare_rows < _HEADED_ROWS,
        categories=None if is_single else categories,
        posts=None if is_single else posts_cells(type.em, columns, categories if name == "wide" else 0),
        measure=round(widths.story * type.em),
        has_gauge=columns >= _GAUGED_CELLS,
    )
