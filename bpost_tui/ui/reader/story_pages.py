"""The page of a story: its text set as items, and what is marked in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bpost_tui.model.blocks import Image
from bpost_tui.model.story import SavedStory
from bpost_tui.reading import templates
from bpost_tui.reading.listing import Listings
from bpost_tui.typeset.items import Item
from bpost_tui.ui.widgets.post_list import PostList

Page = tuple[Item, ...]
MarkPage = Callable[[Page, SavedStory], Page]
"""Marks something in a story's page."""


class StoryPages:
    """Makes pages of stories.

    Args:
        posts: The list that says which story follows.
        figure: Returns a picture as far as it is there.
        marks: What is marked, in this order: the later on top of the earlier.
    """

    def __init__(self, posts: PostList, listings: Listings, *, figure: Callable[[Image], Item], marks: Sequence[MarkPage]) -> None:
        self._posts = posts
        self._listings = listings
        self._figure = figure
        self._marks = marks

    def plain(self, saved: SavedStory) -> Page:
        """Set a story in which nothing is marked."""
        rows, at = self._posts.rows, self._posts.slice.index_of(saved.headline.id)
        following = rows[at + 1] if at is not None and at + 1 < len(rows) else None
        paper = self._listings.papers.name(saved.headline.paper)
        return templates.story(saved, self._listings.language, paper=paper, following=following, figure=self._figure)

    def marked(self, saved: SavedStory) -> Page:
        """Set a story with all that is marked in it."""
        page = self.plain(saved)
        for mark in self._marks:
            page = mark(page, saved)
        return page
