"""The papers, to choose one to read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from bpost_tui.i18n import Language
from bpost_tui.model.story import CategoryCount
from bpost_tui.reading import templates
from bpost_tui.typeset.items import Item
from bpost_tui.ui.dialogs.box import Box, box_height
from bpost_tui.ui.dialogs.choices import ChoiceList, bindings
from bpost_tui.ui.renderer import Renderer
from bpost_tui.ui.widgets.row_list import RowList

_BOX_EM = 20
"""The widest it gets, in em of body type: most of the page stays in sight."""
_BORDERS = 2


class PaperScreen(ModalScreen[CategoryCount | None]):
    """Asks for a paper; gives back its row, or None where nothing was chosen.

    Args:
        rows: All papers together first, then each.
        current: The row that stands for where one is.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("enter,space", "choose", show=False),
        *bindings(
            leave="leave", quit="app.quit", papers="leave", down="move(1)", up="move(-1)", top="move(-1000)", bottom="move(1000)"
        ),
    ]

    def __init__(self, renderer: Renderer, language: Language, rows: Sequence[CategoryCount], current: int) -> None:
        super().__init__()
        self._renderer = renderer
        self._language = language
        tallest = templates.category(max(rows, key=lambda row: len(row.category.name)), language, current=True)
        self._papers = ChoiceList(renderer, tuple(rows), self._row, id="papers", tallest=tallest)
        self._papers.set_reactive(RowList.cursor, current)

    def _row(self, at: int, count: CategoryCount, is_current: bool) -> tuple[Item, ...]:
        return templates.category(count, self._language, current=is_current)

    def compose(self) -> ComposeResult:
        """Lay out the papers."""
        typesetter = self._renderer.typesetter
        with Box(self._renderer, id="paper_box") as box:
            box.styles.width = round(_BOX_EM * typesetter.row_em_cells)
            row = typesetter.rows(self._papers.tallest_items())
            box.styles.height = box_height(len(self._papers.values) * row + _BORDERS, self.app.size.height, row)
            yield self._papers

    def on_mount(self) -> None:
        """Stand on the paper one is in."""
        self._papers.focus()
        self.call_after_refresh(self._papers.show_cursor)

    def reset_type(self) -> None:
        """Set everything anew: theme, size or the way type is drawn have changed."""
        self._papers.reset()

    @on(RowList.Chosen)
    def _clicked(self) -> None:
        self.action_choose()

    def action_move(self, step: int) -> None:
        """Go to another paper."""
        self._papers.cursor += step

    def action_choose(self) -> None:
        """Choose the paper under the cursor."""
        self.dismiss(self._papers.current)

    def action_leave(self) -> None:
        """Choose nothing."""
        self.dismiss(None)
