"""Painting no more than what has changed: Textual's compositor, which has every widget on the screen drawn for each frame."""

from __future__ import annotations

from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region


class Painter(Compositor):
    """Asks only those widgets for their lines that stand where something is painted anew (Textual 8.2)."""

    def widen(self) -> None:
        """Have rows painted whole where anything in them is: no picture that covers a part of them is cut.

        Of one that is cut, Konsole would clear the cell beside it.
        """
        self._dirty_regions = {Region(0, region.y, self.size.width, region.height) for region in self._dirty_regions}

    def render_partial_update(self) -> ChopsUpdate | None:
        """Paint what has changed. Textual's, which takes what stands between two changes for changed, and then leaves it out."""
        every, changed = self.visible_widgets, tuple(self._dirty_regions)
        _ = self.cuts  # made of all widgets
        self._visible_widgets = {widget: placed for widget, placed in every.items() if any(map(placed[0].overlaps, changed))}
        try:
            return super().render_partial_update()
        finally:
            self._visible_widgets = every
