"""The story on the screen: read in a thread, shown where it was left, watched to its end."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable
from functools import partial

from textual.worker import Worker

from bpost_tui.model.story import SavedStory
from bpost_tui.reading.listing import Listings
from bpost_tui.reading.session import Session
from bpost_tui.typeset.items import Item
from bpost_tui.ui.reader.host import Run
from bpost_tui.ui.reader.panes import Panes
from bpost_tui.ui.reader.writes import Writes
from bpost_tui.ui.widgets.story_view import StoryView


class StoryReader:
    """Shows stories of the library's.

    Args:
        page: Sets a story: what stands on its page.
        leaving: Called before another story takes this one's place.
        opened: Called when a story has just been opened.
        shown: Called when a story is on the screen, just opened or changed.
        entered: Called when the reader goes into a story's pane.
        ended: Called when a story's end is first seen.
        changed: Called after a story was shown, when all of that is done.
        grown: Called when its page has become longer or shorter.
    """

    def __init__(
        self,
        session: Session,
        listings: Listings,
        view: StoryView,
        panes: Panes,
        run: Run,
        writes: Writes,
        *,
        page: Callable[[SavedStory], tuple[Item, ...]],
        leaving: Callable[[], None],
        opened: Callable[[SavedStory], None],
        shown: Callable[[SavedStory], None],
        entered: Callable[[SavedStory], None],
        ended: Callable[[SavedStory], None],
        changed: Callable[[], None],
        grown: Callable[[], None],
    ) -> None:
        self._session = session
        self._listings = listings
        self.view = view
        self._panes = panes
        self._run = run
        self._writes = writes
        self._page = page
        self._leaving = leaving
        self._opened = opened
        self._shown = shown
        self._entered = entered
        self._ended = ended
        self._changed = changed
        self._grown = grown
        self._reading: Worker[object] | None = None
        self._has_scrolled = False
        self._has_entered = False
        self._has_ended = False
        self.is_reopened = False
        """Whether the story was opened because it was the last time, and the reader has done nothing yet."""
        self._end_came_at: int | None = None
        """Where one stood when the end came to the reader, as when pictures are hidden: that isn't reading."""

    # ── showing ─────────────────────────────────────────────────────────────

    def open(self, story_id: int) -> None:
        """Read a story and show it, where it was left, unless another is asked for by then."""
        self._read(story_id, again=False)

    def reread(self, story_id: int) -> None:
        """Read a story again that something has become of; the place in it stays."""
        self._read(story_id, again=True)

    def _read(self, story_id: int, *, again: bool) -> None:
        self._session.due = story_id
        self._reading = self._run(partial(self._show_read, story_id, again), group="story", exclusive=True)

    async def _show_read(self, story_id: int, again: bool) -> None:
        saved, item = await to_thread(self._listings.story_and_item, story_id)
        (headline,) = self._session.pending.applied((saved.headline,))
        saved = saved._replace(headline=headline)
        if story_id == self._session.due:
            await self.view.set_beforehand(self._page(saved))
        if story_id == self._session.due:
            if again and self._session.is_story(story_id):
                self._show_again(saved)
            else:
                self.show(saved, (item, 0.0))

    def show(self, saved: SavedStory, position: tuple[int, float] = (0, 0.0), *, is_return: bool = False) -> None:
        """Show a story from a position on; a return to it isn't remembered as leaving another."""
        if not is_return:
            self._leaving()
        self.save_position()
        self._has_ended = self._has_entered = False
        self._end_came_at = None
        self._session.story, self._session.due = saved, saved.headline.id
        items = self._page(saved)
        self.view.show(items, position if position[0] < len(items) else (0, 0.0))
        self._opened(saved)
        self._shown(saved)
        self._changed()

    def _show_again(self, saved: SavedStory) -> None:
        is_other = saved != self._session.story
        self._session.story = saved
        self.view.update(self._page(saved))
        if is_other:
            self._shown(saved)
        self._changed()

    def show_none(self) -> None:
        """Leave the story's place empty."""
        self._session.story = self._session.due = None
        self.view.show(())

    def set_again(self) -> None:
        """Set the same story again: something on its page has changed."""
        if self._session.story is not None:
            was_at_end = self.view.at_end
            self.view.update(self._page(self._session.story))
            self._grown()
            if self._has_entered and self.view.at_end and not was_at_end:
                self._end_came_at = self.view.scroll_offset.y

    @property
    def is_settled(self) -> bool:
        """Whether the story that was asked for is on the screen."""
        return self._reading is None or self._reading.is_finished

    async def settled(self) -> None:
        """Wait until the story that was asked for is on the screen: a key may follow on another at once."""
        if self._reading is not None and not self.is_settled:
            await self._reading.wait()

    # ── the place in it ─────────────────────────────────────────────────────

    def save_position(self) -> None:
        """Remember where in the story one is, where one has read in it; at its end, that is its beginning."""
        if self._session.story is not None and self._has_scrolled:
            story_id, item = self._session.story.headline.id, 0 if self.view.at_end else self.view.item
            self._writes.start(lambda: self._listings.save_position(story_id, item))
        self._has_scrolled = False

    def note_reading(self) -> None:
        """Notice that the reader goes into a story, has moved in it, has come to its end."""
        saved = self._session.story
        is_inside = self._panes.current == "story"
        self._has_scrolled = self._has_scrolled or (is_inside and self.view.scroll_offset.y > 0)
        if not is_inside or saved is None:
            return
        if not self._has_entered:
            self._has_entered = True
            self._entered(saved)
        if self._end_came_at == self.view.scroll_offset.y:
            return
        self._end_came_at = None
        if self.view.at_end and not self._has_ended:
            self._has_ended = True  # once: the reader may mark it unread again while its end is in sight
            if not saved.headline.read and not self.is_reopened:
                self._ended(saved)
