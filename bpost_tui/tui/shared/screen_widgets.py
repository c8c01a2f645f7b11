"""Widgets of the reader's screen."""

from __future__ import annotations

from bpost_tui.core.lists.listings import Listings
from bpost_tui.tui.widgets.category_list import CategoryList
from bpost_tui.tui.widgets.gauge import Gauge
from bpost_tui.tui.widgets.line_input import LineInput
from bpost_tui.tui.widgets.post_list import PostList
from bpost_tui.tui.widgets.story_view import StoryView
from bpost_tui.tui.widgets.type_line import TypeLine
from bpost_tui.typesetting.textual.renderer import Renderer


class ScreenBars:
    """Bars around the panes, and the gauge."""

    def __init__(self, renderer: Renderer) -> None:
        self.title = TypeLine(renderer, id="title")
        self.status = TypeLine(renderer, id="status")
        self.category_bar = TypeLine(renderer, id="category_bar")
        self.banner = TypeLine(renderer, id="banner")
        self.footer = TypeLine(renderer, id="footer")
        self.gauge = Gauge(id="gauge")

    @property
    def lines(self) -> tuple[TypeLine, ...]:
        """All bars that set type."""
        return self.title, self.status, self.category_bar, self.banner, self.footer

    def footer_room(self) -> int:
        """Return the cells for the footer's text, for the current window size, also before it is laid out."""
        gauge = self.gauge.styles
        beside = (gauge.width.cells or 0) + gauge.margin.width if gauge.width and self.gauge.display else 0
        return self.footer.app.size.width - self.footer.gutter.width - beside


class ScreenWidgets:
    """Bars, prompt and panes."""

    def __init__(self, renderer: Renderer, listings: Listings) -> None:
        language = listings.language
        self.bars = ScreenBars(renderer)
        self.line = LineInput(renderer, id="line")
        self.categories = CategoryList(renderer, language, id="categories")
        self.posts = PostList(renderer, language, listings.clock, id="posts")
        self.view = StoryView(renderer, 0, id="story")  # its measure is set with the window's size
