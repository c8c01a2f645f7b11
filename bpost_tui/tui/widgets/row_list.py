"""List that typesets and draws only the rows in its window. Lengths are cells.

Textual has a list widget with one child widget per row. Layout and styles then cost time for every row, also for rows that are
never seen. A `RowList` is one widget that draws lines: a subclass returns the items of a row (such as paragraphs), and the row is
typeset when it is drawn. The last 128 typeset rows are kept by their key, their width and the version of the renderer, so that no
row is typeset again when the cursor moves. `row_window` manages the heights of rows, and scrolls the list.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar, ScrollTo
from textual.strip import Strip
from textual.widget import Widget

from bpost_tui.tui.widgets.row_window import RowWindow, ScrollAnchor
from bpost_tui.tui.widgets.thin_scroll_bar import update_scroll_bars
from bpost_tui.typesetting.textual.renderer import Renderer
from bpost_tui.typesetting.typeset.items import Item, Para, Rule
from bpost_tui.typesetting.typeset.protocols import Galley, Typesetter

CURSOR_BAR, HINT_BAR = "▌", "▏"
"""Characters at the left of the cursor's row: a thick bar in the current pane, a thin bar in other panes.

Their shapes differ, so that the current pane can be recognised without colour.
"""
_KEPT_ROWS = 128
_SPACE = Rule("", is_hairline=True, before=0.3)
"""Blank space below a row. No line is drawn, because space is enough to separate rows, and many lines would look restless.

Most of the space comes from rounding the heights of rows up to whole cells. In cells of 15 pixels, there may be no space.
"""
_RULE_START_CELLS = 3
"""Number of cells before the label in a horizontal line: a short piece of the line, and a blank on each side of that piece."""


class _RowBackground:
    """Size of a list's window and style of its blank cells, read from Textual once per frame because reading them is slow."""

    def __init__(self, view: ScrollView) -> None:
        self._view = view
        self._of_frame: tuple[Size, Style] | None = None

    @property
    def current(self) -> tuple[Size, Style]:
        """Size of the window, and the style of its blank cells."""
        return self._of_frame or (self._view.scrollable_content_region.size, self._view.rich_style)

    @contextmanager
    def cached(self) -> Iterator[None]:
        """Read size and style from Textual once, and use both until the `with` block, which draws a frame, ends."""
        self._of_frame = self.current
        try:
            yield
        finally:
            self._of_frame = None


