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
    ) -> None:
        self.widths = widths
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
        shown = self._story.column_cells / self._renderer.typesetter.em_cells
        self._choose("story", min(self.widths.story, shown or self.widths.story) + steps * _STEP_EM)
        self._say(self._language.text("Column: {n} cells wide", n=round(self.widths.story * USUAL_EM_CELLS)))

    def move_edge(self, steps: int) -> None:
        """Make the list one is in wider, or with a negative number narrower; from the story, the list of stories."""
        pane = self._categories if self._panes.current == "categories" else self._posts
        if pane.has_edge:
            em = pane.outer_size.width / self._em_cells(str(pane.id))
            self._choose(str(pane.id), em + steps * _EDGE_STEP_EM)

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
