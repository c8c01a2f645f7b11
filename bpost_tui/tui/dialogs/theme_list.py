"""List of themes. Moving the cursor to a theme shows the screen in that theme."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from bpost_tui.i18n import Language
from bpost_tui.tui.dialogs.choice_list import ONE_LINE, ChoiceList, bindings
from bpost_tui.tui.widgets.row_list import RowList
from bpost_tui.tui.widgets.type_line import TypeLine
from bpost_tui.typesetting.textual.renderer import Renderer
from bpost_tui.typesetting.typeset.items import Item, Pair, Para, Run, Size

_BOX_EM = 17
"""Maximum width of the dialog's box, in em (the font size). Most of the page remains visible, so that the theme can be judged."""


class ThemeScreen(ModalScreen[str | None]):
    """Asks the reader to choose a theme. The result is the theme's name, or None if the reader leaves without choosing.

    Args:
        labels: Labels of the themes, by name.
        current: Name of the theme in use.
        apply: Shows the whole screen in the theme whose name is passed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", show=False),
        Binding("enter,space", "keep", show=False),
        *bindings(leave="dismiss", quit="app.quit", theme="dismiss"),
    ]

    def __init__(
        self, renderer: Renderer, language: Language, labels: Mapping[str, str], current: str, apply: Callable[[str], None]
    ) -> None:
        super().__init__()
        self._renderer = renderer
        self._language = language
        self._labels = labels
        self._apply = apply
        self._title = TypeLine(renderer, id="title")
        self._themes = ChoiceList(renderer, tuple(labels), self._row, id="themes")
        self._themes.set_reactive(RowList.cursor, self._themes.values.index(current))

    def _row(self, at: int, name: str, is_current: bool) -> tuple[Item, ...]:
        return (Pair((Run(self._language.text(self._labels[name]), bold=is_current),), (), Size.BAR),)

    def compose(self) -> ComposeResult:
        """Lay out the labels below a line with the keys."""
        with Vertical(id="theme_box") as box:
            box.styles.width = round(_BOX_EM * self._renderer.typesetter.row_em_cells)
            box.styles.height = (len(self._labels) + 1) * self._renderer.typesetter.rows(ONE_LINE) + 2
            yield self._title
            yield self._themes

    def on_mount(self) -> None:
        """Show the keys, and put the cursor on the theme in use."""
        keys = (("⏎", self._language.text("keep")), ("Esc", self._language.text("cancel")))
        runs = tuple(run for key, label in keys for run in (Run(key, "headline"), Run(f" {label}   ", "meta")))
        self._title.show((Para(runs, Size.BAR, max_lines=1),))
        self._themes.focus()
        self.call_after_refresh(self._themes.show_cursor)

    def reset_type(self) -> None:
        """Typeset the list again, because the theme, the size of letters or the way of drawing them has changed."""
        self._title.reset()
        self._themes.reset()

    @on(RowList.Moved)
    def _moved(self, event: RowList.Moved) -> None:
        self._apply(self._themes.values[event.index])

    @on(RowList.Chosen)
    def _clicked(self) -> None:
        self.action_keep()

    def action_keep(self) -> None:
        """Close the list. Its result is the name of the theme under the cursor; the screen has this theme already."""
        self.dismiss(self._themes.current)
