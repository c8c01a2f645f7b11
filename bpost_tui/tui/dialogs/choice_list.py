"""List of values to choose from, for dialogs."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import ClassVar, Generic, TypeVar

from textual.binding import Binding, BindingType
from textual.geometry import Size as Cells

from bpost_tui.core.keys.actions import action_of
from bpost_tui.tui.widgets.row_list import RowList
from bpost_tui.tui.widgets.row_window import ScrollAnchor
from bpost_tui.typesetting.textual.renderer import Renderer
from bpost_tui.typesetting.typeset.items import Item, Pair, Run, Size

T = TypeVar("T", bound=Hashable)

ONE_LINE: tuple[Item, ...] = (Pair((Run("ক"),), (), Size.BAR),)
"""Content of a sample row of one line, used to measure the maximum height of rows in a list."""


def bindings(**calls: str) -> list[BindingType]:
    """Return key bindings of a dialog: `calls` maps ids of the app's actions to calls of the dialog's actions, such as `move(1)`.

    Each binding has the id of the app's action, so that the keys set in the config for this action work in the dialog.
    """
    return [Binding(",".join(action_of(name).keys), call, id=name, show=False) for name, call in calls.items()]


class ChoiceList(RowList, Generic[T], inherit_bindings=False):
    """List of values to choose from.

    Args:
        values: Values to show first.
        row: Returns the content of a row, given its index, its value, and whether the cursor is on it.
        tallest: Content of a sample row that is as tall as any row can be.
        empty: Text shown if there are no values.
        ruled: Whether space separates the rows.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(down="move(1)", up="move(-1)", top="move(-1000)", bottom="move(1000)")

    def __init__(
        self,
        renderer: Renderer,
        values: Sequence[T],
        row: Callable[[int, T, bool], tuple[Item, ...]],
        *,
        id: str,
        tallest: tuple[Item, ...] = ONE_LINE,
        empty: tuple[Item, ...] = (),
        ruled: bool = False,
    ) -> None:
        super().__init__(renderer, id=id)
        self._is_spaced = ruled
        self.values = tuple(values)
        self._row = row
        self._tallest = tallest
        self._empty = empty

    @property
    def is_spaced(self) -> bool:
        """Whether there is space below each row."""
        return self._is_spaced

    @property
    def current(self) -> T | None:
        """Value under the cursor; None if the list is empty."""
        return self.values[self.cursor] if self.values else None

    def show(self, values: Sequence[T]) -> None:
        """Show `values` instead of the current ones, with the cursor on the first."""
        self.values = tuple(values)
        self.set_reactive(RowList.cursor, 0)
        self.measure(ScrollAnchor(0, 0))

    def add(self, values: Sequence[T]) -> None:
        """Add `values` at the end of the list."""
        self.values = (*self.values, *values)
        self.measure()

    def action_move(self, step: int) -> None:
        """Move the cursor by `step` rows."""
        self.cursor += step

    def row_count(self) -> int:
        """Return the number of values."""
        return len(self.values)

    def row_key(self, index: int) -> Hashable:
        """Return a cache key made of everything that decides how row `index` looks: rows with the same key are drawn alike."""
        return index, self.values[index], index == self.cursor

    def height_key(self, index: int) -> Hashable:
        """Return the value of row `index` as a cache key of the row's height; None if all rows have the maximum height.

        Rows with other words may differ in height: text in block characters (a mosaic) is higher in Bengali than in Latin letters.
        """
        return None if self.is_spaced else self.values[index]

    def row_items(self, index: int) -> tuple[Item, ...]:
        """Return the content of the row that shows the value at `index`."""
        return self._row(index, self.values[index], index == self.cursor)

    def tallest_items(self) -> tuple[Item, ...]:
        """Return the content of a sample row that is as tall as any row can be."""
        return self._tallest

    def empty_items(self) -> tuple[Item, ...]:
        """Return the text shown if there are no values."""
        return self._empty

    def measure(self, place: ScrollAnchor | None = None) -> None:
        """Measure the visible rows, and leave out the blank line below the last row.

        If `place` (a row, and a line of the window) is given, scroll that row to that line; if it is None, keep the list's place.
        """
        super().measure(place)
        if self.has_blank_lines:
            self.virtual_size = Cells(self.virtual_size.width, max(0, self.virtual_size.height - 1))
