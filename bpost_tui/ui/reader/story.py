"""The story on the screen: read in a thread, shown at the place where one was, watched to its end."""

from __future__ import annotations

from textual import on, work
from textual.timer import Timer
from textual.worker import Worker, WorkerState, get_current_worker

from bpost_tui.errors import BPostError
from bpost_tui.model.blocks import Image
from bpost_tui.model.story import SavedStory
from bpost_tui.reading import templates
from bpost_tui.reading.listing import Listings
from bpost_tui.reading.wording import told
from bpost_tui.typeset.items import Item
from bpost_tui.ui.reader.bars import BarScreen
from bpost_tui.ui.reader.setup import Setup
from bpost_tui.ui.renderer import Renderer
from bpost_tui.ui.widgets.story_view import StoryView

_FOOTER_RESTS_S = 0.1


class StoryScreen(BarScreen):
    """Shows a story of the library's."""

    def __init__(self, renderer: Renderer, listings: Listings, setup: Setup) -> None:
        super().__init__(renderer, listings.language, listings.clock, setup)
        self._listings = listings
        self._saved: SavedStory | None = None
        self._due: int | None = None
        """The story that is on the screen or on its way there, by its number."""
        self._has_scrolled = False
        self._has_ended = False
        self._has_entered = False
        self._footer_timer: Timer | None = None

    # ── what a subclass adds ────────────────────────────────────────────────

    def story_opened(self, saved: SavedStory) -> None:
        """Do what a story needs that has just been opened."""

    def story_shown(self, saved: SavedStory) -> None:
        """Do what a story needs that is on the screen, just opened or changed."""

    def figure(self, image: Image) -> Item:
        """Return what stands for a picture, as one item."""
        return templates.label(image, self._language)

    def story_entered(self, saved: SavedStory) -> None:
        """Do what follows from the reader going into a story's pane."""

    def read_to_end(self, saved: SavedStory) -> None:
        """Do what follows from a story's end being seen."""

    def dressed(self, items: tuple[Item, ...], story_id: int) -> tuple[Item, ...]:
        """Return a story's page with whatever is to be marked on it."""
        return items

    def tell_trouble(self, error: BPostError) -> None:
        """Tell what went wrong, in one line."""
        line = told(error, self._language)
        self._say(f"{line} · {self._language.reason(error.hint)}" if error.hint else line)

    @on(Worker.StateChanged)
    def _worker_ended(self, event: Worker.StateChanged) -> None:
        """A worker's error is told where it is one for the reader, and ends the app where it is a bug."""
        error = event.worker.error if event.state is WorkerState.ERROR else None
        if error is not None:
            self.open_curtain()
        if isinstance(error, BPostError):
            self.tell_trouble(error)
        elif isinstance(error, Exception):
            raise error

    # ── the story ───────────────────────────────────────────────────────────

    def _read(self, story_id: int, *, keep_place: bool = False) -> None:
        """Read a story, and show it unless another is asked for by then."""
        self._due = story_id
        self._read_text(story_id, keep_place)

    @work(thread=True, group="story", exclusive=True, exit_on_error=False)
    def _read_text(self, story_id: int, keep_place: bool) -> None:
        worker = get_current_worker()
        saved, place = self._saved_story(story_id)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._show_due, saved, keep_place, place)

    def _saved_story(self, story_id: int) -> tuple[SavedStory, int]:
        """Return a story, and the item it was left at."""
        place = self._listings.library.position(story_id)
        return self._listings.story(story_id), place.item if place else 0

    def _show_due(self, saved: SavedStory, keep_place: bool, place: int) -> None:
        if saved.headline.id == self._due:
            self._show_story(saved, keep_place, place)

    def _show_story(self, saved: SavedStory, keep_place: bool, place: int) -> None:
        keep_place = keep_place and self._saved is not None and self._saved.headline.id == saved.headline.id
        if not keep_place:
            self.leave_story()
            self._has_ended = self._has_entered = False
        is_other = not keep_place or saved != self._saved
        self._saved, self._due = saved, saved.headline.id
        items = self.story_items(saved)
        if keep_place:
            self._story.update(items)
        else:
            self._story.show(items, item=place if place < len(items) else 0)
            self.story_opened(saved)
        if is_other:
            self.story_shown(saved)
        self.pane_changed()
        self.open_curtain()

    def story_items(self, saved: SavedStory) -> tuple[Item, ...]:
        """Return what is set of a story that is shown."""
        return self.dressed(self.plain_items(saved), saved.headline.id)

    def plain_items(self, saved: SavedStory) -> tuple[Item, ...]:
        """Return what is set of a story in which nothing is marked."""
        at = self._posts.index_of(saved.headline.id)
        following = self._posts.rows[at + 1] if at is not None and at + 1 < len(self._posts.rows) else None
        return templates.story(saved, self._language, following=following, figure=self.figure)

    # ── the place in it ─────────────────────────────────────────────────────

    def on_unmount(self) -> None:
        """Remember the place in the story that is left with the reader."""
        if self._saved is not None and self._has_scrolled:
            self._listings.library.save_position(self._saved.headline.id, 0 if self._story.at_end else self._story.item, 0.0)

    def leave_story(self) -> None:
        """Do what follows from another story taking this one's place on the screen."""
        self._keep_place()

    def _keep_place(self) -> None:
        """Remember where in the story one is, where one has read in it; at its end, that is its beginning."""
        if self._saved is not None and self._has_scrolled:
            self._save_place(self._saved.headline.id, 0 if self._story.at_end else self._story.item)
        self._has_scrolled = False

    @work(thread=True, group="place", exit_on_error=False)
    def _save_place(self, story_id: int, item: int) -> None:
        self._listings.library.save_position(story_id, item, 0.0)

    @on(StoryView.Scrolled)
    def _scrolled(self) -> None:
        """Let the footer follow once the scrolling rests: a frame a step is enough."""
        if self._footer_timer is not None:
            self._footer_timer.stop()
        self._footer_timer = self.set_timer(_FOOTER_RESTS_S, self._show_footer)
        self._note_reading()

    def pane_changed(self) -> None:
        """Keep the footer true; a story read to its end is read."""
        self._show_footer()
        self._note_reading()

    def _note_reading(self) -> None:
        self._has_scrolled = self._has_scrolled or (self.pane == "story" and self._story.scroll_offset.y > 0)
        saved = self._saved
        if self.pane == "story" and saved and not self._has_entered:
            self._has_entered = True
            self.story_entered(saved)
        if self.pane == "story" and saved and self._story.at_end and not self._has_ended:
            self._has_ended = True  # once: the reader may mark it unread again while its end is in sight
            if not saved.headline.read:
                self.read_to_end(saved)
