"""Gauge: a thin bar that shows how much of the story has been read."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

_DONE, _LEFT = "━", "─"
"""Characters of the read and the unread part. The first is thicker, so that the parts can be distinguished without colour."""


class Gauge(Widget):
    """Bar that shows how much of the story has been read: the fraction `share`, 0 to 1. The bar is blank if `share` is None."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"gauge--done", "gauge--left"}
    DEFAULT_CSS = """
    Gauge > .gauge--done { color: $scrollbar; background: $background; }
    Gauge > .gauge--left { color: $rule; background: $background; }
    """

    share: reactive[float | None] = reactive(None)

    def render_line(self, y: int) -> Strip:
        """Return the bar if `y` is the middle row of the widget, else a blank line."""
        width = self.size.width
        if self.share is None or y != self.size.height // 2:
            return Strip.blank(width, self.rich_style)
        done = round(self.share * width)
        bar = [
            Segment(_DONE * done, self.get_component_rich_style("gauge--done")),
            Segment(_LEFT * (width - done), self.get_component_rich_style("gauge--left")),
        ]
        return Strip(bar, width)