class RowList(ScrollView, can_focus=True, inherit_bindings=False):
    """List of rows with a cursor; subclasses provide the rows."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"row--cursor", "row--bar", "row--hint", "row--hint-bar", "row--rule"}
    DEFAULT_CSS = """
    RowList { overflow: hidden scroll; scrollbar-size-vertical: 1; background: $background; }
    RowList > .row--cursor { background: $panel; }
    RowList > .row--bar { color: $ink-accent; background: $panel; }
    RowList > .row--hint { background: $hint; }
    RowList > .row--hint-bar { color: $scrollbar; background: $hint; }
    RowList > .row--rule { color: $rule; background: $background; }
    """
    CHOSEN_AT_ONCE = True
    """Whether one click chooses a row. Otherwise the first click moves the cursor to the row, and a second click chooses it."""
    breaks: tuple[int, ...] = ()
    """Indices, in ascending order, of the rows with a horizontal line above them. That line takes a row of cells of its own."""

    cursor: reactive[int] = reactive(0, init=False, repaint=False)  # `watch_cursor` repaints two rows
    is_active: reactive[bool] = reactive(True, init=False)
    """Whether the list gets the keys that the reader presses. Otherwise the cursor's row is highlighted less strongly."""

    class Moved(Message):
        """Announces that the cursor has moved to row `index`."""

        def __init__(self, sender: RowList, index: int) -> None:
            super().__init__()
            self.sender = sender
            self.index = index

        @property
        def control(self) -> RowList:
            """List that sent the message."""
            return self.sender

    class Chosen(Moved):
        """Announces that the reader has chosen a row with the mouse."""

    class EndChosen(Message):
        """Announces a click on the text after the last row."""

    class EdgeMoved(Message):
        """Announces that the reader drags the vertical line at the right edge of the list, to change the widths of the panes."""

        def __init__(self, sender: RowList, cells: int, has_ended: bool) -> None:
            super().__init__()
            self.sender = sender
            self.cells = cells
            """Width in cells that the list is dragged to, including the vertical line at its right edge."""
            self.has_ended = has_ended

    def __init__(self, renderer: Renderer, *, id: str) -> None:
        super().__init__(id=id)
        self._renderer = renderer
        self._galleys: OrderedDict[Hashable, Galley] = OrderedDict()
        self._background = _RowBackground(self)
        self._is_clicked = False
        """Whether a click is moving the cursor.

        The list isn't scrolled then, so that a second click at the same place hits the same row.
        """
        self._measured_for: tuple[int, int] | None = None
        """Width in cells, and `Renderer.version` (number of changes of font, size or colours), when heights were measured last."""
        self.window = RowWindow(self, lambda: self.cursor, self._set_height)

    # ── for subclasses to override ──────────────────────────────────────────

    def row_count(self) -> int:
        """Return the number of rows."""
        raise NotImplementedError

    def row_key(self, index: int) -> Hashable:
        """Return a cache key made of everything that row `index` shows: rows with the same key are drawn alike."""
        raise NotImplementedError

    def row_items(self, index: int) -> tuple[Item, ...]:
        """Return the content of row `index`, as items of a page such as paragraphs."""
        raise NotImplementedError

    def tallest_items(self) -> tuple[Item, ...]:
        """Return the content of a sample row that is as tall as any row can be."""
        raise NotImplementedError

    def height_key(self, index: int) -> Hashable:
        """Return a cache key made of everything that decides the height of row `index`; None for a row of the maximum height."""
        return None

    @property
    def is_spaced(self) -> bool:
        """Whether there is space below each row."""
        return False

    @property
    def has_blank_lines(self) -> bool:
        """Whether the space between rows takes a whole row of cells, because this way of drawing letters has no smaller space."""
        return self.is_spaced and not self._renderer.typesetter.has_hairlines

    def empty_items(self) -> tuple[Item, ...]:
        """Return the text shown if the list is empty."""
        return ()

    def end_items(self) -> tuple[Item, ...]:
        """Return the text shown after the last row; none, unless a subclass overrides this."""
        return ()

    # ── moving ──────────────────────────────────────────────────────────────

    def validate_cursor(self, index: int) -> int:
        """Return `index` limited to the rows of the list; 0 if it is empty."""
        return max(0, min(index, self.row_count() - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        """Repaint the cursor's old and new row, send `Moved`, and scroll to the new row unless it was clicked."""
        for index in (old, new):
            if index < self.row_count():
                self.refresh_lines(self.window.heights.top(index), self.window.heights.height(index))
        if not self._is_clicked:
            self.show_cursor()
        self.post_message(self.Moved(self, new))

    def show_cursor(self) -> None:
        """Scroll as little as needed to show all of the cursor's row; if it is the last row, also the text after it."""
        self.window.show(self.cursor)
        self._show_bar()

    @property
    def page_rows(self) -> int:
        """Number of whole rows in the window."""
        return max(1, self.window.whole_rows)

    @property
    def has_edge(self) -> bool:
        """Whether the vertical line at the right edge can be dragged, to change the widths of the panes."""
        return self.display and self.styles.border_right[0] not in ("", "none")

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Start dragging the vertical line at the right, if the mouse button was pressed on it."""
        if self.has_edge and event.x == self.outer_size.width - 1:
            event.stop()
            self.add_class("-dragged")
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """While the reader drags the vertical line at the right edge, announce the width that the list is dragged to."""
        if self.has_class("-dragged"):
            self.post_message(self.EdgeMoved(self, event.screen_x - self.region.x + 1, has_ended=False))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Stop dragging the vertical line at the right edge, and announce the list's final width."""
        if self.has_class("-dragged"):
            self.remove_class("-dragged")
            self.release_mouse()
            self.post_message(self.EdgeMoved(self, event.screen_x - self.region.x + 1, has_ended=True))

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the clicked row and send `Chosen`, or send `EndChosen` for a click on the text after the last row.

        If `CHOSEN_AT_ONCE` is False, send `Chosen` only if the cursor was on the clicked row before.
        """
        offset = event.get_content_offset(self)
        if offset is None or not self.row_count():
            return
        index, line = self.window.heights.row_at(offset.y + self.scroll_offset.y)
        if index >= self.row_count():
            if self.end_items() and offset.y + self.scroll_offset.y < self.window.end:
                self.post_message(self.EndChosen())
        elif line is not None:
            chosen = self.CHOSEN_AT_ONCE or index == self.cursor
            self._is_clicked = True
            self.cursor = index
            self._is_clicked = False
            if chosen:
                self.post_message(self.Chosen(self, index))

    # ── drawing ─────────────────────────────────────────────────────────────

    def reset(self) -> None:
        """Measure and draw the list again, because its rows, the type, its size or its colours have changed."""
        self._galleys.clear()
        self._measured_for = None
        self.measure()

    def measure(self, place: ScrollAnchor | None = None) -> None:
        """Measure the visible rows, and draw the list again.

        If `place` (a row, and a line of the window) is given, scroll that row to that line; if it is None, keep the list's place.
        """
        if not self.is_attached:
            return
        measured_for = self._columns, self._renderer.version
        is_reset, self._measured_for = measured_for != self._measured_for, measured_for
        count, typesetter, columns = self.row_count(), self._renderer.typesetter, self._columns
        items = self.tallest_items()
        tallest = spaced_rows(items, columns, typesetter) if self.is_spaced else typesetter.rows(items, columns)
        below = typesetter.rows(self.end_items(), columns) if count and self.end_items() else 0
        keys = tuple(map(self.height_key, range(count)))
        self.window.set_rows(keys, tallest=tallest, breaks=self.breaks, below=below, place=place, is_reset=is_reset)
        self._show_bar()
        self.refresh()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Measure the rows that come into sight."""
        super().watch_scroll_y(old_value, new_value)
        self.window.scrolled(round(old_value))
        self._show_bar()

    def _arrange_scrollbars(self, region: Region) -> Iterable[tuple[Widget, Region]]:
        """Lay out the scroll bar, but keep the length of its track, which counts rows.

        Textual would set the length to the number of lines at each layout. Even for a moment, the wrong length does harm: the
        changed bar is painted again, and painting may request another layout.
        """
        if not self.show_vertical_scrollbar:
            return super()._arrange_scrollbars(region)
        bar = self.vertical_scrollbar
        length = bar.window_virtual_size
        bar.set_reactive(ScrollBar.window_virtual_size, self.virtual_size.height)
        arranged = tuple(super()._arrange_scrollbars(region))
        bar.set_reactive(ScrollBar.window_virtual_size, length)
        self._show_bar()
        return arranged

    def _scroll_update(self, virtual_size: Size) -> None:
        update_scroll_bars(self)
        self._show_bar()

    def _show_bar(self) -> None:
        if self.show_vertical_scrollbar:
            bar = self.vertical_scrollbar
            bar.window_virtual_size, bar.position = self.window.scroll_bar_range()

    def on_scroll_to(self, event: ScrollTo) -> None:
        """Go to the row that the scroll bar was dragged to."""
        event.prevent_default()
        event.stop()
        if event.y is not None:
            self.scroll_to(y=self.window.line_at(event.y), animate=False, force=True)

    def on_resize(self) -> None:
        """Measure the rows for the new width, and keep the list at its place."""
        self.measure()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines of the window in the region `crop`, with the background read only once for all of them."""
        with self._background.cached():
            return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """Return line `y` of the window as a strip of cells."""
        width = self._background.current[0].width
        count = self.row_count()
        if not count:
            return self._set_line(self.empty_items(), y, width)
        index, line = self.window.heights.row_at(y + self.scroll_offset.y)
        if index >= count:
            above = self.scroll_offset.y - self.window.heights.top(count)
            return self._set_line(self.end_items(), y + above, width, above)
        if line is None or (self.has_blank_lines and line == self.window.heights.height(index) - 1):
            return self.rule_line(index, width)
        return self._row_line(index, line, width)

    def rule_line(self, index: int, width: int) -> Strip:
        """Return the horizontal line above row `index` if the index is in `breaks`; otherwise the blank line below the row."""
        if index not in self.breaks:
            return Strip.blank(width, self._background.current[1])
        return Strip([Segment(" " + "─" * (width - 2) + " ", self.get_component_rich_style("row--rule"))], width)

    def labelled_rule(self, word: Para, width: int, style: Style) -> Strip:
        """Return a horizontal line that contains `word`.

        If typeset text is higher than a row of cells, or `width` is too small for `word`, return a thick line without the word.
        """
        typesetter = self._renderer.typesetter
        cols = typesetter.width(word.runs, word.size)
        if typesetter.rows((word,)) > 1 or cols + 2 * _RULE_START_CELLS > width:
            return Strip([Segment(" " + "━" * (width - 2) + " ", style)], width)
        key = word, cols, self._renderer.version
        if key not in self._galleys:
            self._galleys[key] = self._renderer.set((word,), cols, rows=1)
        strip = self._renderer.strip(self._galleys[key], 0, self.rich_style)
        before = Segment(" " + "─" * (_RULE_START_CELLS - 2) + " ", style)
        after = Segment(" " + "─" * (width - cols - _RULE_START_CELLS - 2) + " ", style)
        return Strip([before, *strip, after], width)

    def prepare_next_page(self) -> Iterator[None]:
        """Typeset and draw the rows of the next page ahead of time, so that paging down is quick; one small step per iteration."""
        window = self.scrollable_content_region
        first = self.window.heights.row_at(self.scroll_offset.y + window.height)[0]
        for index in range(first, first + self.page_rows + 1):
            if index >= self.row_count():  # the list may have become shorter since the last piece
                return
            galley = self._galley(index, self._columns)
            yield
            yield from self._renderer.prepare_rows(galley, range(galley.rows))

    def _row_line(self, index: int, line: int, width: int) -> Strip:
        ground = self._background.current[1]
        style, edge = self._cursor_style() if index == self.cursor else (ground, Segment(" ", ground))
        above = self.scroll_offset.y - self.window.heights.top(index)
        strip = self._renderer.strip(self._galley(index, self._columns), line, style, self._visible_lines(above))
        return Strip([edge, *strip.adjust_cell_length(width - 2, style), Segment(" ", style)], width)

    def _galley(self, index: int, cols: int) -> Galley:
        rows = None if self.height_key(index) is not None else self.window.heights.height(index) - int(self.has_blank_lines)
        key = (self.row_key(index), cols, rows, self._renderer.version)  # a row may be drawn before it is measured
        galley = self._galleys.get(key)
        if galley is None:
            galley = self._galleys[key] = self._renderer.set(self._spaced(index), cols, rows=rows)
            if len(self._galleys) > _KEPT_ROWS:
                self._galleys.popitem(last=False)
        self._galleys.move_to_end(key)
        return galley

    def _spaced(self, index: int) -> tuple[Item, ...]:
        """Return the content of row `index`, followed by the space below the row if such space exists and is lower than a cell."""
        items = self.row_items(index)
        return (*items, _SPACE) if self.is_spaced and not self.has_blank_lines else items

    def _set_line(self, items: tuple[Item, ...], y: int, width: int, above: int = 0) -> Strip:
        """Return line `y` of text that isn't a row, such as the text after the last row: `items`, typeset `width` cells wide.

        `above` is the number of lines of this text that are hidden above the window, negative if the text begins below the window's
        top.
        """
        style = self._background.current[1]
        if not items:
            return Strip.blank(width, style)
        key = (items, width, self._renderer.version)
        if key not in self._galleys:
            self._galleys[key] = self._renderer.set(items, width - 2)
        strip = self._renderer.strip(self._galleys[key], y, style, self._visible_lines(above)).adjust_cell_length(width - 2, style)
        return Strip([Segment(" ", style), *strip, Segment(" ", style)], width)

    def _visible_lines(self, above: int) -> range:
        """Return the range of lines of a typeset text that are in the window; `above` of its lines are hidden above the window."""
        return range(max(0, above), above + self._background.current[0].height)

    def _cursor_style(self) -> tuple[Style, Segment]:
        """Return the style of the cursor's row, and the bar at its left. Both are weaker if the list isn't the current pane."""
        name, bar = ("row--cursor", CURSOR_BAR) if self.is_active else ("row--hint", HINT_BAR)
        bar_name = "row--bar" if self.is_active else "row--hint-bar"
        return self.get_component_rich_style(name), Segment(bar, self.get_component_rich_style(bar_name))

    @property
    def _columns(self) -> int:
        return max(8, self._background.current[0].width - 2)

    def _set_height(self, index: int) -> int:
        return self._galley(index, self._columns).rows + int(self.has_blank_lines)


def spaced_rows(items: Sequence[Item], cols: int, typesetter: Typesetter) -> int:
    """Return the height in lines of a list's row of `items` (paragraphs …), `cols` cells wide, with the space below it."""
    return typesetter.rows((*items, _SPACE), cols) if typesetter.has_hairlines else typesetter.rows(items, cols) + 1
