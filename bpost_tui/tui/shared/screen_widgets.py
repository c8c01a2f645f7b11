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
    """Bars around the panes, and the gauge that shows progress in the story."""

    def __init__(self, renderer: Renderer) -> None:
        self.title = TypeLine(renderer, id="title")
        self.status = TypeLine(renderer, id="status")
        self.category_bar = TypeLine(renderer, id="category_bar")
        self.banner = TypeLine(renderer, id="banner")
        self.footer = TypeLine(renderer, id="footer")
        self.gauge = Gauge(id="gauge")

    @property
    def lines(self) -> tuple[TypeLine, ...]:
        """All bars of typeset text."""
        return self.title, self.status, self.category_bar, self.banner, self.footer

    def footer_room(self) -> int:
        """Return the width in cells available to the footer's text at the current size of the window.

        The footer need not be laid out before the call.
        """
        gauge = self.gauge.styles
        beside = (gauge.width.cells or 0) + gauge.margin.width if gauge.width and self.gauge.display else 0
        return self.footer.app.size.width - self.footer.gutter.width - beside


class ScreenWidgets:
    """All widgets of the reader's screen: bars, prompt and panes."""

    def __init__(self, renderer: Renderer, listings: Listings) -> None:
        language = listings.language
        self.bars = ScreenBars(renderer)
        self.line = LineInput(renderer, id="line")
        self.categories = CategoryList(renderer, language, id="categories")
        self.posts = PostList(renderer, language, listings.clock, id="posts")
        self.view = StoryView(renderer, 0, id="story")  # its width follows from the window's size
