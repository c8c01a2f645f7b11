"""Cache of the last pages that a story view has typeset. Long pages are typeset in a thread, so that the screen doesn't freeze.

A typeset page is called a galley: a column of lines.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Hashable, Sequence

from bpost_tui.typesetting.textual.renderer import Renderer
from bpost_tui.typesetting.typeset.items import Item, Para
from bpost_tui.typesetting.typeset.protocols import Galley

_MIN_GALLEYS, _MAX_GALLEYS = 3, 12
"""Minimum and maximum number of pages kept. The minimum is the story on the screen, the story before it and the next story.

The obvious way is to keep only these three. But a page that is typeset again has new drawings, which the terminal lacks: in kitty,
going back to an earlier story took 26 kB. The drawings of a kept page are in the terminal already, and going back takes 5 kB.
"""
_MAX_ROWS = 2_000
"""Maximum number of rows of cells of all kept pages together; the last three pages are kept even if they have more.

Twelve usual stories have about 1,000.
"""
_LONG_CHARS = 30_000
"""Maximum number of characters of a short page. Typesetting more takes over 50 ms, the limit for reacting to a pressed key.

The longest known story has 120,000 characters.
"""


def is_long(items: Sequence[Item]) -> bool:
    """Return whether a page of `items` (paragraphs …) is too long to be typeset without freezing the screen."""
    return sum(len(run.text) for item in items if isinstance(item, Para) for run in item.runs) > _LONG_CHARS


class GalleyCache:
    """Typesets pages, and keeps the last few, so that a page with the same items (paragraphs …), width and type is reused."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer
        self._galleys: OrderedDict[Hashable, Galley] = OrderedDict()
        self._pending: dict[Hashable, asyncio.Future[Galley]] = {}

    def is_at_hand(self, items: tuple[Item, ...], cols: int) -> bool:
        """Return whether the page of `items` (paragraphs …), `cols` cells wide, is in the cache or short enough to typeset now."""
        return (items, cols, self._renderer.version) in self._galleys or not is_long(items)

    def galley(self, items: tuple[Item, ...], cols: int) -> Galley:
        """Return the typeset page of `items` (paragraphs …), `cols` cells wide, from the cache, or typeset it now."""
        key = items, cols, self._renderer.version
        return self._store(key, self._galleys.get(key) or self._renderer.set(items, cols))

    async def prepare(self, items: tuple[Item, ...], cols: int) -> None:
        """Typeset a long page of `items` (paragraphs …), `cols` cells wide, in a thread, and keep the result in the cache.

        Do nothing if the page is short, or is in the cache already. If a call is cancelled, the thread goes on, and the next call
        for the same page waits for it.
        """
        key = items, cols, self._renderer.version
        if self.is_at_hand(items, cols):
            return
        if key not in self._pending:
            self._pending = {key: asyncio.ensure_future(asyncio.to_thread(self._renderer.typesetter.galley, items, cols))}
        self._store(key, await asyncio.shield(self._pending[key]))
        self._pending.pop(key, None)

    def _store(self, key: Hashable, galley: Galley) -> Galley:
        self._galleys[key] = galley
        self._galleys.move_to_end(key)
        while len(self._galleys) > _MAX_GALLEYS or (len(self._galleys) > _MIN_GALLEYS and self._rows > _MAX_ROWS):
            self._galleys.popitem(last=False)
        return galley

    @property
    def _rows(self) -> int:
        return sum(galley.rows for galley in self._galleys.values())
