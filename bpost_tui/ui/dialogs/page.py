"""What the portal changed in a story, over the story."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from bpost_tui.typeset.items import Item
from bpost_tui.ui.renderer import Renderer
from bpost_tui.ui.widgets.story_view import StoryView

_BOX_EM = 4
"""What the box is wider than its column, in em."""


class ChangesScreen(ModalScreen[None]):
    """Shows one page; the key that opened it leads back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter", "back", show=False),
        # an action's id gives a key the config's choice, and what it sends under a Bengali layout
        Binding("d", "back", id="changes", show=False),
        Binding("q", "back", id="quit", show=False),
        Binding("down,j", "scroll(1)", id="down", show=False),
        Binding("up,k", "scroll(-1)", id="up", show=False),
        Binding("space", "page(1)", id="space", show=False),
        Binding("pagedown", "page(1)", id="page_down", show=False),
        Binding("pageup", "page(-1)", id="page_up", show=False),
        Binding("ctrl+d", "half_page(1)", id="half_page_down", show=False),
        Binding("ctrl+u", "half_page(-1)", id="half_page_up", show=False),
        Binding("g,home", "top", id="top", show=False),
        Binding("G,end", "bottom", id="bottom", show=False),
    ]

    def __init__(self, renderer: Renderer, items: tuple[Item, ...], *, measure: int) -> None:
        super().__init__()
        self._items = items
        self._page = StoryView(renderer, measure, id="changes")
        self._page.styles.width = measure + round(_BOX_EM * renderer.typesetter.em_cells)

    def compose(self) -> ComposeResult:
        """Show one page."""
        yield self._page

    def on_mount(self) -> None:
        """Set the page."""
        self._page.show(self._items)
        self._page.focus()

    def reset_type(self) -> None:
        """Set everything anew: theme, size or rung have changed."""
        self._page.reset()

    def action_scroll(self, lines: int) -> None:
        """Scroll the page."""
        self._page.go_to(self._page.scroll_offset.y + lines)

    def action_page(self, pages: int) -> None:
        """Scroll the page by windows."""
        self._page.page(pages)

    def action_half_page(self, halves: int) -> None:
        """Scroll the page by half windows."""
        self.action_scroll(halves * max(1, self._page.page_lines // 2))

    def action_top(self) -> None:
        """Go to the beginning."""
        self._page.go_to(0)

    def action_bottom(self) -> None:
        """Go to the end."""
        self._page.go_to(self._page.virtual_size.height)

    def action_back(self) -> None:
        """Go back to the story."""
        self.dismiss()
