"""Look-ahead: prepares the next page and the next story while no key is pressed.

The obvious way typesets a page when its key comes. Typesetting, drawing and encoding a page takes longer than a key should. The
next obvious way prepares it in a thread. But a surface (a picture of typeset text) and its encoder may be used by only one thread,
and Python's threads would share their processor time with the keys.

So the next page is prepared on the event loop, 30 ms after the last frame, in pieces of 1 ms. A key interrupts this work, and waits
for one piece at most. Prepared pages are cached like all other pages. No code checks whether a page was prepared, and no page is
shown before the reader presses the key for it. We prepare one page and one story, not more: after any key, the next page and the
next story are others.

Once all is prepared, and nothing was painted for 200 ms, garbage is collected. Python would collect it while a key is handled, and
a full collection takes 50 ms after some hundred stories.
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
"""Time in seconds without a drawn frame after which the next pages are prepared.

The frames that one key press causes follow each other in less time.
"""
_BETWEEN_S = 0.002
_PIECE_S = 0.001
"""Time in seconds after which the preparation of pages pauses for other work."""
_RESTS_LONG_S = 0.2
_DUE = 5
"""Number of collections of Python's middle generation after which a full garbage collection is due.

`gc.get_count()[2]` counts them. A full collection takes 50 ms after some hundred stories.
"""


class LookAhead:
    """Prepares pages in small pieces of work, so that a key can interrupt it.

    Args:
        page: Returns the page of a story, without highlighted words.
    """

    def __init__(self, context: ScreenContext, page: Callable[[SavedStory], tuple[Item, ...]]) -> None:
        self._context = context
        self._page = page
        self.pieces: Iterator[None] | None = None
        """Remaining work on pages, one piece in each iteration; None from an interruption until the next start."""
        self.next: tuple[SavedStory, int] | None = None
        """Story read ahead for the row below the cursor, and the index of the item (paragraph …) to show first; None before any is
        read."""
        self._rest_timer: Timer | None = None
        self._piece_timer: Timer | None = None

    def begin(self) -> None:
        """Create the timer that prepares pages piece by piece, paused at first. The screen must be mounted already."""
        self._piece_timer = self._context.screen.set_interval(_BETWEEN_S, self._prepare_next_piece, pause=True)

    def pause(self) -> None:
        """Stop preparing pages, because a key is being handled or a frame was painted."""
        self.pieces = None
        if self._piece_timer is not None:
            self._piece_timer.pause()
        if self._rest_timer is not None:
            self._rest_timer.stop()

    def painted(self) -> None:
        """Start to prepare the next page and the next story once nothing has been painted for 30 ms."""
        self.pause()
        self._rest_timer = self._context.screen.set_timer(_RESTS_S, self._look_ahead)

    def _look_ahead(self) -> None:
        """Prepare the next page of each pane, beginning with the current pane, and then the next story."""
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
        except BPostError:  # shown when the reader goes there
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
        """Prepare pages for 1 ms; when all are prepared, start the timer for collecting garbage."""
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
        """Collect garbage if a full collection is due, then return free memory to the system. Runs while no key waits."""
        if gc.get_count()[2] >= _DUE:
            gc.collect()
        self._context.run_worker(partial(to_thread, return_free_memory), group="memory")


def return_free_memory() -> None:
    """Return freed memory to the system, if the C library is glibc; this takes 1 or 2 ms in a thread.

    Each thread that reads the library has a heap of its own, and glibc keeps freed memory in all these heaps (malloc_trim(3)).
    After some hundred stories, this function returns 8 MB.
    """
    if not sys.platform.startswith("linux"):
        return
    import ctypes  # 7 ms

    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
    if trim is not None:
        trim(0)
