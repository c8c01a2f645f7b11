"""Features that the first frame needs. All other features are in `features` and `keyed_features`, and are made later."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from bpost_tui.tui.lists.list_controller import ListController
from bpost_tui.tui.lists.news_age import NewsAge
from bpost_tui.tui.lists.session_start import SessionStart
from bpost_tui.tui.shared.screen_context import ScreenContext
from bpost_tui.tui.story.pane_resizer import PaneResizer
from bpost_tui.tui.story.story_controller import StoryController

if TYPE_CHECKING:
    from bpost_tui.core.picture_cache import PictureCache
    from bpost_tui.model.blocks import Image
    from bpost_tui.tui.story.picture_items import PictureItems
    from bpost_tui.typesetting.typeset.items import Item


class FirstFeatures:
    """Features (parts of the screen's behaviour) that the first frame needs, made in the order of their dependencies.

    Args:
        make_cache: Function that returns the cache of the pictures in stories.
        fit: Function that divides the window among the panes again.
        add_all_highlighters: Makes the features that highlight words in a story, unless they exist already.
    """

    def __init__(
        self,
        context: ScreenContext,
        make_cache: Callable[[], PictureCache],
        fit: Callable[[], None],
        add_all_highlighters: Callable[[], object],
    ) -> None:
        self.context = context
        self.fit = fit
        self._make_cache = make_cache
        self.age = NewsAge(context.listings, context.status, offline=context.fetcher.offline)
        self.story = StoryController(context, self._picture_item, add_all_highlighters)
        self.lists = ListController(context, self.story, self.age)
        self.pane_resizer = PaneResizer(context, fit)
        self.session_start = SessionStart(context, self.lists, self.story)
        self.story.changed.connect(context.panes.changed, context.screen.allow_paint)
        context.panes.changed.connect(context.status.follow_pane, self.story.note_reading, self.lists.note_visit)

    @cached_property
    def figures(self) -> PictureItems:
        """Maker of the items (parts of a page) for a story's pictures. It is made when it is first needed."""
        from bpost_tui.tui.story.picture_items import PictureItems  # 1 ms, with the cache

        return PictureItems(self.context, self._make_cache())

    def _picture_item(self, image: Image) -> Item:
        return self.figures.picture_item(image)
