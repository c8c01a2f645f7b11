"""Scrolling view of a column of typeset text. Lengths are in cells."""

from __future__ import annotations

from collections.abc import Iterable

from rich.segment import Segment
from rich.style import Style
from textual.events import Click
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from bpost_tui.typesetting.textual.renderer import Renderer
from bpost_tui.typesetting.typeset.items import Item
from bpost_tui.typesetting.typeset.protocols import Galley


class TypeView(ScrollView, can_focus=True):
    """Widget that shows items (paragraphs …) as a centred column. Textual's keys scroll it, and the mouse selects source text.

    Args:
        renderer: Renderer of the app (`TypeApp.renderer`).
        items: Items (paragraphs, headings, pictures …) to show.
        measure: Maximum width of the column in cells.
    """

    DEFAULT_CSS = """
    TypeView { overflow: hidden scroll; scrollbar-size-vertical: 1; background: $background; }
    """

    class LinkClicked(Message):
        """Message that the reader clicked a link."""

        def __init__(self, address: str) -> None:
            super().__init__()
            self.address = address

    def __init__(
        self,
        renderer: Renderer,
        items: Iterable[Item] = (),
        *,
        measure: int = 80,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._renderer = renderer
        self._items = tuple(items)
        self.measure = measure
        self._galley: Galley | None = None
        self._first = 0

    def show(self, items: Iterable[Item], *, first: int = 0) -> None:
        """Show other items (paragraphs, pictures …), scrolled so that the item with index `first` is at the top."""
        self._items, self._first, self._galley = tuple(items), first, None
        self.reset_type()

    def reset_type(self) -> None:
        """Typeset the items (paragraphs …) again after a change of width, font or colours, with the same item at the top."""
        item = self._galley.item_at(self.scroll_offset.y) if self._galley is not None else self._first
        width = self.scrollable_content_region.width
        if width > 0:
            self._galley = galley = self._renderer.set(self._items, min(width, self.measure))
            self.virtual_size = Size(width, galley.rows)
            self.scroll_to(y=galley.row_of(item) if item else 0, animate=False)
            self.refresh()

    def on_resize(self) -> None:
        """Typeset the items (paragraphs …) for the view's new width."""
        self.reset_type()

    def on_click(self, event: Click) -> None:
        """Post `LinkClicked` if a link was clicked."""
        offset = event.get_content_offset(self)
        if self._galley is not None and offset is not None:
            address = self._galley.link_at(offset.y + self.scroll_offset.y, offset.x - self._left_margin)
            if address is not None:
                self.post_message(self.LinkClicked(address))

    def render_line(self, y: int) -> Strip:
        """Return the row `y` of the view as a strip. Lines of type that the view's upper or lower edge would cut are left out."""
        style, selection, top = self.rich_style, self.text_selection, self.scroll_offset.y
        galley, width, row = self._galley, self.scrollable_content_region.width, y + top
        if galley is None or row >= galley.rows:
            return Strip.blank(width, style)
        window = range(top, top + self.scrollable_content_region.height)
        strip = self._renderer.strip(galley, row, style, window)
        for span in self._renderer.spans(galley, selection, row) if selection is not None else ():
            strip = selected(strip, *span, self.screen.get_component_rich_style("screen--selection"))
        left = self._left_margin
        sides = [Segment(" " * cells, style) for cells in (left, width - left - galley.cols)]
        return Strip([sides[0], *strip.apply_offsets(0, row), sides[1]], width)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the source text that the mouse selected, and the separator to put after it; None if nothing is typeset yet."""
        return (self._renderer.selected(self._galley, selection), "\n") if self._galley is not None else None

    def selection_updated(self, selection: Selection | None) -> None:
        """Redraw the view with the new `selection`; None means that nothing is selected."""
        self.refresh()

    @property
    def _left_margin(self) -> int:
        """Width in cells of the empty margin at the left of the column."""
        return max(0, (self.scrollable_content_region.width - self._galley.cols) // 2) if self._galley is not None else 0


def selected(strip: Strip, start: int, end: int, style: Style) -> Strip:
    """Return a strip with the background of `style` under the cells from `start` to `end`; -1 means the end of the strip."""
    end = strip.cell_length if end == -1 else min(end, strip.cell_length)
    before, selected, after = strip.crop(0, start), strip.crop(start, end), strip.crop(end)
    ground = Style(bgcolor=style.bgcolor, reverse=style.reverse)
    marked = Segment.apply_style(selected, post_style=ground)  # as post_style: a piece's own background would hide it
    return Strip.join([before, Strip(marked, selected.cell_length), after])
