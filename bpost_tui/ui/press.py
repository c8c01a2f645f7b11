"""The press: what the widgets draw type with, whichever way this terminal takes it.

One object, shared by all widgets. Changing the theme, the zoom or the rung changes what is in it and counts `edition` up; widgets
compare that number to know that what they had set is void. Lengths are cells.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from bpost_tui.typeset.galley import Galley, Item, Palette, Typesetter
from bpost_tui.typeset.surface import SurfaceTable


class Press:
    """Sets galleys and gives their rows as strips of cell tokens."""

    def __init__(self, typesetter: Typesetter, surfaces: SurfaceTable, palette: Palette) -> None:
        self.typesetter = typesetter
        self.surfaces = surfaces
        self.palette = palette
        self.edition = 0
        """Counts the changes of type, size or colour."""

    def change(self, *, typesetter: Typesetter | None = None, palette: Palette | None = None) -> None:
        """Put in another typesetter or palette; all that was set before is void."""
        self.typesetter = typesetter or self.typesetter
        self.palette = palette or self.palette
        self.surfaces.clear()
        self.edition += 1

    def set(self, items: Sequence[Item], cols: int, *, rows: int | None = None) -> Galley:
        """Set items to a width; with `rows`, exactly that high."""
        return self.typesetter.galley(items, max(1, cols), rows=rows)

    def strip(self, galley: Galley, row: int, style: Style) -> Strip:
        """Return one row of a galley as a strip on the style's background."""
        if not 0 <= row < galley.rows:
            return Strip.blank(galley.cols, style)
        band = galley.band(row, self.palette)
        return Strip([Segment(self.surfaces.tokens(band.surface, row - band.first_row), style)], galley.cols)
