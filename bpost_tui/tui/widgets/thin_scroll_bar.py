"""Scroll bar drawn as one thin line, whose length is the window's share of the page. Nothing is drawn above and below the line.

The line consists of the light box-drawing character, because xterm and xterm.js draw the heavy one with gaps between rows.
"""

from __future__ import annotations

from rich.color import Color
from rich.segment import Segment, Segments
from rich.style import Style
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBarRender

_THUMB = "│"
_BLACK = Color.parse("black")


class ThinScrollBar(ScrollBarRender):
    """Draws a vertical scroll bar as a thin line. Textual's own bar is a whole cell wide, too heavy beside other thin lines."""

    @classmethod
    def render_bar(
        cls,
        size: int = 25,
        virtual_size: float = 50,
        window_size: float = 20,
        position: float = 0,
        thickness: int = 1,
        vertical: bool = True,
        back_color: Color = _BLACK,
        bar_color: Color = _BLACK,
    ) -> Segments:
        """Return the segments of a vertical scroll bar `size` cells high: above the thumb (a thin line), the thumb, and below it.

        As in Textual's bar, a click above the thumb scrolls up, a click below it scrolls down, and the thumb can be dragged. The
        bar is blank if the window shows all contents.

        Args:
            size: Height of the bar in cells.
            virtual_size: Number of lines of the contents.
            window_size: Number of lines in the window.
            position: First line in the window.
            thickness: Width of the bar in cells.
            vertical: Not used, since all bars are vertical.
            back_color: Colour of the background.
            bar_color: Colour of the thumb.
        """
        ground = Style.from_color(bgcolor=back_color)
        if not (window_size and size and virtual_size > window_size):
            return Segments([Segment(" " * thickness, ground)] * size, new_lines=True)
        length = max(1, min(size, round(size * window_size / virtual_size)))
        first = round((size - length) * min(1.0, max(0.0, position / (virtual_size - window_size))))
        line = Style.from_color(bar_color, back_color)
        parts = (
            (" ", ground, "scroll_up", first),
            (_THUMB, line, "grab", length),
            (" ", ground, "scroll_down", size - first - length),
        )
        cells = [
            Segment(char.ljust(thickness), style + Style.from_meta({"@mouse.down": action}))
            for char, style, action, count in parts
            for _ in range(count)
        ]
        return Segments(cells, new_lines=True)


def update_scroll_bars(view: ScrollView) -> None:
    """Show or hide the scroll bars of `view` after a layout, and limit the scroll position to the contents.

    Textual's own method for this (`_scroll_update`) would also repaint the bars of all panes at each layout, which costs 2 kB of
    output for each new story. That isn't needed: a bar whose length or position has changed repaints itself.
    """
    view._refresh_scrollbars()
    view.scroll_x = view.validate_scroll_x(view.scroll_x)
    view.scroll_y = view.validate_scroll_y(view.scroll_y)
