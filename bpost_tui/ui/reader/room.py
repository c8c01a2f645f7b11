"""How the reader divides the screen: the column's width, the lists' edges, and zen, with nothing but the story."""

from __future__ import annotations

from textual import on
from textual.message import Message

from bpost_tui.ui.pane_widths import USUAL_EM_CELLS, Widths
from bpost_tui.ui.reader.moving import MoveScreen
from bpost_tui.ui.widgets.row_list import RowList

_STEP_EM = 2.0
_EDGE_STEP_EM = 1.0


class RoomScreen(MoveScreen):
    """Panes whose widths the reader changes."""

    class WidthChosen(Message):
        """Something has another width, to be remembered."""

        def __init__(self, name: str, em: float) -> None:
            super().__init__()
            self.name = name
            """Of the width: a field of Widths."""
            self.em = em

    # ── the column ──────────────────────────────────────────────────────────

    def action_wider(self) -> None:
        """Set the story in a wider column."""
        self._widen_column(_STEP_EM)

    def action_narrower(self) -> None:
        """Set the story in a narrower column."""
        self._widen_column(-_STEP_EM)

    def _widen_column(self, em: float) -> None:
        shown = self._story.column_cells / self._renderer.typesetter.em_cells
        self._choose("story", min(self._widths.story, shown or self._widths.story) + em)
        self.width_told(round(self._widths.story * USUAL_EM_CELLS))

    def width_told(self, cells: int) -> None:
        """Do what follows from another width of the column, in usual cells."""

    # ── the lists ───────────────────────────────────────────────────────────

    def action_edge_right(self) -> None:
        """Make the list one is in wider; from the story, the list of stories."""
        self._move_edge(_EDGE_STEP_EM)

    def action_edge_left(self) -> None:
        """Make the list one is in narrower; from the story, the list of stories."""
        self._move_edge(-_EDGE_STEP_EM)

    def _move_edge(self, em: float) -> None:
        pane = self._categories if self.pane == "categories" else self._posts
        if pane.has_edge:
            self._choose(str(pane.id), pane.outer_size.width / self._em_cells(str(pane.id)) + em)

    @on(RowList.EdgeMoved)
    def _edge_moved(self, event: RowList.EdgeMoved) -> None:
        """Follow the mouse; what is chosen stands once it lets go."""
        em = event.cells / self._em_cells(str(event.sender.id))
        self._choose(str(event.sender.id), em, for_good=event.has_ended)

    def _em_cells(self, name: str) -> float:
        """Return the em that a list's width is counted in."""
        typesetter = self._renderer.typesetter
        return typesetter.row_em_cells if name == "categories" else typesetter.em_cells

    def _choose(self, name: str, em: float, *, for_good: bool = True) -> None:
        widths = self._widths.changed(name, round(em, 2))
        if widths != self._widths:
            self._widths = widths
            self.fit()
            self._story.fit()
        if for_good:
            self.app.post_message(self.WidthChosen(name, self._width(widths, name)))

    def _width(self, widths: Widths, name: str) -> float:
        return float(getattr(widths, name))

    # ── zen ─────────────────────────────────────────────────────────────────

    @property
    def is_zen(self) -> bool:
        """Whether there is nothing but the story."""
        return self.has_class("-zen")

    def action_zen(self) -> None:
        """Show nothing but the story, or everything again."""
        if self.is_zen:
            self.remove_class("-zen")
        else:
            self.go("story")
            self.add_class("-zen")

    def action_back(self) -> None:
        """Leave zen; else go one pane to the left."""
        if self.is_zen:
            self.remove_class("-zen")
        else:
            super().action_back()

    def go(self, pane: str) -> None:
        """Go to a pane; another than the story's ends zen."""
        if pane != "story":
            self.remove_class("-zen")
        super().go(pane)
