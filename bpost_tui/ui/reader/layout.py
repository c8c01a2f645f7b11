"""How a window is shared out among the panes, counted in type: large letters leave as little room as a narrow window. Pure."""

from __future__ import annotations

from typing import NamedTuple

from bpost_tui.ui.pane_widths import Widths

NAMES = ("wide", "medium", "narrow")
_LEAST_EM = {"wide": 60.0, "medium": 40.0, "narrow": 0.0}
"""The least width for each, in em of body type; an em of the usual size is two cells."""
_RULED_ROWS = 18
_HEADED_ROWS = 4
"""The least height that has room for a title: below it no line of a story would stand whole."""
_GAUGED_CELLS = 100
"""The least width that has room for a bar beside the footer's words."""
HIGH_ROWS = 30
"""The least height, in rows of type, that has room for a large title."""


class Type(NamedTuple):
    """How large the type is, in cells."""

    em: float
    row_em: float
    """The em of the lists' type."""
    spare_rows: int
    """Rows at the bottom in which no type may stand."""


class Layout(NamedTuple):
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


def layout(window: tuple[int, int], type: Type, widths: Widths) -> Layout:
    """Share out a window of so many columns and rows of cells."""
    columns, rows = window
    name = next(name for name in NAMES if columns / type.em >= _LEAST_EM[name])
    alone = name == "narrow"
    return Layout(
        name=name,
        is_low=rows < _RULED_ROWS,
        is_flat=rows - type.spare_rows < _HEADED_ROWS,
        categories=None if alone else round(widths.categories * type.row_em),
        posts=None if alone else widths.posts_cells(type.em, columns),
        measure=round(widths.story * type.em),
        has_gauge=columns >= _GAUGED_CELLS,
    )
