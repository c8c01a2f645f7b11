"""A list to choose from, in a dialog: each row made by a function."""

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
"""A row of one line."""


def bindings(**calls: str) -> list[BindingType]:
    """Return a dialog's bindings for actions of the table, by their ids: these give a key the config's choice and its aliases."""
    return [Binding(",".join(action_of(name).keys), call, id=name, show=False) for name, call in calls.items()]


class ChoiceList(RowList, Generic[T], inherit_bindings=False):
    """Values to choose from.

    Args:
        values: What is offered at first.
        row: Sets a row: its number from 0, its value, whether the cursor is on it.
        tallest: A row as tall as any may be.
        empty: What is there when nothing is offered.
        ruled: Whether a thin rule is between the rows; none below the last.
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
        self._is_ruled = ruled
        self.values = tuple(values)
        self._row = row
        self._tallest = tallest
        self._empty = empty

    @property
    def is_ruled(self) -> bool:
        """Whether a thin rule is below each row."""
        return self._is_ruled

    @property
    def current(self) -> T | None:
        """The value under the cursor."""
        return self.values[self.cursor] if self.values else None

    def show(self, values: Sequence[T]) -> None:
        """Offer other values, from the first on."""
        self.values = tuple(values)
        self.set_reactive(RowList.cursor, 0)
        self.measure(ScrollAnchor(0, 0))

    def add(self, values: Sequence[T]) -> None:
        """Offer more, below what is offered."""
        self.values = (*self.values, *values)
        self.measure()

    def action_move(self, step: int) -> None:
        """Go to another row."""
        self.cursor += step

    def row_count(self) -> int:
        """Return how many values there are."""
        return len(self.values)

    def row_key(self, index: int) -> Hashable:
        """Return what a row shows."""
        return index, self.values[index], index == self.cursor

    def height_key(self, index: int) -> Hashable:
        """Return what the row's height goes by: in a mosaic names in Bengali are higher; with rules, all are the tallest."""
        return None if self.is_ruled else self.values[index]

    def row_items(self, index: int) -> tuple[Item, ...]:
        """Return a value's row."""
        return self._row(index, self.values[index], index == self.cursor)

    def tallest_items(self) -> tuple[Item, ...]:
        """Return a row as tall as any may be."""
        return self._tallest

    def empty_items(self) -> tuple[Item, ...]:
        """Return what is there when nothing is offered."""
        return self._empty

    def measure(self, place: ScrollAnchor | None = None) -> None:
        """Take the height of all rows, without the rule below the last."""
        super().measure(place)
        if self.has_rule_lines:
            self.virtual_size = Cells(self.virtual_size.width, max(0, self.virtual_size.height - 1))
