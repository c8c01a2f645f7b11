"""Back navigation: undoes the reader's jumps to other lists or stories, the last jump first."""

from __future__ import annotations

from asyncio import to_thread
from functools import partial

from bpost_tui.core.lists.list_slice import RowsAround, RowsAtNumber
from bpost_tui.core.lists.list_source import search_query
from bpost_tui.core.lists.listings import ListResult
from bpost_tui.core.lists.outlook import ListQuery
from bpost_tui.core.session import Location
from bpost_tui.errors import NotFoundError, StoreError
from bpost_tui.model.story import SavedStory
from bpost_tui.tui.event import Event
from bpost_tui.tui.lists.list_controller import ListController
from bpost_tui.tui.shared.screen_context import ScreenContext
from bpost_tui.tui.story.story_controller import StoryController


class BackNavigation:
    """Returns the reader to the list, story and pane that were on the screen before a jump, such as following a link."""

    def __init__(self, context: ScreenContext, lists: ListController, story: StoryController) -> None:
        self._context = context
        self._lists = lists
        self._story = story
        self.returned_to_query: Event[str] = Event()
        """Announces the query of a search whose results are on the screen again because the reader has gone back to them."""

    def go_back(self) -> None:
        """Return to the list, story and pane that the reader left by the last jump; if no jump is left, show a message."""
        location = self._context.session.back.pop()
        if location is None:
            self._context.show_answer(self._context.text("No earlier place"))
        else:
            self.go_to(location)

    def go_to(self, location: Location) -> None:
        """Show the list, the story and the pane of `location`, an earlier position of the reader.

        If the story is no longer saved, show the list with the cursor on the row where the story was, and a message. If the library
        can't be read, the key to go back leads to `location` again.
        """
        self._context.status.clear_answer()
        self._lists.request(location.source, partial(self._return_to, location))

    async def _return_to(self, location: Location) -> None:
        try:
            listing, saved = await to_thread(self._read, self._context.outlook.query(location.source), location)
        except StoreError:
            self._context.session.back.push(location)
            raise
        self._lists.show_list(listing, location.story)
        at = self._context.posts.row_of(location.story) if listing.slice.at is None else listing.slice.at
        self._context.posts.select(location.row if at is None else at)
        if saved is not None:
            self._story.show(saved, location.position, is_return=True)
            self._context.panes.go(location.pane)
        else:
            self._context.panes.go("posts" if location.pane == "story" else location.pane)
            self._lists.open_current()
            self._context.show_answer(self._context.text("This story is no longer saved"))
        if query := search_query(location.source):
            self.returned_to_query(query)
        else:
            self._context.prompt.close()
        self._lists.listed(None)

    def _read(self, query: ListQuery, location: Location) -> tuple[ListResult, SavedStory | None]:
        """Read the list `query` around the story of `location`, and the story; None for a story that is no longer saved."""
        listings = self._context.listings
        try:
            return listings.read(query, RowsAround(location.story, location.row + 1)), listings.story(location.story)
        except NotFoundError:
            return listings.read(query, RowsAtNumber(location.row + 1)), None
