"""Painter: compositor for Textual 8.2 that repaints only changed cells and records the surfaces (drawings) on the screen.

The obvious way is Textual's own compositor. It knows nothing of tokens (characters that each name a cell of a surface) and of their
cost. It asks every visible widget for its lines in a partial update, treats all cells between two changes in a row as changed, and
trusts strips (lines of text and tokens) that widgets cached. But each token that is painted again is encoded and sent again. A
cached strip may have tokens of a surface that was evicted meanwhile, so that nothing is shown. Or its tokens may have been given to
another surface, so that a wrong word is shown.

So `Painter` asks only widgets under changed regions, and after composing looks up the tokens of each line. If a token names
nothing, or tokens have been given from the first again (`SurfaceTable.generation`), caches are emptied and the frame is composed
again, `_MAX_COMPOSITIONS` times at most. `Painter` records the surfaces that each piece of a line shows (`ScreenMap`), so that no
surface in sight is evicted, and pictures are deleted only when they are off the screen. It overrides private methods of Textual, so
it depends on the version: tests compare the bytes that are sent.
"""

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
"""Maximum number of times that a frame is composed: a second time if a widget's cached line was out of date, and a third time if
all tokens (characters for cells of drawings) were used up.
"""


class Painter(Compositor):
    """Compositor that asks only widgets in changed regions for their lines, and records the surfaces on the screen.

    A surface is a drawing of typeset text or of a picture, and a token is a character that names one cell of a surface. Widgets
    cache strips (lines of text and tokens). A strip is made again before it is painted if its tokens refer to nothing any more, or
    to another surface by now.
    """

    def __init__(self, surfaces: SurfaceTable) -> None:
        super().__init__()
        self._surfaces = surfaces
        self._numbering = surfaces.generation
        self._painted_surfaces: dict[tuple[int, int], frozenset[Surface]] = {}
        """Surfaces (drawings) in the pieces of lines that were composed last, by the (row, column) where the piece starts."""

    def repaint_whole_rows(self) -> None:
        """Extend each changed region to the whole width of the screen, so that no picture is cut.

        Konsole clears the cell beside a picture that is cut.
        """
        self._dirty_regions = {Region(0, region.y, self.size.width, region.height) for region in self._dirty_regions}

    def update_widgets(self, widgets: set[Widget]) -> None:
        """Record the changed regions of `widgets` and, if the screen is one of them, of all other visible widgets.

        If the screen is one of `widgets`, Textual by itself would forget the changes of the other widgets.
        """
        if self.root in widgets:
            widgets = widgets | {widget for widget in self.visible_widgets if widget._repaint_regions}
        super().update_widgets(widgets)

    def render_update(
        self, full: bool = False, screen_stack: list[Screen[Any]] | None = None, simplify: bool = False
    ) -> RenderableType | None:
        """Return the changed regions of the screen as output, or the whole screen if `full`.

        Return None if the whole screen will be painted in a moment anyway. `screen_stack` and `simplify` are passed to Textual
        unchanged.
        """
        if self.root is not None and self.root._repaint_required and not full:
            return None
        return super().render_update(full, screen_stack, simplify)

    def render_full_update(self, simplify: bool = False) -> LayoutUpdate:
        """Return the whole screen as output, and record the surfaces (drawings of text and pictures) on it.

        `simplify` is passed to Textual unchanged.
        """
        update = super().render_full_update(simplify)
        on_screen = self._surfaces.screen
        on_screen.clear()
        for y, cuts in enumerate(self.cuts):
            for x, end in pairwise(cuts):
                on_screen.paint(y, x, end, self._painted_surfaces.get((y, x), _NONE))
        self._surfaces.frame_composed()
        return update

    def render_partial_update(self) -> ChopsUpdate | None:
        """Return only the changed regions as output; None if nothing has changed.

        Only widgets in these regions are asked for their lines. Textual's own method would also ask the widgets between two
        changes.
        """
        every, changed = self.visible_widgets, tuple(self._dirty_regions)
        _ = self.cuts  # computed here, while all widgets are visible
        self._visible_widgets = {widget: placed for widget, placed in every.items() if any(map(placed[0].overlaps, changed))}
        try:
            update = super().render_partial_update()
        finally:
            self._visible_widgets = every
        if update is not None:
            self._record_update(update)
            self._surfaces.frame_composed()
        return update

    def clear_caches(self, widgets: Iterable[Widget]) -> None:
        """Empty Textual's caches of rendered lines of `widgets`, so that the widgets render their lines again."""
        for widget in widgets:
            widget._styles_cache.clear()
            widget._dirty_regions.add(widget.outer_size.region)  # for a widget that is rendered whole

    def _record_update(self, update: ChopsUpdate) -> None:
        """Record the surfaces in the pieces of lines that `update` writes. A piece may extend beyond the changed cells."""
        for y, first, end in update.spans:
            for (x, strip), stop in zip(update.chops[y].items(), update.chop_ends[y], strict=True):
                if strip is not None and x < end and stop > first:
                    whole = first <= x and stop <= end
                    self._surfaces.screen.paint(y, x, stop, self._painted_surfaces.get((y, x), _NONE), is_whole=whole)

    def _render_chops(self, crop: Region, is_rendered_line: Callable[[int], bool]) -> Sequence[Mapping[int, Strip]]:
        """Return the pieces of lines in the region `crop`, composed until all their tokens refer to existing surfaces.

        A token is a character that names one cell of a surface, which is a drawing of text or of a picture. `is_rendered_line`
        returns whether the line with a given number is needed.
        """
        for _ in range(_MAX_COMPOSITIONS):
            self._clear_all_caches()
            chops = super()._render_chops(crop, is_rendered_line)
            if self._are_current(chops) and self._numbering == self._surfaces.generation:
                break
            self.clear_caches(self.visible_widgets)
        return chops

    def _clear_all_caches(self) -> None:
        """Empty the caches of lines of all widgets if all tokens (characters that each name one cell of a drawing) were used up.

        `SurfaceTable` then gives tokens from the first again, so that the cached lines have wrong tokens.
        """
        if self._numbering != self._surfaces.generation and self.root is not None:
            self._numbering = self._surfaces.generation
            self.clear_caches(self.root.walk_children(Widget, with_self=True))

    def _are_current(self, chops: Sequence[Mapping[int, Strip | None]]) -> bool:
        """Record the surfaces (drawings of text) in pieces of lines (`chops`). Return whether all these surfaces still exist."""
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
