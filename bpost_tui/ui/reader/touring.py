"""The tour: five lines for a first-time reader in place of the first story; at any other time, on request."""

from __future__ import annotations

from collections.abc import Sequence

from textual.message import Message

from bpost_tui.model.story import Headline, SavedStory
from bpost_tui.reading import templates
from bpost_tui.reading.actions import action_of, keys_of, shown
from bpost_tui.reading.fetcher import Fetcher
from bpost_tui.reading.image_cache import ImageCache
from bpost_tui.reading.listing import Listings
from bpost_tui.typeset.items import Item
from bpost_tui.ui.reader.picturing import PictureScreen
from bpost_tui.ui.reader.setup import Setup
from bpost_tui.ui.renderer import Renderer

_LEAST_ROWS = 14
"""Of type, in which the tour stands with its head; in less, the head would push the lines out of the window."""

_BARE_ROWS = 8
"""Of type, in fewer of which it stands alone, without the bars: in a mosaic of 30 rows they leave it two lines."""


class TourScreen(PictureScreen):
    """The reader's screen with a page for those who don't know it yet."""

    def __init__(self, renderer: Renderer, listings: Listings, fetcher: Fetcher, image_cache: ImageCache, setup: Setup) -> None:
        super().__init__(renderer, listings, fetcher, image_cache, setup)
        self._is_due = setup.is_tour_due
        """Whether the tour stands in the first story's place until the reader goes on to one."""
        self._is_read = False
        """Whether the reader is in the tour's page."""

    class Toured(Message):
        """The tour has been shown."""

    def action_tour(self) -> None:
        """Show the tour."""
        self.remember_place()
        self._keep_place()
        self._saved = self._due = None
        self._be_in_page(True)
        self._story.show(self._tour_page())
        self.go("story")

    def action_open(self) -> None:
        """Go from the tour to the list; else into what is under the cursor."""
        if self._is_read and self.pane == "story":
            self.go("posts")
        else:
            super().action_open()

    def action_back(self) -> None:
        """Let the tour give way to the first story, where it is not in a page of its own; else go back."""
        row = self._posts.current
        if self._is_due and self.pane == "posts" and row is not None:
            self._read(row.id)
        else:
            super().action_back()

    def show_no_story(self) -> None:
        """Leave the story's place empty, or to the tour where it is due; in a narrow window that is the first page."""
        super().show_no_story()
        if self._is_due:
            self._story.show(self._tour_page())
            self.post_message(self.Toured())
            if self.has_class("-narrow"):
                self._be_in_page(True)
                self.go("story")

    def story_to_show(self, rows: Sequence[Headline]) -> int | None:
        """Return the first story, unless the tour stands in its place."""
        return None if self._is_due else super().story_to_show(rows)

    def story_opened(self, saved: SavedStory) -> None:
        """The reader has gone on."""
        self._is_due = False
        self._be_in_page(False)
        super().story_opened(saved)

    def shelf_chosen(self, slug: str) -> None:
        """The reader has gone on."""
        self._is_due = False
        super().shelf_chosen(slug)

    def pane_changed(self) -> None:
        """The page gives way to the story under the cursor once the reader goes into it."""
        row = self._posts.current
        if self.pane != "story":
            self._be_in_page(False)
        elif self._saved is None and row is not None and not self._is_read:
            self._read(row.id)
        super().pane_changed()

    def _be_in_page(self, is_read: bool) -> None:
        """Note whether the reader is in the tour's page; where few lines fit the window, nothing else stands in it."""
        self._is_read = is_read
        self.set_class(is_read and self.type_rows < _BARE_ROWS, "-touring")

    def _tour_page(self) -> tuple[Item, ...]:
        text = self._language.text

        def keys(*action_ids: str) -> str:
            return "  ".join(shown(keys_of(action_of(action_id), self._keys)[0]) for action_id in action_ids)

        lines = (
            (keys("down", "up", "open"), text("Go from story to story, and open one")),
            (keys("space"), text("A page on; at the end, the next unread story")),
            (keys("search") + "  1-9", text("Search everything saved; go to a category")),
            (keys("star", "later", "undo"), text("Star a story, keep it for later, undo")),
            (keys("help", "palette"), text("The keys of this place; everything by name")),
        )
        back = text("{key}: to the stories · {again}: this page again", key=shown("escape"), again=keys("tour"))
        return templates.tour(text("The reader in five lines"), lines, back, brief=self.type_rows < _LEAST_ROWS)
