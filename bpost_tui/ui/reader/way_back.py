"""The way back: where the reader was before each jump is remembered, and shown again."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable
from functools import partial

from bpost_tui.model.story import SavedStory
from bpost_tui.reading.history import Location
from bpost_tui.reading.listing import Listing, Listings
from bpost_tui.reading.session import Session
from bpost_tui.reading.slices import Around
from bpost_tui.ui.reader.host import Run, Say
from bpost_tui.ui.reader.panes import Panes
from bpost_tui.ui.reader.story import StoryReader
from bpost_tui.ui.widgets.post_list import PostList


class WayBack:
    """Remembers places, and goes back to them.

    Args:
        left: Called when the reader is about to go back.
        show_list: Shows a list as it was read.
        returned: Called once a place is shown again, with what stands in the search's line there.
    """

    def __init__(
        self,
        session: Session,
        listings: Listings,
        posts: PostList,
        panes: Panes,
        story: StoryReader,
        run: Run,
        say: Say,
        *,
        left: Callable[[], None],
        show_list: Callable[[Listing], None],
        returned: Callable[[str], None],
    ) -> None:
        self._session = session
        self._listings = listings
        self._posts = posts
        self._panes = panes
        self._story = story
        self._run = run
        self._say = say
        self._left = left
        self._show_list = show_list
        self._returned = returned

    def remember(self) -> None:
        """Remember where one is, before a jump."""
        saved = self._session.story
        if saved is not None:
            position, pane = self._story.view.position, self._panes.shown
            self._session.back.push(Location(self._session.shown, self._posts.cursor, saved.headline.id, position, pane))

    def remember_story(self) -> None:
        """Remember a story that is being read, before the next one takes its place."""
        top, saved = self._session.back.top, self._session.story
        if self._panes.current == "story" and saved and (top is None or top.story != saved.headline.id):
            self.remember()

    def go_back(self) -> None:
        """Go back to where one was before, as far as is remembered."""
        location = self._session.back.pop()
        if location is None:
            self._say(self._listings.language.text("Nothing further back"))
        else:
            self._left()
            self._session.asked = location.source
            self._run(partial(self._return_to, location), group="list", exclusive=True)

    async def _return_to(self, location: Location) -> None:
        listing, saved = await to_thread(self._read, location)
        self._show_list(listing)
        at = self._posts.slice.row_of(location.story) if listing.slice.at is None else listing.slice.at
        self._posts.select(location.row if at is None else at)
        self._story.show(saved, location.position, is_return=True)
        self._panes.go(location.pane)
        self._returned(location.source.typed)

    def _read(self, location: Location) -> tuple[Listing, SavedStory]:
        listing = self._listings.read(location.source, Around(location.story, location.row + 1))
        return listing, self._listings.story(location.story)
