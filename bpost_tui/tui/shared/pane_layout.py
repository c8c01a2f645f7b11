"""How wide the reader likes the panes, and how a window is shared out among them. Pure.

Both are counted in type: large letters leave as little room as a narrow window.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

DEFAULT_EM_CELLS: Final = 2.0
"""What an em takes at the usual size: `text_width` in the config is counted in such cells."""
LIMITS_EM: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {"story": (10.0, 200.0), "categories": (6.0, 40.0), "posts": (10.0, 100.0)}
)
"""The least and the most of each."""
_POSTS_EM = 26.0
"""Of the list where nothing else says how wide it is."""
_POSTS_LIMITS_EM = 16.0, 48.0
_SHARE_OF_THREE, _SHARE_OF_TWO, _MOST_SHARE = 0.3, 0.44, 0.7
"""What the list takes of the window beside both others, beside the story alone, and at most where the reader chose."""
_RULES_CELLS = 2
_ONE_LINE_EM = 26.0
"""What a list of one line a story takes, for most of a headline and its age."""
_BESIDE_ONE_LINE_EM = 30.0
"""What it leaves to a story; where categories beside it would take that, they are a bar above."""


class PaneWidths(NamedTuple):
    """What the reader likes; less is taken where there is less."""

    story: float = 36.0
    """The widest the column gets."""
    categories: float = 13.0
    posts: float | None = None
    """None is what suits the window."""

    def posts_cells(self, em_cells: float, window_cells: int, categories_cells: int) -> int:
        """Return how many cells the list of stories takes of a window, beside categories of so many, 0 where they are a bar above.

        Unless the reader has chosen, the story, which one came for, gets at least half of the window.
        """
        if self.posts is not None:
            return round(min(self.posts * em_cells, window_cells * _MOST_SHARE))
        if not categories_cells:
            return round(min(_POSTS_EM * em_cells, window_cells * _SHARE_OF_TWO))
        least, most = (limit * em_cells for limit in _POSTS_LIMITS_EM)
        half = window_cells / 2 - categories_cells - _RULES_CELLS
        return round(min(max(least, window_cells * _SHARE_OF_THREE), most, half))

    def one_line_cells(self, em_cells: float, window_cells: int, categories_cells: int) -> int:
        """Return how many cells a list of one line a story takes; 0 where there is too little beside categories of so many."""
        if self.posts is not None:
            return self.posts_cells(em_cells, window_cells, categories_cells)
        wanted = round(_ONE_LINE_EM * em_cells)
        if not categories_cells:
            return min(wanted, window_cells // 2)
        left = window_cells - categories_cells - _RULES_CELLS - round(_BESIDE_ONE_LINE_EM * em_cells)
        return max(wanted, self.posts_cells(em_cells, window_cells, categories_cells)) if left >= wanted else 0

    def of(self, name: str) -> float:
        """Return one of them by its field; the posts' as it usually is, where nothing was chosen."""
        width = {"story": self.story, "categories": self.categories, "posts": self.posts}[name]
        return _POSTS_EM if width is None else width

    def changed(self, name: str, em: float) -> PaneWidths:
        """Return them with one of another width, as far as that may be."""
        least, most = LIMITS_EM[name]
        return self._replace(**{name: max(least, min(em, most))})


def preferred_widths(text_width_cells: int, remembered: Mapping[str, float]) -> PaneWidths:
    """Return the config's widths, with those over them that were chosen by key or mouse."""
    widths = PaneWidths(text_width_cells / DEFAULT_EM_CELLS)
    for name, em in remembered.items():
        widths = widths.changed(name, em) if name in LIMITS_EM else widths
    return widths


# ── the window ──────────────────────────────────────────────────────────────

NAMES = ("wide", "medium", "narrow")
_LEAST_EM = {"wide": 60.0, "medium": 40.0, "narrow": 0.0}
"""The least width for each, in em of body type; an em of the usual size is two cells."""
_LARGE_EM_CELLS = 2.25
"""Type up to this counts as of the usual size: cells of another shape, or a step of zoom, move no pane."""
_RULED_ROWS = 18
_HEADED_ROWS = 4
"""The least height that has room for a title: below it no line of a story would be whole."""
_GAUGED_CELLS = 100
"""The least width that has room for a bar beside the footer's words."""
HIGH_ROWS = 30
"""The least height, in rows of type, that has room for a large title."""


class TypeScale(NamedTuple):
    """How large the type is, in cells."""

    em: float
    row_em: float
    """The em of the lists' type."""
    spare_rows: int
    """Rows at the bottom in which no type may be."""


class PaneLayout(NamedTuple):
    """The room that each part gets. Lengths are cells."""

    name: str
    """"wide" with three panes, "medium" with two, "narrow" with one."""
    is_low: bool
    """Whether there is no height for rules."""
    is_flat: bool
    """Whether there is no height for a title."""
    categories: int | None
    """None where it has the window to itself."""
    posts: int | None
    measure: int
    """The widest that the story's column gets."""
    has_gauge: bool

    @property
    def classes(self) -> dict[str, bool]:
        """The style sheet's names for it, each with whether it holds."""
        return {f"-{name}": name == self.name for name in NAMES} | {"-low": self.is_low, "-flat": self.is_flat}


def lay_out_panes(window: tuple[int, int], type: TypeScale, widths: PaneWidths, *, is_compact: bool = False) -> PaneLayout:
    """Share out a window of so many columns and rows of cells; a compact list has one line a story."""
    columns, rows = window
    em = type.em if type.em > _LARGE_EM_CELLS else DEFAULT_EM_CELLS
    name = next(name for name in NAMES if columns / em >= _LEAST_EM[name])
    categories = round(widths.categories * type.row_em)
    posts_cells = widths.one_line_cells if is_compact else widths.posts_cells
    if name == "wide" and not posts_cells(type.em, columns, categories):
        name = "medium"
    alone = name == "narrow"
    return PaneLayout(
        name=name,
        is_low=rows < _RULED_ROWS,
        is_flat=rows - type.spare_rows < _HEADED_ROWS,
        categories=None if alone else categories,
        posts=None if alone else posts_cells(type.em, columns, categories if name == "wide" else 0),
        measure=round(widths.story * type.em),
        has_gauge=columns >= _GAUGED_CELLS,
    )
