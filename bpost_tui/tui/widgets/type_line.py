"""Bar across the screen for a line of typeset text, as high as the text needs: title, status, categories, banner or footer."""

from __future__ import annotations

from collections.abc import Sequence

from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from bpost_tui.typesetting.textual.renderer import Renderer
from bpost_tui.typesetting.typeset.items import Item, Pair, Para
from bpost_tui.typesetting.typeset.protocols import Galley

_PAIR_GAP_CELLS = 3


class TypeLine(Widget):
    """Shows a few paragraphs, typeset to the available width."""

    DEFAULT_CSS = """
    TypeLine { height: auto; padding: 0 1; }
    """

    def __init__(self, renderer: Renderer, *, id: str) -> None:
        super().__init__(id=id)
        self._renderer = renderer
        self._items: tuple[Item, ...] = ()
        self._galley: Galley | None = None
        self._width = 0
        self._rows: dict[int, int] = {}
        """Maps a width, in cells, to the number of screen rows that the text takes at this width."""

    def show(self, items: Sequence[Item]) -> None:
        """Show `items` (paragraphs or pairs of texts) instead of the current content."""
        if tuple(items) == self._items and self._galley is not None:
            return
        height, width = self._height(self.content_size.width), self._own_width()
        self._items = tuple(items)
        self._galley = None
        self._rows.clear()
        self.refresh(layout=self._height(self.content_size.width) != height or self._own_width() != width)

    def _own_width(self) -> int | None:
        """Return the width of the bar in cells if the style sheet makes the bar as wide as its text, else None."""
        return self.get_content_width(self.size, self.size) if self.styles.is_auto_width else None

    def fits(self, items: Sequence[Pair | Para], room: int) -> bool:
        """Return whether each of `items`, a paragraph or a pair of texts, fits a line of `room` cells.

        The two texts of a pair (at the left and at the right) must fit together, with a gap between them.
        """
        width = self._renderer.typesetter.width
        return all(
            width(item.left + item.right, item.size) <= room - _PAIR_GAP_CELLS
            if isinstance(item, Pair)
            else width(item.runs, item.size) <= room
            for item in items
        )

    def rows(self, items: Sequence[Item], room: int) -> int:
        """Return the number of rows of cells that `items` (paragraphs …) take at a width of `room` cells."""
        return self._renderer.typesetter.rows(items, max(1, room))

    def reset(self) -> None:
        """Typeset the same text again, because the type, its size or its colours have changed."""
        self._galley = None
        self._rows.clear()
        self.refresh(layout=True)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """Return the width of the widest paragraph, in cells; the width of `container` if there are no paragraphs."""
        widths = (self._renderer.typesetter.width(item.runs, item.size) for item in self._items if isinstance(item, Para))
        return max(widths, default=container.width)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the height of the text in rows of cells, when typeset to `width`."""
        return self._height(width)

    def render_line(self, y: int) -> Strip:
        """Return row `y` of the widget as a strip of cells."""
        width = self.content_size.width
        if self._galley is None or self._width != width:
            self._galley, self._width = self._renderer.set(self._items, width, rows=self._height(width)), width
        style = self.rich_style
        return self._renderer.strip(self._galley, y, style).adjust_cell_length(width, style)

    def _height(self, width: int) -> int:
        if width not in self._rows:
            self._rows[width] = self.rows(self._items, width) if self._items else 1
        return self._rows[width]
