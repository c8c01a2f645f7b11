"""What the next key is likely to show, prepared while nothing else is to be done: the next page, the next story.

It is done on the app's own thread, in pieces, since neither surfaces nor encoders may be used by two; a key waits for one piece at
most. Nothing of it is shown: a key finds it made, or makes it.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from itertools import chain
from time import perf_counter

from textual import work
from textual.timer import Timer
from textual.worker import get_current_worker

from bpost_tui.errors import BPostError
from bpost_tui.model.story import SavedStory
from bpost_tui.ui.reader.walking import WalkScreen

_RESTS_S = 0.03
"""The reader's hand rests, and nothing was painted for so long: what belongs to one key comes closer together."""
_BETWEEN_S = 0.002
_PIECE_S = 0.001
"""After so long, whatever waits has its turn."""
_RESTS_LONG_S = 0.3
_DUE = 5
"""Collections of young rubbish after which it is worth looking for all of it: 50 ms once some hundred stories were seen."""


class AheadScreen(WalkScreen):
    """Shelves and stories, the next of which is at hand."""

    _pieces: Iterator[None] | None = None
    """What is left to prepare; None while a key is answered."""
    _next: tuple[SavedStory, int] | None = None
    """The story that stands below the cursor, and the item at which it opens."""
    _rest_timer: Timer | None = None
    _piece_timer: Timer | None = None

    def on_mount(self) -> None:
        """Be ready to prepare."""
        self._piece_timer = self.set_interval(_BETWEEN_S, self._go_on, pause=True)

    def rest(self) -> None:
        """Prepare nothing: a key is answered."""
        self._pieces = None
        if self._piece_timer is not None:
            self._piece_timer.pause()
        if self._rest_timer is not None:
            self._rest_timer.stop()

    def _compositor_refresh(self) -> None:
        """Paint, and once nothing was painted for a while, prepare what may be next."""
        super()._compositor_refresh()
        self.rest()
        self._rest_timer = self.set_timer(_RESTS_S, self._look_ahead)

    def _look_ahead(self) -> None:
        """Prepare what may be next, first what the pane one is in would show."""
        if not self.is_current or not self._is_open:
            return
        panes = (self._story, self._posts) if self.pane == "story" else (self._posts, self._story)
        self._prepare(chain.from_iterable(pane.ahead() for pane in panes))
        at = self._posts.cursor + 1
        if at < len(self._posts.rows):
            story_id = self._posts.rows[at].id
            if self._next is not None and self._next[0].headline.id == story_id:
                self._prepare(self._next_story())
            else:
                self._read_next(story_id)

    @work(thread=True, group="ahead", exclusive=True, exit_on_error=False)
    def _read_next(self, story_id: int) -> None:
        """Read the story below the cursor."""
        worker = get_current_worker()
        try:
            saved = self._listings.story(story_id)
            place = self._listings.library.position(story_id)
        except BPostError:  # told once the reader goes there
            return
        if not worker.is_cancelled:
            self.app.call_from_thread(self._have_next, saved, place.item if place else 0)

    def _have_next(self, saved: SavedStory, item: int) -> None:
        self._next = saved, item
        if self._pieces is not None:
            self._prepare(self._next_story())

    def _next_story(self) -> Iterator[None]:
        if self._next is not None:
            saved, item = self._next
            items = self.plain_items(saved)
            yield
            yield from self._story.prepare(items, item if item < len(items) else 0)

    def _prepare(self, pieces: Iterator[None]) -> None:
        self._pieces = chain(self._pieces or (), pieces)
        if self._piece_timer is not None:
            self._piece_timer.resume()

    def _go_on(self) -> None:
        """Do as many pieces as nobody notices."""
        until = perf_counter() + _PIECE_S
        for _ in self._pieces or ():
            if perf_counter() > until:
                return
        if self._piece_timer is not None:
            self._piece_timer.pause()
        if self._rest_timer is not None:
            self._rest_timer.stop()
        self._rest_timer = self.set_timer(_RESTS_LONG_S, self._collect)

    def _collect(self) -> None:
        """Look for rubbish while nobody waits, so that Python seldom does in the middle of a key."""
        if gc.get_count()[2] >= _DUE:
            gc.collect()
