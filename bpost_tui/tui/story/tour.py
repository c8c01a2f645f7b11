"""Tour: five lines that introduce bpost, shown instead of a story at the reader's first start, and whenever a key asks for them."""

from __future__ import annotations

from functools import partial

from bpost_tui.core import templates
from bpost_tui.core.keys.actions import key_label
from bpost_tui.model.story import SavedStory
from bpost_tui.tui.shared.screen_context import ScreenContext
from bpost_tui.tui.story.story_controller import StoryController
from bpost_tui.typesetting.typeset.items import Item

_LEAST_ROWS = 14
"""Minimum height of the window, in lines of typeset text, for a heading above the tour (the introduction to bpost).

In a lower window, the heading would push the tour out of sight.
"""
_BARE_ROWS = 8
"""Minimum height of the window, in lines of typeset text, for bars above and below the tour (the introduction to bpost).

Text drawn in block characters (a mosaic) is high: in 30 rows of cells, the bars would leave the tour two lines.
"""


class Tour:
    """Page of five lines that introduces bpost. It is shown instead of a story, until the reader opens a story."""

    def __init__(self, context: ScreenContext, story: StoryController) -> None:
        self._context = context
        self._story = story
        self._is_read = False
        """Whether the reader is in the pane with the tour."""

    def show(self) -> None:
        """Show the tour in the story's pane, because the reader has asked for it."""
        self._context.push_location()
        self._story.show_none()
        self._set_reading(True)
        self._context.view.show(self._page())
        self._context.panes.go("story")

    def show_if_due(self) -> None:
        """At the reader's first start, show the tour in the story's pane instead of the first story.

        In a narrow window, which shows one pane at a time, the reader sees the list first.
        """
        if self._context.session.is_tour_due:
            self._context.view.show(self._page())
            self._context.preferences.save(toured=True)

    def fit(self) -> None:
        """Typeset the tour again if it is shown, because the pane, the size of letters or their drawing may have changed."""
        if self._context.session.story is None and (self._is_read or self._context.session.is_tour_due):
            self._context.view.update(self._page())

    def open_list(self) -> bool:
        """Go from the tour to the list; return whether the reader was in the tour."""
        if self._is_read and self._context.panes.current == "story":
            self._context.panes.go("posts")
            return True
        return False

    def leave(self) -> bool:
        """Show the story under the cursor in place of the tour, and go to the list; return whether this was done.

        If the list is empty, show no story. Return False if the reader is neither in the tour nor in the list beside it.
        """
        row, is_read = self._context.posts.current, self._is_read and self._context.panes.current == "story"
        if is_read:
            self._context.panes.go("posts")
        elif not self._context.session.is_tour_due or self._context.panes.current != "posts" or row is None:
            return False
        if row is None:
            self._story.show_none()
        else:
            self._story.open(row.key)
        return True

    def end(self, _: SavedStory) -> None:
        """End the tour, because the reader has gone on to a story."""
        self._context.session.is_tour_due = False
        self._set_reading(False)

    def pane_changed(self) -> None:
        """If the reader has moved to the story's pane, open the story under the list's cursor there in place of the tour.

        A story, or a tour that the reader has just opened with a key, stays. In another pane, show the bars that the tour may have
        hidden.
        """
        row = self._context.posts.current
        if self._context.panes.current != "story":
            self._set_reading(False)
        elif self._context.session.story is None and row is not None and not self._is_read:
            self._story.open(row.key)

    def _set_reading(self, is_read: bool) -> None:
        """Record whether the reader is in the tour (`is_read`). While they are, hide the bars if the window is low."""
        self._is_read = is_read
        self._context.screen.set_class(is_read and self._type_rows < _BARE_ROWS, "-touring")

    @property
    def _type_rows(self) -> float:
        return self._context.renderer.type_rows(self._context.panes.window.height)

    def _page(self) -> tuple[Item, ...]:
        text = self._context.language.text

        def keys(*action_ids: str) -> str:
            return "  ".join(map(self._context.keys.key_label, action_ids))

        lines = (
            (keys("down", "up", "open"), text("Move from story to story, and open one")),
            (keys("space"), text("Next page; at the end, the next unread story")),
            (keys("search") + "  1-9", text("Search all saved stories; go to a category")),
            (keys("star", "later", "undo"), text("Star a story, add it to Read later, undo")),
            (keys("help", "palette"), text("Keys that work here; any command by name")),
        )
        back = text("{key}: to the stories · {again}: this tour", key=key_label("escape"), again=keys("tour"))
        other = text("{key}: draw type another way", key=keys("draw_type"))
        page = partial(templates.tour, text("Quick tour"), lines, f"{back} · {other}")
        return page(brief=self._type_rows < _LEAST_ROWS or not self._context.view.holds(page(brief=False)))
