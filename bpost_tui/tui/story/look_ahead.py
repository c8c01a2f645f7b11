"""What the next key is likely to show, prepared while nothing else is to be done: the next page, the next story.

It is done on the app's own thread, in pieces, since neither surfaces nor encoders may be used by two; a key waits for one piece at
most. Nothing of it is shown: a key finds it made, or makes it.
"""

from __future__ import annotations

import gc
import sys
from asyncio import to_thread
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from time import perf_counter

from textual.timer import Timer

from bpost_tui.errors import BPostError
from bpost_tui.model.story import RowKey, SavedStory
from bpost_tui.tui.shared.screen_context import ScreenContext
from bpost_tui.typesetting.typeset.items import Item

_RESTS_S = 0.03
"""The reader's hand rests, and nothing was painted for so long: what belongs to one key comes closer together."""
_BETWEEN_S = 0.002
_PIECE_S = 0.001
"""After so long, whatever waits has its turn."""
_RESTS_LONG_S = 0.2
_DUE = 5
"""Collections of young rubbish after which it is worth looking for all of it: 50 ms once some hundred stories were seen."""


class LookAhead:
    """Prepares pages; it works while the screen is shown.

    Args:
        page: Sets a story without marks.
    """

    def __init__(self, context: ScreenContext, page: Callable[[SavedStory], tuple[Item, ...]]) -> None:
        self._context = context
        self._page = page
        self.pieces: Iterator[None] | None = None
        """What is left to prepare; None while a key is answered."""
        self.next: tuple[SavedStory, int] | None = None
        """The story that is below the cursor, and the item at which it opens."""
        self._rest_timer: Timer | None = None
        self._piece_timer: Timer | None = None

    def begin(self) -> None:
        """Be ready to prepare."""
        self._piece_timer = self._context.screen.set_interval(_BETWEEN_S, self._prepare_next_piece, pause=True)

    def pause(self) -> None:
        """Prepare nothing: a key is answered."""
        self.pieces = None
        if self._piece_timer is not None:
            self._piece_timer.pause()
        if self._rest_timer is not None:
            self._rest_timer.stop()

    def painted(self) -> None:
        """Once nothing is painted for a while, prepare what may be next."""
        self.pause()
        self._rest_timer = self._context.screen.set_timer(_RESTS_S, self._look_ahead)

    def _look_ahead(self) -> None:
        """Prepare what may be next, first what the pane one is in would show."""
        if not self._context.screen.is_current or not self._context.screen.is_painting:
            return
        panes = (
            (self._context.view, self._context.posts)
            if self._context.panes.current == "story"
            else (self._context.posts, self._context.view)
        )
        self._prepare(chain.from_iterable(pane.prepare_next_page() for pane in panes))
        at = self._context.posts.cursor + 1
        if at < len(self._context.posts.rows):
            key = self._context.posts.rows[at].key
            if self.next is not None and self.next[0].key == key:
                self._prepare(self._next_story())
            else:
                self._context.run_worker(partial(self._read_next, key), group="look_ahead", exclusive=True)

    async def _read_next(self, key: RowKey) -> None:
        try:
            self.next = await to_thread(self._context.listings.story_and_item, key)
        except BPostError:  # shown once the reader goes there
            return
        if self.pieces is not None:
            self._prepare(self._next_story())

    def _next_story(self) -> Iterator[None]:
        if self.next is not None:
            saved, item = self.next
            items = self._page(saved)
            yield
            yield from self._context.view.prepare(items, item if item < len(items) else 0)

    def _prepare(self, pieces: Iterator[None]) -> None:
        self.pieces = chain(self.pieces or (), pieces)
        if self._piece_timer is not None:
            self._piece_timer.resume()

    def _prepare_next_piece(self) -> None:
        """Do as many pieces as nobody notices."""
        until = perf_counter() + _PIECE_S
        for _ in self.pieces or ():
            if perf_counter() > until:
                return
        if self._piece_timer is not None:
            self._piece_timer.pause()
        if self._rest_timer is not None:
            self._rest_timer.stop()
        self._rest_timer = self._context.screen.set_timer(_RESTS_LONG_S, self._collect_garbage)

    def _collect_garbage(self) -> None:
        """Look for rubbish while nobody waits, so that Python seldom does in the middle of a key; then give back what is free."""
        if gc.get_count()[2] >= _DUE:
            gc.collect()
        self._context.run_worker(partial(to_thread, return_free_memory), group="memory")


def return_free_memory() -> None:
    """Return what the C library holds free to the system, where it is glibc; it takes a thread 1 or 2 ms.

    Each thread that reads the library has a heap of its own, and glibc keeps what was freed in all of them: 8 MB after some
    hundred stories (malloc_trim(3)).
    """
    if not sys.platform.startswith("linux"):
        return
    import ctypes  # 7 ms

    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
    if trim is not None:
        trim(0)
