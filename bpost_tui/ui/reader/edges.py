"""How the reader divides the window: the width of the story's column, and of the lists beside it."""

from __future__ import annotations

from collections.abc import Callable

from bpost_tui.i18n import Language
from bpost_tui.ui.reader.host import Say
from bpost_tui.ui.reader.layout import USUAL_EM_CELLS, Widths
from bpost_tui.ui.reader.panes import Panes
from bpost_tui.ui.renderer import Renderer
from bpost_tui.ui.widgets.category_list import CategoryList
from bpost_tui.ui.widgets.post_list import PostList
from bpost_tui.ui.widgets.row_list import RowList
from bpost_tui.ui.widgets.story_view import StoryView

_STEP_EM = 2.0
_EDGE_STEP_EM = 1.0


class Edges:
    """Widths that the reader changes by key or mouse.

    Args:
        widths: What was chosen before.
        fit: Called to share the window out anew.
        keep: Remembers a width, by the field of `Widths` and in em.
        usual: What they are where nothing was chosen by key or mouse.
        forget: Remembers none of them any longer.
    """

    def __init__(
        self,
        widths: Widths,
        renderer: Renderer,
        language: Language,
        panes: Panes,
        lists: tuple[CategoryList, PostList],
        story: StoryView,
        say: Say,
        fit: Callable[[], None],
        keep: Callable[[str, float], None],
        usual: Widths,
        forget: Callable[[], None],
    ) -> None:
        self.widths = widths
        self._usual = usual
        self._forget = forget
        self._renderer = renderer
        self._language = language
        self._panes = panes
        self._categories, self._posts = lists
        self._story = story
        self._say = say
        self._fit = fit
        self._keep = keep

    def widen_column(self, steps: int) -> None:
        """Set the story in a wider column, or with a negative number in a narrower one."""
        text, before = self._language.text, self.widths
        cells, em_cells = self._story.column_cells, self._renderer.typesetter.em_cells
        if steps > 0 and 0 < cells < round(before.story * em_cells):
            self._say(text("Column: {n} cells wide, all that there is room for", n=cells))
            return
        self._choose("story", min(before.story, cells / em_cells or before.story) + steps * _STEP_EM)
        width = self._story.column_cells or round(self.widths.story * USUAL_EM_CELLS)
        if self.widths != before:
            self._say(text("Column: {n} cells wide", n=width))
        elif steps > 0:
            self._say(text("Column: {n} cells wide, as wide as it gets", n=width))
        else:
            self._say(text("Column: {n} cells wide, as narrow as it gets", n=width))

    def move_edge(self, steps: int) -> None:
        """Make the list one is in wider, or with a negative number narrower; from the story, the list of stories."""
        pane = self._categories if self._panes.current == "categories" else self._posts
        if pane.has_edge:
            em = pane.outer_size.width / self._em_cells(str(pane.id))
            self._choose(str(pane.id), em + steps * _EDGE_STEP_EM)

    def reset(self) -> None:
        """Take the usual widths."""
        if self.widths != self._usual:
            self.widths = self._usual
            self._fit()
            self._story.reset()
        self._forget()

    def drag(self, event: RowList.EdgeMoved) -> None:
        """Follow the mouse; what is chosen is kept once it lets go."""
        name = str(event.sender.id)
        self._choose(name, event.cells / self._em_cells(name), for_good=event.has_ended)

    def _em_cells(self, name: str) -> float:
        """Return the em that a list's width is counted in."""
        typesetter = self._renderer.typesetter
        return typesetter.row_em_cells if name == "categories" else typesetter.em_cells

    def _choose(self, name: str, em: float, *, for_good: bool = True) -> None:
        widths = self.widths.changed(name, round(em, 2))
        if widths != self.widths:
            self.widths = widths
            self._fit()
            self._story.reset()
        if for_good:
            self._keep(name, widths.of(name))
