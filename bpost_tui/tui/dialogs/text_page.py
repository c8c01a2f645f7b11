"""Page shown over the story, such as the portal's changes to the story, or the output of a program."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from bpost_tui.tui.dialogs.choice_list import bindings
from bpost_tui.tui.widgets.story_view import StoryView
from bpost_tui.typesetting.textual.renderer import Renderer
from bpost_tui.typesetting.typeset.items import Item

_BOX_EM = 4
"""Width of the box beyond the width of its column of text, in em (the font size)."""


class TextPageScreen(ModalScreen[None]):
    """Shows a page of text over the story, until the reader closes the page.

    Args:
        items: Content of the page: paragraphs, headings …
        measure: Maximum width of the column of text, in cells.
        begin: Index of the item to scroll to at first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter", "dismiss", show=False),
        *bindings(changes="dismiss", leave="dismiss", quit="app.quit", down="scroll(1)", up="scroll(-1)", space="page(1)"),
        *bindings(page_down="page(1)", page_up="page(-1)", half_page_down="half_page(1)", half_page_up="half_page(-1)"),
        *bindings(top="top", bottom="bottom"),
    ]

    def __init__(self, renderer: Renderer, items: tuple[Item, ...], *, measure: int, begin: int) -> None:
        super().__init__()
        self._items = items
        self._begin = begin
        self._page = StoryView(renderer, measure, id="page")
        self._page.styles.width = measure + round(_BOX_EM * renderer.typesetter.em_cells)

    def compose(self) -> ComposeResult:
        """Lay out the page in its box."""
        yield self._page

    def on_mount(self) -> None:
        """Show the page's text."""
        self._page.show(self._items)
        self._page.focus()
        self.call_after_refresh(self._page.reveal, self._begin)

    def reset_type(self) -> None:
        """Typeset the page again, because the theme, the size of letters or the way of drawing them has changed."""
        self._page.reset()

    def action_scroll(self, lines: int) -> None:
        """Scroll the page by `lines`, back if negative."""
        self._page.go_to(self._page.scroll_offset.y + lines)

    def action_page(self, pages: int) -> None:
        """Scroll the page by `pages` windows, back if negative."""
        self._page.page(pages)

    def action_half_page(self, halves: int) -> None:
        """Scroll the page by `halves` times half of the window's height, back if negative."""
        self.action_scroll(halves * max(1, self._page.page_lines // 2))

    def action_top(self) -> None:
        """Go to the beginning of the page."""
        self._page.go_to(0)

    def action_bottom(self) -> None:
        """Go to the end of the page."""
        self._page.go_to(self._page.virtual_size.height)
