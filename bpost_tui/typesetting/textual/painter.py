"""Painting what is true, and no more of it than has changed: Textual's compositor (8.2), with an eye on the tokens it paints."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from rich.console import RenderableType
from textual._compositor import ChopsUpdate, Compositor, LayoutUpdate
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from bpost_tui.typesetting.typeset.surface import FIRST_TOKEN, LAST_TOKEN, Surface, SurfaceTable

_TOKENS = re.compile(f"[{chr(FIRST_TOKEN)}-{chr(LAST_TOKEN)}]+")
_NONE: frozenset[Surface] = frozenset()
_MAX_COMPOSITIONS = 3
"""How often a frame is composed at most: again if what a widget had kept is gone, and again if numbers have run out meanwhile."""


class Painter(Compositor):
    """Asks only widgets under what is painted again for their lines, and notes what is on the screen.

    Widgets keep strips. One whose tokens name nothing any more, or something else by now, is made again before it is painted.
    """

    def __init__(self, surfaces: SurfaceTable) -> None:
        super().__init__()
        self._surfaces = surfaces
        self._numbering = surfaces.generation
        self._painted_surfaces: dict[tuple[int, int], frozenset[Surface]] = {}
        """What the pieces of lines name that were composed last, by row and column."""

    def repaint_whole_rows(self) -> None:
        """Have rows painted whole where anything in them is: no picture that covers a part of them is cut.

        Of one that is cut, Konsole would clear the cell beside it.
        """
        self._dirty_regions = {Region(0, region.y, self.size.width, region.height) for region in self._dirty_regions}

    def update_widgets(self, widgets: set[Widget]) -> None:
        """Take what has changed of widgets; where a part of the screen is due, Textual names it alone and drops the others."""
        if self.root in widgets:
            widgets = widgets | {widget for widget in self.visible_widgets if widget._repaint_regions}
        super().update_widgets(widgets)

    def render_update(
        self, full: bool = False, screen_stack: list[Screen[Any]] | None = None, simplify: bool = False
    ) -> RenderableType | None:
        """Paint what has changed, but no part of a screen that is to be painted whole in a moment."""
        if self.root is not None and self.root._repaint_required and not full:
            return None
        return super().render_update(full, screen_stack, simplify)

    def render_full_update(self, simplify: bool = False) -> LayoutUpdate:
        """Paint everything."""
        update = super().render_full_update(simplify)
        standing = self._surfaces.screen
        standing.clear()
        for y, cuts in enumerate(self.cuts):
            for x, end in pairwise(cuts):
                standing.paint(y, x, end, self._painted_surfaces.get((y, x), _NONE))
        self._surfaces.frame_composed()
        return update

    def render_partial_update(self) -> ChopsUpdate | None:
        """Paint what has changed. Textual's, which takes what is between two changes for changed, and then leaves it out."""
        every, changed = self.visible_widgets, tuple(self._dirty_regions)
        _ = self.cuts  # made of all widgets
        self._visible_widgets = {widget: placed for widget, placed in every.items() if any(map(placed[0].overlaps, changed))}
        try:
            update = super().render_partial_update()
        finally:
            self._visible_widgets = every
        if update is not None:
            self._note(update)
            self._surfaces.frame_composed()
        return update

    def clear_caches(self, widgets: Iterable[Widget]) -> None:
        """Have widgets make their lines again: Textual's caches of them are emptied."""
        for widget in widgets:
            widget._styles_cache.clear()
            widget._dirty_regions.add(widget.outer_size.region)  # those of a widget that is rendered whole

    def _note(self, update: ChopsUpdate) -> None:
        """Note which pieces of lines an update writes: `ChopsUpdate.render_segments` may write more of one than has changed."""
        for y, first, end in update.spans:
            for (x, strip), stop in zip(update.chops[y].items(), update.chop_ends[y], strict=True):
                if strip is not None and x < end and stop > first:
                    whole = first <= x and stop <= end
                    self._surfaces.screen.paint(y, x, stop, self._painted_surfaces.get((y, x), _NONE), is_whole=whole)

    def _render_chops(self, crop: Region, is_rendered_line: Callable[[int], bool]) -> Sequence[Mapping[int, Strip]]:
        """Compose lines, all of whose tokens name what they were made for."""
        for _ in range(_MAX_COMPOSITIONS):
            self._clear_all_caches()
            chops = super()._render_chops(crop, is_rendered_line)
            if self._are_current(chops) and self._numbering == self._surfaces.generation:
                break
            self.clear_caches(self.visible_widgets)
        return chops

    def _clear_all_caches(self) -> None:
        """Where numbers are given again, let no widget keep a strip."""
        if self._numbering != self._surfaces.generation and self.root is not None:
            self._numbering = self._surfaces.generation
            self.clear_caches(self.root.walk_children(Widget, with_self=True))

    def _are_current(self, chops: Sequence[Mapping[int, Strip | None]]) -> bool:
        """Note what pieces of lines name; return whether it is all there."""
        self._painted_surfaces.clear()
        for y, line in enumerate(chops):
            for x, strip in line.items():
                if strip is None:
                    continue
                found = {surface for tokens in _TOKENS.findall(strip.text) for surface, *_ in self._surfaces.spans(tokens)}
                if None in found:
                    return False
                if found:
                    self._painted_surfaces[y, x] = frozenset(surface for surface in found if surface is not None)
        return True
