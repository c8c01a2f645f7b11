"""The links of a story, as footnotes: number, words, and the host that each really leads to."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.screen import ModalScreen

from bpost_tui.i18n import Language
from bpost_tui.model.links import Link
from bpost_tui.reading import templates
from bpost_tui.typeset.items import Item
from bpost_tui.ui.dialogs.box import box_width
from bpost_tui.ui.renderer import Renderer
from bpost_tui.ui.widgets.row_list import RowList

_BOX_EM = 38
"""The widest it gets, in em of body type."""
_MOST_ROWS = 8


class LinkList(RowList):
    """Links, one row each."""

    RULED = True

    def __init__(self, renderer: Renderer, language: Language, links: Sequence[Link], *, id: str) -> None:
        super().__init__(renderer, id=id)
        self._language = language
        self.links = tuple(links)

    def row_count(self) -> int:
        """Return how many links there are."""
        return len(self.links)

    def row_key(self, index: int) -> Hashable:
        """Return the link with its place."""
        return index, self.links[index]

    def row_items(self, index: int) -> tuple[Item, ...]:
        """Return a row: number, words, host."""
        return templates.link_row(index + 1, self.links[index], self._language)

    def measure(self) -> None:
        """Take the height of all rows, without the rule below the last."""
        super().measure()
        self.virtual_size = Size(self.virtual_size.width, max(0, self.virtual_size.height - 1))

    def tallest_items(self) -> tuple[Item, ...]:
        """Return a row; all are of two lines."""
        return templates.link_row(1, Link("ক", "https://example.org/"), self._language)


class LinksScreen(ModalScreen[tuple[str, str] | None]):
    """Gives back ("follow" or "browser", the address) of the link chosen, or None; `copy` takes an address meanwhile."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # an action's id gives a key the config's choice, and what it sends under a Bengali layout
        Binding("escape", "leave", show=False),
        Binding("q", "leave", id="quit", show=False),
        Binding("a", "leave", id="links", show=False),
        Binding("down,j", "move(1)", id="down", show=False),
        Binding("up,k", "move(-1)", id="up", show=False),
        Binding("g,home", "go(0)", id="top", show=False),
        Binding("G,end", "go(-1)", id="bottom", show=False),
        Binding("enter", "choose('follow')", id="open", show=False),
        Binding("o", "choose('browser')", id="browser", show=False),
        Binding("y", "copy", id="copy_link", show=False),
    ]

    def __init__(self, renderer: Renderer, language: Language, links: Sequence[Link], copy: Callable[[str], None]) -> None:
        super().__init__()
        self._renderer = renderer
        self._copy = copy
        self._list = LinkList(renderer, language, links, id="links")

    def compose(self) -> ComposeResult:
        """Show the list."""
        typesetter = self._renderer.typesetter
        self._list.styles.width = box_width(round(_BOX_EM * typesetter.em_cells), self.app.size.width, typesetter.em_cells)
        row = typesetter.rows(self._list.tallest_items()) + 1
        self._list.styles.height = row * min(len(self._list.links), _MOST_ROWS) + 1
        yield self._list

    def on_mount(self) -> None:
        """Be in the list."""
        self._list.focus()

    def reset_type(self) -> None:
        """Set everything anew: theme, size or rung have changed."""
        self._list.reset()

    def action_move(self, step: int) -> None:
        """Move among the links."""
        self._list.cursor += step

    def action_go(self, at: int) -> None:
        """Go to the first link, or the last."""
        self._list.cursor = at % len(self._list.links)

    def action_choose(self, how: str) -> None:
        """Choose the link under the cursor."""
        self.dismiss((how, self._list.links[self._list.cursor].address))

    def action_copy(self) -> None:
        """Copy the address under the cursor; the list stays."""
        self._copy(self._list.links[self._list.cursor].address)

    def action_leave(self) -> None:
        """Choose nothing."""
        self.dismiss(None)

    @on(RowList.Chosen)
    def _clicked(self) -> None:
        self.action_choose("follow")
