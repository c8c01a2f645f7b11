"""Resizes the panes: the width of the story's column, and of the lists beside it."""

from __future__ import annotations

from collections.abc import Callable

from bpost_tui.tui.shared.pane_layout import DEFAULT_EM_CELLS, preferred_widths
from bpost_tui.tui.shared.screen_context import ScreenContext
from bpost_tui.tui.widgets.row_list import RowList

_STEP_EM = 2.0
_EDGE_STEP_EM = 1.0


class PaneResizer:
    """Changes the widths of panes by key or mouse.

    Args:
        fit: Computes the widths of the panes again.
    """

    def __init__(self, context: ScreenContext, fit: Callable[[], None]) -> None:
        self._context = context
        self._fit = fit
        text_width = context.settings.text_width
        self.widths = preferred_widths(text_width, context.preferences.values.widths_em)
        self._default_widths = preferred_widths(text_width, {})

    def widen_column(self, steps: int) -> None:
        """Make the story's column of text wider by `steps` steps of 2 em (font sizes), or narrower if `steps` is negative.

        A message shows the column's width, or that it can't be wider or narrower.
        """
        text, before = self._context.language.text, self.widths
        cells, em_cells = self._context.view.column_cells, self._em_cells("story")
        if steps > 0 and 0 < cells < round(before.story * em_cells):
            self._context.show_answer(text("Column: {n} cells wide, all that there is room for", n=cells))
            return
        self._choose("story", min(before.story, cells / em_cells or before.story) + steps * _STEP_EM)
        width = self._context.view.column_cells or round(self.widths.story * DEFAULT_EM_CELLS)
        if self.widths != before:
            self._context.show_answer(text("Column: {n} cells wide", n=width))
        elif steps > 0:
            self._context.show_answer(text("Column: {n} cells wide, as wide as it gets", n=width))
        else:
            self._context.show_answer(text("Column: {n} cells wide, as narrow as it gets", n=width))

    def move_edge(self, steps: int) -> None:
        """Make the current list, or the list beside the story, wider by `steps` em (font sizes), or narrower if negative.

        Do nothing if that list has no edge to move, as when it fills the window.
        """
        pane = self._context.categories if self._context.panes.current == "categories" else self._context.posts
        if pane.has_edge:
            name = self._width_name(pane)
            self._choose(name, pane.outer_size.width / self._em_cells(name) + steps * _EDGE_STEP_EM)

    def reset(self) -> None:
        """Restore the default widths of the panes, and forget the widths that the reader has chosen."""
        if self.widths != self._default_widths:
            self.widths = self._default_widths
            self._fit()
            self._context.view.reset()
        self._context.preferences.forget_widths()

    def drag(self, event: RowList.EdgeMoved) -> None:
        """Resize a list while the mouse drags its edge; save the width when the button is released."""
        name = self._width_name(event.sender)
        self._choose(name, event.cells / self._em_cells(name), for_good=event.has_ended)

    def _width_name(self, pane: RowList) -> str:
        """Return the name under which the preferences store the width of `pane`.

        If the window shows only two panes, the category pane shares the width, and so the name, of the list of stories.
        """
        return "posts" if self._context.screen.has_class("-medium") else str(pane.id)

    def _em_cells(self, name: str) -> float:
        typesetter = self._context.renderer.typesetter
        return typesetter.row_em_cells if name == "categories" else typesetter.em_cells

    def _choose(self, name: str, em: float, *, for_good: bool = True) -> None:
        widths = self.widths.changed(name, round(em, 2))
        if widths != self.widths:
            self.widths = widths
            self._fit()
            self._context.view.reset()
        if for_good:
            self._context.preferences.save(widths_em={name: widths.of(name)})
