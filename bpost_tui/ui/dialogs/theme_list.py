"""The themes, to choose from: each is worn while the cursor stands on it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from bpost_tui.i18n import Language
from bpost_tui.typeset.items import Item, Pair, Para, Run, Size
from bpost_tui.ui.renderer import Renderer
from bpost_tui.ui.widgets.line import Line
from bpost_tui.ui.widgets.row_list import RowList

_BOX_EM = 17
"""The widest it gets, in em of body type: most of the page stays in sight."""


class ThemeRows(RowList):
    """The themes' labels."""

    def __init__(self, renderer: Renderer, labels: Mapping[str, str], language: Language, *, id: str) -> None:
        super().__init__(renderer, id=id)
        self.names = tuple(labels)
        self._labels = tuple(language.text(label) for label in labels.values())

    def row_count(self) -> int:
        """Return how many themes there are."""
        return len(self.names)

    def row_key(self, index: int) -> Hashable:
        """Return what a row shows."""
        return self._labels[index], index == self.cursor

    def row_items(self, index: int) -> tuple[Item, ...]:
        """Return a label."""
        return (Pair((Run(self._labels[index], bold=index == self.cursor),), (), Size.ROW),)

    def tallest_items(self) -> tuple[Item, ...]:
        """Return a row; all are of one line."""
        return (Pair((Run("ক"),), (), Size.ROW),)


class ThemeScreen(ModalScreen[str | None]):
    """Asks for a theme; gives back its name, or None where the one worn is to stay."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # an action's id gives a key the config's choice, and what it sends under a Bengali layout
        Binding("escape", "leave", show=False),
        Binding("q", "leave", id="quit", show=False),
        Binding("t", "leave", id="theme", show=False),
        Binding("enter,space", "keep", show=False),
        Binding("down,j", "move(1)", id="down", show=False),
        Binding("up,k", "move(-1)", id="up", show=False),
        Binding("home,g", "move(-1000)", id="top", show=False),
        Binding("end,G", "move(1000)", id="bottom", show=False),
    ]

    def __init__(
        self, renderer: Renderer, language: Language, labels: Mapping[str, str], worn: str, wear: Callable[[str], None]
    ) -> None:
        super().__init__()
        self._renderer = renderer
        self._language = language
        self._wear = wear
        self._worn = worn
        self._title = Line(renderer, id="title")
        self._themes = ThemeRows(renderer, labels, language, id="themes")
        self._themes.set_reactive(RowList.cursor, self._themes.names.index(worn))

    def compose(self) -> ComposeResult:
        """Lay out the labels below a line that says how to choose."""
        with Vertical(id="wardrobe") as box:
            box.styles.width = round(_BOX_EM * self._renderer.typesetter.row_em_cells)
            box.styles.height = (self._themes.row_count() + 1) * self._renderer.typesetter.rows(self._themes.tallest_items()) + 2
            yield self._title
            yield self._themes

    def on_mount(self) -> None:
        """Stand on the theme that is worn."""
        keys = (("⏎", self._language.text("keep")), ("Esc", self._language.text("as before")))
        runs = tuple(run for key, label in keys for run in (Run(key, "accent"), Run(f" {label}   ", "meta")))
        self._title.show((Para(runs, Size.ROW, max_lines=1),))
        self._themes.focus()
        self.call_after_refresh(self._themes.show_cursor)

    def reset_type(self) -> None:
        """Set everything anew: theme, size or rung have changed."""
        self._title.reset()
        self._themes.reset()

    @on(RowList.Moved)
    def _moved(self, event: RowList.Moved) -> None:
        self._wear(self._themes.names[event.index])

    @on(RowList.Chosen)
    def _clicked(self) -> None:
        self.action_keep()

    def action_move(self, step: int) -> None:
        """Go to another theme."""
        self._themes.cursor += step

    def action_keep(self) -> None:
        """Choose the theme that is seen."""
        self.dismiss(self._themes.names[self._themes.cursor])

    def action_leave(self) -> None:
        """Choose nothing."""
        self.dismiss(None)
