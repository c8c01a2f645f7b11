"""Menu of a few choices, such as ways to share a story, stories to mark as read, or papers to read."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import ClassVar, Generic, NamedTuple, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from bpost_tui.core.keys.actions import Keys
from bpost_tui.tui.dialogs.choice_list import ONE_LINE, ChoiceList, bindings
from bpost_tui.tui.dialogs.dialog_box import box_height, box_width
from bpost_tui.tui.widgets.row_list import RowList
from bpost_tui.tui.widgets.type_line import TypeLine
from bpost_tui.typesetting.textual.renderer import Renderer
from bpost_tui.typesetting.typeset.items import Item, Pair, Para, Run, Size

T = TypeVar("T", bound=Hashable)

_GAP_CELLS = 3
_FRAME_CELLS, _FRAME_ROWS = 6, 2
"""Cells that the frame adds to the width and the height of the rows: both borders, the padding and the scroll bar."""

_STEPS = {"forward": 1, "back": -1}


class Choice(NamedTuple, Generic[T]):
    """Row of the menu: a label, and the value that the menu returns if the reader chooses this row."""

    value: T
    label: str
    detail: str = ""
    """Text at the right of the row, such as a key or a number."""


class ChoiceScreen(ModalScreen[T | None]):
    """Asks the reader to choose one of a few values. The result is the value, or None if the reader leaves the menu.

    Args:
        title: Question above the rows.
        choices: Rows of the menu.
        at_once: Maps ids of actions to values. The key of such an action chooses the value at once, wherever the cursor is.
        at: Index of the row under the cursor at first.
        on_change: Changes the setting of the cursor's row. Called with the row's value, and 1 for the right key or -1 for the left.
            None if the rows aren't settings.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", show=False),
        Binding("enter,space", "choose", show=False),
        *bindings(leave="dismiss", quit="app.quit"),
    ]

    def __init__(
        self,
        renderer: Renderer,
        keys: Keys,
        title: str,
        choices: Sequence[Choice[T]],
        at_once: Mapping[str, T],
        *,
        at: int = 0,
        on_change: Callable[[T, int], None] | None = None,
    ) -> None:
        super().__init__()
        self._renderer = renderer
        self._keys = keys
        self._question = (Para((Run(title, "meta"),), Size.BAR, max_lines=1),)
        self._at_once = at_once
        self._on_change = on_change
        self._inner_cells = 0
        """Width of a row in cells."""
        self._title = TypeLine(renderer, id="title")
        self._list: ChoiceList[Choice[T]] = ChoiceList(renderer, choices, self._row, id="choices")
        self._list.set_reactive(RowList.cursor, at)

    def _row(self, at: int, choice: Choice[T], is_current: bool) -> tuple[Item, ...]:
        label, detail = (Run(choice.label, bold=is_current),), (Run(choice.detail, "meta"),)
        if self._is_stacked(choice):
            return (Pair(label, (), Size.BAR), Pair((), detail, Size.BAR))
        return (Pair(label, detail, Size.BAR),)

    def _is_stacked(self, choice: Choice[T]) -> bool:
        """Return whether the detail of `choice` (the text at the right of its label) gets a line of its own.

        That is so if label and detail together don't fit one line, and the detail alone takes more than half of the line.
        """
        detail = self._renderer.typesetter.width((Run(choice.detail),), Size.BAR)
        return 2 * detail > self._inner_cells and self._width(choice) > self._inner_cells

    def _width(self, choice: Choice[T]) -> int:
        return self._renderer.typesetter.width((Run(choice.label, bold=True), Run(choice.detail)), Size.BAR) + _GAP_CELLS

    def compose(self) -> ComposeResult:
        """Lay out the rows below the question."""
        with Vertical(id="choice_box"):
            yield self._title
            yield self._list

    def on_mount(self) -> None:
        """Focus the list."""
        self._title.show(self._question)
        self.on_resize()
        self._list.focus()

    def on_resize(self) -> None:
        """Adapt the size of the box to the window."""
        typesetter, styles = self._renderer.typesetter, self.query_one(Vertical).styles
        wanted = max(*map(self._width, self._list.values), typesetter.width(self._question[0].runs, Size.BAR)) + _FRAME_CELLS
        styles.width = width = box_width(wanted, self.app.size.width, typesetter.em_cells)
        self._inner_cells = width - _FRAME_CELLS
        rows = sum(typesetter.rows(self._row(0, each, False)) for each in self._list.values)
        wanted_rows = rows + typesetter.rows(self._question) + _FRAME_ROWS
        styles.height = box_height(wanted_rows, self.app.size.height, typesetter.rows(ONE_LINE))

    def show(self, choices: Sequence[Choice[T]]) -> None:
        """Show `choices`, which have the same values as before with other labels or details, and keep the cursor's row."""
        if not self.is_mounted:
            self._list.values = tuple(choices)
            return
        cursor = self._list.cursor
        self._list.show(choices)
        self._list.cursor = cursor
        self.on_resize()

    def reset_type(self) -> None:
        """Typeset the menu again, because the theme, the size of letters or the way of drawing them has changed."""
        self.on_resize()
        self._title.reset()
        self._list.reset()

    def on_key(self, event: events.Key) -> None:
        """Choose a value by an action's key, or change the setting of the cursor's row by the keys for right and left."""
        action = self._keys.action_of(event.key)
        if action in self._at_once:
            event.stop()
            self.dismiss(self._at_once[action])
        elif self._on_change and (step := _STEPS.get(action)) and event.key != "escape" and self._list.current:
            event.stop()
            self._on_change(self._list.current.value, step)

    @on(RowList.Chosen)
    def _clicked(self) -> None:
        self.action_choose()

    def action_choose(self) -> None:
        """Close the menu with the value of the row under the cursor as its result."""
        chosen = self._list.current
        self.dismiss(None if chosen is None else chosen.value)
